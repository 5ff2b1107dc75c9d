// Sentences of a text, in Latin and CJK scripts alike.
#pragma once

#include <string_view>
#include <vector>

#include "app/answering/passage.h"

namespace pellucid::answering {

/// In order, without the blanks around them, none empty. ICU's boundaries, mended: abbreviations ("e.g.",
/// "Fig. 3", "Dr. Wu") and initials do not end a sentence; a line that ends a list item, a heading or a
/// table's row does. Any bytes.
std::vector<Span> sentences_of(std::string_view text);

}  // namespace pellucid::answering
