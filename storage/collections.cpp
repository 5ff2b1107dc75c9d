#include "storage/collections.h"

#include "storage/connection.h"

namespace pellucid::storage {

namespace {

void require(const Connection& connection, const char* what) {
    if (connection.changed_rows() == 0)
        refuse(ErrorCode::not_found, what, "It may have been removed meanwhile; look at the list again.");
}
constexpr const char* kNoCollection = "This collection of documents is no longer there.";
constexpr const char* kNoFolder = "This folder of documents is no longer followed.";

CollectionFolder folder_of(const Query& row) {
    return {row.integer(0), row.integer(1), row.text(2), row.text(3), row.flag(4), row.integer(5)};
}

}  // namespace

Collections::Collections(Database& database) : database_(database) {}

Result<CollectionId> Collections::named(const std::string& name, ConversationId conversation) {
    return writing(database_, [&](Connection& connection) -> CollectionId {
        if (name.empty())
            refuse(ErrorCode::invalid_argument, "A collection of documents needs a name.", "Give it one.");
        {
            auto known = connection.query("SELECT id FROM collections WHERE name = ?1");
            known.bind(name);
            if (known.step()) return known.integer(0);
        }
        connection.query("INSERT INTO collections (name, conversation_id, created_at) VALUES (?1, ?2, ?3)")
            .bind(name, conversation, database_.now())
            .run();
        return connection.last_insert_id();
    });
}

Result<std::vector<Collection>> Collections::list() const {
    return reading(database_, [&](Connection& connection) {
        std::vector<Collection> all;
        auto row = connection.query(
            "SELECT c.id, c.name, c.conversation_id, c.created_at, count(d.id), "
            "count(d.id) FILTER (WHERE d.state = 0), count(d.id) FILTER (WHERE d.state = 2) "
            "FROM collections c LEFT JOIN documents d ON d.collection_id = c.id GROUP BY c.id ORDER BY "
            "c.name");
        while (row.step())
            all.push_back({row.integer(0), row.text(1), row.integer(2), row.integer(3), row.integer(4),
                           row.integer(5), row.integer(6)});
        return all;
    });
}

Result<void> Collections::rename(CollectionId id, const std::string& name) {
    return writing(database_, [&](Connection& connection) {
        if (name.empty())
            refuse(ErrorCode::invalid_argument, "A collection of documents needs a name.", "Give it one.");
        connection.query("UPDATE collections SET name = ?2 WHERE id = ?1").bind(id, name).run();
        require(connection, kNoCollection);
    });
}

Result<void> Collections::remove(CollectionId id) {
    return writing(database_, [&](Connection& connection) {
        connection.query("DELETE FROM collections WHERE id = ?1").bind(id).run();
        require(connection, kNoCollection);
    });
}

Result<CollectionFolder> Collections::add_folder(CollectionId id, const std::string& path) {
    return writing(database_, [&](Connection& connection) -> CollectionFolder {
        {
            auto known = connection.query("SELECT 1 FROM collections WHERE id = ?1");
            if (known.bind(id).first() == 0)
                refuse(ErrorCode::not_found, kNoCollection,
                       "It may have been removed meanwhile; look at the list again.");
        }
        connection
            .query(
                "INSERT INTO collection_folders (collection_id, path) VALUES (?1, ?2) ON CONFLICT DO NOTHING")
            .bind(id, path)
            .run();
        auto row = connection.query(
            "SELECT id, collection_id, path, filesystem, away, scanned_at FROM collection_folders WHERE "
            "collection_id = ?1 AND path = ?2");
        row.bind(id, path);
        row.step();
        return folder_of(row);
    });
}

Result<std::vector<CollectionFolder>> Collections::folders() const {
    return reading(database_, [&](Connection& connection) {
        std::vector<CollectionFolder> all;
        auto row = connection.query(
            "SELECT id, collection_id, path, filesystem, away, scanned_at FROM collection_folders ORDER BY "
            "path");
        while (row.step()) all.push_back(folder_of(row));
        return all;
    });
}

Result<void> Collections::set_scanned(CollectionFolderId id, const std::string& filesystem) {
    return writing(database_, [&](Connection& connection) {
        connection
            .query("UPDATE collection_folders SET filesystem = ?2, away = 0, scanned_at = ?3 WHERE id = ?1")
            .bind(id, filesystem, database_.now())
            .run();
        require(connection, kNoFolder);
    });
}

Result<void> Collections::set_away(CollectionFolderId id, bool away) {
    return writing(database_, [&](Connection& connection) {
        connection.query("UPDATE collection_folders SET away = ?2 WHERE id = ?1").bind(id, away).run();
        require(connection, kNoFolder);
        connection.query("UPDATE documents SET away = ?2 WHERE folder_id = ?1 AND away <> ?2")
            .bind(id, away)
            .run();
    });
}

Result<void> Collections::remove_folder(CollectionFolderId id) {
    return writing(database_, [&](Connection& connection) {
        connection.query("DELETE FROM collection_folders WHERE id = ?1").bind(id).run();
        require(connection, kNoFolder);
    });
}

}  // namespace pellucid::storage
