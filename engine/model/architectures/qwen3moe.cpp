// Qwen3 mixture of experts, 30B-A3B and 235B-A22B (arXiv 2505.09388): as Qwen3, with experts whose softmax
// weights are renormalised over the chosen; no shared expert.
#include "engine/model/architectures/architectures.h"
#include "engine/model/decoder.h"
#include "engine/model/experts.h"

namespace pellucid {

ModelSpec qwen3moe_spec(SpecReader& in) {
    const DecoderShape shape = read_shape(in, {.routed = true});
    ModelSpec spec = start_decoder(in, shape);
    const int positions = add_rope(spec, read_rope(in, shape, RopeLayout::half));
    for (int i = 0; i < shape.layers; ++i) {
        Layer layer = decoder_layer(shape, i, positions);
        add_qk_norm(layer, i, shape.eps);
        if (in.has_tensor(block(i, "ffn_gate_inp.weight")))
            route_feed_forward(in, layer, i, shape, {.renormalise = true});
        spec.layers.push_back(std::move(layer));
    }
    return spec;
}

}  // namespace pellucid
