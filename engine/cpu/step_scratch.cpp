#include "engine/cpu/step_scratch.h"

#include <algorithm>

namespace pellucid::cpu {

namespace {

std::uint64_t u(std::int64_t n) {
    return static_cast<std::uint64_t>(n);
}

struct Widths {
    std::uint64_t wide = 0, inner = 0, input = 0;
    std::uint64_t head_input = 0, head_query = 0;  // of all heads, one row
    std::uint64_t experts = 0, gathered = 0, expert_wide = 0, expert_inner = 0, expert_input = 0;  // one row
};

Widths widths(const ModelSpec& spec) {
    Widths w;
    w.input = u(spec.n_embd);
    if (spec.next_input.present()) {  // embedding and hidden state side by side
        w.wide = 2 * u(spec.n_embd);
        w.input = w.wide;
    }
    const auto feed_forward = [&](const FeedForward& part) {
        w.wide = std::max(w.wide, 2 * u(part.width));
        w.inner = std::max(w.inner, u(part.width));
    };
    for (const Layer& layer : spec.layers) {
        const Attention& attention = layer.attention;
        w.wide = std::max(w.wide, u(attention.q_width()) + 2 * u(attention.kv_width()));
        w.inner = std::max(w.inner, u(attention.q_width()));
        if (const LatentAttention& latent = layer.latent; latent.present()) {
            w.wide = std::max(w.wide, u(latent.heads * latent.head_dim() + latent.cached()));
            w.inner = std::max({w.inner, u(latent.q_down.out), u(latent.heads * latent.value_dim)});
            w.head_input =
                std::max(w.head_input, u(latent.heads) * u(std::max(latent.content_dim, latent.rank)));
            w.head_query = std::max(w.head_query, u(latent.heads) * u(latent.cached()));
        }
        w.wide = std::max(w.wide, 3 * u(layer.convolution.width));
        w.inner = std::max(w.inner, u(layer.convolution.width));
        feed_forward(layer.feed_forward);
        feed_forward(layer.experts.shared);
        if (const Experts& experts = layer.experts; experts.present()) {
            const std::uint64_t used = u(experts.router.used), width = u(experts.width);
            w.experts = std::max(w.experts, u(experts.router.experts));
            w.gathered = std::max(w.gathered, used * u(spec.n_embd));
            w.expert_wide = std::max(w.expert_wide, used * 2 * width);
            w.expert_inner = std::max(w.expert_inner, used * width);
            w.expert_input = std::max({w.expert_input, used * width, w.gathered});
        } else if (experts.shared_gate.present()) {
            w.experts = std::max<std::uint64_t>(w.experts, 1);  // its product, where the router's scores lie
        }
    }
    w.input = std::max(w.input, w.inner);
    return w;
}

std::uint64_t rounded(std::uint64_t bytes) {
    return (bytes + 63) / 64 * 64;
}

/// Calls place(bytes) for each buffer in the order of StepScratch and returns the total.
template <typename Place>
std::uint64_t lay_out(const ModelSpec& spec, const RunnerOptions& options, int planes, Place&& place) {
    const Widths w = widths(spec);
    const auto rows = static_cast<std::uint64_t>(options.max_batch_rows), f = sizeof(float),
               block = u(planes) * sizeof(Q8Block);
    const auto n_embd = static_cast<std::uint64_t>(spec.n_embd);
    const std::uint64_t head_rows = std::min<std::uint64_t>(rows, kLatentRows);
    const std::uint64_t sizes[] = {
        rows * n_embd * f,
        rows * n_embd * f,
        rows * w.wide * f,
        rows * w.inner * f,
        rows * n_embd * f,
        spec.ropes.size() * 2 * rows * u(StepScratch::widest_pairs(spec)) * f,
        std::uint64_t{kLogitRows} * u(spec.head.present() ? spec.vocabulary : 0) * f,
        head_rows * w.head_input * f,
        head_rows * w.head_query * f,
        rows * w.experts * f,
        rows * w.gathered * f,
        rows * w.expert_wide * f,
        rows * w.expert_inner * f,
        rows * (w.input / kBlockColumns) * block,
        rows * (w.inner / kBlockColumns) * block,
        head_rows * (w.head_input / kBlockColumns) * block,
        rows * (w.expert_input / kBlockColumns) * block,
    };
    std::uint64_t total = 0;
    for (std::size_t i = 0; i < std::size(sizes); ++i) {
        place(i, total);
        total += rounded(sizes[i]);
    }
    return total;
}

}  // namespace

int StepScratch::widest_pairs(const ModelSpec& spec) {
    int widest = 0;
    for (const Rope& rope : spec.ropes) widest = std::max(widest, rope.dims / 2);
    return widest;
}

std::uint64_t StepScratch::bytes_needed(const ModelSpec& spec, const RunnerOptions& options, int planes) {
    return lay_out(spec, options, planes, [](std::size_t, std::uint64_t) {});
}

Result<StepScratch> StepScratch::make(const ModelSpec& spec, const RunnerOptions& options, int planes) {
    StepScratch scratch;
    PELLUCID_TRY(scratch.memory_,
                 AlignedBuffer::allocate(static_cast<std::size_t>(bytes_needed(spec, options, planes))));
    float** const floats[] = {
        &scratch.x,        &scratch.normed,      &scratch.wide,        &scratch.inner,        &scratch.part,
        &scratch.angles,   &scratch.logits,      &scratch.head_inputs, &scratch.head_queries, &scratch.router,
        &scratch.gathered, &scratch.expert_wide, &scratch.expert_inner};
    Q8Block** const blocks[] = {&scratch.quantised, &scratch.inner_quantised, &scratch.head_quantised,
                                &scratch.expert_quantised};
    lay_out(spec, options, planes, [&](std::size_t i, std::uint64_t offset) {
        std::byte* at = scratch.memory_.data() + offset;
        if (i < std::size(floats))
            *floats[i] = reinterpret_cast<float*>(at);
        else
            *blocks[i - std::size(floats)] = reinterpret_cast<Q8Block*>(at);
    });
    return scratch;
}

}  // namespace pellucid::cpu
