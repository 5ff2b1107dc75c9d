// Packed tiles times 8-bit activations with 16-bit multiply-adds: 8 rows in a register, two halves of a tile.
// Sums of products stay in 16 bits as long as they cannot overflow. Included by kernels_avx2.cpp only.
#pragma once

#include <immintrin.h>

#include <cstdint>
#include <cstring>

#include "engine/cpu/packed_format.h"

namespace pellucid::cpu {
namespace {

template <PackedTraits T>
struct PackedAvx2 {
    static constexpr int kAhead = 8192;  // as for AVX-512
    /// Codes that become signed numbers when unpacked: they have no offset left.
    static constexpr bool kSigned = T.bits == 8 || T.levels.any;
    static constexpr int kWide = T.bits == 5 || T.bits == 6 ? 4 : T.bits == 3 ? 2 : T.bits;

    /// Codes of 32 columns of rows 8 half … 8 half + 7. Eight-bit codes and levels become signed numbers.
    static void unpack(const std::uint8_t* p, int half, __m256i v[8]) {
        const auto load = [&](int at) {
            return _mm256_loadu_si256(reinterpret_cast<const __m256i*>(p + at + 32 * half));
        };
        if constexpr (kWide == 8) {
            const __m256i flip = _mm256_set1_epi8(static_cast<char>(0x80));
            for (int k = 0; k < 8; ++k) v[k] = _mm256_xor_si256(load(64 * k), flip);
        } else if constexpr (kWide == 4) {
            const __m256i mask = _mm256_set1_epi8(15);
            for (int k = 0; k < 4; ++k) {
                const __m256i n = load(64 * k);
                v[k] = _mm256_and_si256(n, mask);
                v[k + 4] = _mm256_and_si256(_mm256_srli_epi16(n, 4), mask);
            }
            if constexpr (T.levels.any) {
                const __m256i table = _mm256_broadcastsi128_si256(
                    _mm_loadu_si128(reinterpret_cast<const __m128i*>(T.levels.at)));
                for (int k = 0; k < 8; ++k) v[k] = _mm256_shuffle_epi8(table, v[k]);
            }
        } else {
            const __m256i mask = _mm256_set1_epi8(3);
            for (int j = 0; j < 2; ++j) {
                const __m256i n = load(64 * j);
                v[j] = _mm256_and_si256(n, mask);
                v[j + 2] = _mm256_and_si256(_mm256_srli_epi16(n, 2), mask);
                v[j + 4] = _mm256_and_si256(_mm256_srli_epi16(n, 4), mask);
                v[j + 6] = _mm256_and_si256(_mm256_srli_epi16(n, 6), mask);
            }
        }
        const auto add = [](__m256i code, __m256i high, __m256i mask) {
            return _mm256_or_si256(code, _mm256_and_si256(high, mask));
        };
        if constexpr (T.bits == 3 || T.bits == 5) {
            const __m256i n = load(kWide * 64), mask = _mm256_set1_epi8(1 << kWide);
            for (int k = 0; k < 8; ++k)
                v[k] = add(v[k],
                           k < kWide ? _mm256_sll_epi16(n, _mm_cvtsi32_si128(kWide - k))
                                     : _mm256_srl_epi16(n, _mm_cvtsi32_si128(k - kWide)),
                           mask);
        } else if constexpr (T.bits == 6) {
            const __m256i mask = _mm256_set1_epi8(0x30);
            for (int j = 0; j < 2; ++j) {
                const __m256i n = load(256 + 64 * j);
                v[j] = add(v[j], _mm256_slli_epi16(n, 4), mask);
                v[j + 2] = add(v[j + 2], _mm256_slli_epi16(n, 2), mask);
                v[j + 4] = add(v[j + 4], n, mask);
                v[j + 6] = add(v[j + 6], _mm256_srli_epi16(n, 2), mask);
            }
        }
    }

    static __m256 halves(const std::uint8_t* p) {
        return _mm256_cvtph_ps(_mm_loadu_si128(reinterpret_cast<const __m128i*>(p)));
    }
    static __m256 brains(const std::uint8_t* p) {
        const __m256i wide = _mm256_cvtepu16_epi32(_mm_loadu_si128(reinterpret_cast<const __m128i*>(p)));
        return _mm256_castsi256_ps(_mm256_slli_epi32(wide, 16));
    }
    static __m128i bytes(const std::uint8_t* p) {
        return _mm_loadl_epi64(reinterpret_cast<const __m128i*>(p));
    }

    static void load_scales(const std::uint8_t* scales, std::int64_t b, int half, __m256 s[2], __m256 m[2]) {
        const std::uint8_t* at = scales + (T.super ? b / 8 : b) * T.scale_bytes() + 16 * half;
        const __m256 offset = _mm256_set1_ps(kSigned ? 0 : T.offset);
        __m256 d = T.brain_scale ? brains(at) : halves(at);
        if constexpr (T.unit != 1) d = _mm256_mul_ps(d, _mm256_set1_ps(T.unit));
        if constexpr (!T.super) {
            s[0] = d;
            m[0] = T.has_minimum ? halves(at + 32) : _mm256_mul_ps(d, offset);
        } else {
            const std::uint8_t* sub =
                at - 8 * half + (T.has_minimum ? 64 : 32) + (b % 8) * T.groups * (T.has_minimum ? 32 : 16);
            for (int g = 0; g < T.groups; ++g)
                s[g] = _mm256_mul_ps(d, _mm256_cvtepi32_ps(_mm256_cvtepi8_epi32(bytes(sub + 16 * g))));
            for (int g = 0; g < T.groups; ++g)
                m[g] = T.has_minimum ? _mm256_mul_ps(halves(at + 32), _mm256_cvtepi32_ps(_mm256_cvtepu8_epi32(
                                                                          bytes(sub + 16 * (T.groups + g)))))
                                     : _mm256_mul_ps(s[g], offset);
        }
    }

    static constexpr int largest() {
        if constexpr (T.levels.any) return T.largest_level();
        return T.bits == 8 ? 128 : (1 << T.bits) - 1;
    }

    /// 16-bit pairs: products of four columns, two and two. Signed weights multiply as magnitudes, their sign
    /// moved to the activation.
    static __m256i products(__m256i codes, const std::int8_t* q) {
        std::int32_t four = 0;
        std::memcpy(&four, q, 4);
        const __m256i a = _mm256_set1_epi32(four);
        if constexpr (kSigned)
            return _mm256_maddubs_epi16(_mm256_abs_epi8(codes), _mm256_sign_epi8(a, codes));
        return _mm256_maddubs_epi16(codes, a);
    }

    /// Dot products of kCount vectors from `first` on.
    template <int kCount>
    static __m256i dots(const __m256i v[8], const std::int8_t* q, int first) {
        // A pair is at most 2 * 127 * largest code: so many fit 16 bits.
        constexpr int kFit = 32767 / (2 * 127 * largest());
        constexpr int kStep = kFit >= kCount ? kCount : kFit >= 4 ? 4 : kFit >= 2 ? 2 : 1;
        const __m256i ones = _mm256_set1_epi16(1);
        __m256i total = _mm256_setzero_si256();
        for (int k = first; k < first + kCount; k += kStep) {
            __m256i pairs = products(v[k], q + 4 * k);
            for (int i = 1; i < kStep; ++i)
                pairs = _mm256_add_epi16(pairs, products(v[k + i], q + 4 * (k + i)));
            total = _mm256_add_epi32(total, _mm256_madd_epi16(pairs, ones));
        }
        return total;
    }

    template <int kTokens>
    static void tokens(const std::uint8_t* tile, std::int64_t columns, const Q8Block* x,
                       std::int64_t x_stride, const float* bias, float* out, std::int64_t out_stride,
                       int half, int row_count) {
        const std::int64_t blocks = columns / 32;
        const std::uint8_t* scales = tile + blocks * T.code_bytes();
        __m256 sums[kTokens];
        for (auto& sum : sums) sum = _mm256_loadu_ps(bias);
        for (std::int64_t b = 0; b < blocks; ++b) {
            __m256i v[8];
            __m256 s[2], m[2];
            if constexpr (kTokens == 1)
                for (int line = 0; half == 0 && line < T.bits; ++line)
                    _mm_prefetch(
                        reinterpret_cast<const char*>(tile) + b * T.code_bytes() + kAhead + 64 * line,
                        _MM_HINT_T0);
            unpack(tile + b * T.code_bytes(), half, v);
            load_scales(scales, b, half, s, m);
            for (int t = 0; t < kTokens; ++t) {
                const Q8Block& a = x[t * x_stride + b];
                const __m256 d = _mm256_set1_ps(a.d);
                if constexpr (T.groups == 1) {
                    const __m256 scaled = _mm256_mul_ps(_mm256_cvtepi32_ps(dots<8>(v, a.q, 0)), s[0]);
                    sums[t] = _mm256_fmadd_ps(scaled, d, sums[t]);
                    sums[t] = _mm256_fnmadd_ps(m[0], _mm256_set1_ps(a.sum), sums[t]);
                } else {
                    const __m256 first = _mm256_mul_ps(_mm256_cvtepi32_ps(dots<4>(v, a.q, 0)), s[0]);
                    const __m256 scaled =
                        _mm256_fmadd_ps(_mm256_cvtepi32_ps(dots<4>(v, a.q, 4)), s[1], first);
                    sums[t] = _mm256_fmadd_ps(scaled, d, sums[t]);
                    sums[t] = _mm256_fnmadd_ps(m[0], _mm256_set1_ps(a.sum_of_half[0]), sums[t]);
                    sums[t] = _mm256_fnmadd_ps(m[1], _mm256_set1_ps(a.sum_of_half[1]), sums[t]);
                }
            }
        }
        for (int t = 0; t < kTokens; ++t) {
            if (row_count == 8) {
                _mm256_storeu_ps(out + t * out_stride, sums[t]);
                continue;
            }
            float all[8];
            _mm256_storeu_ps(all, sums[t]);
            std::memcpy(out + t * out_stride, all, static_cast<std::size_t>(row_count) * sizeof(float));
        }
    }

    static void tile(const std::uint8_t* tile, std::int64_t columns, const Q8Block* x, std::int64_t x_stride,
                     int token_count, const float* bias, float* out, std::int64_t out_stride, int row_count) {
        for (int half = 0; 8 * half < row_count; ++half) {
            const int rows = row_count - 8 * half < 8 ? row_count - 8 * half : 8;
            float start[8] = {};
            if (bias) std::memcpy(start, bias + 8 * half, static_cast<std::size_t>(rows) * sizeof(float));
            int t = 0;
            for (; token_count - t >= 4; t += 4)
                tokens<4>(tile, columns, x + t * x_stride, x_stride, start, out + t * out_stride + 8 * half,
                          out_stride, half, rows);
            for (; t < token_count; ++t)
                tokens<1>(tile, columns, x + t * x_stride, x_stride, start, out + t * out_stride + 8 * half,
                          out_stride, half, rows);
        }
    }
};

}  // namespace
}  // namespace pellucid::cpu
