// Norms, residual sums and activations by row, each handing on the precision its reader wants.
#include "gpu/cuda/row.cuh"

namespace pellucid::cuda {
namespace {

struct Statistics {
    float mean, factor;
};
__device__ Statistics statistics(const float* x, int width, const NormView& norm) {
    if (!norm.weight) return {0, 1};
    float mean = 0;
    if (norm.layer) {
        float sum = 0;
        for (int i = threadIdx.x; i < width; i += blockDim.x) sum += x[i];
        mean = block_sum(sum) / static_cast<float>(width);
    }
    float squares = 0;
    for (int i = threadIdx.x; i < width; i += blockDim.x) squares += (x[i] - mean) * (x[i] - mean);
    return {mean, rsqrtf(block_sum(squares) / static_cast<float>(width) + norm.eps)};
}
__device__ float normed(float v, int i, const Statistics& s, const NormView& norm) {
    if (!norm.weight) return v;
    v = (v - s.mean) * s.factor * norm.weight[i];
    return norm.bias ? v + norm.bias[i] : v;
}

__global__ void norm_kernel(const float* x, int width, NormView norm, const int* rows_at, NormOut out) {
    let_next_start();
    wait_for_inputs();
    const int row = blockIdx.x;
    x += static_cast<long long>(rows_at ? rows_at[row] : row) * width;
    const Statistics s = statistics(x, width, norm);
    const int padded = (width + 31) / 32 * 32;
    for (int i = threadIdx.x; i < padded; i += blockDim.x)
        hand_on(out, row, width, i, i < width ? normed(x[i], i, s, norm) : 0);
}

/// The same for widths a block holds in registers, kHeld values a thread: x is read once, and the norm's
/// weights before the wait.
inline constexpr int kHeld = 8, kFewRows = 64;
__global__ void __launch_bounds__(1024)
    rms_kernel(const float* x, int width, NormView norm, const int* rows_at, NormOut out) {
    let_next_start();
    float weights[kHeld], v[kHeld], squares = 0;
#pragma unroll
    for (int k = 0; k < kHeld; ++k) {
        const int i = threadIdx.x + k * 1024;
        weights[k] = i < width ? __ldg(norm.weight + i) : 0;
    }
    wait_for_inputs();
    const int row = blockIdx.x;
    x += static_cast<long long>(rows_at ? rows_at[row] : row) * width;
#pragma unroll
    for (int k = 0; k < kHeld; ++k) {
        const int i = threadIdx.x + k * 1024;
        v[k] = i < width ? x[i] : 0;
    }
#pragma unroll
    for (int k = 0; k < kHeld; ++k) squares += v[k] * v[k];
    const float factor = rsqrtf(block_sum(squares) / static_cast<float>(width) + norm.eps);
#pragma unroll
    for (int k = 0; k < kHeld; ++k) {
        const int i = threadIdx.x + k * 1024;
        if (i / 32 * 32 < width) hand_on(out, row, width, i, v[k] * factor * weights[k]);
    }
}

__global__ void add_normed_kernel(float* x, const float* part, int width, NormView norm, float alpha) {
    let_next_start();
    wait_for_inputs();
    const long long row = blockIdx.x;
    const Statistics s = statistics(part + row * width, width, norm);
    for (int i = threadIdx.x; i < width; i += blockDim.x)
        x[row * width + i] += alpha * normed(part[row * width + i], i, s, norm);
}

__global__ void add_counted_kernel(float* x, const float* part, int width, NormView norm, const float* gate,
                                   float alpha) {
    let_next_start();
    wait_for_inputs();
    const long long row = blockIdx.x;
    x += row * width;
    const Statistics s = statistics(x, width, norm);
    float sum = 0;
    for (int i = threadIdx.x; i < width; i += blockDim.x) sum += normed(x[i], i, s, norm) * gate[i];
    const float counts = alpha / (1.0f + expf(-block_sum(sum)));  // behind its barriers x is read by all
    for (int i = threadIdx.x; i < width; i += blockDim.x) x[i] += counts * part[row * width + i];
}

__global__ void add_bias_kernel(float* values, long long stride, const float* bias, int width) {
    let_next_start();
    wait_for_inputs();
    const int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i < width) values[blockIdx.y * stride + i] += bias[i];
}

__global__ void activate_kernel(int kind, const float* gate, const float* up, long long stride, int width,
                                NormOut out) {
    let_next_start();
    wait_for_inputs();
    const int i = blockIdx.x * blockDim.x + threadIdx.x, row = blockIdx.y;
    if (i / 32 * 32 >= width) return;
    float v = 0;
    if (i < width) {
        const float u = up[row * stride + i];
        v = gate ? gated_value(kind, gate[row * stride + i], u) : activate(kind, u);
    }
    hand_on(out, row, width, i, v);
}

}  // namespace

void norm(cudaStream_t stream, const float* x, int width, int rows, const NormView& norm, const int* rows_at,
          const NormOut& out) {
    if (norm.weight && !norm.layer && rows <= kFewRows && width <= kHeld * 1024) {
        launch(stream, dim3(rows), dim3(1024), rms_kernel, x, width, norm, rows_at, out);
        return;
    }
    launch(stream, dim3(rows), dim3(rows <= kGemvRows ? 1024 : 256), norm_kernel, x, width, norm, rows_at,
           out);
}
void add_normed(cudaStream_t stream, float* x, const float* part, int width, int rows, const NormView& norm,
                float alpha) {
    launch(stream, dim3(rows), dim3(256), add_normed_kernel, x, part, width, norm, alpha);
}
void add_counted(cudaStream_t stream, float* x, const float* part, int width, int rows, const NormView& norm,
                 const float* gate, float alpha) {
    launch(stream, dim3(rows), dim3(1024), add_counted_kernel, x, part, width, norm, gate, alpha);
}
void add_bias(cudaStream_t stream, float* values, long long stride, const float* bias, int width, int rows) {
    launch(stream, dim3((width + 255) / 256, rows), dim3(256), add_bias_kernel, values, stride, bias, width);
}
void activate_rows(cudaStream_t stream, int activation, const float* gate, const float* up, long long stride,
                   int width, int rows, const NormOut& out) {
    launch(stream, dim3((width + 255) / 256, rows), dim3(256), activate_kernel, activation, gate, up, stride,
           width, out);
}

}  // namespace pellucid::cuda
