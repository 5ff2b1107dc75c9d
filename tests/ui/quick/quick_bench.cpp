#include "tests/ui/quick/quick_bench.h"

#include <QClipboard>
#include <QGuiApplication>


namespace pellucid::ui {

app::AppContext *QuickBench::fresh(const QVariantList &replies) {
    std::vector<MockReplyScript> said;
    for (const QVariant &one : replies) {
        const QVariantMap reply = one.toMap();
        said.push_back(say(reply["thought"].toString().toUtf8().constData(), reply["answer"].toString().toUtf8().constData()));
        said.back().tokens_per_second = reply["speed"].toDouble();
    }
    drop();
    bench_ = std::make_unique<UiBench>(script(std::move(said)), QSize(1000, 700), std::make_shared<ManualMockClock>());
    app::AppContext *app = &bench_->workspace->context();
    QQmlEngine::setObjectOwnership(app, QQmlEngine::CppOwnership);
    return bench_->load() ? app : nullptr;
}

app::AppContext *QuickBench::bare(bool starter) {
    drop();
    bench_ = std::make_unique<UiBench>(script({}), QSize(1000, 700), std::make_shared<ManualMockClock>(), nullptr, starter);
    bench_->workspace->start();
    app::AppContext *app = &bench_->workspace->context();
    QQmlEngine::setObjectOwnership(app, QQmlEngine::CppOwnership);
    return app;
}

void QuickBench::advance(int milliseconds) {
    if (bench_) bench_->clock->advance(std::chrono::milliseconds(milliseconds));
}

QString QuickBench::clipboard() const { return QGuiApplication::clipboard()->text(); }

QQuickItem *QuickBench::called(const QString &name, QQuickItem *root) const {
    return bench_ ? bench_->called(name, root) : nullptr;
}

QVariant QuickBench::value(QAbstractItemModel *model, int row, const QString &role) const {
    return model->data(model->index(row, 0), model->roleNames().key(role.toUtf8(), -1));
}

void QuickBench::drop() { bench_.reset(); }

}  // namespace pellucid::ui
