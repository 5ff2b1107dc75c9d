#include "storage/maintenance.h"

#include "storage/connection.h"

namespace pellucid::storage {
namespace {

constexpr const char* kLastWrite = "SELECT value FROM meta WHERE key = 'durable_at'";

/// make_durable() marks every run of writes with a text of its own, and a copy holds the mark of its time.
Result<bool> changed_since(Database& database, const Backup& backup) {
    STORAGE_CHECK(database.make_durable());
    STORAGE_TRY(const std::string here, reading(database, [](Connection& connection) -> std::string {
                    auto query = connection.query(kLastWrite);
                    return query.step() ? query.text(0) : std::string();
                }));
    try {
        SQLite::Database copy(backup.path.string(), SQLite::OPEN_READONLY);
        SQLite::Statement query(copy, kLastWrite);
        return (query.executeStep() ? query.getColumn(0).getString() : std::string()) != here;
    } catch (const SQLite::Exception&) {
        return true;  // a copy that cannot be read is none
    }
}

}  // namespace

Result<MaintenanceReport> maintain(Database& database, Conversations& conversations,
                                   const MaintenancePlan& plan) {
    MaintenanceReport report;
    const Millis now = database.now();
    const auto backups = Database::backups(database.path());
    bool due = backups.empty() || backups.front().created_at <= now - plan.backup_every;
    // A clock that was set back must not stop the backups.
    if (!backups.empty() && backups.front().created_at > now + plan.backup_every) due = true;
    if (due && !backups.empty()) {
        STORAGE_TRY(due, changed_since(database, backups.front()));
    }
    if (due) {
        STORAGE_CHECK(database.make_durable());
        STORAGE_TRY(report.backup, database.backup());
    }
    STORAGE_TRY(report.purged, conversations.purge(now - plan.undo_time));
    return report;
}

}  // namespace pellucid::storage
