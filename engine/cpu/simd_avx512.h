// Sixteen floats in a register. Included by *_avx512.cpp only: the unnamed namespace keeps code made for this
// instruction set out of every other translation unit.
#pragma once

#include <immintrin.h>

#include <cstdint>

#include "engine/base/half.h"

namespace pellucid::cpu {
namespace {

struct Simd {
    static constexpr int kWidth = 16;
    static constexpr int kDenseTokens = 4;
    typedef float F __attribute__((vector_size(64)));
    typedef std::int32_t I __attribute__((vector_size(64)));

    static F load(const float* p) { return _mm512_loadu_ps(p); }
    static F load(const Half* p) {
        return _mm512_cvtph_ps(_mm256_loadu_si256(reinterpret_cast<const __m256i*>(p)));
    }
    static F load_bfloat16(const Bfloat16* p) {
        const __m512i wide = _mm512_cvtepu16_epi32(_mm256_loadu_si256(reinterpret_cast<const __m256i*>(p)));
        return _mm512_castsi512_ps(_mm512_slli_epi32(wide, 16));
    }
    static void store(float* p, F x) { _mm512_storeu_ps(p, x); }
    static void store(Half* p, F x) {
        _mm256_storeu_si256(reinterpret_cast<__m256i*>(p),
                            _mm512_cvtps_ph(x, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC));
    }
    static F splat(float x) { return _mm512_set1_ps(x); }
    static F fma(F a, F b, F c) { return _mm512_fmadd_ps(a, b, c); }
    static F max(F a, F b) { return _mm512_max_ps(a, b); }
    static F min(F a, F b) { return _mm512_min_ps(a, b); }
    static F abs(F a) { return _mm512_abs_ps(a); }
    static float reduce_add(F x) { return _mm512_reduce_add_ps(x); }
    static float reduce_max(F x) { return _mm512_reduce_max_ps(x); }
    static I to_int(F x) { return reinterpret_cast<I>(_mm512_cvtps_epi32(x)); }  // to nearest even
    static void store_bytes(std::int8_t* p, I x) {
        _mm_storeu_si128(reinterpret_cast<__m128i*>(p), _mm512_cvtsepi32_epi8(reinterpret_cast<__m512i>(x)));
    }
    static I bytes(const std::uint8_t* p) {
        return reinterpret_cast<I>(
            _mm512_cvtepu8_epi32(_mm_loadu_si128(reinterpret_cast<const __m128i*>(p))));
    }
    static F signed_bytes(const std::uint8_t* p) {
        return _mm512_cvtepi32_ps(_mm512_cvtepi8_epi32(_mm_loadu_si128(reinterpret_cast<const __m128i*>(p))));
    }
    static F float8(const std::uint8_t* p) {  // times 2^-8: the bits of an E4M3 in a half
        const __m256i x = _mm256_cvtepi8_epi16(_mm_loadu_si128(reinterpret_cast<const __m128i*>(p)));
        const __m256i sign = _mm256_and_si256(x, _mm256_set1_epi16(static_cast<short>(0x8000)));
        const __m256i rest = _mm256_slli_epi16(_mm256_and_si256(x, _mm256_set1_epi16(0x7f)), 7);
        return _mm512_cvtph_ps(_mm256_or_si256(sign, rest));
    }
    static I spread(std::uint32_t a, std::uint32_t b) {  // eight lanes each
        return reinterpret_cast<I>(
            _mm512_mask_set1_epi32(_mm512_set1_epi32(static_cast<int>(a)), 0xff00, static_cast<int>(b)));
    }
    static F lookup16(const float* table, I index) {
        return _mm512_permutexvar_ps(reinterpret_cast<__m512i>(index), _mm512_loadu_ps(table));
    }
    static F lookup8(const float* table, I index) {
        return _mm512_permutexvar_ps(reinterpret_cast<__m512i>(index),
                                     _mm512_castps256_ps512(_mm256_loadu_ps(table)));
    }
    static int reduce_add(I x) { return _mm512_reduce_add_epi32(reinterpret_cast<__m512i>(x)); }
};

}  // namespace
}  // namespace pellucid::cpu
