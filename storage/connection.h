// One SQLite connection with its prepared statements, and the way SQLite's refusals become typed errors.
// Inside this room refusals travel as exceptions (SQLite::Exception, Refusal); reading() and writing() are
// the wall where they become Results, so none crosses a public function.
#pragma once

#include <SQLiteCpp/SQLiteCpp.h>
#include <sqlite3.h>

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <unordered_map>
#include <utility>

#include "storage/database.h"

namespace pellucid::storage {

/// Thrown inside the room only.
struct Refusal {
    Error error;
};
[[noreturn]] inline void refuse(ErrorCode code, std::string what, std::string hint = {}) {
    throw Refusal{Error{code, std::move(what), std::move(hint)}};
}

/// Bytes for a BLOB column.
struct Blob {
    std::string_view bytes;
};

/// A prepared statement in use; given back to its connection, reset, when destroyed. Do not hold two of one
/// text.
class Query {
public:
    explicit Query(SQLite::Statement& statement) : statement_(&statement) {}
    Query(Query&& other) noexcept : statement_(std::exchange(other.statement_, nullptr)) {}
    ~Query() {
        if (statement_ != nullptr) statement_->tryReset();
    }

    /// Binds all parameters, first to last.
    template <typename... Values>
    Query& bind(const Values&... values) {
        int index = 0;
        (bind_one(++index, values), ...);
        return *this;
    }
    bool step() { return statement_->executeStep(); }
    /// Runs a statement that returns no rows; back to the start.
    void run() {
        while (statement_->executeStep()) {
        }
        statement_->reset();
    }
    void reset() { statement_->reset(); }
    /// The first column of the first row; 0 where there is none.
    std::int64_t first() { return step() ? integer(0) : 0; }

    std::int64_t integer(int column) const { return statement_->getColumn(column).getInt64(); }
    int small(int column) const { return statement_->getColumn(column).getInt(); }
    bool flag(int column) const { return statement_->getColumn(column).getInt() != 0; }
    double real(int column) const { return statement_->getColumn(column).getDouble(); }
    std::string text(int column) const { return statement_->getColumn(column).getString(); }
    bool null(int column) const { return statement_->getColumn(column).isNull(); }
    /// Valid until the next step.
    std::string_view bytes(int column) const {
        const auto value = statement_->getColumn(column);
        const auto* data = static_cast<const char*>(value.getBlob());
        return {data, data == nullptr ? 0 : static_cast<std::size_t>(value.getBytes())};
    }

private:
    void bind_one(int index, std::nullptr_t) { statement_->bind(index); }
    void bind_one(int index, Blob value) {
        // Never null, which an empty view's address would bind.
        statement_->bind(index, value.bytes.empty() ? "" : static_cast<const void*>(value.bytes.data()),
                         static_cast<int>(value.bytes.size()));
    }
    void bind_one(int index, double value) { statement_->bind(index, value); }
    void bind_one(int index, const std::string& value) { statement_->bind(index, value); }
    void bind_one(int index, const char* value) { statement_->bind(index, value); }
    void bind_one(int index, std::string_view value) { statement_->bind(index, std::string(value)); }
    template <typename T>
    requires std::is_integral_v<T> || std::is_enum_v<T>
    void bind_one(int index, T value) { statement_->bind(index, static_cast<std::int64_t>(value)); }

    SQLite::Statement* statement_;
};

/// Opened for one thread at a time.
class Connection {
public:
    /// onlooker: has no right to write, not even SQLite's own files beside the database.
    enum class Mode { writer, reader, onlooker };
    /// Throws SQLite::Exception.
    Connection(const std::filesystem::path& path, Mode mode, std::int64_t max_pages);

    Query query(const char* sql);
    void exec(const char* sql) { database_.exec(sql); }
    std::int64_t last_insert_id() const { return database_.getLastInsertRowid(); }
    int changed_rows() const { return sqlite3_changes(database_.getHandle()); }
    SQLite::Database& raw() { return database_; }
    bool in_transaction() { return sqlite3_get_autocommit(database_.getHandle()) == 0; }
    /// Also durable when committed (one wait for the disk). Outside of transactions only.
    void set_durable(bool durable);

private:
    SQLite::Database database_;
    /// By the address of the text first, as nearly every text is a literal.
    std::unordered_map<std::string_view, std::unique_ptr<SQLite::Statement>> statements_;
    bool durable_ = false;
};

/// What SQLite refused, for a person. `connection` may be null (it could not be opened).
Error error_of(const SQLite::Exception& exception, const std::filesystem::path& path, Connection* connection);
/// The same of an errno after a call on `path`; `what` says which ("could not write").
Error error_of_errno(int number, const std::filesystem::path& path, std::string_view what);

enum class Access { read, write, durable_write };

/// Runs `body(Connection&)` in one transaction; every throw rolls back and becomes an Error.
template <typename Body>
auto in_transaction(Database& database, Access access, Body&& body)
    -> Result<std::invoke_result_t<Body, Connection&>> {
    using Value = std::invoke_result_t<Body, Connection&>;
    Connection* connection = nullptr;
    const auto roll_back = [&] {
        // A full disk makes SQLite roll back by itself.
        if (connection != nullptr && connection->in_transaction())
            sqlite3_exec(connection->raw().getHandle(), "ROLLBACK", nullptr, nullptr, nullptr);
    };
    std::optional<Database::Lease> lease;
    try {
        lease.emplace(access == Access::read ? database.read() : database.write());
        connection = &**lease;
        if (access != Access::read) connection->set_durable(access == Access::durable_write);
        connection->exec(access == Access::read ? "BEGIN" : "BEGIN IMMEDIATE");
        if constexpr (std::is_void_v<Value>) {
            body(*connection);
            connection->exec("COMMIT");
            return {};
        } else {
            Value value = body(*connection);
            connection->exec("COMMIT");
            return value;
        }
    } catch (const SQLite::Exception& exception) {
        Error error = error_of(exception, database.path(), connection);
        roll_back();
        return fail(std::move(error));
    } catch (const Refusal& refusal) {
        roll_back();
        return fail(refusal.error);
    } catch (const std::bad_alloc&) {
        roll_back();
        return fail(ErrorCode::internal, "out of memory while using " + database.path().string());
    }
}

template <typename Body>
auto reading(Database& database, Body&& body) {
    return in_transaction(database, Access::read, std::forward<Body>(body));
}
template <typename Body>
auto writing(Database& database, Body&& body) {
    return in_transaction(database, Access::write, std::forward<Body>(body));
}
/// A write that has reached the disk when it returns.
template <typename Body>
auto writing_durably(Database& database, Body&& body) {
    return in_transaction(database, Access::durable_write, std::forward<Body>(body));
}

}  // namespace pellucid::storage
