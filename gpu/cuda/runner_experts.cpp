// The second half of a routed layer.
#include <algorithm>

#include "gpu/cuda/runner.h"

namespace pellucid::cuda {
namespace {

std::size_t size(std::int64_t n) {
    return static_cast<std::size_t>(n);
}

}  // namespace

ExpertsView CudaRunner::experts_view(int layer) const {
    const Experts& spec = model_->spec->layers[size(layer)].experts;
    const DeviceLayer& weights = model_->layers[size(layer)];
    const DeviceExperts& experts = weights.experts;
    ExpertsView view;
    view.gate = experts.gate.matrix;
    view.up = experts.up.matrix;
    view.down = experts.down.matrix;
    view.gate_bias = experts.gate.bias;
    view.up_bias = experts.up.bias;
    view.down_bias = experts.down.bias;
    view.experts = spec.router.experts;
    view.used = spec.router.used;
    view.width = spec.width;
    view.columns = model_->spec->n_embd;
    view.activation = static_cast<int>(spec.activation);
    const FeedForward& shared = spec.shared;
    if (shared.present() && shared.gated && !shared.fused() && shared.activation == spec.activation &&
        !weights.gate.bias && !weights.up.bias && !weights.down.bias &&
        shared_joins(view, weights.gate.matrix, weights.up.matrix, weights.down.matrix)) {
        view.shared_gate = weights.gate.matrix;
        view.shared_up = weights.up.matrix;
        view.shared_down = weights.down.matrix;
        view.shared_width = shared.width;
    }
    return view;
}

void CudaRunner::experts(int layer, int rows) {
    const ModelSpec& model = *model_->spec;
    const Experts& spec = model.layers[size(layer)].experts;
    const DeviceLayer& weights = model_->layers[size(layer)];
    const Router& router = spec.router;
    const ExpertScratch& scratch = scratch_.experts;
    const ExpertsView view = experts_view(layer);
    const bool few = rows <= kGemvRows && few_experts_serve(view);
    const bool apart = spec.shared.present() && !(few && view.shared_width > 0);

    NormOut input;
    if (few)
        input.values = scratch_.normed;
    else
        input.halves = scratch.halves;
    const RouterView routes{router.experts,
                            router.used,
                            static_cast<int>(router.gating),
                            router.groups,
                            router.groups_used,
                            router.group_best,
                            router.threshold,
                            router.scale,
                            router.renormalise,
                            weights.experts.scores,
                            weights.experts.scores_bias,
                            weights.experts.selection_bias,
                            weights.experts.shared_gate};
    if (apart) {  // first: it uses the same inputs' memory
        const NormOut inner = gated(layer, rows, spec.shared);
        linear({weights.down.matrix, {scratch_.part, model.n_embd, weights.down.bias}}, inner, rows);
    }
    route(stream_, scratch_.x, model.n_embd, rows, weights.feed_forward_norm, routes, scratch.logits,
          scratch.arrivals, scratch.chosen, input);
    ExpertsOut out;
    out.x = scratch_.x;
    out.alpha = model.residual_scale;
    out.part = apart ? scratch_.part : nullptr;
    const bool post = weights.feed_forward_post_norm.weight != nullptr;
    if (post) out.set = scratch_.part;  // each value is read before it is written
    if (few) {
        few_experts(stream_, view, scratch.chosen, input.values, scratch.inner, rows, out);
    } else {
        const int pairs = rows * view.used;
        sort_pairs(stream_, scratch.chosen, rows, view.used, view.experts, scratch.sorted);
        GroupedJob job;
        job.matrices[0] = view.gate;
        job.matrices[1] = view.up;
        job.biases[0] = view.gate_bias;
        job.biases[1] = view.up_bias;
        job.count = 2;
        job.out_rows = view.width;
        job.input = scratch.halves;
        job.input_stride = view.columns;
        job.input_rows = scratch.sorted.rows;
        job.tiles = scratch.sorted.tiles;
        job.tile_count = scratch.sorted.tile_count;
        job.most_tiles = most_tiles(view.experts, pairs);
        job.out = scratch.wide;
        job.out_stride = 2 * view.width;
        grouped_linear(stream_, job);
        activate_pairs(stream_, view.activation, scratch.wide, view.width, job.most_tiles, scratch.sorted,
                       scratch.inners);
        job.matrices[0] = view.down;
        job.biases[0] = view.down_bias;
        job.count = 1;
        job.out_rows = view.columns;
        job.input = scratch.inners;
        job.input_stride = view.width;
        job.input_rows = nullptr;
        job.out_stride = view.columns;
        grouped_linear(stream_, job);
        gather_pairs(stream_, scratch.wide, scratch.chosen, scratch.sorted, view.used, view.columns, rows,
                     out);
    }
    if (post)
        add_normed(stream_, scratch_.x, scratch_.part, model.n_embd, rows, weights.feed_forward_post_norm,
                   model.residual_scale);
}

/// The shared network of a layer whose routed experts are elsewhere: what it adds, and nothing else.
void CudaRunner::shared_expert(int layer, int rows) {
    const ModelSpec& model = *model_->spec;
    const DeviceLayer& weights = model_->layers[size(layer)];
    const NormOut inner = gated(layer, rows, model.layers[size(layer)].experts.shared);
    if (!weights.experts.shared_gate) {
        add_linear(weights.down, {}, inner, rows);
        return;
    }
    linear({weights.down.matrix, {scratch_.part, model.n_embd, weights.down.bias}}, inner, rows);
    add_counted(stream_, scratch_.x, scratch_.part, model.n_embd, rows, weights.feed_forward_norm,
                weights.experts.shared_gate, model.residual_scale);
}

}  // namespace pellucid::cuda
