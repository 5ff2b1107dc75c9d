// A step of one row as five kernels a layer: the norms are taken by the products that read them, and
// attention turns, stores and reads the heads itself.
#include <algorithm>

#include "gpu/cuda/runner.h"
#include "gpu/cuda/stream.h"

namespace pellucid::cuda {
namespace {

bool plain_norm(const NormView& norm) {
    return norm.weight && !norm.bias && !norm.layer;
}

}  // namespace

bool CudaRunner::streams_head() const {
    return model_->head.present() && streams(model_->head) && plain_norm(model_->head_norm);
}

bool CudaRunner::streams_attention(int layer) const {
    const Layer& spec = model_->spec->layers[static_cast<std::size_t>(layer)];
    const DeviceLayer& weights = model_->layers[static_cast<std::size_t>(layer)];
    if (!plain_norm(weights.attention_norm) || weights.attention_post_norm.weight) return false;
    const DeviceLatent& latent = weights.latent;
    if (latent.q_down.matrix.present() && !plain_norm(latent.q_norm)) return false;
    for (const DeviceLinear* part : {&weights.q, &weights.k, &weights.v, &weights.qkv, &weights.output,
                                     &latent.q, &latent.q_down, &latent.q_up, &latent.kv_down})
        if (part->matrix.present() && !streams(part->matrix)) return false;
    if (spec.latent.present()) return true;
    AttentionJob job;
    job.heads = spec.attention.heads;
    job.kv = kv_view(layer);
    return spec.attention.present() && packed_serves(job, step_view());
}

bool CudaRunner::streams_feed_forward(int layer) const {
    const Layer& spec = model_->spec->layers[static_cast<std::size_t>(layer)];
    const DeviceLayer& weights = model_->layers[static_cast<std::size_t>(layer)];
    if (spec.mixed() || !plain_norm(weights.feed_forward_norm) || weights.feed_forward_post_norm.weight)
        return false;
    for (const DeviceLinear* part : {&weights.gate, &weights.up, &weights.gate_up, &weights.down})
        if (part->matrix.present() && !streams(part->matrix)) return false;
    const MatrixView &gate = weights.gate.matrix, &up = weights.up.matrix;
    return spec.feed_forward.gated && !weights.gate.bias && !weights.up.bias && !weights.gate_up.bias &&
           gate.form == up.form && gate.offset == up.offset;
}

bool CudaRunner::batchable() const {
    if (model_->head.present() && !batches(model_->head)) return false;
    for (const DeviceLayer& layer : model_->layers)
        for (const DeviceLinear* part :
             {&layer.q, &layer.k, &layer.v, &layer.qkv, &layer.output, &layer.gate, &layer.up, &layer.gate_up,
              &layer.down, &layer.latent.q, &layer.latent.q_down, &layer.latent.q_up, &layer.latent.kv_down,
              &layer.convolution_in})
            if (part->matrix.present() && !batches(part->matrix)) return false;
    return true;
}

void CudaRunner::streamed_attention(int layer, int splits) {
    const Layer& spec = model_->spec->layers[static_cast<std::size_t>(layer)];
    const DeviceLayer& weights = model_->layers[static_cast<std::size_t>(layer)];
    const std::int64_t q_width = spec.attention.q_width(), kv_width = spec.attention.kv_width();
    float* wide = scratch_.wide;
    const StreamInput attention_in{scratch_.x, weights.attention_norm, nullptr};
    NormOut mixed;
    mixed.halves = scratch_.halves;
    if (spec.latent.present()) {
        const DeviceLatent& latent = weights.latent;
        const int q_all = spec.latent.heads * spec.latent.head_dim();
        const bool by_way = latent.q_down.matrix.present();
        const LinearJob jobs[2] = {
            by_way ? LinearJob{latent.q_down.matrix, {scratch_.inner, 0, latent.q_down.bias}}
                   : LinearJob{latent.q.matrix, {wide, 0, latent.q.bias}},
            {latent.kv_down.matrix, {wide + q_all, 0, latent.kv_down.bias}}};
        stream_linear(stream_, jobs, 2, attention_in);
        if (by_way) {
            const LinearJob up{latent.q_up.matrix, {wide, 0, latent.q_up.bias}};
            stream_linear(stream_, &up, 1, {scratch_.inner, latent.q_norm, nullptr});
        }
        const LatentJob job = latent_job(layer, 1);
        absorb_few(stream_, job, step_view(), 1);
        const bool tiles = latent_tiles(job, step_view());
        if (tiles)
            latent_attention_few(stream_, job, step_view(), 1);
        else
            latent_attention_plain(stream_, job, step_view(), 1);
        value_up_few(stream_, job, step_view(), 1, tiles, mixed);
    } else {
        if (spec.attention.fused()) {
            const LinearJob job{weights.qkv.matrix, {wide, 0, weights.qkv.bias}};
            stream_linear(stream_, &job, 1, attention_in);
        } else {
            const LinearJob jobs[3] = {{weights.q.matrix, {wide, 0, weights.q.bias}},
                                       {weights.k.matrix, {wide + q_width, 0, weights.k.bias}},
                                       {weights.v.matrix, {wide + q_width + kv_width, 0, weights.v.bias}}};
            stream_linear(stream_, jobs, 3, attention_in);
        }
        cuda::attention(stream_, attention_job(layer, 1, splits), step_view(), 1, mixed);
    }
    streamed_add(weights.output, scratch_.halves);
}

void CudaRunner::streamed_add(const DeviceLinear& part, const void* halves) {
    const LinearJob job{part.matrix, {scratch_.x, 0, part.bias, true, model_->spec->residual_scale}};
    StreamInput input;
    input.halves = halves;
    stream_linear(stream_, &job, 1, input);
}

void CudaRunner::streamed_feed_forward(int layer) {
    const Layer& spec = model_->spec->layers[static_cast<std::size_t>(layer)];
    const DeviceLayer& weights = model_->layers[static_cast<std::size_t>(layer)];
    const int width = spec.feed_forward.width, kind = static_cast<int>(spec.feed_forward.activation);
    const StreamInput inner_in{scratch_.x, weights.feed_forward_norm, nullptr};
    if (spec.feed_forward.fused())
        stream_gated(stream_, weights.gate_up.matrix, weights.gate_up.matrix, width, width, kind, inner_in,
                     scratch_.inner);
    else
        stream_gated(stream_, weights.gate.matrix, weights.up.matrix, 0, width, kind, inner_in,
                     scratch_.inner);
    streamed_add(weights.down, scratch_.inner);
}

/// Logits of the only row.
void CudaRunner::streamed_head() {
    const ModelSpec& spec = *model_->spec;
    const LinearJob job{model_->head,
                        {scratch_.logits, 0, model_->head_bias, false, spec.head.scale, spec.head.soft_cap}};
    stream_linear(stream_, &job, 1, {scratch_.x, model_->head_norm, nullptr});
}

}  // namespace pellucid::cuda
