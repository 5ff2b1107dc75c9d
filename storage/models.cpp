#include "storage/models.h"

#include "storage/connection.h"

namespace pellucid::storage {
namespace {

#define MODEL_COLUMNS                                                                                      \
    "SELECT id, path, digest, name, architecture, quantization, file_bytes, parameters, trained_context, " \
    "favourite, "                                                                                          \
    "settings_json, added_at, last_used_at, title, source, repository, revision, licence, "                \
    "licence_accepted_at, tokens_generated, keep_alive_seconds, facts_json, facts_stamp FROM models "

ModelRecord read_row(const Query& query) {
    ModelRecord row;
    row.id = query.integer(0);
    row.path = query.text(1);
    row.digest = query.text(2);
    row.name = query.text(3);
    row.architecture = query.text(4);
    row.quantization = query.text(5);
    row.file_bytes = static_cast<std::uint64_t>(query.integer(6));
    row.parameters = static_cast<std::uint64_t>(query.integer(7));
    row.trained_context = query.small(8);
    row.favourite = query.flag(9);
    row.settings_json = query.text(10);
    row.added_at = query.integer(11);
    row.last_used_at = query.integer(12);
    row.title = query.text(13);
    row.source = query.text(14);
    row.repository = query.text(15);
    row.revision = query.text(16);
    row.licence = query.text(17);
    row.licence_accepted_at = query.integer(18);
    row.tokens_generated = static_cast<std::uint64_t>(query.integer(19));
    row.keep_alive_seconds = query.small(20);
    row.facts_json = query.text(21);
    row.facts_stamp = query.text(22);
    return row;
}

/// `sql` names the row by its first parameter.
template <typename... Values>
Result<void> set_columns(Database& database, const char* sql, ModelId id, const Values&... values) {
    return writing(database, [&](Connection& connection) {
        connection.query(sql).bind(id, values...).run();
        if (connection.changed_rows() == 0)
            refuse(ErrorCode::not_found, "There is no model " + std::to_string(id),
                   "It may have been removed.");
    });
}

Result<std::optional<ModelRecord>> find(Database& database, const char* sql, const std::string& value) {
    return reading(database, [&](Connection& connection) -> std::optional<ModelRecord> {
        auto query = connection.query(sql);
        query.bind(value);
        if (!query.step()) return {};
        return read_row(query);
    });
}

}  // namespace

Models::Models(Database& database) : database_(database) {}

Result<ModelId> Models::add(const ModelRecord& m) {
    return writing(database_, [&](Connection& connection) -> ModelId {
        // An empty digest means "not computed": it does not wipe a known one of the same file.
        connection
            .query(
                "INSERT INTO models (path, digest, name, architecture, quantization, file_bytes, parameters, "
                "trained_context, favourite, settings_json, added_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, "
                "?8, ?9, ?10, ?11) "
                "ON CONFLICT (path) DO UPDATE SET "
                "digest = CASE WHEN excluded.digest = '' AND file_bytes = excluded.file_bytes THEN digest "
                "ELSE excluded.digest END, name = excluded.name, architecture = excluded.architecture, "
                "quantization = excluded.quantization, file_bytes = excluded.file_bytes, parameters = "
                "excluded.parameters, "
                "trained_context = excluded.trained_context")
            .bind(m.path, m.digest, m.name, m.architecture, m.quantization, m.file_bytes, m.parameters,
                  m.trained_context, m.favourite, m.settings_json, database_.now())
            .run();
        auto query = connection.query("SELECT id FROM models WHERE path = ?1");
        query.bind(m.path);
        return query.first();
    });
}

Result<std::vector<ModelRecord>> Models::list() const {
    return reading(database_, [](Connection& connection) {
        std::vector<ModelRecord> rows;
        auto query = connection.query(MODEL_COLUMNS "ORDER BY favourite DESC, last_used_at DESC, name, id");
        while (query.step()) rows.push_back(read_row(query));
        return rows;
    });
}

Result<ModelRecord> Models::get(ModelId id) const {
    return reading(database_, [&](Connection& connection) {
        auto query = connection.query(MODEL_COLUMNS "WHERE id = ?1");
        query.bind(id);
        if (!query.step())
            refuse(ErrorCode::not_found, "There is no model " + std::to_string(id),
                   "It may have been removed.");
        return read_row(query);
    });
}

Result<std::optional<ModelRecord>> Models::find_by_path(const std::string& path) const {
    return find(database_, MODEL_COLUMNS "WHERE path = ?1", path);
}

Result<std::optional<ModelRecord>> Models::find_by_digest(const std::string& digest) const {
    if (digest.empty()) return std::optional<ModelRecord>();
    return find(database_, MODEL_COLUMNS "WHERE digest = ?1 ORDER BY last_used_at DESC LIMIT 1", digest);
}

Result<void> Models::set_path(ModelId id, const std::string& path) {
    STORAGE_TRY(const auto other, find_by_path(path));
    if (other && other->id != id)
        return fail(ErrorCode::invalid_argument, "Another model of the library is at " + path,
                    "Remove one of them first.");
    return set_columns(database_, "UPDATE models SET path = ?2 WHERE id = ?1", id, path);
}

Result<void> Models::set_digest(ModelId id, const std::string& digest) {
    return set_columns(database_, "UPDATE models SET digest = ?2 WHERE id = ?1", id, digest);
}

Result<void> Models::set_favourite(ModelId id, bool favourite) {
    return set_columns(database_, "UPDATE models SET favourite = ?2 WHERE id = ?1", id, favourite);
}

Result<void> Models::set_settings(ModelId id, const std::string& settings_json) {
    return set_columns(database_, "UPDATE models SET settings_json = ?2 WHERE id = ?1", id, settings_json);
}

Result<void> Models::mark_used(ModelId id) {
    return set_columns(database_, "UPDATE models SET last_used_at = ?2 WHERE id = ?1", id, database_.now());
}

Result<void> Models::set_provenance(ModelId id, const ModelProvenance& p) {
    return set_columns(database_,
                       "UPDATE models SET title = ?2, source = ?3, repository = ?4, revision = ?5, "
                       "licence_accepted_at = CASE WHEN ?7 THEN ?8 WHEN licence = ?6 THEN "
                       "licence_accepted_at ELSE 0 END, licence = ?6 WHERE id = ?1",
                       id, p.title, p.source, p.repository, p.revision, p.licence, p.licence_accepted,
                       database_.now());
}

Result<void> Models::set_keep_alive(ModelId id, int seconds) {
    if (seconds < -2)
        return fail(ErrorCode::invalid_argument,
                    "A model cannot be kept for " + std::to_string(seconds) + " s",
                    "Use seconds, -1 for ever, or -2 for the app's setting.");
    return set_columns(database_, "UPDATE models SET keep_alive_seconds = ?2 WHERE id = ?1", id, seconds);
}

Result<void> Models::add_tokens(ModelId id, std::uint64_t generated) {
    return set_columns(database_, "UPDATE models SET tokens_generated = tokens_generated + ?2 WHERE id = ?1",
                       id, generated);
}

Result<void> Models::set_facts(ModelId id, const std::string& json, const std::string& stamp) {
    return set_columns(database_, "UPDATE models SET facts_json = ?2, facts_stamp = ?3 WHERE id = ?1", id,
                       json, stamp);
}

Result<void> Models::remove(ModelId id) {
    return writing(database_, [&](Connection& connection) {
        connection.query("DELETE FROM settings WHERE model_id = ?1").bind(id).run();
        connection.query("DELETE FROM models WHERE id = ?1").bind(id).run();
        if (connection.changed_rows() == 0)
            refuse(ErrorCode::not_found, "There is no model " + std::to_string(id),
                   "It may have been removed.");
    });
}

}  // namespace pellucid::storage
