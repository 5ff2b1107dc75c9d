// Messages between structs and rows: shared by the repositories, the reply streams and the archive. Each
// function runs inside the caller's transaction and throws (storage/connection.h).
#pragma once

#include <map>

#include "storage/connection.h"
#include "storage/message.h"

namespace pellucid::storage {

/// The tree of one conversation without what the messages say. Branches removed by the person are left out.
struct TreeSkeleton {
    struct Node {
        MessageId id = 0, parent_id = 0, active_child = 0;
    };
    std::vector<Node> nodes;                               ///< by parent, then by position
    std::map<MessageId, std::vector<MessageId>> children;  ///< parent (0: top) to children in order
    std::map<MessageId, MessageId> active;                 ///< parent (0: top) to its shown child

    /// From the first message down along the shown children.
    std::vector<MessageId> active_path() const;
    /// Parents before children, siblings in order.
    std::vector<MessageId> depth_first() const;
};

/// not_found where there is no such conversation.
TreeSkeleton read_skeleton(Connection& connection, ConversationId conversation);
/// A message without its siblings; not_found.
Message read_message(Connection& connection, MessageId id);
std::optional<SamplerPoint> read_sampler(Connection& connection, MessageId id);
/// The parts of a message in order.
std::vector<Part> read_parts(Connection& connection, MessageId id);

/// Adds a message at the end of its siblings, makes it the shown one, enters it in the search index.
/// not_found where the parent is not in the conversation.
MessageId insert_message(Connection& connection, ConversationId conversation, MessageId parent,
                         const NewMessage& message, Millis now, std::int64_t stream_id = 0);
/// Writes a message anew, keeps its place, brings the search index along.
void replace_message(Connection& connection, MessageId id, const NewMessage& message, Millis now);
/// Makes `child` the one shown below `parent` (0: of the conversation).
void set_active_child(Connection& connection, ConversationId conversation, MessageId parent, MessageId child);
/// The conversation of a message; not_found.
ConversationId conversation_of(Connection& connection, MessageId id);
/// Changed now: moves it up in the list.
void touch_conversation(Connection& connection, ConversationId id, Millis now);
/// Deletes messages for good, children before parents, out of the search index too.
void erase_messages(Connection& connection, std::vector<MessageId> ids);

}  // namespace pellucid::storage
