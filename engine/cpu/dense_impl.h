// Weights that stay as the file has them (f32, f16, bf16), times single-precision activations, over any Simd.
// Four rows by a few tokens at a time, so that every load is used several times.
#pragma once

#include <cstdint>
#include <cstring>

#include "engine/base/half.h"

namespace pellucid::cpu {

/// Readers of one vector of weights from unaligned file bytes.
template <class V>
struct ReadF32 {
    static constexpr int kBytes = 4;
    static typename V::F read(const std::byte* p) { return V::load(reinterpret_cast<const float*>(p)); }
};
template <class V>
struct ReadF16 {
    static constexpr int kBytes = 2;
    static typename V::F read(const std::byte* p) { return V::load(reinterpret_cast<const Half*>(p)); }
};
template <class V>
struct ReadBf16 {
    static constexpr int kBytes = 2;
    static typename V::F read(const std::byte* p) {
        return V::load_bfloat16(reinterpret_cast<const Bfloat16*>(p));
    }
};

template <class V, class Reader>
struct Dense {
    using F = typename V::F;
    static constexpr int W = V::kWidth;

    template <int kRows, int kTokens>
    static void block(const std::byte* w, std::int64_t columns, const float* x, std::int64_t x_stride,
                      const float* bias, float* out, std::int64_t out_stride) {
        F sums[kRows][kTokens];
        for (auto& row : sums)
            for (auto& sum : row) sum = V::splat(0);
        const std::int64_t row_bytes = columns * Reader::kBytes;
        std::int64_t c = 0;
        for (; c + W <= columns; c += W) {
            F activations[kTokens];
            for (int t = 0; t < kTokens; ++t) activations[t] = V::load(x + t * x_stride + c);
            for (int r = 0; r < kRows; ++r) {
                const F weights = Reader::read(w + r * row_bytes + c * Reader::kBytes);
                for (int t = 0; t < kTokens; ++t) sums[r][t] = V::fma(weights, activations[t], sums[r][t]);
            }
        }
        if (c < columns) {  // the tail, padded with zeros on the stack
            const int left = static_cast<int>(columns - c);
            for (int t = 0; t < kTokens; ++t) {
                float padded_x[W] = {};
                std::memcpy(padded_x, x + t * x_stride + c, static_cast<std::size_t>(left) * sizeof(float));
                for (int r = 0; r < kRows; ++r) {
                    std::byte padded_w[W * Reader::kBytes] = {};
                    std::memcpy(padded_w, w + r * row_bytes + c * Reader::kBytes,
                                static_cast<std::size_t>(left * Reader::kBytes));
                    sums[r][t] = V::fma(Reader::read(padded_w), V::load(padded_x), sums[r][t]);
                }
            }
        }
        for (int r = 0; r < kRows; ++r)
            for (int t = 0; t < kTokens; ++t)
                out[t * out_stride + r] = V::reduce_add(sums[r][t]) + (bias ? bias[r] : 0.0f);
    }

    template <int kRows>
    static void rows(const std::byte* w, std::int64_t columns, const float* x, std::int64_t x_stride,
                     int tokens, const float* bias, float* out, std::int64_t out_stride) {
        constexpr int kTokens = V::kDenseTokens;
        int t = 0;
        for (; t + kTokens <= tokens; t += kTokens)
            block<kRows, kTokens>(w, columns, x + t * x_stride, x_stride, bias, out + t * out_stride,
                                  out_stride);
        for (; t < tokens; ++t)
            block<kRows, 1>(w, columns, x + t * x_stride, x_stride, bias, out + t * out_stride, out_stride);
    }

    static void tile(const void* w, std::int64_t columns, const float* x, std::int64_t x_stride, int tokens,
                     const float* bias, float* out, std::int64_t out_stride, int row_count) {
        const auto* bytes = static_cast<const std::byte*>(w);
        const std::int64_t row_bytes = columns * Reader::kBytes;
        int r = 0;
        for (; r + 4 <= row_count; r += 4)
            rows<4>(bytes + r * row_bytes, columns, x, x_stride, tokens, bias ? bias + r : nullptr, out + r,
                    out_stride);
        for (; r < row_count; ++r)
            rows<1>(bytes + r * row_bytes, columns, x, x_stride, tokens, bias ? bias + r : nullptr, out + r,
                    out_stride);
    }
};

}  // namespace pellucid::cpu
