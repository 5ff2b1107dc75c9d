// Drawing the next token as the host's sampler does: top-k, top-p, min-p, then the largest of logit /
// temperature plus noise keyed (seed, position, token). A cluster of blocks holds a row of logits in its
// registers.
//
// Each filter keeps the front of the row in the order "larger logit, then smaller id". Where the front ends
// is found by cutting the range of logits in eight, again and again, and counting what lies above each cut.
#include <cooperative_groups.h>

#include "gpu/cuda/device.cuh"
#include "gpu/cuda/kernels.h"

namespace pellucid::cuda {
namespace {

inline constexpr int kDrawBlocks = 8, kDrawThreads = 1024, kCuts = 7;
inline constexpr int kMassBits = 25, kCountShift = 44;  ///< a tally: candidates above their mass, in 2^-25
using Tally = unsigned long long;

__device__ __forceinline__ Tally mass_of(Tally tally) {
    return tally & ((Tally{1} << kCountShift) - 1);
}
__device__ __forceinline__ int count_of(Tally tally) {
    return static_cast<int>(tally >> kCountShift);
}

/// Larger floats have larger keys; no float has key 0.
__device__ __forceinline__ unsigned key_of(float v) {
    const unsigned bits = __float_as_uint(v);
    return bits & 0x80000000u ? ~bits : bits | 0x80000000u;
}
__device__ __forceinline__ float value_of(unsigned key) {
    return __uint_as_float(key & 0x80000000u ? key & 0x7fffffffu : ~key);
}

/// Philox4x32-10, first word, in (0, 1): engine/base/random.h.
__device__ double unit_noise(unsigned long long position, unsigned token, unsigned long long seed) {
    unsigned c0 = static_cast<unsigned>(position), c1 = static_cast<unsigned>(position >> 32), c2 = token,
             c3 = 0;
    unsigned k0 = static_cast<unsigned>(seed), k1 = static_cast<unsigned>(seed >> 32);
#pragma unroll 1
    for (int round = 0; round < 10; ++round) {
        const unsigned h0 = __umulhi(0xD2511F53u, c0), l0 = 0xD2511F53u * c0;
        const unsigned h1 = __umulhi(0xCD9E8D57u, c2), l1 = 0xCD9E8D57u * c2;
        c0 = h1 ^ c1 ^ k0;
        c1 = l1;
        c2 = h0 ^ c3 ^ k1;
        c3 = l0;
        k0 += 0x9E3779B9u;
        k1 += 0xBB67AE85u;
    }
    return (c0 + 0.5) * (1.0 / 4294967296.0);
}

struct Best {
    double score;
    int id;  ///< -1: none
};
__device__ __forceinline__ Best better(const Best& a, const Best& b) {
    if (b.id < 0) return a;
    if (a.id < 0) return b;
    return a.score > b.score || (a.score == b.score && a.id < b.id) ? a : b;
}

struct Shared {
    Tally of_warps[32][kCuts], of_blocks[2][kDrawBlocks][kCuts];
    double sums_of_warps[32][2], sums_of_blocks[kDrawBlocks][2];
    Best best_of_warps[32], best_of_blocks[2][kDrawBlocks];
};

/// What a cluster finds out together. Every thread calls each member at the same time and gets the same
/// answer.
class Together {
public:
    __device__ explicit Together(Shared& shared)
        : shared_(shared), cluster_(cooperative_groups::this_cluster()) {}
    __device__ int rank() const { return static_cast<int>(cluster_.block_rank()); }

    /// of_warps: a warp's lanes hold their sum already.
    __device__ __forceinline__ void add(Tally (&tallies)[kCuts], bool of_warps) {
        const int warp = threadIdx.x / 32, lane = threadIdx.x % 32;
#pragma unroll
        for (int j = 0; j < kCuts; ++j) {
            if (!of_warps)
#pragma unroll
                for (int offset = 16; offset > 0; offset /= 2)
                    tallies[j] += __shfl_xor_sync(0xffffffffu, tallies[j], offset);
            if (lane == 0) shared_.of_warps[warp][j] = tallies[j];
        }
        __syncthreads();
        if (threadIdx.x < kCuts * 32) {  // warp j adds up cut j
            Tally sum = shared_.of_warps[lane][warp];
#pragma unroll
            for (int offset = 16; offset > 0; offset /= 2) sum += __shfl_xor_sync(0xffffffffu, sum, offset);
            if (lane < kDrawBlocks)
                cluster_.map_shared_rank(&shared_, lane)->of_blocks[turn_][rank()][warp] = sum;
        }
        cluster_.sync();
#pragma unroll
        for (int j = 0; j < kCuts; ++j) {
            tallies[j] = 0;
#pragma unroll
            for (int b = 0; b < kDrawBlocks; ++b) tallies[j] += shared_.of_blocks[turn_][b][j];
        }
        turn_ ^= 1;
    }
    __device__ Best best(Best mine) {
        const int warp = threadIdx.x / 32, lane = threadIdx.x % 32;
#pragma unroll
        for (int offset = 16; offset > 0; offset /= 2) {
            Best other;
            other.score = __shfl_xor_sync(0xffffffffu, mine.score, offset);
            other.id = __shfl_xor_sync(0xffffffffu, mine.id, offset);
            mine = better(mine, other);
        }
        if (lane == 0) shared_.best_of_warps[warp] = mine;
        __syncthreads();
        if (threadIdx.x == 0) {
            for (int w = 1; w < kDrawThreads / 32; ++w) mine = better(mine, shared_.best_of_warps[w]);
            for (int b = 0; b < kDrawBlocks; ++b)
                cluster_.map_shared_rank(&shared_, b)->best_of_blocks[turn_][rank()] = mine;
        }
        cluster_.sync();
        mine = shared_.best_of_blocks[turn_][0];
        for (int b = 1; b < kDrawBlocks; ++b) mine = better(mine, shared_.best_of_blocks[turn_][b]);
        turn_ ^= 1;
        return mine;
    }
    /// Once only.
    __device__ void add(double& a, double& b) {
        const int warp = threadIdx.x / 32, lane = threadIdx.x % 32;
#pragma unroll
        for (int offset = 16; offset > 0; offset /= 2) {
            a += __shfl_xor_sync(0xffffffffu, a, offset);
            b += __shfl_xor_sync(0xffffffffu, b, offset);
        }
        if (lane == 0) {
            shared_.sums_of_warps[warp][0] = a;
            shared_.sums_of_warps[warp][1] = b;
        }
        __syncthreads();
        if (threadIdx.x < 2) {
            double sum = 0;
            for (int w = 0; w < kDrawThreads / 32; ++w) sum += shared_.sums_of_warps[w][threadIdx.x];
            for (int r = 0; r < kDrawBlocks; ++r)
                cluster_.map_shared_rank(&shared_, r)->sums_of_blocks[rank()][threadIdx.x] = sum;
        }
        cluster_.sync();
        a = b = 0;
        for (int r = 0; r < kDrawBlocks; ++r) {
            a += shared_.sums_of_blocks[r][0];
            b += shared_.sums_of_blocks[r][1];
        }
    }
    /// No block may leave while others can still write to it.
    __device__ void part() {
        cluster_.sync();
    }

private:
    Shared& shared_;
    cooperative_groups::cluster_group cluster_;
    int turn_ = 0;
};

/// The candidates still in: keys above `low`, and of those at it the ids up to `limit`.
struct Front {
    unsigned low = 0x00800000u;  ///< above minus infinity
    int limit = 0x7fffffff;
    __device__ __forceinline__ bool holds(unsigned key, int id) const {
        return key > low || (key == low && id <= limit);
    }
};

/// A row's share of a thread: candidate k has id first_id + k * stride. masses: in shared memory.
template <int Each>
struct Share {
    unsigned keys[Each];  ///< 0 past the end
    const unsigned* masses;
    int first_id;
    static constexpr int stride = kDrawBlocks * kDrawThreads;

    enum class Of { counts, masses, ids };
    /// tallies[j]: of the candidates in front that are at or above cuts[j], without their mass where counts
    /// are all that is asked for; ids: of those at key `low`, up to id cuts[j].
    template <Of What>
    __device__ __forceinline__ void tally(const Front& front, const unsigned (&cuts)[kCuts],
                                          Tally (&tallies)[kCuts], Together& together) const {
        if constexpr (What == Of::counts) {
            unsigned counts[kCuts] = {};
#pragma unroll
            for (int k = 0; k < Each; ++k) {
                if (!front.holds(keys[k], first_id + k * stride)) continue;
#pragma unroll
                for (int j = 0; j < kCuts; ++j) counts[j] += keys[k] >= cuts[j];
            }
#pragma unroll
            for (int j = 0; j < kCuts; ++j)
                tallies[j] = Tally{__reduce_add_sync(0xffffffffu, counts[j])} << kCountShift;
            together.add(tallies, true);
        } else {
#pragma unroll
            for (int j = 0; j < kCuts; ++j) tallies[j] = 0;
#pragma unroll
            for (int k = 0; k < Each; ++k) {
                const int id = first_id + k * stride;
                if (!front.holds(keys[k], id)) continue;
                if (What == Of::ids && keys[k] != front.low) continue;
                const Tally one = (Tally{1} << kCountShift) + masses[k * kDrawThreads + threadIdx.x];
#pragma unroll
                for (int j = 0; j < kCuts; ++j)
                    if (What == Of::ids ? id <= static_cast<int>(cuts[j]) : keys[k] >= cuts[j])
                        tallies[j] += one;
            }
            together.add(tallies, false);
        }
    }

    /// Shortens the front to the fewest best candidates whose tally satisfies enough(). top: the largest key.
    template <Of What, typename Enough>
    __device__ __forceinline__ void shorten(Front& front, unsigned top, Tally all, Together& together,
                                            Enough&& enough) const {
        unsigned low = front.low, high = top + 1, cuts[kCuts];
        Tally at_low = all, at_high = 0, tallies[kCuts];
        for (bool near = true; high - low > 1 && count_of(at_low) - count_of(at_high) > 1; near = false) {
#pragma unroll
            for (int j = 0; j < kCuts; ++j)  // at first 64, 32 … 1 below the largest
                cuts[j] = near ? max(low, key_of(value_of(top) - static_cast<float>(64 >> j)))
                               : low + static_cast<unsigned>(
                                           (static_cast<unsigned long long>(high - low) * (j + 1)) >> 3);
            tally<What>(front, cuts, tallies, together);
#pragma unroll
            for (int j = 0; j < kCuts; ++j) {
                if (cuts[j] == low) continue;
                if (enough(tallies[j])) {
                    low = cuts[j];
                    at_low = tallies[j];
                } else {
                    high = cuts[j];
                    at_high = tallies[j];
                    break;
                }
            }
        }
        if (low != front.low) front = {low, 0x7fffffff};
        if (count_of(at_low) - count_of(at_high) <= 1) return;
        // Several at one key: those of the smallest ids that are needed.
        int from = -1, to = front.limit == 0x7fffffff ? stride * Each - 1 : front.limit;  // (from, to]
        while (to - from > 1) {
#pragma unroll
            for (int j = 0; j < kCuts; ++j)
                cuts[j] = from + 1 + static_cast<int>((static_cast<long long>(to - from - 1) * (j + 1)) >> 3);
            tally<Of::ids>(front, cuts, tallies, together);
#pragma unroll
            for (int j = kCuts - 1; j >= 0; --j)
                if (enough(at_high + tallies[j])) to = min(to, static_cast<int>(cuts[j]));
#pragma unroll
            for (int j = 0; j < kCuts; ++j)
                if (!enough(at_high + tallies[j])) from = max(from, static_cast<int>(cuts[j]));
        }
        front.limit = to;
    }
};

template <int Each>
__global__ void __cluster_dims__(kDrawBlocks, 1, 1) __launch_bounds__(kDrawThreads, 1)
    draw_kernel(const float* logits, int vocabulary, const int* at, const int* positions,
                const DrawSpec* specs, Choice* choices, int* ids) {
    let_next_start();
    extern __shared__ __align__(16) unsigned masses[];  // [Each, kDrawThreads]
    __shared__ Shared shared;
    const int row = blockIdx.x / kDrawBlocks;
    Together together(shared);
    wait_for_inputs();
    const DrawSpec spec = specs[row];
    logits += static_cast<long long>(row) * vocabulary;
    Share<Each> share;
    share.masses = masses;
    share.first_id = together.rank() * kDrawThreads + static_cast<int>(threadIdx.x);
    Best first{0, -1};
#pragma unroll
    for (int k = 0; k < Each; ++k) {
        const int id = share.first_id + k * share.stride;
        share.keys[k] = id < vocabulary ? key_of(__ldcg(logits + id)) : 0;
        if (id < vocabulary) first = better(first, {value_of(share.keys[k]), id});
    }
    together.part();  // all blocks have begun: from here they may be written to
    first = together.best(first);
    const auto largest = static_cast<float>(first.score);
    double total = 0, weighted = 0;
#pragma unroll
    for (int k = 0; k < Each; ++k) {
        float part = 0;
        if (share.keys[k] != 0) {
            const float below = value_of(share.keys[k]) - largest;
            part = expf(below);
            total += part;
            if (part > 0) weighted += static_cast<double>(part) * below;
        }
        masses[k * kDrawThreads + threadIdx.x] = __float2uint_rn(part * static_cast<float>(1 << kMassBits));
    }
    together.add(total, weighted);
    int chosen = first.id;
    if (spec.temperature > 0) {
        Front front;
        const unsigned top = key_of(largest), nothing[kCuts] = {};
        Tally tallies[kCuts];
        using Of = typename Share<Each>::Of;
        if (spec.top_k > 0) {
            share.template tally<Of::counts>(front, nothing, tallies, together);
            if (spec.top_k < count_of(tallies[0]))
                share.template shorten<Of::counts>(front, top, tallies[0], together, [&](Tally tally) {
                    return count_of(tally) >= spec.top_k;
                });
        }
        if (spec.top_p < 1) {
            share.template tally<Of::masses>(front, nothing, tallies, together);
            const auto wanted = static_cast<Tally>(
                ceil(static_cast<double>(spec.top_p) * static_cast<double>(mass_of(tallies[0]))));
            share.template shorten<Of::masses>(front, top, tallies[0], together,
                                               [&](Tally tally) { return mass_of(tally) >= wanted; });
        }
        // Registers cannot be indexed; the masses have served.
#pragma unroll
        for (int k = 0; k < Each; ++k) masses[k * kDrawThreads + threadIdx.x] = share.keys[k];
        Best best{0, -1};
        const unsigned long long seed = spec.seed_low | static_cast<unsigned long long>(spec.seed_high) << 32;
        const auto position = static_cast<unsigned long long>(positions[at[row]]) + 1;
#pragma unroll 1
        for (int k = 0; k < Each; ++k) {
            const int id = share.first_id + k * share.stride;
            if (id >= vocabulary) break;
            const unsigned key = masses[k * kDrawThreads + threadIdx.x];
            if (!front.holds(key, id)) continue;
            const float logit = value_of(key);
            if (expf(logit - largest) < spec.min_p) continue;
            const double score = (logit - largest) / static_cast<double>(spec.temperature);
            if (score < -64) continue;
            best =
                better(best, {score - log(-log(unit_noise(position, static_cast<unsigned>(id), seed))), id});
        }
        chosen = together.best(best).id;
    }
    if (together.rank() == 0 && threadIdx.x == 0) {
        const double log_total = log(total);
        choices[at[row]] = {chosen, static_cast<float>(logits[chosen] - (largest + log_total)),
                            static_cast<float>(fmax(0.0, log_total - weighted / total))};
        ids[at[row]] = chosen;
    }
    together.part();
}

template <int Each>
void launch_draw(cudaStream_t stream, const float* logits, int vocabulary, int rows, const int* at,
                 const int* positions, const DrawSpec* specs, Choice* choices, int* ids) {
    constexpr int kShared = Each * kDrawThreads * 4;
    cudaFuncSetAttribute(draw_kernel<Each>, cudaFuncAttributeMaxDynamicSharedMemorySize, kShared);
    launch_with(stream, dim3(rows * kDrawBlocks), dim3(kDrawThreads), kShared, draw_kernel<Each>, logits,
                vocabulary, at, positions, specs, choices, ids);
}

}  // namespace

bool draws(int vocabulary) {
    return vocabulary <= 32 * kDrawBlocks * kDrawThreads;
}

void choose_drawn(cudaStream_t stream, const float* logits, int vocabulary, int rows, const int* at,
                  const int* positions, const DrawSpec* specs, Choice* choices, int* ids) {
    constexpr int kRound = kDrawBlocks * kDrawThreads;
    if (vocabulary <= 8 * kRound)
        launch_draw<8>(stream, logits, vocabulary, rows, at, positions, specs, choices, ids);
    else if (vocabulary <= 20 * kRound)
        launch_draw<20>(stream, logits, vocabulary, rows, at, positions, specs, choices, ids);
    else
        launch_draw<32>(stream, logits, vocabulary, rows, at, positions, specs, choices, ids);
}

}  // namespace pellucid::cuda
