#if defined(__x86_64__)
#include <immintrin.h>

#include "app/documents/int8_scan.h"

namespace pellucid::documents {

void int8_scan_avx2(const std::uint8_t* rows, std::size_t count, std::size_t stride, const std::int8_t* query,
                    std::int32_t* sums) {
    // The rows' 128 comes off once: 128 times the query's sum. Products are summed as 16-bit pairs, since
    // maddubs would saturate at 255 * 127 * 2.
    std::int32_t total = 0;
    for (std::size_t k = 0; k < stride; ++k) total += query[k];
    for (std::size_t i = 0; i < count; ++i) {
        const std::uint8_t* row = rows + i * stride;
        __m256i first = _mm256_setzero_si256(), second = _mm256_setzero_si256();
        for (std::size_t k = 0; k < stride; k += 32) {
            const __m256i a = _mm256_cvtepu8_epi16(_mm_load_si128(reinterpret_cast<const __m128i*>(row + k)));
            const __m256i b =
                _mm256_cvtepu8_epi16(_mm_load_si128(reinterpret_cast<const __m128i*>(row + k + 16)));
            const __m256i x =
                _mm256_cvtepi8_epi16(_mm_loadu_si128(reinterpret_cast<const __m128i*>(query + k)));
            const __m256i y =
                _mm256_cvtepi8_epi16(_mm_loadu_si128(reinterpret_cast<const __m128i*>(query + k + 16)));
            first = _mm256_add_epi32(first, _mm256_madd_epi16(a, x));
            second = _mm256_add_epi32(second, _mm256_madd_epi16(b, y));
        }
        const __m256i both = _mm256_add_epi32(first, second);
        __m128i sum = _mm_add_epi32(_mm256_castsi256_si128(both), _mm256_extracti128_si256(both, 1));
        sum = _mm_add_epi32(sum, _mm_shuffle_epi32(sum, 0x4E));
        sum = _mm_add_epi32(sum, _mm_shuffle_epi32(sum, 0xB1));
        sums[i] = _mm_cvtsi128_si32(sum) - 128 * total;
    }
}

}  // namespace pellucid::documents
#endif
