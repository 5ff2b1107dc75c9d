// How the warps of a block share out chunks of four rows, and put their sums together again.
#pragma once

#include "gpu/cuda/device.cuh"

namespace pellucid::cuda {

inline constexpr int kStreamWarps = 16, kStreamThreads = 32 * kStreamWarps;

/// Where a warp's chunks begin among all of a block.
__device__ __forceinline__ int begin_of(int all, int warp) {
    return all * warp / kStreamWarps;
}

/// The warps that began inside a four, whose first chunks belong to a four that an earlier warp began: first
/// to end - 1. from: the four's first chunk of the block's `all`, chunks: of a four.
struct Helpers {
    int first, end;
    __device__ __forceinline__ static Helpers of(int all, int from, int chunks) {
        int first = from * kStreamWarps / all + 1;
        while (first < kStreamWarps && begin_of(all, first) <= from) ++first;
        int end = first;
        while (end < kStreamWarps && begin_of(all, end) < from + chunks) ++end;
        return {first, end};
    }
};

/// The warp's sums of four rows: lane 8 r has that of row r.
__device__ __forceinline__ float four_sums(const float (&sum)[4]) {
    const int lane = threadIdx.x % 32;
    // Halves of the warp go on with two rows each, quarters with one.
    const bool upper = lane & 16, odd = lane & 8;
    const float a = (upper ? sum[2] : sum[0]) + __shfl_xor_sync(0xffffffffu, upper ? sum[0] : sum[2], 16);
    const float b = (upper ? sum[3] : sum[1]) + __shfl_xor_sync(0xffffffffu, upper ? sum[1] : sum[3], 16);
    float total = (odd ? b : a) + __shfl_xor_sync(0xffffffffu, odd ? a : b, 8);
#pragma unroll
    for (int distance = 4; distance > 0; distance /= 2)
        total += __shfl_xor_sync(0xffffffffu, total, distance);
    return total;
}

__device__ __forceinline__ void commit_asked() {
    asm volatile("cp.async.commit_group;" ::: "memory");
}
/// Waits until the oldest of `depth` chunks asked for is there, depth at most 3.
__device__ __forceinline__ void wait_for_oldest(int depth) {
    if (depth == 1)
        asm volatile("cp.async.wait_group 0;" ::: "memory");
    else if (depth == 2)
        asm volatile("cp.async.wait_group 1;" ::: "memory");
    else
        asm volatile("cp.async.wait_group 2;" ::: "memory");
}

}  // namespace pellucid::cuda
