// Products with many matrices at once, each for rows of its own, on the tensor cores. A block: 64 rows of one
// group by 128 of its matrix rows; weights become f16 on their way to shared memory, a step of 64 columns
// ahead in registers.
#include "gpu/cuda/experts.h"
#include "gpu/cuda/group.cuh"
#include "gpu/cuda/plain.cuh"
#include "gpu/cuda/tile.cuh"

namespace pellucid::cuda {
namespace {

inline constexpr int kGroupedThreads = 256, kOuts = 128, kStep = 64, kPitch = kStep + 8;
inline constexpr int kInputHalves = kGroupedTile * kPitch, kWeightHalves = kOuts * kPitch;
inline constexpr int kGroupedShared = 2 * (kInputHalves + kWeightHalves) * 2;

/// 32 weights of a row on their way.
template <Form F>
struct RawGroup {
    Group<F> group;
    bool there = false;
    __device__ __forceinline__ void load(const MatrixView& m, long long row, int g, bool inside) {
        there = inside && g < m.columns / kGroup;
        if (there) group.load(m, row, g);
    }
    __device__ __forceinline__ void store(int g, int offset, __half* to) const {
        __align__(16) __half halves[kGroup];
        if (there)
            group.decode(g, offset, [&](int i, float v) { halves[i] = to_half(v); });
        else
#pragma unroll
            for (int i = 0; i < kGroup; ++i) halves[i] = __ushort_as_half(0);
#pragma unroll
        for (int i = 0; i < kGroup / 8; ++i)
            reinterpret_cast<uint4*>(to)[i] = reinterpret_cast<const uint4*>(halves)[i];
    }
};
/// Of matrices that are not quantised; columns come in eights.
template <Form F>
requires(F < Form::four_pair) struct RawGroup<F> {
    __align__(16) __half halves[kGroup];
    __device__ __forceinline__ void load(const MatrixView& m, long long row, int g, bool inside) {
#pragma unroll
        for (int i = 0; i < kGroup / 8; ++i) {
            const int column = g * kGroup + 8 * i;
            const bool there = inside && column < m.columns;
            const long long at = row * m.columns + column;
            uint4 eight = {0, 0, 0, 0};
            if constexpr (F == Form::f16) {
                if (there)
                    eight =
                        load_once(reinterpret_cast<const uint4*>(static_cast<const __half*>(m.codes) + at));
                reinterpret_cast<uint4*>(halves)[i] = eight;
            } else {
#pragma unroll
                for (int j = 0; j < 8; ++j)
                    halves[8 * i + j] = there ? to_half(plain_value(m, at + j)) : __ushort_as_half(0);
            }
        }
    }
    __device__ __forceinline__ void store(int, int, __half* to) const {
#pragma unroll
        for (int i = 0; i < kGroup / 8; ++i)
            reinterpret_cast<uint4*>(to)[i] = reinterpret_cast<const uint4*>(halves)[i];
    }
};

__device__ __forceinline__ void copy16_or_zero(void* to, const void* from, bool inside) {
    asm volatile("cp.async.cg.shared.global [%0], [%1], 16, %2;" ::"r"(shared_address(to)), "l"(from),
                 "r"(inside ? 16 : 0)
                 : "memory");
}

template <Form F>
__global__ void __launch_bounds__(kGroupedThreads, 2) grouped_kernel(const __grid_constant__ GroupedJob p) {
    let_next_start();
    wait_for_inputs();
    extern __shared__ __align__(128) __half room[];
    __half* inputs = room;                      // [2][kGroupedTile][kPitch]
    __half* weights = room + 2 * kInputHalves;  // [2][kOuts][kPitch]
    int group, first, count;
    if (p.tiles) {
        if (static_cast<int>(blockIdx.y) >= *p.tile_count) return;
        const int4 tile = p.tiles[blockIdx.y];
        group = tile.x;
        first = tile.y;
        count = tile.z;
    } else {
        const int each = (p.rows + kGroupedTile - 1) / kGroupedTile;
        group = static_cast<int>(blockIdx.y) / each;
        first = static_cast<int>(blockIdx.y) % each * kGroupedTile;
        count = min(kGroupedTile, p.rows - first);
    }
    const MatrixView& m = p.matrices[blockIdx.z];
    const int out0 = blockIdx.x * kOuts, columns = m.columns, steps = (columns + kStep - 1) / kStep;
    const int thread = threadIdx.x, warp = thread / 32, lane = thread % 32;

    const int weight_row = thread / 2, weight_group = thread % 2;
    const bool row_there = out0 + weight_row < p.out_rows;
    const long long matrix_row =
        static_cast<long long>(group) * p.out_rows + (row_there ? out0 + weight_row : 0);
    const int piece = thread % 8 * 8;
    const __half* from[2];
    bool input_there[2];
#pragma unroll
    for (int i = 0; i < 2; ++i) {
        const int row = thread / 8 + 32 * i;
        input_there[i] = row < count;
        const int at = first + (row < count ? row : 0);
        from[i] = static_cast<const __half*>(p.input) +
                  (p.input_rows ? p.input_rows[at] : at) * p.input_stride + group * p.input_step + piece;
    }
    RawGroup<F> raw;
    const auto ask = [&](int step) {
        raw.load(m, matrix_row, 2 * step + weight_group, row_there);
        __half* to = inputs + (step & 1) * kInputHalves;
#pragma unroll
        for (int i = 0; i < 2; ++i) {
            const bool there = input_there[i] && step * kStep + piece < columns;
            copy16_or_zero(to + (thread / 8 + 32 * i) * kPitch + piece,
                           there ? from[i] + step * kStep : p.input, there);
        }
        asm volatile("cp.async.commit_group;" ::: "memory");
    };
    float sums[2][4][4] = {};
    const int row0 = warp % 2 * 32, column0 = warp / 2 * 32;
    ask(0);
#pragma unroll 1
    for (int step = 0; step < steps; ++step) {
        __half* const own = weights + (step & 1) * kWeightHalves;
        raw.store(2 * step + weight_group, m.offset, own + weight_row * kPitch + weight_group * kGroup);
        asm volatile("cp.async.wait_all;" ::: "memory");
        __syncthreads();  // this step is there, and all are done with the one before
        if (step + 1 < steps) ask(step + 1);
        const __half* x = inputs + (step & 1) * kInputHalves;
#pragma unroll
        for (int k = 0; k < kStep; k += 32) {
            unsigned a[2][2][4];
#pragma unroll
            for (int i = 0; i < 2; ++i)
#pragma unroll
                for (int h = 0; h < 2; ++h)
                    load_matrices(a[i][h],
                                  x + (row0 + 16 * i + lane % 16) * kPitch + k + 16 * h + lane / 16 * 8);
#pragma unroll
            for (int j = 0; j < 4; ++j) {
                unsigned b[4];
                load_matrices(b, own + (column0 + 8 * j + lane % 8) * kPitch + k + lane / 8 * 8);
#pragma unroll
                for (int i = 0; i < 2; ++i) {
                    multiply(sums[i][j], a[i][0], b[0], b[1]);
                    multiply(sums[i][j], a[i][1], b[2], b[3]);
                }
            }
        }
    }
    const int g = lane / 4, t = lane % 4;
    const float* bias = p.biases[blockIdx.z];
#pragma unroll
    for (int i = 0; i < 2; ++i)
#pragma unroll
        for (int j = 0; j < 4; ++j)
#pragma unroll
            for (int v = 0; v < 4; ++v) {
                const int row = row0 + 16 * i + g + v / 2 * 8, out = out0 + column0 + 8 * j + 2 * t + v % 2;
                if (row >= count || out >= p.out_rows) continue;
                const float value =
                    sums[i][j][v] +
                    (bias ? __ldg(bias + static_cast<long long>(group) * p.out_rows + out) : 0);
                const long long at = (first + row) * p.out_stride + group * p.out_step +
                                     static_cast<long long>(blockIdx.z) * p.out_rows + out;
                if (p.halves)
                    static_cast<__half*>(p.out)[at] = to_half(value);
                else
                    static_cast<float*>(p.out)[at] = value;
            }
}

template <Form F>
void go(cudaStream_t stream, const GroupedJob& job) {
    cudaFuncSetAttribute(grouped_kernel<F>, cudaFuncAttributeMaxDynamicSharedMemorySize, kGroupedShared);
    const int tiles =
        job.tiles ? job.most_tiles : job.groups * ((job.rows + kGroupedTile - 1) / kGroupedTile);
    launch_with(stream, dim3((job.out_rows + kOuts - 1) / kOuts, tiles, job.count), dim3(kGroupedThreads),
                kGroupedShared, grouped_kernel<F>, job);
}

}  // namespace

bool grouped_serves(const MatrixView& matrix) {
    return matrix.columns % 8 == 0;
}

void grouped_linear(cudaStream_t stream, const GroupedJob& job) {
    if (job.count == 2 && job.matrices[0].form != job.matrices[1].form) {  // one after the other
        GroupedJob one = job;
        one.count = 1;
        grouped_linear(stream, one);
        one.matrices[0] = job.matrices[1];
        one.biases[0] = job.biases[1];
        one.out = static_cast<char*>(job.out) + job.out_rows * static_cast<long long>(job.halves ? 2 : 4);
        grouped_linear(stream, one);
        return;
    }
    switch (job.matrices[0].form) {
        case Form::f32:
            return go<Form::f32>(stream, job);
        case Form::f16:
            return go<Form::f16>(stream, job);
        case Form::bf16:
            return go<Form::bf16>(stream, job);
        case Form::four_pair:
            return go<Form::four_pair>(stream, job);
        case Form::five_pair:
            return go<Form::five_pair>(stream, job);
        case Form::eight_pair:
            return go<Form::eight_pair>(stream, job);
        case Form::four_super:
            return go<Form::four_super>(stream, job);
        case Form::five_super:
            return go<Form::five_super>(stream, job);
        case Form::six_signed:
            return go<Form::six_signed>(stream, job);
        case Form::four_signed:
            return go<Form::four_signed>(stream, job);
        case Form::four_two:
            return go<Form::four_two>(stream, job);
        case Form::four_iq4:
            return go<Form::four_iq4>(stream, job);
        case Form::four_mxfp4:
            return go<Form::four_mxfp4>(stream, job);
        case Form::eight_halves:
            return go<Form::eight_halves>(stream, job);
    }
}

}  // namespace pellucid::cuda
