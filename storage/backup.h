// Whole copies of the database file: written safely, listed, put back.
#pragma once

#include "storage/connection.h"

namespace pellucid::storage {

/// Copies what `connection` sees into FILE.backups/vSCHEMA-TIME.db: written under another name, synced, then
/// renamed, so that a file with that name is whole. Removes the oldest beyond `kept`; the newest copy of each
/// schema stays.
Result<Backup> write_backup(Connection& connection, const std::filesystem::path& path, int schema, Millis now,
                            int kept);
/// Newest first.
std::vector<Backup> list_backups(const std::filesystem::path& path);
/// PRECONDITION: the caller holds the lock. Returns where the broken file went (empty: there was none).
Result<std::filesystem::path> restore_backup(const std::filesystem::path& path, const Backup& backup,
                                             Millis now);

}  // namespace pellucid::storage
