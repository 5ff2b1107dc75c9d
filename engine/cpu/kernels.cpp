#include "engine/cpu/kernels.h"

namespace pellucid::cpu {

const Kernels& kernels_for(Isa isa) {
#if defined(__x86_64__)
    switch (isa) {
        case Isa::baseline:
            return kBaselineKernels;
        case Isa::avx2:
            return kAvx2Kernels;
        case Isa::avx512_vnni:
            return kAvx512Kernels;
    }
#endif
    (void)isa;
    return kBaselineKernels;
}

}  // namespace pellucid::cpu
