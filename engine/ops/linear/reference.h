// Linear layer, scalar: y = W x + b. Sums run in double, so the result is the correctly rounded one in all
// but rare cases and serves as the oracle for every faster version.
#pragma once

#include <span>

namespace pellucid {

/// sum_i a[i] * b[i]. PRECONDITION: equal sizes.
double dot_reference(std::span<const float> a, std::span<const float> b);

/// y[t, o] = sum_i weight[o, i] * x[t, i] + bias[o].
/// weight: [out, in] f32, bias: [out] f32 or empty, x: [tokens, in] f32, y: [tokens, out] f32.
void linear_reference(std::span<const float> weight, std::span<const float> bias, std::span<const float> x,
                      std::span<float> y, int tokens, int out, int in);

}  // namespace pellucid
