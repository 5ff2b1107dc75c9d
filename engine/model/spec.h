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

    bool fused() const { return qkv.present(); }
    int q_width() const { return heads * head_dim; }
    int kv_width() const { return kv_heads * head_dim; }
};

enum class Activation { silu, gelu_tanh, gelu };

/// down(act(gate(x)) * up(x)) where gated, else down(act(up(x))).
struct FeedForward {
    int width = 0;
    bool gated = true;
    Activation activation = Activation::silu;
    /// Gated: either gate and up apart, or one gate_up [2 * width, n_embd] whose rows are the gate, then up.
    Linear gate, up, gate_up, down;

    bool fused() const { return gate_up.present(); }
};

/// x += residual_scale * post(attention(pre(x))); x += residual_scale * post(feed_forward(pre(x))).
/// An absent norm is the identity.
struct Layer {
    Norm attention_norm;
    Attention attention;
    Norm attention_post_norm;
    Norm feed_forward_norm;
    FeedForward feed_forward;
    Norm feed_forward_post_norm;
};

/// logits = soft_cap(scale * (W norm(x))), soft_cap(y) = cap * tanh(y / cap) where cap > 0.
struct Head {
    Norm norm;
    Linear output;  ///< [vocabulary, n_embd]; names the embedding where tied
    bool tied = false;
    float scale = 1;
    float soft_cap = 0;
};

struct ModelSpec {
    std::string architecture;  ///< as the file says; for display and logs only
    std::string name;          ///< general.name, may be empty
    int vocabulary = 0;        ///< rows of the embedding
    int n_embd = 0;
    int trained_context = 0;    ///< positions the model was trained for
    std::string embedding;      ///< weight [vocabulary, n_embd]
    float embedding_scale = 1;  ///< multiplies the looked-up row
    float residual_scale = 1;
    std::vector<Rope> ropes;
    std::vector<Layer> layers;
    Head head;

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
/// Key and value numbers that one position adds over all layers; times the bytes of the KV format.
std::int64_t kv_values_per_token(const ModelSpec& spec);
/// Widest of q, k+v, feed-forward and n_embd over all layers: what a row of scratch must hold at most.
int widest_activation(const ModelSpec& spec);

std::string_view to_string(Activation activation);

}  // namespace pellucid
