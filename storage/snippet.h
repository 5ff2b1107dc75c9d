// One line of a text around what was searched for.
#pragma once

#include <string_view>

#include "storage/search_query.h"

namespace pellucid::storage {

struct Snippet {
    std::string text;
    std::vector<SearchHit::Range> matches;
    int terms_found = 0;  ///< different terms in the whole text looked at
};

/// @param width of the line; a character of a script without spaces counts two
/// Line ends become blanks; "…" stands where the text goes on. No match: the beginning of the text.
Snippet make_snippet(std::string_view text, const SearchTerms& terms, SearchTokenizer& tokenizer, int width);

}  // namespace pellucid::storage
