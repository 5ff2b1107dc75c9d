// Packed tiles times 8-bit activations with vpdpbusd: 16 rows in the lanes of a register, up to eight tokens
// at a time against codes unpacked once. Included by kernels_avx512.cpp only.
#pragma once

#include <immintrin.h>

#include <cstdint>
#include <cstring>

#include "engine/cpu/packed_format.h"

namespace pellucid::cpu {
namespace {

template <PackedTraits T>
struct PackedAvx512 {
    /// How far before its use a line of weights is asked for; the next tile follows directly. One thread
    /// streaming Q6_K 16384 x 1536 on an EPYC of family 26 (Zen 5), busy machine, 2026-11-22: 20 GB/s
    /// without, 26 at 2048, 30 at 4096, 42 at 8192.
    static constexpr int kAhead = 8192;
    static constexpr int kLevelOffset = 128;
    static constexpr int kOffset = T.levels.any ? kLevelOffset : T.offset;

    /// Codes of 32 columns: v[k] holds columns 4 k … 4 k + 3 of each row.
    static void unpack(const std::uint8_t* p, __m512i v[8]) {
        const auto load = [&](int at) { return _mm512_loadu_si512(p + at); };
        constexpr int kWide = T.bits == 5 || T.bits == 6 ? 4 : T.bits == 3 ? 2 : T.bits;
        if constexpr (kWide == 8) {
            for (int k = 0; k < 8; ++k) v[k] = load(64 * k);
        } else if constexpr (kWide == 4) {
            const __m512i mask = _mm512_set1_epi8(15);
            for (int k = 0; k < 4; ++k) {
                const __m512i n = load(64 * k);
                v[k] = _mm512_and_si512(n, mask);
                v[k + 4] = _mm512_and_si512(_mm512_srli_epi16(n, 4), mask);
            }
            if constexpr (T.levels.any) {  // as unsigned numbers, kLevelOffset too large
                const __m128i levels = _mm_loadu_si128(reinterpret_cast<const __m128i*>(T.levels.at));
                const __m512i table = _mm512_broadcast_i32x4(
                    _mm_add_epi8(levels, _mm_set1_epi8(static_cast<char>(kLevelOffset))));
                for (int k = 0; k < 8; ++k) v[k] = _mm512_shuffle_epi8(table, v[k]);
            }
        } else {
            const __m512i mask = _mm512_set1_epi8(3);
            for (int j = 0; j < 2; ++j) {
                const __m512i n = load(64 * j);
                v[j] = _mm512_and_si512(n, mask);
                v[j + 2] = _mm512_and_si512(_mm512_srli_epi16(n, 2), mask);
                v[j + 4] = _mm512_and_si512(_mm512_srli_epi16(n, 4), mask);
                v[j + 6] = _mm512_and_si512(_mm512_srli_epi16(n, 6), mask);
            }
        }
        constexpr int kOrAnd = 0xf8;  // a | (b & c)
        if constexpr (T.bits == 3 || T.bits == 5) {
            const __m512i n = load(kWide * 64), mask = _mm512_set1_epi8(1 << kWide);
            for (int k = 0; k < 8; ++k) {
                const __m512i bit = k < kWide ? _mm512_sll_epi16(n, _mm_cvtsi32_si128(kWide - k))
                                              : _mm512_srl_epi16(n, _mm_cvtsi32_si128(k - kWide));
                v[k] = _mm512_ternarylogic_epi32(v[k], bit, mask, kOrAnd);
            }
        } else if constexpr (T.bits == 6) {
            const __m512i mask = _mm512_set1_epi8(0x30);
            for (int j = 0; j < 2; ++j) {
                const __m512i n = load(256 + 64 * j);
                v[j] = _mm512_ternarylogic_epi32(v[j], _mm512_slli_epi16(n, 4), mask, kOrAnd);
                v[j + 2] = _mm512_ternarylogic_epi32(v[j + 2], _mm512_slli_epi16(n, 2), mask, kOrAnd);
                v[j + 4] = _mm512_ternarylogic_epi32(v[j + 4], n, mask, kOrAnd);
                v[j + 6] = _mm512_ternarylogic_epi32(v[j + 6], _mm512_srli_epi16(n, 2), mask, kOrAnd);
            }
        }
    }

    static __m512 halves(const std::uint8_t* p) {
        return _mm512_cvtph_ps(_mm256_loadu_si256(reinterpret_cast<const __m256i*>(p)));
    }
    static __m512 brains(const std::uint8_t* p) {
        const __m512i wide = _mm512_cvtepu16_epi32(_mm256_loadu_si256(reinterpret_cast<const __m256i*>(p)));
        return _mm512_castsi512_ps(_mm512_slli_epi32(wide, 16));
    }
    static __m128i bytes(const std::uint8_t* p) {
        return _mm_loadu_si128(reinterpret_cast<const __m128i*>(p));
    }

    /// Scale and minimum of each group of block b; an offset is a minimum of offset * scale.
    static void load_scales(const std::uint8_t* scales, std::int64_t b, __m512 s[2], __m512 m[2]) {
        const std::uint8_t* at = scales + (T.super ? b / 8 : b) * T.scale_bytes();
        __m512 d = T.brain_scale ? brains(at) : halves(at);
        if constexpr (T.unit != 1) d = _mm512_mul_ps(d, _mm512_set1_ps(T.unit));
        if constexpr (!T.super) {
            s[0] = d;
            m[0] = T.has_minimum ? halves(at + 32) : _mm512_mul_ps(d, _mm512_set1_ps(kOffset));
        } else {
            const std::uint8_t* sub =
                at + (T.has_minimum ? 64 : 32) + (b % 8) * T.groups * (T.has_minimum ? 32 : 16);
            for (int g = 0; g < T.groups; ++g)
                s[g] = _mm512_mul_ps(d, _mm512_cvtepi32_ps(_mm512_cvtepi8_epi32(bytes(sub + 16 * g))));
            for (int g = 0; g < T.groups; ++g)
                m[g] = T.has_minimum ? _mm512_mul_ps(halves(at + 32), _mm512_cvtepi32_ps(_mm512_cvtepu8_epi32(
                                                                          bytes(sub + 16 * (T.groups + g)))))
                                     : _mm512_mul_ps(s[g], _mm512_set1_ps(kOffset));
        }
    }

    static __m512i broadcast(const std::int8_t* q) {
        std::int32_t four = 0;
        std::memcpy(&four, q, 4);
        return _mm512_set1_epi32(four);
    }

    template <int kTokens>
    static void tokens(const std::uint8_t* tile, std::int64_t columns, const Q8Block* x,
                       std::int64_t x_stride, __m512 start, float* out, std::int64_t out_stride,
                       __mmask16 rows) {
        const std::int64_t blocks = columns / 32;
        const std::uint8_t* scales = tile + blocks * T.code_bytes();
        __m512 sums[kTokens];
        for (auto& sum : sums) sum = start;
        for (std::int64_t b = 0; b < blocks; ++b) {
            __m512i v[8];
            __m512 s[2], m[2];
            if constexpr (kTokens <= 2)  // many tokens read a tile from the cache
                for (int line = 0; line < T.bits; ++line)
                    _mm_prefetch(
                        reinterpret_cast<const char*>(tile) + b * T.code_bytes() + kAhead + 64 * line,
                        _MM_HINT_T0);
            unpack(tile + b * T.code_bytes(), v);
            load_scales(scales, b, s, m);
            for (int t = 0; t < kTokens; ++t) {
                const Q8Block& a = x[t * x_stride + b];
                __m512i dots = _mm512_setzero_si512(), more = _mm512_setzero_si512();
                for (int k = 0; k < 4; ++k) {
                    dots = _mm512_dpbusd_epi32(dots, v[k], broadcast(a.q + 4 * k));
                    more = _mm512_dpbusd_epi32(more, v[k + 4], broadcast(a.q + 16 + 4 * k));
                }
                if constexpr (T.groups == 1) {
                    const __m512 scaled =
                        _mm512_mul_ps(_mm512_cvtepi32_ps(_mm512_add_epi32(dots, more)), s[0]);
                    sums[t] = _mm512_fmadd_ps(scaled, _mm512_set1_ps(a.d), sums[t]);
                    sums[t] = _mm512_fnmadd_ps(m[0], _mm512_set1_ps(a.sum), sums[t]);
                } else {
                    const __m512 scaled = _mm512_fmadd_ps(_mm512_cvtepi32_ps(more), s[1],
                                                          _mm512_mul_ps(_mm512_cvtepi32_ps(dots), s[0]));
                    sums[t] = _mm512_fmadd_ps(scaled, _mm512_set1_ps(a.d), sums[t]);
                    sums[t] = _mm512_fnmadd_ps(m[0], _mm512_set1_ps(a.sum_of_half[0]), sums[t]);
                    sums[t] = _mm512_fnmadd_ps(m[1], _mm512_set1_ps(a.sum_of_half[1]), sums[t]);
                }
            }
        }
        for (int t = 0; t < kTokens; ++t) _mm512_mask_storeu_ps(out + t * out_stride, rows, sums[t]);
    }

    static void tile(const std::uint8_t* tile, std::int64_t columns, const Q8Block* x, std::int64_t x_stride,
                     int token_count, const float* bias, float* out, std::int64_t out_stride, int row_count) {
        const auto rows = static_cast<__mmask16>((1u << row_count) - 1);
        const __m512 start = bias ? _mm512_maskz_loadu_ps(rows, bias) : _mm512_setzero_ps();
        int t = 0;
        const auto take = [&]<int kTokens>() {
            tokens<kTokens>(tile, columns, x + t * x_stride, x_stride, start, out + t * out_stride,
                            out_stride, rows);
            t += kTokens;
        };
        while (token_count - t >= 8) take.template operator()<8>();
        if (token_count - t >= 4) take.template operator()<4>();
        if (token_count - t >= 2) take.template operator()<2>();
        if (token_count - t >= 1) take.template operator()<1>();
    }
};

}  // namespace
}  // namespace pellucid::cpu
