// One toast at a time: a sentence and at most one action. Errors stay until dismissed.
#pragma once

#include <QList>
#include <QObject>
#include <QQmlEngine>
#include <QTimer>
#include <functional>

namespace pellucid::app {

class ToastQueue : public QObject {
    Q_OBJECT
    QML_NAMED_ELEMENT(ToastQueue)
    QML_UNCREATABLE("Made by the app")
    Q_PROPERTY(bool visible READ visible NOTIFY changed)
    Q_PROPERTY(QString text READ text NOTIFY changed)
    Q_PROPERTY(QString actionLabel READ actionLabel NOTIFY changed)  ///< empty: no action
    Q_PROPERTY(QString actionId READ actionId NOTIFY changed)
    Q_PROPERTY(bool error READ error NOTIFY changed)  ///< stays until dismissed
    /// Set by the view while hovered or focused: the clock stands still.
    Q_PROPERTY(bool held READ held WRITE setHeld NOTIFY heldChanged)

public:
    explicit ToastQueue(QObject* parent = nullptr);
    ~ToastQueue() override;

    bool visible() const { return !toasts_.isEmpty(); }
    QString text() const { return visible() ? toasts_.first().text : QString(); }
    QString actionLabel() const { return visible() ? toasts_.first().actionLabel : QString(); }
    QString actionId() const { return visible() ? toasts_.first().actionId : QString(); }
    bool error() const { return visible() && toasts_.first().error; }
    bool held() const { return held_; }
    void setHeld(bool held);

    Q_INVOKABLE void dismiss();
    /// Runs the action of the shown toast and dismisses it.
    Q_INVOKABLE void act();

    struct Toast {
        QString text, actionLabel, actionId;
        bool error = false;
        std::function<void()> action;
        std::function<void()> gone;  ///< left without its action
    };
    void show(Toast toast);
    void say(const QString& text) { show({.text = text}); }
    void sayError(const QString& what, const QString& hint);
    /// 6 s; tests shorten it.
    void setDuration(int milliseconds) { timer_.setInterval(milliseconds); }

signals:
    void changed();
    void heldChanged();

private:
    void next();

    QList<Toast> toasts_;
    QTimer timer_;
    bool held_ = false;
};

}  // namespace pellucid::app
