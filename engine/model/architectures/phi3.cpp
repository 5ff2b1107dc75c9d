// Phi-3, Phi-3.5 and Phi-4 (arXiv 2404.14219, 2412.08905): fused qkv and gate_up; long contexts by LongRoPE's
// factors.
#include <cmath>

#include "engine/model/architectures/architectures.h"
#include "engine/model/decoder.h"

namespace pellucid {

ModelSpec phi3_spec(SpecReader& in) {
    const DecoderShape shape = read_shape(in);
    ModelSpec spec = start_decoder(in, shape);
    Rope rope = read_rope(in, shape, RopeLayout::half);
    // Files mark LongRoPE by its tensors; the scaling type is often left out.
    rope.frequency_factors = in.optional_tensor("rope_factors_short.weight");
    rope.long_factors = in.optional_tensor("rope_factors_long.weight");
    if (rope.frequency_factors.empty() != rope.long_factors.empty())
        in.refuse(ErrorCode::corrupt,
                  "only one of rope_factors_short.weight and rope_factors_long.weight is there",
                  "the file is damaged; download it again");
    if (!rope.long_factors.empty()) {
        rope.scaling = RopeScaling::longrope;
        // LongRoPE's sqrt(1 + ln s / ln L) for an extension from L by s, unless the file states it.
        const double ratio = static_cast<double>(shape.context) / rope.original_context;
        const double paper = ratio > 1 ? std::sqrt(1 + std::log(ratio) / std::log(rope.original_context)) : 1;
        rope.attention_factor = in.number_or("rope.scaling.attn_factor", paper, 1e-3, 1e3);
    } else if (rope.scaling == RopeScaling::longrope) {
        in.refuse(ErrorCode::corrupt, "rope.scaling.type is longrope but rope_factors_long.weight is missing",
                  "the file is damaged; download it again");
    }
    const int positions = add_rope(spec, std::move(rope));
    const int window = in.count_or("attention.sliding_window", 0, 0, 1 << 28);
    for (int i = 0; i < shape.layers; ++i) {
        Layer layer = decoder_layer(shape, i, positions);
        if (in.has_tensor(block(i, "attn_qkv.weight"))) fuse_qkv(layer, i);
        fuse_gate_up(layer, i);
        layer.attention.window = window;
        take_present_biases(in, layer);
        spec.layers.push_back(std::move(layer));
    }
    return spec;
}

}  // namespace pellucid
