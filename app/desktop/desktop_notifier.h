// Tells the desktop that something is done, for a person who looks elsewhere.
#pragma once

#include <QDBusConnection>
#include <QObject>
#include <QString>

namespace pellucid::app {

/// org.freedesktop.Notifications (specifications.freedesktop.org/notification-spec, 1.2) over the session
/// bus. Nothing here waits; without a server nothing happens. A click brings the window to the front
/// (activated).
class DesktopNotifier : public QObject {
    Q_OBJECT

public:
    explicit DesktopNotifier(QObject* parent = nullptr);

    /// Speaks to the server on `bus`. Call once.
    void use(const QDBusConnection& bus);
    /// The person's bus where there is one; false, and nothing is started for it, where there is none.
    bool useSession();

    /// One notice; the next takes the place of the last that was not closed. `action`: the word for the
    /// click.
    void tell(const QString& title, const QString& text, const QString& action);

signals:
    void activated();

private slots:
    void actionInvoked(uint id, const QString& action);
    void notificationClosed(uint id, uint reason);

private:
    QString bus_;
    uint last_ = 0;  // of the server; 0: none is shown
};

}  // namespace pellucid::app
