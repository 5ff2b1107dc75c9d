// ModelSpec: what a decoder model is, as data. An architecture file turns metadata into one; a backend runs
// one and never asks for the architecture's name. Weight names are those of the file; an empty name means
// "not in this model".
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "engine/model/rope.h"

namespace pellucid {

/// y = W x + b. W is [out, in], b is f32 [out].
struct Linear {
    int out = 0, in = 0;
    std::string weight, bias;
    bool present() const { return !weight.empty(); }
    bool operator==(const Linear&) const = default;
};

enum class NormKind {
    rms,    ///< x / sqrt(mean(x^2) + eps) * weight
    layer,  ///< (x - mean) / sqrt(variance + eps) * weight + bias
};

/// weight f32 [width]. Gemma's "1 + weight" is folded into the file by its converter.
struct Norm {
    NormKind kind = NormKind::rms;
    int width = 0;
    float eps = 1e-5f;
    std::string weight, bias;
    bool present() const { return !weight.empty(); }
};

/// Grouped-query attention with a causal mask.
struct Attention {
    int heads = 0,
        kv_heads = 0;  ///< heads is a multiple of kv_heads; head h reads KV head h / (heads / kv_heads)
    int head_dim = 0;  ///< of queries, keys and values
    /// Either q, k, v apart, or one qkv whose rows are all query heads, then key heads, then value heads.
    Linear q, k, v, qkv;
    Norm q_norm, k_norm;  ///< per head, width head_dim, before rope
    Linear output;        ///< [n_embd, heads * head_dim]
    int rope = -1;        ///< index into ModelSpec::ropes; -1: no positions in this layer
    float scale = 0;      ///< scores are (q . k) * scale
    float soft_cap = 0;   ///< > 0: scores become cap * tanh(score / cap), before the mask
    int window = 0;       ///< > 0: position p sees [p - window + 1, p]; 0: all of [0, p]
    /// Empty, or f32 [heads]: head h's softmax runs over its scores and sinks[h], and the sink's share is
    /// dropped (gpt-oss).
    std::string sinks;

    bool present() const { return heads > 0; }
    bool fused() const { return qkv.present(); }
    int q_width() const { return heads * head_dim; }
    int kv_width() const { return kv_heads * head_dim; }
};

/// DeepSeek-V2's multi-head latent attention (arXiv 2405.04434, section 2.1): keys and values of all heads
/// are linear in one latent vector a position, and only that and a rotated key shared by the heads are
/// cached.
struct LatentAttention {
    int heads = 0;
    int content_dim = 0, rope_dim = 0;  ///< a head's query and key: content, then the part that turns
    int value_dim = 0;
    int rank = 0;          ///< width of the latent
    Linear q;              ///< [heads * (content_dim + rope_dim), n_embd], or by way of q_down:
    Linear q_down, q_up;   ///< [q_rank, n_embd], [heads * (content_dim + rope_dim), q_rank]
    Norm q_norm;           ///< between the two, width q_rank
    Linear kv_down;        ///< [rank + rope_dim, n_embd]: the latent, then the shared rotated key
    Norm latent_norm;      ///< width rank, of the latent alone
    std::string key_up;    ///< [heads, rank, content_dim]: a query's content times it meets the latent
    std::string value_up;  ///< [heads, value_dim, rank]
    Linear output;         ///< [n_embd, heads * value_dim]
    int rope = -1;         ///< index into ModelSpec::ropes, of rope_dim dimensions
    float scale = 0;       ///< scores are (q . k) * scale, over content_dim + rope_dim

    bool present() const { return heads > 0; }
    int head_dim() const { return content_dim + rope_dim; }
    int cached() const { return rank + rope_dim; }  ///< numbers kept for a position
};

/// LFM2's gated short convolution: [b, c, u] = in(x); y = c * conv(b * u); out(y). conv is causal, over
/// `length` positions, each of the n_embd channels by itself.
struct ShortConvolution {
    int length = 0, width = 0;
    Linear in;           ///< [3 * width, width]
    std::string kernel;  ///< [width, length], the last column multiplies the newest position
    Linear out;          ///< [width, width]

    bool present() const { return length > 0; }
};

enum class Activation {
    silu,
    gelu_tanh,
    gelu,
    /// gpt-oss: g = min(gate, 7), u = clamp(up, -7, 7): g * sigmoid(1.702 g) * (u + 1). Gated only.
    clamped_swish,
};

/// down(act(gate(x)) * up(x)) where gated, else down(act(up(x))).
struct FeedForward {
    int width = 0;
    bool gated = true;
    Activation activation = Activation::silu;
    /// Gated: either gate and up apart, or one gate_up [2 * width, n_embd] whose rows are the gate, then up.
    Linear gate, up, gate_up, down;

    bool present() const { return down.present(); }
    bool fused() const { return gate_up.present(); }
};

enum class Gating {
    softmax,            ///< over all experts
    sigmoid,            ///< each expert by itself
    softmax_of_chosen,  ///< scores choose; the softmax runs over the chosen ones
};

/// Which experts a token goes to and how much each counts. A score per expert (W x + b, through the gating)
/// chooses; `selection_bias` is added for choosing only.
struct Router {
    int experts = 0;
    int used = 0;   ///< experts of a token; at most, where `threshold` is set
    Linear scores;  ///< [experts, n_embd]
    Gating gating = Gating::softmax;
    std::string selection_bias;  ///< f32 [experts] or empty
    int groups = 1;              ///< experts lie in groups of equal size; only the best groups_used compete
    int groups_used = 1;
    /// What ranks a group: the sum of its best `group_best` biased scores.
    int group_best = 1;
    /// > 0: takes the fewest best experts whose shares of the softmax reach it (top-p routing), instead of
    /// always `used`.
    float threshold = 0;
    bool renormalise = false;  ///< weights of the chosen are divided by their sum
    float scale = 1;           ///< then multiplied by this
};

/// Routed feed-forward networks, each gated with gate and up apart, and one that every token goes through.
struct Experts {
    Router router;
    int width = 0;
    Activation activation = Activation::silu;
    Linear gate, up, down;  ///< of one expert; the tensors are [experts, out, in], biases [experts, out]
    FeedForward shared;     ///< may be absent
    Linear shared_gate;     ///< [1, n_embd] or absent: shared counts sigmoid(W x)

    bool present() const { return router.experts > 0; }
};

/// x += residual_scale * post(attention(pre(x))); x += residual_scale * post(feed_forward(pre(x))).
/// An absent norm is the identity. Exactly one of attention, latent and convolution is present, and one of
/// feed_forward and experts; in a part of a model (part.h) a half may be absent, and of experts the routed
/// ones or the shared one.
struct Layer {
    Norm attention_norm;
    Attention attention;
    LatentAttention latent;
    ShortConvolution convolution;
    Norm attention_post_norm;
    Norm feed_forward_norm;
    FeedForward feed_forward;
    Experts experts;
    Norm feed_forward_post_norm;

    bool routed() const { return experts.present(); }
    /// Routed experts, or in a part of a model the shared one alone.
    bool mixed() const { return experts.present() || experts.shared.present(); }
};

/// What a layer keeps for each position: keys and values of each KV head; or one row that is both (latent
/// attention), or a past input (convolution), with value_width 0.
struct CacheShape {
    int heads = 0, key_width = 0, value_width = 0;
    int split =
        0;  ///< > 0: the row is two vectors, [0, split) and [split, key_width), that formats treat apart
    std::int64_t values() const { return std::int64_t{heads} * (key_width + value_width); }
};
CacheShape cache_shape(const Layer& layer);

/// logits = soft_cap(scale * (W norm(x))), soft_cap(y) = cap * tanh(y / cap) where cap > 0.
struct Head {
    Norm norm;
    Linear output;  ///< [vocabulary, n_embd]; names the embedding where tied
    bool tied = false;
    float scale = 1;
    float soft_cap = 0;
    bool present() const { return tied || output.present(); }  ///< false: a part of a model (part.h)
};

/// DeepSeek-V3's multi-token prediction (arXiv 2412.19437, section 2.2): a layer that guesses the token after
/// the next one, from the residual stream h that the model left at a position and the embedding e of the
/// token that came after it. What goes into the layer is project([embedding_norm(e), hidden_norm(h)]).
struct NextTokenInput {
    Norm embedding_norm, hidden_norm;  ///< width n_embd
    Linear project;                    ///< [n_embd, 2 * n_embd]
    bool present() const { return project.present(); }
};

struct ModelSpec {
    std::string architecture;  ///< as the file says; for display and logs only
    std::string name;          ///< general.name, may be empty
    int vocabulary = 0;        ///< rows of the embedding
    int n_embd = 0;
    int trained_context = 0;    ///< positions the model was trained for
    std::string embedding;      ///< weight [vocabulary, n_embd]; empty in a part of a model (part.h)
    float embedding_scale = 1;  ///< multiplies the looked-up row
    float residual_scale = 1;
    std::vector<Rope> ropes;
    std::vector<Layer> layers;
    Head head;
    /// Present in a multi-token-prediction layer's spec: its rows are NextTokenRows.
    NextTokenInput next_input;
    /// The multi-token-prediction layers that come with this model, each a model of one layer with the same
    /// vocabulary and width. No part of tensor_needs() and of the counts below.
    std::vector<ModelSpec> next_layers;

    int n_layers() const { return static_cast<int>(layers.size()); }
};

/// A tensor the spec names, with the shape it must have (contiguous dimension last).
struct TensorNeed {
    std::string name;
    std::vector<std::int64_t> shape;
};

/// Every tensor of the model once (a tied head adds none), in the order embedding, ropes, layers, head.
std::vector<TensorNeed> tensor_needs(const ModelSpec& spec);
/// Weights counted over tensor_needs, rope factors left out.
std::int64_t parameter_count(const ModelSpec& spec);
/// Of parameter_count, the ones that a token meets: all but the experts it is not sent to.
std::int64_t active_parameter_count(const ModelSpec& spec);
/// Numbers that one position adds to the cache over all layers; times the bytes of the KV format.
std::int64_t kv_values_per_token(const ModelSpec& spec);
/// Widest of q, k+v, feed-forward and n_embd over all layers: what a row of scratch must hold at most.
int widest_activation(const ModelSpec& spec);

std::string_view to_string(Activation activation);
std::string_view to_string(Gating gating);

}  // namespace pellucid
