// Sentences of an answer or a passage.
#pragma once

#include <string_view>
#include <vector>

#include "app/answering/passage.h"

namespace pellucid::answering {

/// In order, without the blanks around them, none empty; the ends of headings, items and rows end one too
/// (app/prose/sentences.h). Any bytes.
std::vector<Span> sentences_of(std::string_view text);

}  // namespace pellucid::answering
