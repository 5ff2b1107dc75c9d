// What a person typed, as terms: for the FTS5 expression and for marking the hits in a snippet.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "storage/search.h"
#include "storage/search_tokenizer.h"

namespace pellucid::storage {

/// Words that stand together.
struct SearchTerm {
    std::vector<std::string> tokens;  ///< [places] folded, as in the index
    bool beginning = false;           ///< the last token is only a beginning
    bool excluded = false;
};

struct SearchTerms {
    std::vector<SearchTerm> terms;

    /// Nothing that must occur: nothing can be found.
    bool empty() const;
    /// FTS5 syntax; every token is quoted, so that nothing typed is read as an operator.
    std::string expression() const;
};

/// Blank-separated words; "…" (also “…” and 「…」) keeps words together; a leading - excludes. The last word
/// is taken as a beginning unless it is quoted or followed by a blank.
SearchTerms parse_search(std::string_view typed, SearchTokenizer& tokenizer);

}  // namespace pellucid::storage
