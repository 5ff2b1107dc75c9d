// Gemma 3, text part (arXiv 2503.19786): as Gemma 2 with query and key norms instead of capped scores; five
// layers of six see a sliding window and turn with a local rope base, every sixth sees all with a global one.
#include <cmath>

#include "engine/model/architectures/architectures.h"
#include "engine/model/decoder.h"

namespace pellucid {

ModelSpec gemma3_spec(SpecReader& in) {
    const DecoderShape shape = read_shape(in);
    ModelSpec spec = start_decoder(in, shape);
    spec.embedding_scale = std::sqrt(static_cast<float>(shape.n_embd));
    spec.head.soft_cap = static_cast<float>(in.number_or("final_logit_softcapping", 0, 0, 1e6));
    const int window = in.count_or("attention.sliding_window", 1024, 0, 1 << 28);
    const int period = in.count_or("attention.sliding_window_pattern", 6, 1, 1024);

    Rope global = read_rope(in, shape, RopeLayout::half);  // carries the linear scaling of the larger models
    if (!in.has_key("rope.freq_base")) global.base = 1000000;
    Rope local;
    local.dims = global.dims;
    local.layout = RopeLayout::half;
    local.base = in.number_or("rope.freq_base_swa", 10000, 1 + 1e-6, 1e12);
    const int global_positions = add_rope(spec, std::move(global));
    const int local_positions = add_rope(spec, std::move(local));

    for (int i = 0; i < shape.layers; ++i) {
        const bool sees_all = (i + 1) % period == 0;
        Layer layer = decoder_layer(shape, i, sees_all ? global_positions : local_positions);
        add_qk_norm(layer, i, shape.eps);
        add_post_norms(layer, i, shape.n_embd, shape.eps);
        layer.attention.window = sees_all ? 0 : window;
        // query_pre_attn_scalar is the head width, save in the 27B (62 layers): n_embd / heads.
        if (shape.layers == 62)
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
