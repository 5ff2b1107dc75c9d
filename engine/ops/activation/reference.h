// The non-linear part of the feed-forward layer, and soft caps, scalar.
#pragma once

#include <span>

#include "engine/model/spec.h"

namespace pellucid {

/// The gate's part alone. silu: x * sigmoid(x). gelu: x * Phi(x) by erf. gelu_tanh: its tanh form (arXiv
/// 1606.08415). clamped_swish: m * sigmoid(1.702 m), m = min(x, 7).
double activate_reference(Activation activation, double x);

/// y[i] = act(gate[i]) * up[i], for clamped_swish act(gate[i]) * (clamp(up[i], -7, 7) + 1); up empty: y[i] =
/// act(gate[i]). All [width] f32; y may be gate or up.
void gated_activation_reference(Activation activation, std::span<const float> gate, std::span<const float> up,
                                std::span<float> y);

/// cap * tanh(x / cap); cap 0: x.
double soft_cap_reference(double x, double cap);

}  // namespace pellucid
