#include "storage/message_rows.h"

#include <algorithm>
#include <bit>
#include <cstring>

#include "storage/search_index.h"

namespace pellucid::storage {
namespace {

static_assert(std::endian::native == std::endian::little, "token ids are stored as they lie in memory");

[[noreturn]] void no_message(MessageId id) {
    refuse(ErrorCode::not_found, "There is no message " + std::to_string(id), "It may have been deleted.");
}

std::int64_t receipt_id(Connection& connection, const Receipt& r) {
    const auto find = [&]() -> std::int64_t {
        auto query = connection.query(
            "SELECT id FROM receipts WHERE model_name = ?1 AND model_digest = ?2 AND quantization = ?3 AND "
            "template_digest = ?4 AND sampling_json = ?5 AND build = ?6 AND device = ?7");
        query.bind(r.model_name, r.model_digest, r.quantization, r.template_digest, r.sampling_json, r.build,
                   r.device);
        return query.step() ? query.integer(0) : 0;
    };
    if (const auto id = find()) return id;
    connection
        .query(
            "INSERT INTO receipts (model_name, model_digest, quantization, template_digest, sampling_json, "
            "build, device) "
            "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)")
        .bind(r.model_name, r.model_digest, r.quantization, r.template_digest, r.sampling_json, r.build,
              r.device)
        .run();
    return connection.last_insert_id();
}

void write_body(Connection& connection, MessageId id, const NewMessage& message) {
    int ordinal = 0;
    for (const auto& part : message.parts)
        connection
            .query(
                "INSERT INTO parts (message_id, ordinal, kind, text, name, data, reference, seconds, "
                "token_count, byte_count) "
                "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)")
            .bind(id, ordinal++, part.kind, part.text, part.name, part.data, part.reference, part.seconds,
                  part.token_count, part.byte_count)
            .run();
    if (const auto& t = message.timings)
        connection.query("INSERT INTO timings VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)")
            .bind(id, t->prompt_tokens, t->cached_tokens, t->thought_tokens, t->answer_tokens,
                  t->prompt_seconds, t->generate_seconds, t->first_token_seconds, t->thought_seconds,
                  t->drafted_tokens, t->accepted_tokens)
            .run();
    if (const auto& receipt = message.receipt)
        connection.query("INSERT INTO reply_receipts (message_id, receipt_id, seed) VALUES (?1, ?2, ?3)")
            .bind(id, receipt_id(connection, *receipt), static_cast<std::int64_t>(receipt->seed))
            .run();
    if (const auto& sampler = message.sampler) {
        SQLite::Statement insert(
            connection.raw(),
            "INSERT INTO sampler_points (message_id, position, token_ids) VALUES (?1, ?2, ?3)");
        insert.bind(1, static_cast<std::int64_t>(id));
        insert.bind(2, static_cast<std::int64_t>(sampler->position));
        // Not a null pointer even when empty: the column is a BLOB and NOT NULL.
        insert.bind(3, sampler->token_ids.empty() ? static_cast<const void*>("") : sampler->token_ids.data(),
                    static_cast<int>(sampler->token_ids.size() * sizeof(std::int32_t)));
        insert.exec();
    }
}

std::optional<Timings> read_timings(Connection& connection, MessageId id) {
    auto query = connection.query("SELECT * FROM timings WHERE message_id = ?1");
    query.bind(id);
    if (!query.step()) return {};
    return Timings{query.small(1), query.small(2), query.small(3), query.small(4), query.real(5),
                   query.real(6),  query.real(7),  query.real(8),  query.small(9), query.small(10)};
}

std::optional<Receipt> read_receipt(Connection& connection, MessageId id) {
    auto query = connection.query(
        "SELECT r.model_name, r.model_digest, r.quantization, r.template_digest, u.seed, r.sampling_json, "
        "r.build, r.device "
        "FROM reply_receipts u JOIN receipts r ON r.id = u.receipt_id WHERE u.message_id = ?1");
    query.bind(id);
    if (!query.step()) return {};
    return Receipt{query.text(0),
                   query.text(1),
                   query.text(2),
                   query.text(3),
                   static_cast<std::uint64_t>(query.integer(4)),
                   query.text(5),
                   query.text(6),
                   query.text(7)};
}

}  // namespace

std::vector<MessageId> TreeSkeleton::active_path() const {
    std::vector<MessageId> path;
    for (MessageId at = 0;;) {
        const auto found = children.find(at);
        if (found == children.end()) return path;
        const auto chosen = active.find(at);
        const auto& among = found->second;
        // A node whose shown child was removed shows its last one.
        at = chosen != active.end() && std::find(among.begin(), among.end(), chosen->second) != among.end()
                 ? chosen->second
                 : among.back();
        path.push_back(at);
    }
}

std::vector<MessageId> TreeSkeleton::depth_first() const {
    std::vector<MessageId> order, waiting;
    const auto push_children = [&](MessageId parent) {
        if (const auto found = children.find(parent); found != children.end())
            waiting.insert(waiting.end(), found->second.rbegin(), found->second.rend());
    };
    push_children(0);
    while (!waiting.empty()) {
        const MessageId next = waiting.back();
        waiting.pop_back();
        order.push_back(next);
        push_children(next);
    }
    return order;
}

TreeSkeleton read_skeleton(Connection& connection, ConversationId conversation) {
    TreeSkeleton skeleton;
    {
        auto query = connection.query("SELECT active_child FROM conversations WHERE id = ?1");
        query.bind(conversation);
        if (!query.step())
            refuse(ErrorCode::not_found, "There is no conversation " + std::to_string(conversation),
                   "It may have been deleted.");
        skeleton.active[0] = query.integer(0);
    }
    auto query = connection.query(
        "SELECT id, coalesce(parent_id, 0), active_child FROM messages "
        "WHERE conversation_id = ?1 AND deleted_at = 0 ORDER BY parent_id, position");
    query.bind(conversation);
    while (query.step()) {
        const TreeSkeleton::Node node{query.integer(0), query.integer(1), query.integer(2)};
        skeleton.nodes.push_back(node);
        skeleton.children[node.parent_id].push_back(node.id);
        if (node.active_child != 0) skeleton.active[node.id] = node.active_child;
    }
    return skeleton;
}

std::vector<Part> read_parts(Connection& connection, MessageId id) {
    std::vector<Part> parts;
    auto query = connection.query(
        "SELECT kind, text, name, data, reference, seconds, token_count, byte_count FROM parts WHERE "
        "message_id = ?1 "
        "ORDER BY ordinal");
    query.bind(id);
    while (query.step())
        parts.push_back({static_cast<PartKind>(query.small(0)), query.text(1), query.text(2), query.text(3),
                         query.text(4), query.real(5), query.small(6), query.integer(7)});
    return parts;
}

Message read_message(Connection& connection, MessageId id) {
    Message message;
    {
        auto query = connection.query(
            "SELECT conversation_id, coalesce(parent_id, 0), role, state, answered_early, error, created_at, "
            "updated_at "
            "FROM messages WHERE id = ?1");
        query.bind(id);
        if (!query.step()) no_message(id);
        message.id = id;
        message.conversation_id = query.integer(0);
        message.parent_id = query.integer(1);
        message.role = static_cast<Role>(query.small(2));
        message.state = static_cast<MessageState>(query.small(3));
        message.answered_early = query.flag(4);
        message.error = query.text(5);
        message.created_at = query.integer(6);
        message.updated_at = query.integer(7);
    }
    message.parts = read_parts(connection, id);
    if (message.role == Role::assistant) {
        message.timings = read_timings(connection, id);
        message.receipt = read_receipt(connection, id);
    }
    return message;
}

std::optional<SamplerPoint> read_sampler(Connection& connection, MessageId id) {
    auto query = connection.query("SELECT position, token_ids FROM sampler_points WHERE message_id = ?1");
    query.bind(id);
    if (!query.step()) return {};
    SamplerPoint point;
    point.position = query.integer(0);
    const auto bytes = query.bytes(1);
    point.token_ids.resize(bytes.size() / sizeof(std::int32_t));
    if (!bytes.empty())
        std::memcpy(point.token_ids.data(), bytes.data(), point.token_ids.size() * sizeof(std::int32_t));
    return point;
}

void set_active_child(Connection& connection, ConversationId conversation, MessageId parent,
                      MessageId child) {
    if (parent != 0)
        connection.query("UPDATE messages SET active_child = ?1 WHERE id = ?2").bind(child, parent).run();
    else
        connection.query("UPDATE conversations SET active_child = ?1 WHERE id = ?2")
            .bind(child, conversation)
            .run();
}

ConversationId conversation_of(Connection& connection, MessageId id) {
    auto query = connection.query("SELECT conversation_id FROM messages WHERE id = ?1");
    query.bind(id);
    if (!query.step()) no_message(id);
    return query.integer(0);
}

void touch_conversation(Connection& connection, ConversationId id, Millis now) {
    connection.query("UPDATE conversations SET updated_at = max(updated_at, ?1) WHERE id = ?2")
        .bind(now, id)
        .run();
    if (connection.changed_rows() == 0)
        refuse(ErrorCode::not_found, "There is no conversation " + std::to_string(id),
               "It may have been deleted.");
}

MessageId insert_message(Connection& connection, ConversationId conversation, MessageId parent,
                         const NewMessage& message, Millis now, std::int64_t stream_id) {
    if (parent != 0) {
        auto query = connection.query(
            "SELECT 1 FROM messages WHERE id = ?1 AND conversation_id = ?2 AND deleted_at = 0");
        query.bind(parent, conversation);
        if (!query.step())
            refuse(ErrorCode::not_found,
                   "There is no message " + std::to_string(parent) + " in conversation " +
                       std::to_string(conversation),
                   "It may have been deleted.");
    }
    const Millis created = message.created_at != 0 ? message.created_at : now;
    touch_conversation(connection, conversation, created);
    std::int64_t position = 0;
    {
        auto query = connection.query(
            "SELECT coalesce(max(position) + 1, 0) FROM messages WHERE conversation_id = ?1 AND parent_id IS "
            "nullif(?2, 0)");
        query.bind(conversation, parent);
        query.step();
        position = query.integer(0);
    }
    connection
        .query(
            "INSERT INTO messages (conversation_id, parent_id, position, role, state, answered_early, error, "
            "stream_id, "
            "created_at, updated_at) VALUES (?1, nullif(?2, 0), ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?9)")
        .bind(conversation, parent, position, message.role, message.state, message.answered_early,
              message.error, stream_id, created)
        .run();
    const MessageId id = connection.last_insert_id();
    write_body(connection, id, message);
    set_active_child(connection, conversation, parent, id);
    SearchIndex(connection).add_message(id);
    return id;
}

void replace_message(Connection& connection, MessageId id, const NewMessage& message, Millis now) {
    const ConversationId conversation = conversation_of(connection, id);
    SearchIndex index(connection);
    index.remove_message(id);
    for (const char* sql :
         {"DELETE FROM parts WHERE message_id = ?1", "DELETE FROM timings WHERE message_id = ?1",
          "DELETE FROM reply_receipts WHERE message_id = ?1",
          "DELETE FROM sampler_points WHERE message_id = ?1"})
        connection.query(sql).bind(id).run();
    connection
        .query(
            "UPDATE messages SET role = ?2, state = ?3, answered_early = ?4, error = ?5, updated_at = ?6 "
            "WHERE id = ?1")
        .bind(id, message.role, message.state, message.answered_early, message.error, now)
        .run();
    write_body(connection, id, message);
    index.add_message(id);
    touch_conversation(connection, conversation, now);
}

void erase_messages(Connection& connection, std::vector<MessageId> ids) {
    // Children have larger ids than their parents. Deleting from the leaves keeps SQLite's cascade flat: it
    // gives up beyond 1,000 levels, and a long conversation is one chain.
    std::sort(ids.rbegin(), ids.rend());
    SearchIndex index(connection);
    for (const MessageId id : ids) {
        index.remove_message(id);
        connection.query("DELETE FROM messages WHERE id = ?1").bind(id).run();
    }
    connection.exec("DELETE FROM receipts WHERE id NOT IN (SELECT receipt_id FROM reply_receipts)");
}

}  // namespace pellucid::storage
