#include "engine/cpu/attention_impl.h"
#include "engine/cpu/dense_impl.h"
#include "engine/cpu/elementwise_impl.h"
#include "engine/cpu/kernels.h"
#include "engine/cpu/packed_baseline.h"
#include "engine/cpu/simd_baseline.h"

namespace pellucid::cpu {

const Kernels kBaselineKernels = {
    .isa = Isa::baseline,
    .packed_tile = {PackedBaseline<kQ4_0>::tile, PackedBaseline<kQ4_1>::tile, PackedBaseline<kQ5_0>::tile,
                    PackedBaseline<kQ5_1>::tile, PackedBaseline<kQ8_0>::tile, PackedBaseline<kQ2_K>::tile,
                    PackedBaseline<kQ3_K>::tile, PackedBaseline<kQ4_K>::tile, PackedBaseline<kQ5_K>::tile,
                    PackedBaseline<kQ6_K>::tile},
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
