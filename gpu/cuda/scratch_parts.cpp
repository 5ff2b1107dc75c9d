// Scratch memory of routed experts and of latent attention.
#include <algorithm>

#include "gpu/cuda/latent.h"
#include "gpu/cuda/scratch.h"

namespace pellucid::cuda {
namespace {

std::uint64_t count(std::int64_t n) {
    return static_cast<std::uint64_t>(n);
}

}  // namespace

ExpertScratch ExpertScratch::lay_out(const ModelSpec& spec, const RunnerOptions& options, Carver& carver) {
    ExpertScratch s{};
    std::uint64_t experts = 0, used = 0, width = 0, inner = 0;
    for (const Layer& layer : spec.layers) {
        if (!layer.routed()) continue;
        const Experts& part = layer.experts;
        experts = std::max(experts, count(part.router.experts));
        used = std::max(used, count(part.router.used));
        width = std::max(width, count(part.width));
        inner = std::max(inner, count(std::int64_t{part.router.used} * part.width + part.shared.width));
    }
    if (experts == 0) return s;
    const std::uint64_t rows = count(options.max_batch_rows), pairs = rows * used, few = kGemvRows,
                        n_embd = count(spec.n_embd);
    s.logits = carver.take<float>(rows * (experts + 1));
    s.arrivals = carver.take<int>(rows);
    s.chosen = {carver.take<int>(pairs), carver.take<float>(pairs), carver.take<float>(rows)};
    s.inner = carver.take<float>(few * inner);
    s.halves = carver.take<std::uint16_t>(rows * n_embd);
    s.sorted.rows = carver.take<int>(pairs);
    s.sorted.places = carver.take<int>(pairs);
    s.sorted.tiles = carver.take<int4>(count(most_tiles(static_cast<int>(experts), static_cast<int>(pairs))));
    s.sorted.tile_count = carver.take<int>(1);
    s.wide = carver.take<float>(pairs * std::max(2 * width, n_embd));
    s.inners = carver.take<std::uint16_t>(pairs * width);
    return s;
}

LatentScratch LatentScratch::lay_out(const ModelSpec& spec, const RunnerOptions& options, Carver& carver) {
    LatentScratch s{};
    std::uint64_t contents = 0, queries = 0, latents = 0, heads = 0;
    for (const Layer& layer : spec.layers) {
        const LatentAttention& latent = layer.latent;
        contents = std::max(contents, count(std::int64_t{latent.heads} * latent.content_dim));
        queries = std::max(queries, count(std::int64_t{latent.heads} * latent.cached()));
        latents = std::max(latents, count(std::int64_t{latent.heads} * latent.rank));
        heads = std::max(heads, count(latent.heads));
    }
    if (heads == 0) return s;
    const std::uint64_t rows = count(options.max_batch_rows);
    s.contents = carver.take<std::uint16_t>(rows * contents);
    s.queries = carver.take<std::uint16_t>(rows * queries);
    s.latents = carver.take<std::uint16_t>(rows * latents);
    s.parts = carver.take<std::uint16_t>(kMostLatentSplits * latents);
    s.stats = carver.take<float>(kMostLatentSplits * heads * 2);
    return s;
}

}  // namespace pellucid::cuda
