#include "app/store/housekeeper.h"

#include "app/store/storage_store.h"

namespace pellucid::app {

Housekeeper::Housekeeper(storage::Store& store, Times times, const storage::MaintenancePlan& plan,
                         QObject* parent)
    : QObject(parent),
      store_(store),
      plan_(plan),
      again_(times.again),
      thread_(QStringLiteral("housekeeping")) {
    timer_.setSingleShot(true);
    connect(&timer_, &QTimer::timeout, this, &Housekeeper::look);
    timer_.start(times.first);
}

void Housekeeper::look() {
    thread_.run([this] { return storage::maintain(store_.database(), store_.conversations(), plan_); }, this,
                [this](storage::Result<storage::MaintenanceReport> report) {
                    timer_.start(again_);
                    if (!report) {
                        const Error error = fromStorage(report.error());
                        if (std::exchange(told_, error.code) != error.code) emit failed(error);
                        return;
                    }
                    told_.reset();
                    emit done(report->purged, report->backup
                                                  ? QString::fromStdString(report->backup->path.string())
                                                  : QString());
                });
}

}  // namespace pellucid::app

#include "moc_housekeeper.cpp"
