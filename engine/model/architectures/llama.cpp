// Llama 1-3 (arXiv 2302.13971, 2307.09288, 2407.21783), and what shares its shape and its GGUF name: Mistral,
// SmolLM2, DeepSeek-R1-Distill-Llama, and Mixtral (arXiv 2401.04088), whose experts weigh by a softmax over the
// chosen. Converters permute query and key rows, so rope turns adjacent pairs.
#include "engine/model/architectures/architectures.h"
#include "engine/model/decoder.h"
#include "engine/model/experts.h"

namespace pellucid {

ModelSpec llama_spec(SpecReader& in) {
    const DecoderShape shape = read_shape(in, {.routed = in.has_key("expert_count")});
    ModelSpec spec = start_decoder(in, shape);
    Rope rope = read_rope(in, shape, RopeLayout::adjacent);
    // Llama 3.1's smoothed frequencies come as a tensor; Llama 2 files may carry an unused one of ones.
    rope.frequency_factors = in.optional_tensor("rope_freqs.weight");
    const int positions = add_rope(spec, std::move(rope));
    const int window = in.count_or("attention.sliding_window", 0, 0, 1 << 28);  // Mistral 7B v0.1
    for (int i = 0; i < shape.layers; ++i) {
        Layer layer = decoder_layer(shape, i, positions);
        layer.attention.window = window;
        take_present_biases(in, layer);
        if (in.count_or("expert_count", 0, 0, 1 << 16) > 0)
            route_feed_forward(in, layer, i, shape, {.gating = Gating::softmax_of_chosen});
        spec.layers.push_back(std::move(layer));
    }
    return spec;
}

}  // namespace pellucid
