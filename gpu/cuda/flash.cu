// Attention of many rows of one sequence on the tensor cores: 64 query rows of a head a block, 16 a warp,
// over pages in tiles of 64 keys, with the running softmax of FlashAttention-2 (arXiv 2307.08691).
#include "gpu/cuda/device.cuh"
#include "gpu/cuda/kernels.h"

namespace pellucid::cuda {
namespace {

inline constexpr int kTile = 64, kFlashWarps = 4;

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
    asm volatile(
        "mma.sync.aligned.m16n8k16.row.col.f32.f16.f16.f32 {%0,%1,%2,%3}, {%4,%5,%6,%7}, {%8,%9}, "
        "{%0,%1,%2,%3};"
        : "+f"(c[0]), "+f"(c[1]), "+f"(c[2]), "+f"(c[3])
        : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "r"(b0), "r"(b1));
}
__device__ __forceinline__ unsigned packed(float low, float high) {
    const __half2 both = __floats2half2_rn(low, high);
    return *reinterpret_cast<const unsigned*>(&both);
}

template <int Dim>
__global__ void __launch_bounds__(kFlashWarps * 32)
    flash_kernel(AttentionJob job, StepView step, int rows, __half* out) {
    let_next_start();
    wait_for_inputs();
    constexpr int kStride = Dim + 8;
    __shared__ __align__(16) __half keys[kTile][kStride], values[kTile][kStride];
    const int head = blockIdx.x, kv_head = head / (job.heads / job.kv.kv_heads);
    const int warp = threadIdx.x / 32, lane = threadIdx.x % 32, g = lane / 4, t = lane % 4;
    const int start = step.positions[0];
    const int first = static_cast<int>(gridDim.y - 1 - blockIdx.y) * kTile;  // the longest rows begin first
    const int row0 = first + warp * 16 + g, row1 = row0 + 8;
    const int position0 = start + row0, position1 = start + row1;

    unsigned q[Dim / 16][4];
    const float* q0 = job.wide + min(row0, rows - 1) * job.stride + static_cast<long long>(head) * Dim;
    const float* q1 = job.wide + min(row1, rows - 1) * job.stride + static_cast<long long>(head) * Dim;
#pragma unroll
    for (int j = 0; j < Dim / 16; ++j) {
        const int at = 16 * j + 2 * t;
        q[j][0] = packed(q0[at] * job.scale, q0[at + 1] * job.scale);
        q[j][1] = packed(q1[at] * job.scale, q1[at + 1] * job.scale);
        q[j][2] = packed(q0[at + 8] * job.scale, q0[at + 9] * job.scale);
        q[j][3] = packed(q1[at + 8] * job.scale, q1[at + 9] * job.scale);
    }
    float sum[Dim / 8][4] = {}, best0 = -INFINITY, best1 = -INFINITY, total0 = 0, total1 = 0;
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
        const bool edge = tile + kTile - 1 > start + first || job.window > 0;
        float top0 = best0, top1 = best1;
#pragma unroll
        for (int n = 0; n < kTile / 8; ++n)
#pragma unroll
            for (int i = 0; i < 4; ++i) {
                float s = score[n][i];
                if (job.soft_cap > 0) s = job.soft_cap * tanhf(s / job.soft_cap);
                if (edge) {
                    const int key = tile + 8 * n + 2 * t + i % 2, position = i < 2 ? position0 : position1;
                    // Slots past the last row hold whatever was there, so they are cut by the causal mask
                    // too.
                    if (key > position || (job.window > 0 && key <= position - job.window)) s = -INFINITY;
                }
                score[n][i] = s;
                if (i < 2)
                    top0 = fmaxf(top0, s);
                else
                    top1 = fmaxf(top1, s);
            }
        top0 = fmaxf(top0, __shfl_xor_sync(0xffffffffu, top0, 1));
        top0 = fmaxf(top0, __shfl_xor_sync(0xffffffffu, top0, 2));
        top1 = fmaxf(top1, __shfl_xor_sync(0xffffffffu, top1, 1));
        top1 = fmaxf(top1, __shfl_xor_sync(0xffffffffu, top1, 2));
        const float base0 = top0 == -INFINITY ? 0 : top0, base1 = top1 == -INFINITY ? 0 : top1;
        const float shrink0 = __expf(best0 - base0), shrink1 = __expf(best1 - base1);
        best0 = top0;
        best1 = top1;
        total0 *= shrink0;
        total1 *= shrink1;
#pragma unroll
        for (int n = 0; n < Dim / 8; ++n) {
            sum[n][0] *= shrink0;
            sum[n][1] *= shrink0;
            sum[n][2] *= shrink1;
            sum[n][3] *= shrink1;
        }
#pragma unroll
        for (int n = 0; n < kTile / 8; ++n) {
            score[n][0] = __expf(score[n][0] - base0);
            score[n][1] = __expf(score[n][1] - base0);
            score[n][2] = __expf(score[n][2] - base1);
            score[n][3] = __expf(score[n][3] - base1);
            total0 += score[n][0] + score[n][1];
            total1 += score[n][2] + score[n][3];
        }
#pragma unroll
        for (int j = 0; j < kTile / 16; ++j) {
            const unsigned p[4] = {packed(score[2 * j][0], score[2 * j][1]),
                                   packed(score[2 * j][2], score[2 * j][3]),
                                   packed(score[2 * j + 1][0], score[2 * j + 1][1]),
                                   packed(score[2 * j + 1][2], score[2 * j + 1][3])};
#pragma unroll
            for (int n = 0; n < Dim / 8; n += 2) {
                unsigned b[4];
                load_matrices_turned(b, &values[16 * j + lane % 16][8 * n + lane / 16 * 8]);
                multiply(sum[n], p, b[0], b[1]);
                multiply(sum[n + 1], p, b[2], b[3]);
            }
        }
    }
    total0 += __shfl_xor_sync(0xffffffffu, total0, 1);
    total0 += __shfl_xor_sync(0xffffffffu, total0, 2);
    total1 += __shfl_xor_sync(0xffffffffu, total1, 1);
    total1 += __shfl_xor_sync(0xffffffffu, total1, 2);
    const long long width = static_cast<long long>(job.heads) * Dim;
#pragma unroll
    for (int n = 0; n < Dim / 8; ++n) {
        const long long column = static_cast<long long>(head) * Dim + 8 * n + 2 * t;
        if (row0 < rows)
            *reinterpret_cast<unsigned*>(out + row0 * width + column) =
                packed(sum[n][0] / total0, sum[n][1] / total0);
        if (row1 < rows)
            *reinterpret_cast<unsigned*>(out + row1 * width + column) =
                packed(sum[n][2] / total1, sum[n][3] / total1);
    }
}

inline constexpr int kKeys = 32;  ///< a warp takes at a time

/// One new token: the query heads of a KV head are the rows of one 16-row tile. A block: one KV head, row and
/// split; its warps share out the split's chunks of 32 keys. Keys come straight into registers: which
/// dimension meets which does not matter to a sum, so each lane takes 16 neighbouring bytes.
template <int Dim>
__global__ void __launch_bounds__(kFlashWarps * 32)
    packed_kernel(AttentionJob job, StepView step, NormOut out) {
    let_next_start();
    wait_for_inputs();
    constexpr int kStride = Dim + 8;
    __shared__ __align__(16) __half values[kFlashWarps][kKeys][kStride];
    __shared__ float tops[kFlashWarps][16], totals[16], sums[16][Dim + 8];
    const int kv_head = blockIdx.x, row = blockIdx.y, split = blockIdx.z;
    const int per_kv = job.heads / job.kv.kv_heads, head0 = kv_head * per_kv;
    const int warp = threadIdx.x / 32, lane = threadIdx.x % 32, g = lane / 4, t = lane % 4;
    const int position = step.positions[row];
    const int oldest = job.window > 0 ? max(0, position - job.window + 1) : 0;
    const int chunk0 = oldest / kKeys, chunk_end = position / kKeys + 1;
    const int share = (chunk_end - chunk0 + job.splits - 1) / job.splits;
    const int begin = chunk0 + split * share, end = min(chunk_end, begin + share);

    unsigned q[Dim / 16][4];
    const float* queries = job.wide + row * job.stride + static_cast<long long>(head0) * Dim;
#pragma unroll
    for (int c = 0; c < Dim / 32; ++c)
#pragma unroll
        for (int half = 0; half < 2; ++half) {
            const int at = 32 * c + 8 * t + 4 * half;
            const float4 zero = {0, 0, 0, 0};
            const float4 a = g < per_kv ? *reinterpret_cast<const float4*>(queries + g * Dim + at) : zero;
            const float4 b =
                g + 8 < per_kv ? *reinterpret_cast<const float4*>(queries + (g + 8) * Dim + at) : zero;
            q[2 * c + half][0] = packed(a.x * job.scale, a.y * job.scale);
            q[2 * c + half][1] = packed(b.x * job.scale, b.y * job.scale);
            q[2 * c + half][2] = packed(a.z * job.scale, a.w * job.scale);
            q[2 * c + half][3] = packed(b.z * job.scale, b.w * job.scale);
        }
    float sum[Dim / 8][4] = {}, best0 = -INFINITY, best1 = -INFINITY, total0 = 0, total1 = 0;
    const int* table = step.tables + static_cast<long long>(step.sequences[row]) * step.table_width;
    for (int chunk = begin + warp; chunk < end; chunk += kFlashWarps) {
        const int first = chunk * kKeys;
        const long long at =
            ((static_cast<long long>(table[first / step.page_tokens]) * job.kv.kv_heads + kv_head) *
                 step.page_tokens +
             first % step.page_tokens) *
            Dim;
        const __half* from_keys = static_cast<const __half*>(job.kv.keys) + at;
        const __half* from_values = static_cast<const __half*>(job.kv.values) + at;
        uint4 keys[kKeys / 8][Dim / 32];
#pragma unroll
        for (int n = 0; n < kKeys / 8; ++n)
#pragma unroll
            for (int c = 0; c < Dim / 32; ++c)
                keys[n][c] = *reinterpret_cast<const uint4*>(from_keys + (8 * n + g) * Dim + 32 * c + 8 * t);
        __syncwarp();
#pragma unroll
        for (int i = 0; i < kKeys * Dim / 8 / 32; ++i) {
            const int piece = i * 32 + lane, key = piece / (Dim / 8), column = piece % (Dim / 8) * 8;
            copy16(&values[warp][key][column], from_values + key * Dim + column);
        }
        float score[kKeys / 8][4] = {};
        float top0 = best0, top1 = best1;
#pragma unroll
        for (int n = 0; n < kKeys / 8; ++n) {
#pragma unroll
            for (int c = 0; c < Dim / 32; ++c) {
                multiply(score[n], q[2 * c], keys[n][c].x, keys[n][c].y);
                multiply(score[n], q[2 * c + 1], keys[n][c].z, keys[n][c].w);
            }
#pragma unroll
            for (int i = 0; i < 4; ++i) {
                float s = score[n][i];
                if (job.soft_cap > 0) s = job.soft_cap * tanhf(s / job.soft_cap);
                const int key = first + 8 * n + 2 * t + i % 2;
                if (key > position || key < oldest) s = -INFINITY;
                score[n][i] = s;
                if (i < 2)
                    top0 = fmaxf(top0, s);
                else
                    top1 = fmaxf(top1, s);
            }
        }
        top0 = fmaxf(top0, __shfl_xor_sync(0xffffffffu, top0, 1));
        top0 = fmaxf(top0, __shfl_xor_sync(0xffffffffu, top0, 2));
        top1 = fmaxf(top1, __shfl_xor_sync(0xffffffffu, top1, 1));
        top1 = fmaxf(top1, __shfl_xor_sync(0xffffffffu, top1, 2));
        const float base0 = top0 == -INFINITY ? 0 : top0, base1 = top1 == -INFINITY ? 0 : top1;
        const float shrink0 = __expf(best0 - base0), shrink1 = __expf(best1 - base1);
        best0 = top0;
        best1 = top1;
        total0 *= shrink0;
        total1 *= shrink1;
#pragma unroll
        for (int n = 0; n < Dim / 8; ++n) {
            sum[n][0] *= shrink0;
            sum[n][1] *= shrink0;
            sum[n][2] *= shrink1;
            sum[n][3] *= shrink1;
        }
#pragma unroll
        for (int n = 0; n < kKeys / 8; ++n) {
            score[n][0] = __expf(score[n][0] - base0);
            score[n][1] = __expf(score[n][1] - base0);
            score[n][2] = __expf(score[n][2] - base1);
            score[n][3] = __expf(score[n][3] - base1);
            total0 += score[n][0] + score[n][1];
            total1 += score[n][2] + score[n][3];
        }
        asm volatile("cp.async.wait_all;" ::: "memory");
        __syncwarp();
#pragma unroll
        for (int j = 0; j < kKeys / 16; ++j) {
            const unsigned p[4] = {packed(score[2 * j][0], score[2 * j][1]),
                                   packed(score[2 * j][2], score[2 * j][3]),
                                   packed(score[2 * j + 1][0], score[2 * j + 1][1]),
                                   packed(score[2 * j + 1][2], score[2 * j + 1][3])};
#pragma unroll
            for (int n = 0; n < Dim / 8; n += 2) {
                unsigned b[4];
                load_matrices_turned(b, &values[warp][16 * j + lane % 16][8 * n + lane / 16 * 8]);
                multiply(sum[n], p, b[0], b[1]);
                multiply(sum[n + 1], p, b[2], b[3]);
            }
        }
    }
    total0 += __shfl_xor_sync(0xffffffffu, total0, 1);
    total0 += __shfl_xor_sync(0xffffffffu, total0, 2);
    total1 += __shfl_xor_sync(0xffffffffu, total1, 1);
    total1 += __shfl_xor_sync(0xffffffffu, total1, 2);
    // The warps' parts become one, in their order, so that a run repeats bit for bit.
    if (t == 0) {
        tops[warp][g] = best0;
        tops[warp][g + 8] = best1;
    }
    __syncthreads();
    float all0 = -INFINITY, all1 = -INFINITY;
    for (int w = 0; w < kFlashWarps; ++w) {
        all0 = fmaxf(all0, tops[w][g]);
        all1 = fmaxf(all1, tops[w][g + 8]);
    }
    const float shrink0 = best0 == -INFINITY ? 0 : __expf(best0 - all0);
    const float shrink1 = best1 == -INFINITY ? 0 : __expf(best1 - all1);
    const int working = max(1, min(kFlashWarps, end - begin));  // later warps had no chunk
    for (int w = 0; w < working; ++w) {
        if (warp == w) {
#pragma unroll
            for (int n = 0; n < Dim / 8; ++n)
#pragma unroll
                for (int i = 0; i < 4; ++i) {
                    if (i >= 2 && per_kv <= 8) continue;
                    float& to = sums[i < 2 ? g : g + 8][8 * n + 2 * t + i % 2];
                    const float part = sum[n][i] * (i < 2 ? shrink0 : shrink1);
                    to = w == 0 ? part : to + part;
                }
            if (t == 0) {
                totals[g] = total0 * shrink0 + (w == 0 ? 0 : totals[g]);
                totals[g + 8] = total1 * shrink1 + (w == 0 ? 0 : totals[g + 8]);
            }
        }
        __syncthreads();
    }
    for (int h = 0; h < per_kv; ++h) {
        const int i = threadIdx.x;
        if (i >= Dim) break;
        const int head = head0 + h;
        if (job.splits > 1) {
            float* to = job.partial +
                        ((static_cast<long long>(row) * job.heads + head) * job.splits + split) * (Dim + 2);
            to[2 + i] = sums[h][i];
            if (i == 0) {
                float top = -INFINITY;
                for (int w = 0; w < kFlashWarps; ++w) top = fmaxf(top, tops[w][h]);
                to[0] = top;
                to[1] = totals[h];
            }
            continue;
        }
        const float value = sums[h][i] / totals[h];
        const long long at = static_cast<long long>(row) * job.heads * Dim + head * Dim + i;
        if (out.values) out.values[at] = value;
        if (out.halves) static_cast<__half*>(out.halves)[at] = to_half(value);
        if (out.q8.low) store_q8(out.q8, row, (head * Dim + i) / kGroup, value);
    }
}

}  // namespace

bool flash_attention(cudaStream_t stream, const AttentionJob& job, const StepView& step, int rows,
                     void* out) {
    if (step.page_tokens % kTile != 0) return false;
    const dim3 grid(job.heads, (rows + kTile - 1) / kTile), block(kFlashWarps * 32);
    if (job.kv.head_dim == 128)
        launch(stream, grid, block, flash_kernel<128>, job, step, rows, static_cast<__half*>(out));
    else if (job.kv.head_dim == 64)
        launch(stream, grid, block, flash_kernel<64>, job, step, rows, static_cast<__half*>(out));
    else if (job.kv.head_dim == 32)
        launch(stream, grid, block, flash_kernel<32>, job, step, rows, static_cast<__half*>(out));
    else
        return false;
    return true;
}

bool packed_attention(cudaStream_t stream, const AttentionJob& job, const StepView& step, int rows,
                      const NormOut& out) {
    if (step.page_tokens % kKeys != 0 || job.heads / job.kv.kv_heads > 16) return false;
    const dim3 grid(job.kv.kv_heads, rows, job.splits), block(kFlashWarps * 32);
    if (job.kv.head_dim == 128)
        launch(stream, grid, block, packed_kernel<128>, job, step, out);
    else if (job.kv.head_dim == 64)
        launch(stream, grid, block, packed_kernel<64>, job, step, out);
    else if (job.kv.head_dim == 32)
        launch(stream, grid, block, packed_kernel<32>, job, step, out);
    else
        return false;
    return true;
}

}  // namespace pellucid::cuda
