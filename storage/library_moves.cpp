#include "storage/library_moves.h"

#include "storage/connection.h"

namespace pellucid::storage {

namespace {

/// The same as in JSON text, as the settings hold it: Qt and nlohmann escape these alone in what a path can
/// be.
std::string json_escaped(const std::string& text) {
    std::string out;
    for (const char c : text) {
        if (c == '"' || c == '\\') out += '\\';
        out += c;
    }
    return out;
}

void require_move(const Connection& connection) {
    if (connection.changed_rows() == 0)
        refuse(ErrorCode::not_found, "This move of the library is no longer under way.", "Look at it again.");
}

}  // namespace

LibraryMoves::LibraryMoves(Database& database) : database_(database) {}

Result<std::int64_t> LibraryMoves::begin(const std::string& from, const std::string& to,
                                         const std::vector<MoveFile>& files) {
    return writing_durably(database_, [&](Connection& connection) -> std::int64_t {
        if (connection.query("SELECT count(*) FROM library_moves").first() > 0)
            refuse(ErrorCode::busy, "The library is already on its way to another folder.",
                   "Let that move finish, or take it back.");
        connection
            .query(
                "INSERT INTO library_moves (from_folder, to_folder, phase, started_at) VALUES (?1, ?2, 0, "
                "?3)")
            .bind(from, to, database_.now())
            .run();
        const std::int64_t id = connection.last_insert_id();
        for (std::size_t i = 0; i < files.size(); ++i)
            connection
                .query(
                    "INSERT INTO library_move_files (move_id, ordinal, name, bytes) VALUES (?1, ?2, ?3, ?4)")
                .bind(id, i, files[i].name, files[i].bytes)
                .run();
        return id;
    });
}

Result<std::optional<LibraryMove>> LibraryMoves::current() const {
    return reading(database_, [&](Connection& connection) -> std::optional<LibraryMove> {
        LibraryMove move;
        {
            auto query = connection.query(
                "SELECT id, from_folder, to_folder, phase, started_at FROM library_moves LIMIT 1");
            if (!query.step()) return {};
            move.id = query.integer(0);
            move.from = query.text(1);
            move.to = query.text(2);
            move.phase = static_cast<MovePhase>(query.small(3));
            move.started_at = query.integer(4);
        }
        auto query = connection.query(
            "SELECT ordinal, name, bytes, copied FROM library_move_files WHERE move_id = ?1 ORDER BY "
            "ordinal");
        query.bind(move.id);
        while (query.step())
            move.files.push_back(
                {query.small(0), query.text(1), static_cast<std::uint64_t>(query.integer(2)), query.flag(3)});
        return move;
    });
}

Result<void> LibraryMoves::add_files(std::int64_t move, const std::vector<MoveFile>& files) {
    return writing_durably(database_, [&](Connection& connection) {
        auto query =
            connection.query("SELECT ifnull(max(ordinal) + 1, 0) FROM library_move_files WHERE move_id = ?1");
        std::int64_t next = query.bind(move).first();
        for (const MoveFile& file : files)
            connection
                .query(
                    "INSERT INTO library_move_files (move_id, ordinal, name, bytes) VALUES (?1, ?2, ?3, ?4)")
                .bind(move, next++, file.name, file.bytes)
                .run();
    });
}

Result<void> LibraryMoves::set_copied(std::int64_t move, int ordinal) {
    return writing_durably(database_, [&](Connection& connection) {
        connection.query("UPDATE library_move_files SET copied = 1 WHERE move_id = ?1 AND ordinal = ?2")
            .bind(move, ordinal)
            .run();
        require_move(connection);
    });
}

Result<void> LibraryMoves::switch_over(std::int64_t move, const std::string& folder_key) {
    return writing_durably(database_, [&](Connection& connection) {
        connection.query("UPDATE library_moves SET phase = 1 WHERE id = ?1 AND phase = 0").bind(move).run();
        require_move(connection);
        std::string from, to;
        {
            auto query = connection.query("SELECT from_folder, to_folder FROM library_moves WHERE id = ?1");
            query.bind(move).step();
            from = query.text(0) + '/';
            to = query.text(1) + '/';
        }
        for (const char* sql : {"UPDATE models SET path = ?2 || substr(path, length(?1) + 1) WHERE "
                                "substr(path, 1, length(?1)) = ?1",
                                "UPDATE model_files SET path = ?2 || substr(path, length(?1) + 1) "
                                "WHERE substr(path, 1, length(?1)) = ?1",
                                "UPDATE model_adapters SET path = ?2 || substr(path, length(?1) + 1) "
                                "WHERE substr(path, 1, length(?1)) = ?1",
                                "UPDATE settings SET value = ?2 || substr(value, length(?1) + 1) "
                                "WHERE type = 3 AND substr(value, 1, length(?1)) = ?1"})
            connection.query(sql).bind(from, to).run();
        // Paths inside of settings: a draft model, adapters.
        for (const char* sql :
             {"UPDATE models SET settings_json = replace(settings_json, '\"' || ?1, '\"' || ?2) "
              "WHERE instr(settings_json, '\"' || ?1) > 0",
              "UPDATE model_presets SET settings_json = replace(settings_json, '\"' || ?1, '\"' || ?2) "
              "WHERE instr(settings_json, '\"' || ?1) > 0"})
            connection.query(sql).bind(json_escaped(from), json_escaped(to)).run();
        to.pop_back();
        connection
            .query(
                "INSERT INTO settings (model_id, key, type, value) VALUES (0, ?1, 3, ?2) "
                "ON CONFLICT (model_id, key) DO UPDATE SET type = 3, value = excluded.value")
            .bind(folder_key, to)
            .run();
    });
}

Result<void> LibraryMoves::end(std::int64_t move) {
    return writing_durably(database_, [&](Connection& connection) {
        connection.query("DELETE FROM library_moves WHERE id = ?1").bind(move).run();
        require_move(connection);
    });
}

}  // namespace pellucid::storage
