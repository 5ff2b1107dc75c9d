// Routed experts of a single row, as streams: the warps of one block an SM share out the chunks of gate and
// up of all chosen experts, then those of down. Chunks come through rings in shared memory: the shared
// network's before the choice is there, down's while gate and up still run.
#include <algorithm>

#include "gpu/cuda/experts.h"
#include "gpu/cuda/share.cuh"
#include "gpu/cuda/stream_chunk.cuh"

namespace pellucid::cuda {
namespace {

struct OneArguments {
    ExpertsView experts;
    Chosen chosen;
    const float* values = nullptr;
    __half* inner = nullptr;
    ExpertsOut out;
    int depth = 2;  ///< chunks in flight a warp; down: 0 where all of a block's chunks have room at once
    int row_bytes = 0, most_fours = 0;
};

/// A block's part of gate and up, a four being two rows of gate and the same two of up: fours of the shared
/// network first, which are known early.
struct GatedShare {
    int shared_first, shared_fours, routed_first, fours;

    __device__ __forceinline__ explicit GatedShare(const ExpertsView& e) {
        const auto part = [](int all, unsigned block) {
            return static_cast<int>(static_cast<long long>(all) * block / gridDim.x);
        };
        const int shared_all = e.shared_width / 2, routed_all = e.used * e.width / 2;
        shared_first = part(shared_all, blockIdx.x);
        shared_fours = part(shared_all, blockIdx.x + 1) - shared_first;
        routed_first = part(routed_all, blockIdx.x);
        fours = shared_fours + part(routed_all, blockIdx.x + 1) - routed_first;
    }
    __device__ __forceinline__ bool shared(int local) const { return local < shared_fours; }
    /// The first of a four's two inner values, of the shared network's or of the experts'.
    __device__ __forceinline__ int value(int local) const {
        return 2 * (shared(local) ? shared_first + local : routed_first + local - shared_fours);
    }
};

__global__ void __launch_bounds__(kStreamThreads, 2)
    one_gated_kernel(const __grid_constant__ OneArguments p) {
    extern __shared__ __align__(128) unsigned char memory[];
    __shared__ float heads[kStreamWarps][kRows];  ///< of the four that an earlier warp began
    const ExpertsView& e = p.experts;
    const int warp = threadIdx.x / 32, lane = threadIdx.x % 32;
    const int groups = e.columns / kGroup, supers = e.columns / kSuper, chunks = (supers + 3) / 4;
    const unsigned slot_bytes = kRows * p.row_bytes;
    unsigned char* at = memory + kStreamWarps * p.depth * slot_bytes;
    const StreamVector vector{reinterpret_cast<uint4*>(at), reinterpret_cast<uint4*>(at + 16 * groups),
                              reinterpret_cast<float4*>(at + 32 * groups)};
    float(*sums)[kRows] = reinterpret_cast<float(*)[kRows]>(at + 48 * groups);  // [four of this block]
    const unsigned ring =
        static_cast<unsigned>(__cvta_generic_to_shared(memory)) + warp * p.depth * slot_bytes;
    const GatedShare share(e);
    const int all = share.fours * chunks, begin = begin_of(all, warp), end = begin_of(all, warp + 1);
    if (begin == end && lane < kRows) heads[warp][lane] = 0;
    int own_id = -1;
    /// The first row of a four in its matrices.
    const auto row_of = [&](int local) {
        const int value = share.value(local);
        if (share.shared(local)) return value;
        const int expert = value / e.width, id = __shfl_sync(0xffffffffu, own_id, expert);
        return max(id, 0) * e.width + value - expert * e.width;
    };
    int asked = begin, ask_four = begin / chunks, ask_chunk = begin % chunks;
    const auto ask = [&](unsigned to) {
        if (asked < end) {
            const bool shared = share.shared(ask_four);
            const int super = row_of(ask_four) * supers + 4 * ask_chunk, left = supers - 4 * ask_chunk;
            const auto matrix = [&](int r) -> const MatrixView& {
                return r < 2 ? shared ? e.shared_gate : e.gate : shared ? e.shared_up : e.up;
            };
            with_common_form(e.gate.form, [&]<Form F>() {
                if (lane < 8 * left)
#pragma unroll
                    for (int r = 0; r < kRows; ++r)
                        ask_group<F>(to, r, matrix(r), 8 * (super + (r & 1) * supers) + lane);
                if (lane < 4 * kRows) {
                    const int r = lane / 4;
                    ask_supers<F>(to, r, matrix(r), super + (r & 1) * supers, left, lane % 4);
                }
            });
            ++asked;
            if (++ask_chunk == chunks) {
                ask_chunk = 0;
                ++ask_four;
            }
        }
        commit_asked();
    };
    int early = 0;
    for (; early < p.depth && asked < end && share.shared(ask_four); ++early) ask(ring + early * slot_bytes);
    wait_for_inputs();
    // Only now, so that the next kernel may read the choice, which a kernel before this one made, without
    // waiting for this one.
    let_next_start();
    if (lane < e.used) own_id = __ldcg(p.chosen.ids + lane);
#pragma unroll 1
    for (; early < p.depth; ++early) ask(ring + early * slot_bytes);
    const auto* x = reinterpret_cast<const float4*>(p.values);
#pragma unroll 1
    for (int i = threadIdx.x; i < 4 * groups; i += kStreamThreads) {  // whole warps: groups come in eights
        const float4 a = __ldcg(x + 2 * i), b = __ldcg(x + 2 * i + 1);
        const float values[8] = {a.x, a.y, a.z, a.w, b.x, b.y, b.z, b.w};
        round_values<8>(vector, i, values);
    }
    __syncthreads();
    float sum[kRows] = {};
    bool inherited = begin % chunks != 0;  // the four at hand was begun by an earlier warp
    int four = begin / chunks, chunk = begin % chunks;
    unsigned slot = ring;
#pragma unroll 1
    for (int done = begin; done < end; ++done) {
        wait_for_oldest(p.depth);
        __syncwarp();
        const int g = 32 * chunk + lane, row = row_of(four);
        if (g < groups) {
            const StreamGroup v{vector.low[g], vector.high[g], vector.meta[g]};
            with_common_form(e.gate.form, [&]<Form F>() {
#pragma unroll
                for (int r = 0; r < kRows; ++r)
                    sum[r] +=
                        chunk_dot<F>(slot, r, lane / 8 + ((row + (r & 1)) * supers & 1), e.gate.offset, v);
            });
        }
        __syncwarp();  // the slot was read
        ask(slot);
        slot = slot == ring + (p.depth - 1) * slot_bytes ? ring : slot + slot_bytes;
        if (chunk == chunks - 1 || done == end - 1) {
            const float total = four_sums(sum);
            if (lane % 8 == 0) (inherited ? heads[warp] : sums[four])[lane / 8] = total;
            inherited = false;
#pragma unroll
            for (int r = 0; r < kRows; ++r) sum[r] = 0;
        }
        if (++chunk == chunks) {
            chunk = 0;
            ++four;
        }
    }
    __syncthreads();
#pragma unroll 1
    for (int i = threadIdx.x; i < 2 * share.fours; i += kStreamThreads) {
        const int local = i / 2, row = i % 2, value = share.value(local) + row;
        float gate = sums[local][row], up = sums[local][2 + row];
        const Helpers helpers = Helpers::of(all, local * chunks, chunks);
#pragma unroll 1
        for (int w = helpers.first; w < helpers.end; ++w) {
            gate += heads[w][row];
            up += heads[w][2 + row];
        }
        if (share.shared(local)) {
            p.inner[e.used * e.width + value] = to_half(gated_value(e.activation, gate, up));
            continue;
        }
        const int id = __ldcg(p.chosen.ids + value / e.width);
        const long long place = static_cast<long long>(id) * e.width + value % e.width;
        if (id >= 0 && e.gate_bias) gate += __ldg(e.gate_bias + place);
        if (id >= 0 && e.up_bias) up += __ldg(e.up_bias + place);
        p.inner[value] = to_half(id >= 0 ? gated_value(e.activation, gate, up) : 0);
    }
}

/// Room for whole warps to round in.
__host__ __device__ __forceinline__ int padded(int groups) {
    return (groups + 7) / 8 * 8;
}
/// Chunks of a row of down: of the chosen experts one after the other, then of the shared network.
__host__ __device__ __forceinline__ int routed_chunks(const ExpertsView& e) {
    return (e.used * (e.width / kGroup) + 31) / 32;
}
__host__ __device__ __forceinline__ int down_chunks(const ExpertsView& e) {
    return routed_chunks(e) + (e.shared_width / kGroup + 31) / 32;
}

/// A lane's group of a chunk of down.
struct DownPlace {
    bool there = false;
    int first = 0;  ///< the group of the first of four outputs, in the whole matrix
};

__global__ void __launch_bounds__(kStreamThreads, 2) one_down_kernel(const __grid_constant__ OneArguments p) {
    extern __shared__ __align__(128) unsigned char memory[];
    __shared__ float heads[kStreamWarps][kRows];
    __shared__ float factors[kMostUsed + 1];  ///< of the experts, then of the shared network
    const ExpertsView& e = p.experts;
    const int warp = threadIdx.x / 32, lane = threadIdx.x % 32;
    const int expert_groups = e.width / kGroup, routed = e.used * expert_groups,
              shared_groups = e.shared_width / kGroup, groups = padded(routed + shared_groups);
    const int routed_end = routed_chunks(e), chunks = down_chunks(e);
    const auto part = [&](unsigned block) {
        return static_cast<int>(static_cast<long long>(e.columns / kRows) * block / gridDim.x);
    };
    const int first = part(blockIdx.x), fours = part(blockIdx.x + 1) - first;
    const int all = fours * chunks, begin = begin_of(all, warp), end = begin_of(all, warp + 1);
    const unsigned slot_bytes = kRows * p.row_bytes;
    const int slots = p.depth > 0 ? kStreamWarps * p.depth : p.most_fours * chunks;
    const int depth = p.depth > 0 ? p.depth : end - begin;
    unsigned char* at = memory + slots * slot_bytes;
    const StreamVector vector{reinterpret_cast<uint4*>(at), reinterpret_cast<uint4*>(at + 16 * groups),
                              reinterpret_cast<float4*>(at + 32 * groups)};
    float(*sums)[kRows] = reinterpret_cast<float(*)[kRows]>(at + 48 * groups);
    const unsigned ring = static_cast<unsigned>(__cvta_generic_to_shared(memory)) +
                          (p.depth > 0 ? warp * depth : begin) * slot_bytes;
    if (begin == end && lane < kRows) heads[warp][lane] = 0;
    // The choice was made before the kernel that this one follows could start, and x written before that.
    const int own_id = lane < e.used ? __ldcg(p.chosen.ids + lane) : -1;
    if (warp == 0 && lane < e.used) factors[lane] = own_id >= 0 ? __ldcg(p.chosen.weights + lane) : 0;
    if (warp == 1 && lane == 0) factors[e.used] = __ldcg(p.chosen.shared);
    float before = 0;
    if (!p.out.set && static_cast<int>(threadIdx.x) < kRows * fours)
        before = __ldcg(p.out.x + kRows * first + threadIdx.x);

    const auto place_of = [&](int four, int chunk, int in_chunk) {  // every lane calls
        DownPlace place;
        const int out = kRows * (first + four);
        if (chunk < routed_end) {
            const int item = 32 * chunk + in_chunk, expert = min(item / expert_groups, e.used - 1);
            const int id = max(__shfl_sync(0xffffffffu, own_id, expert), 0);
            place.there = item < routed;
            place.first = (id * e.columns + out) * expert_groups + item - expert * expert_groups;
        } else {
            const int item = 32 * (chunk - routed_end) + in_chunk;
            place.there = item < shared_groups;
            place.first = out * shared_groups + item;
        }
        return place;
    };
    int asked = begin, ask_four = begin / chunks, ask_chunk = begin % chunks;
    const auto ask = [&](unsigned to) {
        if (asked < end) {
            const bool is_routed = ask_chunk < routed_end;
            const MatrixView& m = is_routed ? e.down : e.shared_down;
            const int stride = is_routed ? expert_groups : shared_groups;
            const DownPlace own = place_of(ask_four, ask_chunk, lane),
                            piece = place_of(ask_four, ask_chunk, lane % 4 * 8);
            with_common_form(m.form, [&]<Form F>() {
                if (own.there)
#pragma unroll
                    for (int r = 0; r < kRows; ++r) ask_group<F>(to, r, m, own.first + r * stride);
                if constexpr (!pair_form(F)) {
                    if (lane < 4 * kRows && piece.there) {
                        const int super = (piece.first + lane / 4 * stride) / 8, n = lane % 4;
                        const Place<F> row(lane / 4);
                        if constexpr (super_form(F) || signed_form(F))
                            ask_for<16>(to + row.scales + n * 16,
                                        static_cast<const unsigned char*>(m.scales) + super * 16ll);
                        if constexpr (F == Form::four_two)
                            ask_for<4>(to + row.supers + n * 4,
                                       static_cast<const unsigned char*>(m.supers) + super * 4ll);
                        if constexpr (signed_form(F))  // two bytes a super: the word that holds them
                            ask_for<4>(to + row.supers + n * 4,
                                       static_cast<const unsigned char*>(m.supers) + super / 2 * 4ll);
                    }
                }
            });
            ++asked;
            if (++ask_chunk == chunks) {
                ask_chunk = 0;
                ++ask_four;
            }
        }
        commit_asked();
    };
#pragma unroll 1
    for (int d = 0; d < depth; ++d) ask(ring + d * slot_bytes);
    __syncthreads();  // factors
    wait_for_inputs();
    // Earlier, the next layer's loads would stand in the way of these (tests/bench/LOST.md).
    let_next_start();
    const auto* inner = reinterpret_cast<const uint4*>(p.inner);
    const int there = 4 * (routed + shared_groups);
    constexpr int kAtOnce = 3;
#pragma unroll 1
    for (int base = threadIdx.x; base < 4 * groups; base += kAtOnce * kStreamThreads) {
        uint4 raw[kAtOnce];
#pragma unroll
        for (int k = 0; k < kAtOnce; ++k) {
            const int i = base + k * kStreamThreads;
            raw[k] = i < there ? __ldcg(inner + i) : uint4{0, 0, 0, 0};
        }
#pragma unroll
        for (int k = 0; k < kAtOnce; ++k) {
            const int i = base + k * kStreamThreads, group = i / 4;
            if (i >= 4 * groups) break;  // whole warps
            const float factor = factors[group < routed ? group / expert_groups : e.used];
            const unsigned words[4] = {raw[k].x, raw[k].y, raw[k].z, raw[k].w};
            float values[8];
#pragma unroll
            for (int w = 0; w < 4; ++w) {
                const float2 two = __half22float2(*reinterpret_cast<const __half2*>(&words[w]));
                values[2 * w] = two.x * factor;
                values[2 * w + 1] = two.y * factor;
            }
            round_values<8>(vector, i, values);
        }
    }
    __syncthreads();
    float sum[kRows] = {};
    bool inherited = begin % chunks != 0;
    int four = begin / chunks, chunk = begin % chunks;
    unsigned slot = ring;
#pragma unroll 1
    for (int done = begin; done < end; ++done) {
        wait_for_oldest(depth);
        __syncwarp();
        const bool is_routed = chunk < routed_end;
        const MatrixView& m = is_routed ? e.down : e.shared_down;
        const int stride = is_routed ? expert_groups : shared_groups;
        const DownPlace own = place_of(four, chunk, lane);
        if (own.there) {
            const int g = is_routed ? 32 * chunk + lane : routed + 32 * (chunk - routed_end) + lane;
            const StreamGroup v{vector.low[g], vector.high[g], vector.meta[g]};
            with_common_form(m.form, [&]<Form F>() {
#pragma unroll
                for (int r = 0; r < kRows; ++r)
                    sum[r] +=
                        chunk_dot<F>(slot, r, lane / 8 * 2 + ((own.first + r * stride) / 8 & 1), m.offset, v);
            });
        }
        __syncwarp();
        ask(slot);
        slot = slot == ring + (depth - 1) * slot_bytes ? ring : slot + slot_bytes;
        if (chunk == chunks - 1 || done == end - 1) {
            const float total = four_sums(sum);
            if (lane % 8 == 0) (inherited ? heads[warp] : sums[four])[lane / 8] = total;
            inherited = false;
#pragma unroll
            for (int r = 0; r < kRows; ++r) sum[r] = 0;
        }
        if (++chunk == chunks) {
            chunk = 0;
            ++four;
        }
    }
    __syncthreads();
#pragma unroll 1
    for (int i = threadIdx.x; i < kRows * fours; i += kStreamThreads) {
        const int local = i / kRows, row = i % kRows, out = kRows * first + i;
        float value = sums[local][row];
        const Helpers helpers = Helpers::of(all, local * chunks, chunks);
#pragma unroll 1
        for (int w = helpers.first; w < helpers.end; ++w) value += heads[w][row];
        if (e.down_bias)
            for (int k = 0; k < e.used; ++k) {
                const int id = __ldcg(p.chosen.ids + k);
                if (id >= 0)
                    value += factors[k] * __ldg(e.down_bias + static_cast<long long>(id) * e.columns + out);
            }
        if (p.out.part) value += factors[e.used] * p.out.part[out];
        if (p.out.set) {
            p.out.set[out] = value;
        } else {
            if (i >= kStreamThreads) before = p.out.x[out];
            p.out.x[out] = before + p.out.alpha * value;
        }
    }
}

/// Shared memory of the two kernels together, so that down's blocks come beside those of gate and up: what a
/// processor of compute capability 9.0 has but for what it keeps for each block.
inline constexpr int kTogether = (228 << 10) - 2 * (2 << 10);

int processors() {
    int device = 0, count = 0;
    cudaGetDevice(&device);
    cudaDeviceGetAttribute(&count, cudaDevAttrMultiProcessorCount, device);
    return count;
}
/// Of gate and up, two chunks in flight a warp.
int gated_bytes(const ExpertsView& e, int most_fours) {
    return kStreamWarps * 2 * kRows * stream_row_bytes(e.gate.form) + e.columns / kGroup * 48 +
           most_fours * kRows * 4;
}
int down_row_bytes(const ExpertsView& e) {
    const int own = stream_row_bytes(e.down.form);
    return e.shared_width > 0 ? std::max(own, stream_row_bytes(e.shared_down.form)) : own;
}
int down_bytes(const ExpertsView& e, int slots, int most_fours) {
    return slots * kRows * down_row_bytes(e) + padded((e.used * e.width + e.shared_width) / kGroup) * 48 +
           most_fours * kRows * 4;
}
int most_of(int all, int blocks) {
    return (all + blocks - 1) / blocks;
}
int most_gated(const ExpertsView& e, int blocks) {
    return most_of(e.used * e.width / 2, blocks) + most_of(e.shared_width / 2, blocks);
}
/// Rows of so many values come in whole groups of the form's scales.
bool whole(Form form, int values) {
    return values % (pair_form(form) ? kGroup : kSuper) == 0;
}

}  // namespace

bool one_row_serves(const ExpertsView& e) {
    constexpr int kFewestProcessors = 64;
    const MatrixView &gate = e.gate, &down = e.down;
    if (!gate.common() || !down.common() || gate.fine || e.up.fine || down.fine || gate.form != e.up.form ||
        gate.offset != e.up.offset || e.columns % kSuper != 0 || !whole(down.form, e.width) ||
        e.used > kMostUsed)
        return false;
    if (e.shared_width > 0 && (e.shared_gate.form != gate.form || e.shared_up.form != gate.form ||
                               e.shared_gate.offset != gate.offset || e.shared_up.offset != gate.offset ||
                               e.shared_gate.fine || e.shared_up.fine || e.shared_down.fine ||
                               !e.shared_down.common() || !whole(e.shared_down.form, e.shared_width)))
        return false;
    return gated_bytes(e, most_gated(e, kFewestProcessors)) +
               down_bytes(e, kStreamWarps, most_of(e.columns / kRows, kFewestProcessors)) <=
           kTogether - (2 << 10);
}

void one_row_experts(cudaStream_t stream, const ExpertsView& e, const Chosen& chosen, const float* values,
                     void* inner, const ExpertsOut& out) {
    OneArguments p{e, chosen, values, static_cast<__half*>(inner), out};
    const int own = 2 << 10;  // static, and what the launch adds
    const int count = processors();
    {
        const int blocks = std::min(count, e.used * e.width / 2);
        p.most_fours = most_gated(e, blocks);
        p.row_bytes = stream_row_bytes(e.gate.form);
        const int shared = gated_bytes(e, p.most_fours);
        cudaFuncSetAttribute(one_gated_kernel, cudaFuncAttributeMaxDynamicSharedMemorySize, shared);
        launch_with(stream, dim3(blocks), dim3(kStreamThreads), static_cast<std::size_t>(shared),
                    one_gated_kernel, p);
    }
    const int room = kTogether - own - gated_bytes(e, p.most_fours);
    const int blocks = std::min(count, e.columns / kRows);
    p.most_fours = most_of(e.columns / kRows, blocks);
    p.row_bytes = down_row_bytes(e);
    // All of a block's chunks at once, at most three a warp; else two or one a warp in flight.
    const int all = p.most_fours * down_chunks(e);
    p.depth = all <= 3 * kStreamWarps && down_bytes(e, all, p.most_fours) <= room ? 0
              : down_bytes(e, 2 * kStreamWarps, p.most_fours) <= room             ? 2
                                                                                  : 1;
    const int shared = down_bytes(e, p.depth == 0 ? all : p.depth * kStreamWarps, p.most_fours);
    cudaFuncSetAttribute(one_down_kernel, cudaFuncAttributeMaxDynamicSharedMemorySize, shared);
    launch_with(stream, dim3(blocks), dim3(kStreamThreads), static_cast<std::size_t>(shared), one_down_kernel,
                p);
}

}  // namespace pellucid::cuda
