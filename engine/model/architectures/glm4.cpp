// GLM-4-0414 (THUDM): rope on half of each head in adjacent pairs, biases on query, key and value, fused
// gate_up, norms before and after each half.
#include "engine/model/architectures/architectures.h"
#include "engine/model/decoder.h"

namespace pellucid {

ModelSpec glm4_spec(SpecReader& in) {
    const DecoderShape shape = read_shape(in);
    ModelSpec spec = start_decoder(in, shape);
    const int positions = add_rope(spec, read_rope(in, shape, RopeLayout::adjacent));
    for (int i = 0; i < shape.layers; ++i) {
        Layer layer = decoder_layer(shape, i, positions);
        fuse_gate_up(layer, i);
        add_post_norms(layer, i, shape.n_embd, shape.eps);
        take_present_biases(in, layer);  // the 9B has them on q, k, v; the 32B has none
        spec.layers.push_back(std::move(layer));
    }
    return spec;
}

}  // namespace pellucid
