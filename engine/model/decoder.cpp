#include "engine/model/decoder.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace pellucid {
namespace {

// Above every published model by a wide margin; below what would overflow an int in a product of two.
constexpr int most_layers = 1024, most_heads = 1024, most_embd = 1 << 17, most_head_dim = 4096,
              most_width = 1 << 20, most_context = 1 << 28, most_vocabulary = 1 << 24;

constexpr const char* ask_hint = "use a file made by a current converter, or another model";

int read_head_dim(SpecReader& in, const DecoderShape& shape) {
    const int head_dim = in.count_or("attention.key_length", 0, 1, most_head_dim);
    const int value_dim = in.count_or("attention.value_length", head_dim, 1, most_head_dim);
    if (head_dim != value_dim && in.has_key("attention.key_length")) {
        in.refuse(ErrorCode::unsupported,
                  in.architecture() + ".attention.key_length is " + std::to_string(head_dim) +
                      " but value_length is " + std::to_string(value_dim),
                  "this version runs grouped-query attention with equal key and value widths only");
    }
    if (head_dim > 0) return head_dim;
    const int heads = shape.heads.front();
    if (shape.n_embd % heads != 0)
        in.refuse(ErrorCode::corrupt,
                  in.architecture() + ".embedding_length " + std::to_string(shape.n_embd) +
                      " is not a multiple of attention.head_count " + std::to_string(heads) +
                      ", and attention.key_length is absent",
                  ask_hint);
    return shape.n_embd / heads;
}

int read_vocabulary(SpecReader& in) {
    // The embedding's rows are what can be looked up; vocab_size is absent from many files and only checked.
    const TensorView* embedding = in.tensor("token_embd.weight");
    if (!embedding || embedding->shape.size() != 2) {
        in.refuse(ErrorCode::corrupt,
                  embedding ? "token_embd.weight is not a matrix" : "token_embd.weight is missing",
                  "the file holds no complete language model; download it again");
        return 1;
    }
    const std::int64_t rows = embedding->shape[0];
    const int declared = in.count_or("vocab_size", 0, 1, most_vocabulary);
    if (rows < 1 || rows > most_vocabulary || declared > rows) {
        in.refuse(ErrorCode::corrupt,
                  "token_embd.weight has " + std::to_string(rows) + " rows, " + in.architecture() +
                      ".vocab_size is " + std::to_string(declared),
                  "the file is damaged; download it again");
        return 1;
    }
    return static_cast<int>(rows);
}

void read_scaling(SpecReader& in, Rope& rope, int context) {
    const std::string type =
        in.text_or("rope.scaling.type", in.has_key("rope.scale_linear") ? "linear" : "none");
    const char* factor_key = in.has_key("rope.scaling.factor") ? "rope.scaling.factor" : "rope.scale_linear";
    rope.original_context = in.count_or("rope.scaling.original_context_length", context, 1, most_context);
    if (type.empty() || type == "none") return;
    if (type == "linear") {
        rope.scaling = RopeScaling::linear;
        rope.factor = in.number_or(factor_key, 1, 1e-3, 1e6);
    } else if (type == "yarn") {
        rope.scaling = RopeScaling::yarn;
        rope.factor = in.number("rope.scaling.factor", 1e-3, 1e6);
        rope.beta_fast = in.number_or("rope.scaling.yarn_beta_fast", 32, 1e-3, 1e6);
        rope.beta_slow = in.number_or("rope.scaling.yarn_beta_slow", 1, 1e-3, 1e6);
        rope.whole_pairs = in.flag_or("rope.scaling.yarn_truncate", true);
        if (in.number_or("rope.scaling.yarn_ext_factor", 1, -1e6, 1e6) != 1)
            in.refuse(ErrorCode::unsupported, in.architecture() + ".rope.scaling.yarn_ext_factor is not 1",
                      ask_hint);
        // YaRN eq. 22, sqrt(1/t) = 0.1 ln s + 1, on queries and keys both; a file may state the product
        // instead.
        const double paper = rope.factor > 1 ? 0.1 * std::log(rope.factor) + 1 : 1;
        rope.attention_factor =
            in.number_or("rope.scaling.yarn_attn_factor",
                         paper * in.number_or("rope.scaling.attn_factor", 1, 1e-3, 1e3), 1e-3, 1e3);
    } else if (type == "longrope" || type == "su") {
        rope.scaling = RopeScaling::longrope;
    } else {
        in.refuse(ErrorCode::unsupported, in.architecture() + ".rope.scaling.type is '" + type + "'",
                  ask_hint);
    }
}

}  // namespace

DecoderShape read_shape(SpecReader& in, const ShapeRules& rules) {
    DecoderShape shape;
    const int layers = in.count("block_count", 1, most_layers);
    shape.n_embd = in.count("embedding_length", 1, most_embd);
    shape.context = in.count("context_length", 1, most_context);
    shape.heads = in.counts("attention.head_count", layers, 1, most_heads);
    shape.kv_heads = in.counts_or("attention.head_count_kv", layers, shape.heads,
                                  rules.layers_without_heads ? 0 : 1, most_heads);
    shape.widths = rules.routed ? in.counts_or("feed_forward_length", layers,
                                               std::vector<int>(shape.heads.size(), 0), 0, most_width)
                                : in.counts("feed_forward_length", layers, 1, most_width);
    shape.eps = static_cast<float>(in.number("attention.layer_norm_rms_epsilon", 0, 1));
    if (rules.same_head_widths) shape.head_dim = read_head_dim(in, shape);
    shape.vocabulary = read_vocabulary(in);
    for (std::size_t i = 0; i < shape.heads.size(); ++i)
        if (shape.kv_heads[i] > 0 && shape.heads[i] % shape.kv_heads[i] != 0)
            in.refuse(ErrorCode::corrupt,
                      in.architecture() + ".attention.head_count " + std::to_string(shape.heads[i]) +
                          " is not a multiple of head_count_kv " + std::to_string(shape.kv_heads[i]) +
                          " (layer " + std::to_string(i) + ")",
                      "the file is damaged; download it again");
    if (!rules.routed && in.count_or("expert_count", 0, 0, 1 << 16) > 0)
        in.refuse(ErrorCode::unsupported,
                  in.architecture() + ".expert_count is set: this model routes its tokens to experts",
                  "this family is known without experts only; use a newer version or another model");
    if (in.ok()) shape.layers = layers;
    return shape;
}

ModelSpec start_decoder(SpecReader& in, const DecoderShape& shape) {
    ModelSpec spec;
    spec.architecture = in.architecture();
    spec.name = in.global_text_or("general.name", "");
    spec.vocabulary = shape.vocabulary;
    spec.n_embd = shape.n_embd;
    spec.trained_context = shape.context;
    spec.embedding = "token_embd.weight";
    spec.head.norm = rms_norm("output_norm.weight", shape.n_embd, shape.eps);
    spec.head.tied = !in.has_tensor("output.weight");
    spec.head.output =
        linear_layer(spec.head.tied ? spec.embedding : "output.weight", shape.vocabulary, shape.n_embd);
    spec.head.output.bias = in.optional_tensor("output.bias");
    return spec;
}

Rope read_rope(SpecReader& in, const DecoderShape& shape, RopeLayout layout) {
    Rope rope;
    rope.layout = layout;
    rope.dims = in.count_or("rope.dimension_count", shape.head_dim, 2, most_head_dim);
    if (rope.dims % 2 != 0 || (shape.head_dim > 0 && rope.dims > shape.head_dim))
        in.refuse(ErrorCode::corrupt,
                  in.architecture() + ".rope.dimension_count is " + std::to_string(rope.dims) +
                      ", expected an even number up to the head width " + std::to_string(shape.head_dim),
                  "the file is damaged; download it again");
    rope.base = in.number_or("rope.freq_base", 10000, 1 + 1e-6, 1e12);
    read_scaling(in, rope, shape.context);
    return rope;
}

int add_rope(ModelSpec& spec, Rope rope) {
    spec.ropes.push_back(std::move(rope));
    return static_cast<int>(spec.ropes.size()) - 1;
}

Linear linear_layer(std::string weight, int out, int in) {
    return Linear{out, in, std::move(weight), {}};
}

std::string block(int layer, const char* rest) {
    return "blk." + std::to_string(layer) + "." + rest;
}

Norm rms_norm(std::string weight, int width, float eps) {
    return Norm{NormKind::rms, width, eps, std::move(weight), {}};
}

Layer decoder_layer(const DecoderShape& shape, int index, int rope) {
    const auto i = static_cast<std::size_t>(index);
    const int n_embd = shape.n_embd;
    Layer layer;
    layer.attention_norm = rms_norm(block(index, "attn_norm.weight"), n_embd, shape.eps);
    Attention& attention = layer.attention;
    attention.heads = shape.heads[i];
    attention.kv_heads = shape.kv_heads[i];
    attention.head_dim = shape.head_dim;
    attention.q = linear_layer(block(index, "attn_q.weight"), attention.q_width(), n_embd);
    attention.k = linear_layer(block(index, "attn_k.weight"), attention.kv_width(), n_embd);
    attention.v = linear_layer(block(index, "attn_v.weight"), attention.kv_width(), n_embd);
    attention.output = linear_layer(block(index, "attn_output.weight"), n_embd, attention.q_width());
    attention.rope = rope;
    attention.scale = 1 / std::sqrt(static_cast<float>(shape.head_dim));
    layer.feed_forward_norm = rms_norm(block(index, "ffn_norm.weight"), n_embd, shape.eps);
    FeedForward& feed_forward = layer.feed_forward;
    feed_forward.width = shape.widths[i];
    feed_forward.gate = linear_layer(block(index, "ffn_gate.weight"), feed_forward.width, n_embd);
    feed_forward.up = linear_layer(block(index, "ffn_up.weight"), feed_forward.width, n_embd);
    feed_forward.down = linear_layer(block(index, "ffn_down.weight"), n_embd, feed_forward.width);
    return layer;
}

void fuse_qkv(Layer& layer, int index) {
    Attention& attention = layer.attention;
    attention.qkv = linear_layer(block(index, "attn_qkv.weight"),
                                 attention.q_width() + 2 * attention.kv_width(), attention.q.in);
    attention.q = attention.k = attention.v = {};
}

void fuse_gate_up(Layer& layer, int index) {
    FeedForward& feed_forward = layer.feed_forward;
    feed_forward.gate_up =
        linear_layer(block(index, "ffn_up.weight"), 2 * feed_forward.width, feed_forward.up.in);
    feed_forward.gate = feed_forward.up = {};
}

void add_qk_norm(Layer& layer, int index, float eps) {
    layer.attention.q_norm = rms_norm(block(index, "attn_q_norm.weight"), layer.attention.head_dim, eps);
    layer.attention.k_norm = rms_norm(block(index, "attn_k_norm.weight"), layer.attention.head_dim, eps);
}

void add_post_norms(Layer& layer, int index, int n_embd, float eps) {
    layer.attention_post_norm = rms_norm(block(index, "post_attention_norm.weight"), n_embd, eps);
    layer.feed_forward_post_norm = rms_norm(block(index, "post_ffw_norm.weight"), n_embd, eps);
}

void add_qkv_biases(Layer& layer, int index) {
    layer.attention.q.bias = block(index, "attn_q.bias");
    layer.attention.k.bias = block(index, "attn_k.bias");
    layer.attention.v.bias = block(index, "attn_v.bias");
}

void take_present_biases(const SpecReader& in, Layer& layer) {
    Attention& attention = layer.attention;
    FeedForward& feed_forward = layer.feed_forward;
    for (Linear* part : {&attention.q, &attention.k, &attention.v, &attention.qkv, &attention.output,
                         &feed_forward.gate, &feed_forward.up, &feed_forward.gate_up, &feed_forward.down}) {
        if (!part->present()) continue;
        const std::string stem = part->weight.substr(0, part->weight.rfind('.'));
        part->bias = in.optional_tensor(stem + ".bias");
    }
}

}  // namespace pellucid
