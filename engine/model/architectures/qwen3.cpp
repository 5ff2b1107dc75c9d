// Qwen3 dense (arXiv 2505.09388): an RMS norm on each query and key head, no biases.
#include "engine/model/architectures/architectures.h"
#include "engine/model/decoder.h"

namespace pellucid {

ModelSpec qwen3_spec(SpecReader& in) {
    const DecoderShape shape = read_shape(in);
    ModelSpec spec = start_decoder(in, shape);
    const int positions = add_rope(spec, read_rope(in, shape, RopeLayout::half));
    for (int i = 0; i < shape.layers; ++i) {
        Layer layer = decoder_layer(shape, i, positions);
        add_qk_norm(layer, i, shape.eps);
        spec.layers.push_back(std::move(layer));
    }
    return spec;
}

}  // namespace pellucid
