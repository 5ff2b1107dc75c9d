#include "storage/documents.h"

#include "storage/connection.h"

namespace pellucid::storage {

namespace {

#define DOCUMENT_COLUMNS                                                                                 \
    "SELECT d.id, d.collection_id, d.folder_id, d.path, d.content_id, d.state, d.bytes, d.modified_ns, " \
    "d.inode, d.mounted, d.away, d.attempts, d.error, d.hint, d.added_at, d.indexed_at FROM documents d "

DocumentRow row_of(const Query& row) {
    DocumentRow document;
    document.id = row.integer(0);
    document.collection = row.integer(1);
    document.folder = row.null(2) ? 0 : row.integer(2);
    document.path = row.text(3);
    document.content = row.null(4) ? 0 : row.integer(4);
    document.state = static_cast<DocumentState>(row.small(5));
    document.stamp = {static_cast<std::uint64_t>(row.integer(6)), row.integer(7),
                      static_cast<std::uint64_t>(row.integer(8))};
    document.mounted = row.flag(9);
    document.away = row.flag(10);
    document.attempts = row.small(11);
    document.error = row.text(12);
    document.hint = row.text(13);
    document.added_at = row.integer(14);
    document.indexed_at = row.integer(15);
    return document;
}

template <typename... Values>
std::vector<DocumentRow> rows(Connection& connection, const char* sql, const Values&... values) {
    std::vector<DocumentRow> all;
    auto row = connection.query(sql);
    row.bind(values...);
    while (row.step()) all.push_back(row_of(row));
    return all;
}

void require_document(const Connection& connection) {
    if (connection.changed_rows() == 0)
        refuse(ErrorCode::not_found, "This document is no longer in its collection.",
               "It may have been removed meanwhile; look at the list again.");
}

void attach_to(Connection& connection, DocumentId id, const FileStamp& stamp, ContentId content, Millis now) {
    connection
        .query(
            "UPDATE documents SET content_id = ?2, state = 1, bytes = ?3, modified_ns = ?4, inode = ?5, away "
            "= 0, attempts = 0, error = '', hint = '', indexed_at = ?6 WHERE id = ?1")
        .bind(id, content, stamp.bytes, stamp.modified_ns, stamp.inode, now)
        .run();
    require_document(connection);
}

}  // namespace

Documents::Documents(Database& database) : database_(database) {}

Result<std::int64_t> Documents::see(CollectionId collection, CollectionFolderId folder,
                                    const std::vector<SeenFile>& files, bool again) {
    return writing(database_, [&](Connection& connection) {
        std::int64_t waiting = 0;
        const Millis now = database_.now();
        for (const SeenFile& file : files) {
            DocumentRow known;
            {
                auto row = connection.query(DOCUMENT_COLUMNS "WHERE d.collection_id = ?1 AND d.path = ?2");
                row.bind(collection, file.path);
                if (row.step()) known = row_of(row);
            }
            if (known.id == 0) {
                auto insert = connection.query(
                    "INSERT INTO documents (collection_id, folder_id, path, bytes, modified_ns, inode, "
                    "mounted, "
                    "added_at) VALUES (?1, nullif(?2, 0), ?3, ?4, ?5, ?6, ?7, ?8)");
                insert.bind(collection, folder, file.path, file.stamp.bytes, file.stamp.modified_ns,
                            file.stamp.inode, file.mounted, now);
                insert.run();
                ++waiting;
                continue;
            }
            const bool changed = again || known.stamp != file.stamp;
            if (changed) {
                waiting += known.state != DocumentState::waiting;
                connection
                    .query(
                        "UPDATE documents SET state = 0, attempts = 0, bytes = ?2, modified_ns = ?3, inode = "
                        "?4, mounted = ?5, away = 0 WHERE id = ?1")
                    .bind(known.id, file.stamp.bytes, file.stamp.modified_ns, file.stamp.inode, file.mounted)
                    .run();
            } else if (known.away) {
                connection.query("UPDATE documents SET away = 0 WHERE id = ?1").bind(known.id).run();
            }
            // Added by itself and then found in a folder: it stays when the folder is no longer followed.
        }
        return waiting;
    });
}

Result<std::optional<DocumentRow>> Documents::next_waiting() const {
    return reading(database_, [&](Connection& connection) -> std::optional<DocumentRow> {
        auto row = connection.query(DOCUMENT_COLUMNS
                                    "WHERE d.state = 0 AND d.away = 0 ORDER BY d.attempts, d.id LIMIT 1");
        if (!row.step()) return {};
        return row_of(row);
    });
}

Result<int> Documents::begin(DocumentId id) {
    return writing(database_, [&](Connection& connection) {
        connection.query("UPDATE documents SET attempts = attempts + 1 WHERE id = ?1").bind(id).run();
        require_document(connection);
        auto row = connection.query("SELECT attempts FROM documents WHERE id = ?1");
        return static_cast<int>(row.bind(id).first());
    });
}

Result<void> Documents::attach(DocumentId id, const FileStamp& stamp, ContentId content) {
    return writing(database_, [&](Connection& connection) {
        attach_to(connection, id, stamp, content, database_.now());
    });
}

Result<ContentId> Documents::publish(DocumentId id, const FileStamp& stamp, const NewContent& content) {
    return writing(database_, [&](Connection& connection) {
        const Millis now = database_.now();
        ContentId before = 0;
        {
            auto same = connection.query("SELECT id FROM contents WHERE sha256 = ?1 AND kind = ?2");
            same.bind(Blob{{reinterpret_cast<const char*>(content.facts.sha256.data()),
                            content.facts.sha256.size()}},
                      content.facts.kind);
            if (same.step()) before = same.integer(0);
        }
        if (before != 0) {
            // Read in another way by another version: all documents of these bytes say this from now on.
            connection.query("UPDATE contents SET kind = kind || '/old' WHERE id = ?1").bind(before).run();
        }
        const ContentId made = Contents::insert(connection, content, now);
        if (before != 0) {
            connection.query("UPDATE documents SET content_id = ?2 WHERE content_id = ?1")
                .bind(before, made)
                .run();
            Contents::erase(connection, before);
        }
        attach_to(connection, id, stamp, made, now);
        return made;
    });
}

Result<void> Documents::fail(DocumentId id, const FileStamp& stamp, const std::string& error,
                             const std::string& hint) {
    return writing(database_, [&](Connection& connection) {
        connection
            .query(
                "UPDATE documents SET state = 2, content_id = NULL, bytes = ?2, modified_ns = ?3, inode = "
                "?4, "
                "attempts = 0, error = ?5, hint = ?6 WHERE id = ?1")
            .bind(id, stamp.bytes, stamp.modified_ns, stamp.inode, error, hint)
            .run();
        require_document(connection);
    });
}

Result<void> Documents::requeue(DocumentId id) {
    return writing(database_, [&](Connection& connection) {
        connection.query("UPDATE documents SET state = 0, attempts = 0 WHERE id = ?1").bind(id).run();
        require_document(connection);
    });
}

Result<void> Documents::set_away(const std::vector<DocumentId>& ids, bool away) {
    return writing(database_, [&](Connection& connection) {
        for (const DocumentId id : ids)
            connection.query("UPDATE documents SET away = ?2 WHERE id = ?1").bind(id, away).run();
    });
}

Result<void> Documents::rename(DocumentId id, const std::string& path) {
    return writing(database_, [&](Connection& connection) {
        connection.query("UPDATE OR IGNORE documents SET path = ?2, away = 0 WHERE id = ?1")
            .bind(id, path)
            .run();
        if (connection.changed_rows() == 0)
            connection.query("DELETE FROM documents WHERE id = ?1").bind(id).run();
    });
}

Result<void> Documents::remove(const std::vector<DocumentId>& ids) {
    return writing(database_, [&](Connection& connection) {
        for (const DocumentId id : ids)
            connection.query("DELETE FROM documents WHERE id = ?1").bind(id).run();
    });
}

Result<DocumentRow> Documents::get(DocumentId id) const {
    return reading(database_, [&](Connection& connection) {
        auto row = connection.query(DOCUMENT_COLUMNS "WHERE d.id = ?1");
        row.bind(id);
        if (!row.step())
            refuse(ErrorCode::not_found, "This document is no longer in its collection.",
                   "It may have been removed meanwhile; look at the list again.");
        return row_of(row);
    });
}

Result<std::vector<DocumentRow>> Documents::list(CollectionId collection) const {
    return reading(database_, [&](Connection& connection) {
        return rows(connection, DOCUMENT_COLUMNS "WHERE ?1 = 0 OR d.collection_id = ?1 ORDER BY d.path",
                    collection);
    });
}

Result<std::vector<DocumentRow>> Documents::in_folder(CollectionFolderId folder) const {
    return reading(database_, [&](Connection& connection) {
        return rows(connection, DOCUMENT_COLUMNS "WHERE d.folder_id = ?1 ORDER BY d.path", folder);
    });
}

Result<std::vector<DocumentRow>> Documents::at_path(const std::string& path) const {
    return reading(database_, [&](Connection& connection) {
        return rows(connection, DOCUMENT_COLUMNS "WHERE d.path = ?1 ORDER BY d.id", path);
    });
}

Result<std::vector<DocumentRow>> Documents::with_content(ContentId content) const {
    return reading(database_, [&](Connection& connection) {
        return rows(connection, DOCUMENT_COLUMNS "WHERE d.content_id = ?1 ORDER BY d.away, d.id", content);
    });
}

Result<DocumentCounts> Documents::counts() const {
    return reading(database_, [&](Connection& connection) {
        DocumentCounts counts;
        auto row =
            connection.query("SELECT state, away, count(*), sum(bytes) FROM documents GROUP BY state, away");
        while (row.step()) {
            switch (static_cast<DocumentState>(row.small(0))) {
                case DocumentState::waiting:
                    if (row.flag(1)) break;  // cannot be read now
                    counts.waiting += row.integer(2);
                    counts.waiting_bytes += static_cast<std::uint64_t>(row.integer(3));
                    break;
                case DocumentState::indexed:
                    counts.indexed += row.integer(2);
                    break;
                case DocumentState::failed:
                    counts.failed += row.integer(2);
                    break;
            }
        }
        return counts;
    });
}

}  // namespace pellucid::storage
