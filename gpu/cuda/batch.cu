// Spreads the batched products over the device, and adds what their blocks left of shared tiles.
#include "gpu/cuda/batch.h"

#include <algorithm>

#include "gpu/cuda/batch_impl.cuh"
#include "gpu/cuda/row.cuh"

namespace pellucid::cuda {

extern template void launch_batch<1>(cudaStream_t, const BatchArguments&, int, int);
extern template void launch_batch<2>(cudaStream_t, const BatchArguments&, int, int);
extern template void launch_batch<4>(cudaStream_t, const BatchArguments&, int, int);
extern template void launch_batch<8>(cudaStream_t, const BatchArguments&, int, int);

namespace {

inline constexpr int kFewTiles = 2;  ///< of eight columns, with which two blocks fit on a processor
inline constexpr int kMostProcessors = 192;
inline constexpr int kSharedMost = 226 << 10, kSharedHalf = 112 << 10;

/// Adds the parts of a tile that blocks first … last have, at `at` and in the columns after it, of which
/// `left` are there.
template <int Count>
__device__ __forceinline__ void add_parts(const BatchArguments& p, int blocks, int tile, int first, int last,
                                          int at, int left, float (&sums)[Count]) {
    const auto add = [&](const float* part) {
#pragma unroll
        for (int c = 0; c < Count; ++c)
            if (c < left) sums[c] += __ldcg(part + c * kBatchTile);
    };
    add(part_of(p, first, blocks, tile) + at);
    const long long each = 2ll * p.rows * kBatchTile;
    const float* part = p.parts + (first + 1) * each + at;
#pragma unroll 4
    for (int block = first + 1; block <= last; ++block, part += each) add(part);
}

inline constexpr int kFinishColumns = 2;

/// A block: the first border of runs inside a tile, some columns.
__global__ void __launch_bounds__(kBatchTile)
    finish_kernel(const __grid_constant__ BatchArguments p, int blocks) {
    let_next_start();
    wait_for_inputs();
    const int block = blockIdx.x, border = run_begin(p, block + 1, blocks), tile = border / p.steps;
    if (border % p.steps == 0 || run_begin(p, block, blocks) > tile * p.steps) return;
    const int last = run_of(p, (tile + 1) * p.steps - 1, blocks);
    const BatchSegment& segment = p.segments[segment_of_tile(p, tile)];
    const int row = (tile - segment.first_tile) * kBatchTile + static_cast<int>(threadIdx.x);
    if (row >= segment.matrix.rows) return;
    float sums[kFinishColumns] = {};
    const int column0 = blockIdx.y * kFinishColumns;
    add_parts(p, blocks, tile, block, last, column0 * kBatchTile + static_cast<int>(threadIdx.x),
              p.rows - column0, sums);
#pragma unroll
    for (int c = 0; c < kFinishColumns; ++c)
        if (column0 + c < p.rows) put_out(segment.to, row, column0 + c, sums[c]);
}

inline constexpr int kNormThreads = 1024, kNormMost = 8 * kNormThreads;

/// What finish_kernel does for the only matrix, whose rows are those of x, and then the norm of x. A block a
/// row, Held values a thread; the parts of all of them are asked for together.
template <int Held>
__global__ void __launch_bounds__(kNormThreads)
    finish_norm_kernel(const __grid_constant__ BatchArguments p, int blocks,
                       const __grid_constant__ NormView norm, const __grid_constant__ NormOut out) {
    let_next_start();
    const BatchSegment& segment = p.segments[0];
    const LinearOut& to = segment.to;
    const int width = segment.matrix.rows, column = blockIdx.x;
    __shared__ int firsts[kNormMost / kBatchTile], lasts[kNormMost / kBatchTile];
    __shared__ int most;
    if (threadIdx.x < 32) {
        const int tile = threadIdx.x;
        int count = 0;
        if (tile < p.tiles) {
            firsts[tile] = run_of(p, tile * p.steps, blocks);
            lasts[tile] = run_of(p, (tile + 1) * p.steps - 1, blocks);
            count = lasts[tile] - firsts[tile];
        }
        for (int offset = 16; offset > 0; offset /= 2)
            count = max(count, __shfl_xor_sync(0xffffffffu, count, offset));
        if (tile == 0) most = count;
    }
    float weights[Held], v[Held], sums[Held], squares = 0;
    const float *first[Held], *others[Held];
    int left[Held];
    __syncthreads();
#pragma unroll
    for (int k = 0; k < Held; ++k) {
        const int i = threadIdx.x + k * kNormThreads, tile = i / kBatchTile,
                  at = column * kBatchTile + i % kBatchTile;
        weights[k] = i < width ? __ldg(norm.weight + i) : 0;
        sums[k] = i < width && to.bias ? kWeightScale * __ldg(to.bias + i) : 0;
        left[k] = i < width ? lasts[tile] - firsts[tile] : 0;
        if (left[k] > 0) {
            first[k] = part_of(p, firsts[tile], blocks, tile) + at;
            others[k] = p.parts + (firsts[tile] + 1) * (2ll * p.rows * kBatchTile) + at;
        }
    }
    wait_for_inputs();
    float* x = to.out + column * to.stride;
#pragma unroll
    for (int k = 0; k < Held; ++k) {
        const int i = threadIdx.x + k * kNormThreads;
        v[k] = i < width ? __ldcg(x + i) : 0;
        if (left[k] > 0) sums[k] += __ldcg(first[k]);
    }
    const long long each = 2ll * p.rows * kBatchTile;
#pragma unroll 4
    for (int b = 0; b < most; ++b)
#pragma unroll
        for (int k = 0; k < Held; ++k)
            if (b < left[k]) sums[k] += __ldcg(others[k] + b * each);
#pragma unroll
    for (int k = 0; k < Held; ++k) {
        if (left[k] > 0) {  // else the product added it itself
            v[k] += to.alpha * (sums[k] * (1.0f / kWeightScale));
            x[threadIdx.x + k * kNormThreads] = v[k];
        }
        squares += v[k] * v[k];
    }
    const float factor = rsqrtf(block_sum(squares) / static_cast<float>(width) + norm.eps);
#pragma unroll
    for (int k = 0; k < Held; ++k) {
        const int i = threadIdx.x + k * kNormThreads;
        if (i / 32 * 32 < width) hand_on(out, column, width, i, v[k] * factor * weights[k]);
    }
}

inline constexpr int kGatedColumns = 4;

__global__ void __launch_bounds__(kBatchTile)
    gated_finish_kernel(const __grid_constant__ BatchArguments p, int blocks, int width, int activation,
                        __half* inner) {
    let_next_start();
    wait_for_inputs();
    const int i = blockIdx.x * kBatchTile + threadIdx.x, column0 = blockIdx.y * kGatedColumns;
    if (i >= width) return;
    const auto take = [&](const BatchSegment& segment, int row, float(&values)[kGatedColumns]) {
        const int tile = segment.first_tile + row / kBatchTile;
        const int first = run_of(p, tile * p.steps, blocks),
                  last = run_of(p, (tile + 1) * p.steps - 1, blocks);
        if (first < last) {
            add_parts(p, blocks, tile, first, last, column0 * kBatchTile + row % kBatchTile, p.rows - column0,
                      values);
#pragma unroll
            for (int c = 0; c < kGatedColumns; ++c) values[c] *= 1.0f / kWeightScale;
        } else {
#pragma unroll
            for (int c = 0; c < kGatedColumns; ++c)
                if (column0 + c < p.rows)
                    values[c] = __ldcg(segment.to.out + (column0 + c) * segment.to.stride + row);
        }
    };
    float gate[kGatedColumns] = {}, up[kGatedColumns] = {};
    take(p.segments[0], i, gate);
    take(p.segments[p.count - 1], p.count == 1 ? width + i : i, up);
#pragma unroll
    for (int c = 0; c < kGatedColumns; ++c)
        if (column0 + c < p.rows)
            inner[static_cast<long long>(column0 + c) * width + half_place(i, true)] =
                to_half(gated_value(activation, gate[c], up[c]));
}

/// Starts the product and says how many blocks it has.
int go(cudaStream_t stream, BatchArguments& p, const BatchTuning& tuning) {
    int form_bytes = 0;
    for (int s = 0; s < p.count; ++s) {
        const MatrixView& m = p.segments[s].matrix;
        p.segments[s].first_tile = p.tiles;
        p.tiles += (m.rows + kBatchTile - 1) / kBatchTile;
        switch (m.form) {
            case Form::four_pair:
                form_bytes = std::max(form_bytes, batch_step_bytes(Form::four_pair));
                break;
            case Form::five_pair:
                form_bytes = std::max(form_bytes, batch_step_bytes(Form::five_pair));
                break;
            case Form::eight_pair:
                form_bytes = std::max(form_bytes, batch_step_bytes(Form::eight_pair));
                break;
            case Form::four_super:
                form_bytes = std::max(form_bytes, batch_step_bytes(Form::four_super));
                break;
            case Form::five_super:
                form_bytes = std::max(form_bytes, batch_step_bytes(Form::five_super));
                break;
            case Form::six_signed:
                form_bytes = std::max(form_bytes, batch_step_bytes(Form::six_signed));
                break;
            case Form::four_signed:
                form_bytes = std::max(form_bytes, batch_step_bytes(Form::four_signed));
                break;
            default:
                form_bytes = std::max(form_bytes, batch_step_bytes(Form::four_two));
                break;
        }
    }
    p.columns = p.segments[0].matrix.columns;
    p.steps = (p.columns + kStepColumns - 1) / kStepColumns;
    p.slot_bytes = form_bytes;
    const int wanted = (p.rows + 7) / 8, tiles = wanted <= 1 ? 1 : wanted <= 2 ? 2 : wanted <= 4 ? 4 : 8;
    const int stage = kBatchWarps * p.slot_bytes + 8 * tiles * kInputStride;
    int device = 0, processors = 0;
    cudaGetDevice(&device);
    cudaDeviceGetAttribute(&processors, cudaDevAttrMultiProcessorCount, device);
    processors = std::min(processors, kMostProcessors);
    const int per = tuning.blocks > 0 ? tuning.blocks : 1;
    const int most = per > 1 ? kSharedHalf : kSharedMost;
    // More than is needed to keep the memory busy only takes room from the kernels that follow.
    constexpr int kInFlight = 50 << 10;
    const int enough = 2 + (kBatchWarps * p.slot_bytes < kInFlight);
    p.depth = std::clamp(std::min(tuning.depth > 0 ? tuning.depth : enough, most / stage), 2, 4);
    const int units = p.tiles * p.steps, most_blocks = processors * (tiles <= kFewTiles ? per : 1);
    const int each = (units + most_blocks - 1) / most_blocks, blocks = (units + each - 1) / each;
    const int shared = p.depth * stage;
    if (tiles == 1)
        launch_batch<1>(stream, p, blocks, shared);
    else if (tiles == 2)
        launch_batch<2>(stream, p, blocks, shared);
    else if (tiles == 4)
        launch_batch<4>(stream, p, blocks, shared);
    else
        launch_batch<8>(stream, p, blocks, shared);
    return blocks;
}

}  // namespace

bool batches(const MatrixView& matrix) {
    return matrix.common() && matrix.columns % kGroup == 0;
}

std::uint64_t batch_parts(int rows) {
    const std::uint64_t columns = static_cast<std::uint64_t>(std::clamp(rows, 1, kBatchRows));
    const std::uint64_t blocks = 2 * kMostProcessors;  // two on each where columns are few
    const std::uint64_t few = std::min<std::uint64_t>(columns, 8 * kFewTiles);
    return 2 * kBatchTile * std::max(blocks * few, blocks / 2 * columns);
}

void batch_linear(cudaStream_t stream, const LinearJob* jobs, int count, const void* halves, int rows,
                  float* parts, BatchTuning tuning) {
    BatchArguments p;
    p.count = count;
    p.rows = rows;
    p.input = static_cast<const __half*>(halves);
    p.parts = parts;
    for (int j = 0; j < count; ++j) p.segments[j] = {jobs[j].matrix, jobs[j].to, 0};
    const int blocks = go(stream, p, tuning);
    bool parted = false;
    for (int b = 1; b < blocks; ++b)
        parted = parted || static_cast<long long>(p.tiles) * p.steps * b / blocks % p.steps != 0;
    if (parted)
        launch(stream, dim3(blocks - 1, (rows + kFinishColumns - 1) / kFinishColumns), dim3(kBatchTile),
               finish_kernel, p, blocks);
}

bool batch_norms(const LinearOut& to, const MatrixView& matrix, const NormView& norm) {
    return to.add && to.cap == 0 && norm.weight && !norm.bias && !norm.layer && matrix.rows <= kNormMost;
}

void batch_linear_norm(cudaStream_t stream, const LinearJob& job, const void* halves, int rows, float* parts,
                       const NormView& norm, const NormOut& out) {
    BatchArguments p;
    p.count = 1;
    p.rows = rows;
    p.input = static_cast<const __half*>(halves);
    p.parts = parts;
    p.segments[0] = {job.matrix, job.to, 0};
    const int blocks = go(stream, p, {});
    launch(stream, dim3(rows), dim3(kNormThreads),
           job.matrix.rows <= kNormMost / 2 ? finish_norm_kernel<4> : finish_norm_kernel<8>, p, blocks, norm,
           out);
}

void batch_gated(cudaStream_t stream, const MatrixView& gate, const MatrixView& up, int activation,
                 const void* halves, int rows, float* wide, float* parts, void* inner, BatchTuning tuning) {
    BatchArguments p;
    p.count = up.present() ? 2 : 1;
    p.rows = rows;
    p.input = static_cast<const __half*>(halves);
    p.parts = parts;
    const int width = up.present() ? gate.rows : gate.rows / 2;
    p.segments[0] = {gate, {wide, 2ll * width}, 0};
    if (up.present()) p.segments[1] = {up, {wide + width, 2ll * width}, 0};
    const int blocks = go(stream, p, tuning);
    launch(stream, dim3((width + kBatchTile - 1) / kBatchTile, (rows + kGatedColumns - 1) / kGatedColumns),
           dim3(kBatchTile), gated_finish_kernel, p, blocks, width, activation, static_cast<__half*>(inner));
}

}  // namespace pellucid::cuda
