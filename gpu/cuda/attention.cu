// Head norms, rope and the KV store; attention over pages of f16, split along the sequence.
#include "gpu/cuda/batch.h"
#include "gpu/cuda/device.cuh"
#include "gpu/cuda/kernels.h"

namespace pellucid::cuda {
namespace {

__device__ long long kv_offset(const KvView& kv, const StepView& step, int row, int position, int head) {
    const int page = step.tables[static_cast<long long>(step.sequences[row]) * step.table_width +
                                 position / step.page_tokens];
    return ((static_cast<long long>(page) * kv.kv_heads + head) * step.page_tokens +
            position % step.page_tokens) *
           kv.head_dim;
}

/// One warp a head: queries, then keys, then values.
__global__ void place_kernel(float* wide, int heads, KvView kv, NormView q_norm, NormView k_norm,
                             RopeView rope, StepView step) {
    let_next_start();
    wait_for_inputs();
    const int row = blockIdx.y, lane = threadIdx.x % 32;
    const int head = blockIdx.x * (blockDim.x / 32) + threadIdx.x / 32;
    if (head >= heads + 2 * kv.kv_heads) return;
    const int width = kv.head_dim;
    float* v = wide + (static_cast<long long>(row) * (heads + 2 * kv.kv_heads) + head) * width;
    if (head < heads + kv.kv_heads) {
        const NormView& norm = head < heads ? q_norm : k_norm;
        if (norm.weight) {
            float mean = 0, squares = 0;
            if (norm.layer) {
                for (int i = lane; i < width; i += 32) mean += v[i];
                mean = warp_sum(mean) / static_cast<float>(width);
            }
            for (int i = lane; i < width; i += 32) squares += (v[i] - mean) * (v[i] - mean);
            const float factor = rsqrtf(warp_sum(squares) / static_cast<float>(width) + norm.eps);
            for (int i = lane; i < width; i += 32)
                v[i] = (v[i] - mean) * factor * norm.weight[i] + (norm.bias ? norm.bias[i] : 0);
            __syncwarp();
        }
        const float* angles = rope.angles + 2 * static_cast<long long>(row) * rope.pairs;
        for (int i = lane; i < rope.pairs; i += 32) {
            const int a = rope.adjacent ? 2 * i : i, b = rope.adjacent ? 2 * i + 1 : i + rope.pairs;
            const float c = angles[2 * i], s = angles[2 * i + 1], x = v[a], y = v[b];
            v[a] = x * c - y * s;
            v[b] = x * s + y * c;
        }
        __syncwarp();
    }
    if (head < heads) return;
    const bool value = head >= heads + kv.kv_heads;
    const int kv_head = head - heads - (value ? kv.kv_heads : 0);
    __half* to = static_cast<__half*>(value ? kv.values : kv.keys) +
                 kv_offset(kv, step, row, step.positions[row], kv_head);
    for (int i = lane; i < width; i += 32) to[i] = to_half(v[i]);
}

template <int N>
__device__ __forceinline__ void load_halves(const __half* from, int count, bool whole, float (&to)[N]) {
    if constexpr (N == 2 || N == 4 || N == 8) {
        if (whole) {
            __align__(16) __half raw[N];
            if constexpr (N == 8)
                *reinterpret_cast<uint4*>(raw) = *reinterpret_cast<const uint4*>(from);
            else if constexpr (N == 4)
                *reinterpret_cast<uint2*>(raw) = *reinterpret_cast<const uint2*>(from);
            else
                *reinterpret_cast<unsigned*>(raw) = *reinterpret_cast<const unsigned*>(from);
#pragma unroll
            for (int i = 0; i < N; ++i) to[i] = __half2float(raw[i]);
            return;
        }
    }
#pragma unroll
    for (int i = 0; i < N; ++i) to[i] = i < count ? __half2float(from[i]) : 0;
}

inline constexpr int kWarps = 8, kBatch = 4;

/// A block: one row, one KV head, up to Heads of its query heads, one split. Warps take batches of positions
/// in turn; a lane holds Each neighbouring dimensions.
template <int Each, int Heads>
__global__ void __launch_bounds__(kWarps * 32) attention_kernel(AttentionJob job, StepView step) {
    let_next_start();
    wait_for_inputs();
    const int per_kv = job.heads / job.kv.kv_heads, bundles = (per_kv + Heads - 1) / Heads;
    const int kv_head = blockIdx.x / bundles, first_head = kv_head * per_kv + blockIdx.x % bundles * Heads;
    const int active = min(Heads, (kv_head + 1) * per_kv - first_head);
    const int row = blockIdx.y, split = blockIdx.z;
    const int warp = threadIdx.x / 32, lane = threadIdx.x % 32, dim = job.kv.head_dim;
    const int position = step.positions[row];
    const int oldest = job.window > 0 ? max(0, position - job.window + 1) : 0;
    const int share = (position + 1 - oldest + job.splits - 1) / job.splits;
    const int begin = oldest + split * share, end = min(position + 1, begin + share);
    const int mine = max(0, min(Each, dim - lane * Each));
    const bool whole = dim == 32 * Each;

    float q[Heads][Each], sum[Heads][Each], best[Heads], total[Heads];
#pragma unroll
    for (int h = 0; h < Heads; ++h) {
        best[h] = -INFINITY;
        total[h] = 0;
#pragma unroll
        for (int i = 0; i < Each; ++i) {
            sum[h][i] = 0;
            q[h][i] = h < active && i < mine
                          ? job.wide[row * job.stride + static_cast<long long>(first_head + h) * dim +
                                     lane * Each + i] *
                                job.scale
                          : 0;
        }
    }
    const __half* keys = static_cast<const __half*>(job.kv.keys);
    const __half* values = static_cast<const __half*>(job.kv.values);
    for (int p0 = begin + warp * kBatch; p0 < end; p0 += kWarps * kBatch) {
        float k[kBatch][Each], v[kBatch][Each];
#pragma unroll
        for (int b = 0; b < kBatch; ++b) {
            const long long at = kv_offset(job.kv, step, row, min(p0 + b, end - 1), kv_head) + lane * Each;
            load_halves<Each>(keys + at, mine, whole, k[b]);
            load_halves<Each>(values + at, mine, whole, v[b]);
        }
#pragma unroll
        for (int h = 0; h < Heads; ++h) {
            if (h >= active) break;
            float score[kBatch], top = best[h];
#pragma unroll
            for (int b = 0; b < kBatch; ++b) {
                float dot = 0;
#pragma unroll
                for (int i = 0; i < Each; ++i) dot += q[h][i] * k[b][i];
                dot = warp_sum(dot);
                if (job.soft_cap > 0) dot = job.soft_cap * tanhf(dot / job.soft_cap);
                score[b] = p0 + b < end ? dot : -INFINITY;
                top = fmaxf(top, score[b]);
            }
            const float shrink = __expf(best[h] - top);
            best[h] = top;
            total[h] *= shrink;
#pragma unroll
            for (int i = 0; i < Each; ++i) sum[h][i] *= shrink;
#pragma unroll
            for (int b = 0; b < kBatch; ++b) {
                const float weight = __expf(score[b] - top);
                total[h] += weight;
#pragma unroll
                for (int i = 0; i < Each; ++i) sum[h][i] += weight * v[b][i];
            }
        }
    }
    // The warps' parts become one.
    __shared__ float tops[kWarps][Heads], totals[kWarps][Heads], sums[kWarps][32 * Each];
    if (lane == 0)
#pragma unroll
        for (int h = 0; h < Heads; ++h) {
            tops[warp][h] = best[h];
            totals[warp][h] = total[h];
        }
    __syncthreads();
#pragma unroll
    for (int h = 0; h < Heads; ++h) {
        if (h >= active) break;
        float top = -INFINITY;
        for (int w = 0; w < kWarps; ++w) top = fmaxf(top, tops[w][h]);
        const float shrink = best[h] == -INFINITY ? 0 : __expf(best[h] - top);
#pragma unroll
        for (int i = 0; i < Each; ++i) sums[warp][lane * Each + i] = sum[h][i] * shrink;
        __syncthreads();
        float* to =
            job.partial +
            ((static_cast<long long>(row) * job.heads + first_head + h) * job.splits + split) * (dim + 2);
        for (int i = threadIdx.x; i < dim; i += kWarps * 32) {
            float all = 0;
            for (int w = 0; w < kWarps; ++w) all += sums[w][i];
            to[2 + i] = all;
        }
        if (threadIdx.x == 0) {
            float all = 0;
            for (int w = 0; w < kWarps; ++w)
                if (tops[w][h] != -INFINITY) all += totals[w][h] * __expf(tops[w][h] - top);
            to[0] = top;
            to[1] = all;
        }
        __syncthreads();
    }
}

inline constexpr int kCombineEach = 8;  ///< splits a warp takes at most

/// A block: 32 dimensions of a head and row, a lane each; its warps share out the splits. As for fresh
/// packed attention, there may be blocks without work.
template <int Warps>
__global__ void __launch_bounds__(32 * Warps) combine_kernel(AttentionJob job, int row_count, NormOut out) {
    let_next_start();
    wait_for_inputs();
    const int dim = job.kv.head_dim, strips = (dim + 31) / 32;
    const int head = static_cast<int>(blockIdx.x) / strips % job.heads,
              row = static_cast<int>(blockIdx.x) / strips / job.heads;
    if (row >= row_count) return;
    __shared__ float sums[Warps][32], totals[Warps], tops[Warps];
    const int lane = threadIdx.x % 32, warp = threadIdx.x / 32,
              i = static_cast<int>(blockIdx.x) % strips * 32 + lane;
    const float* from =
        job.partial + (static_cast<long long>(row) * job.heads + head) * job.splits * (dim + 2);
    // All of a thread's numbers are asked for at once, the largest scores among them.
    constexpr int kEach = kCombineEach;
    float best[kEach], of[kEach], values[kEach];
#pragma unroll
    for (int k = 0; k < kEach; ++k) {
        const int s = warp + k * Warps;
        const float* part = from + s * (dim + 2);
        const bool there = s < job.splits;
        best[k] = there ? __ldcg(part) : -INFINITY;
        of[k] = there ? __ldcg(part + 1) : 0;
        values[k] = there && i < dim ? __ldcg(part + 2 + i) : 0;
    }
    float top = best[0];
#pragma unroll
    for (int k = 1; k < kEach; ++k) top = fmaxf(top, best[k]);
    if constexpr (Warps > 1) {
        if (lane == 0) tops[warp] = top;
        __syncthreads();
#pragma unroll
        for (int w = 0; w < Warps; ++w) top = fmaxf(top, tops[w]);
    }
    float total = 0, sum = 0;
#pragma unroll
    for (int k = 0; k < kEach; ++k) {
        const float weight = best[k] == -INFINITY ? 0 : __expf(best[k] - top);
        total += weight * of[k];
        sum += weight * values[k];
    }
    if constexpr (Warps > 1) {
        sums[warp][lane] = sum;
        if (lane == 0) totals[warp] = total;
        __syncthreads();
        if (warp > 0) return;
        for (int w = 1; w < Warps; ++w) {
            sum += sums[w][lane];
            total += totals[w];
        }
    }
    if (job.sinks) total += __expf(__ldg(job.sinks + head) - top);
    const float value = i < dim ? sum / total : 0;
    const long long width = static_cast<long long>(job.heads) * dim, at = row * width + head * dim + i;
    if (out.values && i < dim) out.values[at] = value;
    if (out.halves && i < dim)
        static_cast<__half*>(out.halves)[row * width + half_place(head * dim + i, out.turned)] =
            to_half(value);
    if (out.q8.low) store_q8(out.q8, row, (head * dim + i) / kGroup, value);
}

template <int Each>
void launch_attention(cudaStream_t stream, const AttentionJob& job, const StepView& step, int rows) {
    const int per_kv = job.heads / job.kv.kv_heads;
    const auto go = [&]<int Heads>() {
        const int bundles = (per_kv + Heads - 1) / Heads;
        launch(stream, dim3(job.kv.kv_heads * bundles, rows, job.splits), dim3(kWarps * 32),
               attention_kernel<Each, Heads>, job, step);
    };
    if (per_kv == 1)
        go.template operator()<1>();
    else if (per_kv <= 4)
        go.template operator()<4>();
    else
        go.template operator()<Each <= 4 ? 8 : 4>();
}

}  // namespace

void place_heads(cudaStream_t stream, float* wide, int heads, const KvView& kv, const NormView& q_norm,
                 const NormView& k_norm, const RopeView& rope, const StepView& step, int rows) {
    launch(stream, dim3((heads + 2 * kv.kv_heads + 3) / 4, rows), dim3(128), place_kernel, wide, heads, kv,
           q_norm, k_norm, rope, step);
}

/// out.q8 needs head_dim to be a multiple of 32.
void attention(cudaStream_t stream, const AttentionJob& job, const StepView& step, int rows,
               const NormOut& out) {
    const int dim = job.kv.head_dim;
    if (rows <= kBatchRows && packed_serves(job, step)) {
        packed_attention(stream, job, step, rows, out);
        if (job.splits == 1) return;
    } else if (dim <= 32)
        launch_attention<1>(stream, job, step, rows);
    else if (dim <= 64)
        launch_attention<2>(stream, job, step, rows);
    else if (dim <= 96)
        launch_attention<3>(stream, job, step, rows);
    else if (dim <= 128)
        launch_attention<4>(stream, job, step, rows);
    else
        launch_attention<8>(stream, job, step, rows);
    int device = 0, processors = 0;
    cudaGetDevice(&device);
    cudaDeviceGetAttribute(&processors, cudaDevAttrMultiProcessorCount, device);
    const int blocks = job.heads * ((dim + 31) / 32) * rows;
    // One on each processor, where as much room is asked for as half of one has.
    const int room = job.fresh && blocks <= processors ? 96 << 10 : 0;
    const auto combine = [&]<int Warps>() {
        cudaFuncSetAttribute(combine_kernel<Warps>, cudaFuncAttributeMaxDynamicSharedMemorySize, room);
        launch_with(stream, dim3(room ? processors : blocks), dim3(32 * Warps),
                    static_cast<std::size_t>(room), combine_kernel<Warps>, job, rows, out);
    };
    // Few splits need no warps that meet.
    if (job.splits <= kCombineEach)
        combine.template operator()<1>();
    else
        combine.template operator()<kMaxSplits / kCombineEach>();
}

}  // namespace pellucid::cuda
