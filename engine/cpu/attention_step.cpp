#include "engine/cpu/attention_step.h"

#include <algorithm>
#include <cmath>

#include "engine/ops/attention/reference.h"

namespace pellucid::cpu {

namespace {

constexpr int kQueries = AttentionTile::kQueries;
// Fewer pages than this are not worth cutting: merging costs a pass over every head.
constexpr int kPagesOfRun = 4;

int widest_head(const ModelSpec& spec) {
    int widest = 0;
    for (const Layer& layer : spec.layers) widest = std::max(widest, layer.attention.head_dim);
    return widest;
}

/// What a sum of e^(score - top) * v is multiplied by: one over the softmax's denominator.
float share_of(float top, float sum, const float* sink) {
    return 1.0f / (sink ? sum + std::exp(*sink - top) : sum);
}

int page_stride(const RunnerOptions& options) {
    return (options.page_tokens + 15) / 16 * 16;
}

/// Scores of a tile, and the scales of a page's keys (in tiers: a block of 32 at most, and one more for each
/// part) and values.
std::int64_t scratch_floats(const ModelSpec& spec, const RunnerOptions& options) {
    const int width = widest_head(spec), blocks = kv_scales(options.kv_format, width);
    const int of_keys =
        kv_layout(options.kv_format).rotated ? std::max(blocks, width / 32 + KvTiers::kParts) : blocks;
    return std::int64_t{page_stride(options)} * (kQueries + of_keys + blocks);
}

/// Runs of pages exist only while there are fewer tiles than would keep the workers busy.
std::size_t most_partials(int workers) {
    return static_cast<std::size_t>(4 * workers);
}

}  // namespace

AttentionStep::AttentionStep(const ModelSpec& spec, const RunnerOptions& options, int workers)
    : page_tokens_(options.page_tokens), scratch_of_worker_(scratch_floats(spec, options)) {
    scratch_.resize(static_cast<std::size_t>(workers * scratch_of_worker_));
    partials_.resize(most_partials(workers) * static_cast<std::size_t>(kQueries * (widest_head(spec) + 2)));
}

std::uint64_t AttentionStep::bytes_needed(const ModelSpec& spec, const RunnerOptions& options, int workers) {
    const auto scratch = static_cast<std::uint64_t>(workers * scratch_floats(spec, options));
    const auto partials =
        most_partials(workers) * static_cast<std::uint64_t>(kQueries * (widest_head(spec) + 2));
    return (scratch + partials) * sizeof(float);
}

void AttentionStep::plan(const Batch& batch, const Attention& attention, int workers) {
    pieces_.clear();
    const int group = attention.heads / attention.kv_heads;
    const int heads_of_tile = std::min(group, kQueries), rows_of_tile = std::max(1, kQueries / group);
    const int rows = static_cast<int>(batch.rows.size());
    for (int begin = 0; begin < rows;) {
        const int sequence = batch.rows[static_cast<std::size_t>(begin)].sequence;
        int end = begin;
        while (end < rows && batch.rows[static_cast<std::size_t>(end)].sequence == sequence) ++end;
        for (int row = begin; row < end; row += rows_of_tile) {
            const int count = std::min(rows_of_tile, end - row);
            const int first =
                first_visible(batch.rows[static_cast<std::size_t>(row)].position, attention.window);
            const int last = batch.rows[static_cast<std::size_t>(row + count - 1)].position;
            for (int kv_head = 0; kv_head < attention.kv_heads; ++kv_head)
                for (int head = 0; head < group; head += heads_of_tile)
                    pieces_.push_back({sequence, row, count, kv_head, kv_head * group + head,
                                       std::min(heads_of_tile, group - head), first / page_tokens_,
                                       last / page_tokens_ + 1, -1});
        }
        begin = end;
    }
    const int tiles = static_cast<int>(pieces_.size());
    if (tiles == 0 || tiles >= 2 * workers || workers == 1) return;
    const int cuts = (2 * workers + tiles - 1) / tiles;
    std::vector<Piece> cut;
    int partial = 0;
    for (const Piece& piece : pieces_) {
        const int pages = piece.end_page - piece.begin_page;
        const int runs = std::clamp(pages / kPagesOfRun, 1, cuts);
        for (int run = 0; run < runs; ++run) {
            Piece part = piece;
            part.begin_page = piece.begin_page + pages * run / runs;
            part.end_page = piece.begin_page + pages * (run + 1) / runs;
            part.partial = runs == 1 ? -1 : partial++;
            cut.push_back(part);
        }
    }
    pieces_ = std::move(cut);
}

void AttentionStep::run(ThreadPool& pool, const Kernels& kernels, const KvCache& cache, const Batch& batch,
                        int layer, const Attention& attention, const float* sinks, const float* q,
                        std::int64_t q_stride, float* out) {
    plan(batch, attention, pool.size());
    const int dim = attention.head_dim, q_width = attention.q_width();
    pool.parallel_for(
        static_cast<std::int64_t>(pieces_.size()), 1, [&](std::int64_t begin, std::int64_t end, int worker) {
            for (std::int64_t i = begin; i < end; ++i) {
                const Piece& piece = pieces_[static_cast<std::size_t>(i)];
                AttentionTile tile;
                cache.locate(layer, piece.kv_head, tile);
                float* partial = partials_.data() +
                                 static_cast<std::int64_t>(std::max(piece.partial, 0)) * kQueries * (dim + 2);
                for (int r = 0; r < piece.rows; ++r)
                    for (int h = 0; h < piece.heads; ++h) {
                        const int n = tile.queries++, row = piece.row + r, head = piece.first_head + h;
                        const int position = batch.rows[static_cast<std::size_t>(row)].position;
                        tile.q[n] = q + row * q_stride + static_cast<std::int64_t>(head) * dim;
                        tile.first[n] = first_visible(position, attention.window);
                        tile.last[n] = position;
                        tile.out[n] = piece.partial < 0 ? out + static_cast<std::int64_t>(row) * q_width +
                                                              static_cast<std::int64_t>(head) * dim
                                                        : partial + static_cast<std::int64_t>(n) * (dim + 2);
                    }
                tile.pages = batch.sequences[static_cast<std::size_t>(piece.sequence)].pages.data();
                tile.begin_page = piece.begin_page;
                tile.end_page = piece.end_page;
                tile.soft_cap = attention.soft_cap;
                tile.scores = scratch_.data() + worker * scratch_of_worker_;
                tile.scales = tile.scores + std::int64_t{kQueries} * tile.page_stride;
                kernels.attend(tile);
                for (int n = 0; n < tile.queries; ++n)
                    if (piece.partial < 0) {
                        const float* sink = sinks ? sinks + piece.first_head + n % piece.heads : nullptr;
                        kernels.scale(tile.out[n], share_of(tile.max[n], tile.sum[n], sink), dim);
                    } else {
                        tile.out[n][dim] = tile.max[n];
                        tile.out[n][dim + 1] = tile.sum[n];
                    }
            }
        });
    merge(attention, sinks, out);
}

/// Pieces of the same queries lie next to each other; each weighs by its share of the whole sum.
void AttentionStep::merge(const Attention& attention, const float* sinks, float* out) {
    const int dim = attention.head_dim, q_width = attention.q_width();
    for (std::size_t begin = 0; begin < pieces_.size();) {
        const Piece& piece = pieces_[begin];
        std::size_t end = begin + 1;
        while (piece.partial >= 0 && end < pieces_.size() && pieces_[end].row == piece.row &&
               pieces_[end].first_head == piece.first_head)
            ++end;
        for (int n = 0; piece.partial >= 0 && n < piece.rows * piece.heads; ++n) {
            const auto part = [&](std::size_t p) {
                return partials_.data() +
                       (static_cast<std::int64_t>(pieces_[p].partial) * kQueries + n) * (dim + 2);
            };
            float top = part(begin)[dim];
            for (std::size_t p = begin; p < end; ++p) top = std::max(top, part(p)[dim]);
            float total = 0;
            float* to = out + static_cast<std::int64_t>(piece.row + n / piece.heads) * q_width +
                        static_cast<std::int64_t>(piece.first_head + n % piece.heads) * dim;
            std::fill_n(to, dim, 0.0f);
            for (std::size_t p = begin; p < end; ++p) {
                const float weight = std::exp(part(p)[dim] - top);
                total += weight * part(p)[dim + 1];
                for (int d = 0; d < dim; ++d) to[d] += weight * part(p)[d];
            }
            const float share =
                share_of(top, total, sinks ? sinks + piece.first_head + n % piece.heads : nullptr);
            for (int d = 0; d < dim; ++d) to[d] *= share;
        }
        begin = end;
    }
}

}  // namespace pellucid::cpu
