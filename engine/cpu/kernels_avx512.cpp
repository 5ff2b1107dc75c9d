// g++ 12 reports the undefined operand inside its own intrinsics header (GCC bug 105593).
#ifndef __clang__
#pragma GCC diagnostic ignored "-Wuninitialized"
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#endif

#include "engine/cpu/attention_impl.h"
#include "engine/cpu/dense_impl.h"
#include "engine/cpu/elementwise_impl.h"
#include "engine/cpu/kernels.h"
#include "engine/cpu/packed_avx512.h"
#include "engine/cpu/simd_avx512.h"

namespace pellucid::cpu {

const Kernels kAvx512Kernels = {
    .isa = Isa::avx512_vnni,
    .packed_tile = {PackedAvx512<kQ4_0>::tile, PackedAvx512<kQ4_1>::tile, PackedAvx512<kQ5_0>::tile,
                    PackedAvx512<kQ5_1>::tile, PackedAvx512<kQ8_0>::tile, PackedAvx512<kQ2_K>::tile,
                    PackedAvx512<kQ3_K>::tile, PackedAvx512<kQ4_K>::tile, PackedAvx512<kQ5_K>::tile,
                    PackedAvx512<kQ6_K>::tile},
    .dense_f32 = Dense<Simd, ReadF32<Simd>>::tile,
    .dense_f16 = Dense<Simd, ReadF16<Simd>>::tile,
    .dense_bf16 = Dense<Simd, ReadBf16<Simd>>::tile,
    .quantise = Elementwise<Simd>::quantise,
    .rms_norm = Elementwise<Simd>::rms_norm,
    .layer_norm = Elementwise<Simd>::layer_norm,
    .activate = Elementwise<Simd>::activate,
    .add_scaled = Elementwise<Simd>::add_scaled,
    .scale = Elementwise<Simd>::scale,
    .soft_cap = Elementwise<Simd>::soft_cap,
    .rope = Elementwise<Simd>::rope,
    .to_half = Elementwise<Simd>::to_half,
    .attend = AttentionLoops<Simd>::attend,
};

}  // namespace pellucid::cpu
