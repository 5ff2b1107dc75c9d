#include "engine/quant/kv_codec.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>

#include "engine/base/fp8.h"
#include "engine/base/half.h"

namespace pellucid {

// Levels of least squared error of a normal variable: J. Max, Quantizing for minimum distortion, 1960, table
// I.
const float kKvLevels4[16] = {0.1284f,  0.3881f,  0.6568f,  0.9424f,  1.2562f,  1.6181f,  2.0690f,  2.7326f,
                              -0.1284f, -0.3881f, -0.6568f, -0.9424f, -1.2562f, -1.6181f, -2.0690f, -2.7326f};
const float kKvLevels3[8] = {0.2451f, 0.7560f, 1.3439f, 2.1520f, -0.2451f, -0.7560f, -1.3439f, -2.1520f};
const float kKvLevels2[4] = {0.4528f, 1.510f, -0.4528f, -1.510f};
const float kKvLevels2Twice[8] = {0.4528f, 1.510f, -0.4528f, -1.510f, 0.4528f, 1.510f, -0.4528f, -1.510f};

namespace {

/// Level of the nearest of the `half` positive levels.
int nearest(const float* levels, int half, float magnitude) {
    int level = 0;
    for (int i = 0; i + 1 < half; ++i) level += magnitude > (levels[i] + levels[i + 1]) / 2 ? 1 : 0;
    return level;
}

int code_of(const float* levels, int half, float x) {
    return nearest(levels, half, std::abs(x)) + (x < 0 ? half : 0);
}

float absolute_maximum(std::span<const float> x) {
    float largest = 0;
    for (const float value : x) largest = std::max(largest, std::abs(value));
    return largest;
}

void store_half(float scale, std::byte* to) {
    const Half half = float_to_half(std::min(scale, 65504.0f));
    std::memcpy(to, &half, sizeof half);
}

/// An unsigned float of five exponent and three mantissa bits, 2^-16 … 1.875 * 2^15; 0 stands for nothing.
float small_scale(int code) {
    return code == 0 ? 0.0f : std::bit_cast<float>((static_cast<std::uint32_t>(code) << 20) + (111u << 23));
}
int small_scale_below(float x) {
    if (!(x > 0x1p-16f)) return 0;
    return static_cast<int>(std::min((std::bit_cast<std::uint32_t>(x) - (111u << 23)) >> 20, 255u));
}

/// Where the values lie between powers of two decides what three bits behind the first lose: of the eight
/// scales within a factor of two that clip nothing the one of least error (a fifth less than the first one's,
/// on models' keys and values).
int float8_scale(std::span<const float> x) {
    const float largest = absolute_maximum(x);
    if (!(largest > 0)) return 0;
    const int first = std::min(small_scale_below(largest / kFloat8Max) + 1, 248);
    int best = first;
    float least = 0;
    for (int code = first; code < first + 8; ++code) {
        const float scale = small_scale(code), inverse = 1 / scale;
        float error = 0;
        for (const float value : x) {
            // To three bits behind the first, as codes round all but the smallest values.
            const float own = value * inverse;
            const float rounded =
                std::bit_cast<float>((std::bit_cast<std::uint32_t>(own) + 0x80000u) & ~0xfffffu);
            error += (own - rounded) * (own - rounded);
        }
        error *= scale * scale;
        if (code == first || error < least) {
            least = error;
            best = code;
        }
    }
    return best;
}

/// Starts where the largest value meets the largest level, then twice takes the scale that suits the codes
/// best.
float fitted_scale(std::span<const float> x) {
    float scale = absolute_maximum(x) / kKvLevels4[7];
    for (int round = 0; round < 2 && scale > 0; ++round) {
        float products = 0, squares = 0;
        const float inverse = 1 / scale;
        for (const float value : x) {
            const float level = kKvLevels4[nearest(kKvLevels4, 8, std::abs(value) * inverse)];
            products += level * std::abs(value);
            squares += level * level;
        }
        scale = products / squares;
    }
    return scale;
}

/// The best of the scales around the root mean square.
int searched_scale(const float* levels, int half, std::span<const float> x) {
    float squares = 0;
    for (const float value : x) squares += value * value;
    const int middle = small_scale_below(std::sqrt(squares / static_cast<float>(x.size())));
    if (middle == 0) return 0;
    int best = middle;
    float least = 0;
    for (int code = std::max(1, middle - 2); code <= std::min(255, middle + 3); ++code) {
        const float scale = small_scale(code), inverse = 1 / scale;
        float error = 0;
        for (const float value : x) {
            const float magnitude = std::abs(value) * inverse;
            const float miss = magnitude - levels[nearest(levels, half, magnitude)];
            error += miss * miss;
        }
        error *= scale * scale;
        if (code == std::max(1, middle - 2) || error < least) {
            least = error;
            best = code;
        }
    }
    return best;
}

float scale_at(const KvLayout& layout, const std::byte* scales, int block) {
    if (layout.scale_bytes == 1) return small_scale(static_cast<int>(scales[block]));
    Half half = 0;
    std::memcpy(&half, scales + 2 * block, sizeof half);
    return half_to_float(half);
}

/// Sets the scale of one block and returns it.
float choose_scale(const KvLayout& layout, std::span<const float> x, std::byte* to) {
    switch (layout.code) {
        case KvCode::bytes:
            store_half(absolute_maximum(x) / 127, to);
            break;
        case KvCode::float8:
            *to = static_cast<std::byte>(float8_scale(x));
            break;
        case KvCode::levels16:
            store_half(fitted_scale(x), to);
            break;
        case KvCode::levels8:
            *to = static_cast<std::byte>(searched_scale(kKvLevels3, 4, x));
            break;
        default:
            *to = static_cast<std::byte>(searched_scale(kKvLevels2, 2, x));
    }
    return scale_at(layout, to, 0);
}

int code_for(KvCode code, float x) {
    switch (code) {
        case KvCode::bytes:
            return static_cast<int>(std::clamp(std::round(x), -127.0f, 127.0f)) & 0xff;
        case KvCode::float8:
            return float_to_float8(x);
        case KvCode::levels16:
            return code_of(kKvLevels4, 8, x);
        case KvCode::levels8:
            return code_of(kKvLevels3, 4, x);
        default:
            return code_of(kKvLevels2, 2, x);
    }
}

float level(KvCode code, int of) {
    switch (code) {
        case KvCode::bytes:
            return static_cast<float>(static_cast<std::int8_t>(of));
        case KvCode::float8:
            return float8_to_float(static_cast<Float8>(of));
        case KvCode::levels16:
            return kKvLevels4[of];
        case KvCode::levels8:
            return kKvLevels3[of];
        default:
            return kKvLevels2[of];
    }
}

void encode(const KvLayout& layout, std::span<const float> x, std::uint8_t* codes, std::byte* scales) {
    const auto block = static_cast<std::size_t>(layout.block);
    for (std::size_t begin = 0; begin < x.size(); begin += block) {
        const auto part = x.subspan(begin, std::min(block, x.size() - begin));
        const float scale = choose_scale(layout, part, scales);
        const float inverse = scale > 0 ? 1 / scale : 0;
        scales += layout.scale_bytes;
        for (std::size_t first = 0; first < part.size(); first += 8) {
            std::uint64_t group = 0;
            for (std::size_t i = 0; i < std::min<std::size_t>(8, part.size() - first); ++i)
                group |= static_cast<std::uint64_t>(code_for(layout.code, part[first + i] * inverse))
                         << (i * static_cast<std::size_t>(layout.bits));
            std::memcpy(codes, &group, static_cast<std::size_t>(layout.bits));
            codes += layout.bits;
        }
    }
}

void decode(const KvLayout& layout, const std::uint8_t* codes, const std::byte* scales, std::span<float> x) {
    const std::uint64_t mask = (std::uint64_t{1} << layout.bits) - 1;
    for (std::size_t i = 0; i < x.size(); ++i) {
        std::uint64_t group = 0;
        std::memcpy(&group, codes + i / 8 * static_cast<std::size_t>(layout.bits),
                    static_cast<std::size_t>(layout.bits));
        const auto own = static_cast<int>(group >> (i % 8 * static_cast<std::size_t>(layout.bits)) & mask);
        x[i] = level(layout.code, own) * scale_at(layout, scales, static_cast<int>(i) / layout.block);
    }
}

bool negative(std::size_t index) {
    // A fixed scatter of signs: the top bit of a multiplicative hash.
    return (static_cast<std::uint32_t>(index + 1) * 0x9e3779b1u >> 31) != 0;
}

/// Fn(part) for the pieces of the largest powers of two.
template <typename Fn>
void by_powers(std::span<float> x, Fn&& fn) {
    while (!x.empty()) {
        const std::size_t length = std::bit_floor(x.size());
        fn(x.first(length));
        x = x.subspan(length);
    }
}

void hadamard(std::span<float> x) {
    const std::size_t n = x.size();
    float* v = x.data();
    for (std::size_t half = 1; half < n; half *= 2)
        for (std::size_t begin = 0; begin < n; begin += 2 * half)
            for (std::size_t i = begin; i < begin + half; ++i) {
                const float a = v[i], b = v[i + half];
                v[i] = a + b;
                v[i + half] = a - b;
            }
    const float scale = 1 / std::sqrt(static_cast<float>(n));
    for (float& value : x) value *= scale;
}

void flip(std::span<float> x) {
    for (std::size_t i = 0; i < x.size(); ++i)
        if (negative(i)) x[i] = -x[i];
}

}  // namespace

float kv_scale(KvFormat format, const std::byte* scales, int block) {
    return scale_at(kv_layout(format), scales, block);
}

void kv_encode(KvFormat format, std::span<const float> x, std::uint8_t* codes, std::byte* scales) {
    encode(kv_layout(format), x, codes, scales);
}

void kv_decode(KvFormat format, const std::uint8_t* codes, const std::byte* scales, std::span<float> x) {
    decode(kv_layout(format), codes, scales, x);
}

void kv_encode_tiers(const KvTiers& tiers, std::span<const float> y, std::uint8_t* codes, std::byte* scales) {
    for (int part = 0; part < KvTiers::kParts; ++part) {
        const KvLayout& layout = KvTiers::kLayouts[static_cast<std::size_t>(part)];
        const auto n = static_cast<std::size_t>(tiers.counts[static_cast<std::size_t>(part)]);
        encode(layout, y.first(n), codes, scales);
        y = y.subspan(n);
        codes += n / 8 * static_cast<std::size_t>(layout.bits);
        scales += tiers.blocks(part) * layout.scale_bytes;
    }
}

void kv_decode_tiers(const KvTiers& tiers, const std::uint8_t* codes, const std::byte* scales,
                     std::span<float> y) {
    for (int part = 0; part < KvTiers::kParts; ++part) {
        const KvLayout& layout = KvTiers::kLayouts[static_cast<std::size_t>(part)];
        const auto n = static_cast<std::size_t>(tiers.counts[static_cast<std::size_t>(part)]);
        decode(layout, codes, scales, y.first(n));
        y = y.subspan(n);
        codes += n / 8 * static_cast<std::size_t>(layout.bits);
        scales += tiers.blocks(part) * layout.scale_bytes;
    }
}

void kv_rotate(std::span<float> x) {
    flip(x);
    by_powers(x, hadamard);
}

void kv_rotate_back(std::span<float> x) {
    by_powers(x, hadamard);
    flip(x);
}

}  // namespace pellucid
