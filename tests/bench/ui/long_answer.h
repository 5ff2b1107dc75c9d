// A long answer as models write them, the same for the same length.
#pragma once

#include <string>

namespace pellucid::bench {

/// Prose with inline code, emphasis and formulas, lists, code, display maths, tables and headings in turn, at
/// least `tokens` tokens of the MockEngine long. Words, numbers and formulas differ from part to part, so
/// that no cache of what was seen before can hide what new text costs.
std::string longAnswer(int tokens);

}  // namespace pellucid::bench
