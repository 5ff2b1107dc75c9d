#include "storage/stop_words.h"

#include <algorithm>

namespace pellucid::storage {

namespace {

/// In the order of their bytes.
constexpr std::string_view kWords[] = {
    "a",     "about", "after",   "all",   "also",   "am",      "an",    "and",  "any",  "are",   "as",
    "at",    "be",    "because", "been",  "before", "between", "both",  "but",  "by",   "can",   "could",
    "did",   "do",    "does",    "each",  "for",    "from",    "get",   "had",  "has",  "have",  "how",
    "i",     "if",    "in",      "into",  "is",     "it",      "its",   "just", "like", "make",  "may",
    "me",    "more",  "most",    "my",    "no",     "not",     "of",    "on",   "only", "or",    "other",
    "our",   "over",  "same",    "shall", "should", "so",      "some",  "such", "than", "that",  "the",
    "their", "them",  "then",    "there", "these",  "they",    "this",  "to",   "too",  "under", "up",
    "use",   "used",  "using",   "very",  "via",    "want",    "was",   "way",  "we",   "were",  "what",
    "when",  "where", "which",   "while", "who",    "whom",    "whose", "why",  "will", "with",  "without",
    "would", "you",   "your",    "为什",  "为何",   "么办",    "什么",  "可以", "哪一", "哪个",  "哪些",
    "哪里",  "如何",  "应该",    "怎么",  "怎样",   "是否",    "能否",
};
static_assert(std::is_sorted(std::begin(kWords), std::end(kWords)));

}  // namespace

bool is_stop_word(std::string_view token) {
    return std::binary_search(std::begin(kWords), std::end(kWords), token);
}

}  // namespace pellucid::storage
