// What a store needs from time to time: a backup a day, and the end of what was deleted.
#pragma once

#include <optional>

#include "storage/conversations.h"

namespace pellucid::storage {

struct MaintenancePlan {
    /// A backup is due when the newest is older than this and something was written since.
    Millis backup_every = 24 * 3600 * Millis{1000};
    /// Deleted conversations and branches can be brought back for this long; then they are erased. Copies of
    /// them leave with the backups, DatabaseOptions::backups_kept days later.
    Millis undo_time = 24 * 3600 * Millis{1000};
};

struct MaintenanceReport {
    std::optional<Backup> backup;  ///< the one that was written now
    int purged = 0;                ///< conversations
};

/// Does what is due at database.now(). Waits for the disk: on a thread of its own, so that no stream waits.
/// The backup comes first: what it cannot keep (no_space, read_only, io) is not erased either.
Result<MaintenanceReport> maintain(Database& database, Conversations& conversations,
                                   const MaintenancePlan& plan = {});

}  // namespace pellucid::storage
