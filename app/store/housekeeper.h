// A backup a day, and the end of what was deleted: asked for soon after the start and once an hour, done on a
// thread of its own when it is due.
#pragma once

#include <QObject>
#include <QTimer>
#include <chrono>

#include "app/threads/work_thread.h"
#include "engine/base/error.h"
#include "storage/maintenance.h"
#include "storage/store.h"

namespace pellucid::app {

class Housekeeper : public QObject {
    Q_OBJECT

public:
    /// When it looks whether something is due; what is due is `plan`, by the store's own clock.
    struct Times {
        std::chrono::milliseconds first = std::chrono::seconds(20);  ///< the start belongs to the person
        std::chrono::milliseconds again = std::chrono::hours(1);
    };

    /// `store` must outlive this object.
    Housekeeper(storage::Store& store, Times times, const storage::MaintenancePlan& plan,
                QObject* parent = nullptr);

signals:
    void done(int purgedConversations, const QString& backup);
    /// Once for a failure of the same kind, however often it is tried again.
    void failed(const pellucid::Error& error);

private:
    void look();

    storage::Store& store_;
    storage::MaintenancePlan plan_;
    QTimer timer_;
    std::chrono::milliseconds again_;
    std::optional<ErrorCode> told_;
    WorkThread thread_;  // last: ends before what its work uses
};

}  // namespace pellucid::app
