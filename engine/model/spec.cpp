#include "engine/model/spec.h"

#include <algorithm>

namespace pellucid {
namespace {

void need_linear(std::vector<TensorNeed>& needs, const Linear& linear) {
    if (!linear.weight.empty()) needs.push_back({linear.weight, {linear.out, linear.in}});
    if (!linear.bias.empty()) needs.push_back({linear.bias, {linear.out}});
}

/// A tensor of all experts, one after the other.
void need_stacked(std::vector<TensorNeed>& needs, const Linear& linear, int experts) {
    if (!linear.weight.empty()) needs.push_back({linear.weight, {experts, linear.out, linear.in}});
    if (!linear.bias.empty()) needs.push_back({linear.bias, {experts, linear.out}});
}

void need_norm(std::vector<TensorNeed>& needs, const Norm& norm) {
    if (!norm.weight.empty()) needs.push_back({norm.weight, {norm.width}});
    if (!norm.bias.empty()) needs.push_back({norm.bias, {norm.width}});
}

void need_attention(std::vector<TensorNeed>& needs, const Attention& attention) {
    for (const Linear* linear : {&attention.q, &attention.k, &attention.v, &attention.qkv})
        need_linear(needs, *linear);
    need_norm(needs, attention.q_norm);
    need_norm(needs, attention.k_norm);
    if (!attention.sinks.empty()) needs.push_back({attention.sinks, {attention.heads}});
    need_linear(needs, attention.output);
}

void need_latent(std::vector<TensorNeed>& needs, const LatentAttention& latent) {
    for (const Linear* linear : {&latent.q, &latent.q_down, &latent.q_up, &latent.kv_down})
        need_linear(needs, *linear);
    need_norm(needs, latent.q_norm);
    need_norm(needs, latent.latent_norm);
    if (!latent.present()) return;
    needs.push_back({latent.key_up, {latent.heads, latent.rank, latent.content_dim}});
    needs.push_back({latent.value_up, {latent.heads, latent.value_dim, latent.rank}});
    need_linear(needs, latent.output);
}

void need_convolution(std::vector<TensorNeed>& needs, const ShortConvolution& convolution) {
    if (!convolution.present()) return;
    need_linear(needs, convolution.in);
    needs.push_back({convolution.kernel, {convolution.width, convolution.length}});
    need_linear(needs, convolution.out);
}

void need_feed_forward(std::vector<TensorNeed>& needs, const FeedForward& feed_forward) {
    for (const Linear* linear :
         {&feed_forward.gate, &feed_forward.up, &feed_forward.gate_up, &feed_forward.down})
        need_linear(needs, *linear);
}

void need_experts(std::vector<TensorNeed>& needs, const Experts& experts) {
    const Router& router = experts.router;
    if (experts.present()) {
        need_linear(needs, router.scores);
        if (!router.selection_bias.empty()) needs.push_back({router.selection_bias, {router.experts}});
        for (const Linear* linear : {&experts.gate, &experts.up, &experts.down})
            need_stacked(needs, *linear, router.experts);
    }
    need_feed_forward(needs, experts.shared);
    need_linear(needs, experts.shared_gate);
}

void need_rope(std::vector<TensorNeed>& needs, const std::string& name, int pairs) {
    const auto same = [&](const TensorNeed& need) { return need.name == name; };  // ropes may share a tensor
    if (!name.empty() && std::none_of(needs.begin(), needs.end(), same)) needs.push_back({name, {pairs}});
}

}  // namespace

std::vector<TensorNeed> tensor_needs(const ModelSpec& spec) {
    std::vector<TensorNeed> needs;
    if (!spec.embedding.empty()) needs.push_back({spec.embedding, {spec.vocabulary, spec.n_embd}});
    need_norm(needs, spec.next_input.embedding_norm);
    need_norm(needs, spec.next_input.hidden_norm);
    need_linear(needs, spec.next_input.project);
    for (const Rope& rope : spec.ropes) {
        need_rope(needs, rope.frequency_factors, rope.dims / 2);
        need_rope(needs, rope.long_factors, rope.dims / 2);
    }
    for (const Layer& layer : spec.layers) {
        need_norm(needs, layer.attention_norm);
        need_attention(needs, layer.attention);
        need_latent(needs, layer.latent);
        need_convolution(needs, layer.convolution);
        need_norm(needs, layer.attention_post_norm);
        need_norm(needs, layer.feed_forward_norm);
        need_feed_forward(needs, layer.feed_forward);
        need_experts(needs, layer.experts);
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

std::int64_t active_parameter_count(const ModelSpec& spec) {
    std::int64_t idle = 0;
    for (const Layer& layer : spec.layers)
        for (const Linear* part : {&layer.experts.gate, &layer.experts.up, &layer.experts.down})
            idle += (std::int64_t{part->out} * part->in + (part->bias.empty() ? 0 : part->out)) *
                    (layer.experts.router.experts - layer.experts.router.used);
    return parameter_count(spec) - idle;
}

CacheShape cache_shape(const Layer& layer) {
    if (layer.latent.present()) return {1, layer.latent.cached(), 0, layer.latent.rank};
    if (layer.convolution.present()) return {1, layer.convolution.width, 0, 0};
    const Attention& attention = layer.attention;
    return {attention.kv_heads, attention.head_dim, attention.head_dim, 0};
}

std::int64_t kv_values_per_token(const ModelSpec& spec) {
    std::int64_t values = 0;
    for (const Layer& layer : spec.layers) values += cache_shape(layer).values();
    return values;
}

int widest_activation(const ModelSpec& spec) {
    const auto feed_forward_width = [](const FeedForward& feed_forward) {
        return feed_forward.width * (feed_forward.gated ? 2 : 1);
    };
    int widest = spec.n_embd;
    for (const Layer& layer : spec.layers) {
        const Attention& attention = layer.attention;
        const LatentAttention& latent = layer.latent;
        const Experts& experts = layer.experts;
        widest = std::max({widest, attention.q_width() + 2 * attention.kv_width(),
                           latent.heads * (latent.head_dim() + latent.cached()), 3 * layer.convolution.width,
                           feed_forward_width(layer.feed_forward), feed_forward_width(experts.shared),
                           experts.router.used * (2 * experts.width + spec.n_embd)});
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
        case Activation::clamped_swish:
            return "clamped_swish";
    }
    return "?";
}

std::string_view to_string(Gating gating) {
    switch (gating) {
        case Gating::softmax:
            return "softmax";
        case Gating::sigmoid:
            return "sigmoid";
        case Gating::softmax_of_chosen:
            return "softmax_of_chosen";
    }
    return "?";
}

}  // namespace pellucid
