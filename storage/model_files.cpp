#include "storage/model_files.h"

#include "storage/connection.h"

namespace pellucid::storage {

namespace {

#define FILE_COLUMNS                                                                              \
    "f.id, f.model_id, f.ordinal, f.path, f.bytes, f.modified_ns, f.sha256, f.sha256_published, " \
    "f.block_bytes, f.url, f.etag, f.state, f.checked_at"

ModelFile read_row(const Query& query) {
    ModelFile file;
    file.id = query.integer(0);
    file.model = query.integer(1);
    file.ordinal = query.small(2);
    file.path = query.text(3);
    file.bytes = static_cast<std::uint64_t>(query.integer(4));
    file.modified_ns = query.integer(5);
    file.sha256 = query.text(6);
    file.sha256_published = query.flag(7);
    file.block_bytes = static_cast<std::uint64_t>(query.integer(8));
    file.url = query.text(9);
    file.etag = query.text(10);
    file.state = static_cast<FileState>(query.small(11));
    file.checked_at = query.integer(12);
    return file;
}

void write_blocks(Connection& connection, ModelFileId id, const std::string& blocks) {
    if (blocks.empty()) {
        connection.query("DELETE FROM model_file_blocks WHERE file_id = ?1").bind(id).run();
        return;
    }
    // Bound as a blob: a text would end at its first zero.
    SQLite::Statement insert(connection.raw(),
                             "INSERT INTO model_file_blocks (file_id, blocks) VALUES (?1, ?2) "
                             "ON CONFLICT (file_id) DO UPDATE SET blocks = excluded.blocks");
    insert.bind(1, id);
    insert.bindNoCopy(2, blocks.data(), static_cast<int>(blocks.size()));
    insert.exec();
}

template <typename Value>
std::vector<ModelFile> select(Connection& connection, const char* sql, const Value& value, bool blocks) {
    std::vector<ModelFile> files;
    auto query = connection.query(sql);
    query.bind(value);
    while (query.step()) {
        files.push_back(read_row(query));
        if (blocks) files.back().blocks = query.bytes(13);
    }
    return files;
}

}  // namespace

ModelFiles::ModelFiles(Database& database) : database_(database) {}

Result<void> ModelFiles::set(ModelId model, const std::vector<ModelFile>& files) {
    return writing(database_, [&](Connection& connection) {
        {
            auto known = connection.query("SELECT count(*) FROM models WHERE id = ?1");
            if (known.bind(model).first() == 0)
                refuse(ErrorCode::not_found, "There is no model " + std::to_string(model),
                       "It may have been removed.");
        }
        std::vector<ModelFileId> kept;
        for (std::size_t i = 0; i < files.size(); ++i) {
            const ModelFile& f = files[i];
            connection
                .query(
                    "INSERT INTO model_files (model_id, ordinal, path, bytes, modified_ns, sha256, "
                    "sha256_published, block_bytes, url, etag, state, checked_at) "
                    "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12) "
                    "ON CONFLICT (model_id, path) DO UPDATE SET ordinal = excluded.ordinal, bytes = "
                    "excluded.bytes, modified_ns = excluded.modified_ns, sha256 = excluded.sha256, "
                    "sha256_published = excluded.sha256_published, block_bytes = excluded.block_bytes, "
                    "url = excluded.url, etag = excluded.etag, state = excluded.state, "
                    "checked_at = excluded.checked_at")
                .bind(model, i, f.path, f.bytes, f.modified_ns, f.sha256, f.sha256_published, f.block_bytes,
                      f.url, f.etag, f.state, f.checked_at)
                .run();
            auto row = connection.query("SELECT id FROM model_files WHERE model_id = ?1 AND path = ?2");
            row.bind(model, f.path);
            kept.push_back(row.first());
            write_blocks(connection, kept.back(), f.blocks);
        }
        std::string list;
        for (const ModelFileId id : kept) list += (list.empty() ? "" : ",") + std::to_string(id);
        connection.exec(("DELETE FROM model_files WHERE model_id = " + std::to_string(model) +
                         " AND id NOT IN (" + list + ")")
                            .c_str());
    });
}

Result<std::vector<ModelFile>> ModelFiles::of(ModelId model, bool blocks) const {
    return reading(database_, [&](Connection& connection) {
        return blocks
                   ? select(connection,
                            "SELECT " FILE_COLUMNS
                            ", b.blocks FROM model_files f LEFT JOIN model_file_blocks b ON b.file_id = f.id "
                            "WHERE f.model_id = ?1 ORDER BY f.ordinal, f.id",
                            model, true)
                   : select(connection,
                            "SELECT " FILE_COLUMNS
                            " FROM model_files f WHERE f.model_id = ?1 ORDER BY f.ordinal, f.id",
                            model, false);
    });
}

Result<std::vector<ModelFile>> ModelFiles::all() const {
    return reading(database_, [](Connection& connection) {
        return select(connection,
                      "SELECT " FILE_COLUMNS
                      " FROM model_files f WHERE f.id > ?1 ORDER BY f.model_id, f.ordinal, f.id",
                      0, false);
    });
}

Result<void> ModelFiles::update(const ModelFile& f) {
    return writing(database_, [&](Connection& connection) {
        connection
            .query(
                "UPDATE model_files SET path = ?2, bytes = ?3, modified_ns = ?4, sha256 = ?5, "
                "sha256_published = ?6, block_bytes = ?7, url = ?8, etag = ?9, state = ?10, checked_at = ?11 "
                "WHERE id = ?1")
            .bind(f.id, f.path, f.bytes, f.modified_ns, f.sha256, f.sha256_published, f.block_bytes, f.url,
                  f.etag, f.state, f.checked_at)
            .run();
        if (connection.changed_rows() == 0)
            refuse(ErrorCode::not_found, "There is no file " + f.path + " in the library",
                   "Its model may have been removed.");
        write_blocks(connection, f.id, f.blocks);
    });
}

Result<std::vector<ModelFile>> ModelFiles::at_path(const std::string& path) const {
    return reading(database_, [&](Connection& connection) {
        return select(connection,
                      "SELECT " FILE_COLUMNS " FROM model_files f WHERE f.path = ?1 ORDER BY f.id", path,
                      false);
    });
}

}  // namespace pellucid::storage
