// The one SQLite file behind everything stored: opened, checked, migrated, locked against a second copy,
// backed up.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "storage/error.h"

namespace pellucid::storage {

class Connection;

/// Milliseconds since 1970-01-01 UTC. Every time in this room is one.
using Millis = std::int64_t;

/// A whole copy of the database file, made before a migration or on request.
struct Backup {
    std::filesystem::path path;
    int schema_version = 0;  ///< schema that the copy holds
    Millis created_at = 0;
    std::uint64_t bytes = 0;
};

struct DatabaseOptions {
    /// The file; its folder is made when missing. Beside it live FILE-wal, FILE-shm (SQLite's), FILE.lock
    /// (who has it open), FILE.tokens (the token journal) and the folder FILE.backups.
    std::filesystem::path path;
    /// Older ones are removed after a new one is safely written; the newest of each schema stays besides.
    int backups_kept = 5;
    std::int64_t max_pages = 0;     ///< 0: no limit; otherwise a full disk for tests and quotas
    std::function<Millis()> clock;  ///< empty: the system's clock
    /// Only looks: takes no lock, changes no file, may stand beside a copy that writes. Every write is then
    /// refused with read_only.
    bool read_only = false;
};

/// One open database, thread safe. WAL mode, foreign keys on, synchronous=NORMAL: a committed write survives
/// the death of the process at once, and the death of the machine from the next make_durable() (the
/// StorageThread calls it within a second of a write). Readers never wait for the writer.
class Database {
    struct State;

public:
    /// Locks, opens, checks after an unclean stop, backs up and migrates.
    /// busy: another copy has it open (its process id in `what`). read_only: no right to write there.
    /// no_space. corrupt: nothing is changed or deleted; the hint names the newest backup, restore() opens
    /// it. unsupported: the file comes from a newer version, or, where it may only be read, from an older.
    static Result<std::unique_ptr<Database>> open(DatabaseOptions options);
    /// Closes cleanly; the next open() need not check the file.
    ~Database();
    Database(const Database&) = delete;
    Database& operator=(const Database&) = delete;

    const std::filesystem::path& path() const;
    int schema_version() const;
    bool read_only() const;
    /// The schema this build writes.
    static int latest_schema();
    /// The last process did not close the file; it was checked and is whole.
    bool recovered_from_unclean_stop() const;
    Millis now() const;

    /// What was committed so far survives a loss of power. Waits for the disk: not for the GUI thread.
    Result<void> make_durable();
    /// Moves the write-ahead log into the file. Waits for the disk.
    Result<void> checkpoint();
    /// Every page and index checked; corrupt with SQLite's first findings. Seconds on a large file.
    Result<void> check_integrity();
    /// A copy now, next to the others.
    Result<Backup> backup();

    /// Backups of the database at `path`, newest first. Does not open the database.
    static std::vector<Backup> backups(const std::filesystem::path& path);
    /// Puts a backup in the place of a broken database; the broken files are kept beside it, renamed with
    /// ".broken-TIME". busy while any copy has the database open. Returns where the broken file went.
    static Result<std::filesystem::path> restore(const std::filesystem::path& path, const Backup& backup);

    // ---- for this room's repositories ----

    /// A connection held until destroyed. Readers see the last commit; there are as many as callers.
    class Lease {
    public:
        Lease(State& owner, std::unique_ptr<Connection> connection, bool writer);
        Lease(Lease&&) noexcept;
        ~Lease();
        Connection& operator*() const { return *connection_; }

    private:
        State* owner_;
        std::unique_ptr<Connection> connection_;
        bool writer_;
    };
    Lease read();
    /// One at a time: waits for the writer before. Throws Refusal where the database may only be read.
    Lease write();
    /// Set by every write lease, cleared by make_durable().
    bool has_undurable_writes() const;

private:
    explicit Database(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

}  // namespace pellucid::storage
