// The reference Runner's first half of a layer: what mixes positions.
#include <algorithm>

#include "engine/backend/kv_cost.h"
#include "engine/ops/attention/reference.h"
#include "engine/ops/convolution/reference.h"
#include "engine/ops/linear/reference.h"
#include "engine/ops/reference_runner.h"
#include "engine/ops/rope/reference.h"

namespace pellucid {
namespace {

std::size_t size(int n) {
    return static_cast<std::size_t>(n);
}
std::span<float> row(std::vector<float>& x, std::size_t index, std::size_t width) {
    return std::span(x).subspan(index * width, width);
}
std::span<const float> row(const std::vector<float>& x, std::size_t index, std::size_t width) {
    return std::span(x).subspan(index * width, width);
}

/// Columns [first, first + width) of every row.
std::vector<float> columns(const std::vector<float>& x, std::size_t row_width, std::size_t first,
                           std::size_t width) {
    std::vector<float> part;
    for (std::size_t r = 0; r * row_width < x.size(); ++r) {
        const auto values = row(x, r, row_width).subspan(first, width);
        part.insert(part.end(), values.begin(), values.end());
    }
    return part;
}

}  // namespace

void ReferenceRunner::keep(int layer, std::span<const float> from, std::span<float> to) const {
    std::copy(from.begin(), from.end(), to.begin());
    round_to_kv_format(cache_format(model_->spec->layers[size(layer)], options_.kv_format), to);
}

void ReferenceRunner::keep_key(int layer, int head, std::span<const float> from, std::span<float> to) const {
    const KvBasis* basis = options_.kv_bases && takes_basis(options_.kv_format, static_cast<int>(to.size()))
                               ? options_.kv_bases->find(layer, head)
                               : nullptr;
    if (!basis) return keep(layer, from, to);
    std::copy(from.begin(), from.end(), to.begin());
    round_in_basis(*basis, to);
}

void ReferenceRunner::turn(int rope, std::span<float> heads, int head_dim, int position) const {
    if (rope >= 0)
        rope_reference(heads, head_dim, model_->spec->ropes[size(rope)], frequencies_[size(rope)], position);
}

std::vector<float> ReferenceRunner::attention(int layer, const Batch& batch,
                                              const std::vector<float>& input) {
    const Attention& spec = model_->spec->layers[size(layer)].attention;
    const ReferenceLayer& weights = model_->layers[size(layer)];
    const int rows = static_cast<int>(batch.rows.size());
    const std::size_t q_width = size(spec.q_width()), kv_width = size(spec.kv_width());
    const std::size_t head_dim = size(spec.head_dim);

    std::vector<float> q, k, v;  // [rows, heads or kv_heads, head_dim]
    if (spec.fused()) {
        const std::size_t all = q_width + 2 * kv_width;
        const std::vector<float> qkv = linear(weights.qkv, input, rows);
        q = columns(qkv, all, 0, q_width);
        k = columns(qkv, all, q_width, kv_width);
        v = columns(qkv, all, q_width + kv_width, kv_width);
    } else {
        q = linear(weights.q, input, rows);
        k = linear(weights.k, input, rows);
        v = linear(weights.v, input, rows);
    }
    q = normed(spec.q_norm, weights.q_norm, q);
    k = normed(spec.k_norm, weights.k_norm, k);

    // Every row's keys and values lie in the pages before any row looks: rows of one sequence see each other.
    for (std::size_t r = 0; r < batch.rows.size(); ++r) {
        const int position = batch.rows[r].position;
        turn(spec.rope, row(q, r, q_width), spec.head_dim, position);
        turn(spec.rope, row(k, r, kv_width), spec.head_dim, position);
        if (options_.attention_observer)
            options_.attention_observer->attends(layer, row(q, r, q_width), row(k, r, kv_width));
        const BatchSequence& sequence = batch.sequences[size(batch.rows[r].sequence)];
        for (int head = 0; head < spec.kv_heads; ++head) {
            keep_key(layer, head, row(k, r, kv_width).subspan(size(head) * head_dim, head_dim),
                     kv_.key(layer, sequence, position, head));
            keep(layer, row(v, r, kv_width).subspan(size(head) * head_dim, head_dim),
                 kv_.value(layer, sequence, position, head));
        }
    }

    std::vector<float> mixed(size(rows) * q_width);
    pool_->parallel_for(std::int64_t{rows} * spec.heads, 1, [&](std::int64_t begin, std::int64_t end, int) {
        for (std::int64_t item = begin; item < end; ++item) {
            const Row& at = batch.rows[static_cast<std::size_t>(item / spec.heads)];
            const int head = static_cast<int>(item % spec.heads);
            const int kv_head = head / (spec.heads / spec.kv_heads);
            const BatchSequence& sequence = batch.sequences[size(at.sequence)];
            const auto sink =
                weights.sinks.empty() ? std::nullopt : std::optional<float>(weights.sinks[size(head)]);
            attention_reference(
                row(q, static_cast<std::size_t>(item), head_dim),
                [&](int p) { return kv_.key(layer, sequence, p, kv_head); },
                [&](int p) { return kv_.value(layer, sequence, p, kv_head); },
                first_visible(at.position, spec.window), at.position, spec.scale, spec.soft_cap,
                row(mixed, static_cast<std::size_t>(item), head_dim), sink);
        }
    });
    return linear(weights.output, mixed, rows);
}

/// In the absorbed form: a query's content goes through key_up once, and meets the latents themselves.
std::vector<float> ReferenceRunner::latent_attention(int layer, const Batch& batch,
                                                     const std::vector<float>& input) {
    const LatentAttention& spec = model_->spec->layers[size(layer)].latent;
    const ReferenceLayer& all = model_->layers[size(layer)];
    const ReferenceLatent& weights = all.latent;
    const int rows = static_cast<int>(batch.rows.size());
    const std::size_t content = size(spec.content_dim), turning = size(spec.rope_dim), rank = size(spec.rank),
                      cached = size(spec.cached()), value_dim = size(spec.value_dim);

    std::vector<float> q =
        spec.q.present()
            ? linear(weights.q, input, rows)
            : linear(weights.q_up, normed(spec.q_norm, weights.q_norm, linear(weights.q_down, input, rows)),
                     rows);
    const std::vector<float> kv = linear(weights.kv_down, input, rows);
    const std::vector<float> latents =
        normed(spec.latent_norm, weights.latent_norm, columns(kv, cached, 0, rank));
    std::vector<float> keys = columns(kv, cached, rank, turning);
    for (std::size_t r = 0; r < batch.rows.size(); ++r) {
        const int position = batch.rows[r].position;
        turn(spec.rope, row(keys, r, turning), spec.rope_dim, position);
        for (int head = 0; head < spec.heads; ++head)
            turn(spec.rope, row(q, r * size(spec.heads) + size(head), content + turning).subspan(content),
                 spec.rope_dim, position);
        const std::span<float> to =
            kv_.key(layer, batch.sequences[size(batch.rows[r].sequence)], position, 0);
        keep(layer, row(latents, r, rank), to.first(rank));
        keep(layer, row(keys, r, turning), to.subspan(rank));
    }

    std::vector<float> mixed(size(rows) * size(spec.heads) * value_dim);
    pool_->parallel_for(std::int64_t{rows} * spec.heads, 1, [&](std::int64_t begin, std::int64_t end, int) {
        std::vector<float> query(cached), sum(rank), scratch;
        for (std::int64_t item = begin; item < end; ++item) {
            const Row& at = batch.rows[static_cast<std::size_t>(item / spec.heads)];
            const std::int64_t head = item % spec.heads;
            const BatchSequence& sequence = batch.sequences[size(at.sequence)];
            const auto own = row(q, static_cast<std::size_t>(item), content + turning);
            for (std::size_t i = 0; i < rank; ++i)
                query[i] = static_cast<float>(dot_reference(
                    weights.key_up.row(head * spec.rank + static_cast<std::int64_t>(i), scratch),
                    own.first(content)));
            std::copy(own.begin() + spec.content_dim, own.end(), query.begin() + spec.rank);
            const auto key = [&](int p) { return std::span<const float>(kv_.key(layer, sequence, p, 0)); };
            attention_reference(
                query, key, [&](int p) { return key(p).first(rank); }, 0, at.position, spec.scale, 0, sum);
            const std::span<float> to = row(mixed, static_cast<std::size_t>(item), value_dim);
            for (std::size_t i = 0; i < value_dim; ++i)
                to[i] = static_cast<float>(dot_reference(
                    weights.value_up.row(head * spec.value_dim + static_cast<std::int64_t>(i), scratch),
                    sum));
        }
    });
    return linear(all.output, mixed, rows);
}

/// What went into the convolution is kept for every position, so that a sequence can be cut back anywhere.
std::vector<float> ReferenceRunner::convolution(int layer, const Batch& batch,
                                                const std::vector<float>& input) {
    const ShortConvolution& spec = model_->spec->layers[size(layer)].convolution;
    const ReferenceConvolution& weights = model_->layers[size(layer)].convolution;
    const int rows = static_cast<int>(batch.rows.size());
    const std::size_t width = size(spec.width);
    const std::vector<float> all = linear(weights.in, input, rows);  // [rows, 3 (b, c, u), width]
    std::vector<float> gated(width);
    for (std::size_t r = 0; r < batch.rows.size(); ++r) {
        const auto b = row(all, 3 * r, width), u = row(all, 3 * r + 2, width);
        for (std::size_t i = 0; i < width; ++i) gated[i] = b[i] * u[i];
        keep(layer, gated,
             kv_.key(layer, batch.sequences[size(batch.rows[r].sequence)], batch.rows[r].position, 0));
    }
    std::vector<float> mixed(size(rows) * width), scratch;
    for (std::size_t r = 0; r < batch.rows.size(); ++r) {
        const BatchSequence& sequence = batch.sequences[size(batch.rows[r].sequence)];
        const std::span<float> y = row(mixed, r, width);
        convolution_reference([&](int channel) { return weights.kernel.row(channel, scratch); },
                              [&](int p) { return std::span<const float>(kv_.key(layer, sequence, p, 0)); },
                              batch.rows[r].position, spec.length, y);
        const auto c = row(all, 3 * r + 1, width);
        for (std::size_t i = 0; i < width; ++i) y[i] *= c[i];
    }
    return linear(weights.out, mixed, rows);
}

}  // namespace pellucid
