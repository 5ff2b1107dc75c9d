// What kernels that own a row of activations share: sums over a block, and handing a value on in the
// precision its readers want.
#pragma once

#include "gpu/cuda/device.cuh"
#include "gpu/cuda/kernels.h"

namespace pellucid::cuda {

__device__ __forceinline__ float block_sum(float v) {
    __shared__ float parts[32];
    const int warp = threadIdx.x / 32, lane = threadIdx.x % 32, warps = blockDim.x / 32;
    v = warp_sum(v);
    __syncthreads();
    if (lane == 0) parts[warp] = v;
    __syncthreads();
    return warp_sum(lane < warps ? parts[lane] : 0.0f);
}

/// Lanes of a warp hold 32 neighbouring values.
__device__ __forceinline__ void hand_on(const NormOut& out, int row, int width, int i, float v) {
    const bool inside = i < width;
    if (out.values && inside) out.values[static_cast<long long>(row) * width + i] = v;
    if (out.halves && inside)
        static_cast<__half*>(out.halves)[static_cast<long long>(row) * width + half_place(i, out.turned)] =
            to_half(v);
    if (out.q8.low) store_q8(out.q8, row, i / kGroup, v);  // width is a multiple of 32 then
}

}  // namespace pellucid::cuda
