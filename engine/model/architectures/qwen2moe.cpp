// Qwen1.5-MoE and Qwen2-57B-A14B (arXiv 2407.10671): as Qwen2, with experts weighted by a softmax over all of
// them and one shared expert that a sigmoid of its own scales.
#include "engine/model/architectures/architectures.h"
#include "engine/model/decoder.h"
#include "engine/model/experts.h"

namespace pellucid {

ModelSpec qwen2moe_spec(SpecReader& in) {
    const DecoderShape shape = read_shape(in, {.routed = true});
    ModelSpec spec = start_decoder(in, shape);
    const int positions = add_rope(spec, read_rope(in, shape, RopeLayout::half));
    for (int i = 0; i < shape.layers; ++i) {
        Layer layer = decoder_layer(shape, i, positions);
        take_present_biases(in, layer);
        if (in.has_tensor(block(i, "ffn_gate_inp.weight"))) route_feed_forward(in, layer, i, shape);
        spec.layers.push_back(std::move(layer));
    }
    return spec;
}

}  // namespace pellucid
