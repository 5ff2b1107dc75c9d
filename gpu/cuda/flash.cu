// Attention of many rows of one sequence: 64 query rows of a head a block, 16 a warp, over pages in tiles of
// 64 keys.
#include "gpu/cuda/kernels.h"
#include "gpu/cuda/tile.cuh"

namespace pellucid::cuda {
namespace {

inline constexpr int kTile = 64, kFlashWarps = 4;

template <int Dim>
__global__ void __launch_bounds__(kFlashWarps * 32)
    flash_kernel(AttentionJob job, StepView step, int rows, NormOut to) {
    let_next_start();
    wait_for_inputs();
    constexpr int kStride = Dim + 8;
    __half* out = static_cast<__half*>(to.halves);
    __shared__ __align__(16) __half keys[kTile][kStride], values[kTile][kStride];
    const int head = blockIdx.x, kv_head = head / (job.heads / job.kv.kv_heads);
    const int warp = threadIdx.x / 32, lane = threadIdx.x % 32, g = lane / 4, t = lane % 4;
    const int start = step.positions[0];
    const int first = static_cast<int>(gridDim.y - 1 - blockIdx.y) * kTile;  // the longest rows begin first
    const int row[2] = {first + warp * 16 + g, first + warp * 16 + g + 8};

    unsigned q[Dim / 16][4];
    const float* q0 = job.wide + min(row[0], rows - 1) * job.stride + static_cast<long long>(head) * Dim;
    const float* q1 = job.wide + min(row[1], rows - 1) * job.stride + static_cast<long long>(head) * Dim;
#pragma unroll
    for (int j = 0; j < Dim / 16; ++j) {
        const int at = 16 * j + 2 * t;
        q[j][0] = packed(q0[at] * job.scale, q0[at + 1] * job.scale);
        q[j][1] = packed(q1[at] * job.scale, q1[at + 1] * job.scale);
        q[j][2] = packed(q0[at + 8] * job.scale, q0[at + 9] * job.scale);
        q[j][3] = packed(q1[at + 8] * job.scale, q1[at + 9] * job.scale);
    }
    TileSums<Dim, kTile> sums;
    const int last = start + min(first + kTile, rows) - 1;
    const int oldest = job.window > 0 ? max(0, start + first - job.window + 1) : 0;
    for (int tile = oldest / kTile * kTile; tile <= last; tile += kTile) {
        const int page = step.tables[static_cast<long long>(step.sequences[0]) * step.table_width +
                                     tile / step.page_tokens];
        const long long at = ((static_cast<long long>(page) * job.kv.kv_heads + kv_head) * step.page_tokens +
                              tile % step.page_tokens) *
                             Dim;
        const __half* from_keys = static_cast<const __half*>(job.kv.keys) + at;
        const __half* from_values = static_cast<const __half*>(job.kv.values) + at;
        __syncthreads();
        for (int i = threadIdx.x; i < kTile * Dim / 8; i += kFlashWarps * 32) {
            const int key = i / (Dim / 8), column = i % (Dim / 8) * 8;
            copy16(&keys[key][column], from_keys + key * Dim + column);
            copy16(&values[key][column], from_values + key * Dim + column);
        }
        asm volatile("cp.async.wait_all;" ::: "memory");
        __syncthreads();
        float score[kTile / 8][4] = {};
#pragma unroll
        for (int n = 0; n < kTile / 8; ++n)
#pragma unroll
            for (int j = 0; j < Dim / 16; j += 2) {
                unsigned b[4];
                load_matrices(b, &keys[8 * n + lane % 8][16 * j + lane / 8 * 8]);
                multiply(score[n], q[j], b[0], b[1]);
                multiply(score[n], q[j + 1], b[2], b[3]);
            }
        // Slots past the last row hold whatever was there, so they are cut by the causal mask too.
        const bool edge = tile + kTile - 1 > start + first || job.window > 0;
        sums.absorb(score, job.soft_cap, [&](int i, int n) {
            const int key = tile + n, position = start + row[i];
            return edge && (key > position || (job.window > 0 && key <= position - job.window));
        });
        sums.add(score, values);
    }
    sums.finish();
    if (job.sinks)
#pragma unroll
        for (int i = 0; i < 2; ++i) sums.total[i] += __expf(job.sinks[head] - sums.best[i]);
    const long long width = static_cast<long long>(job.heads) * Dim;
#pragma unroll
    for (int n = 0; n < Dim / 8; ++n) {
        const long long column = static_cast<long long>(head) * Dim + 8 * n + 2 * t;
#pragma unroll
        for (int i = 0; i < 2; ++i)
            if (row[i] < rows) {
                const unsigned both =
                    packed(sums.sum[n][2 * i] / sums.total[i], sums.sum[n][2 * i + 1] / sums.total[i]);
                __half* at = out + row[i] * width + column;
                if (to.turned) {  // the first of a pair stays, or comes one before
                    at -= t & 1;
                    at[0] = __ushort_as_half(static_cast<unsigned short>(both & 0xffff));
                    at[2] = __ushort_as_half(static_cast<unsigned short>(both >> 16));
                } else {
                    *reinterpret_cast<unsigned*>(at) = both;
                }
            }
    }
}

}  // namespace

bool flash_attention(cudaStream_t stream, const AttentionJob& job, const StepView& step, int rows,
                     const NormOut& out) {
    if (step.page_tokens % kTile != 0) return false;
    const dim3 grid(job.heads, (rows + kTile - 1) / kTile), block(kFlashWarps * 32);
    if (job.kv.head_dim == 128)
        launch(stream, grid, block, flash_kernel<128>, job, step, rows, out);
    else if (job.kv.head_dim == 64)
        launch(stream, grid, block, flash_kernel<64>, job, step, rows, out);
    else if (job.kv.head_dim == 32)
        launch(stream, grid, block, flash_kernel<32>, job, step, rows, out);
    else
        return false;
    return true;
}

}  // namespace pellucid::cuda
