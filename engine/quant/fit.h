// Scales that make small integers (or levels) stand for a group of values with the least weighted squared
// error. Searches over starting scales, then alternates rounding with the least-squares scale, which never
// gets worse.
#pragma once

#include <cstdint>
#include <span>

namespace pellucid {

inline constexpr int kMostGroup = 32;  ///< values in a group

/// x[i] ~ scale * code[i]
struct SignedFit {
    float scale = 0;
    std::int8_t codes[kMostGroup] = {};
};
/// Codes in [least, most], least < 0 < most. weights: as many as x, not negative. scale may be negative.
SignedFit fit_signed(std::span<const float> x, std::span<const float> weights, int least, int most);

/// x[i] ~ scale * code[i] - minimum, minimum >= 0
struct AffineFit {
    float scale = 0, minimum = 0;
};
/// Codes in [0, most]; scale >= 0.
AffineFit fit_affine(std::span<const float> x, std::span<const float> weights, int most);

/// x[i] ~ scale * levels[code[i]], levels ascending. scale may be negative.
float fit_levels(std::span<const float> x, std::span<const float> weights,
                 std::span<const std::int8_t> levels);

/// The code of the nearest number; ties to even.
int round_clamped(float x, int least, int most);
/// The place of the nearest level, ascending levels; the lower one of two as near.
int nearest_level(std::span<const std::int8_t> levels, float x);

}  // namespace pellucid
