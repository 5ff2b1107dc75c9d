// Matrix times a few vectors, weights quantised, activations 8-bit. One instantiation a column count.
//
// L lanes share a pair of rows and walk its groups; each lane keeps kUnroll groups of both rows in flight,
// and the first of them are asked for before the kernel waits for its activations.
#pragma once

#include "gpu/cuda/group.cuh"
#include "gpu/cuda/kernels.h"

namespace pellucid::cuda {

inline constexpr int kThreads = 128;  // small blocks end and begin at different times, so loads never pause

struct GemvSegment {
    MatrixView matrix;
    LinearOut to;
    int first_block = 0;
};
struct GemvArguments {
    GemvSegment segments[kMaxJobs];
    int count = 0, lanes = 32, rows = 1;
    Q8View input;
};
struct GatedArguments {
    MatrixView gate, up;
    Q8View input, to;
    float* inner;
    int* arrivals;  ///< [rows of gate / 32], zero between launches
    int activation, rows, lanes;
};

/// More loads in flight a lane, or more lanes: registers decide. Five blocks for two and four rows: with
/// four, q, k and v of the 7B (576 blocks, 132 processors) had a second wave, 4 % of a step of four rows
/// (H100, 23 November 2026).
constexpr int blocks_per_sm(int columns, int unroll) {
    return columns == 2 || columns == 4 ? 5 : (columns > 1 || unroll > 2 ? 512 : 1024) / kThreads;
}

template <Form F, int Columns, int kUnroll>
__device__ __forceinline__ void dot_pair(const MatrixView& a, long long row_a, const MatrixView& b,
                                         long long row_b, const Q8View& input, int rows, int lane, int lanes,
                                         float (&sum)[2][Columns]) {
    const int groups = input.groups;
    Group<F> weights[2][kUnroll];
    const auto fetch = [&](int first) {
#pragma unroll
        for (int u = 0; u < kUnroll; ++u) {
            const int g = first + u * lanes;
            if (g < groups) {
                weights[0][u].load(a, row_a, g);
                weights[1][u].load(b, row_b, g);
            } else {
                weights[0][u] = {};
                weights[1][u] = {};
            }
        }
    };
    fetch(lane);
    wait_for_inputs();
    const uint4* low = reinterpret_cast<const uint4*>(input.low);
    const uint4* high = reinterpret_cast<const uint4*>(input.high);
    const int2* meta = reinterpret_cast<const int2*>(input.meta);
    for (int first = lane;;) {
#pragma unroll
        for (int u = 0; u < kUnroll; ++u) {
            const int g = min(first + u * lanes, groups - 1);
#pragma unroll
            for (int c = 0; c < Columns; ++c) {
                const long long at = static_cast<long long>(min(c, rows - 1)) * groups + g;
                const uint4 a0 = low[at], a1 = high[at];
                const int2 m = meta[at];
                sum[0][c] += weights[0][u].dot(g, a.offset, a0, a1, m);
                sum[1][c] += weights[1][u].dot(g, b.offset, a0, a1, m);
            }
        }
        first += kUnroll * lanes;
        if (first - lane >= groups) break;
        fetch(first);
    }
}

template <int Columns, int Unroll>
__global__ void __launch_bounds__(kThreads, blocks_per_sm(Columns, Unroll))
    gemv_kernel(const __grid_constant__ GemvArguments p) {
    let_next_start();
    int s = 0;
    while (s + 1 < p.count && static_cast<int>(blockIdx.x) >= p.segments[s + 1].first_block) ++s;
    const GemvSegment& segment = p.segments[s];
    const int lanes = p.lanes, lane = threadIdx.x % lanes;
    const long long pair =
        static_cast<long long>(blockIdx.x - segment.first_block) * (kThreads / lanes) + threadIdx.x / lanes;
    const int last = segment.matrix.rows - 1;
    const int row0 = static_cast<int>(min(2 * pair, static_cast<long long>(last)));
    const int row1 = min(row0 + 1, last);
    float sum[2][Columns] = {};
    with_any_form(segment.matrix.form, [&]<Form F>() {
        dot_pair<F, Columns, Unroll>(segment.matrix, row0, segment.matrix, row1, p.input, p.rows, lane, lanes,
                                     sum);
    });
    const int narrow = min(lanes, 32);
#pragma unroll
    for (int r = 0; r < 2; ++r)
#pragma unroll
        for (int c = 0; c < Columns; ++c)
            for (int offset = narrow / 2; offset > 0; offset /= 2)
                sum[r][c] += __shfl_xor_sync(0xffffffffu, sum[r][c], offset);
    if (lanes > 32) {
        __shared__ float parts[kThreads / 32][2][Columns];
        const int warp = threadIdx.x / 32, warps = lanes / 32;
        if (threadIdx.x % 32 == 0)
#pragma unroll
            for (int c = 0; c < Columns; ++c) {
                parts[warp][0][c] = sum[0][c];
                parts[warp][1][c] = sum[1][c];
            }
        __syncthreads();
        if (lane == 0)
            for (int w = 1; w < warps; ++w)
#pragma unroll
                for (int c = 0; c < Columns; ++c) {
                    sum[0][c] += parts[warp + w][0][c];
                    sum[1][c] += parts[warp + w][1][c];
                }
    }
    if (lane != 0) return;
    const LinearOut& to = segment.to;
#pragma unroll
    for (int r = 0; r < 2; ++r) {
        const long long row = 2 * pair + r;
        if (row > last) break;
        const float bias = to.bias ? to.bias[row] : 0;
#pragma unroll
        for (int c = 0; c < Columns; ++c) {
            if (c >= p.rows) break;
            float* out = to.out + c * to.stride + row;
            float value = to.alpha * (sum[r][c] + bias);
            if (to.cap > 0) value = to.cap * tanhf(value / to.cap);
            *out = to.add ? *out + value : value;
        }
    }
}

/// Blocks of a few row pairs, so that the last ones end together; the last of those that share a group of 32
/// inner values rounds it to 8 bits.
template <int Columns, int Unroll>
__global__ void __launch_bounds__(kThreads, blocks_per_sm(Columns, Unroll))
    gated_kernel(const __grid_constant__ GatedArguments p) {
    let_next_start();
    const int lanes = p.lanes, lane = threadIdx.x % lanes, pairs = kThreads / lanes;
    const long long row = static_cast<long long>(blockIdx.x) * pairs + threadIdx.x / lanes;
    float sum[2][Columns] = {};
    with_any_form(p.gate.form, [&]<Form F>() {
        dot_pair<F, Columns, Unroll>(p.gate, row, p.up, row, p.input, p.rows, lane, lanes, sum);
    });
#pragma unroll
    for (int c = 0; c < Columns; ++c) {
        for (int offset = lanes / 2; offset > 0; offset /= 2) {
            sum[0][c] += __shfl_xor_sync(0xffffffffu, sum[0][c], offset);
            sum[1][c] += __shfl_xor_sync(0xffffffffu, sum[1][c], offset);
        }
        if (lane == 0 && c < p.rows)
            p.inner[static_cast<long long>(c) * p.gate.rows + row] =
                gated_value(p.activation, sum[0][c], sum[1][c]);
    }
    const int tile = static_cast<int>(static_cast<long long>(blockIdx.x) * pairs / kGroup);
    __shared__ int before;
    __threadfence();
    __syncthreads();
    if (threadIdx.x == 0) before = atomicAdd(p.arrivals + tile, pairs);
    __syncthreads();
    if (before + pairs < kGroup) return;
    if (threadIdx.x == 0) p.arrivals[tile] = 0;
    __threadfence();
    for (int c = threadIdx.x / 32; c < p.rows; c += kThreads / 32)
        store_q8(
            p.to, c, tile,
            __ldcg(p.inner + static_cast<long long>(c) * p.gate.rows + tile * kGroup + threadIdx.x % 32));
}

template <int Columns, int Unroll>
void launch_gemv(cudaStream_t stream, const GemvArguments& arguments, int blocks) {
    launch(stream, dim3(blocks), dim3(kThreads), gemv_kernel<Columns, Unroll>, arguments);
}
template <int Columns, int Unroll>
void launch_gated(cudaStream_t stream, const GatedArguments& arguments) {
    launch(stream, dim3(arguments.gate.rows / (kThreads / arguments.lanes)), dim3(kThreads),
           gated_kernel<Columns, Unroll>, arguments);
}

}  // namespace pellucid::cuda
