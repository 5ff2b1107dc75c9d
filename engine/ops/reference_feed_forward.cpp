// The reference Runner's second half of a layer: dense and routed feed-forward networks.
#include <cmath>

#include "engine/ops/activation/reference.h"
#include "engine/ops/reference_runner.h"
#include "engine/ops/router/reference.h"

namespace pellucid {
namespace {

std::size_t size(int n) {
    return static_cast<std::size_t>(n);
}

}  // namespace

std::vector<float> ReferenceRunner::feed_forward(const FeedForward& spec, const ReferenceFeedForward& weights,
                                                 const std::vector<float>& input) const {
    const std::size_t width = size(spec.width);
    const int rows = static_cast<int>(input.size() / size(model_->spec->n_embd));
    std::vector<float> inner(size(rows) * width), gate, up;
    // Where gate and up are one matrix, a row of its output is the gate's, then the up's.
    const std::size_t stride = spec.fused() ? 2 * width : width;
    if (spec.fused()) {
        gate = linear(weights.gate_up, input, rows);
    } else {
        up = linear(weights.up, input, rows);
        if (spec.gated) gate = linear(weights.gate, input, rows);
    }
    for (std::size_t r = 0; r < size(rows); ++r) {
        const auto part = [&](const std::vector<float>& from, std::size_t first) {
            return std::span(from).subspan(r * stride + first, width);
        };
        const std::span<float> to = std::span(inner).subspan(r * width, width);
        if (!spec.gated)
            gated_activation_reference(spec.activation, part(up, 0), {}, to);
        else
            gated_activation_reference(spec.activation, part(gate, 0),
                                       spec.fused() ? part(gate, width) : part(up, 0), to);
    }
    return linear(weights.down, inner, rows);
}

std::vector<float> ReferenceRunner::experts(const Experts& spec, const ReferenceExperts& weights,
                                            const std::vector<float>& input) const {
    const std::size_t n_embd = size(model_->spec->n_embd), count = size(spec.router.experts);
    const int rows = static_cast<int>(input.size() / n_embd);
    std::vector<float> sum(input.size(), 0.0f);
    if (spec.shared.present()) {
        sum = feed_forward(spec.shared, weights.shared, input);
        if (spec.shared_gate.present()) {
            const std::vector<float> gates = linear(weights.shared_gate, input, rows);
            for (std::size_t i = 0; i < sum.size(); ++i) sum[i] /= 1 + std::exp(-gates[i / n_embd]);
        }
    }
    if (!spec.present()) return sum;  // a part of a model with the shared expert alone
    const std::vector<float> logits = linear(weights.scores, input, rows);
    std::vector<float> inner(size(spec.width));
    for (std::size_t r = 0; r < size(rows); ++r) {
        const std::span<const float> x = std::span(input).subspan(r * n_embd, n_embd);
        const auto choices =
            route_reference(spec.router, std::span(logits).subspan(r * count, count), weights.selection_bias);
        for (const ExpertChoice& choice : choices) {
            const std::int64_t first = std::int64_t{choice.expert} * spec.width;
            const std::vector<float> gate = linear_rows(weights.gate, x, 1, first, spec.width);
            const std::vector<float> up = linear_rows(weights.up, x, 1, first, spec.width);
            gated_activation_reference(spec.activation, gate, up, inner);
            const std::vector<float> out =
                linear_rows(weights.down, inner, 1, choice.expert * static_cast<std::int64_t>(n_embd),
                            static_cast<std::int64_t>(n_embd));
            for (std::size_t i = 0; i < n_embd; ++i) sum[r * n_embd + i] += choice.weight * out[i];
        }
    }
    return sum;
}

}  // namespace pellucid
