// Sentences that give orders to a language model, by wording, in English and Chinese.
#pragma once

#include <string_view>

namespace pellucid::answering {

/// `folded`: one sentence as fold() leaves it. A sentence counts where it names the model's own instructions,
/// or where it both speaks to a model and orders something. What people tell people ("ignore the previous
/// step", "do not forget the above rules") does not.
bool orders_a_model(std::string_view folded);

}  // namespace pellucid::answering
