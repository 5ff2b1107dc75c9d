// Formats of 32 values with one scale.
#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "engine/base/half.h"
#include "engine/quant/codebooks.h"
#include "engine/quant/encode_block.h"
#include "engine/quant/fit.h"

namespace pellucid {

namespace {

float inverse_of(Half scale) {
    const float d = half_to_float(scale);
    return d == 0 ? 0 : 1 / d;
}

/// Codes of 0–15 into the low nibbles, of 16–31 into the high ones.
void put_nibbles(const std::uint8_t codes[32], std::uint8_t qs[16]) {
    for (int i = 0; i < 16; ++i)
        qs[i] = static_cast<std::uint8_t>((codes[i] & 15) | (codes[16 + i] & 15) << 4);
}

}  // namespace

void encode_block(Values x, Values weights, BlockQ4_0& block) {
    block.d = finite_half(fit_signed(x, weights, -8, 7).scale);
    const float inverse = inverse_of(block.d);
    std::uint8_t codes[32];
    for (std::size_t i = 0; i < 32; ++i)
        codes[i] = static_cast<std::uint8_t>(round_clamped(x[i] * inverse, -8, 7) + 8);
    put_nibbles(codes, block.qs);
}

void encode_block(Values x, Values weights, BlockQ5_0& block) {
    block.d = finite_half(fit_signed(x, weights, -16, 15).scale);
    const float inverse = inverse_of(block.d);
    std::uint8_t codes[32];
    block.qh = 0;
    for (std::size_t i = 0; i < 32; ++i) {
        codes[i] = static_cast<std::uint8_t>(round_clamped(x[i] * inverse, -16, 15) + 16);
        block.qh |= static_cast<std::uint32_t>(codes[i] >> 4) << i;
    }
    put_nibbles(codes, block.qs);
}

void encode_block(Values x, Values, BlockQ8_0& block) {
    float largest = 0;
    for (const float v : x) largest = std::max(largest, std::fabs(v));
    const float d = largest / 127.0f, inverse = d == 0 ? 0.0f : 1.0f / d;
    block.d = finite_half(d);
    for (std::size_t i = 0; i < kBlockValues; ++i)
        // The clamp only matters where 1 / d overflows (values around 1e-38).
        block.qs[i] = static_cast<std::int8_t>(std::clamp(std::round(x[i] * inverse), -127.0f, 127.0f));
}

void encode_block(Values x, Values weights, BlockIQ4_NL& block) {
    block.d = finite_half(fit_levels(x, weights, levels_iq4));
    const float inverse = inverse_of(block.d);
    std::uint8_t codes[32];
    for (std::size_t i = 0; i < 32; ++i)
        codes[i] = static_cast<std::uint8_t>(nearest_level(levels_iq4, x[i] * inverse));
    put_nibbles(codes, block.qs);
}

void encode_block(Values x, Values weights, BlockMXFP4& block) {
    // Twice the values of E2M1, ascending, and the code of each.
    static constexpr std::array<std::int8_t, 15> levels = {-12, -8, -6, -4, -3, -2, -1, 0,
                                                           1,   2,  3,  4,  6,  8,  12};
    static constexpr std::array<std::uint8_t, 15> code_of = {15, 14, 13, 12, 11, 10, 9, 0,
                                                             1,  2,  3,  4,  5,  6,  7};
    float largest = 0;
    for (const float v : x) largest = std::max(largest, std::fabs(v));
    // The largest value lies among the largest levels, or just beyond: three exponents to choose from.
    const int exponent = largest > 0 ? static_cast<int>(std::floor(std::log2(largest))) - 2 + 127 : 0;
    float least = std::numeric_limits<float>::infinity();
    std::uint8_t codes[32] = {};
    for (int e = std::max(0, exponent - 1); e <= std::min(254, exponent + 1); ++e) {
        const float scale = std::ldexp(1.0f, e - 128);
        float error = 0;
        std::uint8_t own[32];
        for (std::size_t i = 0; i < 32; ++i) {
            const auto place = static_cast<std::size_t>(nearest_level(levels, x[i] / scale));
            const float miss = x[i] - scale * static_cast<float>(levels[place]);
            own[i] = code_of[place];
            error += weights[i] * miss * miss;
        }
        if (error >= least) continue;
        least = error;
        block.e = static_cast<std::uint8_t>(e);
        std::copy_n(own, 32, codes);
    }
    put_nibbles(codes, block.qs);
}

}  // namespace pellucid
