// SmolLM3 (Hugging Face): Llama in which every fourth layer has no positions (NoPE, arXiv 2501.18795).
#include "engine/model/architectures/architectures.h"
#include "engine/model/decoder.h"

namespace pellucid {

ModelSpec smollm3_spec(SpecReader& in) {
    const DecoderShape shape = read_shape(in);
    ModelSpec spec = start_decoder(in, shape);
    const int positions = add_rope(spec, read_rope(in, shape, RopeLayout::adjacent));
    for (int i = 0; i < shape.layers; ++i) {
        Layer layer = decoder_layer(shape, i, (i + 1) % 4 == 0 ? -1 : positions);
        take_present_biases(in, layer);
        spec.layers.push_back(std::move(layer));
    }
    return spec;
}

}  // namespace pellucid
