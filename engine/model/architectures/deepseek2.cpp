// DeepSeek-V2, V2-Lite, V3 and R1 (arXiv 2405.04434, 2412.19437): latent attention, dense first layers, then
// experts. V2 weighs them by a softmax and ranks a group by its best expert; V3 by sigmoids, with a bias that
// only chooses, and ranks a group by the sum of its two best.
#include <cmath>

#include "engine/model/architectures/architectures.h"
#include "engine/model/decoder.h"
#include "engine/model/experts.h"

namespace pellucid {
namespace {

constexpr int most_dim = 1 << 16;

struct LatentShape {
    int q_rank = 0, rank = 0, content = 0, rope = 0, value = 0;
};

LatentShape read_latent(SpecReader& in, int rope_dims) {
    LatentShape latent;
    latent.q_rank = in.count_or("attention.q_lora_rank", 0, 0, most_dim);
    latent.rank = in.count("attention.kv_lora_rank", 1, most_dim);
    // Files from before the absorbed form state the widths of a head under the plain names.
    const char* key =
        in.has_key("attention.key_length_mla") ? "attention.key_length_mla" : "attention.key_length";
    const char* value =
        in.has_key("attention.value_length_mla") ? "attention.value_length_mla" : "attention.value_length";
    const int head_dim = in.count(key, 1, most_dim);
    latent.value = in.count(value, 1, most_dim);
    latent.rope = rope_dims;
    if (head_dim <= rope_dims)
        in.refuse(ErrorCode::corrupt,
                  in.architecture() + "." + key + " is " + std::to_string(head_dim) +
                      ", not above rope.dimension_count " + std::to_string(rope_dims),
                  "the file is damaged; download it again");
    latent.content = head_dim - rope_dims;
    return latent;
}

LatentAttention latent_attention(int index, int heads, int n_embd, const LatentShape& shape, float eps) {
    LatentAttention latent;
    latent.heads = heads;
    latent.content_dim = shape.content;
    latent.rope_dim = shape.rope;
    latent.value_dim = shape.value;
    latent.rank = shape.rank;
    const int q_width = heads * latent.head_dim();
    if (shape.q_rank > 0) {
        latent.q_down = linear_layer(block(index, "attn_q_a.weight"), shape.q_rank, n_embd);
        latent.q_norm = rms_norm(block(index, "attn_q_a_norm.weight"), shape.q_rank, eps);
        latent.q_up = linear_layer(block(index, "attn_q_b.weight"), q_width, shape.q_rank);
    } else {
        latent.q = linear_layer(block(index, "attn_q.weight"), q_width, n_embd);
    }
    latent.kv_down = linear_layer(block(index, "attn_kv_a_mqa.weight"), latent.cached(), n_embd);
    latent.latent_norm = rms_norm(block(index, "attn_kv_a_norm.weight"), shape.rank, eps);
    latent.key_up = block(index, "attn_k_b.weight");
    latent.value_up = block(index, "attn_v_b.weight");
    latent.output = linear_layer(block(index, "attn_output.weight"), n_embd, heads * shape.value);
    return latent;
}

}  // namespace

ModelSpec deepseek2_spec(SpecReader& in) {
    const DecoderShape shape = read_shape(in, {.same_head_widths = false, .routed = true});
    ModelSpec spec = start_decoder(in, shape);
    Rope rope = read_rope(in, shape, RopeLayout::adjacent);
    const LatentShape widths = read_latent(in, rope.dims);
    double scale = 1 / std::sqrt(static_cast<double>(widths.content + widths.rope));
    if (rope.scaling == RopeScaling::yarn) {
        // mscale stands in the score scale, squared, and not in the rotation: the two factors of the
        // published configurations cancel there.
        const double multiplier = in.number_or("rope.scaling.yarn_log_multiplier", 0.1, 0, 1e3);
        const double mscale = rope.factor > 1 ? multiplier * std::log(rope.factor) + 1 : 1;
        scale *= mscale * mscale;
        rope.attention_factor = 1;
    }
    const int positions = add_rope(spec, std::move(rope));
    const int dense_layers = in.count_or("leading_dense_block_count", 0, 0, 1 << 20);
    for (int i = 0; i < shape.layers; ++i) {
        Layer layer = decoder_layer(shape, i, -1);
        layer.attention = {};
        layer.latent =
            latent_attention(i, shape.heads[static_cast<std::size_t>(i)], shape.n_embd, widths, shape.eps);
        layer.latent.rope = positions;
        layer.latent.scale = static_cast<float>(scale);
        if (i >= dense_layers) {
            const bool biased = in.has_tensor(block(i, "exp_probs_b.bias"));
            route_feed_forward(in, layer, i, shape, {.group_best = biased ? 2 : 1});
        }
        spec.layers.push_back(std::move(layer));
    }
    return spec;
}

}  // namespace pellucid
