// When two terms say the same thing.
#pragma once

#include <string_view>

#include "app/answering/claim_terms.h"

namespace pellucid::answering {

/// It carries meaning of its own.
bool is_content(const Term& term);

/// The same thing said: forms of a word, parts of a joined name, equal numbers.
bool same_term(const Term& a, const Term& b);

bool has(const Terms& terms, const Term& wanted);

/// A name in a folded text, literally and not within a longer one ("LaTeX" is "LATEX").
bool stands_in(std::string_view folded, std::string_view name);

}  // namespace pellucid::answering
