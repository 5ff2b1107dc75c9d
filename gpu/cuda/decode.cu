// Weights back to numbers: whole matrices for prefill and tests, single rows for the embedding.
#include "gpu/cuda/group.cuh"
#include "gpu/cuda/kernels.h"
#include "gpu/cuda/plain.cuh"

namespace pellucid::cuda {
namespace {

__device__ void put(float* out, float v) {
    *out = v;
}
__device__ void put(__half* out, float v) {
    *out = to_half(v);
}

/// One group a thread.
template <typename T>
__global__ void decode_kernel(MatrixView m, T* out) {
    const long long at = static_cast<long long>(blockIdx.x) * blockDim.x + threadIdx.x;
    if (!quantised(m.form)) {
        const long long all = static_cast<long long>(m.rows) * m.columns;
        for (int i = 0; i < kGroup; ++i)
            if (at + i * static_cast<long long>(gridDim.x) * blockDim.x < all) {
                const long long j = at + i * static_cast<long long>(gridDim.x) * blockDim.x;
                put(out + j, plain_value(m, j));
            }
        return;
    }
    const int groups = m.columns / kGroup;
    if (at >= static_cast<long long>(m.rows) * groups) return;
    __align__(16) T values[kGroup];
    with_any_form(m.form, [&]<Form F>() {
        Group<F> group;
        group.load(m, at / groups, static_cast<int>(at % groups));
        group.decode(static_cast<int>(at % groups), m.offset, [&](int i, float v) { put(values + i, v); });
    });
    uint4* to = reinterpret_cast<uint4*>(out + at * kGroup);
#pragma unroll
    for (int i = 0; i < static_cast<int>(kGroup * sizeof(T) / 16); ++i)
        to[i] = reinterpret_cast<uint4*>(values)[i];
}

template <typename T>
void decode_all(cudaStream_t stream, const MatrixView& m, T* out) {
    const long long items = (static_cast<long long>(m.rows) * m.columns + kGroup - 1) / kGroup;
    decode_kernel<T><<<static_cast<unsigned>((items + 127) / 128), 128, 0, stream>>>(m, out);
}

struct Ropes {
    RopeView at[kMaxRopes];
    int count;
};

/// blockIdx.y 0: the row's vector; 1: its rope angles.
__global__ void embed_kernel(MatrixView m, float scale, StepView step, const int* previous, float* x,
                             Ropes ropes) {
    let_next_start();
    wait_for_inputs();
    const int row = blockIdx.x;
    int token = step.tokens[row];
    if (token != kHiddenInput && blockIdx.y == 0) {
        if (token < 0) token = previous[-1 - token];
        float* to = x + static_cast<long long>(row) * m.columns;
        if (quantised(m.form)) {
            for (int g = threadIdx.x; g < m.columns / kGroup; g += blockDim.x)
                with_any_form(m.form, [&]<Form F>() {
                    Group<F> group;
                    group.load(m, token, g);
                    group.decode(g, m.offset, [&](int i, float v) { to[g * kGroup + i] = v * scale; });
                });
        } else {
            for (int i = threadIdx.x; i < m.columns; i += blockDim.x)
                to[i] = plain_value(m, static_cast<long long>(token) * m.columns + i) * scale;
        }
    }
    for (int r = 0; r < ropes.count && blockIdx.y == 1; ++r) {
        const RopeView& rope = ropes.at[r];
        for (int i = threadIdx.x; i < rope.pairs; i += blockDim.x) {
            double sine, cosine;
            sincos(step.positions[row] * rope.frequencies[i], &sine, &cosine);
            float* to = rope.angles + 2 * (static_cast<long long>(row) * rope.pairs + i);
            to[0] = static_cast<float>(cosine * rope.factor);
            to[1] = static_cast<float>(sine * rope.factor);
        }
    }
}

}  // namespace

void decode_to_half(cudaStream_t stream, const MatrixView& matrix, void* out) {
    decode_all(stream, matrix, static_cast<__half*>(out));
}
void decode_to_float(cudaStream_t stream, const MatrixView& matrix, float* out) {
    decode_all(stream, matrix, out);
}

void embed(cudaStream_t stream, const MatrixView& embedding, float scale, const StepView& step,
           const int* previous_ids, float* x, const RopeView* ropes, int rope_count, int rows) {
    Ropes all{};
    all.count = rope_count;
    for (int i = 0; i < rope_count; ++i) all.at[i] = ropes[i];
    launch(stream, dim3(rows, rope_count > 0 ? 2 : 1), dim3(128), embed_kernel, embedding, scale, step,
           previous_ids, x, all);
}

}  // namespace pellucid::cuda
