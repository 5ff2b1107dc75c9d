// Scores of the experts, and who is chosen, for many rows. The norm before them is taken here too; the block
// that comes last chooses.
#include "gpu/cuda/experts.h"
#include "gpu/cuda/route.cuh"
#include "gpu/cuda/row.cuh"

namespace pellucid::cuda {
namespace {

inline constexpr int kRouteThreads = 128, kRouteWarps = kRouteThreads / 32;
inline constexpr int kManyRows = 4, kManyExperts = 32;  ///< of a block

/// One warp chooses for one row (engine/ops/router). Lane l holds experts l * Per …; the k-th choice ends in
/// lane k. members: [32 * Per] in shared memory.
template <int Per>
__device__ void choose_experts(const RouterView& r, const float* logits, float* members, int* ids,
                               float* weights) {
    const int lane = threadIdx.x % 32;
    float logit[Per], score[Per], rank[Per];
    float top = -INFINITY;
#pragma unroll
    for (int j = 0; j < Per; ++j) {
        const int e = lane * Per + j;
        logit[j] = e < r.experts ? __ldcg(logits + e) : -INFINITY;
        top = fmaxf(top, logit[j]);
    }
    top = warp_max(top);
    float all = 0;
#pragma unroll
    for (int j = 0; j < Per; ++j) all += expf(logit[j] - top);  // 0 past the last
    all = warp_sum(all);
#pragma unroll
    for (int j = 0; j < Per; ++j) {
        const int e = lane * Per + j;
        score[j] = r.gating == 0   ? expf(logit[j] - top) / all
                   : r.gating == 1 ? 1.0f / (1.0f + expf(-logit[j]))
                                   : logit[j];
        rank[j] = e < r.experts ? score[j] + (r.selection_bias ? __ldg(r.selection_bias + e) : 0) : -INFINITY;
    }
    if (r.groups_used < r.groups) {
        const int size = r.experts / r.groups;
#pragma unroll
        for (int j = 0; j < Per; ++j) members[lane * Per + j] = rank[j];
        __syncwarp();
        float sum = -INFINITY;
        if (lane < r.groups) {
            sum = 0;
            float last = INFINITY;
            int last_at = -1;
            for (int n = 0; n < min(r.group_best, size);
                 ++n) {  // the next best: below the last, or beside it
                float best = -INFINITY;
                int best_at = size;
                for (int i = 0; i < size; ++i) {
                    const float v = members[lane * size + i];
                    if ((v < last || (v == last && i > last_at)) && (v > best || best_at == size)) {
                        best = v;
                        best_at = i;
                    }
                }
                sum += best;
                last = best;
                last_at = best_at;
            }
        }
        int better = 0;
        for (int g = 0; g < r.groups; ++g) {
            const float other = __shfl_sync(0xffffffffu, sum, g);
            better += other > sum || (other == sum && g < lane);
        }
        const unsigned kept = __ballot_sync(0xffffffffu, lane < r.groups && better < r.groups_used);
#pragma unroll
        for (int j = 0; j < Per; ++j) {
            const int e = lane * Per + j;
            if (e < r.experts && !(kept >> (e / size) & 1)) rank[j] = -INFINITY;
        }
    }
    unsigned key[Per];
#pragma unroll
    for (int j = 0; j < Per; ++j) key[j] = lane * Per + j < r.experts ? order_of(rank[j]) : 0;
    int own_id = -1;
    float own_score = 0, own_logit = -INFINITY;
    for (int k = 0; k < r.used; ++k) {
        unsigned best = 0;
        int at = 0;
        float best_score = 0, best_logit = 0;
#pragma unroll
        for (int j = 0; j < Per; ++j)
            if (key[j] > best) {
                best = key[j];
                at = j;
                best_score = score[j];
                best_logit = logit[j];
            }
        const unsigned highest = __reduce_max_sync(0xffffffffu, best);
        const int winner = __ffs(__ballot_sync(0xffffffffu, best == highest)) - 1;
        const int id = __shfl_sync(0xffffffffu, lane * Per + at, winner);
        const float chosen_score = __shfl_sync(0xffffffffu, best_score, winner),
                    chosen_logit = __shfl_sync(0xffffffffu, best_logit, winner);
        if (lane == k) {
            own_id = id;
            own_score = chosen_score;
            own_logit = chosen_logit;
        }
        if (lane == winner)
#pragma unroll
            for (int j = 0; j < Per; ++j)
                if (j == at) key[j] = 0;
    }
    weigh_chosen(r, own_id, own_score, own_logit, top, all, ids, weights);
}

/// Warps share out the experts of a block; x of its rows lies normed in shared memory.
template <int Per>
__global__ void __launch_bounds__(kRouteThreads) route_kernel(const __grid_constant__ RouteArguments p) {
    let_next_start();
    extern __shared__ __align__(16) float normed[];  // [kManyRows, columns]
    __shared__ float members[kRouteWarps][32 * Per];
    __shared__ bool last;
    const RouterView& r = p.router;
    const int warp = threadIdx.x / 32, lane = threadIdx.x % 32, all = r.experts + (r.shared_gate ? 1 : 0);
    const int row0 = blockIdx.y * kManyRows, rows = min(kManyRows, p.rows - row0);
    wait_for_inputs();
    for (int i = 0; i < rows; ++i) {
        const float* x = p.x + static_cast<long long>(row0 + i) * p.columns;
        float* to = normed + i * p.columns;
        float sum = 0, squares = 0, mean = 0, factor = 1;
        for (int c = threadIdx.x; c < p.columns; c += kRouteThreads) {
            const float v = __ldcg(x + c);
            to[c] = v;
            sum += v;
        }
        if (p.norm.weight) {
            if (p.norm.layer) mean = block_sum(sum) / static_cast<float>(p.columns);
            for (int c = threadIdx.x; c < p.columns; c += kRouteThreads)
                squares += (to[c] - mean) * (to[c] - mean);
            factor = rsqrtf(block_sum(squares) / static_cast<float>(p.columns) + p.norm.eps);
            for (int c = threadIdx.x; c < p.columns; c += kRouteThreads)
                to[c] = (to[c] - mean) * factor * __ldg(p.norm.weight + c) +
                        (p.norm.bias ? __ldg(p.norm.bias + c) : 0);
        }
        if (blockIdx.x == 0)  // each thread its own values
            for (int c = threadIdx.x; c < (p.columns + 31) / 32 * 32; c += kRouteThreads)
                hand_on(p.out, row0 + i, p.columns, c, c < p.columns ? to[c] : 0);
    }
    __syncthreads();
    const int first = blockIdx.x * kManyExperts, end = min(all, first + kManyExperts);
    for (int e = first + warp; e < end; e += kRouteWarps) {
        const float* from = e < r.experts ? r.scores + static_cast<long long>(e) * p.columns : r.shared_gate;
        float sum[kManyRows] = {};
        if (p.columns % 4 == 0) {
            for (int c = lane; c < p.columns / 4; c += 32) {
                const float4 w = __ldg(reinterpret_cast<const float4*>(from) + c);
#pragma unroll
                for (int i = 0; i < kManyRows; ++i) {
                    const float4 x =
                        reinterpret_cast<const float4*>(normed + (i < rows ? i : 0) * p.columns)[c];
                    sum[i] += w.x * x.x + w.y * x.y + w.z * x.z + w.w * x.w;
                }
            }
        } else {
            for (int c = lane; c < p.columns; c += 32)
#pragma unroll
                for (int i = 0; i < kManyRows; ++i)
                    sum[i] += from[c] * normed[(i < rows ? i : 0) * p.columns + c];
        }
#pragma unroll
        for (int i = 0; i < kManyRows; ++i) {
            const float total = warp_sum(sum[i]);
            if (lane == 0 && i < rows)
                p.logits[static_cast<long long>(row0 + i) * (r.experts + 1) + e] =
                    total + (e < r.experts && r.scores_bias ? r.scores_bias[e] : 0);
        }
    }
    __threadfence();
    __syncthreads();
    if (threadIdx.x == 0) last = atomicAdd(p.arrivals + blockIdx.y, 1) == static_cast<int>(gridDim.x) - 1;
    __syncthreads();
    if (!last) return;
    if (threadIdx.x == 0) p.arrivals[blockIdx.y] = 0;
    __threadfence();
    for (int i = warp; i < rows; i += kRouteWarps) {
        const long long row = row0 + i;
        const float* logits = p.logits + row * (r.experts + 1);
        choose_experts<Per>(r, logits, members[warp], p.chosen.ids + row * r.used,
                            p.chosen.weights + row * r.used);
        if (lane == 0)
            p.chosen.shared[row] = r.shared_gate ? 1.0f / (1.0f + expf(-__ldcg(logits + r.experts))) : 1.0f;
    }
}

template <int Per>
void go(cudaStream_t stream, const RouteArguments& p) {
    const int all = p.router.experts + (p.router.shared_gate ? 1 : 0);
    const int shared = kManyRows * p.columns * static_cast<int>(sizeof(float));
    if (shared > 48 << 10)
        cudaFuncSetAttribute(route_kernel<Per>, cudaFuncAttributeMaxDynamicSharedMemorySize, shared);
    launch_with(stream, dim3((all + kManyExperts - 1) / kManyExperts, (p.rows + kManyRows - 1) / kManyRows),
                dim3(kRouteThreads), static_cast<std::size_t>(shared), route_kernel<Per>, p);
}

}  // namespace

void route(cudaStream_t stream, const float* x, int columns, int rows, const NormView& norm,
           const RouterView& router, float* logits, int* arrivals, const Chosen& chosen, const NormOut& out) {
    const RouteArguments p{router, norm, out, chosen, x, logits, arrivals, columns, rows};
    if (rows <= kGemvRows && !norm.layer && !norm.bias && columns % 4 == 0)
        route_few(stream, p);
    else if (router.experts <= 128)
        go<4>(stream, p);
    else if (router.experts <= 256)
        go<8>(stream, p);
    else
        go<kMostExperts / 32>(stream, p);
}

}  // namespace pellucid::cuda
