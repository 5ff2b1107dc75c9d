// What the kernels that choose experts share.
#pragma once

#include "gpu/cuda/device.cuh"
#include "gpu/cuda/experts.h"

namespace pellucid::cuda {

struct RouteArguments {
    RouterView router;
    NormView norm;
    NormOut out;
    Chosen chosen;
    const float* x = nullptr;
    float* logits = nullptr;
    int* arrivals = nullptr;
    int columns = 0, rows = 0;
};

/// For few rows: a cluster of blocks each.
void route_few(cudaStream_t stream, const RouteArguments& arguments);

/// Orders as the floats do; 0 is below them all.
__device__ __forceinline__ unsigned order_of(float v) {
    const unsigned bits = __float_as_uint(v);
    return bits & 0x80000000u ? ~bits : bits | 0x80000000u;
}

/// Lane k knows the k-th choice, best first. top: the highest logit of all, all: the sum of e^(logit - top).
__device__ __forceinline__ void weigh_chosen(const RouterView& r, int id, float score, float logit, float top,
                                             float all, int* ids, float* weights) {
    const int lane = threadIdx.x % 32;
    bool kept = lane < r.used;
    if (r.threshold > 0) {  // the fewest that reach it
        const float share = kept ? expf(logit - top) / all : 0;
        float before = share;
        for (int offset = 1; offset < 32; offset *= 2) {
            const float lower = __shfl_up_sync(0xffffffffu, before, offset);
            if (lane >= offset) before += lower;
        }
        kept = kept && (lane == 0 || before - share < r.threshold);
    }
    if (r.gating == 2) {
        const float best = warp_max(kept ? logit : -INFINITY);
        const float e = kept ? expf(logit - best) : 0, total = warp_sum(e);
        score = e / total;
    }
    const float total = r.renormalise ? warp_sum(kept ? score : 0.0f) : 1;
    const float factor = r.scale / (r.renormalise ? fmaxf(total, 1e-37f) : 1.0f);
    if (lane < r.used) {
        ids[lane] = kept ? id : -1;
        weights[lane] = kept ? score * factor : 0;
    }
}

}  // namespace pellucid::cuda
