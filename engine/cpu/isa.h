// The instruction sets that the CPU backend has kernels for, and which of them this machine runs.
#pragma once

#include <string_view>
#include <vector>

#include "engine/base/cpu_features.h"

namespace pellucid::cpu {

enum class Isa { baseline, avx2, avx512_vnni };

/// The widest that the machine runs.
Isa best_isa(const CpuFeatures& features);
/// All that the machine runs, narrowest first.
std::vector<Isa> usable_isas(const CpuFeatures& features);
/// "AVX-512 VNNI"
std::string_view to_string(Isa isa);

}  // namespace pellucid::cpu
