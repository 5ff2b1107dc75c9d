// Conversations as plain structs, for export and import. The app turns them into Markdown and JSON and back.
#pragma once

#include <span>
#include <vector>

#include "storage/conversations.h"

namespace pellucid::storage {

/// A conversation with its whole tree, free of row ids.
struct ArchivedConversation {
    std::string title;
    bool title_is_given = false;
    std::string folder;  ///< name; made when missing. Empty: none
    bool pinned = false;
    std::string system_prompt;
    Millis created_at = 0, updated_at = 0;
    struct Node {
        int parent = -1;     ///< index into `nodes`, smaller than its own; -1: a first message
        bool active = true;  ///< the shown one among its siblings; the last one marked wins
        NewMessage message;
    };
    std::vector<Node> nodes;  ///< siblings in order
};

struct ImportReport {
    std::vector<ConversationId> conversations;
    int messages = 0;
};

Result<ArchivedConversation> export_conversation(Database& database, ConversationId id);
/// All in one transaction: everything or nothing. invalid_argument names the conversation and node that is
/// wrong.
Result<ImportReport> import_conversations(Database& database,
                                          std::span<const ArchivedConversation> conversations);

}  // namespace pellucid::storage
