#include "engine/model/rope.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <numbers>

namespace pellucid {

bool uses_long_factors(const Rope& rope, int context) {
    return rope.scaling == RopeScaling::longrope && context > rope.original_context;
}

namespace {

/// YaRN's find_correction_dim: the (fractional) pair that makes `rotations` turns within the original
/// context.
double pair_with_rotations(const Rope& rope, double rotations) {
    return rope.dims * std::log(rope.original_context / (rotations * 2 * std::numbers::pi)) /
           (2 * std::log(rope.base));
}

}  // namespace

std::vector<double> rope_frequencies(const Rope& rope, std::span<const float> factors) {
    const int pairs = rope.dims / 2;
    assert(factors.empty() || factors.size() == static_cast<std::size_t>(pairs));
    std::vector<double> frequencies(static_cast<std::size_t>(pairs));
    double low = 0, high = 0;
    if (rope.scaling == RopeScaling::yarn) {
        low = pair_with_rotations(rope, rope.beta_fast);
        high = pair_with_rotations(rope, rope.beta_slow);
        if (rope.whole_pairs) {
            low = std::floor(low);
            high = std::ceil(high);
        }
        low = std::max(0.0, low);
        high = std::min(rope.dims - 1.0, high);
        if (low == high) high += 0.001;  // the ramp's denominator
    }
    for (int i = 0; i < pairs; ++i) {
        double frequency = std::pow(rope.base, -2.0 * i / rope.dims);
        if (!factors.empty()) frequency /= factors[static_cast<std::size_t>(i)];
        if (rope.scaling == RopeScaling::linear) {
            frequency /= rope.factor;
        } else if (rope.scaling == RopeScaling::yarn) {
            // Fast pairs (ramp 0) keep their frequency, slow ones (ramp 1) are interpolated.
            const double ramp = std::clamp((i - low) / (high - low), 0.0, 1.0);
            frequency = frequency * (1 - ramp) + frequency / rope.factor * ramp;
        }
        frequencies[static_cast<std::size_t>(i)] = frequency;
    }
    return frequencies;
}

}  // namespace pellucid
