// What attention reads from a page in each KV format, a vector at a time over any Simd: keys of W positions,
// from transposed codes, and W dimensions of one value. Blocks' scales are applied by the caller, in float.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>

#include "engine/base/half.h"
#include "engine/quant/kv_codec.h"

namespace pellucid::cpu {

template <class V>
struct KvReaders {
    using F = typename V::F;
    using I = typename V::I;
    static constexpr int W = V::kWidth;

    /// f16 (T = Half) and f32: kGroup dimensions of keys are loaded together; kBlock 0: no scales.
    template <typename T>
    struct Plain {
        static constexpr int kGroup = 1, kBlock = 0;
        using Raw = F;
        static F load_keys(const std::byte* keys, int d, std::int64_t stride, int position) {
            return V::load(reinterpret_cast<const T*>(keys) + d * stride + position);
        }
        static F key(F raw, int) { return raw; }
        static std::int64_t row_bytes(int dim) { return dim * static_cast<std::int64_t>(sizeof(T)); }
        static F value(const std::byte* row, int d) { return V::load(reinterpret_cast<const T*>(row) + d); }
        static float value1(const std::byte* row, int d) {
            T padded[W] = {};
            std::memcpy(padded, row + d * static_cast<std::int64_t>(sizeof(T)), sizeof(T));
            return V::load(padded)[0];
        }
    };

    struct Signed8 {
        static constexpr int kGroup = 1, kBlock = 32, kBits = 8, kScaleBytes = 2;
        static constexpr float kUnit = 1;  // what scales are multiplied by
        using Raw = F;
        static F load(const std::uint8_t* p) { return V::signed_bytes(p); }
    };
    struct Float8Codes {
        static constexpr int kGroup = 1, kBlock = 32, kBits = 8, kScaleBytes = 1;
        static constexpr float kUnit = 256;
        using Raw = F;
        static F load(const std::uint8_t* p) { return V::float8(p); }
    };
    /// A byte a value.
    template <class Code>
    struct Bytes : Code {
        static F load_keys(const std::byte* keys, int d, std::int64_t stride, int position) {
            return Code::load(reinterpret_cast<const std::uint8_t*>(keys) + d * stride + position);
        }
        static F key(F raw, int) { return raw; }
        static std::int64_t row_bytes(int dim) { return (dim + 7) / 8 * 8; }
        static F value(const std::byte* row, int d) {
            return Code::load(reinterpret_cast<const std::uint8_t*>(row) + d);
        }
        static float value1(const std::byte* row, int d) {
            std::uint8_t padded[W] = {static_cast<std::uint8_t>(row[d])};
            return Code::load(padded)[0];
        }
    };

    /// Two to four bits a value, eight values together.
    template <int kOfCode, int kOfBlock, int kOfScale>
    struct Packed {
        static constexpr int kGroup = 8, kBlock = kOfBlock, kBits = kOfCode, kScaleBytes = kOfScale;
        static constexpr float kUnit = 1;
        static constexpr std::int32_t kMask = (1 << kBits) - 1;
        using Raw = I;
        static F level(I code) {
            if constexpr (kBits == 4) return V::lookup16(kKvLevels4, code);
            if constexpr (kBits == 3) return V::lookup8(kKvLevels3, code);
            return V::lookup8(kKvLevels2Twice, code);
        }
        static I load_keys(const std::byte* keys, int d, std::int64_t stride, int position) {
            const auto* at = reinterpret_cast<const std::uint8_t*>(keys) + d / 8 * kBits * stride + position;
            I all = V::bytes(at);
            for (int i = 1; i < kBits; ++i) all |= V::bytes(at + i * stride) << (8 * i);
            return all;
        }
        static F key(I raw, int i) { return level((raw >> (kBits * i)) & kMask); }
        static std::int64_t row_bytes(int dim) { return (dim + 7) / 8 * kBits; }
        static std::uint32_t group(const std::byte* row, int d) {
            std::uint32_t bits = 0;
            std::memcpy(&bits, row + d / 8 * kBits, sizeof bits);  // a byte too many of three-bit codes
            return bits;
        }
        static F value(const std::byte* row, int d) {
            I shifts;
            for (int i = 0; i < W; ++i) shifts[i] = i % 8 * kBits;
            const I all = W == 16 ? V::spread(group(row, d), group(row, d + 8)) : V::spread(group(row, d), 0);
            return level((all >> (shifts + d % 8 * kBits)) & kMask);
        }
        static float value1(const std::byte* row, int d) {
            const std::uint32_t code = group(row, d) >> (d % 8 * kBits) & static_cast<std::uint32_t>(kMask);
            return kBits == 4 ? kKvLevels4[code] : kBits == 3 ? kKvLevels3[code] : kKvLevels2[code];
        }
    };

    using Q8 = Bytes<Signed8>;
    using Fp8 = Bytes<Float8Codes>;
    using Q4 = Packed<4, 32, 2>;
    using Q3 = Packed<3, 64, 1>;
    using Q2 = Packed<2, 64, 1>;  // only as a part of keys

    /// n scales as they lie to float, times the unit of the codes.
    template <class R>
    static void load_scales(const std::byte* scales, int n, float* out) {
        int i = 0;
        if constexpr (R::kScaleBytes == 2) {
            for (; i + W <= n; i += W)
                V::store(out + i, V::load(reinterpret_cast<const Half*>(scales) + i) * V::splat(R::kUnit));
            for (; i < n; ++i) {
                Half half;
                std::memcpy(&half, scales + 2 * i, sizeof half);
                out[i] = half_to_float(half) * R::kUnit;
            }
        } else {
            // Five bits of exponent and three of mantissa, to their places in a float; 0 stays 0.
            for (; i + W <= n; i += W) {
                const I code = V::bytes(reinterpret_cast<const std::uint8_t*>(scales) + i);
                const I bits = ((code << 20) + (111 << 23)) & (code > 0);
                V::store(out + i, reinterpret_cast<F>(bits) * V::splat(R::kUnit));
            }
            for (; i < n; ++i) out[i] = kv_scale(KvFormat::q3, scales, i) * R::kUnit;
        }
    }

    /// Of a page's keys in tiers: [blocks of all parts, stride].
    static void load_tier_scales(const KvTiers& tiers, const std::byte* scales, std::int64_t stride,
                                 float* out) {
        const std::int64_t halves = tiers.half_scales() * stride;
        load_scales<Q4>(scales, static_cast<int>(halves), out);
        load_scales<Q3>(scales + 2 * halves, static_cast<int>(tiers.byte_scales() * stride), out + halves);
    }

    template <class R>
    static void decode_as(const std::uint8_t* codes, const std::byte* scales, int n, float* out) {
        const auto* row = reinterpret_cast<const std::byte*>(codes);
        for (int begin = 0; begin < n; begin += R::kBlock, scales += R::kScaleBytes) {
            float scale;
            load_scales<R>(scales, 1, &scale);
            const int end = begin + R::kBlock < n ? begin + R::kBlock : n;
            int d = begin;
            for (; d + W <= end; d += W) V::store(out + d, R::value(row, d) * V::splat(scale));
            for (; d < end; ++d) out[d] = R::value1(row, d) * scale;
        }
    }
    static void decode(KvFormat format, const std::uint8_t* codes, const std::byte* scales, int n,
                       float* out) {
        switch (format) {
            case KvFormat::q8:
                return decode_as<Q8>(codes, scales, n, out);
            case KvFormat::fp8:
                return decode_as<Fp8>(codes, scales, n, out);
            case KvFormat::q4:
                return decode_as<Q4>(codes, scales, n, out);
            default:
                return decode_as<Q3>(codes, scales, n, out);
        }
    }
};

}  // namespace pellucid::cpu
