// The 8-bit float with four exponent and three mantissa bits (E4M3FN; arXiv 2209.05433): no infinities,
// largest finite number 448.
#pragma once

#include <bit>
#include <cstdint>

#include "engine/base/half.h"

namespace pellucid {

/// Storage of an E4M3. Arithmetic happens in float.
using Float8 = std::uint8_t;

inline constexpr float kFloat8Max = 448;

/// Exact for every pattern, subnormals included; 0x7f and 0xff are NaN.
constexpr float float8_to_float(Float8 value) {
    const std::uint32_t sign = static_cast<std::uint32_t>(value & 0x80u) << 24, magnitude = value & 0x7fu;
    if (magnitude == 0x7f) return std::bit_cast<float>(sign | 0x7fc00000u);
    // As a half with its exponent too small by 8; halves hold the subnormals too.
    const float x = half_to_float(static_cast<Half>(magnitude << 7)) * 256.0f;
    return std::bit_cast<float>(std::bit_cast<std::uint32_t>(x) | sign);
}

/// To nearest, ties to even; beyond the range becomes 448 with its sign; a NaN stays a NaN.
constexpr Float8 float_to_float8(float value) {
    const std::uint32_t bits = std::bit_cast<std::uint32_t>(value);
    const auto sign = static_cast<std::uint32_t>((bits >> 24) & 0x80u);
    const std::uint32_t magnitude = bits & 0x7fffffffu;
    if (magnitude > 0x7f800000u) return static_cast<Float8>(sign | 0x7fu);
    if (magnitude >= 0x43e80000u) return static_cast<Float8>(sign | 0x7eu);  // 464 and above
    if (magnitude < 0x3c800000u) {  // below 2^-6: whole multiples of 2^-9
        // Adding 2^23 units of 2^-9 rounds to a whole number of them, ties to even.
        const float shifted = std::bit_cast<float>(magnitude) + 16384.0f;
        return static_cast<Float8>(sign | (std::bit_cast<std::uint32_t>(shifted) & 0xfu));
    }
    const std::uint32_t rounded = magnitude + 0x7ffffu + ((magnitude >> 20) & 1);
    return static_cast<Float8>(sign | ((rounded - 0x3c000000u) >> 20));
}

}  // namespace pellucid
