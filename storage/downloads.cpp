#include "storage/downloads.h"

#include "storage/connection.h"

namespace pellucid::storage {
namespace {

void write_sources(Connection& connection, DownloadFileId file, const std::vector<DownloadSource>& sources) {
    connection.query("DELETE FROM download_sources WHERE file_id = ?1").bind(file).run();
    for (std::size_t i = 0; i < sources.size(); ++i)
        connection.query("INSERT INTO download_sources (file_id, ordinal, url, etag) VALUES (?1, ?2, ?3, ?4)")
            .bind(file, i, sources[i].url, sources[i].etag)
            .run();
}

void bind_blob(Connection& connection, const char* sql, std::int64_t id, const std::string& bytes) {
    SQLite::Statement statement(connection.raw(), sql);
    statement.bind(1, id);
    statement.bind(2, bytes.data(), static_cast<int>(bytes.size()));
    statement.exec();
}

void must_have_changed(Connection& connection, const char* what, std::int64_t id) {
    if (connection.changed_rows() == 0)
        refuse(ErrorCode::not_found, std::string("There is no ") + what + " " + std::to_string(id),
               "It may have been removed.");
}

}  // namespace

DownloadRows::DownloadRows(Database& database) : database_(database) {}

Result<void> DownloadRows::add(DownloadRecord& record) {
    return writing(database_, [&](Connection& connection) {
        record.added_at = database_.now();
        connection
            .query(
                "INSERT INTO downloads (title, note, folder, priority, state, reason, detail, added_at, "
                "completed_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)")
            .bind(record.title, record.note, record.folder, record.priority, record.state, record.reason,
                  record.detail, record.added_at, record.completed_at)
            .run();
        record.id = connection.last_insert_id();
        for (std::size_t i = 0; i < record.files.size(); ++i) {
            auto& file = record.files[i];
            connection
                .query(
                    "INSERT INTO download_files (download_id, ordinal, name, bytes, sha256, block_bytes, "
                    "repair, complete) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)")
                .bind(record.id, i, file.name, file.bytes, file.sha256, file.block_bytes, file.repair,
                      file.complete)
                .run();
            file.id = connection.last_insert_id();
            bind_blob(connection, "UPDATE download_files SET published_blocks = ?2 WHERE id = ?1", file.id,
                      file.published_blocks);
            write_sources(connection, file.id, file.sources);
        }
    });
}

Result<std::vector<DownloadRecord>> DownloadRows::list() const {
    return reading(database_, [](Connection& connection) {
        std::vector<DownloadRecord> records;
        auto query = connection.query(
            "SELECT id, title, note, folder, priority, state, reason, detail, added_at, completed_at "
            "FROM downloads ORDER BY id");
        while (query.step()) {
            DownloadRecord record;
            record.id = query.integer(0);
            record.title = query.text(1);
            record.note = query.text(2);
            record.folder = query.text(3);
            record.priority = query.small(4);
            record.state = query.text(5);
            record.reason = query.text(6);
            record.detail = query.text(7);
            record.added_at = query.integer(8);
            record.completed_at = query.integer(9);
            auto files = connection.query(
                "SELECT id, name, bytes, sha256, block_bytes, published_blocks, repair, complete "
                "FROM download_files WHERE download_id = ?1 ORDER BY ordinal");
            files.bind(record.id);
            while (files.step()) {
                DownloadFileRecord file;
                file.id = files.integer(0);
                file.name = files.text(1);
                file.bytes = files.integer(2);
                file.sha256 = files.text(3);
                file.block_bytes = files.integer(4);
                file.published_blocks = files.bytes(5);
                file.repair = files.flag(6);
                file.complete = files.flag(7);
                auto sources = connection.query(
                    "SELECT url, etag FROM download_sources WHERE file_id = ?1 ORDER BY ordinal");
                sources.bind(file.id);
                while (sources.step()) file.sources.push_back({sources.text(0), sources.text(1)});
                record.files.push_back(std::move(file));
            }
            records.push_back(std::move(record));
        }
        return records;
    });
}

Result<void> DownloadRows::update(const DownloadRecord& record) {
    return writing(database_, [&](Connection& connection) {
        connection
            .query(
                "UPDATE downloads SET title = ?2, note = ?3, priority = ?4, state = ?5, reason = ?6, "
                "detail = ?7, completed_at = ?8 WHERE id = ?1")
            .bind(record.id, record.title, record.note, record.priority, record.state, record.reason,
                  record.detail, record.completed_at)
            .run();
        must_have_changed(connection, "download", record.id);
    });
}

Result<void> DownloadRows::update_file(const DownloadFileRecord& file) {
    return writing(database_, [&](Connection& connection) {
        connection
            .query(
                "UPDATE download_files SET bytes = ?2, sha256 = ?3, block_bytes = ?4, repair = ?5, "
                "complete = ?6 WHERE id = ?1")
            .bind(file.id, file.bytes, file.sha256, file.block_bytes, file.repair, file.complete)
            .run();
        must_have_changed(connection, "file", file.id);
        bind_blob(connection, "UPDATE download_files SET published_blocks = ?2 WHERE id = ?1", file.id,
                  file.published_blocks);
        write_sources(connection, file.id, file.sources);
    });
}

Result<std::vector<DownloadBlock>> DownloadRows::blocks(DownloadFileId file) const {
    return reading(database_, [&](Connection& connection) {
        std::vector<DownloadBlock> found;
        auto query =
            connection.query("SELECT block, sha256 FROM download_blocks WHERE file_id = ?1 ORDER BY block");
        query.bind(file);
        while (query.step()) found.push_back({query.integer(0), std::string(query.bytes(1))});
        return found;
    });
}

Result<void> DownloadRows::add_blocks(DownloadFileId file, const std::vector<DownloadBlock>& blocks) {
    return writing(database_, [&](Connection& connection) {
        SQLite::Statement statement(
            connection.raw(),
            "INSERT INTO download_blocks (file_id, block, sha256) VALUES (?1, ?2, ?3) "
            "ON CONFLICT (file_id, block) DO UPDATE SET sha256 = excluded.sha256");
        for (const auto& [block, sha256] : blocks) {
            statement.reset();
            statement.bind(1, file);
            statement.bind(2, block);
            statement.bind(3, sha256.data(), static_cast<int>(sha256.size()));
            statement.exec();
        }
    });
}

Result<void> DownloadRows::remove_blocks(DownloadFileId file, const std::vector<std::int64_t>& blocks) {
    return writing(database_, [&](Connection& connection) {
        for (const std::int64_t block : blocks)
            connection.query("DELETE FROM download_blocks WHERE file_id = ?1 AND block = ?2")
                .bind(file, block)
                .run();
    });
}

Result<void> DownloadRows::remove_all_blocks(DownloadFileId file) {
    return writing(database_, [&](Connection& connection) {
        connection.query("DELETE FROM download_blocks WHERE file_id = ?1").bind(file).run();
    });
}

Result<void> DownloadRows::remove(DownloadId id) {
    return writing(database_, [&](Connection& connection) {
        connection.query("DELETE FROM downloads WHERE id = ?1").bind(id).run();
        must_have_changed(connection, "download", id);
    });
}

}  // namespace pellucid::storage
