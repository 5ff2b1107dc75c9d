// The batched product. Every block takes an equal run of units, 256 rows by 256 columns each, columns first;
// its eight warps take 32 rows each and share the activations of a step. Tiles that lie in several runs leave
// their parts to finish kernels, which add them in the order of the blocks, so that a run repeats bit for
// bit.
#pragma once

#include "gpu/cuda/batch.h"
#include "gpu/cuda/batch_step.cuh"

namespace pellucid::cuda {

inline constexpr int kBatchWarps = 8, kBatchThreads = 32 * kBatchWarps;
inline constexpr int kStepColumns = 256;
/// Bytes of a row of activations in shared memory: 32 of room, and pieces of 16 bytes of every second pair of
/// groups swapped, so that lanes meet no bank twice.
inline constexpr int kInputStride = 2 * kStepColumns + 32;

struct BatchSegment {
    MatrixView matrix;
    LinearOut to;
    int first_tile = 0;
};
struct BatchArguments {
    BatchSegment segments[kMaxJobs];
    int count = 0, tiles = 0, steps = 0, rows = 0, columns = 0, depth = 0, slot_bytes = 0;
    const __half* input = nullptr;  ///< [rows, columns]
    float* parts = nullptr;         ///< [blocks, 2, rows, kBatchTile]
};

__device__ __forceinline__ int segment_of_tile(const BatchArguments& p, int tile) {
    int s = 0;
    while (s + 1 < p.count && tile >= p.segments[s + 1].first_tile) ++s;
    return s;
}
/// Where a block's run begins.
__device__ __forceinline__ int run_begin(const BatchArguments& p, int block, int blocks) {
    return static_cast<int>(static_cast<unsigned>(p.tiles * p.steps) * static_cast<unsigned>(block) /
                            static_cast<unsigned>(blocks));
}
/// The block whose run holds a unit.
__device__ __forceinline__ int run_of(const BatchArguments& p, int unit, int blocks) {
    return static_cast<int>(((unit + 1u) * static_cast<unsigned>(blocks) - 1u) /
                            static_cast<unsigned>(p.tiles * p.steps));
}
/// A block's part of a tile: at most the first and the last of its run are not whole. Blocks that begin in a
/// tile have it in their first slot.
__device__ __forceinline__ float* part_of(const BatchArguments& p, int block, int blocks, int tile) {
    const int slot = run_begin(p, block, blocks) / p.steps == tile ? 0 : 1;
    return p.parts + (static_cast<long long>(block) * 2 + slot) * p.rows * kBatchTile;
}
__device__ __forceinline__ void put_out(const LinearOut& to, long long row, int column, float sum) {
    float value = to.alpha * (sum * (1.0f / kWeightScale) + (to.bias ? __ldg(to.bias + row) : 0));
    if (to.cap > 0) value = to.cap * tanhf(value / to.cap);
    float* out = to.out + column * to.stride + row;
    *out = to.add ? *out + value : value;
}

/// Few columns have sums of their own for the second of two words: an mma waits long for the one before it.
template <int Tiles>
inline constexpr int kSets = Tiles <= 2 ? 2 : 1;

template <Form F, int Tiles>
__device__ __forceinline__ void multiply_step(unsigned slot, unsigned input, int offset, long long super,
                                              float (&sums)[2][kSets<Tiles> * Tiles][4]) {
    constexpr int kSecond = (kSets<Tiles> - 1) * Tiles, kAtOnce = Tiles < 4 ? Tiles : 4;
    const unsigned lane = threadIdx.x % 32, g = lane / 4, t = lane % 4;
    __half2 base[2];
    batch_base<F>(offset, base);
    input += g * kInputStride + t * 64;
#pragma unroll 1
    for (int j = 0; j < 2; ++j) {
        BatchGroup<F> rows[4];
#pragma unroll
        for (int k = 0; k < 4; ++k) rows[k].take(slot, 4 * j + k, super);
        const auto piece = [&]<int C>() {
            unsigned a[4][4];  // row; two pairs of word 2 C, two of the next
#pragma unroll
            for (int k = 0; k < 4; ++k) {
                rows[k].template halves<2 * C>(base, a[k][0], a[k][1]);
                rows[k].template halves<2 * C + 1>(base, a[k][2], a[k][3]);
            }
            const unsigned at = input + j * 256 + 16 * (C ^ (t >> 1));
#pragma unroll
            for (int first = 0; first < Tiles; first += kAtOnce) {
                uint4 b[kAtOnce];
#pragma unroll
                for (int n = 0; n < kAtOnce; ++n) b[n] = take_four(at + (first + n) * 8 * kInputStride);
#pragma unroll
                for (int n = 0; n < kAtOnce; ++n)
#pragma unroll
                    for (int m = 0; m < 2; ++m) {
                        const unsigned of[4] = {a[2 * m][0], a[2 * m + 1][0], a[2 * m][1], a[2 * m + 1][1]};
                        multiply(sums[m][first + n], of, b[n].x, b[n].y);
                    }
#pragma unroll
                for (int n = 0; n < kAtOnce; ++n)
#pragma unroll
                    for (int m = 0; m < 2; ++m) {
                        const unsigned of[4] = {a[2 * m][2], a[2 * m + 1][2], a[2 * m][3], a[2 * m + 1][3]};
                        multiply(sums[m][kSecond + first + n], of, b[n].z, b[n].w);
                    }
            }
        };
        piece.template operator()<0>();
        piece.template operator()<1>();
        piece.template operator()<2>();
        piece.template operator()<3>();
    }
}

/// A tile's sums, or a part of them, leave; they are zeros afterwards. Rolled up by moving the sums down
/// eight columns a time: as straight code it would come cold from memory every time.
template <int Tiles>
__device__ __forceinline__ void hand_out(const BatchArguments& p, const BatchSegment& segment, float* part,
                                         int row0, float (&sums)[2][kSets<Tiles> * Tiles][4]) {
    const int lane = threadIdx.x % 32, g = lane / 4, t = lane % 4, in_tile = threadIdx.x / 32 * kWarpRows + g;
    if constexpr (kSets<Tiles> == 2) {
#pragma unroll
        for (int m = 0; m < 2; ++m)
#pragma unroll
            for (int n = 0; n < Tiles; ++n)
#pragma unroll
                for (int i = 0; i < 4; ++i) {
                    sums[m][n][i] += sums[m][Tiles + n][i];
                    sums[m][Tiles + n][i] = 0;
                }
    }
#pragma unroll 1
    for (int n = 0; n < Tiles; ++n) {
#pragma unroll
        for (int m = 0; m < 2; ++m)
#pragma unroll
            for (int i = 0; i < 4; ++i) {
                const int column = 8 * n + 2 * t + (i & 1), local = 16 * m + 8 * (i >> 1);
                if (column >= p.rows) continue;
                if (part)
                    part[column * kBatchTile + in_tile + local] = sums[m][0][i];
                else if (row0 + g + local < segment.matrix.rows)
                    put_out(segment.to, row0 + g + local, column, sums[m][0][i]);
            }
#pragma unroll
        for (int m = 0; m < 2; ++m)
#pragma unroll
            for (int k = 0; k < Tiles; ++k)
#pragma unroll
                for (int i = 0; i < 4; ++i)
                    sums[m][k][i] = k + 1 < Tiles ? sums[m][k + 1 < Tiles ? k + 1 : k][i] : 0;
    }
}

template <int Tiles>
__global__ void __launch_bounds__(kBatchThreads, Tiles <= 2 ? 2 : 1)
    batch_kernel(const __grid_constant__ BatchArguments p) {
    let_next_start();
    extern __shared__ __align__(128) unsigned char memory[];
    const int warp = threadIdx.x / 32, g = threadIdx.x % 32 / 4;
    constexpr int kInputBytes = 8 * Tiles * kInputStride;
    const int stage_bytes = kBatchWarps * p.slot_bytes + kInputBytes;
    const unsigned stages = static_cast<unsigned>(__cvta_generic_to_shared(memory));
    const unsigned own = stages + kInputBytes + warp * p.slot_bytes;
    const int blocks = static_cast<int>(gridDim.x), begin = run_begin(p, blockIdx.x, blocks),
              end = run_begin(p, blockIdx.x + 1, blocks);

    struct At {
        int tile, step, segment;
    };
    const auto go_on = [&](At& at) {
        if (++at.step < p.steps) return;
        at.step = 0;
        ++at.tile;
        if (at.segment + 1 < p.count && at.tile >= p.segments[at.segment + 1].first_tile) ++at.segment;
    };
    At now{begin / p.steps, begin % p.steps, 0};
    now.segment = segment_of_tile(p, now.tile);
    At ahead = now;
    BatchRowsAt rows_ahead;
    bool moved = true;  // to another tile
    const auto ask_weights = [&](int stage) {
        const BatchSegment& segment = p.segments[ahead.segment];
        if (moved)
            rows_ahead.set(segment.matrix, (ahead.tile - segment.first_tile) * kBatchTile + warp * kWarpRows);
        with_form(segment.matrix.form, [&]<Form F>() {
            ask_step<F>(own + stage * stage_bytes, segment.matrix, rows_ahead, ahead.step);
        });

        moved = ahead.step == p.steps - 1;
        go_on(ahead);
    };
    const auto ask_input = [&](int stage, int step) {
        const unsigned to = stages + stage * stage_bytes;
#pragma unroll
        for (int i = 0; i < Tiles; ++i) {
            const int piece = i * kBatchThreads + static_cast<int>(threadIdx.x), row = piece / 32,
                      in_row = piece % 32;
            const int group = in_row / 4, column = step * kStepColumns + in_row * 8;
            const bool inside = row < p.rows && column < p.columns;
            const __half* from = p.input + (inside ? static_cast<long long>(row) * p.columns + column : 0);
            ask_part<16>(to + row * kInputStride + group * 64 + 16 * ((in_row & 3) ^ ((group >> 1) & 1)),
                         from, inside);
        }
    };
    const int early = min(p.depth - 1, end - begin);
    for (int s = 0; s < early; ++s) ask_weights(s);
    wait_for_inputs();
    int step_ahead = now.step;
    const auto ask_next_input = [&](int stage) {
        ask_input(stage, step_ahead);
        if (++step_ahead == p.steps) step_ahead = 0;
    };
    for (int s = 0; s < p.depth - 1; ++s) {
        if (s < early) ask_next_input(s);
        asm volatile("cp.async.commit_group;" ::: "memory");
    }
    float sums[2][kSets<Tiles> * Tiles][4] = {};
    int stage = 0, unit_of_tile = begin;  // where this block's part of the tile begins
#pragma unroll 1
    for (int unit = begin; unit < end; ++unit) {
        if (p.depth == 2)
            asm volatile("cp.async.wait_group 0;" ::: "memory");
        else if (p.depth == 3)
            asm volatile("cp.async.wait_group 1;" ::: "memory");
        else
            asm volatile("cp.async.wait_group 2;" ::: "memory");
        __syncthreads();  // all see this step, and are done with the one before
        const int refill = stage == 0 ? p.depth - 1 : stage - 1;
        if (unit + p.depth - 1 < end) {
            ask_weights(refill);
            ask_next_input(refill);
        }
        asm volatile("cp.async.commit_group;" ::: "memory");
        const BatchSegment& segment = p.segments[now.segment];
        const int row0 = (now.tile - segment.first_tile) * kBatchTile + warp * kWarpRows;
        with_form(segment.matrix.form, [&]<Form F>() {
            // Only the parity of a row's super is asked for; all of a lane's rows are 8 apart.
            const long long super =
                signed_form(F)
                    ? static_cast<long long>(min(row0 + g, segment.matrix.rows - 1)) * p.steps + now.step
                    : 0;
            multiply_step<F, Tiles>(own + stage * stage_bytes, stages + stage * stage_bytes,
                                    segment.matrix.offset, super, sums);
        });
        stage = stage + 1 == p.depth ? 0 : stage + 1;
        if (now.step == p.steps - 1 || unit == end - 1) {
            const bool whole = now.step == p.steps - 1 && unit - unit_of_tile == p.steps - 1;
            hand_out<Tiles>(p, segment, whole ? nullptr : part_of(p, blockIdx.x, blocks, now.tile), row0,
                            sums);
            unit_of_tile = unit + 1;
        }
        go_on(now);
    }
    asm volatile("cp.async.wait_all;" ::: "memory");
}

template <int Tiles>
void launch_batch(cudaStream_t stream, const BatchArguments& arguments, int blocks, int shared) {
    cudaFuncSetAttribute(batch_kernel<Tiles>, cudaFuncAttributeMaxDynamicSharedMemorySize, shared);
    launch_with(stream, dim3(blocks), dim3(kBatchThreads), static_cast<std::size_t>(shared),
                batch_kernel<Tiles>, arguments);
}

}  // namespace pellucid::cuda
