// Latent attention around the attention itself: latents into their pages, queries through key_up, and what
// was attended to through value_up.
#include "gpu/cuda/latent.h"

#include <algorithm>

#include "gpu/cuda/group.cuh"
#include "gpu/cuda/latent.cuh"
#include "gpu/cuda/plain.cuh"
#include "gpu/cuda/row.cuh"

namespace pellucid::cuda {
namespace {

inline constexpr int kAbsorbThreads = 128, kValueThreads = 512;

/// Lanes that share a row of so many columns: a power of two, one 32 columns each at best.
__host__ __device__ __forceinline__ int lanes_for(int columns) {
    int lanes = 1;
    while (lanes < 32 && lanes * kGroup < columns) lanes *= 2;
    return lanes;
}

/// Brings a lane's part of a row near, before its vector is there.
__device__ __forceinline__ void bring_near(const MatrixView& m, long long row, int lane) {
    const int bytes = m.form == Form::f32 ? 128 : m.form < Form::four_pair ? 64 : byte_form(m.form) ? 32 : 16;
    const long long at = (row * m.columns + lane * kGroup) / kGroup * bytes;
    if (lane * kGroup < m.columns)
        asm volatile("prefetch.global.L2 [%0];" ::"l"(static_cast<const char*>(m.codes) + at));
}

inline constexpr int kPad = 4;  ///< floats after each group of a vector in shared memory

/// Where value i of a vector lies in shared memory: eight lanes that are 32 values apart, four values each,
/// meet no bank twice.
__device__ __forceinline__ int spread(int i) {
    return i + i / kGroup * kPad;
}
__host__ __device__ __forceinline__ int spread_size(int n) {
    return n + (n / kGroup + 1) * kPad;
}

/// A lane's part of a row where that is one group at most: asked for before its vector is there.
struct Held {
    uint4 codes = {0, 0, 0, 0}, codes_high = {0, 0, 0, 0}, scales = {0, 0, 0, 0};
    uint2 high = {0, 0};

    __device__ __forceinline__ static bool serves(const MatrixView& m, int lanes) {
        return quantised(m.form) && lanes * kGroup >= m.columns;
    }
    /// Other rows are brought near.
    __device__ __forceinline__ void ask(const MatrixView& m, long long row, int lane, int lanes) {
        if (!serves(m, lanes))
            bring_near(m, row, lane);
        else if (lane * kGroup < m.columns)
            with_any_form(m.form, [&]<Form F>() {
                Group<F> group;
                group.load(m, row, lane);
                codes = group.codes;
                codes_high = group.codes_high;
                high = group.high;
                scales = group.scales;
            });
    }
};

/// Q8_0, whose codes mean zero at 0: four values of the vector at a time, and the scale once.
__device__ __forceinline__ float eight_dot(const Group<Form::eight_pair>& w, const float* x) {
    const auto* fours = reinterpret_cast<const float4*>(x);
    float sum[4] = {};
    const auto add = [&](unsigned word, const float4& v) {
        // 2^23 and 128 more than the code: an integer as a float without a conversion.
        const unsigned bytes = word ^ 0x80808080u;
        const auto value = [&](unsigned pick) {
            return __uint_as_float(__byte_perm(bytes, 0x4b000000u, pick)) - 8388736.0f;
        };
        sum[0] = fmaf(value(0x7650), v.x, sum[0]);
        sum[1] = fmaf(value(0x7651), v.y, sum[1]);
        sum[2] = fmaf(value(0x7652), v.z, sum[2]);
        sum[3] = fmaf(value(0x7653), v.w, sum[3]);
    };
    add(w.codes.x, fours[0]);
    add(w.codes.y, fours[1]);
    add(w.codes.z, fours[2]);
    add(w.codes.w, fours[3]);
    add(w.codes_high.x, fours[4]);
    add(w.codes_high.y, fours[5]);
    add(w.codes_high.z, fours[6]);
    add(w.codes_high.w, fours[7]);
    float scale[2], minimum[2];
    w.factors(0, scale, minimum);
    return scale[0] * ((sum[0] + sum[1]) + (sum[2] + sum[3]));
}

/// Row `row` of a matrix times x, spread in shared memory, shared out to `lanes` neighbours; the first has
/// the sum.
__device__ __forceinline__ float shared_dot(const MatrixView& m, long long row, const float* x, int lane,
                                            int lanes, const Held& held) {
    float sum = 0;
    if (m.form == Form::eight_pair && Held::serves(m, lanes)) {
        Group<Form::eight_pair> group;
        group.codes = held.codes;
        group.codes_high = held.codes_high;
        group.scales = held.scales;
        if (lane * kGroup < m.columns) sum = eight_dot(group, x + lane * (kGroup + kPad));
    } else if (quantised(m.form)) {
        with_any_form(m.form, [&]<Form F>() {
            for (int g = lane; g < m.columns / kGroup; g += lanes) {
                Group<F> group;
                if (Held::serves(m, lanes)) {
                    group.codes = held.codes;
                    group.codes_high = held.codes_high;
                    group.high = held.high;
                    group.scales = held.scales;
                } else {
                    group.load(m, row, g);
                }
                group.decode(g, m.offset,
                             [&](int i, float v) { sum = fmaf(v, x[g * (kGroup + kPad) + i], sum); });
            }
        });
    } else {
        for (int c = lane; c < m.columns; c += lanes)
            sum = fmaf(plain_value(m, row * m.columns + c), x[spread(c)], sum);
    }
    for (int offset = lanes / 2; offset > 0; offset /= 2) sum += __shfl_xor_sync(0xffffffffu, sum, offset);
    return sum;
}

/// Pair i of a head's turning part.
__device__ __forceinline__ float2 turned_pair(const RopeView& rope, int row, int i, const float* v,
                                              int2& at) {
    const float* angles = rope.angles + 2 * (static_cast<long long>(row) * rope.pairs + i);
    at = rope.adjacent ? int2{2 * i, 2 * i + 1} : int2{i, i + rope.pairs};
    const float c = __ldcg(angles), s = __ldcg(angles + 1), x = __ldcg(v + at.x), y = __ldcg(v + at.y);
    return {x * c - y * s, x * s + y * c};
}

/// Turns pair i of a vector of p.turning values.
__device__ __forceinline__ void turn_pair(const LatentJob& p, int row, const float* from, __half* to, int i) {
    if (p.rope.angles) {
        int2 at;
        const float2 both = turned_pair(p.rope, row, i, from, at);
        to[at.x] = to_half(both.x);
        to[at.y] = to_half(both.y);
    } else {
        to[2 * i] = to_half(__ldcg(from + 2 * i));
        to[2 * i + 1] = to_half(__ldcg(from + 2 * i + 1));
    }
}
/// The same of a head's query.
__device__ __forceinline__ void turn_query(const LatentJob& p, int row, int head, int i) {
    turn_pair(p, row,
              p.q + row * p.stride + static_cast<long long>(head) * (p.content + p.turning) + p.content,
              static_cast<__half*>(p.queries) +
                  (static_cast<long long>(row) * p.heads + head) * (p.rank + p.turning) + p.rank,
              i);
}

/// A block: a row's latent and key into its page.
__device__ void place_row(const LatentJob& p, const StepView& step, int row) {
    __half* to = static_cast<__half*>(p.cache) + latent_at(p, step, row, step.positions[row]);
    const float* latent = p.kv + row * p.stride;
    for (int i = threadIdx.x; i < p.turning / 2; i += blockDim.x)
        turn_pair(p, row, latent + p.rank, to + p.rank, i);
    constexpr int kHeld = 8;  // values of a thread; ranks have at most 1024
    float v[kHeld], sum = 0, squares = 0, mean = 0;
#pragma unroll
    for (int k = 0; k < kHeld; ++k) {
        const int i = threadIdx.x + k * blockDim.x;
        v[k] = i < p.rank ? __ldcg(latent + i) : 0;
        sum += v[k];
    }
    if (p.latent_norm.layer) mean = block_sum(sum) / static_cast<float>(p.rank);
#pragma unroll
    for (int k = 0; k < kHeld; ++k) {
        const int i = threadIdx.x + k * blockDim.x;
        if (i < p.rank) squares += (v[k] - mean) * (v[k] - mean);
    }
    const float factor = rsqrtf(block_sum(squares) / static_cast<float>(p.rank) + p.latent_norm.eps);
#pragma unroll
    for (int k = 0; k < kHeld; ++k) {
        const int i = threadIdx.x + k * blockDim.x;
        if (i >= p.rank) continue;
        if (p.latent_norm.weight)
            v[k] = (v[k] - mean) * factor * __ldg(p.latent_norm.weight + i) +
                   (p.latent_norm.bias ? __ldg(p.latent_norm.bias + i) : 0);
        to[i] = to_half(v[k]);
    }
}

/// Block 0 of a row places it; the others take some rows of key_up of one head each.
__global__ void __launch_bounds__(kAbsorbThreads)
    absorb_kernel(const __grid_constant__ LatentJob p, StepView step, int lanes, int blocks_a_head) {
    let_next_start();
    extern __shared__ __align__(16) float content[];  // [content], spread
    const int row = blockIdx.y, block = static_cast<int>(blockIdx.x) - 1, head = block / blocks_a_head;
    const int lane = static_cast<int>(threadIdx.x) % lanes;
    const int out = block % blocks_a_head * (kAbsorbThreads / lanes) + static_cast<int>(threadIdx.x) / lanes;
    const long long matrix_row = static_cast<long long>(head) * p.rank + min(out, p.rank - 1);
    Held held;
    if (block >= 0) held.ask(p.key_up, matrix_row, lane, lanes);
    wait_for_inputs();
    if (block < 0) {
        place_row(p, step, row);
        return;
    }
    const float* q = p.q + row * p.stride + static_cast<long long>(head) * (p.content + p.turning);
    if (block % blocks_a_head == 0)
        for (int i = threadIdx.x; i < p.turning / 2; i += kAbsorbThreads) turn_query(p, row, head, i);
    for (int i = threadIdx.x; i < p.content; i += kAbsorbThreads) content[spread(i)] = __ldcg(q + i);
    __syncthreads();
    const float sum = shared_dot(p.key_up, matrix_row, content, lane, lanes, held);
    if (lane == 0 && out < p.rank)
        static_cast<__half*>(
            p.queries)[(static_cast<long long>(row) * p.heads + head) * (p.rank + p.turning) + out] =
            to_half(sum);
}

__global__ void place_kernel(const __grid_constant__ LatentJob p, StepView step) {
    let_next_start();
    wait_for_inputs();
    const int row = blockIdx.x;
    place_row(p, step, row);
    for (int i = threadIdx.x; i < p.heads * p.turning / 2; i += blockDim.x)
        turn_query(p, row, i / (p.turning / 2), i % (p.turning / 2));
    const float* q = p.q + row * p.stride;
    __half* to = static_cast<__half*>(p.contents) + static_cast<long long>(row) * p.heads * p.content;
    for (int i = threadIdx.x; i < p.heads * p.content; i += blockDim.x)
        to[i] = to_half(q[static_cast<long long>(i / p.content) * (p.content + p.turning) + i % p.content]);
}

inline constexpr int kPartGroups = 8;  ///< threads that share out the splits of eight numbers

/// A block: some rows of value_up of one head and row. What the splits of the sequence attended to becomes
/// one here.
__global__ void __launch_bounds__(kValueThreads)
    value_kernel(const __grid_constant__ LatentJob p, StepView step, int lanes, int blocks_a_head, bool split,
                 NormOut to) {
    let_next_start();
    extern __shared__ __align__(16) float memory[];  // [kPartGroups, rank], weights of splits, latent spread
    float* const weights = memory + kPartGroups * p.rank;
    float* const latent = weights + (p.splits + 3) / 4 * 4;
    const int row = blockIdx.y, head = static_cast<int>(blockIdx.x) / blocks_a_head;
    const int lane = static_cast<int>(threadIdx.x) % lanes;
    const int out = static_cast<int>(blockIdx.x) % blocks_a_head * (kValueThreads / lanes) +
                    static_cast<int>(threadIdx.x) / lanes;
    const long long matrix_row = static_cast<long long>(head) * p.value + min(out, p.value - 1);
    Held held;
    held.ask(p.value_up, matrix_row, lane, lanes);
    const int active = split ? active_splits(step.positions[row], p.splits) : 0;
    wait_for_inputs();
    const long long own = static_cast<long long>(row) * p.heads + head;
    if (split) {
        const int eights = p.rank / 8, group = threadIdx.x / (kValueThreads / kPartGroups),
                  i = threadIdx.x % (kValueThreads / kPartGroups);
        const uint4* parts = static_cast<const uint4*>(p.parts) + own * p.splits * eights + i;
        constexpr int kEarly = 4;  // asked for before their weights are known
        uint4 early[kEarly];
#pragma unroll
        for (int k = 0; k < kEarly; ++k)
            if (i < eights && group + kPartGroups * k < active)
                early[k] = __ldcg(parts + static_cast<long long>(group + kPartGroups * k) * eights);
        const float2* stats = reinterpret_cast<const float2*>(p.stats) + own * p.splits;
        if (threadIdx.x < 32) {
            constexpr int kMost = (kMostLatentSplits + 31) / 32;
            float2 of[kMost];
            float top = -INFINITY, total = 0;
#pragma unroll
            for (int k = 0; k < kMost; ++k) {
                const int s = threadIdx.x + 32 * k;
                of[k] = s < active ? __ldcg(stats + s) : float2{-INFINITY, 0};
                top = fmaxf(top, of[k].x);
            }
            top = warp_max(top);
#pragma unroll
            for (int k = 0; k < kMost; ++k) {
                of[k].x = of[k].x == -INFINITY ? 0 : __expf(of[k].x - top) * of[k].y;
                total += of[k].x;
            }
            total = warp_sum(total);
#pragma unroll
            for (int k = 0; k < kMost; ++k) {
                const int s = threadIdx.x + 32 * k;
                if (s < active) weights[s] = of[k].x / total;
            }
        }
        __syncthreads();
        if (i < eights) {
            float sums[8] = {};
            const auto add = [&](const uint4& eight, float weight) {
                const unsigned words[4] = {eight.x, eight.y, eight.z, eight.w};
#pragma unroll
                for (int w = 0; w < 4; ++w) {
                    const float2 two = __half22float2(*reinterpret_cast<const __half2*>(&words[w]));
                    sums[2 * w] = fmaf(weight, two.x, sums[2 * w]);
                    sums[2 * w + 1] = fmaf(weight, two.y, sums[2 * w + 1]);
                }
            };
#pragma unroll
            for (int k = 0; k < kEarly; ++k)
                if (group + kPartGroups * k < active) add(early[k], weights[group + kPartGroups * k]);
#pragma unroll 8
            for (int s = group + kPartGroups * kEarly; s < active; s += kPartGroups)
                add(__ldcg(parts + static_cast<long long>(s) * eights), weights[s]);
            float4* at = reinterpret_cast<float4*>(memory + group * p.rank + 8 * i);
            at[0] = {sums[0], sums[1], sums[2], sums[3]};
            at[1] = {sums[4], sums[5], sums[6], sums[7]};
        }
        __syncthreads();
        for (int j = threadIdx.x; j < p.rank; j += kValueThreads) {
            float sum = 0;
            for (int k = 0; k < min(kPartGroups, active); ++k) sum += memory[k * p.rank + j];
            latent[spread(j)] = sum;
        }
    } else {
        const __half* from = static_cast<const __half*>(p.latents) + own * p.rank;
        for (int i = threadIdx.x; i < p.rank; i += kValueThreads) latent[spread(i)] = __half2float(from[i]);
    }
    __syncthreads();
    const float sum = shared_dot(p.value_up, matrix_row, latent, lane, lanes, held);
    if (lane != 0 || out >= p.value) return;
    const long long at = own * p.value + out;
    if (to.values) to.values[at] = sum;
    if (to.halves) static_cast<__half*>(to.halves)[at] = to_half(sum);
}

__global__ void keep_inputs_kernel(const float* wide, int width, __half* cache, StepView step) {
    let_next_start();
    wait_for_inputs();
    const int row = blockIdx.y, i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i >= width) return;
    const float* from = wide + static_cast<long long>(row) * 3 * width + i;
    cache[cache_place(step, row, step.positions[row]) * width + i] = to_half(from[0] * from[2 * width]);
}

__global__ void convolve_kernel(const float* wide, int width, const float* kernel, int length,
                                const __half* cache, StepView step, NormOut out) {
    let_next_start();
    wait_for_inputs();
    const int row = blockIdx.y, i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i / 32 * 32 >= width) return;
    float sum = 0;
    if (i < width) {
        const int newest = step.positions[row];
        for (int j = 0; j < length; ++j) {
            const int position = newest - (length - 1) + j;
            if (position >= 0)
                sum += kernel[static_cast<long long>(i) * length + j] *
                       __half2float(cache[cache_place(step, row, position) * width + i]);
        }
        sum *= wide[static_cast<long long>(row) * 3 * width + width + i];
    }
    hand_on(out, row, width, i, sum);
}

}  // namespace

int latent_splits(int heads, int rows, int processors) {
    const int tiles = (heads + kLatentHeads - 1) / kLatentHeads;
    return std::max(1, std::min(processors, kMostLatentSplits) / (tiles * rows));
}

void absorb_few(cudaStream_t stream, const LatentJob& job, const StepView& step, int rows) {
    const int lanes = lanes_for(job.content), each = kAbsorbThreads / lanes,
              blocks = (job.rank + each - 1) / each;
    launch_with(stream, dim3(1 + job.heads * blocks, rows), dim3(kAbsorbThreads),
                static_cast<std::size_t>(spread_size(job.content)) * sizeof(float), absorb_kernel, job, step,
                lanes, blocks);
}
void place_latents(cudaStream_t stream, const LatentJob& job, const StepView& step, int rows) {
    launch(stream, dim3(rows), dim3(256), place_kernel, job, step);
}
void value_up_few(cudaStream_t stream, const LatentJob& job, const StepView& step, int rows, bool split,
                  const NormOut& out) {
    const int lanes = lanes_for(job.rank), each = kValueThreads / lanes,
              blocks = (job.value + each - 1) / each;
    launch_with(
        stream, dim3(job.heads * blocks, rows), dim3(kValueThreads),
        static_cast<std::size_t>(kPartGroups * job.rank + (job.splits + 3) / 4 * 4 + spread_size(job.rank)) *
            sizeof(float),
        value_kernel, job, step, lanes, blocks, split, out);
}

void short_convolution(cudaStream_t stream, const float* wide, int width, const float* kernel, int length,
                       void* cache, const StepView& step, int rows, const NormOut& out) {
    const dim3 grid((width + 255) / 256, rows), block(256);
    launch(stream, grid, block, keep_inputs_kernel, wide, width, static_cast<__half*>(cache), step);
    launch(stream, grid, block, convolve_kernel, wide, width, kernel, length,
           static_cast<const __half*>(cache), step, out);
}

}  // namespace pellucid::cuda
