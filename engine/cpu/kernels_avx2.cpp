#include "engine/cpu/attention_impl.h"
#include "engine/cpu/dense_impl.h"
#include "engine/cpu/elementwise_impl.h"
#include "engine/cpu/kernels.h"
#include "engine/cpu/kv_readers.h"
#include "engine/cpu/packed_avx2.h"
#include "engine/cpu/simd_avx2.h"

namespace pellucid::cpu {

const Kernels kAvx2Kernels = {
    .isa = Isa::avx2,
    .packed_tile = PackedTable<PackedAvx2, PackedTileFn>::value,
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
    .from_half = Elementwise<Simd>::from_half,
    .mix = Elementwise<Simd>::mix,
    .exponentiate = Elementwise<Simd>::exponentiate,
    .kv_decode = KvReaders<Simd>::decode,
    .attend = AttentionLoops<Simd>::attend,
};

}  // namespace pellucid::cpu
