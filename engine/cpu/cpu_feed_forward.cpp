// The CPU runner's second half of a layer: dense and routed feed-forward networks.
#include <cmath>

#include "engine/cpu/cpu_runner.h"
#include "engine/ops/router/reference.h"

namespace pellucid::cpu {

namespace {

std::size_t size(std::int64_t n) {
    return static_cast<std::size_t>(n);
}

}  // namespace

void CpuRunner::feed_forward_half(int layer, int rows) {
    const Layer& spec = model_->spec->layers[size(layer)];
    const LayerWeights& weights = model_->layers[size(layer)];
    const FeedForwardWeights& dense = spec.mixed() ? weights.experts.shared : weights.feed_forward;
    std::initializer_list<const LinearWeights*> readers = {&dense.gate, &dense.up, &dense.gate_up};
    const auto input = [&](std::initializer_list<const LinearWeights*> all) {
        return normed_input(spec.feed_forward_norm, weights.feed_forward_norm, rows, all);
    };
    if (spec.routed())
        experts(spec.experts, weights.experts,
                input({&dense.gate, &dense.up, &dense.gate_up, &weights.experts.gate.front(),
                       &weights.experts.up.front(), &weights.experts.scores, &weights.experts.shared_gate}));
    else if (spec.mixed())
        shared_expert(spec.experts, weights.experts,
                      input({&dense.gate, &dense.up, &dense.gate_up, &weights.experts.shared_gate}));
    else
        feed_forward(spec.feed_forward, dense, input(readers));
    for_rows(rows,
             [&](int row) { add_part(spec.feed_forward_post_norm, weights.feed_forward_post_norm, row); });
}

void CpuRunner::feed_forward(const FeedForward& spec, const FeedForwardWeights& weights,
                             const LinearInput& input) {
    const std::int64_t width = spec.width, stride = spec.gated ? 2 * width : width;  // gate, then up
    if (spec.fused()) {
        const LinearPart parts[] = {linear_part(weights.gate_up, scratch_.wide, stride)};
        products(input, parts);
    } else if (spec.gated) {
        const LinearPart parts[] = {linear_part(weights.gate, scratch_.wide, stride),
                                    linear_part(weights.up, scratch_.wide + width, stride)};
        products(input, parts);
    } else {
        const LinearPart parts[] = {linear_part(weights.up, scratch_.wide, stride)};
        products(input, parts);
    }
    const bool packed = weights.down.matrix.packed();
    // Quantised apart from the input: routed experts still read that.
    Q8Block* quantised = scratch_.inner_quantised;
    for_rows(input.tokens, [&](int row) {
        const float* gate = scratch_.wide + row * stride;
        float* inner = scratch_.inner + row * width;
        kernels_.activate(spec.activation, gate, spec.gated ? gate + width : nullptr, width, inner);
        if (packed) quantise_row(inner, width, quantised, row);
    });
    const LinearPart parts[] = {linear_part(weights.down, scratch_.part, model_->spec->n_embd)};
    products(linear_input(scratch_.inner, packed ? quantised : nullptr, input.tokens), parts);
}

void CpuRunner::route(const Experts& spec, const ExpertWeights& weights, const LinearInput& input) {
    const std::int64_t count = spec.router.experts;
    const LinearPart scores[] = {linear_part(weights.scores, scratch_.router, count)};
    products(input, scores);
    const auto rows = size(input.tokens);
    std::vector<std::vector<ExpertChoice>> choices(rows);
    for_rows(input.tokens, [&](int row) {
        choices[size(row)] = route_reference(spec.router, {scratch_.router + row * count, size(count)},
                                             weights.selection_bias);
    });
    std::vector<int> of_expert(size(count), 0);
    for (const auto& chosen : choices)
        for (const ExpertChoice& choice : chosen) ++of_expert[size(choice.expert)];
    expert_runs_.clear();
    int slot = 0;
    for (int expert = 0; expert < spec.router.experts; ++expert) {
        const int own = of_expert[size(expert)];
        if (own > 0) expert_runs_.push_back({expert, slot, own});
        of_expert[size(expert)] = slot;  // from here on: the expert's next slot
        slot += own;
    }
    routes_.resize(std::max(routes_.size(), rows));
    for (std::size_t row = 0; row < rows; ++row) {
        routes_[row].clear();
        for (const ExpertChoice& choice : choices[row])
            routes_[row].push_back({of_expert[size(choice.expert)]++, choice.weight});
    }
}

void CpuRunner::shared_expert(const Experts& spec, const ExpertWeights& weights, const LinearInput& input) {
    feed_forward(spec.shared, weights.shared, input);
    if (!spec.shared_gate.present()) return;
    const std::int64_t n_embd = model_->spec->n_embd;
    const LinearPart gates[] = {linear_part(weights.shared_gate, scratch_.router, 1)};
    products(input, gates);
    for (int row = 0; row < input.tokens; ++row)
        kernels_.scale(scratch_.part + row * n_embd, 1 / (1 + std::exp(-scratch_.router[row])), n_embd);
}

void CpuRunner::experts(const Experts& spec, const ExpertWeights& weights, const LinearInput& input) {
    const std::int64_t n_embd = model_->spec->n_embd, width = spec.width, stride = 2 * width;
    const int rows = input.tokens;
    route(spec, weights, input);
    if (spec.shared.present())
        shared_expert(spec, weights, input);
    else
        std::fill_n(scratch_.part, rows * n_embd, 0.0f);

    // Rows in the order of their experts; a single row is read where it is.
    const std::int64_t blocks = row_blocks(n_embd), inner_blocks = row_blocks(width);
    if (rows > 1)
        for_rows(rows, [&](int row) {
            for (const Route& route : routes_[size(row)]) {
                std::copy_n(input.values + row * n_embd, n_embd, scratch_.gathered + route.slot * n_embd);
                if (input.quantised)
                    std::copy_n(input.quantised + row * blocks, blocks,
                                scratch_.expert_quantised + route.slot * blocks);
            }
        });
    jobs_.clear();
    for (const ExpertRun& run : expert_runs_) {
        const LinearInput own =
            rows == 1
                ? input
                : linear_input(scratch_.gathered + run.first * n_embd,
                               input.quantised ? scratch_.expert_quantised + run.first * blocks : nullptr,
                               run.count);
        float* out = scratch_.expert_wide + run.first * stride;
        jobs_.push_back({own, linear_part(weights.gate[size(run.expert)], out, stride)});
        jobs_.push_back({own, linear_part(weights.up[size(run.expert)], out + width, stride)});
    }
    products_of_jobs();

    const int slots = expert_runs_.back().first + expert_runs_.back().count;
    const bool packed = weights.down.front().matrix.packed();
    for_rows(slots, [&](int slot) {
        const float* gate = scratch_.expert_wide + slot * stride;
        float* inner = scratch_.expert_inner + slot * width;
        kernels_.activate(spec.activation, gate, gate + width, width, inner);
        if (packed) quantise_row(inner, width, scratch_.expert_quantised, slot);
    });
    jobs_.clear();
    for (const ExpertRun& run : expert_runs_)
        jobs_.push_back(
            {linear_input(scratch_.expert_inner + run.first * width,
                          packed ? scratch_.expert_quantised + run.first * inner_blocks : nullptr, run.count),
             linear_part(weights.down[size(run.expert)], scratch_.gathered + run.first * n_embd, n_embd)});
    products_of_jobs();
    for_rows(rows, [&](int row) {
        for (const Route& route : routes_[size(row)])
            kernels_.add_scaled(scratch_.part + row * n_embd, scratch_.gathered + route.slot * n_embd,
                                route.weight, n_embd);
    });
}

}  // namespace pellucid::cpu
