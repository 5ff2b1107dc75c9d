// Qwen2 and Qwen2.5 (arXiv 2407.10671, 2412.15115), and DeepSeek-R1-Distill-Qwen: biases on query, key and
// value.
#include "engine/model/architectures/architectures.h"
#include "engine/model/decoder.h"

namespace pellucid {

ModelSpec qwen2_spec(SpecReader& in) {
    const DecoderShape shape = read_shape(in);
    ModelSpec spec = start_decoder(in, shape);
    const int positions = add_rope(spec, read_rope(in, shape, RopeLayout::half));
    for (int i = 0; i < shape.layers; ++i) {
        Layer layer = decoder_layer(shape, i, positions);
        add_qkv_biases(layer, i);
        spec.layers.push_back(std::move(layer));
    }
    return spec;
}

}  // namespace pellucid
