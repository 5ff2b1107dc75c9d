// Words of a question that say how it asks, not what about.
#pragma once

#include <string_view>

namespace pellucid::storage {

/// English articles, pronouns, auxiliaries, prepositions and question words, case-folded; Chinese question
/// words as the pairs of characters that the tokenizer makes of them. In manuals such words are rare enough
/// ("how", "should", "my") to outweigh what the question is about.
bool is_stop_word(std::string_view token);

}  // namespace pellucid::storage
