// What the attention kernels on the tensor cores share: a warp's 16 query rows against tiles of keys, with
// the running softmax of FlashAttention-2 (arXiv 2307.08691).
#pragma once

#include "gpu/cuda/device.cuh"

namespace pellucid::cuda {

__device__ __forceinline__ unsigned shared_address(const void* p) {
    return static_cast<unsigned>(__cvta_generic_to_shared(p));
}
__device__ __forceinline__ void copy16(void* to, const void* from) {
    asm volatile("cp.async.cg.shared.global [%0], [%1], 16;" ::"r"(shared_address(to)), "l"(from));
}
__device__ __forceinline__ void load_matrices(unsigned (&r)[4], const __half* p) {
    asm volatile("ldmatrix.sync.aligned.m8n8.x4.shared.b16 {%0,%1,%2,%3}, [%4];"
                 : "=r"(r[0]), "=r"(r[1]), "=r"(r[2]), "=r"(r[3])
                 : "r"(shared_address(p)));
}
__device__ __forceinline__ void load_matrices_turned(unsigned (&r)[4], const __half* p) {
    asm volatile("ldmatrix.sync.aligned.m8n8.x4.trans.shared.b16 {%0,%1,%2,%3}, [%4];"
                 : "=r"(r[0]), "=r"(r[1]), "=r"(r[2]), "=r"(r[3])
                 : "r"(shared_address(p)));
}
__device__ __forceinline__ void multiply(float (&c)[4], const unsigned (&a)[4], unsigned b0, unsigned b1) {
    asm("mma.sync.aligned.m16n8k16.row.col.f32.f16.f16.f32 {%0,%1,%2,%3}, {%4,%5,%6,%7}, {%8,%9}, "
        "{%0,%1,%2,%3};"
        : "+f"(c[0]), "+f"(c[1]), "+f"(c[2]), "+f"(c[3])
        : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "r"(b0), "r"(b1));
}
__device__ __forceinline__ unsigned packed(float low, float high) {
    const __half2 both = __floats2half2_rn(low, high);
    return *reinterpret_cast<const unsigned*>(&both);
}

/// Outputs of a warp's 16 rows so far. Lane 4 g + t holds rows g and g + 8 (indices 0, 1 and 2, 3 of each
/// four), columns 8 n + 2 t and the next: the layout of an mma's result.
template <int Dim, int Keys>
struct TileSums {
    float sum[Dim / 8][4] = {}, best[2] = {-INFINITY, -INFINITY}, total[2] = {0, 0};

    /// score: q k times the scale, lane layout as above, becomes e^(capped score - best). hidden(i, n): the
    /// key n of the tile may not be seen by row i.
    template <typename Hidden>
    __device__ __forceinline__ void absorb(float (&score)[Keys / 8][4], float soft_cap, Hidden&& hidden) {
        const int t = threadIdx.x % 4;
        float top[2] = {best[0], best[1]};
        if (soft_cap > 0)  // apart, so that others need not step over its code
#pragma unroll
            for (int n = 0; n < Keys / 8; ++n)
#pragma unroll
                for (int i = 0; i < 4; ++i) score[n][i] = soft_cap * tanhf(score[n][i] / soft_cap);
#pragma unroll
        for (int n = 0; n < Keys / 8; ++n)
#pragma unroll
            for (int i = 0; i < 4; ++i) {
                float s = score[n][i];
                if (hidden(i / 2, 8 * n + 2 * t + i % 2)) s = -INFINITY;
                score[n][i] = s;
                top[i / 2] = fmaxf(top[i / 2], s);
            }
#pragma unroll
        for (int i = 0; i < 2; ++i) {
            top[i] = fmaxf(top[i], __shfl_xor_sync(0xffffffffu, top[i], 1));
            top[i] = fmaxf(top[i], __shfl_xor_sync(0xffffffffu, top[i], 2));
            const float base = top[i] == -INFINITY ? 0 : top[i], shrink = __expf(best[i] - base);
            best[i] = top[i];
            total[i] *= shrink;
#pragma unroll
            for (int n = 0; n < Dim / 8; ++n) {
                sum[n][2 * i] *= shrink;
                sum[n][2 * i + 1] *= shrink;
            }
#pragma unroll
            for (int n = 0; n < Keys / 8; ++n) {
                score[n][2 * i] = __expf(score[n][2 * i] - base);
                score[n][2 * i + 1] = __expf(score[n][2 * i + 1] - base);
                total[i] += score[n][2 * i] + score[n][2 * i + 1];
            }
        }
    }

    /// values: f16 [Keys][Dim + 8] in shared memory.
    __device__ __forceinline__ void add(const float (&weight)[Keys / 8][4], const __half (*values)[Dim + 8]) {
        const int lane = threadIdx.x % 32;
#pragma unroll
        for (int j = 0; j < Keys / 16; ++j) {
            const unsigned p[4] = {packed(weight[2 * j][0], weight[2 * j][1]),
                                   packed(weight[2 * j][2], weight[2 * j][3]),
                                   packed(weight[2 * j + 1][0], weight[2 * j + 1][1]),
                                   packed(weight[2 * j + 1][2], weight[2 * j + 1][3])};
#pragma unroll
            for (int n = 0; n < Dim / 8; n += 2) {
                unsigned b[4];
                load_matrices_turned(b, &values[16 * j + lane % 16][8 * n + lane / 16 * 8]);
                multiply(sum[n], p, b[0], b[1]);
                multiply(sum[n + 1], p, b[2], b[3]);
            }
        }
    }

    /// The lanes of a row add up their totals. Once, at the end.
    __device__ __forceinline__ void finish() {
#pragma unroll
        for (int i = 0; i < 2; ++i) {
            total[i] += __shfl_xor_sync(0xffffffffu, total[i], 1);
            total[i] += __shfl_xor_sync(0xffffffffu, total[i], 2);
        }
    }
};

}  // namespace pellucid::cuda
