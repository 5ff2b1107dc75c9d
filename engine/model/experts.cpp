#include "engine/model/experts.h"

#include <utility>

namespace pellucid {
namespace {

constexpr int most_experts = 1 << 16, most_width = 1 << 20;
constexpr const char* damaged = "the file is damaged; download it again";

Gating read_gating(SpecReader& in, Gating fallback) {
    if (!in.has_key("expert_gating_func")) return fallback;
    switch (in.count("expert_gating_func", 0, 255)) {
        case 0:
            return fallback;
        case 1:
            return Gating::softmax;
        case 2:
            return Gating::sigmoid;
        case 3:
            return Gating::softmax_of_chosen;
        default:
            in.refuse(ErrorCode::unsupported, in.architecture() + ".expert_gating_func is not known",
                      "use a newer version or another model");
            return fallback;
    }
}

Router read_router(SpecReader& in, int index, int n_embd, Router router) {
    router.experts = in.count("expert_count", 1, most_experts);
    router.used = in.count("expert_used_count", 1, most_experts);
    router.groups = in.count_or("expert_group_count", router.groups, 0, most_experts);
    router.groups_used = in.count_or("expert_group_used_count", router.groups_used, 0, most_experts);
    if (router.groups < 1) router.groups = 1;
    if (router.groups_used < 1) router.groups_used = router.groups;
    router.gating = read_gating(in, router.gating);
    router.scale = static_cast<float>(in.number_or("expert_weights_scale", router.scale, 0, 1e6));
    if (router.scale == 0) router.scale = 1;  // some converters write 0 for "none"
    router.renormalise = in.flag_or("expert_weights_norm", router.renormalise);
    if (router.used > router.experts || router.experts % router.groups != 0 ||
        router.groups_used > router.groups ||
        router.used > router.experts / router.groups * router.groups_used)
        in.refuse(ErrorCode::corrupt,
                  in.architecture() + ": " + std::to_string(router.used) + " of " +
                      std::to_string(router.experts) + " experts in " + std::to_string(router.groups_used) +
                      " of " + std::to_string(router.groups) + " groups cannot be chosen",
                  damaged);
    router.scores = linear_layer(block(index, "ffn_gate_inp.weight"), router.experts, n_embd);
    router.scores.bias = in.optional_tensor(block(index, "ffn_gate_inp.bias"));
    router.selection_bias = in.optional_tensor(block(index, "exp_probs_b.bias"));
    return router;
}

/// The width of the shared expert is that of its tensor: families state it in three different keys.
FeedForward read_shared(SpecReader& in, int index, int n_embd) {
    FeedForward shared;
    const TensorView* up = in.tensor(block(index, "ffn_up_shexp.weight"));
    if (!up) return shared;
    if (up->shape.size() != 2 || up->shape[0] < 1 || up->shape[0] > most_width) {
        in.refuse(ErrorCode::corrupt, std::string(up->name) + " is not the matrix of a shared expert",
                  damaged);
        return shared;
    }
    shared.width = static_cast<int>(up->shape[0]);
    shared.gate = linear_layer(block(index, "ffn_gate_shexp.weight"), shared.width, n_embd);
    shared.up = linear_layer(block(index, "ffn_up_shexp.weight"), shared.width, n_embd);
    shared.down = linear_layer(block(index, "ffn_down_shexp.weight"), n_embd, shared.width);
    return shared;
}

}  // namespace

void route_feed_forward(SpecReader& in, Layer& layer, int index, const DecoderShape& shape,
                        const Router& router) {
    const int n_embd = shape.n_embd;
    Experts experts;
    experts.router = read_router(in, index, n_embd, router);
    const int dense = shape.widths[static_cast<std::size_t>(index)];
    experts.width = dense > 0 ? in.count_or("expert_feed_forward_length", dense, 1, most_width)
                              : in.count("expert_feed_forward_length", 1, most_width);
    experts.activation = layer.feed_forward.activation;
    experts.gate = linear_layer(block(index, "ffn_gate_exps.weight"), experts.width, n_embd);
    experts.up = linear_layer(block(index, "ffn_up_exps.weight"), experts.width, n_embd);
    experts.down = linear_layer(block(index, "ffn_down_exps.weight"), n_embd, experts.width);
    for (Linear* part : {&experts.gate, &experts.up, &experts.down})
        part->bias = in.optional_tensor(part->weight.substr(0, part->weight.rfind('.')) + ".bias");
    experts.shared = read_shared(in, index, n_embd);
    if (in.has_tensor(block(index, "ffn_gate_inp_shexp.weight")))
        experts.shared_gate = linear_layer(block(index, "ffn_gate_inp_shexp.weight"), 1, n_embd);
    layer.feed_forward = {};
    layer.experts = std::move(experts);
}

}  // namespace pellucid
