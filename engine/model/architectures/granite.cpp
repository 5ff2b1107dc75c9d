// Granite 3 dense (IBM): Llama with four multipliers. logit_scale divides, as in the model card's
// logits_scaling.
#include "engine/model/architectures/architectures.h"
#include "engine/model/decoder.h"

namespace pellucid {

ModelSpec granite_spec(SpecReader& in) {
    const DecoderShape shape = read_shape(in);
    ModelSpec spec = start_decoder(in, shape);
    spec.embedding_scale = static_cast<float>(in.number_or("embedding_scale", 1, 1e-6, 1e6));
    spec.residual_scale = static_cast<float>(in.number_or("residual_scale", 1, 1e-6, 1e6));
    spec.head.scale = static_cast<float>(1 / in.number_or("logit_scale", 1, 1e-6, 1e6));
    Rope rope = read_rope(in, shape, RopeLayout::adjacent);
    rope.frequency_factors = in.optional_tensor("rope_freqs.weight");
    const int positions = add_rope(spec, std::move(rope));
    for (int i = 0; i < shape.layers; ++i) {
        Layer layer = decoder_layer(shape, i, positions);
        layer.attention.scale =
            static_cast<float>(in.number_or("attention.scale", layer.attention.scale, 1e-9, 1e6));
        take_present_biases(in, layer);
        spec.layers.push_back(std::move(layer));
    }
    return spec;
}

}  // namespace pellucid
