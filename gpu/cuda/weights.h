// A model's weights on one device.
#pragma once

#include <memory>
#include <vector>

#include "engine/backend/backend.h"
#include "gpu/cuda/kernels.h"
#include "gpu/cuda/memory.h"

namespace pellucid::cuda {

struct DeviceLinear {
    MatrixView matrix;
    const float* bias = nullptr;  ///< f32 [out] or null
};

struct DeviceExperts {
    DeviceLinear gate, up, down;  ///< of all experts, one after the other
    const float *scores = nullptr, *scores_bias = nullptr, *selection_bias = nullptr, *shared_gate = nullptr;
};
struct DeviceLatent {
    DeviceLinear q, q_down, q_up, kv_down;
    NormView q_norm, latent_norm;
    MatrixView key_up, value_up;  ///< of all heads, one after the other
};

struct DeviceLayer {
    NormView attention_norm, q_norm, k_norm, attention_post_norm, feed_forward_norm, feed_forward_post_norm;
    /// `output` is that of attention, latent attention or convolution; gate, up and down may be the shared
    /// network of routed experts.
    DeviceLinear q, k, v, qkv, output, gate, up, gate_up, down;
    const float* sinks = nullptr;
    DeviceExperts experts;
    DeviceLatent latent;
    DeviceLinear convolution_in;
    const float* kernel = nullptr;  ///< f32 [width, length]
};

struct DeviceModel {
    std::shared_ptr<const ModelSpec> spec;
    int device = 0;
    MatrixView embedding, head;
    const float* head_bias = nullptr;
    NormView head_norm;
    std::vector<DeviceLayer> layers;
    std::vector<std::vector<float>> rope_factors, rope_long_factors;  ///< on the host, by rope
    std::vector<DeviceBuffer> memory;
    std::uint64_t bytes = 0;
};

/// Device bytes the weights will take, from shapes and types alone.
std::uint64_t weight_bytes_needed(const ModelSpec& spec, const WeightSource& source);

/// Errors: not_found or unsupported naming the tensor, out_of_memory, cancelled.
Result<std::shared_ptr<const DeviceModel>> load_device_model(std::shared_ptr<const ModelSpec> spec,
                                                             const WeightSource& source, int device,
                                                             const PrepareOptions& options);

}  // namespace pellucid::cuda
