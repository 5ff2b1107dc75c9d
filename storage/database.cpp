#include "storage/database.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <atomic>
#include <cerrno>
#include <chrono>
#include <mutex>

#include "storage/backup.h"
#include "storage/connection.h"
#include "storage/file_lock.h"
#include "storage/migrations.h"
#include "storage/passage_index.h"
#include "storage/search_index.h"

namespace pellucid::storage {
namespace {

/// "PELL": tells our file from any other SQLite database.
constexpr int kApplicationId = 0x50454c4c;

Millis system_now() {
    using namespace std::chrono;
    return duration_cast<milliseconds>(system_clock::now().time_since_epoch()).count();
}

std::filesystem::path beside(const std::filesystem::path& path, const char* suffix) {
    auto result = path;
    result += suffix;
    return result;
}

int pragma_value(Connection& connection, const char* name) {
    return connection.raw().execAndGet(std::string("PRAGMA ") + name).getInt();
}

/// The newest backup belongs into every hint about a damaged file.
Error with_backup_hint(Error error, const std::filesystem::path& path) {
    if (error.code != ErrorCode::corrupt) return error;
    const auto backups = Database::backups(path);
    error.hint = backups.empty()
                     ? "Nothing was deleted, and there is no backup yet. Move " + path.string() +
                           " aside to start empty, or try to recover it with: sqlite3 FILE .recover"
                     : "Nothing was deleted. The newest backup is " + backups.front().path.string() + ".";
    return error;
}

void check_pages(Connection& connection, const char* pragma, const std::filesystem::path& path) {
    std::string found;
    SQLite::Statement check(connection.raw(), pragma);
    while (check.executeStep()) {
        const std::string line = check.getColumn(0).getString();
        if (line == "ok") return;
        found += (found.empty() ? "" : "; ") + line;
    }
    refuse(ErrorCode::corrupt, "The database " + path.string() + " is damaged: " + found);
}

void migrate(Connection& connection, int from) {
    // Tables are made anew and copied in migrations; references are checked as a whole before the commit
    // instead.
    connection.exec("PRAGMA foreign_keys = 0");
    for (const auto& migration : migrations()) {
        if (migration.version <= from) continue;
        connection.exec("BEGIN IMMEDIATE");
        connection.exec(std::string(migration.sql).c_str());
        {
            SQLite::Statement broken(connection.raw(), "PRAGMA foreign_key_check");
            if (broken.executeStep())
                refuse(ErrorCode::internal, "migration " + std::string(migration.name) +
                                                " breaks a reference of table " +
                                                broken.getColumn(0).getString());
        }
        connection.exec(("PRAGMA user_version = " + std::to_string(migration.version)).c_str());
        connection.exec("COMMIT");
    }
    connection.exec("PRAGMA foreign_keys = 1");
}

/// Refuses what is not ours. Returns the file's schema; 0 for an empty file.
int checked_schema(Connection& connection, const std::filesystem::path& path) {
    const int version = pragma_value(connection, "user_version");
    const bool empty = connection.raw().execAndGet("SELECT count(*) FROM sqlite_schema").getInt() == 0;
    if (!empty && pragma_value(connection, "application_id") != kApplicationId)
        refuse(ErrorCode::unsupported, path.string() + " is a database of another program",
               "Choose another data folder with --data-dir.");
    if (version > Database::latest_schema())
        refuse(ErrorCode::unsupported,
               "The database " + path.string() + " was written by a newer Pellucid (schema " +
                   std::to_string(version) + ", this one knows " + std::to_string(Database::latest_schema()) +
                   ")",
               "Install the newer version again, or choose another data folder with --data-dir.");
    return empty ? 0 : version;
}

}  // namespace

struct Database::State {
    DatabaseOptions options;
    std::optional<FileLock> lock;
    bool unclean = false;
    int schema = 0;

    std::mutex writer_mutex;
    std::unique_ptr<Connection> writer;
    std::mutex pool_mutex;
    std::vector<std::unique_ptr<Connection>> readers;
    std::atomic<std::uint64_t> writes{0}, durable_writes{0};

    Result<void> open_and_migrate();
    Result<void> open_to_look();
};

Result<void> Database::State::open_to_look() {
    const auto& path = options.path;
    try {
        auto reader = std::make_unique<Connection>(path, Connection::Mode::onlooker, 0);
        schema = checked_schema(*reader, path);
        if (schema != latest_schema())
            refuse(ErrorCode::unsupported,
                   "The database " + path.string() + " was written by an older Pellucid (schema " +
                       std::to_string(schema) + ", this one reads " + std::to_string(latest_schema()) + ")",
                   "Open it once where it can be written: it is then brought up to date, with a backup.");
        readers.push_back(std::move(reader));
        return {};
    } catch (const SQLite::Exception& exception) {
        return fail(error_of(exception, path, nullptr));
    } catch (const Refusal& refusal) {
        return fail(refusal.error);
    }
}

Result<void> Database::State::open_and_migrate() {
    const auto& path = options.path;
    struct stat info {};
    const bool exists = stat(path.c_str(), &info) == 0 && info.st_size > 0;
    try {
        writer = std::make_unique<Connection>(path, Connection::Mode::writer, options.max_pages);
        sqlite3* handle = writer->raw().getHandle();
        if (sqlite3_db_readonly(handle, "main") == 1)
            return fail(error_of_errno(EACCES, path, "could not write"));
        const int version = checked_schema(*writer, path);
        const bool empty = version == 0;
        if (unclean && exists) check_pages(*writer, "PRAGMA quick_check(5)", path);
        writer->exec("PRAGMA journal_mode = WAL");
        if (empty) writer->exec(("PRAGMA application_id = " + std::to_string(kApplicationId)).c_str());
        // A folder that cannot be written shows itself here, not at the first message.
        writer->exec("BEGIN IMMEDIATE; COMMIT");
        if (!empty && version < latest_schema())
            STORAGE_CHECK(write_backup(*writer, path, version, options.clock(), options.backups_kept));
        if (version < latest_schema()) migrate(*writer, version);
        schema = latest_schema();
        if (!SearchIndex::is_current(*writer)) {
            writer->exec("BEGIN IMMEDIATE");
            SearchIndex(*writer).rebuild();
            writer->exec("COMMIT");
        }
        if (!PassageIndex::is_current(*writer)) {
            writer->exec("BEGIN IMMEDIATE");
            PassageIndex(*writer).rebuild();
            writer->exec("COMMIT");
        }
        return {};
    } catch (const SQLite::Exception& exception) {
        return fail(with_backup_hint(error_of(exception, path, writer.get()), path));
    } catch (const Refusal& refusal) {
        return fail(with_backup_hint(refusal.error, path));
    }
}

Result<std::unique_ptr<Database>> Database::open(DatabaseOptions options) {
    if (!options.clock) options.clock = system_now;
    options.path = std::filesystem::absolute(options.path);
    std::error_code trouble;
    if (!options.read_only) std::filesystem::create_directories(options.path.parent_path(), trouble);
    if (trouble)
        return fail(error_of_errno(trouble.value(), options.path.parent_path(), "could not make the folder"));
    auto state = std::make_unique<State>();
    state->options = std::move(options);
    if (state->options.read_only) {
        STORAGE_CHECK(state->open_to_look());
        return std::unique_ptr<Database>(new Database(std::move(state)));
    }
    STORAGE_TRY(FileLock lock, FileLock::take(beside(state->options.path, ".lock")));
    state->unclean = lock.previous_was_unclean();
    state->lock.emplace(std::move(lock));
    STORAGE_CHECK(state->open_and_migrate());
    return std::unique_ptr<Database>(new Database(std::move(state)));
}

Database::Database(std::unique_ptr<State> state) : state_(std::move(state)) {}

Database::~Database() {
    state_->readers.clear();
    // The last connection moves the write-ahead log into the file and removes it.
    state_->writer.reset();
    if (state_->lock) state_->lock->mark_clean();
}

const std::filesystem::path& Database::path() const {
    return state_->options.path;
}
int Database::schema_version() const {
    return state_->schema;
}
int Database::latest_schema() {
    return migrations().back().version;
}
bool Database::recovered_from_unclean_stop() const {
    return state_->unclean;
}
bool Database::read_only() const {
    return state_->options.read_only;
}
Millis Database::now() const {
    return state_->options.clock();
}
bool Database::has_undurable_writes() const {
    return state_->writes.load() != state_->durable_writes.load();
}

Result<void> Database::make_durable() {
    const auto seen = state_->writes.load();
    if (seen == state_->durable_writes.load()) return {};
    // A durable commit makes all that was committed before it durable: the log is one file, synced as a
    // whole. It has to change something, or nothing is written and nothing synced.
    STORAGE_CHECK(writing_durably(*this, [&](Connection& connection) {
        connection
            .query(
                "INSERT INTO meta (key, value) VALUES ('durable_at', ?1) "
                "ON CONFLICT (key) DO UPDATE SET value = excluded.value")
            .bind(std::to_string(now()) + "/" + std::to_string(seen))
            .run();
    }));
    state_->durable_writes.store(seen + 1);  // its own lease counted as one
    return {};
}

Result<void> Database::checkpoint() {
    try {
        auto lease = read();
        int log_frames = 0, moved = 0;
        const int status = sqlite3_wal_checkpoint_v2((*lease).raw().getHandle(), nullptr,
                                                     SQLITE_CHECKPOINT_PASSIVE, &log_frames, &moved);
        if (status != SQLITE_OK && status != SQLITE_BUSY)
            return fail(error_of(SQLite::Exception((*lease).raw().getHandle(), status), path(), &*lease));
        return {};
    } catch (const SQLite::Exception& exception) {
        return fail(error_of(exception, path(), nullptr));
    }
}

Result<void> Database::check_integrity() {
    auto result = reading(
        *this, [&](Connection& connection) { check_pages(connection, "PRAGMA integrity_check(5)", path()); });
    if (!result) return fail(with_backup_hint(result.error(), path()));
    return result;
}

Result<Backup> Database::backup() {
    try {
        auto lease = read();
        return write_backup(*lease, path(), schema_version(), now(), state_->options.backups_kept);
    } catch (const SQLite::Exception& exception) {
        return fail(error_of(exception, path(), nullptr));
    }
}

std::vector<Backup> Database::backups(const std::filesystem::path& path) {
    return list_backups(path);
}

Result<std::filesystem::path> Database::restore(const std::filesystem::path& path, const Backup& backup) {
    STORAGE_TRY(FileLock lock, FileLock::take(beside(path, ".lock")));
    STORAGE_TRY(auto broken, restore_backup(path, backup, system_now()));
    lock.mark_clean();
    return broken;
}

// ---- leases ----

Database::Lease::Lease(State& owner, std::unique_ptr<Connection> connection, bool writer)
    : owner_(&owner), connection_(std::move(connection)), writer_(writer) {}

Database::Lease::Lease(Lease&& other) noexcept
    : owner_(other.owner_), connection_(std::move(other.connection_)), writer_(other.writer_) {}

Database::Lease::~Lease() {
    if (!connection_) return;
    if (writer_) {
        owner_->writes.fetch_add(1);
        owner_->writer = std::move(connection_);
        owner_->writer_mutex.unlock();
        return;
    }
    std::lock_guard guard(owner_->pool_mutex);
    constexpr std::size_t kReadersKept = 8;
    if (owner_->readers.size() < kReadersKept) owner_->readers.push_back(std::move(connection_));
}

Database::Lease Database::read() {
    std::unique_ptr<Connection> connection;
    {
        std::lock_guard guard(state_->pool_mutex);
        if (!state_->readers.empty()) {
            connection = std::move(state_->readers.back());
            state_->readers.pop_back();
        }
    }
    if (!connection)
        connection = std::make_unique<Connection>(
            path(), read_only() ? Connection::Mode::onlooker : Connection::Mode::reader, 0);
    return Lease(*state_, std::move(connection), false);
}

Database::Lease Database::write() {
    if (read_only())
        refuse(ErrorCode::read_only, "The database " + path().string() + " is open for reading only",
               "Export what you want to keep.");
    state_->writer_mutex.lock();
    return Lease(*state_, std::move(state_->writer), true);
}

}  // namespace pellucid::storage
