#include "engine/cpu/isa.h"

namespace pellucid::cpu {

std::vector<Isa> usable_isas(const CpuFeatures& features) {
    std::vector<Isa> isas{Isa::baseline};
    if (features.has_avx2_set()) isas.push_back(Isa::avx2);
    if (features.has_avx512_vnni_set()) isas.push_back(Isa::avx512_vnni);
    return isas;
}

Isa best_isa(const CpuFeatures& features) {
    return usable_isas(features).back();
}

std::string_view to_string(Isa isa) {
    switch (isa) {
        case Isa::baseline:
            return "baseline";
        case Isa::avx2:
            return "AVX2";
        case Isa::avx512_vnni:
            return "AVX-512 VNNI";
    }
    return "?";
}

}  // namespace pellucid::cpu
