// Scores of the experts and who is chosen, for few rows: a cluster of blocks takes a row, each warp some
// experts, whose weights it has asked for before the row is there. Scores meet in the first block's shared
// memory.
#include <cooperative_groups.h>

#include "gpu/cuda/route.cuh"
#include "gpu/cuda/row.cuh"

namespace pellucid::cuda {
namespace {

inline constexpr int kFewBlocks = 8, kFewThreads = 512, kFewWarps = kFewThreads / 32;
inline constexpr int kHeldFours = 16;  ///< of a row of scores, a lane

struct FewShared {
    float logits[kMostExperts + 1];
    alignas(16) unsigned keys[kMostExperts];
    float parts[kFewWarps];
    float sums[kMostExpertGroups];
    int ids[kMostUsed];
    float scores[kMostUsed], chosen_logits[kMostUsed];
};

/// The best of each group of experts, summed; only the best groups keep their keys.
__device__ void keep_groups(const RouterView& r, FewShared& s) {
    const int warp = threadIdx.x / 32, lane = threadIdx.x % 32, size = r.experts / r.groups;
    const auto rank_of = [](unsigned key) {
        return __uint_as_float(key & 0x80000000u ? key & 0x7fffffffu : ~key);
    };
    for (int g = warp; g < r.groups; g += kFewWarps) {
        float sum = 0;
        unsigned last = 0xffffffffu;
        int last_at = -1;
        for (int n = 0; n < min(r.group_best, size); ++n) {  // the next best: below the last, or behind it
            unsigned best = 0;
            int at = size;
            for (int i = lane; i < size; i += 32) {
                const unsigned key = s.keys[g * size + i];
                if ((key < last || (key == last && i > last_at)) && key > best) {
                    best = key;
                    at = i;
                }
            }
            last = __reduce_max_sync(0xffffffffu, best);
            last_at = __reduce_min_sync(0xffffffffu, best == last ? at : size);
            sum += rank_of(last);
        }
        if (lane == 0) s.sums[g] = sum;
    }
    __syncthreads();
    for (int e = threadIdx.x; e < r.experts; e += kFewThreads) {
        const float own = s.sums[e / size];
        int better = 0;
        for (int g = 0; g < r.groups; ++g) better += s.sums[g] > own || (s.sums[g] == own && g < e / size);
        if (better >= r.groups_used) s.keys[e] = 0;
    }
    __syncthreads();
}

/// The whole block chooses: an expert's place is the number of those before it.
__device__ void choose(const RouterView& r, FewShared& s, int* ids, float* weights) {
    const int lane = threadIdx.x % 32;
    float top = -INFINITY, all = 0;  // every warp by itself
    for (int e = lane; e < r.experts; e += 32) top = fmaxf(top, s.logits[e]);
    top = warp_max(top);
    // Of every softmax but the chosen ones' own, which its sum drops out of.
    const bool whole = r.threshold > 0 || (r.gating == 0 && (!r.renormalise || r.selection_bias));
    if (whole) {
        for (int e = lane; e < r.experts; e += 32) all += expf(s.logits[e] - top);
        all = warp_sum(all);
    } else {
        all = 1;
    }
    const auto score_of = [&](float logit) {
        return r.gating == 0 ? expf(logit - top) / all : r.gating == 1 ? 1.0f / (1.0f + expf(-logit)) : logit;
    };
    const int padded = (r.experts + 3) / 4 * 4;
    for (int e = threadIdx.x; e < padded; e += kFewThreads)
        s.keys[e] = e < r.experts
                        ? order_of(r.selection_bias ? score_of(s.logits[e]) + __ldg(r.selection_bias + e)
                                   : r.groups > 1   ? score_of(s.logits[e])
                                                    : s.logits[e])
                        : 0;
    __syncthreads();
    if (r.groups_used < r.groups) keep_groups(r, s);
    for (int e = threadIdx.x; e < r.experts; e += kFewThreads) {
        const unsigned own = s.keys[e];
        if (own == 0) continue;
        const uint4* keys = reinterpret_cast<const uint4*>(s.keys);
        int before = 0;
#pragma unroll 8
        for (int i = 0; i < padded / 4; ++i) {
            const uint4 k = keys[i];
            before +=
                (k.x > own || (k.x == own && 4 * i < e)) + (k.y > own || (k.y == own && 4 * i + 1 < e)) +
                (k.z > own || (k.z == own && 4 * i + 2 < e)) + (k.w > own || (k.w == own && 4 * i + 3 < e));
        }
        if (before < r.used) {
            s.ids[before] = e;
            s.chosen_logits[before] = s.logits[e];
            s.scores[before] = score_of(s.logits[e]);
        }
    }
    __syncthreads();
    if (threadIdx.x >= 32) return;
    const bool own = lane < r.used;
    weigh_chosen(r, own ? s.ids[lane] : -1, own ? s.scores[lane] : 0, own ? s.chosen_logits[lane] : -INFINITY,
                 top, all, ids, weights);
}

__global__ void __cluster_dims__(kFewBlocks, 1, 1) __launch_bounds__(kFewThreads, 1)
    route_few_kernel(const __grid_constant__ RouteArguments p) {
    let_next_start();
    extern __shared__ __align__(16) float values[];  // x times the norm's weights [columns]
    __shared__ __align__(16) FewShared s;
    const auto cluster = cooperative_groups::this_cluster();
    cluster.barrier_arrive();  // the first block's memory may be written once it has started
    const int block = static_cast<int>(cluster.block_rank()), row = blockIdx.y;
    const int warp = threadIdx.x / 32, lane = threadIdx.x % 32, fours = p.columns / 4;
    const RouterView& r = p.router;
    const int all = r.experts + (r.shared_gate ? 1 : 0), own = block * kFewWarps + warp;
    const auto weights_of = [&](int e) {
        return reinterpret_cast<const float4*>(
            e < r.experts ? r.scores + static_cast<long long>(e) * p.columns : r.shared_gate);
    };
    float4 held[kHeldFours];
    if (own < all) {
        const float4* from = weights_of(own);
#pragma unroll
        for (int k = 0; k < kHeldFours; ++k)
            if (lane + 32 * k < fours) held[k] = __ldg(from + lane + 32 * k);
    }
    wait_for_inputs();
    const float4* x = reinterpret_cast<const float4*>(p.x + static_cast<long long>(row) * p.columns);
    float squares = 0;
    for (int i = threadIdx.x; i < fours; i += kFewThreads) {
        float4 v = __ldcg(x + i);
        squares += v.x * v.x + v.y * v.y + v.z * v.z + v.w * v.w;
        if (p.norm.weight) {
            const float4 w = __ldg(reinterpret_cast<const float4*>(p.norm.weight) + i);
            v = {v.x * w.x, v.y * w.y, v.z * w.z, v.w * w.w};
        }
        reinterpret_cast<float4*>(values)[i] = v;
    }
    squares = warp_sum(squares);
    if (lane == 0) s.parts[warp] = squares;
    __syncthreads();
    float factor = 1;
    if (p.norm.weight) {
        float total = 0;
#pragma unroll
        for (int w = 0; w < kFewWarps; ++w) total += s.parts[w];
        factor = rsqrtf(total / static_cast<float>(p.columns) + p.norm.eps);
    }
    cluster.barrier_wait();
    float* const logits = cluster.map_shared_rank(s.logits, 0);
    const float4* mine = reinterpret_cast<const float4*>(values);
    for (int e = own; e < all; e += kFewBlocks * kFewWarps) {
        float sum[4] = {};
        const auto add = [&](int k, float4 w, float4 v) {
            sum[k] += w.x * v.x + w.y * v.y + w.z * v.z + w.w * v.w;
        };
        int c = lane;
        if (e == own) {
#pragma unroll
            for (int k = 0; k < kHeldFours; ++k)
                if (lane + 32 * k < fours) add(k % 4, held[k], mine[lane + 32 * k]);
            c += 32 * kHeldFours;
        }
        const float4* from = weights_of(e);
#pragma unroll 4
        for (; c < fours; c += 32) add(0, __ldg(from + c), mine[c]);
        const float total = warp_sum((sum[0] + sum[1]) + (sum[2] + sum[3]));
        if (lane == 0)
            logits[e] = total * factor + (e < r.experts && r.scores_bias ? __ldg(r.scores_bias + e) : 0);
    }
    cluster.barrier_arrive();
    for (int i = own * 32 + lane; i < (p.columns + 31) / 32 * 32; i += kFewBlocks * kFewThreads)
        hand_on(p.out, row, p.columns, i,
                i < p.columns ? values[i] * factor + (p.norm.bias ? p.norm.bias[i] : 0) : 0);
    cluster.barrier_wait();
    if (block != 0) return;
    choose(r, s, p.chosen.ids + static_cast<long long>(row) * r.used,
           p.chosen.weights + static_cast<long long>(row) * r.used);
    if (threadIdx.x == 0)
        p.chosen.shared[row] = r.shared_gate ? 1.0f / (1.0f + expf(-s.logits[r.experts])) : 1.0f;
}

}  // namespace

void route_few(cudaStream_t stream, const RouteArguments& p) {
    const std::size_t shared = static_cast<std::size_t>(p.columns) * sizeof(float);
    if (shared > 32 << 10)
        cudaFuncSetAttribute(route_few_kernel, cudaFuncAttributeMaxDynamicSharedMemorySize,
                             static_cast<int>(shared));
    launch_with(stream, dim3(kFewBlocks, p.rows), dim3(kFewThreads), shared, route_few_kernel, p);
}

}  // namespace pellucid::cuda
