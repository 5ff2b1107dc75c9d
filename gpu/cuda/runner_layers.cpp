// The two halves of a layer for steps of several rows.
#include <algorithm>

#include "gpu/cuda/runner.h"

namespace pellucid::cuda {
namespace {

std::size_t size(std::int64_t n) {
    return static_cast<std::size_t>(n);
}

}  // namespace

NormOut CudaRunner::attention_input(int layer, int rows) const {
    const DeviceLayer& weights = model_->layers[size(layer)];
    const DeviceLatent& latent = weights.latent;
    return input_for({&weights.q, &weights.k, &weights.v, &weights.qkv, &latent.q, &latent.q_down,
                      &latent.kv_down, &weights.convolution_in},
                     model_->spec->n_embd, rows, scratch_.normed);
}
NormOut CudaRunner::feed_forward_input(int layer, int rows) const {
    const DeviceLayer& weights = model_->layers[size(layer)];
    return input_for({&weights.gate, &weights.up, &weights.gate_up}, model_->spec->n_embd, rows,
                     scratch_.normed);
}

AttentionJob CudaRunner::attention_job(int layer, int rows, int splits) const {
    const Attention& attention = model_->spec->layers[size(layer)].attention;
    const DeviceLayer& weights = model_->layers[size(layer)];
    AttentionJob job;
    job.wide = scratch_.wide;
    job.stride = attention.q_width() + 2 * attention.kv_width();
    job.heads = attention.heads;
    job.window = attention.window;
    job.splits = splits;
    job.one_chunk = splits < std::max(1, most_splits_ / rows) && chunks_together(rows) == 1;
    job.scale = attention.scale;
    job.soft_cap = attention.soft_cap;
    job.sinks = weights.sinks;
    job.kv = kv_view(layer);
    job.partial = scratch_.partial;
    job.q_norm = weights.q_norm;
    job.k_norm = weights.k_norm;
    job.rope = rope_view(attention.rope);
    job.fresh = rows <= kBatchRows && apart_ && packed_serves(job, step_view());
    return job;
}

void CudaRunner::attention(int layer, int rows, int splits) {
    const ModelSpec& model = *model_->spec;
    const Layer& spec = model.layers[size(layer)];
    const Attention& attention = spec.attention;
    const DeviceLayer& weights = model_->layers[size(layer)];
    const std::int64_t q_width = attention.q_width(), kv_width = attention.kv_width(),
                       all = q_width + 2 * kv_width;
    const NormOut input = attention_input(layer, rows);
    if (!normed_) norm(stream_, scratch_.x, model.n_embd, rows, weights.attention_norm, nullptr, input);
    normed_ = false;
    if (spec.latent.present()) return latent_attention(layer, rows);
    if (spec.convolution.present()) return convolution(layer, rows);
    float* wide = scratch_.wide;
    if (attention.fused())
        linear({weights.qkv.matrix, {wide, all, weights.qkv.bias}}, input, rows);
    else
        linears({{weights.q.matrix, {wide, all, weights.q.bias}},
                 {weights.k.matrix, {wide + q_width, all, weights.k.bias}},
                 {weights.v.matrix, {wide + q_width + kv_width, all, weights.v.bias}}},
                input, rows);
    const AttentionJob job = attention_job(layer, rows, splits);
    if (!job.fresh)
        place_heads(stream_, wide, attention.heads, job.kv, weights.q_norm, weights.k_norm, job.rope,
                    step_view(), rows);
    NormOut mixed = input_for({&weights.output}, static_cast<int>(q_width), rows, scratch_.inner);
    if (mixed.halves && one_sequence_ && rows > kGemvRows &&
        flash_attention(stream_, job, step_view(), rows, mixed)) {
        // done
    } else if (mixed.q8.low && attention.head_dim % kGroup != 0) {
        NormOut plain;
        plain.values = scratch_.inner;
        cuda::attention(stream_, job, step_view(), rows, plain);
        norm(stream_, scratch_.inner, static_cast<int>(q_width), rows, {}, nullptr, mixed);
    } else {
        cuda::attention(stream_, job, step_view(), rows, mixed);
    }
    add_mixed(layer, mixed, rows);
}

/// The end of a layer's first half.
void CudaRunner::add_mixed(int layer, const NormOut& mixed, int rows) {
    const DeviceLayer& weights = model_->layers[size(layer)];
    if (model_->spec->layers[size(layer)].routed() || 2 * layer + 1 >= end_half_)
        add_linear(weights.output, weights.attention_post_norm, mixed, rows);
    else
        add_linear(weights.output, weights.attention_post_norm, mixed, rows, &weights.feed_forward_norm,
                   feed_forward_input(layer, rows));
}

void CudaRunner::feed_forward(int layer, int rows) {
    const ModelSpec& model = *model_->spec;
    const Layer& spec = model.layers[size(layer)];
    const DeviceLayer& weights = model_->layers[size(layer)];
    if (spec.routed()) return experts(layer, rows);
    if (spec.mixed()) return shared_expert(layer, rows);
    const NormOut inner = gated(layer, rows, spec.feed_forward);
    if (2 * layer + 2 < end_half_)
        add_linear(weights.down, weights.feed_forward_post_norm, inner, rows,
                   &model_->layers[size(layer + 1)].attention_norm, attention_input(layer + 1, rows));
    else
        add_linear(weights.down, weights.feed_forward_post_norm, inner, rows);
}

/// What a dense network, or the shared one of routed experts, multiplies `down` with.
NormOut CudaRunner::gated(int layer, int rows, const FeedForward& feed_forward) {
    const ModelSpec& model = *model_->spec;
    const DeviceLayer& weights = model_->layers[size(layer)];
    const int kind = static_cast<int>(feed_forward.activation);
    const std::int64_t width = feed_forward.width;
    const NormOut input = feed_forward_input(layer, rows);
    if (!normed_) norm(stream_, scratch_.x, model.n_embd, rows, weights.feed_forward_norm, nullptr, input);
    normed_ = false;
    NormOut inner = input_for({&weights.down}, static_cast<int>(width), rows, scratch_.inner);
    if (inner.q8.low) {  // the kernel that makes it still reads the other
        inner.q8.low = scratch_.inner_low;
        inner.q8.high = scratch_.inner_high;
        inner.q8.meta = scratch_.inner_meta;
    }
    const MatrixView &gate = weights.gate.matrix, &up = weights.up.matrix;
    const MatrixView& both = weights.gate_up.matrix;
    const bool on_tensors =
        feed_forward.gated && rows <= kBatchRows && inner.halves && !weights.gate.bias && !weights.up.bias &&
        !weights.gate_up.bias &&
        (feed_forward.fused() ? batched(both, rows) : batched(gate, rows) && batched(up, rows));
    const bool one_kernel = rows <= kGemvRows && feed_forward.gated && !feed_forward.fused() &&
                            gate.quantised() && gate.form == up.form && gate.offset == up.offset &&
                            width % kGroup == 0 && inner.q8.low && !weights.gate.bias && !weights.up.bias;
    if (on_tensors) {
        batch_gated(stream_, feed_forward.fused() ? both : gate, up, kind, input.halves, rows, scratch_.wide,
                    scratch_.parts, inner.halves);
    } else if (one_kernel) {
        gemv_gated(stream_, gate, up, kind, input.q8, rows, inner.q8, scratch_.inner, scratch_.arrivals);
    } else {
        float* wide = scratch_.wide;
        const std::int64_t stride = feed_forward.gated ? 2 * width : width;
        if (feed_forward.fused())
            linear({weights.gate_up.matrix, {wide, stride, weights.gate_up.bias}}, input, rows);
        else if (feed_forward.gated)
            linears(
                {{gate, {wide, stride, weights.gate.bias}}, {up, {wide + width, stride, weights.up.bias}}},
                input, rows);
        else
            linear({up, {wide, stride, weights.up.bias}}, input, rows);
        activate_rows(stream_, kind, feed_forward.gated ? wide : nullptr,
                      feed_forward.gated ? wide + width : wide, stride, static_cast<int>(width), rows, inner);
    }
    return inner;
}

}  // namespace pellucid::cuda
