#if defined(__x86_64__)
#include <immintrin.h>

#include "app/documents/int8_scan.h"

namespace pellucid::documents {

void int8_scan_avx512(const std::uint8_t* rows, std::size_t count, std::size_t stride,
                      const std::int8_t* query, std::int32_t* sums) {
    std::int32_t total = 0;
    for (std::size_t k = 0; k < stride; ++k) total += query[k];
    for (std::size_t i = 0; i < count; ++i) {
        const std::uint8_t* row = rows + i * stride;
        __m512i first = _mm512_setzero_si512(), second = _mm512_setzero_si512();
        std::size_t k = 0;
        for (; k + 128 <= stride; k += 128) {
            first = _mm512_dpbusd_epi32(first, _mm512_load_si512(row + k), _mm512_loadu_si512(query + k));
            second = _mm512_dpbusd_epi32(second, _mm512_load_si512(row + k + 64),
                                         _mm512_loadu_si512(query + k + 64));
        }
        if (k < stride)
            first = _mm512_dpbusd_epi32(first, _mm512_load_si512(row + k), _mm512_loadu_si512(query + k));
        // By hand: g++ 12's own reduction warns of what it leaves undefined.
        const __m512i both = _mm512_add_epi32(first, second);
        const __m256i half = _mm256_add_epi32(_mm512_maskz_extracti64x4_epi64(0xF, both, 0),
                                              _mm512_maskz_extracti64x4_epi64(0xF, both, 1));
        __m128i sum = _mm_add_epi32(_mm256_castsi256_si128(half), _mm256_extracti128_si256(half, 1));
        sum = _mm_add_epi32(sum, _mm_shuffle_epi32(sum, 0x4E));
        sum = _mm_add_epi32(sum, _mm_shuffle_epi32(sum, 0xB1));
        sums[i] = _mm_cvtsi128_si32(sum) - 128 * total;
    }
}

}  // namespace pellucid::documents
#endif
