// Small device helpers every kernel shares.
#pragma once

#include <cuda_fp16.h>
#include <cuda_runtime.h>

#include <utility>

#include "gpu/cuda/matrix.h"

namespace pellucid::cuda {

/// Programmatic dependent launch: every kernel lets its successor start at once, and the successor waits here
/// before it touches anything but weights.
__device__ __forceinline__ void let_next_start() {
#if __CUDA_ARCH__ >= 900
    cudaTriggerProgrammaticLaunchCompletion();
#endif
}
__device__ __forceinline__ void wait_for_inputs() {
#if __CUDA_ARCH__ >= 900
    cudaGridDependencySynchronize();
#endif
}

template <typename... Parameters, typename... Arguments>
void launch_with(cudaStream_t stream, dim3 grid, dim3 block, std::size_t shared_bytes,
                 void (*kernel)(Parameters...), Arguments&&... arguments) {
    cudaLaunchConfig_t config = {};
    config.gridDim = grid;
    config.blockDim = block;
    config.dynamicSmemBytes = shared_bytes;
    config.stream = stream;
    cudaLaunchAttribute attribute = {};
    attribute.id = cudaLaunchAttributeProgrammaticStreamSerialization;
    attribute.val.programmaticStreamSerializationAllowed = 1;
    config.attrs = &attribute;
    config.numAttrs = 1;
    cudaLaunchKernelEx(&config, kernel, static_cast<Parameters>(std::forward<Arguments>(arguments))...);
}
template <typename... Parameters, typename... Arguments>
void launch(cudaStream_t stream, dim3 grid, dim3 block, void (*kernel)(Parameters...),
            Arguments&&... arguments) {
    launch_with(stream, grid, block, 0, kernel, std::forward<Arguments>(arguments)...);
}

template <int Width = 32>
__device__ __forceinline__ float warp_sum(float v) {
#pragma unroll
    for (int offset = Width / 2; offset > 0; offset /= 2) v += __shfl_xor_sync(0xffffffffu, v, offset);
    return v;
}
__device__ __forceinline__ float warp_max(float v) {
#pragma unroll
    for (int offset = 16; offset > 0; offset /= 2) v = fmaxf(v, __shfl_xor_sync(0xffffffffu, v, offset));
    return v;
}

/// One warp rounds a group: lane i holds value i.
__device__ __forceinline__ void store_q8(const Q8View& to, long long row, int group, float value) {
    const int lane = threadIdx.x & 31;
    const float scale = warp_max(fabsf(value)) / 127.0f;
    const int code = scale > 0 ? __float2int_rn(value / scale) : 0;
    int sum = code;
#pragma unroll
    for (int offset = 8; offset > 0; offset /= 2) sum += __shfl_xor_sync(0xffffffffu, sum, offset);
    const int upper = __shfl_sync(0xffffffffu, sum, 16);
    const long long at = row * to.groups + group;
    (lane < 16 ? to.low : to.high)[at * 16 + (lane & 15)] = static_cast<signed char>(code);
    if (lane == 0) {
        to.meta[2 * at] = __float_as_int(scale);
        to.meta[2 * at + 1] = (sum & 0xffff) | (upper << 16);
    }
}

__device__ __forceinline__ bool quantised(Form form) {
    return form >= Form::four_pair;
}

__device__ __forceinline__ float activate(int kind, float v) {
    if (kind == 0) return v / (1.0f + __expf(-v));
    if (kind == 1) return 0.5f * v * (1.0f + tanhf(0.7978845608028654f * (v + 0.044715f * v * v * v)));
    return 0.5f * v * (1.0f + erff(v * 0.7071067811865476f));
}

/// act(gate) * up; the fourth kind is gpt-oss's, which clamps both.
__device__ __forceinline__ float gated_value(int kind, float gate, float up) {
    if (kind == 3) {
        const float g = fminf(gate, 7.0f), u = fminf(fmaxf(up, -7.0f), 7.0f);
        return g / (1.0f + __expf(-1.702f * g)) * (u + 1.0f);
    }
    return activate(kind, gate) * up;
}

/// Where value i of a row of halves goes.
__device__ __forceinline__ int half_place(int i, bool turned) {
    return turned ? (i & ~3) | (i & 1) << 1 | (i >> 1 & 1) : i;
}

__device__ __forceinline__ __half to_half(float v) {
    return __float2half_rn(fminf(fmaxf(v, -65504.0f), 65504.0f));
}

}  // namespace pellucid::cuda
