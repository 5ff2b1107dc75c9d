// Attention of single new tokens: the query heads of a KV head are the rows of one 16-row tile, so that keys
// and values are read once for all of them. A block: one KV head, row and split of the sequence.
#include <algorithm>

#include "gpu/cuda/kernels.h"
#include "gpu/cuda/tile.cuh"

namespace pellucid::cuda {
namespace {

inline constexpr int kKeys = 32;  ///< a warp takes at a time
inline constexpr int kPackedWarps = 4, kMostHeads = 16;
inline constexpr int kThreads = 32 * kPackedWarps;

template <int Dim>
struct PackedShared {
    __half values[kPackedWarps][kKeys][Dim + 8];  ///< once for each stage
    static constexpr std::size_t bytes(int stages) { return sizeof(PackedShared) * stages; }
};

/// One warp: head norm and rope over v [Dim] in shared memory. angle: cosine and sine of pairs lane,
/// lane + 32 …
template <int Dim>
__device__ __forceinline__ void turn(float* v, const NormView& norm, const RopeView& rope,
                                     const float2 (&angle)[(Dim + 63) / 64]) {
    const int lane = threadIdx.x % 32;
    if (norm.weight) {
        float mean = 0, squares = 0;
        if (norm.layer) {
            for (int i = lane; i < Dim; i += 32) mean += v[i];
            mean = warp_sum(mean) / static_cast<float>(Dim);
        }
        for (int i = lane; i < Dim; i += 32) squares += (v[i] - mean) * (v[i] - mean);
        const float factor = rsqrtf(warp_sum(squares) / static_cast<float>(Dim) + norm.eps);
        for (int i = lane; i < Dim; i += 32)
            v[i] = (v[i] - mean) * factor * norm.weight[i] + (norm.bias ? norm.bias[i] : 0);
        __syncwarp();
    }
#pragma unroll
    for (int k = 0; k < (Dim + 63) / 64; ++k) {
        const int i = lane + 32 * k;
        if (i >= rope.pairs) break;
        const int a = rope.adjacent ? 2 * i : i, b = rope.adjacent ? 2 * i + 1 : i + rope.pairs;
        const float x = v[a], y = v[b];
        v[a] = x * angle[k].x - y * angle[k].y;
        v[b] = x * angle[k].y + y * angle[k].x;
    }
    __syncwarp();
}

/// Fresh: job.wide is as the projections left it; this kernel norms and turns the heads, and the block of the
/// newest position stores its key and value and takes them from shared memory itself. Keys come straight into
/// registers: which dimension meets which does not matter to a sum, so each lane takes 16 neighbouring bytes.
///
/// A fresh launch has a block for every processor, so that it takes the same room on each and the kernels
/// behind it spread evenly; blocks without work leave when their inputs are there. Its code is kept short: it
/// comes to each layer cold. Numbers of other kernels are read from L2.
template <int Dim, bool Fresh>
__global__ void __launch_bounds__(kPackedWarps * 32)
    packed_kernel(const __grid_constant__ AttentionJob job, StepView step, int row_count, NormOut out) {
    let_next_start();
    extern __shared__ __align__(16) unsigned char memory[];
    auto* stages = reinterpret_cast<PackedShared<Dim>*>(memory);
    auto* parts = reinterpret_cast<float(*)[kMostHeads][Dim + 8]>(memory);  // after the last tile, [warp]
    __shared__ __align__(16) float tops[kMostHeads][kPackedWarps], totals[kMostHeads][kPackedWarps];
    __shared__ __align__(16) __half queries[Fresh ? kMostHeads + 2 : 1][Dim + 8];  // the key and value follow
    __shared__ __align__(16) float heads_now[Fresh ? kMostHeads + 2 : 1][Dim];

    const int kv_heads = job.kv.kv_heads, per_kv = job.heads / kv_heads;
    const int kv_head = static_cast<int>(blockIdx.x) % kv_heads,
              row = static_cast<int>(blockIdx.x) / kv_heads % row_count,
              split = static_cast<int>(blockIdx.x) / kv_heads / row_count, head0 = kv_head * per_kv;
    if (split >= job.splits) {
        wait_for_inputs();
        return;
    }
    const int warp = threadIdx.x / 32, lane = threadIdx.x % 32, g = lane / 4, t = lane % 4;
    const int position = step.positions[row];
    const int oldest = job.window > 0 ? max(0, position - job.window + 1) : 0;
    const int chunk0 = oldest / kKeys, newest = position / kKeys, newest_key = position % kKeys;
    const int share = (newest + 1 - chunk0 + job.splits - 1) / job.splits;
    const int begin = chunk0 + split * share, end = min(newest + 1, begin + share);
    const int* table = step.tables + static_cast<long long>(step.sequences[row]) * step.table_width;
    const float* wide = job.wide + row * job.stride;
    const auto place = [&](int at) {  // of a position's vector, in keys and in values
        return ((static_cast<long long>(table[at / step.page_tokens]) * kv_heads + kv_head) *
                    step.page_tokens +
                at % step.page_tokens) *
               Dim;
    };

    uint4 keys[kKeys / 8][Dim / 32];
    const auto fetch = [&](int chunk, int stage) {
        const long long at = place(chunk * kKeys);
        const __half* from_keys = static_cast<const __half*>(job.kv.keys) + at;
        const __half* from_values = static_cast<const __half*>(job.kv.values) + at;
#pragma unroll
        for (int n = 0; n < kKeys / 8; ++n)
#pragma unroll
            for (int c = 0; c < Dim / 32; ++c)
                keys[n][c] = *reinterpret_cast<const uint4*>(from_keys + (8 * n + g) * Dim + 32 * c + 8 * t);
        const int missing = Fresh && chunk == newest ? newest_key : kKeys;  // not there yet
#pragma unroll
        for (int i = 0; i < kKeys * Dim / 8 / 32; ++i) {
            const int piece = i * 32 + lane, key = piece / (Dim / 8), column = piece % (Dim / 8) * 8;
            if (key != missing)
                copy16(&stages[stage].values[warp][key][column], from_values + key * Dim + column);
        }
    };
    const int mine = begin + warp;  // this warp's first chunk
    if constexpr (!Fresh) wait_for_inputs();
    if (mine < end) fetch(mine, 0);
    asm volatile("cp.async.commit_group;" ::: "memory");
    if constexpr (Fresh) {
        const int tasks = per_kv + (begin <= newest && newest < end ? 2 : 0);  // queries, then key, value
        constexpr int kFours = Dim / 4, kLoads = ((kMostHeads + 2) * kFours + kThreads - 1) / kThreads;
        wait_for_inputs();
        float4 raw[kLoads];
#pragma unroll
        for (int k = 0; k < kLoads; ++k) {
            const int task = (static_cast<int>(threadIdx.x) + k * kThreads) / kFours;
            const int head = task < per_kv ? head0 + task : job.heads + kv_head + (task - per_kv) * kv_heads;
            if (task < tasks)
                raw[k] = __ldcg(reinterpret_cast<const float4*>(wide + head * Dim) +
                                (threadIdx.x + k * kThreads) % kFours);
        }
        float2 angle[(Dim + 63) / 64];
#pragma unroll
        for (int k = 0; k < (Dim + 63) / 64; ++k) {
            const int i = lane + 32 * k;
            const auto* angles = reinterpret_cast<const float2*>(job.rope.angles) +
                                 static_cast<long long>(row) * job.rope.pairs;
            angle[k] = i < job.rope.pairs ? __ldcg(angles + i) : float2{0, 0};
        }
#pragma unroll
        for (int k = 0; k < kLoads; ++k) {
            const int i = static_cast<int>(threadIdx.x) + k * kThreads;
            if (i / kFours < tasks) reinterpret_cast<float4*>(heads_now)[i] = raw[k];
        }
        __syncthreads();
#pragma unroll 1
        for (int task = warp; task < tasks; task += kPackedWarps) {
            float* v = heads_now[task];
            if (task <= per_kv) turn<Dim>(v, task < per_kv ? job.q_norm : job.k_norm, job.rope, angle);
            __half* to = queries[task < per_kv ? task : kMostHeads + task - per_kv];
            const float scale = task < per_kv ? job.scale : 1;
            __half* stored = nullptr;
            if (task >= per_kv)
                stored = static_cast<__half*>(task == per_kv ? job.kv.keys : job.kv.values) + place(position);
#pragma unroll
            for (int j = 0; j < Dim / 32; ++j) {
                const __half half = to_half(v[lane + 32 * j] * scale);
                to[lane + 32 * j] = half;
                if (stored) stored[lane + 32 * j] = half;
            }
        }
        __syncthreads();
    }
    unsigned q[Dim / 16][4];
#pragma unroll
    for (int c = 0; c < Dim / 32; ++c)
#pragma unroll
        for (int half = 0; half < 2; ++half)
#pragma unroll
            for (int upper = 0; upper < 2; ++upper) {
                const int at = 32 * c + 8 * t + 4 * half, head = g + 8 * upper;
                unsigned low = 0, high = 0;
                if constexpr (Fresh) {
                    if (head < per_kv) {
                        low = *reinterpret_cast<const unsigned*>(&queries[head][at]);
                        high = *reinterpret_cast<const unsigned*>(&queries[head][at + 2]);
                    }
                } else if (head < per_kv) {
                    const float4 v = *reinterpret_cast<const float4*>(wide + (head0 + head) * Dim + at);
                    low = packed(v.x * job.scale, v.y * job.scale);
                    high = packed(v.z * job.scale, v.w * job.scale);
                }
                q[2 * c + half][upper] = low;
                q[2 * c + half][2 + upper] = high;
            }
    TileSums<Dim, kKeys> sums;
    int stage = 0;
#pragma unroll 1
    for (int chunk = mine; chunk < end; chunk += kPackedWarps) {
        const bool fresh = Fresh && chunk == newest;
        if (fresh)
#pragma unroll
            for (int n = 0; n < kKeys / 8; ++n)
                if (8 * n + g == newest_key)
#pragma unroll
                    for (int c = 0; c < Dim / 32; ++c)
                        keys[n][c] =
                            *reinterpret_cast<const uint4*>(&queries[Fresh ? kMostHeads : 0][32 * c + 8 * t]);
        float score[kKeys / 8][4] = {};
#pragma unroll
        for (int c = 0; c < Dim / 32; ++c) {  // neighbours in time belong to different sums
#pragma unroll
            for (int n = 0; n < kKeys / 8; ++n) multiply(score[n], q[2 * c], keys[n][c].x, keys[n][c].y);
#pragma unroll
            for (int n = 0; n < kKeys / 8; ++n) multiply(score[n], q[2 * c + 1], keys[n][c].z, keys[n][c].w);
        }
        __syncwarp();  // the other stage was read to its end
        if (chunk + kPackedWarps < end) fetch(chunk + kPackedWarps, stage ^ 1);
        asm volatile("cp.async.commit_group;" ::: "memory");
        sums.absorb(score, job.soft_cap, [&](int, int n) {
            const int key = chunk * kKeys + n;
            return key > position || key < oldest;
        });
        asm volatile("cp.async.wait_group 1;" ::: "memory");
        if (fresh)
#pragma unroll
            for (int j = 0; j < Dim / 32; ++j)
                stages[stage].values[warp][newest_key][lane + 32 * j] =
                    queries[Fresh ? kMostHeads + 1 : 0][lane + 32 * j];
        __syncwarp();
        sums.add(score, stages[stage].values[warp]);
        stage ^= 1;
    }
    sums.finish();
    // The warps' parts become one, in their order, so that a run repeats bit for bit.
    if (t == 0) {
        tops[g][warp] = sums.best[0];
        tops[g + 8][warp] = sums.best[1];
    }
    __syncthreads();
#pragma unroll
    for (int i = 0; i < 2; ++i) {
        const int head = g + 8 * i;
        const float4 of = *reinterpret_cast<const float4*>(tops[head]);
        const float top = fmaxf(fmaxf(of.x, of.y), fmaxf(of.z, of.w));
        const float shrink = sums.best[i] == -INFINITY ? 0 : __expf(sums.best[i] - top);
        if (head < per_kv)
#pragma unroll
            for (int n = 0; n < Dim / 8; ++n)
                *reinterpret_cast<float2*>(&parts[warp][head][8 * n + 2 * t]) = {
                    sums.sum[n][2 * i] * shrink, sums.sum[n][2 * i + 1] * shrink};
        if (t == 0) totals[head][warp] = sums.total[i] * shrink;
    }
    __syncthreads();
    static_assert(kPackedWarps == 4 && kThreads >= Dim);
    // Of the head's parts: the largest score, and what the sums are divided by.
    const auto top_of = [&](int h) {
        const float4 best = *reinterpret_cast<const float4*>(tops[h]);
        return fmaxf(fmaxf(best.x, best.y), fmaxf(best.z, best.w));
    };
    const auto total_of = [&](int h) {
        const float4 of = *reinterpret_cast<const float4*>(totals[h]);
        float total = of.x + of.y + of.z + of.w;
        if (job.sinks && job.splits == 1)  // else where the splits become one
            total += __expf(__ldg(job.sinks + head0 + h) - top_of(h));
        return total;
    };
    const auto part_at = [&](int h) {
        return job.partial +
               ((static_cast<long long>(row) * job.heads + head0 + h) * job.splits + split) * (Dim + 2);
    };
    if (out.q8.low && job.splits == 1) {
#pragma unroll 1
        for (int h = 0; h < per_kv; ++h) {
            const int i = threadIdx.x;
            if (i >= Dim) break;
            const float sum = (parts[0][h][i] + parts[1][h][i]) + (parts[2][h][i] + parts[3][h][i]);
            store_q8(out.q8, row, ((head0 + h) * Dim + i) / kGroup, __fdividef(sum, total_of(h)));
        }
    }
#pragma unroll 1
    for (int k = threadIdx.x; k < per_kv * (Dim / 4); k += kThreads) {
        const int h = k / (Dim / 4), i = k % (Dim / 4) * 4;
        const auto of = [&](int w) { return *reinterpret_cast<const float4*>(&parts[w][h][i]); };
        const float4 a = of(0), b = of(1), c = of(2), d = of(3);
        const float4 sum = {(a.x + b.x) + (c.x + d.x), (a.y + b.y) + (c.y + d.y), (a.z + b.z) + (c.z + d.z),
                            (a.w + b.w) + (c.w + d.w)};
        const float total = total_of(h);
        if (job.splits > 1) {
            float* to = part_at(h);
            *reinterpret_cast<float2*>(to + 2 + i) = {sum.x, sum.y};
            *reinterpret_cast<float2*>(to + 4 + i) = {sum.z, sum.w};
            if (i == 0) *reinterpret_cast<float2*>(to) = {top_of(h), total};
            continue;
        }
        const float4 value = {__fdividef(sum.x, total), __fdividef(sum.y, total), __fdividef(sum.z, total),
                              __fdividef(sum.w, total)};
        const long long at = static_cast<long long>(row) * job.heads * Dim + (head0 + h) * Dim + i;
        if (out.values) *reinterpret_cast<float4*>(out.values + at) = value;
        if (out.halves) {  // turned: the middle two change places
            const float first = out.turned ? value.z : value.y, then = out.turned ? value.y : value.z;
            const __align__(8)
                __half four[4] = {to_half(value.x), to_half(first), to_half(then), to_half(value.w)};
            *reinterpret_cast<uint2*>(static_cast<__half*>(out.halves) + at) =
                *reinterpret_cast<const uint2*>(four);
        }
    }
}

template <int Dim, bool Fresh>
void launch_packed(cudaStream_t stream, const AttentionJob& job, const StepView& step, int rows,
                   const NormOut& out) {
    static_assert(sizeof(PackedShared<Dim>) >= kPackedWarps * kMostHeads * (Dim + 8) * sizeof(float));
    const std::size_t shared = PackedShared<Dim>::bytes(2);
    cudaFuncSetAttribute(packed_kernel<Dim, Fresh>, cudaFuncAttributeMaxDynamicSharedMemorySize,
                         static_cast<int>(shared));
    int device = 0, processors = 0;
    cudaGetDevice(&device);
    cudaDeviceGetAttribute(&processors, cudaDevAttrMultiProcessorCount, device);
    const int blocks = job.kv.kv_heads * rows * job.splits;
    // A second stage only where a warp may have a second chunk.
    launch_with(stream, dim3(Fresh ? std::max(blocks, processors) : blocks), dim3(kPackedWarps * 32),
                PackedShared<Dim>::bytes(job.one_chunk ? 1 : 2), packed_kernel<Dim, Fresh>, job, step, rows,
                out);
}

}  // namespace

bool packed_serves(const AttentionJob& job, const StepView& step) {
    const int dim = job.kv.head_dim;
    return step.page_tokens % kKeys == 0 && job.heads / job.kv.kv_heads <= kMostHeads &&
           (dim == 32 || dim == 64 || dim == 128);
}

int packed_chunk() {
    return kKeys * kPackedWarps;
}

void packed_attention(cudaStream_t stream, const AttentionJob& job, const StepView& step, int rows,
                      const NormOut& out) {
    const auto go = [&]<int Dim>() {
        if (job.fresh)
            launch_packed<Dim, true>(stream, job, step, rows, out);
        else
            launch_packed<Dim, false>(stream, job, step, rows, out);
    };
    if (job.kv.head_dim == 128)
        go.template operator()<128>();
    else if (job.kv.head_dim == 64)
        go.template operator()<64>();
    else
        go.template operator()<32>();
}

}  // namespace pellucid::cuda
