// Queries against latents. On the tensor cores a tile of keys is one of values too: it is read once for 16 or
// 64 pairs of a row and a head, whose scores the warps share out by keys and whose sums they share out by
// dimensions.
#include "gpu/cuda/latent.cuh"
#include "gpu/cuda/tile.cuh"

namespace pellucid::cuda {
namespace {

inline constexpr int kRank = 512, kCached = 576, kPitch = kCached + 8;
inline constexpr int kLatentThreads = 256, kLatentWarps = kLatentThreads / 32;
inline constexpr int kDims = kRank / kLatentWarps;  ///< of a warp's sums
inline constexpr int kManyTiles = 4, kManyKeys = 32;

struct LatentShared {
    __half queries[kManyTiles * 16][kPitch];
    __half keys[2][kManyKeys][kPitch];
    float scores[kManyTiles * 16][kManyKeys + 4];
    __half weights[kManyTiles * 16][kManyKeys + 8];
    float best[kManyTiles * 16], total[kManyTiles * 16], shrink[kManyTiles * 16];
    int positions[kManyTiles * 16];
};

/// 64 (row, head) pairs of one sequence, heads running first.
__global__ void __launch_bounds__(kLatentThreads, 1)
    latent_kernel(const __grid_constant__ LatentJob p, StepView step, int rows) {
    let_next_start();
    extern __shared__ __align__(128) unsigned char memory[];
    auto& s = *reinterpret_cast<LatentShared*>(memory);
    constexpr int Tiles = kManyTiles, Keys = kManyKeys;
    const int thread = threadIdx.x, warp = thread / 32, lane = thread % 32, g = lane / 4, t = lane % 4;
    wait_for_inputs();
    // The longest rows first.
    const long long pair0 = static_cast<long long>(gridDim.x - 1 - blockIdx.x) * (Tiles * 16);
    const long long all = static_cast<long long>(rows) * p.heads;
    const int pairs = static_cast<int>(min(static_cast<long long>(Tiles * 16), all - pair0));
    const int end = step.positions[(pair0 + pairs - 1) / p.heads] / Keys + 1;
    const int* table = step.tables + static_cast<long long>(step.sequences[0]) * step.table_width;
    const auto fetch = [&](int tile, int stage) {
        const int key0 = tile * Keys;
        const long long at = static_cast<long long>(table[key0 / step.page_tokens]) * step.page_tokens +
                             key0 % step.page_tokens;
        const __half* from = static_cast<const __half*>(p.cache) + at * kCached;
#pragma unroll 6
        for (int i = thread; i < Keys * (kCached / 8); i += kLatentThreads) {
            const int key = i / (kCached / 8), column = i % (kCached / 8) * 8;
            copy16(&s.keys[stage][key][column], from + static_cast<long long>(key) * kCached + column);
        }
    };
    const __half* queries = static_cast<const __half*>(p.queries) + pair0 * kCached;
#pragma unroll 5
    for (int i = thread; i < Tiles * 16 * (kCached / 8); i += kLatentThreads) {
        const int pair = i / (kCached / 8), column = i % (kCached / 8) * 8;
        uint4 eight = {0, 0, 0, 0};
        if (pair < pairs)
            eight = __ldcg(
                reinterpret_cast<const uint4*>(queries + static_cast<long long>(pair) * kCached + column));
        *reinterpret_cast<uint4*>(&s.queries[pair][column]) = eight;
    }
    if (thread < Tiles * 16) {
        s.best[thread] = -INFINITY;
        s.total[thread] = 0;
        s.positions[thread] = step.positions[(pair0 + min(thread, pairs - 1)) / p.heads];
    }
    fetch(0, 0);
    asm volatile("cp.async.commit_group;" ::: "memory");
    if (1 < end) fetch(1, 1);
    asm volatile("cp.async.commit_group;" ::: "memory");
    float sums[Tiles][kDims / 8][4] = {};
#pragma unroll 1
    for (int tile = 0; tile < end; ++tile) {
        const int stage = tile & 1;
        asm volatile("cp.async.wait_group 1;" ::: "memory");
        __syncthreads();
        // Scores: a warp takes 16 pairs and some eights of keys.
        constexpr int kEights = Tiles * Keys / 8 / kLatentWarps;
        const int m = warp % Tiles, n0 = warp / Tiles * kEights;
        float score[kEights][2][4] = {};
#pragma unroll 3
        for (int k = 0; k < kCached; k += 32) {
            unsigned a[2][4];
#pragma unroll
            for (int h = 0; h < 2; ++h)
                load_matrices(a[h], &s.queries[16 * m + lane % 16][k + 16 * h + lane / 16 * 8]);
#pragma unroll
            for (int n = 0; n < kEights; ++n) {
                unsigned b[4];
                load_matrices(b, &s.keys[stage][8 * (n0 + n) + lane % 8][k + lane / 8 * 8]);
                multiply(score[n][0], a[0], b[0], b[1]);
                multiply(score[n][1], a[1], b[2], b[3]);
            }
        }
#pragma unroll
        for (int n = 0; n < kEights; ++n)
#pragma unroll
            for (int i = 0; i < 4; ++i) {
                const int pair = 16 * m + g + i / 2 * 8, key = 8 * (n0 + n) + 2 * t + i % 2;
                const bool hidden = tile * Keys + key > s.positions[pair];
                s.scores[pair][key] = hidden ? -INFINITY : (score[n][0][i] + score[n][1][i]) * p.scale;
            }
        __syncthreads();
        constexpr int kTogether = kLatentThreads / (Tiles * 16),
                      kEach = Keys / kTogether;  // threads of a pair
        {
            const int pair = thread / kTogether, part = thread % kTogether;
            const float before = s.best[pair];
            float v[kEach], top = before;
#pragma unroll
            for (int i = 0; i < kEach; ++i) {
                v[i] = s.scores[pair][part + kTogether * i];
                top = fmaxf(top, v[i]);
            }
#pragma unroll
            for (int offset = kTogether / 2; offset > 0; offset /= 2)
                top = fmaxf(top, __shfl_xor_sync(0xffffffffu, top, offset));
            const float base = top == -INFINITY ? 0 : top;
            float total = 0;
#pragma unroll
            for (int i = 0; i < kEach; ++i) {
                const float e = __expf(v[i] - base);
                total += e;
                s.weights[pair][part + kTogether * i] = __float2half_rn(e);
            }
#pragma unroll
            for (int offset = kTogether / 2; offset > 0; offset /= 2)
                total += __shfl_xor_sync(0xffffffffu, total, offset);
            __syncwarp();  // all have read it
            if (part == 0) {
                const float shrink = __expf(before - base);
                s.shrink[pair] = shrink;
                s.best[pair] = top;
                s.total[pair] = s.total[pair] * shrink + total;
            }
        }
        __syncthreads();
#pragma unroll
        for (int m2 = 0; m2 < Tiles; ++m2) {
            const float low = s.shrink[16 * m2 + g], high = s.shrink[16 * m2 + g + 8];
#pragma unroll
            for (int n = 0; n < kDims / 8; ++n) {
                sums[m2][n][0] *= low;
                sums[m2][n][1] *= low;
                sums[m2][n][2] *= high;
                sums[m2][n][3] *= high;
            }
        }
#pragma unroll
        for (int k = 0; k < Keys; k += 16) {
            unsigned a[Tiles][4];
#pragma unroll
            for (int m2 = 0; m2 < Tiles; ++m2)
                load_matrices(a[m2], &s.weights[16 * m2 + lane % 16][k + lane / 16 * 8]);
#pragma unroll
            for (int n = 0; n < kDims / 8; n += 2) {
                unsigned b[4];
                load_matrices_turned(b, &s.keys[stage][k + lane % 16][kDims * warp + 8 * n + lane / 16 * 8]);
#pragma unroll
                for (int m2 = 0; m2 < Tiles; ++m2) {
                    multiply(sums[m2][n], a[m2], b[0], b[1]);
                    multiply(sums[m2][n + 1], a[m2], b[2], b[3]);
                }
            }
        }
        __syncthreads();  // the stage was read
        if (tile + 2 < end) fetch(tile + 2, stage);
        asm volatile("cp.async.commit_group;" ::: "memory");
    }
#pragma unroll
    for (int m = 0; m < Tiles; ++m)
#pragma unroll
        for (int i = 0; i < 2; ++i) {
            const int pair = 16 * m + g + 8 * i;
            if (pair >= pairs) continue;
#pragma unroll
            for (int n = 0; n < kDims / 8; ++n) {
                const int dim = kDims * warp + 8 * n + 2 * t;
                const float a = sums[m][n][2 * i], b = sums[m][n][2 * i + 1];
                const float total = s.total[pair];
                *reinterpret_cast<unsigned*>(static_cast<__half*>(p.latents) + (pair0 + pair) * kRank + dim) =
                    packed(a / total, b / total);
            }
        }
}

inline constexpr int kFewStages = 4, kHalf = kCached / 2;  ///< dimensions of a warp's scores
inline constexpr int kScorePitch = kLatentKeys + 8;

struct FewShared {
    __half keys[kFewStages][kLatentKeys][kPitch];
    __half queries[kLatentHeads][kPitch];
    float scores[2][kLatentHeads][kScorePitch];  ///< of each half of the dimensions
};

/// Some heads of one row, one split of its sequence. A warp scores eight keys over half of the dimensions,
/// whose queries it keeps in registers; every warp then weighs all keys for itself, as the rows of an mma,
/// and sums 64 dimensions. So a tile has two meetings, and three tiles are on their way meanwhile.
__global__ void __launch_bounds__(kLatentThreads, 1)
    latent_few_kernel(const __grid_constant__ LatentJob p, StepView step, int rows) {
    let_next_start();
    extern __shared__ __align__(128) unsigned char memory[];
    auto& s = *reinterpret_cast<FewShared*>(memory);
    constexpr int Keys = kLatentKeys, kPieces = kCached / 8;
    static_assert(Keys == 32 && kLatentHeads == 16 && Keys * kPieces % kLatentThreads == 0);
    const int thread = threadIdx.x, warp = thread / 32, lane = thread % 32, g = lane / 4, t = lane % 4;
    const int row = blockIdx.z, head0 = blockIdx.y * kLatentHeads, pairs = min(kLatentHeads, p.heads - head0);
    const int position = step.positions[row], share = split_share(position, p.splits);
    const int begin = blockIdx.x * share, end = min(begin + share, position / Keys + 1);
    if (begin >= end) {
        wait_for_inputs();
        return;
    }
    const int* table = step.tables + static_cast<long long>(step.sequences[row]) * step.table_width;
    int asked = begin, stage_to = 0;
    const auto ask = [&] {
        if (asked < end) {
            const int key0 = asked * Keys;
            const long long at = static_cast<long long>(table[key0 / step.page_tokens]) * step.page_tokens +
                                 key0 % step.page_tokens;
            const auto* from = static_cast<const unsigned char*>(p.cache) + at * (2 * kCached) + thread * 16;
            const unsigned to = shared_address(s.keys[stage_to]) + thread * 16;
#pragma unroll
            for (int k = 0; k < Keys * kPieces / kLatentThreads; ++k) {
                const int key = (thread + k * kLatentThreads) / kPieces;  // each row has 16 bytes more
                asm volatile("cp.async.cg.shared.global [%0], [%1], 16;" ::"r"(
                                 to + k * kLatentThreads * 16 + key * (2 * (kPitch - kCached))),
                             "l"(from + k * kLatentThreads * 16)
                             : "memory");
            }
            ++asked;
            stage_to = stage_to + 1 == kFewStages ? 0 : stage_to + 1;
        }
        asm volatile("cp.async.commit_group;" ::: "memory");
    };
    // Tiles without a position of this step are there already: they come while the kernels before this one
    // make the queries.
    const int old = (position - (rows - 1)) / Keys;
    int early = 0;
    for (; early < kFewStages - 1 && asked < min(end, old); ++early) ask();
    wait_for_inputs();
    const long long pair0 = static_cast<long long>(row) * p.heads + head0;
    const auto* queries =
        reinterpret_cast<const uint4*>(static_cast<const __half*>(p.queries) + pair0 * kCached);
#pragma unroll
    for (int k = 0; k < (kLatentHeads * kPieces + kLatentThreads - 1) / kLatentThreads; ++k) {
        const int i = thread + k * kLatentThreads, pair = i / kPieces;
        if (pair < kLatentHeads)
            *reinterpret_cast<uint4*>(&s.queries[pair][i % kPieces * 8]) =
                pair < pairs ? __ldcg(queries + i) : uint4{0, 0, 0, 0};
    }
    for (; early < kFewStages - 1; ++early) ask();
    __syncthreads();
    const int dim0 = warp / 4 * kHalf, key0 = warp % 4 * 8;
    unsigned q[kHalf / 16][4];
#pragma unroll
    for (int k = 0; k < kHalf / 16; ++k)
        load_matrices(q[k], &s.queries[lane % 16][dim0 + 16 * k + lane / 16 * 8]);
    float sums[kDims / 8][4] = {}, best[2] = {-INFINITY, -INFINITY}, total[2] = {0, 0};
    int stage = 0;
#pragma unroll 1
    for (int tile = begin; tile < end; ++tile) {
        asm volatile("cp.async.wait_group %0;" ::"n"(kFewStages - 2) : "memory");
        __syncthreads();  // this tile is there, and the one before was read
        ask();
        float score[2][4] = {};
#pragma unroll
        for (int k = 0; k < kHalf; k += 32) {
            unsigned b[4];
            load_matrices(b, &s.keys[stage][key0 + lane % 8][dim0 + k + lane / 8 * 8]);
            multiply(score[0], q[k / 16], b[0], b[1]);
            multiply(score[1], q[k / 16 + 1], b[2], b[3]);
        }
#pragma unroll
        for (int i = 0; i < 2; ++i)
            *reinterpret_cast<float2*>(&s.scores[warp / 4][g + 8 * i][key0 + 2 * t]) = {
                score[0][2 * i] + score[1][2 * i], score[0][2 * i + 1] + score[1][2 * i + 1]};
        __syncthreads();
        unsigned weights[Keys / 16][4];
#pragma unroll
        for (int i = 0; i < 2; ++i) {  // rows g and g + 8
            float v[Keys / 8][2], top = best[i];
#pragma unroll
            for (int n = 0; n < Keys / 8; ++n) {
                const int at = 8 * n + 2 * t;
                const float2 a = *reinterpret_cast<const float2*>(&s.scores[0][g + 8 * i][at]),
                             b = *reinterpret_cast<const float2*>(&s.scores[1][g + 8 * i][at]);
                const int left = position - (tile * Keys + at);
                v[n][0] = left >= 0 ? (a.x + b.x) * p.scale : -INFINITY;
                v[n][1] = left >= 1 ? (a.y + b.y) * p.scale : -INFINITY;
                top = fmaxf(top, fmaxf(v[n][0], v[n][1]));
            }
            top = fmaxf(top, __shfl_xor_sync(0xffffffffu, top, 1));
            top = fmaxf(top, __shfl_xor_sync(0xffffffffu, top, 2));
            const float shrink = __expf(best[i] - top);  // the first key of a tile is seen: top is finite
            best[i] = top;
            total[i] *= shrink;
#pragma unroll
            for (int n = 0; n < kDims / 8; ++n) {
                sums[n][2 * i] *= shrink;
                sums[n][2 * i + 1] *= shrink;
            }
#pragma unroll
            for (int n = 0; n < Keys / 8; ++n) {
                const float e0 = __expf(v[n][0] - top), e1 = __expf(v[n][1] - top);
                total[i] += e0 + e1;
                weights[n / 2][n % 2 * 2 + i] = packed(e0, e1);
            }
        }
#pragma unroll
        for (int j = 0; j < Keys / 16; ++j)
#pragma unroll
            for (int n = 0; n < kDims / 8; n += 2) {
                unsigned b[4];
                load_matrices_turned(
                    b, &s.keys[stage][16 * j + lane % 16][kDims * warp + 8 * n + lane / 16 * 8]);
                multiply(sums[n], weights[j], b[0], b[1]);
                multiply(sums[n + 1], weights[j], b[2], b[3]);
            }
        stage = stage + 1 == kFewStages ? 0 : stage + 1;
    }
#pragma unroll
    for (int i = 0; i < 2; ++i) {
        total[i] += __shfl_xor_sync(0xffffffffu, total[i], 1);
        total[i] += __shfl_xor_sync(0xffffffffu, total[i], 2);
        const int pair = g + 8 * i;
        if (pair >= pairs) continue;
        const long long at = (pair0 + pair) * p.splits + blockIdx.x;
        const float factor = 1.0f / total[i];
#pragma unroll
        for (int n = 0; n < kDims / 8; ++n)
            *reinterpret_cast<unsigned*>(static_cast<__half*>(p.parts) + at * kRank + kDims * warp + 8 * n +
                                         2 * t) =
                packed(sums[n][2 * i] * factor, sums[n][2 * i + 1] * factor);
        if (warp == 0 && t == 0) reinterpret_cast<float2*>(p.stats)[at] = {best[i], total[i]};
    }
}

inline constexpr int kPlainWarps = 4, kPlainEach = 32;

/// A block: one row and head; warps take positions in turn.
__global__ void __launch_bounds__(kPlainWarps * 32)
    plain_kernel(const __grid_constant__ LatentJob p, StepView step) {
    let_next_start();
    wait_for_inputs();
    extern __shared__ float plain[];  // query [cached], then sums [kPlainWarps, rank]
    __shared__ float tops[kPlainWarps], totals[kPlainWarps];
    const int row = blockIdx.y, head = blockIdx.x, warp = threadIdx.x / 32, lane = threadIdx.x % 32;
    const int cached = p.rank + p.turning, position = step.positions[row];
    const long long pair = static_cast<long long>(row) * p.heads + head;
    for (int i = threadIdx.x; i < cached; i += blockDim.x)
        plain[i] = __half2float(static_cast<const __half*>(p.queries)[pair * cached + i]) * p.scale;
    __syncthreads();
    float sum[kPlainEach] = {}, best = -INFINITY, total = 0;
    for (int key = warp; key <= position; key += kPlainWarps) {
        const __half* from = static_cast<const __half*>(p.cache) + latent_at(p, step, row, key);
        float dot = 0;
        for (int i = lane; i < cached; i += 32) dot += plain[i] * __half2float(from[i]);
        dot = warp_sum(dot);
        const float top = fmaxf(best, dot), shrink = __expf(best - top), weight = __expf(dot - top);
        best = top;
        total = total * shrink + weight;
#pragma unroll
        for (int i = 0; i < kPlainEach; ++i)
            if (lane + 32 * i < p.rank) sum[i] = sum[i] * shrink + weight * __half2float(from[lane + 32 * i]);
    }
    if (lane == 0) {
        tops[warp] = best;
        totals[warp] = total;
    }
    __syncthreads();
    float top = -INFINITY, all = 0;
    for (int w = 0; w < kPlainWarps; ++w) top = fmaxf(top, tops[w]);
    for (int w = 0; w < kPlainWarps; ++w) all += tops[w] == -INFINITY ? 0 : totals[w] * __expf(tops[w] - top);
    const float shrink = best == -INFINITY ? 0 : __expf(best - top);
#pragma unroll
    for (int i = 0; i < kPlainEach; ++i)
        if (lane + 32 * i < p.rank) plain[cached + warp * p.rank + lane + 32 * i] = sum[i] * shrink;
    __syncthreads();
    for (int i = threadIdx.x; i < p.rank; i += blockDim.x) {
        float value = 0;
        for (int w = 0; w < kPlainWarps; ++w) value += plain[cached + w * p.rank + i];
        static_cast<__half*>(p.latents)[pair * p.rank + i] = to_half(value / all);
    }
}

}  // namespace

bool latent_tiles(const LatentJob& job, const StepView& step) {
    return job.rank == kRank && job.cached() == kCached && step.page_tokens % kLatentKeys == 0;
}
void latent_attention_few(cudaStream_t stream, const LatentJob& job, const StepView& step, int rows) {
    constexpr int kBytes = static_cast<int>(sizeof(FewShared));
    cudaFuncSetAttribute(latent_few_kernel, cudaFuncAttributeMaxDynamicSharedMemorySize, kBytes);
    launch_with(stream, dim3(job.splits, (job.heads + kLatentHeads - 1) / kLatentHeads, rows),
                dim3(kLatentThreads), kBytes, latent_few_kernel, job, step, rows);
}
void latent_attention_many(cudaStream_t stream, const LatentJob& job, const StepView& step, int rows) {
    const long long pairs = static_cast<long long>(rows) * job.heads;
    constexpr int kBytes = static_cast<int>(sizeof(LatentShared));
    cudaFuncSetAttribute(latent_kernel, cudaFuncAttributeMaxDynamicSharedMemorySize, kBytes);
    launch_with(stream, dim3(static_cast<unsigned>((pairs + 63) / 64)), dim3(kLatentThreads), kBytes,
                latent_kernel, job, step, rows);
}
void latent_attention_plain(cudaStream_t stream, const LatentJob& job, const StepView& step, int rows) {
    const std::size_t bytes = static_cast<std::size_t>(job.cached() + kPlainWarps * job.rank) * sizeof(float);
    launch_with(stream, dim3(job.heads, rows), dim3(kPlainWarps * 32), bytes, plain_kernel, job, step);
}

}  // namespace pellucid::cuda
