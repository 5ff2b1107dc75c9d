#include "engine/cpu/step_scratch.h"

#include <algorithm>

namespace pellucid::cpu {

namespace {

struct Widths {
    std::uint64_t wide = 0, inner = 0, input = 0;
};

Widths widths(const ModelSpec& spec) {
    Widths w;
    w.input = static_cast<std::uint64_t>(spec.n_embd);
    for (const Layer& layer : spec.layers) {
        const auto q = static_cast<std::uint64_t>(layer.attention.q_width());
        const auto kv = static_cast<std::uint64_t>(layer.attention.kv_width());
        const auto width = static_cast<std::uint64_t>(layer.feed_forward.width);
        w.wide = std::max({w.wide, q + 2 * kv, 2 * width});
        w.inner = std::max({w.inner, q, width});
    }
    w.input = std::max(w.input, w.inner);
    return w;
}

std::uint64_t rounded(std::uint64_t bytes) {
    return (bytes + 63) / 64 * 64;
}

/// Calls place(bytes) for each buffer in the order of StepScratch and returns the total.
template <typename Place>
std::uint64_t lay_out(const ModelSpec& spec, const RunnerOptions& options, Place&& place) {
    const Widths w = widths(spec);
    const auto rows = static_cast<std::uint64_t>(options.max_batch_rows), f = sizeof(float);
    const auto n_embd = static_cast<std::uint64_t>(spec.n_embd);
    const std::uint64_t sizes[] = {
        rows * n_embd * f,
        rows * n_embd * f,
        rows * w.wide * f,
        rows * w.inner * f,
        rows * n_embd * f,
        spec.ropes.size() * 2 * rows * static_cast<std::uint64_t>(StepScratch::widest_pairs(spec)) * f,
        std::uint64_t{kLogitRows} * static_cast<std::uint64_t>(spec.vocabulary) * f,
        rows * (w.input / kBlockColumns) * sizeof(Q8Block),
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

std::uint64_t StepScratch::bytes_needed(const ModelSpec& spec, const RunnerOptions& options) {
    return lay_out(spec, options, [](std::size_t, std::uint64_t) {});
}

Result<StepScratch> StepScratch::make(const ModelSpec& spec, const RunnerOptions& options) {
    StepScratch scratch;
    PELLUCID_TRY(scratch.memory_,
                 AlignedBuffer::allocate(static_cast<std::size_t>(bytes_needed(spec, options))));
    float** const floats[] = {&scratch.x,    &scratch.normed, &scratch.wide,  &scratch.inner,
                              &scratch.part, &scratch.angles, &scratch.logits};
    lay_out(spec, options, [&](std::size_t i, std::uint64_t offset) {
        std::byte* at = scratch.memory_.data() + offset;
        if (i < std::size(floats))
            *floats[i] = reinterpret_cast<float*>(at);
        else
            scratch.quantised = reinterpret_cast<Q8Block*>(at);
    });
    return scratch;
}

}  // namespace pellucid::cpu
