#include "storage/archive.h"

#include <map>

#include "storage/message_rows.h"
#include "storage/search_index.h"

namespace pellucid::storage {
namespace {

FolderId folder_named(Connection& connection, const std::string& name) {
    {
        auto query = connection.query("SELECT id FROM folders WHERE name = ?1 ORDER BY position LIMIT 1");
        query.bind(name);
        if (const auto id = query.first()) return id;
    }
    connection
        .query("INSERT INTO folders (name, position) SELECT ?1, coalesce(max(position) + 1, 0) FROM folders")
        .bind(name)
        .run();
    return connection.last_insert_id();
}

[[noreturn]] void wrong_node(std::size_t conversation, std::size_t node, const char* what) {
    refuse(ErrorCode::invalid_argument,
           "conversation " + std::to_string(conversation) + ", message " + std::to_string(node) + ": " + what,
           "Nothing was imported.");
}

}  // namespace

Result<ArchivedConversation> export_conversation(Database& database, ConversationId id) {
    return reading(database, [&](Connection& connection) {
        ArchivedConversation archive;
        const auto skeleton = read_skeleton(connection, id);
        {
            auto query = connection.query(
                "SELECT c.title, c.title_is_given, coalesce(f.name, ''), c.pinned, c.system_prompt, "
                "c.created_at, c.updated_at "
                "FROM conversations c LEFT JOIN folders f ON f.id = c.folder_id WHERE c.id = ?1");
            query.bind(id);
            query.step();
            archive.title = query.text(0);
            archive.title_is_given = query.flag(1);
            archive.folder = query.text(2);
            archive.pinned = query.flag(3);
            archive.system_prompt = query.text(4);
            archive.created_at = query.integer(5);
            archive.updated_at = query.integer(6);
        }
        std::map<MessageId, int> index;
        for (const auto message_id : skeleton.depth_first()) {
            Message message = read_message(connection, message_id);
            ArchivedConversation::Node node;
            node.parent = message.parent_id == 0 ? -1 : index.at(message.parent_id);
            const auto active = skeleton.active.find(message.parent_id);
            node.active = active != skeleton.active.end() && active->second == message_id;
            node.message = {message.role,      std::move(message.parts),
                            message.state,     message.answered_early,
                            message.error,     message.timings,
                            message.receipt,   read_sampler(connection, message_id),
                            message.created_at};
            index[message_id] = static_cast<int>(archive.nodes.size());
            archive.nodes.push_back(std::move(node));
        }
        return archive;
    });
}

Result<ImportReport> import_conversations(Database& database,
                                          std::span<const ArchivedConversation> conversations) {
    return writing_durably(database, [&](Connection& connection) {
        ImportReport report;
        const Millis now = database.now();
        for (std::size_t c = 0; c < conversations.size(); ++c) {
            const auto& archive = conversations[c];
            const Millis created = archive.created_at != 0 ? archive.created_at : now;
            const FolderId folder = archive.folder.empty() ? 0 : folder_named(connection, archive.folder);
            connection
                .query(
                    "INSERT INTO conversations (title, title_is_given, folder_id, pinned, system_prompt, "
                    "created_at, updated_at) "
                    "VALUES (?1, ?2, nullif(?3, 0), ?4, ?5, ?6, ?6)")
                .bind(archive.title, archive.title_is_given, folder, archive.pinned, archive.system_prompt,
                      created)
                .run();
            const ConversationId id = connection.last_insert_id();
            SearchIndex(connection).add_title(id);
            std::vector<MessageId> ids;
            std::map<MessageId, MessageId> active;
            for (std::size_t n = 0; n < archive.nodes.size(); ++n) {
                const auto& node = archive.nodes[n];
                if (node.parent < -1 || node.parent >= static_cast<int>(n))
                    wrong_node(c, n, "its parent does not come before it");
                NewMessage message = node.message;
                if (message.state == MessageState::streaming) message.state = MessageState::interrupted;
                if (message.created_at == 0) message.created_at = created;
                const MessageId parent = node.parent < 0 ? 0 : ids[static_cast<std::size_t>(node.parent)];
                ids.push_back(insert_message(connection, id, parent, message, now));
                if (node.active) active[parent] = ids.back();
            }
            for (const auto& [parent, child] : active) set_active_child(connection, id, parent, child);
            if (archive.updated_at != 0)
                connection.query("UPDATE conversations SET updated_at = ?2 WHERE id = ?1")
                    .bind(id, archive.updated_at)
                    .run();
            report.conversations.push_back(id);
            report.messages += static_cast<int>(ids.size());
        }
        return report;
    });
}

}  // namespace pellucid::storage
