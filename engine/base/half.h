// IEEE half precision and bfloat16 as 16-bit storage, converted exactly one way and to nearest even the
// other.
#pragma once

#include <bit>
#include <cstdint>

namespace pellucid {

/// Storage of an IEEE 754 binary16. Arithmetic happens in float.
using Half = std::uint16_t;
/// Storage of a bfloat16: the upper half of a binary32.
using Bfloat16 = std::uint16_t;

/// Exact for every pattern, subnormals included; a NaN keeps its sign and payload bits and becomes quiet.
constexpr float half_to_float(Half half) {
    const std::uint32_t sign = static_cast<std::uint32_t>(half & 0x8000u) << 16;
    const std::uint32_t exponent = (half >> 10) & 0x1fu;
    const std::uint32_t mantissa = half & 0x3ffu;
    if (exponent == 0x1f)
        return std::bit_cast<float>(sign | 0x7f800000u | (mantissa << 13) | (mantissa ? 0x400000u : 0u));
    if (exponent != 0) return std::bit_cast<float>(sign | ((exponent + 112) << 23) | (mantissa << 13));
    // Subnormal or zero: mantissa * 2^-24 is exact in float.
    const float magnitude = static_cast<float>(mantissa) * 0x1p-24f;
    return std::bit_cast<float>(std::bit_cast<std::uint32_t>(magnitude) | sign);
}

/// To nearest, ties to even; beyond the range becomes infinity; a NaN stays a (quiet) NaN.
constexpr Half float_to_half(float value) {
    const std::uint32_t bits = std::bit_cast<std::uint32_t>(value);
    const auto sign = static_cast<std::uint16_t>((bits >> 16) & 0x8000u);
    const std::uint32_t magnitude = bits & 0x7fffffffu;
    if (magnitude > 0x7f800000u) return static_cast<Half>(sign | 0x7e00u | ((magnitude >> 13) & 0x3ffu));
    if (magnitude >= 0x477ff000u)
        return static_cast<Half>(sign | 0x7c00u);  // 65520 and above round to infinity
    if (magnitude < 0x38800000u) {                 // below 2^-14: a subnormal half, or zero
        if (magnitude < 0x33000000u) return sign;  // below 2^-25
        const std::uint32_t shift = 126 - (magnitude >> 23);
        const std::uint32_t mantissa = (magnitude & 0x7fffffu) | 0x800000u;
        const std::uint32_t kept = mantissa >> shift;
        const std::uint32_t rest = mantissa & ((1u << shift) - 1), tie = 1u << (shift - 1);
        return static_cast<Half>(sign | (kept + (rest > tie || (rest == tie && (kept & 1)) ? 1 : 0)));
    }
    const std::uint32_t rounded = magnitude + 0xfffu + ((magnitude >> 13) & 1);
    return static_cast<Half>(sign | ((rounded - 0x38000000u) >> 13));
}

/// Exact.
constexpr float bfloat16_to_float(Bfloat16 value) {
    return std::bit_cast<float>(static_cast<std::uint32_t>(value) << 16);
}

/// To nearest, ties to even; a NaN stays a (quiet) NaN.
constexpr Bfloat16 float_to_bfloat16(float value) {
    const std::uint32_t bits = std::bit_cast<std::uint32_t>(value);
    if ((bits & 0x7fffffffu) > 0x7f800000u) return static_cast<Bfloat16>((bits >> 16) | 0x40u);
    return static_cast<Bfloat16>((bits + 0x7fffu + ((bits >> 16) & 1)) >> 16);
}

}  // namespace pellucid
