// gpt-oss (arXiv 2508.10925): every second layer, the first included, sees a sliding window; a learned sink
// in each head's softmax; biased experts with a clamped activation, weighted by a softmax over the chosen.
#include "engine/model/architectures/architectures.h"
#include "engine/model/decoder.h"
#include "engine/model/experts.h"

namespace pellucid {

ModelSpec gpt_oss_spec(SpecReader& in) {
    const DecoderShape shape = read_shape(in, {.routed = true});
    ModelSpec spec = start_decoder(in, shape);
    Rope rope = read_rope(in, shape, RopeLayout::half);
    // The published models (base 150,000) are configured with "truncate": false, which GGUF files do not say.
    rope.whole_pairs = in.flag_or("rope.scaling.yarn_truncate", rope.base != 150000);
    const int positions = add_rope(spec, std::move(rope));
    const int window = in.count_or("attention.sliding_window", 128, 0, 1 << 28);
    for (int i = 0; i < shape.layers; ++i) {
        Layer layer = decoder_layer(shape, i, positions);
        take_present_biases(in, layer);
        layer.attention.window = i % 2 == 0 ? window : 0;
        layer.attention.sinks = block(i, "attn_sinks.weight");
        layer.feed_forward_norm.weight = block(i, "post_attention_norm.weight");  // what converters call it
        layer.feed_forward.activation = Activation::clamped_swish;
        route_feed_forward(in, layer, i, shape, {.gating = Gating::softmax_of_chosen});
        spec.layers.push_back(std::move(layer));
    }
    return spec;
}

}  // namespace pellucid
