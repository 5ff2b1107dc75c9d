// The tree of messages of a conversation: the second half of Conversations.
#include "storage/conversations.h"

#include <algorithm>

#include "storage/message_rows.h"
#include "storage/search_index.h"

namespace pellucid::storage {
namespace {

struct Place {
    ConversationId conversation = 0;
    MessageId parent = 0;
    Millis deleted_at = 0;
};

Place place_of(Connection& connection, MessageId id) {
    auto query = connection.query(
        "SELECT conversation_id, coalesce(parent_id, 0), deleted_at FROM messages WHERE id = ?1");
    query.bind(id);
    if (!query.step())
        refuse(ErrorCode::not_found, "There is no message " + std::to_string(id),
               "It may have been deleted.");
    return {query.integer(0), query.integer(1), query.integer(2)};
}

void require_conversation(Connection& connection, ConversationId id) {
    auto query = connection.query("SELECT 1 FROM conversations WHERE id = ?1 AND deleted_at = 0");
    query.bind(id);
    if (!query.step())
        refuse(ErrorCode::not_found, "There is no conversation " + std::to_string(id),
               "It may have been deleted.");
}

constexpr const char* kBranch =
    "WITH RECURSIVE branch (id) AS (SELECT ?1 UNION ALL SELECT m.id FROM messages m JOIN branch b ON "
    "m.parent_id = b.id) ";

std::vector<Message> read_messages(Connection& connection, const TreeSkeleton& skeleton,
                                   const std::vector<MessageId>& ids) {
    std::vector<Message> messages;
    messages.reserve(ids.size());
    for (const auto id : ids) {
        messages.push_back(read_message(connection, id));
        messages.back().siblings = skeleton.children.at(messages.back().parent_id);
    }
    return messages;
}

}  // namespace

Result<MessageId> Conversations::append(ConversationId conversation, MessageId parent,
                                        const NewMessage& message) {
    auto result = writing(database_, [&](Connection& connection) {
        require_conversation(connection, conversation);
        return insert_message(connection, conversation, parent, message, database_.now());
    });
    if (result) changed(conversation);
    return result;
}

Result<MessageId> Conversations::edit(MessageId original, const NewMessage& message) {
    ConversationId conversation = 0;
    auto result = writing(database_, [&](Connection& connection) {
        const Place place = place_of(connection, original);
        conversation = place.conversation;
        require_conversation(connection, conversation);
        return insert_message(connection, conversation, place.parent, message, database_.now());
    });
    if (result) changed(conversation);
    return result;
}

Result<void> Conversations::activate(MessageId id) {
    ConversationId conversation = 0;
    STORAGE_CHECK(writing(database_, [&](Connection& connection) {
        for (MessageId at = id; at != 0;) {
            const Place place = place_of(connection, at);
            if (place.deleted_at != 0)
                refuse(ErrorCode::not_found, "Message " + std::to_string(at) + " was deleted",
                       "Undo the deletion first.");
            conversation = place.conversation;
            set_active_child(connection, conversation, place.parent, at);
            at = place.parent;
        }
    }));
    changed(conversation);
    return {};
}

Result<ConversationId> Conversations::fork(MessageId last, const std::string& title) {
    auto result = writing(database_, [&](Connection& connection) -> ConversationId {
        std::vector<MessageId> path;
        ConversationId source = 0;
        for (MessageId at = last; at != 0;) {
            const Place place = place_of(connection, at);
            path.insert(path.begin(), at);
            source = place.conversation;
            at = place.parent;
        }
        const Millis now = database_.now();
        connection
            .query(
                "INSERT INTO conversations (title, title_is_given, folder_id, system_prompt, model_id, "
                "created_at, updated_at) "
                "SELECT ?2, title_is_given, folder_id, system_prompt, model_id, ?3, ?3 FROM conversations "
                "WHERE id = ?1")
            .bind(source, title, now)
            .run();
        const ConversationId target = connection.last_insert_id();
        SearchIndex(connection).add_title(target);
        MessageId parent = 0;
        for (const auto id : path) {
            const Message from = read_message(connection, id);
            NewMessage copy{from.role,      from.parts,   from.state,   from.answered_early,
                            from.error,     from.timings, from.receipt, read_sampler(connection, id),
                            from.created_at};
            // Nobody writes the copy: what was there when it was made is all it will be.
            if (copy.state == MessageState::streaming) copy.state = MessageState::interrupted;
            parent = insert_message(connection, target, parent, copy, now);
        }
        return target;
    });
    if (result) changed(*result);
    return result;
}

Result<std::vector<Message>> Conversations::active_path(ConversationId id) const {
    return reading(database_, [&](Connection& connection) {
        const auto skeleton = read_skeleton(connection, id);
        return read_messages(connection, skeleton, skeleton.active_path());
    });
}

Result<std::vector<Message>> Conversations::tree(ConversationId id) const {
    return reading(database_, [&](Connection& connection) {
        const auto skeleton = read_skeleton(connection, id);
        return read_messages(connection, skeleton, skeleton.depth_first());
    });
}

Result<Message> Conversations::message(MessageId id) const {
    return reading(database_, [&](Connection& connection) {
        Message message = read_message(connection, id);
        auto query = connection.query(
            "SELECT id FROM messages WHERE conversation_id = ?1 AND parent_id IS nullif(?2, 0) AND "
            "deleted_at = 0 "
            "ORDER BY position");
        query.bind(message.conversation_id, message.parent_id);
        while (query.step()) message.siblings.push_back(query.integer(0));
        return message;
    });
}

Result<std::optional<SamplerPoint>> Conversations::sampler(MessageId id) const {
    return reading(database_, [&](Connection& connection) { return read_sampler(connection, id); });
}

Result<void> Conversations::update(MessageId id, const NewMessage& message) {
    ConversationId conversation = 0;
    STORAGE_CHECK(writing(database_, [&](Connection& connection) {
        conversation = conversation_of(connection, id);
        replace_message(connection, id, message, database_.now());
    }));
    changed(conversation);
    return {};
}

Result<void> Conversations::remove_branch(MessageId id) {
    ConversationId conversation = 0;
    STORAGE_CHECK(writing(database_, [&](Connection& connection) {
        const Place place = place_of(connection, id);
        if (place.deleted_at != 0)
            refuse(ErrorCode::not_found, "Message " + std::to_string(id) + " is deleted already");
        conversation = place.conversation;
        // Branches inside it that were removed before keep their own time, so that each undo brings back its
        // own.
        static const std::string kSql =
            std::string(kBranch) +
            "UPDATE messages SET deleted_at = ?2 WHERE deleted_at = 0 AND id IN (SELECT id FROM branch)";
        Millis stamp = database_.now();
        {
            auto latest = connection.query(
                "SELECT coalesce(max(deleted_at), 0) FROM messages WHERE conversation_id = ?1");
            latest.bind(conversation);
            latest.step();
            stamp = std::max(stamp, latest.integer(0) + 1);
        }
        connection.query(kSql.c_str()).bind(id, stamp).run();
        // The neighbour before it is shown instead, or the one after.
        MessageId neighbour = 0;
        {
            auto query = connection.query(
                "SELECT id FROM messages m WHERE conversation_id = ?1 AND parent_id IS nullif(?2, 0) AND "
                "deleted_at = 0 "
                "ORDER BY position < (SELECT position FROM messages WHERE id = ?3) DESC, "
                "abs(position - (SELECT position FROM messages WHERE id = ?3)) LIMIT 1");
            query.bind(conversation, place.parent, id);
            if (query.step()) neighbour = query.integer(0);
        }
        const auto shown = place.parent != 0
                               ? connection.query("SELECT active_child FROM messages WHERE id = ?1")
                                     .bind(place.parent)
                                     .first()
                               : connection.query("SELECT active_child FROM conversations WHERE id = ?1")
                                     .bind(conversation)
                                     .first();
        if (shown == id) set_active_child(connection, conversation, place.parent, neighbour);
    }));
    changed(conversation);
    return {};
}

Result<void> Conversations::restore_branch(MessageId id) {
    ConversationId conversation = 0;
    STORAGE_CHECK(writing(database_, [&](Connection& connection) {
        const Place place = place_of(connection, id);
        conversation = place.conversation;
        if (place.deleted_at == 0) return;
        if (place.parent != 0 && place_of(connection, place.parent).deleted_at != 0)
            refuse(ErrorCode::invalid_argument,
                   "Message " + std::to_string(id) + " is part of a deleted branch",
                   "Undo the deletion of that branch first.");
        static const std::string kSql =
            std::string(kBranch) +
            "UPDATE messages SET deleted_at = 0 WHERE deleted_at = ?2 AND id IN (SELECT id FROM branch)";
        connection.query(kSql.c_str()).bind(id, place.deleted_at).run();
        set_active_child(connection, conversation, place.parent, id);
    }));
    changed(conversation);
    return {};
}

}  // namespace pellucid::storage
