#include "storage/connection.h"

#include <cctype>
#include <cerrno>
#include <cstring>

#include "storage/search_tokenizer.h"

namespace pellucid::storage {
namespace {

constexpr int kBusyMilliseconds = 5000;

bool out_of_space(int number) {
    return number == ENOSPC || number == EDQUOT || number == EFBIG;
}
bool not_permitted(int number) {
    return number == EACCES || number == EPERM || number == EROFS;
}

const char* const kSpaceHint = "Free some space on that disk and try again; nothing that was saved is lost.";
const char* const kPermissionHint =
    "Make the folder and its files writable for you, or choose another data folder with --data-dir.";

/// "file:/home/a%20b/pellucid.db?immutable=1"
std::string immutable_uri(const std::filesystem::path& path) {
    std::string uri = "file:";
    for (const char c : path.string()) {
        const bool plain =
            std::isalnum(static_cast<unsigned char>(c)) || c == '/' || c == '.' || c == '-' || c == '_';
        if (plain) {
            uri += c;
            continue;
        }
        constexpr const char* kHex = "0123456789ABCDEF";
        const auto byte = static_cast<unsigned char>(c);
        uri += {'%', kHex[byte >> 4], kHex[byte & 15]};
    }
    return uri + "?immutable=1";
}

SQLite::Database opened(const std::filesystem::path& path, Connection::Mode mode) {
    constexpr int kLook = SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX;
    if (mode != Connection::Mode::onlooker)
        return {path.string(),
                SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX |
                    (mode == Connection::Mode::writer ? SQLITE_OPEN_CREATE : 0),
                kBusyMilliseconds};
    try {
        SQLite::Database shared(path.string(), kLook, kBusyMilliseconds);
        shared.execAndGet("SELECT count(*) FROM sqlite_schema");
        return shared;
    } catch (const SQLite::Exception&) {
        // A closed database has no log. In a folder that cannot be written SQLite still wants to make one,
        // unless it is told that nobody writes. With a log that cannot be shared the file alone would be old.
        auto log = path;
        log += "-wal";
        std::error_code trouble;
        if (std::filesystem::file_size(log, trouble) > 0 && !trouble) throw;
    }
    return {immutable_uri(path), kLook | SQLITE_OPEN_URI, kBusyMilliseconds};
}

}  // namespace

Connection::Connection(const std::filesystem::path& path, Mode mode, std::int64_t max_pages)
    : database_(opened(path, mode)) {
    sqlite3_extended_result_codes(database_.getHandle(), 1);
    register_search_tokenizer(database_.getHandle());
    // The tables' own text is never SQL from outside; the schema of a stranger's file may not call functions.
    exec("PRAGMA trusted_schema = 0");
    exec("PRAGMA foreign_keys = 1");
    if (mode != Mode::writer) {
        exec("PRAGMA query_only = 1");
        exec("PRAGMA cache_size = -8192");
        return;
    }
    exec("PRAGMA synchronous = 1");
    exec("PRAGMA cache_size = -16384");
    exec("PRAGMA wal_autocheckpoint = 4000");  // 16 MiB; the storage thread checkpoints sooner, when idle
    if (max_pages > 0) exec(("PRAGMA max_page_count = " + std::to_string(max_pages)).c_str());
}

Query Connection::query(const char* sql) {
    auto& statement = statements_[std::string_view(sql)];
    if (!statement) {
        try {
            statement = std::make_unique<SQLite::Statement>(database_, sql);
        } catch (...) {
            statements_.erase(std::string_view(sql));
            throw;
        }
    }
    statement->tryReset();
    statement->clearBindings();
    return Query(*statement);
}

void Connection::set_durable(bool durable) {
    if (durable == durable_) return;
    exec(durable ? "PRAGMA synchronous = 2" : "PRAGMA synchronous = 1");
    durable_ = durable;
}

Error error_of_errno(int number, const std::filesystem::path& path, std::string_view what) {
    Error error;
    error.what = std::string(what) + " " + path.string() + ": " + std::strerror(number);
    if (out_of_space(number)) {
        error.code = ErrorCode::no_space;
        error.hint = kSpaceHint;
    } else if (not_permitted(number)) {
        error.code = ErrorCode::read_only;
        error.hint = kPermissionHint;
    } else if (number == ENOENT || number == ENOTDIR) {
        error.code = ErrorCode::not_found;
        error.hint = "Check that the folder is there, or choose another with --data-dir.";
    } else {
        error.code = ErrorCode::io;
        error.hint = "Check the disk and the path, then try again.";
    }
    return error;
}

Error error_of(const SQLite::Exception& exception, const std::filesystem::path& path,
               Connection* connection) {
    const int extended =
        exception.getExtendedErrorCode() > 0 ? exception.getExtendedErrorCode() : exception.getErrorCode();
    const int code = extended & 0xff;
    const int number = connection == nullptr ? errno : sqlite3_system_errno(connection->raw().getHandle());
    const std::string file = path.string();
    const std::string said = exception.what();
    switch (code) {
        case SQLITE_FULL:
            return {ErrorCode::no_space, "The disk is full: could not write " + file, kSpaceHint};
        case SQLITE_READONLY:
        case SQLITE_PERM:
        case SQLITE_AUTH:
            return {ErrorCode::read_only, "No permission to write " + file + ": " + said, kPermissionHint};
        case SQLITE_CORRUPT:
        case SQLITE_NOTADB:
        case SQLITE_FORMAT:
            return {ErrorCode::corrupt, "The database " + file + " is damaged: " + said,
                    "Nothing was deleted. Open the newest backup from " + file + ".backups."};
        case SQLITE_BUSY:
        case SQLITE_LOCKED:
            return {ErrorCode::busy, "Another program is using " + file,
                    "Close the other program that has it open and try again."};
        case SQLITE_CONSTRAINT:
            return {ErrorCode::invalid_argument, "refused by " + file + ": " + said,
                    "It refers to something that is not there, or is there already."};
        case SQLITE_TOOBIG:
            return {ErrorCode::invalid_argument, "A text is too long for " + file, "Split it."};
        case SQLITE_NOMEM:
            return {ErrorCode::internal, "out of memory while using " + file, ""};
        case SQLITE_IOERR:
        case SQLITE_CANTOPEN:
            if (number != 0) {
                Error error = error_of_errno(number, path, "could not read or write");
                if (error.code != ErrorCode::not_found) return error;
            }
            return {ErrorCode::io, "could not read or write " + file + ": " + said,
                    "Check the disk and the path, then try again."};
        default:
            return {ErrorCode::internal, "SQLite refused a statement on " + file + ": " + said,
                    "Please report this."};
    }
}

}  // namespace pellucid::storage
