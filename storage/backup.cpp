#include "storage/backup.h"

#include <SQLiteCpp/Backup.h>
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <set>

namespace pellucid::storage {
namespace fs = std::filesystem;
namespace {

fs::path with_suffix(const fs::path& path, const std::string& suffix) {
    fs::path result = path;
    result += suffix;
    return result;
}

/// The bytes of a file, or the names in a folder, have reached the disk.
Result<void> sync_path(const fs::path& path) {
    const int descriptor = open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (descriptor < 0) return fail(error_of_errno(errno, path, "could not open"));
    const int status = fsync(descriptor);
    const int number = errno;
    close(descriptor);
    if (status != 0) return fail(error_of_errno(number, path, "could not write"));
    return {};
}

/// "v2-1763800000000.db"
std::optional<Backup> parse_name(const fs::path& path) {
    const std::string name = path.filename().string();
    if (!name.starts_with("v") || !name.ends_with(".db")) return {};
    Backup backup;
    backup.path = path;
    const char* end = name.data() + name.size() - 3;
    const auto [dash, wrong] = std::from_chars(name.data() + 1, end, backup.schema_version);
    if (wrong != std::errc() || dash == end || *dash != '-') return {};
    const auto [stop, wrong_time] = std::from_chars(dash + 1, end, backup.created_at);
    if (wrong_time != std::errc() || stop != end) return {};
    std::error_code trouble;
    backup.bytes = fs::file_size(path, trouble);
    if (trouble) return {};
    return backup;
}

Result<void> copy_file_durably(const fs::path& from, const fs::path& to) {
    std::error_code trouble;
    fs::copy_file(from, to, fs::copy_options::overwrite_existing, trouble);
    if (trouble) return fail(error_of_errno(trouble.value(), to, "could not write"));
    return sync_path(to);
}

}  // namespace

std::vector<Backup> list_backups(const fs::path& path) {
    std::vector<Backup> found;
    std::error_code trouble;
    for (fs::directory_iterator entry(with_suffix(fs::absolute(path), ".backups"), trouble), end;
         !trouble && entry != end; entry.increment(trouble))
        if (auto backup = parse_name(entry->path())) found.push_back(*backup);
    std::sort(found.begin(), found.end(), [](const Backup& a, const Backup& b) {
        return std::pair(a.created_at, a.schema_version) > std::pair(b.created_at, b.schema_version);
    });
    return found;
}

Result<Backup> write_backup(Connection& connection, const fs::path& path, int schema, Millis now, int kept) {
    const fs::path folder = with_suffix(path, ".backups");
    std::error_code trouble;
    fs::create_directories(folder, trouble);
    if (trouble) return fail(error_of_errno(trouble.value(), folder, "could not make the folder"));
    fs::path target = folder / ("v" + std::to_string(schema) + "-" + std::to_string(now) + ".db");
    while (fs::exists(target))
        target = folder / ("v" + std::to_string(schema) + "-" + std::to_string(++now) + ".db");
    const fs::path partial = with_suffix(target, ".part");
    fs::remove(partial, trouble);
    try {
        SQLite::Database copy(partial.string(), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
        copy.exec("PRAGMA synchronous = 0; PRAGMA journal_mode = OFF");  // synced as a whole below
        SQLite::Backup backup(copy, connection.raw());
        backup.executeStep(-1);
    } catch (const SQLite::Exception& exception) {
        fs::remove(partial, trouble);
        return fail(error_of(exception, partial, nullptr));
    }
    if (auto synced = sync_path(partial); !synced) {
        fs::remove(partial, trouble);
        return synced.failure();
    }
    fs::rename(partial, target, trouble);
    if (trouble) return fail(error_of_errno(trouble.value(), target, "could not write"));
    STORAGE_CHECK(sync_path(folder));
    // The daily ones must not push out the copy made before a migration.
    const auto all = list_backups(path);
    std::set<int> schemas;
    for (std::size_t i = 0; i < all.size(); ++i) {
        const bool newest_of_its_schema = schemas.insert(all[i].schema_version).second;
        if (i >= static_cast<std::size_t>(std::max(1, kept)) && !newest_of_its_schema)
            fs::remove(all[i].path, trouble);
    }
    return Backup{target, schema, now, fs::file_size(target, trouble)};
}

Result<fs::path> restore_backup(const fs::path& path, const Backup& backup, Millis now) {
    if (!fs::exists(backup.path))
        return fail(ErrorCode::not_found, "There is no backup " + backup.path.string(),
                    "Choose another one.");
    const std::string mark = ".broken-" + std::to_string(now);
    // The copy is whole and on the disk before anything is moved.
    const fs::path fresh = with_suffix(path, ".restored");
    STORAGE_CHECK(copy_file_durably(backup.path, fresh));
    fs::path broken;
    for (const char* suffix : {"", "-wal", "-shm"}) {
        const fs::path old = with_suffix(path, suffix);
        std::error_code trouble;
        if (!fs::exists(old)) continue;
        // The log keeps its name's relation to the file, so that SQLite can still read both.
        const fs::path aside = with_suffix(path, mark + suffix);
        fs::rename(old, aside, trouble);
        if (trouble) return fail(error_of_errno(trouble.value(), old, "could not rename"));
        if (*suffix == '\0') broken = aside;
    }
    std::error_code trouble;
    fs::rename(fresh, path, trouble);
    if (trouble) return fail(error_of_errno(trouble.value(), path, "could not write"));
    STORAGE_CHECK(sync_path(path.parent_path().empty() ? fs::path(".") : path.parent_path()));
    return broken;
}

}  // namespace pellucid::storage
