#include "gpu/cuda/scratch.h"

#include <algorithm>

#include "gpu/cuda/batch.h"

namespace pellucid::cuda {

int head_rows(const RunnerOptions& options) {
    return std::clamp(std::min(options.max_sequences, options.max_batch_rows), kGemvRows, kBatchRows);
}

Scratch Scratch::lay_out(const ModelSpec& spec, const RunnerOptions& options, Carver& carver) {
    std::uint64_t wide = 0, input = static_cast<std::uint64_t>(spec.n_embd), inner = 0, matrix = 0, heads = 1,
                  dim = 1;
    for (const Layer& layer : spec.layers) {
        const auto q = static_cast<std::uint64_t>(layer.attention.q_width());
        const auto kv = static_cast<std::uint64_t>(layer.attention.kv_width());
        const FeedForward& dense = layer.mixed() ? layer.experts.shared : layer.feed_forward;
        const auto ff = static_cast<std::uint64_t>(dense.width);
        wide = std::max({wide, q + 2 * kv, 2 * ff});
        inner = std::max({inner, q, ff});
        const auto n = static_cast<std::uint64_t>(spec.n_embd);
        matrix = std::max(
            {matrix, (layer.attention.fused() ? q + 2 * kv : q) * n, (dense.fused() ? 2 * ff : ff) * n});
        const LatentAttention& latent = layer.latent;
        const auto latent_q = static_cast<std::uint64_t>(latent.heads * latent.head_dim()),
                   mixed = static_cast<std::uint64_t>(latent.heads * latent.value_dim),
                   narrow = static_cast<std::uint64_t>(latent.q_down.out),
                   convolved = static_cast<std::uint64_t>(layer.convolution.width);
        wide = std::max({wide, latent_q + static_cast<std::uint64_t>(latent.cached()), 3 * convolved});
        inner = std::max({inner, mixed, narrow, convolved});
        matrix = std::max({matrix, latent_q * (narrow > 0 ? narrow : n), mixed * n, narrow * n,
                           static_cast<std::uint64_t>(latent.cached()) * n, 3 * convolved * convolved});
        heads = std::max(heads, static_cast<std::uint64_t>(layer.attention.heads));
        dim = std::max(dim, static_cast<std::uint64_t>(layer.attention.head_dim));
    }
    input = std::max(input, inner);
    std::uint64_t pairs = 1;
    for (const Rope& rope : spec.ropes) pairs = std::max(pairs, static_cast<std::uint64_t>(rope.dims / 2));

    const auto rows = static_cast<std::uint64_t>(options.max_batch_rows);
    const auto n_embd = static_cast<std::uint64_t>(spec.n_embd),
               vocabulary = spec.head.present() ? static_cast<std::uint64_t>(spec.vocabulary) : 0;
    const std::uint64_t few = kGemvRows, ropes = std::max<std::uint64_t>(spec.ropes.size(), 1);
    const std::uint64_t gemv_rows = std::max(rows, few);
    Scratch s{};
    s.widest_input = static_cast<int>(input);
    s.widest_pairs = static_cast<int>(pairs);
    s.x = carver.take<float>(rows * n_embd);
    s.part = carver.take<float>(rows * n_embd);
    s.normed = carver.take<float>(gemv_rows * n_embd);
    s.wide = carver.take<float>(rows * wide);
    s.inner = carver.take<float>(rows * input);
    s.halves = carver.take<std::uint16_t>(rows * input);
    s.decoded = rows > few ? carver.take<std::uint16_t>(matrix) : nullptr;
    s.partial = carver.take<float>(std::max(rows, std::min(rows, few) * kMaxSplits) * heads * (dim + 2));
    s.parts = rows > 1 ? carver.take<float>(batch_parts(options.max_batch_rows)) : nullptr;
    const auto headed = static_cast<std::uint64_t>(head_rows(options));
    s.logits = carver.take<float>(headed * vocabulary);
    s.choice_parts = carver.take<float>(headed * kChoiceParts * 4);
    const std::uint64_t groups = (input + kGroup - 1) / kGroup;
    s.q8_low = carver.take<std::int8_t>(gemv_rows * groups * 16);
    s.q8_high = carver.take<std::int8_t>(gemv_rows * groups * 16);
    s.q8_meta = carver.take<int>(gemv_rows * groups * 2);
    s.inner_low = carver.take<std::int8_t>(gemv_rows * groups * 16);
    s.inner_high = carver.take<std::int8_t>(gemv_rows * groups * 16);
    s.inner_meta = carver.take<int>(gemv_rows * groups * 2);
    s.arrivals = carver.take<int>(groups);
    s.choices = carver.take<Choice>(rows);
    s.ids = carver.take<int>(rows);
    s.control_words = options.max_batch_rows * std::int64_t{4} +
                      static_cast<std::int64_t>(options.max_sequences) * options.pages;
    s.draws_at = s.control_words;
    s.control_words += options.max_batch_rows * static_cast<std::int64_t>(sizeof(DrawSpec) / sizeof(int));
    s.control = carver.take<int>(static_cast<std::uint64_t>(s.control_words));
    s.frequencies = carver.take<double>(ropes * pairs);
    s.angles = carver.take<float>(ropes * rows * pairs * 2);
    s.experts = ExpertScratch::lay_out(spec, options, carver);
    s.latent = LatentScratch::lay_out(spec, options, carver);
    return s;
}

}  // namespace pellucid::cuda
