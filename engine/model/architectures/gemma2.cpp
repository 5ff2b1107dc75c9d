// Gemma 2 (arXiv 2408.00118): norms before and after each half, capped scores and logits, embedding scaled by
// sqrt(n_embd), even layers see a sliding window. The converter folds the norms' "1 +" into the file.
#include <cmath>

#include "engine/model/architectures/architectures.h"
#include "engine/model/decoder.h"

namespace pellucid {

ModelSpec gemma2_spec(SpecReader& in) {
    const DecoderShape shape = read_shape(in);
    ModelSpec spec = start_decoder(in, shape);
    spec.embedding_scale = std::sqrt(static_cast<float>(shape.n_embd));
    spec.head.soft_cap = static_cast<float>(in.number_or("final_logit_softcapping", 30, 0, 1e6));
    const auto score_cap = static_cast<float>(in.number_or("attn_logit_softcapping", 50, 0, 1e6));
    const int window = in.count_or("attention.sliding_window", 4096, 0, 1 << 28);
    const int positions = add_rope(spec, read_rope(in, shape, RopeLayout::half));
    for (int i = 0; i < shape.layers; ++i) {
        Layer layer = decoder_layer(shape, i, positions);
        add_post_norms(layer, i, shape.n_embd, shape.eps);
        layer.attention.soft_cap = score_cap;
        layer.attention.window = i % 2 == 0 ? window : 0;
        // query_pre_attn_scalar is the head width in the 2B and 9B; in the 27B (46 layers) it is n_embd /
        // heads, which the file does not say.
        if (shape.layers == 46)
            layer.attention.scale =
                1 / std::sqrt(static_cast<float>(shape.n_embd) / static_cast<float>(layer.attention.heads));
        layer.attention.scale =
            static_cast<float>(in.number_or("attention.scale", layer.attention.scale, 1e-9, 1e6));
        layer.feed_forward.activation = Activation::gelu_tanh;
        spec.layers.push_back(std::move(layer));
    }
    return spec;
}

}  // namespace pellucid
