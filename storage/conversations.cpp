#include "storage/conversations.h"

#include "storage/message_rows.h"
#include "storage/search_index.h"

// The list and the folders. The messages are in conversation_messages.cpp.
namespace pellucid::storage {
namespace {

constexpr const char* kColumns =
    "SELECT id, title, title_is_given, coalesce(folder_id, 0), pinned, system_prompt, coalesce(model_id, 0), "
    "created_at, "
    "updated_at, deleted_at FROM conversations ";

Conversation read_row(const Query& query) {
    Conversation row;
    row.id = query.integer(0);
    row.title = query.text(1);
    row.title_is_given = query.flag(2);
    row.folder_id = query.integer(3);
    row.pinned = query.flag(4);
    row.system_prompt = query.text(5);
    row.model_id = query.integer(6);
    row.created_at = query.integer(7);
    row.updated_at = query.integer(8);
    row.deleted_at = query.integer(9);
    return row;
}

std::vector<Conversation> read_rows(Connection& connection, const char* sql) {
    std::vector<Conversation> rows;
    auto query = connection.query(sql);
    while (query.step()) rows.push_back(read_row(query));
    return rows;
}

void require_change(Connection& connection, const char* what, std::int64_t id) {
    if (connection.changed_rows() == 0)
        refuse(ErrorCode::not_found, std::string("There is no ") + what + " " + std::to_string(id),
               "It may have been deleted.");
}

void write_title(Connection& connection, ConversationId id, const std::string& title, bool given) {
    SearchIndex index(connection);
    index.remove_title(id);
    connection.query("UPDATE conversations SET title = ?2, title_is_given = ?3 WHERE id = ?1")
        .bind(id, title, given)
        .run();
    require_change(connection, "conversation", id);
    index.add_title(id);
}

std::vector<MessageId> ids_of(Query& query) {
    std::vector<MessageId> ids;
    while (query.step()) ids.push_back(query.integer(0));
    return ids;
}

void purge_conversation(Connection& connection, ConversationId id) {
    std::vector<MessageId> messages;
    {
        auto query = connection.query("SELECT id FROM messages WHERE conversation_id = ?1");
        query.bind(id);
        messages = ids_of(query);
    }
    erase_messages(connection, std::move(messages));
    SearchIndex(connection).remove_title(id);
    connection.query("DELETE FROM conversations WHERE id = ?1").bind(id).run();
    require_change(connection, "conversation", id);
}

}  // namespace

Conversations::Conversations(Database& database) : database_(database) {}

void Conversations::on_change(std::function<void(ConversationId)> listener) {
    listener_ = std::move(listener);
}

void Conversations::changed(ConversationId id) const {
    if (listener_) listener_(id);
}

Result<ConversationId> Conversations::create(const NewConversation& c) {
    auto result = writing(database_, [&](Connection& connection) -> ConversationId {
        const Millis created = c.created_at != 0 ? c.created_at : database_.now();
        connection
            .query(
                "INSERT INTO conversations (title, title_is_given, folder_id, system_prompt, model_id, "
                "created_at, updated_at) "
                "VALUES (?1, ?2, nullif(?3, 0), ?4, nullif(?5, 0), ?6, ?6)")
            .bind(c.title, c.title_is_given, c.folder_id, c.system_prompt, c.model_id, created)
            .run();
        const ConversationId id = connection.last_insert_id();
        SearchIndex(connection).add_title(id);
        return id;
    });
    if (result) changed(*result);
    return result;
}

Result<std::vector<Conversation>> Conversations::list() const {
    return reading(database_, [](Connection& connection) {
        static const std::string kSql =
            std::string(kColumns) + "WHERE deleted_at = 0 ORDER BY pinned DESC, updated_at DESC, id DESC";
        return read_rows(connection, kSql.c_str());
    });
}

Result<std::vector<Conversation>> Conversations::list_deleted() const {
    return reading(database_, [](Connection& connection) {
        static const std::string kSql =
            std::string(kColumns) + "WHERE deleted_at <> 0 ORDER BY deleted_at DESC, id DESC";
        return read_rows(connection, kSql.c_str());
    });
}

Result<Conversation> Conversations::get(ConversationId id) const {
    return reading(database_, [&](Connection& connection) {
        static const std::string kSql = std::string(kColumns) + "WHERE id = ?1";
        auto query = connection.query(kSql.c_str());
        query.bind(id);
        if (!query.step())
            refuse(ErrorCode::not_found, "There is no conversation " + std::to_string(id),
                   "It may have been deleted.");
        return read_row(query);
    });
}

Result<void> Conversations::rename(ConversationId id, const std::string& title) {
    STORAGE_CHECK(
        writing(database_, [&](Connection& connection) { write_title(connection, id, title, true); }));
    changed(id);
    return {};
}

Result<void> Conversations::set_derived_title(ConversationId id, const std::string& title) {
    STORAGE_TRY(const bool written, writing(database_, [&](Connection& connection) {
                    {
                        auto query =
                            connection.query("SELECT title_is_given FROM conversations WHERE id = ?1");
                        query.bind(id);
                        if (query.step() && query.flag(0)) return false;
                    }
                    write_title(connection, id, title, false);
                    return true;
                }));
    if (written) changed(id);
    return {};
}

namespace {

/// One column of one conversation.
template <typename Value>
Result<void> set_column(Database& database, const char* sql, ConversationId id, const Value& value) {
    return writing(database, [&](Connection& connection) {
        connection.query(sql).bind(id, value).run();
        require_change(connection, "conversation", id);
    });
}

}  // namespace

Result<void> Conversations::set_pinned(ConversationId id, bool pinned) {
    STORAGE_CHECK(set_column(database_, "UPDATE conversations SET pinned = ?2 WHERE id = ?1", id, pinned));
    changed(id);
    return {};
}

Result<void> Conversations::set_folder(ConversationId id, FolderId folder) {
    STORAGE_CHECK(writing(database_, [&](Connection& connection) {
        if (folder != 0) {
            auto query = connection.query("SELECT 1 FROM folders WHERE id = ?1");
            query.bind(folder);
            if (!query.step()) refuse(ErrorCode::not_found, "There is no folder " + std::to_string(folder));
        }
        connection.query("UPDATE conversations SET folder_id = nullif(?2, 0) WHERE id = ?1")
            .bind(id, folder)
            .run();
        require_change(connection, "conversation", id);
    }));
    changed(id);
    return {};
}

Result<void> Conversations::set_system_prompt(ConversationId id, const std::string& prompt) {
    STORAGE_CHECK(
        set_column(database_, "UPDATE conversations SET system_prompt = ?2 WHERE id = ?1", id, prompt));
    changed(id);
    return {};
}

Result<void> Conversations::set_model(ConversationId id, ModelId model) {
    STORAGE_CHECK(writing(database_, [&](Connection& connection) {
        if (model != 0) {
            auto query = connection.query("SELECT 1 FROM models WHERE id = ?1");
            query.bind(model);
            if (!query.step()) refuse(ErrorCode::not_found, "There is no model " + std::to_string(model));
        }
        connection.query("UPDATE conversations SET model_id = nullif(?2, 0) WHERE id = ?1")
            .bind(id, model)
            .run();
        require_change(connection, "conversation", id);
    }));
    changed(id);
    return {};
}

Result<void> Conversations::remove(ConversationId id) {
    STORAGE_CHECK(
        set_column(database_, "UPDATE conversations SET deleted_at = ?2 WHERE id = ?1", id, database_.now()));
    changed(id);
    return {};
}

Result<void> Conversations::restore(ConversationId id) {
    STORAGE_CHECK(set_column(database_, "UPDATE conversations SET deleted_at = ?2 WHERE id = ?1", id, 0));
    changed(id);
    return {};
}

Result<int> Conversations::purge(Millis deleted_before) {
    // Usually there is nothing, and then nothing is written.
    STORAGE_TRY(const bool any, reading(database_, [&](Connection& connection) {
                    auto query = connection.query(
                        "SELECT EXISTS (SELECT 1 FROM conversations WHERE deleted_at <> 0 AND deleted_at < "
                        "?1) OR EXISTS (SELECT 1 FROM messages WHERE deleted_at <> 0 AND deleted_at < ?1)");
                    query.bind(deleted_before);
                    return query.first() != 0;
                }));
    if (!any) return 0;
    auto result = writing(database_, [&](Connection& connection) {
        std::vector<ConversationId> conversations;
        {
            auto query =
                connection.query("SELECT id FROM conversations WHERE deleted_at <> 0 AND deleted_at < ?1");
            query.bind(deleted_before);
            conversations = ids_of(query);
        }
        for (const auto id : conversations) purge_conversation(connection, id);
        std::vector<MessageId> messages;
        {
            auto query =
                connection.query("SELECT id FROM messages WHERE deleted_at <> 0 AND deleted_at < ?1");
            query.bind(deleted_before);
            messages = ids_of(query);
        }
        if (!messages.empty()) erase_messages(connection, std::move(messages));
        return static_cast<int>(conversations.size());
    });
    if (result) changed(0);
    return result;
}

Result<void> Conversations::purge_one(ConversationId id) {
    STORAGE_CHECK(writing(database_, [&](Connection& connection) { purge_conversation(connection, id); }));
    changed(id);
    return {};
}

// ---- drafts ----

Result<void> Conversations::set_draft(ConversationId id, const std::string& text) {
    // Not told to listeners: a draft changes nothing that is listed.
    return writing(database_, [&](Connection& connection) {
        if (text.empty()) {
            connection.query("DELETE FROM drafts WHERE ifnull(conversation_id, 0) = ?1").bind(id).run();
            return;
        }
        connection
            .query(
                "INSERT INTO drafts (conversation_id, text, updated_at) VALUES (nullif(?1, 0), ?2, ?3) "
                "ON CONFLICT (ifnull(conversation_id, 0)) "
                "DO UPDATE SET text = excluded.text, updated_at = excluded.updated_at")
            .bind(id, text, database_.now())
            .run();
    });
}

Result<std::string> Conversations::draft(ConversationId id) const {
    return reading(database_, [&](Connection& connection) -> std::string {
        auto query = connection.query("SELECT text FROM drafts WHERE ifnull(conversation_id, 0) = ?1");
        query.bind(id);
        return query.step() ? query.text(0) : std::string();
    });
}

// ---- folders ----

Result<FolderId> Conversations::create_folder(const std::string& name) {
    auto result = writing(database_, [&](Connection& connection) -> FolderId {
        connection
            .query(
                "INSERT INTO folders (name, position) SELECT ?1, coalesce(max(position) + 1, 0) FROM folders")
            .bind(name)
            .run();
        return connection.last_insert_id();
    });
    if (result) changed(0);
    return result;
}

Result<std::vector<Folder>> Conversations::folders() const {
    return reading(database_, [](Connection& connection) {
        std::vector<Folder> folders;
        auto query = connection.query("SELECT id, name, position FROM folders ORDER BY position, id");
        while (query.step()) folders.push_back({query.integer(0), query.text(1), query.small(2)});
        return folders;
    });
}

Result<void> Conversations::rename_folder(FolderId id, const std::string& name) {
    STORAGE_CHECK(writing(database_, [&](Connection& connection) {
        connection.query("UPDATE folders SET name = ?2 WHERE id = ?1").bind(id, name).run();
        require_change(connection, "folder", id);
    }));
    changed(0);
    return {};
}

Result<void> Conversations::order_folders(std::span<const FolderId> ids) {
    STORAGE_CHECK(writing(database_, [&](Connection& connection) {
        int position = 0;
        for (const auto id : ids) {
            connection.query("UPDATE folders SET position = ?2 WHERE id = ?1").bind(id, position++).run();
            require_change(connection, "folder", id);
        }
    }));
    changed(0);
    return {};
}

Result<void> Conversations::remove_folder(FolderId id) {
    STORAGE_CHECK(writing(database_, [&](Connection& connection) {
        connection.query("DELETE FROM folders WHERE id = ?1").bind(id).run();
        require_change(connection, "folder", id);
    }));
    changed(0);
    return {};
}

}  // namespace pellucid::storage
