// What the QML tests are given as `bench`: a whole app on a scripted engine, made anew for each test.
#pragma once

#include <QAbstractItemModel>
#include <QObject>
#include <QQmlEngine>
#include <memory>

#include "tests/ui/kit/ui_bench.h"

namespace pellucid::ui {

class QuickBench : public QObject {
    Q_OBJECT

public:
    explicit QuickBench(QObject *parent = nullptr) : QObject(parent) {}

    /// A new app with one model, loaded. Replies are {thought, answer, speed}; a speed over 0 lets the reply stand until
    /// advance() moves its clock.
    Q_INVOKABLE pellucid::app::AppContext *fresh(const QVariantList &replies);
    /// The same without a model; `starter`: one lies ready to be put in place.
    Q_INVOKABLE pellucid::app::AppContext *bare(bool starter);
    Q_INVOKABLE void advance(int milliseconds);
    Q_INVOKABLE QString clipboard() const;
    /// First visible item that a screen reader would call `name`, below `root`; null for none.
    Q_INVOKABLE QQuickItem *called(const QString &name, QQuickItem *root) const;
    /// What a row of a list says under the name that its delegate binds to.
    Q_INVOKABLE QVariant value(QAbstractItemModel *model, int row, const QString &role) const;
    /// The app goes before the next one, after the views that showed it.
    Q_INVOKABLE void drop();

private:
    std::unique_ptr<UiBench> bench_;
};

}  // namespace pellucid::ui
