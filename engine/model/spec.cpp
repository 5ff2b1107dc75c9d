#include "engine/model/spec.h"

#include <algorithm>

namespace pellucid {
namespace {

void need_linear(std::vector<TensorNeed>& needs, const Linear& linear) {
    if (!linear.weight.empty()) needs.push_back({linear.weight, {linear.out, linear.in}});
    if (!linear.bias.empty()) needs.push_back({linear.bias, {linear.out}});
}

void need_norm(std::vector<TensorNeed>& needs, const Norm& norm) {
    if (!norm.weight.empty()) needs.push_back({norm.weight, {norm.width}});
    if (!norm.bias.empty()) needs.push_back({norm.bias, {norm.width}});
}

void need_rope(std::vector<TensorNeed>& needs, const std::string& name, int pairs) {
    const auto same = [&](const TensorNeed& need) { return need.name == name; };  // ropes may share a tensor
    if (!name.empty() && std::none_of(needs.begin(), needs.end(), same)) needs.push_back({name, {pairs}});
}

}  // namespace

std::vector<TensorNeed> tensor_needs(const ModelSpec& spec) {
    std::vector<TensorNeed> needs;
    needs.push_back({spec.embedding, {spec.vocabulary, spec.n_embd}});
    for (const Rope& rope : spec.ropes) {
        need_rope(needs, rope.frequency_factors, rope.dims / 2);
        need_rope(needs, rope.long_factors, rope.dims / 2);
    }
    for (const Layer& layer : spec.layers) {
        const Attention& attention = layer.attention;
        need_norm(needs, layer.attention_norm);
        for (const Linear* linear : {&attention.q, &attention.k, &attention.v, &attention.qkv})
            need_linear(needs, *linear);
        need_norm(needs, attention.q_norm);
        need_norm(needs, attention.k_norm);
        need_linear(needs, attention.output);
        need_norm(needs, layer.attention_post_norm);
        need_norm(needs, layer.feed_forward_norm);
        const FeedForward& feed_forward = layer.feed_forward;
        for (const Linear* linear :
             {&feed_forward.gate, &feed_forward.up, &feed_forward.gate_up, &feed_forward.down})
            need_linear(needs, *linear);
        need_norm(needs, layer.feed_forward_post_norm);
    }
    need_norm(needs, spec.head.norm);
    if (!spec.head.tied) need_linear(needs, spec.head.output);
    return needs;
}

std::int64_t parameter_count(const ModelSpec& spec) {
    std::int64_t count = 0;
    for (const TensorNeed& need : tensor_needs(spec)) {
        const bool rope = std::any_of(spec.ropes.begin(), spec.ropes.end(), [&](const Rope& r) {
            return need.name == r.frequency_factors || need.name == r.long_factors;
        });
        if (rope) continue;
        std::int64_t values = 1;
        for (std::int64_t dimension : need.shape) values *= dimension;
        count += values;
    }
    return count;
}

std::int64_t kv_values_per_token(const ModelSpec& spec) {
    std::int64_t values = 0;
    for (const Layer& layer : spec.layers)
        values += 2 * static_cast<std::int64_t>(layer.attention.kv_width());
    return values;
}

int widest_activation(const ModelSpec& spec) {
    int widest = spec.n_embd;
    for (const Layer& layer : spec.layers) {
        const Attention& attention = layer.attention;
        widest = std::max({widest, attention.q_width() + 2 * attention.kv_width(),
                           layer.feed_forward.width * (layer.feed_forward.gated ? 2 : 1)});
    }
    return widest;
}

std::string_view to_string(Activation activation) {
    switch (activation) {
        case Activation::silu:
            return "silu";
        case Activation::gelu_tanh:
            return "gelu_tanh";
        case Activation::gelu:
            return "gelu";
    }
    return "?";
}

}  // namespace pellucid
