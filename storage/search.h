// Full-text search over titles, questions, thoughts and answers, as the person types.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "storage/message.h"

namespace pellucid::storage {

/// Where a hit lies. Bits, so that a search can be limited to some.
enum class SearchField : unsigned { title = 1, question = 2, thought = 4, answer = 8 };
constexpr unsigned kAllFields = 15;

struct SearchQuery {
    /// As typed. Words are all required, the last one also as a beginning; "quoted words" stand together;
    /// -word must not occur. Any other punctuation is only a gap: no text is an error. Nothing searchable
    /// finds nothing.
    std::string text;
    unsigned fields = kAllFields;  ///< SearchField bits
    int limit = 50;                ///< conversations
    int hits_per_conversation = 1;
    int snippet_chars = 72;              ///< about, in characters
    ConversationId conversation_id = 0;  ///< only there; 0: everywhere
};

struct SearchHit {
    ConversationId conversation_id = 0;
    MessageId message_id = 0;  ///< 0: the title
    SearchField field = SearchField::title;
    std::string title;  ///< of the conversation
    /// One line around the best match, "…" where it is cut.
    std::string snippet;
    /// [matches] Bytes of `snippet` that matched, in order, not overlapping.
    struct Range {
        int begin = 0, length = 0;
        bool operator==(const Range&) const = default;
    };
    std::vector<Range> matches;
    int hits_in_conversation = 0;  ///< messages that match, at least; for "and 3 more"
    Millis created_at = 0;         ///< of the message, or of the conversation for a title
    double score = 0;              ///< higher is better
};

/// Thread safe: any thread, several at once. Best conversations first, by BM25, place (a title counts most)
/// and age.
class Search {
public:
    explicit Search(Database& database);

    Result<std::vector<SearchHit>> find(const SearchQuery& query) const;
    /// Builds the index anew from the messages.
    Result<void> rebuild();

    /// The FTS5 expression over questions, thoughts and answers made of what a person typed; empty: nothing
    /// to search for there. Public for tests.
    static std::string expression(std::string_view typed, unsigned fields);

private:
    Database& database_;
};

}  // namespace pellucid::storage
