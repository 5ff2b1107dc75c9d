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

bool CudaRunner::streamable() const {
    const ModelSpec& spec = *model_->spec;
    if (!streams(model_->head) || !plain_norm(model_->head_norm)) return false;
    for (std::size_t i = 0; i < spec.layers.size(); ++i) {
        const Layer& layer = spec.layers[i];
        const DeviceLayer& weights = model_->layers[i];
        AttentionJob job;
        job.heads = layer.attention.heads;
        job.kv = kv_view(static_cast<int>(i));
        if (!packed_serves(job, step_view())) return false;
        if (!plain_norm(weights.attention_norm) || !plain_norm(weights.feed_forward_norm) ||
            weights.attention_post_norm.weight || weights.feed_forward_post_norm.weight)
            return false;
        for (const DeviceLinear* part : {&weights.q, &weights.k, &weights.v, &weights.qkv, &weights.output,
                                         &weights.gate, &weights.up, &weights.gate_up, &weights.down})
            if (part->matrix.present() && !streams(part->matrix)) return false;
        const MatrixView &gate = weights.gate.matrix, &up = weights.up.matrix;
        if (!layer.feed_forward.gated || weights.gate.bias || weights.up.bias || weights.gate_up.bias ||
            gate.form != up.form || gate.offset != up.offset)
            return false;
    }
    return true;
}

bool CudaRunner::batchable() const {
    if (!batches(model_->head)) return false;
    for (const DeviceLayer& layer : model_->layers)
        for (const DeviceLinear* part : {&layer.q, &layer.k, &layer.v, &layer.qkv, &layer.output, &layer.gate,
                                         &layer.up, &layer.gate_up, &layer.down})
            if (part->matrix.present() && !batches(part->matrix)) return false;
    return true;
}

void CudaRunner::streamed_layer(int layer, int splits) {
    const ModelSpec& model = *model_->spec;
    const Layer& spec = model.layers[static_cast<std::size_t>(layer)];
    const DeviceLayer& weights = model_->layers[static_cast<std::size_t>(layer)];
    const std::int64_t q_width = spec.attention.q_width(), kv_width = spec.attention.kv_width();
    float* wide = scratch_.wide;
    const StreamInput attention_in{scratch_.x, weights.attention_norm, nullptr};
    if (spec.attention.fused()) {
        const LinearJob job{weights.qkv.matrix, {wide, 0, weights.qkv.bias}};
        stream_linear(stream_, &job, 1, attention_in);
    } else {
        const LinearJob jobs[3] = {{weights.q.matrix, {wide, 0, weights.q.bias}},
                                   {weights.k.matrix, {wide + q_width, 0, weights.k.bias}},
                                   {weights.v.matrix, {wide + q_width + kv_width, 0, weights.v.bias}}};
        stream_linear(stream_, jobs, 3, attention_in);
    }
    NormOut mixed;
    mixed.halves = scratch_.halves;
    cuda::attention(stream_, attention_job(layer, 1, splits), step_view(), 1, mixed);
    const auto add = [&](const DeviceLinear& part, const void* halves) {
        const LinearJob job{part.matrix, {scratch_.x, 0, part.bias, true, model.residual_scale}};
        StreamInput input;
        input.halves = halves;
        stream_linear(stream_, &job, 1, input);
    };
    add(weights.output, scratch_.halves);
    const int width = spec.feed_forward.width, kind = static_cast<int>(spec.feed_forward.activation);
    const StreamInput inner_in{scratch_.x, weights.feed_forward_norm, nullptr};
    if (spec.feed_forward.fused())
        stream_gated(stream_, weights.gate_up.matrix, weights.gate_up.matrix, width, width, kind, inner_in,
                     scratch_.inner);
    else
        stream_gated(stream_, weights.gate.matrix, weights.up.matrix, 0, width, kind, inner_in,
                     scratch_.inner);
    add(weights.down, scratch_.inner);
}

/// Logits of the only row.
void CudaRunner::streamed_head() {
    const ModelSpec& spec = *model_->spec;
    const LinearJob job{model_->head,
                        {scratch_.logits, 0, model_->head_bias, false, spec.head.scale, spec.head.soft_cap}};
    stream_linear(stream_, &job, 1, {scratch_.x, model_->head_norm, nullptr});
}

}  // namespace pellucid::cuda
