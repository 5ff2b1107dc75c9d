#include "app/documents/int8_scan.h"

#include "engine/base/cpu_features.h"

namespace pellucid::documents {

void int8_scan_scalar(const std::uint8_t* rows, std::size_t count, std::size_t stride,
                      const std::int8_t* query, std::int32_t* sums) {
    for (std::size_t i = 0; i < count; ++i) {
        std::int32_t sum = 0;
        for (std::size_t k = 0; k < stride; ++k) sum += (int(rows[i * stride + k]) - 128) * int(query[k]);
        sums[i] = sum;
    }
}

ChosenScan choose_int8_scan() {
#if defined(__x86_64__)
    const CpuFeatures features = detect_cpu_features();
    if (features.has_avx512_vnni_set()) return {int8_scan_avx512, "AVX-512 VNNI"};
    if (features.has_avx2_set()) return {int8_scan_avx2, "AVX2"};
#endif
    return {};
}

}  // namespace pellucid::documents
