// Eight floats in a register. Included by *_avx2.cpp only: the unnamed namespace keeps code made for this
// instruction set out of every other translation unit.
#pragma once

#include <immintrin.h>

#include <cstdint>
#include <cstring>

#include "engine/base/half.h"

namespace pellucid::cpu {
namespace {

struct Simd {
    static constexpr int kWidth = 8;
    static constexpr int kDenseTokens = 2;
    typedef float F __attribute__((vector_size(32)));
    typedef std::int32_t I __attribute__((vector_size(32)));

    static F load(const float* p) { return _mm256_loadu_ps(p); }
    static F load(const Half* p) {
        return _mm256_cvtph_ps(_mm_loadu_si128(reinterpret_cast<const __m128i*>(p)));
    }
    static F load_bfloat16(const Bfloat16* p) {
        const __m256i wide = _mm256_cvtepu16_epi32(_mm_loadu_si128(reinterpret_cast<const __m128i*>(p)));
        return _mm256_castsi256_ps(_mm256_slli_epi32(wide, 16));
    }
    static void store(float* p, F x) { _mm256_storeu_ps(p, x); }
    static void store(Half* p, F x) {
        _mm_storeu_si128(reinterpret_cast<__m128i*>(p),
                         _mm256_cvtps_ph(x, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC));
    }
    static F splat(float x) { return _mm256_set1_ps(x); }
    static F fma(F a, F b, F c) { return _mm256_fmadd_ps(a, b, c); }
    static F max(F a, F b) { return _mm256_max_ps(a, b); }
    static F min(F a, F b) { return _mm256_min_ps(a, b); }
    static F abs(F a) { return _mm256_andnot_ps(_mm256_set1_ps(-0.0f), a); }
    static float reduce_add(F x) {
        __m128 s = _mm_add_ps(_mm256_castps256_ps128(x), _mm256_extractf128_ps(x, 1));
        s = _mm_add_ps(s, _mm_movehl_ps(s, s));
        return _mm_cvtss_f32(_mm_add_ss(s, _mm_movehdup_ps(s)));
    }
    static float reduce_max(F x) {
        __m128 s = _mm_max_ps(_mm256_castps256_ps128(x), _mm256_extractf128_ps(x, 1));
        s = _mm_max_ps(s, _mm_movehl_ps(s, s));
        return _mm_cvtss_f32(_mm_max_ss(s, _mm_movehdup_ps(s)));
    }
    static I to_int(F x) { return reinterpret_cast<I>(_mm256_cvtps_epi32(x)); }  // to nearest even
    static void store_bytes(std::int8_t* p, I x) {
        const __m256i wide = reinterpret_cast<__m256i>(x);
        const __m128i words =
            _mm_packs_epi32(_mm256_castsi256_si128(wide), _mm256_extracti128_si256(wide, 1));
        _mm_storel_epi64(reinterpret_cast<__m128i*>(p), _mm_packs_epi16(words, words));
    }
    static I bytes(const std::uint8_t* p) {
        return reinterpret_cast<I>(
            _mm256_cvtepu8_epi32(_mm_loadl_epi64(reinterpret_cast<const __m128i*>(p))));
    }
    static F signed_bytes(const std::uint8_t* p) {
        return _mm256_cvtepi32_ps(_mm256_cvtepi8_epi32(_mm_loadl_epi64(reinterpret_cast<const __m128i*>(p))));
    }
    static F float8(const std::uint8_t* p) {  // times 2^-8: the bits of an E4M3 in a half
        const __m128i x = _mm_cvtepi8_epi16(_mm_loadl_epi64(reinterpret_cast<const __m128i*>(p)));
        const __m128i sign = _mm_and_si128(x, _mm_set1_epi16(static_cast<short>(0x8000)));
        const __m128i rest = _mm_slli_epi16(_mm_and_si128(x, _mm_set1_epi16(0x7f)), 7);
        return _mm256_cvtph_ps(_mm_or_si128(sign, rest));
    }
    static I spread(std::uint32_t a, std::uint32_t) {
        return reinterpret_cast<I>(_mm256_set1_epi32(static_cast<int>(a)));
    }
    static F lookup16(const float* table, I index) {
        const __m256i i = reinterpret_cast<__m256i>(index);
        return _mm256_blendv_ps(_mm256_permutevar8x32_ps(_mm256_loadu_ps(table), i),
                                _mm256_permutevar8x32_ps(_mm256_loadu_ps(table + 8), i),
                                _mm256_castsi256_ps(_mm256_slli_epi32(i, 28)));
    }
    static F lookup8(const float* table, I index) {
        return _mm256_permutevar8x32_ps(_mm256_loadu_ps(table), reinterpret_cast<__m256i>(index));
    }
    static int reduce_add(I x) {
        int sum = 0;
        for (int i = 0; i < kWidth; ++i) sum += x[i];
        return sum;
    }
};

}  // namespace
}  // namespace pellucid::cpu
