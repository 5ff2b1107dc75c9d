// What this processor can do, asked of the processor and of the operating system (which must save the
// registers).
#pragma once

#include <string>

namespace pellucid {

struct CpuFeatures {
    bool avx2 = false, fma = false, f16c = false;
    bool avx512f = false, avx512bw = false, avx512vl = false, avx512dq = false, avx512vnni = false;
    bool avx_vnni = false, avx512_bf16 = false;
    std::string vendor, model;  ///< "AuthenticAMD", "AMD EPYC"

    bool has_avx2_set() const { return avx2 && fma && f16c; }
    bool has_avx512_vnni_set() const {
        return has_avx2_set() && avx512f && avx512bw && avx512vl && avx512dq && avx512vnni;
    }
};

/// Asks the machine each time; callers keep the answer. All false on other architectures.
CpuFeatures detect_cpu_features();
/// "avx2 fma f16c avx512f …", for the log.
std::string to_string(const CpuFeatures& features);

}  // namespace pellucid
