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

struct DeviceLayer {
    NormView attention_norm, q_norm, k_norm, attention_post_norm, feed_forward_norm, feed_forward_post_norm;
    DeviceLinear q, k, v, qkv, output, gate, up, gate_up, down;
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
