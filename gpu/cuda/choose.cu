// The greedy choice of rows of logits, with its log-probability and the distribution's entropy.
#include "gpu/cuda/device.cuh"
#include "gpu/cuda/kernels.h"

namespace pellucid::cuda {
namespace {

/// What is known of a stretch of logits: the best, and sums relative to it.
struct Part {
    float best;
    int id;
    float total, weighted;  // of e^(l - best), and of that times (l - best)
};
__device__ Part merged(const Part& a, const Part& b) {
    if (b.id < 0) return a;
    if (a.id < 0) return b;
    const bool first = a.best > b.best || (a.best == b.best && a.id < b.id);
    const Part& high = first ? a : b;
    const Part& low = first ? b : a;
    const float shift = low.best - high.best;
    if (!(shift > -80)) return high;
    const float factor = __expf(shift);
    return {high.best, high.id, high.total + factor * low.total,
            high.weighted + factor * (low.weighted + shift * low.total)};
}
__device__ Part block_merge(Part part) {
    __shared__ Part parts[32];
    for (int offset = 16; offset > 0; offset /= 2) {
        Part other;
        other.best = __shfl_xor_sync(0xffffffffu, part.best, offset);
        other.id = __shfl_xor_sync(0xffffffffu, part.id, offset);
        other.total = __shfl_xor_sync(0xffffffffu, part.total, offset);
        other.weighted = __shfl_xor_sync(0xffffffffu, part.weighted, offset);
        part = merged(part, other);
    }
    if (threadIdx.x % 32 == 0) parts[threadIdx.x / 32] = part;
    __syncthreads();
    if (threadIdx.x == 0)
        for (int w = 1; w < static_cast<int>(blockDim.x / 32); ++w) part = merged(part, parts[w]);
    return part;
}

__global__ void part_kernel(const float* logits, int vocabulary, float4* partial) {
    let_next_start();
    wait_for_inputs();
    const float* row = logits + static_cast<long long>(blockIdx.y) * vocabulary;
    constexpr int kAtOnce = 5;  // asked for together: one after the other, each would be waited for
    const int stride = static_cast<int>(gridDim.x * blockDim.x);
    Part part{0, -1, 0, 0};
    for (int i = blockIdx.x * blockDim.x + threadIdx.x; i < vocabulary; i += kAtOnce * stride) {
        float values[kAtOnce];
#pragma unroll
        for (int k = 0; k < kAtOnce; ++k)
            values[k] = i + k * stride < vocabulary ? __ldcg(row + i + k * stride) : -INFINITY;
        Part some{values[0], i, 0, 0};
#pragma unroll
        for (int k = 1; k < kAtOnce; ++k)
            if (values[k] > some.best) some.best = values[k], some.id = i + k * stride;
#pragma unroll
        for (int k = 0; k < kAtOnce; ++k) {
            const float shift = values[k] - some.best;
            const bool counts = shift > -80;  // not where there is none either, nor where all are -infinity
            const float e = counts ? __expf(shift) : 0;
            some.total += e;
            some.weighted += counts ? e * shift : 0;
        }
        part = merged(part, some);
    }
    part = block_merge(part);
    if (threadIdx.x == 0)
        partial[blockIdx.y * kChoiceParts + blockIdx.x] = {part.best, __int_as_float(part.id), part.total,
                                                           part.weighted};
}

__global__ void choose_kernel(const float4* partial, const int* at, Choice* choices, int* ids) {
    let_next_start();
    wait_for_inputs();
    const float4 p = partial[blockIdx.x * kChoiceParts + threadIdx.x];
    const Part part = block_merge({p.x, __float_as_int(p.y), p.z, p.w});
    if (threadIdx.x != 0) return;
    const float log_total = logf(part.total);
    choices[at[blockIdx.x]] = {part.id, -log_total, log_total - part.weighted / part.total};
    ids[at[blockIdx.x]] = part.id;
}

}  // namespace

void choose_greedy(cudaStream_t stream, const float* logits, int vocabulary, int rows, const int* at,
                   float* partial, Choice* choices, int* ids) {
    launch(stream, dim3(kChoiceParts, rows), dim3(256), part_kernel, logits, vocabulary,
           reinterpret_cast<float4*>(partial));
    launch(stream, dim3(rows), dim3(kChoiceParts), choose_kernel, reinterpret_cast<const float4*>(partial),
           at, choices, ids);
}

}  // namespace pellucid::cuda
