// Attention of one query head over the keys and values it sees (arXiv 1706.03762), scalar, in double.
#pragma once

#include <functional>
#include <optional>
#include <span>

namespace pellucid {

/// The key or value vector [head_dim] f32 of a position.
using HeadAt = std::function<std::span<const float>(int position)>;

/// output = sum_p softmax_p(cap(query . key(p) * scale)) value(p) for p in [first, last].
/// With a sink the softmax runs over the scores and the sink, whose share adds nothing to the sum.
/// query [key width], output [value width] f32; soft_cap 0: none. PRECONDITION: first <= last.
void attention_reference(std::span<const float> query, const HeadAt& key, const HeadAt& value, int first,
                         int last, float scale, float soft_cap, std::span<float> output,
                         std::optional<float> sink = std::nullopt);

/// First position that `position` sees through a window (0: all).
inline int first_visible(int position, int window) {
    return window > 0 && position >= window ? position - window + 1 : 0;
}

}  // namespace pellucid
