// Chooses lanes and column counts of the quantised products; half and single precision weights are done here.
#include <cuda_bf16.h>

#include "gpu/cuda/gemv_impl.cuh"

namespace pellucid::cuda {

extern template void launch_gemv<1, 2>(cudaStream_t, const GemvArguments&, int);
extern template void launch_gated<1, 2>(cudaStream_t, const GatedArguments&);
extern template void launch_gemv<1, 4>(cudaStream_t, const GemvArguments&, int);
extern template void launch_gated<1, 4>(cudaStream_t, const GatedArguments&);
extern template void launch_gemv<2, 1>(cudaStream_t, const GemvArguments&, int);
extern template void launch_gated<2, 1>(cudaStream_t, const GatedArguments&);
extern template void launch_gemv<4, 1>(cudaStream_t, const GemvArguments&, int);
extern template void launch_gated<4, 1>(cudaStream_t, const GatedArguments&);
extern template void launch_gemv<8, 1>(cudaStream_t, const GemvArguments&, int);
extern template void launch_gated<8, 1>(cudaStream_t, const GatedArguments&);

namespace {

/// Few rows need more lanes each, so that the whole matrix is in flight. Measured on an H100
/// (tests/bench/LOST.md).
int lanes_for(int rows, int groups) {
    constexpr long long kWarpsWanted = 2048, kManyRows = 32768;
    int lanes = rows >= kManyRows ? 64 : 32;
    while (lanes < kThreads && lanes < groups && static_cast<long long>(rows) / 2 * lanes / 32 < kWarpsWanted)
        lanes *= 2;
    return lanes;
}

template <typename T>
__device__ float as_float(T v) {
    if constexpr (sizeof(T) == 4)
        return v;
    else
        return static_cast<float>(v);
}

/// A warp a weight row; kGemvRows sums in registers.
template <typename T>
__global__ void float_kernel(MatrixView matrix, LinearOut to, const float* input, int rows) {
    let_next_start();
    wait_for_inputs();
    const long long row = static_cast<long long>(blockIdx.x) * (blockDim.x / 32) + threadIdx.x / 32;
    const int lane = threadIdx.x % 32;
    if (row >= matrix.rows) return;
    const T* weights = static_cast<const T*>(matrix.codes) + row * matrix.columns;
    float sum[kGemvRows] = {};
    if (matrix.columns % 8 == 0) {
        constexpr int kBytes = 8 * sizeof(T);
        for (int i = lane * 8; i < matrix.columns; i += 256) {
            T w[8];
#pragma unroll
            for (int b = 0; b < kBytes / 16; ++b)
                reinterpret_cast<uint4*>(w)[b] = __ldg(reinterpret_cast<const uint4*>(weights + i) + b);
#pragma unroll
            for (int c = 0; c < kGemvRows; ++c) {
                if (c >= rows) break;
                const float4* x =
                    reinterpret_cast<const float4*>(input + static_cast<long long>(c) * matrix.columns + i);
                const float4 x0 = x[0], x1 = x[1];
                sum[c] += as_float(w[0]) * x0.x + as_float(w[1]) * x0.y + as_float(w[2]) * x0.z +
                          as_float(w[3]) * x0.w + as_float(w[4]) * x1.x + as_float(w[5]) * x1.y +
                          as_float(w[6]) * x1.z + as_float(w[7]) * x1.w;
            }
        }
    } else {
        for (int i = lane; i < matrix.columns; i += 32)
#pragma unroll
            for (int c = 0; c < kGemvRows; ++c)
                if (c < rows)
                    sum[c] += as_float(weights[i]) * input[static_cast<long long>(c) * matrix.columns + i];
    }
#pragma unroll
    for (int c = 0; c < kGemvRows; ++c) {
        if (c >= rows) break;
        const float total = warp_sum(sum[c]);
        if (lane == 0) {
            float value = to.alpha * (total + (to.bias ? to.bias[row] : 0));
            if (to.cap > 0) value = to.cap * tanhf(value / to.cap);
            float* out = to.out + c * to.stride + row;
            *out = to.add ? *out + value : value;
        }
    }
}

}  // namespace

void gemv_q8(cudaStream_t stream, const LinearJob* jobs, int count, const Q8View& input, int rows,
             Tuning tuning) {
    GemvArguments arguments;
    arguments.count = count;
    arguments.rows = rows;
    arguments.input = input;
    int all_rows = 0, blocks = 0;
    for (int j = 0; j < count; ++j) all_rows += jobs[j].matrix.rows;
    arguments.lanes = tuning.lanes > 0 ? tuning.lanes : lanes_for(all_rows, input.groups);
    const int pairs = kThreads / arguments.lanes;
    for (int j = 0; j < count; ++j) {
        arguments.segments[j] = {jobs[j].matrix, jobs[j].to, blocks};
        blocks += ((jobs[j].matrix.rows + 1) / 2 + pairs - 1) / pairs;
    }
    if (rows == 1 && tuning.deep)
        launch_gemv<1, 4>(stream, arguments, blocks);
    else if (rows == 1)
        launch_gemv<1, 2>(stream, arguments, blocks);
    else if (rows == 2)
        launch_gemv<2, 1>(stream, arguments, blocks);
    else if (rows <= 4)
        launch_gemv<4, 1>(stream, arguments, blocks);
    else
        launch_gemv<8, 1>(stream, arguments, blocks);
}

void gemv_gated(cudaStream_t stream, const MatrixView& gate, const MatrixView& up, int activation,
                const Q8View& input, int rows, const Q8View& to, float* inner, int* arrivals, Tuning tuning) {
    // A warp a pair at most: the sums are taken by shuffles alone.
    const int lanes = tuning.lanes > 0 ? tuning.lanes : 16;
    if (tuning.lanes == 0) tuning.deep = true;
    const GatedArguments arguments{gate, up, input, to, inner, arrivals, activation, rows, lanes};
    if (rows == 1 && tuning.deep)
        launch_gated<1, 4>(stream, arguments);
    else if (rows == 1)
        launch_gated<1, 2>(stream, arguments);
    else if (rows == 2)
        launch_gated<2, 1>(stream, arguments);
    else if (rows <= 4)
        launch_gated<4, 1>(stream, arguments);
    else
        launch_gated<8, 1>(stream, arguments);
}

void gemv_float(cudaStream_t stream, const LinearJob& job, const float* input, int rows) {
    const dim3 grid((job.matrix.rows + 7) / 8), block(256);
    if (job.matrix.form == Form::f32)
        launch(stream, grid, block, float_kernel<float>, job.matrix, job.to, input, rows);
    else if (job.matrix.form == Form::f16)
        launch(stream, grid, block, float_kernel<__half>, job.matrix, job.to, input, rows);
    else
        launch(stream, grid, block, float_kernel<__nv_bfloat16>, job.matrix, job.to, input, rows);
}

}  // namespace pellucid::cuda
