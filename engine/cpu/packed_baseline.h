// Packed tiles times 8-bit activations in plain integers: what every machine runs. Included by
// kernels_baseline.cpp only.
#pragma once

#include <cstdint>
#include <cstring>

#include "engine/base/half.h"
#include "engine/cpu/packed_format.h"

namespace pellucid::cpu {
namespace {

template <PackedTraits T>
struct PackedBaseline {
    static constexpr int kWide = T.bits == 5 || T.bits == 6 ? 4 : T.bits == 3 ? 2 : T.bits;
    static constexpr int kNarrow = T.bits - kWide;

    /// codes[k][4 r + i]: row r, column 4 k + i.
    static void unpack(const std::uint8_t* p, std::uint8_t codes[8][64]) {
        constexpr int kWideVectors = kWide == 8 ? 8 : kWide;
        for (int k = 0; k < 8; ++k)
            for (int lane = 0; lane < 64; ++lane) {
                int code =
                    (p[k % kWideVectors * 64 + lane] >> (kWide * (k / kWideVectors))) & ((1 << kWide) - 1);
                if constexpr (kNarrow > 0)
                    code |= ((p[kWide * 64 + k % kNarrow * 64 + lane] >> (kNarrow * (k / kNarrow))) &
                             ((1 << kNarrow) - 1))
                            << kWide;
                codes[k][lane] = static_cast<std::uint8_t>(code);
            }
    }

    static int step(int code) {
        if constexpr (T.levels.any) return T.levels.at[code];
        return code;
    }
    static float half_at(const std::uint8_t* p, int row) {
        Half value = 0;
        std::memcpy(&value, p + 2 * row, 2);
        return half_to_float(value);
    }
    static float scale_at(const std::uint8_t* p, int row) {
        if constexpr (T.brain_scale) {
            Bfloat16 value = 0;
            std::memcpy(&value, p + 2 * row, 2);
            return bfloat16_to_float(value);
        }
        return T.unit * half_at(p, row);
    }

    static void load_scales(const std::uint8_t* scales, std::int64_t b, float s[2][16], float m[2][16]) {
        const std::uint8_t* at = scales + (T.super ? b / 8 : b) * T.scale_bytes();
        const std::uint8_t* sub =
            at + (T.has_minimum ? 64 : 32) + (b % 8) * T.groups * (T.has_minimum ? 32 : 16);
        for (int g = 0; g < T.groups; ++g)
            for (int r = 0; r < 16; ++r) {
                const float d = scale_at(at, r), dmin = T.has_minimum ? half_at(at + 32, r) : 0;
                s[g][r] = T.super ? d * static_cast<float>(static_cast<std::int8_t>(sub[16 * g + r])) : d;
                if constexpr (T.has_minimum)
                    m[g][r] = T.super ? dmin * static_cast<float>(sub[16 * (T.groups + g) + r]) : dmin;
                else
                    m[g][r] = s[g][r] * static_cast<float>(T.offset);
            }
    }

    static void tile(const std::uint8_t* tile, std::int64_t columns, const Q8Block* x, std::int64_t x_stride,
                     int token_count, const float* bias, float* out, std::int64_t out_stride, int row_count) {
        const std::int64_t blocks = columns / 32;
        const std::uint8_t* scales = tile + blocks * T.code_bytes();
        for (int t = 0; t < token_count; ++t)
            for (int r = 0; r < row_count; ++r) out[t * out_stride + r] = bias ? bias[r] : 0;
        std::uint8_t codes[8][64];
        float s[2][16], m[2][16];
        for (std::int64_t b = 0; b < blocks; ++b) {
            unpack(tile + b * T.code_bytes(), codes);
            load_scales(scales, b, s, m);
            for (int t = 0; t < token_count; ++t) {
                const Q8Block& a = x[t * x_stride + b];
                for (int r = 0; r < row_count; ++r)
                    for (int g = 0; g < T.groups; ++g) {
                        int dot = 0;
                        for (int k = g * 8 / T.groups; k < (g + 1) * 8 / T.groups; ++k)
                            for (int i = 0; i < 4; ++i) dot += step(codes[k][4 * r + i]) * a.q[4 * k + i];
                        const float sum = T.groups == 1 ? a.sum : a.sum_of_half[g];
                        out[t * out_stride + r] += a.d * s[g][r] * static_cast<float>(dot) - m[g][r] * sum;
                    }
            }
        }
    }
};

}  // namespace
}  // namespace pellucid::cpu
