// The rows of the full-text index, kept in step with messages and titles inside the same transaction.
#pragma once

#include <array>

#include "storage/connection.h"
#include "storage/message.h"

namespace pellucid::storage {

/// The index is contentless: a row is taken out by giving FTS5 the same text again. Hence the order: remove
/// before changing what a message says, add after. A message that is still streaming is not in the index.
class SearchIndex {
public:
    explicit SearchIndex(Connection& connection) : connection_(connection) {}

    void add_message(MessageId id) { put(id, false); }
    /// Does nothing where there is no such message.
    void remove_message(MessageId id) { put(id, true); }
    void add_title(ConversationId id) { put_title(id, false); }
    void remove_title(ConversationId id) { put_title(id, true); }
    /// All rows anew, and the version noted.
    void rebuild();
    /// Made by the tokenizer of this build.
    static bool is_current(Connection& connection);

    /// What a message says in the three columns: question, thought, answer.
    static std::array<std::string, 3> fields(Role role, const std::vector<Part>& parts);

private:
    void put(MessageId id, bool remove);
    void put_title(ConversationId id, bool remove);

    Connection& connection_;
};

}  // namespace pellucid::storage
