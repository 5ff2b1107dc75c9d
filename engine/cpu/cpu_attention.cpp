// The CPU runner's first half of a layer: what mixes positions.
#include <algorithm>

#include "engine/cpu/cpu_runner.h"
#include "engine/quant/kv_codec.h"

namespace pellucid::cpu {

namespace {

std::size_t size(std::int64_t n) {
    return static_cast<std::size_t>(n);
}

}  // namespace

void CpuRunner::attention_half(int layer, const Batch& batch) {
    const Layer& spec = model_->spec->layers[size(layer)];
    if (spec.latent.present())
        latent_attention(layer, batch);
    else if (spec.convolution.present())
        convolution(layer, batch);
    else
        attention(layer, batch);
    const NormWeights& post_norm = model_->layers[size(layer)].attention_post_norm;
    for_rows(static_cast<int>(batch.rows.size()),
             [&](int row) { add_part(spec.attention_post_norm, post_norm, row); });
}

std::pair<PageId, int> CpuRunner::place(const Batch& batch, int row) const {
    const Row& at = batch.rows[size(row)];
    const auto& pages = batch.sequences[size(at.sequence)].pages;
    return {pages[size(at.position / options_.page_tokens)], at.position % options_.page_tokens};
}

LinearInput CpuRunner::inner_input(const Matrix& matrix, int rows) {
    if (!matrix.packed()) return linear_input(scratch_.inner, nullptr, rows);
    const std::int64_t width = matrix.columns();
    for_rows(rows,
             [&](int row) { quantise_row(scratch_.inner + row * width, width, scratch_.quantised, row); });
    return linear_input(scratch_.inner, scratch_.quantised, rows);
}

void CpuRunner::attention(int layer, const Batch& batch) {
    const Layer& spec = model_->spec->layers[size(layer)];
    const Attention& attention = spec.attention;
    const LayerWeights& weights = model_->layers[size(layer)];
    const int rows = static_cast<int>(batch.rows.size());
    const std::int64_t q_width = attention.q_width(), kv_width = attention.kv_width(),
                       all = q_width + 2 * kv_width;
    const LinearInput input = normed_input(spec.attention_norm, weights.attention_norm, rows,
                                           {&weights.qkv, &weights.q, &weights.k, &weights.v});
    if (attention.fused()) {
        const LinearPart parts[] = {linear_part(weights.qkv, scratch_.wide, all)};
        products(input, parts);
    } else {
        const LinearPart parts[] = {linear_part(weights.q, scratch_.wide, all),
                                    linear_part(weights.k, scratch_.wide + q_width, all),
                                    linear_part(weights.v, scratch_.wide + q_width + kv_width, all)};
        products(input, parts);
    }
    place_heads(layer, batch);
    attention_step_.run(*pool_, kernels_, cache_, batch, layer, attention, or_null(weights.sinks),
                        scratch_.wide, all, scratch_.inner);
    if (cache_.rotated(layer))
        for_rows(rows, [&](int row) {
            to_basis(scratch_.inner + row * q_width, attention.heads, attention.head_dim, true);
        });
    const LinearPart parts[] = {linear_part(weights.output, scratch_.part, model_->spec->n_embd)};
    products(inner_input(weights.output.matrix, rows), parts);
}

/// Head norms, rope, and the score scale; every row's keys and values go into the pages before any row looks.
void CpuRunner::place_heads(int layer, const Batch& batch) {
    const Layer& spec = model_->spec->layers[size(layer)];
    const Attention& attention = spec.attention;
    const LayerWeights& weights = model_->layers[size(layer)];
    const std::int64_t q_width = attention.q_width(), kv_width = attention.kv_width(),
                       all = q_width + 2 * kv_width;
    const auto observer = options_.attention_observer.get();
    const auto finish = [&](int row) {
        float* q = scratch_.wide + row * all;
        float* k = q + q_width;
        if (cache_.rotated(layer)) queries_to_basis(layer, attention, q);
        const auto [page, slot] = place(batch, row);
        cache_.store(kernels_, layer, page, slot, k, k + kv_width);
    };
    for_rows(static_cast<int>(batch.rows.size()), [&](int row) {
        float* q = scratch_.wide + row * all;
        float* k = q + q_width;
        const auto heads = [&](float* head, int count, const Norm& norm, const NormWeights& norm_weights) {
            for (int h = 0; h < count; ++h, head += attention.head_dim) {
                if (norm.present()) norm_row(norm, norm_weights, head, head);
                turn(attention.rope, head, row);
            }
        };
        heads(q, attention.heads, attention.q_norm, weights.q_norm);
        heads(k, attention.kv_heads, attention.k_norm, weights.k_norm);
        kernels_.scale(q, attention.scale, q_width);
        if (!observer) finish(row);
    });
    for (int row = 0; observer && row < static_cast<int>(batch.rows.size()); ++row) {
        const float* q = scratch_.wide + row * all;
        observer->attends(layer, {q, size(q_width)}, {q + q_width, size(kv_width)});
        finish(row);
    }
}

/// Queries [heads, head_dim] go where the keys of their KV head lie.
void CpuRunner::queries_to_basis(int layer, const Attention& attention, float* q) const {
    constexpr int kHeads = 8;
    float own[kHeads * kWidestBasis];
    const int width = attention.head_dim, group = attention.heads / attention.kv_heads;
    for (int kv_head = 0; kv_head < attention.kv_heads; ++kv_head)
        for (int first = 0; first < group; first += kHeads) {
            const int heads = std::min(kHeads, group - first);
            if (const KvBasis* basis = cache_.basis(layer, kv_head)) {
                std::copy_n(q, heads * width, own);
                multiply(kernels_, basis->of_query.data(), width, own, heads, q);
            } else {
                to_basis(q, heads, width, false);
            }
            q += std::int64_t{heads} * width;
        }
}

void CpuRunner::to_basis(float* x, std::int64_t count, int width, bool back) const {
    for (std::int64_t i = 0; i < count; ++i, x += width)
        back ? kv_rotate_back({x, size(width)}) : kv_rotate({x, size(width)});
}

void CpuRunner::turn(int rope, float* head, int row) const {
    if (rope < 0) return;
    const Rope& positions = model_->spec->ropes[size(rope)];
    const std::int64_t pairs = StepScratch::widest_pairs(*model_->spec), rows = options_.max_batch_rows;
    const float* cos = scratch_.angles + (2 * rope * rows + row) * pairs;
    kernels_.rope(head, cos, cos + rows * pairs, positions.dims, positions.layout);
}

/// Rows of scratch_.wide: the queries of all heads, then the latent and the shared key.
void CpuRunner::latent_attention(int layer, const Batch& batch) {
    const Layer& spec = model_->spec->layers[size(layer)];
    const LatentAttention& latent = spec.latent;
    const LayerWeights& all = model_->layers[size(layer)];
    const LatentWeights& weights = all.latent;
    const int rows = static_cast<int>(batch.rows.size());
    const std::int64_t q_width = std::int64_t{latent.heads} * latent.head_dim(),
                       stride = q_width + latent.cached();
    const LinearInput input = normed_input(spec.attention_norm, all.attention_norm, rows,
                                           {&weights.q, &weights.q_down, &weights.kv_down});
    const LinearPart keys = linear_part(weights.kv_down, scratch_.wide + q_width, stride);
    if (latent.q.present()) {
        const LinearPart parts[] = {linear_part(weights.q, scratch_.wide, stride), keys};
        products(input, parts);
    } else {
        const std::int64_t rank = latent.q_down.out;
        const LinearPart down[] = {linear_part(weights.q_down, scratch_.inner, rank), keys};
        products(input, down);
        for_rows(rows, [&](int row) {
            float* x = scratch_.inner + row * rank;
            norm_row(latent.q_norm, weights.q_norm, x, x);
        });
        const LinearPart up[] = {linear_part(weights.q_up, scratch_.wide, stride)};
        products(inner_input(weights.q_up.matrix, rows), up);
    }
    place_latents(layer, batch);
    for (int first = 0; first < rows; first += kLatentRows)
        attend_latents(layer, batch, first, std::min(kLatentRows, rows - first));
    const LinearPart parts[] = {linear_part(all.output, scratch_.part, model_->spec->n_embd)};
    products(inner_input(all.output.matrix, rows), parts);
}

/// Norm of the latent, rope, and the score scale; every row's latent lies in the pages before any row looks.
void CpuRunner::place_latents(int layer, const Batch& batch) {
    const LatentAttention& latent = model_->spec->layers[size(layer)].latent;
    const LatentWeights& weights = model_->layers[size(layer)].latent;
    const std::int64_t q_width = std::int64_t{latent.heads} * latent.head_dim();
    for_rows(static_cast<int>(batch.rows.size()), [&](int row) {
        float* q = scratch_.wide + row * (q_width + latent.cached());
        float* key = q + q_width;
        for (int h = 0; h < latent.heads; ++h)
            turn(latent.rope, q + h * latent.head_dim() + latent.content_dim, row);
        kernels_.scale(q, latent.scale, q_width);
        norm_row(latent.latent_norm, weights.latent_norm, key, key);
        turn(latent.rope, key + latent.rank, row);
        const auto [page, slot] = place(batch, row);
        cache_.store_row(kernels_, layer, page, slot, key);
    });
}

/// Rows [first, first + count): queries absorbed head by head, attention over latents, values head by head
/// into scratch_.inner.
void CpuRunner::attend_latents(int layer, const Batch& batch, int first, int count) {
    const LatentAttention& latent = model_->spec->layers[size(layer)].latent;
    const LatentWeights& weights = model_->layers[size(layer)].latent;
    const std::int64_t heads = latent.heads, head_dim = latent.head_dim(), cached = latent.cached(),
                       content = latent.content_dim, rank = latent.rank, stride = heads * head_dim + cached,
                       value_width = heads * latent.value_dim;
    for_rows(count, [&](int row) {
        const float* q = scratch_.wide + (first + row) * stride;
        for (std::int64_t h = 0; h < heads; ++h) {
            const float* from = q + h * head_dim;
            std::copy_n(from, content, scratch_.head_inputs + (h * count + row) * content);
            std::copy_n(from + content, latent.rope_dim,
                        scratch_.head_queries + (row * heads + h) * cached + rank);
        }
    });
    // One product for each head: inputs [heads, count, columns] to out + head * out_step.
    const auto run_heads = [&](const std::vector<LinearWeights>& matrices, float* out, std::int64_t out_step,
                               std::int64_t out_stride) {
        const Matrix& any = matrices.front().matrix;
        const std::int64_t columns = any.columns(), blocks = row_blocks(columns);
        if (any.packed())
            for_rows(static_cast<int>(heads * count), [&](int i) {
                quantise_row(scratch_.head_inputs + i * columns, columns, scratch_.head_quantised, i);
            });
        jobs_.clear();
        for (std::int64_t h = 0; h < heads; ++h)
            jobs_.push_back(
                {linear_input(scratch_.head_inputs + h * count * columns,
                              any.packed() ? scratch_.head_quantised + h * count * blocks : nullptr, count),
                 linear_part(matrices[size(h)], out + h * out_step, out_stride)});
        products_of_jobs();
    };
    run_heads(weights.key_up, scratch_.head_queries, cached, heads * cached);
    const bool rotated = cache_.rotated(layer);
    if (rotated)
        for_rows(static_cast<int>(count * heads), [&](int i) {
            to_basis(scratch_.head_queries + i * cached, 1, latent.rank, false);
            to_basis(scratch_.head_queries + i * cached + rank, 1, latent.rope_dim, false);
        });
    latent_step_.run(*pool_, kernels_, cache_, batch, layer, latent, first, count, scratch_.head_queries,
                     scratch_.head_inputs);
    if (rotated)
        for_rows(static_cast<int>(count * heads),
                 [&](int i) { to_basis(scratch_.head_inputs + i * rank, 1, latent.rank, true); });
    run_heads(weights.value_up, scratch_.inner + first * value_width, latent.value_dim, value_width);
}

/// What went into the convolution is kept for every position, so that a sequence can be cut back anywhere.
void CpuRunner::convolution(int layer, const Batch& batch) {
    const Layer& spec = model_->spec->layers[size(layer)];
    const LayerWeights& all = model_->layers[size(layer)];
    const ConvolutionWeights& weights = all.convolution;
    const std::int64_t width = spec.convolution.width;
    const int rows = static_cast<int>(batch.rows.size()), length = spec.convolution.length;
    const LinearPart in[] = {linear_part(weights.in, scratch_.wide, 3 * width)};
    products(normed_input(spec.attention_norm, all.attention_norm, rows, {&weights.in}), in);
    for_rows(rows, [&](int row) {
        float* b = scratch_.wide + row * 3 * width;  // b, c, u
        for (std::int64_t i = 0; i < width; ++i) b[i] *= b[2 * width + i];
        const auto [page, slot] = place(batch, row);
        cache_.store_row(kernels_, layer, page, slot, b);
    });
    for_rows(rows, [&](int row) {
        const Row& at = batch.rows[size(row)];
        const auto& pages = batch.sequences[size(at.sequence)].pages;
        const float* c = scratch_.wide + row * 3 * width + width;
        float* past = scratch_.wide + row * 3 * width;  // b has been kept
        float* y = scratch_.inner + row * width;
        std::fill_n(y, width, 0.0f);
        for (int j = std::max(0, length - 1 - at.position); j < length; ++j) {
            const int position = at.position - (length - 1) + j;
            cache_.read_rows(kernels_, layer, pages[size(position / options_.page_tokens)],
                             position % options_.page_tokens, 1, past);
            const float* kernel = weights.kernel.data() + j * width;
            for (std::int64_t i = 0; i < width; ++i) y[i] += kernel[i] * past[i];
        }
        for (std::int64_t i = 0; i < width; ++i) y[i] *= c[i];
    });
    const LinearPart out[] = {linear_part(weights.out, scratch_.part, model_->spec->n_embd)};
    products(inner_input(weights.out.matrix, rows), out);
}

}  // namespace pellucid::cpu
