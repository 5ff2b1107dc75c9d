// First halves of layers that are not grouped-query attention: latent attention and short convolution.
#include <algorithm>

#include "gpu/cuda/runner.h"

namespace pellucid::cuda {
namespace {

std::size_t size(std::int64_t n) {
    return static_cast<std::size_t>(n);
}

}  // namespace

LatentJob CudaRunner::latent_job(int layer, int rows) const {
    const LatentAttention& spec = model_->spec->layers[size(layer)].latent;
    const DeviceLatent& weights = model_->layers[size(layer)].latent;
    const int q_all = spec.heads * spec.head_dim();
    LatentJob job;
    job.heads = spec.heads;
    job.content = spec.content_dim;
    job.turning = spec.rope_dim;
    job.rank = spec.rank;
    job.value = spec.value_dim;
    job.scale = spec.scale;
    job.q = scratch_.wide;
    job.kv = scratch_.wide + q_all;
    job.stride = q_all + spec.cached();
    job.latent_norm = weights.latent_norm;
    job.rope = rope_view(spec.rope);
    job.key_up = weights.key_up;
    job.value_up = weights.value_up;
    job.cache = kv_view(layer).keys;
    job.contents = scratch_.latent.contents;
    job.queries = scratch_.latent.queries;
    job.latents = scratch_.latent.latents;
    job.parts = scratch_.latent.parts;
    job.stats = scratch_.latent.stats;
    job.splits = latent_splits(spec.heads, std::min(rows, kLatentRows), processors_);
    return job;
}

/// From the normed input, which is there, to x.
void CudaRunner::latent_attention(int layer, int rows) {
    const LatentAttention& spec = model_->spec->layers[size(layer)].latent;
    const DeviceLatent& weights = model_->layers[size(layer)].latent;
    const NormOut input = attention_input(layer, rows);
    const LatentJob job = latent_job(layer, rows);
    float* wide = scratch_.wide;
    float* kv = wide + spec.heads * spec.head_dim();
    if (spec.q.present()) {
        linears({{weights.q.matrix, {wide, job.stride, weights.q.bias}},
                 {weights.kv_down.matrix, {kv, job.stride, weights.kv_down.bias}}},
                input, rows);
    } else {
        // The input's memory is that of the narrow vector too, so everything that reads it comes first.
        linears({{weights.q_down.matrix, {scratch_.inner, spec.q_down.out, weights.q_down.bias}},
                 {weights.kv_down.matrix, {kv, job.stride, weights.kv_down.bias}}},
                input, rows);
        const NormOut narrow = input_for({&weights.q_up}, spec.q_down.out, rows, scratch_.normed);
        norm(stream_, scratch_.inner, spec.q_down.out, rows, weights.q_norm, nullptr, narrow);
        linear({weights.q_up.matrix, {wide, job.stride, weights.q_up.bias}}, narrow, rows);
    }
    add_mixed(layer, latent_mixed(layer, rows, job), rows);
}

/// From the projections to what the output matrix reads.
NormOut CudaRunner::latent_mixed(int layer, int rows, const LatentJob& job) {
    const StepView step = step_view();
    const int width = job.heads * job.value;
    const NormOut mixed = input_for({&model_->layers[size(layer)].output}, width, rows, scratch_.inner);
    NormOut values;
    values.values = scratch_.inner;
    const bool few = rows <= kGemvRows || !grouped_serves(job.key_up) || !grouped_serves(job.value_up);
    const bool tiles = latent_tiles(job, step),
               split = tiles && rows <= kLatentRows && (few || !one_sequence_);
    if (few) {
        absorb_few(stream_, job, step, rows);
    } else {
        place_latents(stream_, job, step, rows);
        GroupedJob up;
        up.matrices[0] = job.key_up;
        up.out_rows = job.rank;
        up.input = job.contents;
        up.input_stride = job.heads * job.content;
        up.input_step = job.content;
        up.groups = job.heads;
        up.rows = rows;
        up.out = job.queries;
        up.out_stride = job.heads * job.cached();
        up.out_step = job.cached();
        up.halves = true;
        grouped_linear(stream_, up);
    }
    if (split)
        latent_attention_few(stream_, job, step, rows);
    else if (tiles && one_sequence_)
        latent_attention_many(stream_, job, step, rows);
    else
        latent_attention_plain(stream_, job, step, rows);
    if (few || split) {
        value_up_few(stream_, job, step, rows, split, values);
    } else {
        GroupedJob up;
        up.matrices[0] = job.value_up;
        up.out_rows = job.value;
        up.input = job.latents;
        up.input_stride = job.heads * job.rank;
        up.input_step = job.rank;
        up.groups = job.heads;
        up.rows = rows;
        up.out = scratch_.inner;
        up.out_stride = width;
        up.out_step = job.value;
        grouped_linear(stream_, up);
    }
    if (!mixed.values || mixed.halves || mixed.q8.low)
        norm(stream_, scratch_.inner, width, rows, {}, nullptr, mixed);
    return mixed;
}

void CudaRunner::convolution(int layer, int rows) {
    const ShortConvolution& spec = model_->spec->layers[size(layer)].convolution;
    const DeviceLayer& weights = model_->layers[size(layer)];
    linear({weights.convolution_in.matrix, {scratch_.wide, 3 * spec.width, weights.convolution_in.bias}},
           attention_input(layer, rows), rows);
    const NormOut mixed = input_for({&weights.output}, spec.width, rows, scratch_.inner);
    short_convolution(stream_, scratch_.wide, spec.width, weights.kernel, spec.length, kv_view(layer).keys,
                      step_view(), rows, mixed);
    add_mixed(layer, mixed, rows);
}

}  // namespace pellucid::cuda
