// Forms of one word.
#pragma once

#include <string_view>

namespace pellucid::answering {

/// The same word in another form ("excluded", "exclude"; "amortised", "amortization"). Folded words.
bool same_word(std::string_view a, std::string_view b);

}  // namespace pellucid::answering
