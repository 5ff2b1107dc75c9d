#include "engine/cpu/latent_step.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace pellucid::cpu {

namespace {

// Queries that read a page together: more would push the page's rows out of the second-level cache.
constexpr int kHeads = 32;
constexpr int kPagesOfRun = 4;

struct Widths {
    std::int64_t cached = 0;
    bool any = false;
};

Widths widest(const ModelSpec& spec) {
    Widths widths;
    for (const Layer& layer : spec.layers) {
        if (!layer.latent.present()) continue;
        widths.any = true;
        widths.cached = std::max<std::int64_t>(widths.cached, layer.latent.cached());
    }
    return widths;
}

/// A page in single precision and the scores of kHeads queries.
std::int64_t scratch_floats(const ModelSpec& spec, const RunnerOptions& options) {
    const Widths widths = widest(spec);
    return widths.any ? options.page_tokens * (widths.cached + kHeads) : 0;
}

int cuts(int pieces, int workers) {
    return pieces >= 2 * workers || workers == 1 ? 1 : (2 * workers + pieces - 1) / pieces;
}

}  // namespace

LatentStep::LatentStep(const ModelSpec& spec, const RunnerOptions& options, int workers)
    : page_tokens_(options.page_tokens), scratch_of_worker_(scratch_floats(spec, options)) {
    scratch_.resize(static_cast<std::size_t>(workers * scratch_of_worker_));
}

std::uint64_t LatentStep::bytes_needed(const ModelSpec& spec, const RunnerOptions& options, int workers) {
    std::int64_t partials = 0;
    for (const Layer& layer : spec.layers) {
        const LatentAttention& latent = layer.latent;
        if (!latent.present()) continue;
        const int groups = (latent.heads + kHeads - 1) / kHeads;
        // Cut pieces only while they are few: rows of a chunk, or twice the workers and a row more.
        const int rows = std::max(std::min(options.max_batch_rows, kLatentRows), 3 * workers / groups + 1);
        partials = std::max<std::int64_t>(partials, std::int64_t{rows} * latent.heads * (latent.rank + 2));
    }
    return static_cast<std::uint64_t>(partials + workers * scratch_floats(spec, options)) * sizeof(float);
}

void LatentStep::plan(const Batch& batch, const LatentAttention& latent, int first, int count, int workers) {
    pieces_.clear();
    const int groups = (latent.heads + kHeads - 1) / kHeads;
    const int most_runs = cuts(count * groups, workers);
    std::int64_t partial = 0;
    for (int row = 0; row < count; ++row) {
        const int pages = batch.rows[static_cast<std::size_t>(first + row)].position / page_tokens_ + 1;
        const int runs = std::clamp(pages / kPagesOfRun, 1, most_runs);
        for (int head = 0; head < latent.heads; head += kHeads) {
            const int heads = std::min(kHeads, latent.heads - head);
            for (int run = 0; run < runs; ++run) {
                pieces_.push_back({row, head, heads, pages * run / runs, pages * (run + 1) / runs, partial});
                partial += std::int64_t{heads} * (latent.rank + 2);
            }
        }
    }
    if (partials_.size() < static_cast<std::size_t>(partial))
        partials_.resize(static_cast<std::size_t>(partial));
}

void LatentStep::run_piece(const Kernels& kernels, const KvCache& cache, const Batch& batch, int layer,
                           const LatentAttention& latent, const Piece& piece, const float* queries,
                           float* scratch) {
    const Row& at = batch.rows[static_cast<std::size_t>(piece.row)];
    const BatchSequence& sequence = batch.sequences[static_cast<std::size_t>(at.sequence)];
    const std::int64_t cached = latent.cached(), rank = latent.rank, stride = rank + 2;
    float* page_rows = scratch;
    float* scores = scratch + page_tokens_ * cached;  // [heads, page_tokens]
    float* sums = partials_.data() + piece.partial;
    for (int h = 0; h < piece.heads; ++h) {
        std::fill_n(sums + h * stride, rank, 0.0f);
        sums[h * stride + rank] = -std::numeric_limits<float>::infinity();
        sums[h * stride + rank + 1] = 0;
    }
    for (int page = piece.begin_page; page < piece.end_page; ++page) {
        const int n = std::min(page_tokens_, at.position + 1 - page * page_tokens_);
        cache.read_rows(kernels, layer, sequence.pages[static_cast<std::size_t>(page)], 0, n, page_rows);
        for (int p = 0; p < n; p += kTileRows)
            kernels.dense_f32(page_rows + p * cached, cached, queries, cached, piece.heads, nullptr,
                              scores + p, page_tokens_, std::min(kTileRows, n - p));
        for (int h = 0; h < piece.heads; ++h) {
            float* own = scores + std::int64_t{h} * page_tokens_;
            float &top = sums[h * stride + rank], &total = sums[h * stride + rank + 1];
            const float highest = std::max(top, *std::max_element(own, own + n));
            if (highest > top) {
                const float shrink = std::exp(top - highest);
                kernels.scale(sums + h * stride, shrink, rank);
                total *= shrink;
                top = highest;
            }
            total += kernels.exponentiate(own, top, n);
        }
        kernels.mix(scores, page_tokens_, piece.heads, page_rows, cached, n, rank, sums, stride);
    }
}

/// Pieces of the same row and heads lie next to each other; each weighs by its share of the whole sum.
void LatentStep::merge(const LatentAttention& latent, int count, float* out) const {
    const std::int64_t rank = latent.rank, stride = rank + 2;
    for (std::size_t begin = 0; begin < pieces_.size();) {
        const Piece& piece = pieces_[begin];
        std::size_t end = begin + 1;
        while (end < pieces_.size() && pieces_[end].row == piece.row &&
               pieces_[end].first_head == piece.first_head)
            ++end;
        for (int h = 0; h < piece.heads; ++h) {
            const auto part = [&](std::size_t p) {
                return partials_.data() + pieces_[p].partial + h * stride;
            };
            float top = part(begin)[rank];
            for (std::size_t p = begin; p < end; ++p) top = std::max(top, part(p)[rank]);
            float total = 0;
            float* to = out + (std::int64_t{piece.first_head + h} * count + piece.row) * rank;
            std::fill_n(to, rank, 0.0f);
            for (std::size_t p = begin; p < end; ++p) {
                const float weight = std::exp(part(p)[rank] - top);
                total += weight * part(p)[rank + 1];
                for (std::int64_t i = 0; i < rank; ++i) to[i] += weight * part(p)[i];
            }
            for (std::int64_t i = 0; i < rank; ++i) to[i] /= total;
        }
        begin = end;
    }
}

void LatentStep::run(ThreadPool& pool, const Kernels& kernels, const KvCache& cache, const Batch& batch,
                     int layer, const LatentAttention& latent, int first, int count, const float* queries,
                     float* out) {
    plan(batch, latent, first, count, pool.size());
    pool.parallel_for(
        static_cast<std::int64_t>(pieces_.size()), 1, [&](std::int64_t begin, std::int64_t end, int worker) {
            for (std::int64_t i = begin; i < end; ++i) {
                Piece piece = pieces_[static_cast<std::size_t>(i)];
                const float* own =
                    queries + (std::int64_t{piece.row} * latent.heads + piece.first_head) * latent.cached();
                piece.row += first;
                run_piece(kernels, cache, batch, layer, latent, piece, own,
                          scratch_.data() + worker * scratch_of_worker_);
            }
        });
    merge(latent, count, out);
}

}  // namespace pellucid::cpu
