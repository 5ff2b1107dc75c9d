// The parts that decoder architectures share, under the weight names every GGUF converter uses. An
// architecture file composes these and states only what is its own.
#pragma once

#include <string>
#include <vector>

#include "engine/model/spec.h"
#include "engine/model/spec_reader.h"

namespace pellucid {

/// The numbers every decoder has. After a failure layers is 0, so that loops over it do nothing.
struct DecoderShape {
    int layers = 0, n_embd = 0, head_dim = 0, context = 0, vocabulary = 0;
    std::vector<int> heads, kv_heads, widths;  ///< per layer; widths of the feed-forward
    float eps = 0;
};

/// What a family's files leave out or say in another way.
struct ShapeRules {
    bool same_head_widths = true;  ///< keys and values of one width, head_dim; else head_dim is left at 0
    bool layers_without_heads = false;  ///< a layer whose head_count_kv is 0 has no attention
    bool routed = false;                ///< expert_count may be set, feed_forward_length may be absent (0)
};
DecoderShape read_shape(SpecReader& in, const ShapeRules& rules = {});
/// Name, embedding, head (tied when the file has no output.weight) with an RMS norm; no layers.
ModelSpec start_decoder(SpecReader& in, const DecoderShape& shape);

/// rope.dimension_count (default: the whole head), freq_base and scaling keys.
Rope read_rope(SpecReader& in, const DecoderShape& shape, RopeLayout layout);
/// Appends the rope and returns its index.
int add_rope(ModelSpec& spec, Rope rope);

/// RMS norm before each half, separate q, k, v with 1/sqrt(head_dim), full causal mask, gated feed-forward
/// with gate and up apart. Rope index as given.
Layer decoder_layer(const DecoderShape& shape, int layer, int rope);

Linear linear_layer(std::string weight, int out, int in);
/// "blk.3." + rest
std::string block(int layer, const char* rest);
Norm rms_norm(std::string weight, int width, float eps);

// Turns of the common layer; each names tensors that the file must then have, save where it says so.
void fuse_qkv(Layer& layer, int index);
void fuse_gate_up(Layer& layer, int index);  ///< the file calls the fused tensor ffn_up
void add_qk_norm(Layer& layer, int index, float eps);
void add_post_norms(Layer& layer, int index, int n_embd, float eps);
void add_qkv_biases(Layer& layer, int index);
/// Biases of any linear layer, where the file has them.
void take_present_biases(const SpecReader& in, Layer& layer);

}  // namespace pellucid
