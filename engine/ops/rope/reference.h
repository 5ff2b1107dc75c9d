// Rotary position embedding (RoFormer, arXiv 2104.09864), scalar, in double.
#pragma once

#include <span>

#include "engine/model/rope.h"

namespace pellucid {

/// Turns the first rope.dims values of each head in place by the angles of `position`; the rest pass through.
/// heads: [n_heads, head_dim] f32; frequencies: rope_frequencies(rope, …) [dims/2].
void rope_reference(std::span<float> heads, int head_dim, const Rope& rope,
                    std::span<const double> frequencies, int position);

}  // namespace pellucid
