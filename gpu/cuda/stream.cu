// One block an SM takes neighbouring fours of rows (gated: two of gate and the same two of up). Their chunks,
// 1024 columns of the four rows, one group of each a lane, are dealt out evenly to its warps, whatever row
// they end in. A warp's ring in shared memory holds its next chunks, and it waits for no other warp until the
// sums are put together.
#include "gpu/cuda/stream.h"

#include <algorithm>

#include "gpu/cuda/stream_chunk.cuh"

namespace pellucid::cuda {
namespace {

inline constexpr int kStreamWarps = 16, kStreamThreads = 32 * kStreamWarps;
inline constexpr int kHeldFours = 2;  ///< of a norm's weights a thread asks for before the wait

struct StreamSegment {
    MatrixView matrix;
    LinearOut to;
    int first_four = 0;
};
struct StreamArguments {
    StreamSegment segments[kMaxJobs];  ///< gated: gate, up
    bool gated = false;
    int depth = 2;  ///< chunks in flight a warp: 2 or 3; two such kernels share an SM's memory
    int count = 0, fours = 0, supers = 0, row_bytes = 0, most_fours = 0, first_up = 0, activation = 0;
    StreamInput input;
    __half* inner = nullptr;
    float part = 0;                                          ///< 1 / columns
    int early_fours = 0, codes_bytes = 0, scales_bytes = 0;  ///< to bring into L2 early; bytes of a super
};

/// The chunk a warp is at; super: where it begins in the first row, counted in the whole matrix.
struct Cursor {
    int four, chunk, segment, super;
    Form form;
};

struct Walk {
    const StreamArguments& p;
    int chunks;  ///< a four

    __device__ __forceinline__ int segment_of(int four) const {
        int s = 0;
        while (!p.gated && s + 1 < p.count && four >= p.segments[s + 1].first_four) ++s;
        return s;
    }
    /// The first row of a four in its matrix.
    __device__ __forceinline__ int row_of(int four, int segment) const {
        return p.gated ? 2 * four : kRows * (four - p.segments[segment].first_four);
    }
    /// Row r's super where the first row's is `super`.
    __device__ __forceinline__ int super_of(int super, int r) const {
        return p.gated ? super + (r & 1) * p.supers + (r / 2) * p.first_up * p.supers : super + r * p.supers;
    }
    __device__ __forceinline__ const MatrixView& matrix(int segment, int r) const {
        return p.segments[p.gated ? r / 2 : segment].matrix;
    }
    __device__ __forceinline__ Cursor start(int four, int chunk) const {
        const int s = segment_of(four);
        return {four, chunk, s, row_of(four, s) * p.supers + 4 * chunk, p.segments[s].matrix.form};
    }
    __device__ __forceinline__ void next(Cursor& c) const {
        ++c.chunk;
        c.super += 4;
        if (c.chunk < chunks) return;
        c.chunk = 0;
        ++c.four;
        c.super += (p.gated ? 2 : kRows) * p.supers - 4 * chunks;
        if (!p.gated && c.segment + 1 < p.count && c.four == p.segments[c.segment + 1].first_four) {
            ++c.segment;
            c.super = 0;
            c.form = p.segments[c.segment].matrix.form;
        }
    }
};

/// Rounds a normed vector into shared memory; the sum of its squares over the warp's share comes back. What
/// other kernels made is read from L2.
__device__ __forceinline__ float take_normed(const StreamInput& input, const StreamVector& vector, int fours,
                                             const float4 (&held)[kHeldFours]) {
    const float4* x = reinterpret_cast<const float4*>(input.values);
    const float4* weights = reinterpret_cast<const float4*>(input.norm.weight);
    float4 v = {}, w = held[0], next = {};
    int i = threadIdx.x;
    static_assert(kHeldFours == 2);
    if (i < fours) v = __ldcg(x + i);
    if (i + kStreamThreads < fours) next = __ldcg(x + i + kStreamThreads);
    float square = 0;
#pragma unroll 1
    for (int k = 0; i < fours; ++k, i += kStreamThreads) {  // whole warps: fours is a multiple of 64
        square += v.x * v.x + v.y * v.y + v.z * v.z + v.w * v.w;
        const float values[4] = {v.x * w.x, v.y * w.y, v.z * w.z, v.w * w.w};
        round_values<4>(vector, i, values);
        v = next;
        w = held[1];
        if (k > 0 && i + kStreamThreads < fours) {
            v = __ldcg(x + i + kStreamThreads);
            w = weights[i + kStreamThreads];
        }
    }
    return warp_sum(square);
}
__device__ __forceinline__ void take_halves(const StreamInput& input, const StreamVector& vector, int fours) {
    const uint4* x = static_cast<const uint4*>(input.halves);
    constexpr int kAtOnce = 5;
#pragma unroll 1
    for (int first = threadIdx.x; first < fours / 2; first += kAtOnce * kStreamThreads) {
        uint4 raw[kAtOnce];
#pragma unroll
        for (int k = 0; k < kAtOnce; ++k)
            if (first + k * kStreamThreads < fours / 2) raw[k] = __ldcg(x + first + k * kStreamThreads);
#pragma unroll
        for (int k = 0; k < kAtOnce; ++k) {
            const int eight = first + k * kStreamThreads;
            if (eight >= fours / 2) break;
            const unsigned words[4] = {raw[k].x, raw[k].y, raw[k].z, raw[k].w};
            float values[8];
#pragma unroll
            for (int i = 0; i < 4; ++i) {
                const float2 two = __half22float2(*reinterpret_cast<const __half2*>(&words[i]));
                values[2 * i] = two.x;
                values[2 * i + 1] = two.y;
            }
            round_values<8>(vector, eight, values);
        }
    }
}

/// One kernel for every product of a step, so that its instructions stay in the processors' caches: kernels
/// of their own for each form and kind drove each other out (tests/bench/LOST.md).
__global__ void __launch_bounds__(kStreamThreads, 2)
    stream_kernel(const __grid_constant__ StreamArguments p) {
    let_next_start();
    extern __shared__ __align__(128) unsigned char memory[];
    __shared__ __align__(16) float squares[kStreamWarps];
    __shared__ float heads[kStreamWarps][kRows];  ///< of the four that an earlier warp began
    __shared__ int head_of[kStreamWarps];         ///< which that is, in the block; -1: none
    const int warp = threadIdx.x / 32, lane = threadIdx.x % 32, groups = 8 * p.supers;
    const unsigned slot_bytes = kRows * p.row_bytes;
    unsigned char* at = memory + kStreamWarps * p.depth * slot_bytes;
    const StreamVector vector{reinterpret_cast<uint4*>(at), reinterpret_cast<uint4*>(at + 16 * groups),
                              reinterpret_cast<float4*>(at + 32 * groups)};
    float(*sums)[kRows] = reinterpret_cast<float(*)[kRows]>(at + 48 * groups);  // [four of this block]
    unsigned ring = static_cast<unsigned>(__cvta_generic_to_shared(memory)) + warp * p.depth * slot_bytes;
    asm volatile("" : "+r"(ring));  // not to be made again from its parts

    const int first = static_cast<int>(static_cast<long long>(p.fours) * blockIdx.x / gridDim.x);
    const int fours =
        static_cast<int>(static_cast<long long>(p.fours) * (blockIdx.x + 1) / gridDim.x) - first;
    const Walk walk{p, (p.supers + 3) / 4};
    const auto begin_of = [&](int w) { return fours * walk.chunks * w / kStreamWarps; };
    const int begin = begin_of(warp), end = begin_of(warp + 1);
    Cursor ahead = walk.start(first + begin / walk.chunks, begin % walk.chunks);
    int asked = begin;
    if (lane == 0) head_of[warp] = begin < end && begin % walk.chunks != 0 ? begin / walk.chunks : -1;
    // Asks for the chunk at `ahead`, the warp's last but `asked` chunks.
    const auto ask = [&](unsigned to) {
        if (asked < end) {
            const int left = p.supers - 4 * ahead.chunk;
            with_common_form(ahead.form, [&]<Form F>() {
                if (lane < 8 * left)
#pragma unroll
                    for (int r = 0; r < kRows; ++r)
                        ask_group<F>(to, r, walk.matrix(ahead.segment, r),
                                     8 * walk.super_of(ahead.super, r) + lane);
                if (lane < 4 * kRows) {
                    const int r = lane / 4;
                    ask_supers<F>(to, r, walk.matrix(ahead.segment, r), walk.super_of(ahead.super, r), left,
                                  lane % 4);
                }
            });
            walk.next(ahead);
            ++asked;
        }
        asm volatile("cp.async.commit_group;" ::: "memory");
    };
    // What is known before the wait: a norm's weights, this thread's row and its bias.
    const bool normed = p.input.values != nullptr;
    float4 held[kHeldFours] = {};
    if (normed)
#pragma unroll
        for (int k = 0; k < kHeldFours; ++k) {
            const int i = threadIdx.x + k * kStreamThreads;
            if (i < 8 * groups) held[k] = __ldg(reinterpret_cast<const float4*>(p.input.norm.weight) + i);
        }
    float bias = 0, before = 0;
    const float* sum_at = nullptr;
    if (!p.gated && static_cast<int>(threadIdx.x) < kRows * fours) {
        const int four = first + threadIdx.x / kRows, s = walk.segment_of(four);
        const LinearOut& to = p.segments[s].to;
        const int r = walk.row_of(four, s) + threadIdx.x % kRows;
        if (to.bias) bias = __ldg(to.bias + r);
        if (to.add) sum_at = to.out + r;
    }
    // One chunk after the other: all at once, they would stand in the way of what the kernels before this one
    // still wait for.
#pragma unroll 1
    for (int d = 0; d < p.depth; ++d) {
        if (d > 0) asm volatile("cp.async.wait_group 0;" ::: "memory");
        ask(ring + d * slot_bytes);
    }
    if (p.early_fours > 0) {
        // The memory has nothing else to do until the vector comes, so what follows the ring is brought near.
        asm volatile("cp.async.wait_group 0;" ::: "memory");
        const int row_count = p.gated ? 2 : kRows,
                  last = min(ahead.four + p.early_fours, first + (end - 1) / walk.chunks + 1);
        if (asked < end && lane < (p.gated ? 4 : 2))
            for (int four = ahead.four; four < last; ++four) {
                const int s = p.gated ? lane / 2 : walk.segment_of(four);
                const MatrixView& m = p.segments[s].matrix;
                const int bytes = p.supers * (lane % 2 ? p.scales_bytes : p.codes_bytes);
                const int row = walk.row_of(four, s) + (p.gated && lane / 2 ? p.first_up : 0);
                asm volatile("cp.async.bulk.prefetch.L2.global [%0], %1;" ::"l"(
                                 static_cast<const unsigned char*>(lane % 2 ? m.scales : m.codes) +
                                 static_cast<long long>(row) * bytes),
                             "r"(row_count * bytes)
                             : "memory");
            }
    }
    wait_for_inputs();
    if (sum_at) before = __ldcg(sum_at);
    if (normed) {
        const float square = take_normed(p.input, vector, 8 * groups, held);
        if (lane == 0) squares[warp] = square;
    } else {
        take_halves(p.input, vector, 8 * groups);
    }
    __syncthreads();

    Cursor now = walk.start(first + begin / walk.chunks, begin % walk.chunks);
    float sum[kRows] = {};
    bool inherited = begin % walk.chunks != 0;  // the four at hand was begun by an earlier warp
    unsigned slot = ring;
#pragma unroll 1
    for (int done = begin; done < end; ++done) {
        if (p.depth == 2)
            asm volatile("cp.async.wait_group 1;" ::: "memory");
        else
            asm volatile("cp.async.wait_group 2;" ::: "memory");
        __syncwarp();
        const int g = 32 * now.chunk + lane;
        if (g < groups) {
            const StreamGroup x{vector.low[g], vector.high[g], vector.meta[g]};
            with_common_form(now.form, [&]<Form F>() {
                const int offset = F == Form::four_super || F == Form::six_signed
                                       ? 0
                                       : p.segments[now.segment].matrix.offset;
#pragma unroll
                for (int r = 0; r < kRows; ++r)
                    sum[r] += chunk_dot<F>(slot, r, walk.super_of(now.super, r), offset, x);
            });
        }
        __syncwarp();  // the slot was read
        ask(slot);
        slot = slot == ring + (p.depth - 1) * slot_bytes ? ring : slot + slot_bytes;
        if (now.chunk == walk.chunks - 1 || done == end - 1) {
            // Halves of the warp go on with two rows each, quarters with one.
            const bool upper = lane & 16, odd = lane & 8;
            const float a =
                (upper ? sum[2] : sum[0]) + __shfl_xor_sync(0xffffffffu, upper ? sum[0] : sum[2], 16);
            const float b =
                (upper ? sum[3] : sum[1]) + __shfl_xor_sync(0xffffffffu, upper ? sum[1] : sum[3], 16);
            float total = (odd ? b : a) + __shfl_xor_sync(0xffffffffu, odd ? a : b, 8);
#pragma unroll
            for (int distance = 4; distance > 0; distance /= 2)
                total += __shfl_xor_sync(0xffffffffu, total, distance);
            if (lane % 8 == 0) (inherited ? heads[warp] : sums[now.four - first])[lane / 8] = total;
            inherited = false;
#pragma unroll
            for (int r = 0; r < kRows; ++r) sum[r] = 0;
        }
        walk.next(now);
    }
    __syncthreads();
    float factor = 1;
    if (normed) {
        const float4* parts = reinterpret_cast<const float4*>(squares);
        const float4 a = parts[0], b = parts[1], c = parts[2], d = parts[3];
        const float all = ((a.x + a.y) + (a.z + a.w)) + ((b.x + b.y) + (b.z + b.w)) +
                          (((c.x + c.y) + (c.z + c.w)) + ((d.x + d.y) + (d.z + d.w)));
        factor = rsqrtf(all * p.part + p.input.norm.eps);
    }
    // The parts of a row in the warps' order.
    const auto whole = [&](int four, int row) {
        float total = sums[four][row];
#pragma unroll
        for (int w = 1; w < kStreamWarps; ++w) total += head_of[w] == four ? heads[w][row] : 0;
        return total * factor;
    };
    const int shift = p.gated ? 1 : 2;  // outputs of a four
#pragma unroll 1
    for (int i = threadIdx.x; i < fours << shift; i += kStreamThreads) {
        const int local = i >> shift, row = i & ((1 << shift) - 1), four = first + local;
        float value = whole(local, row);
        if (p.gated) {
            value = gated_value(p.activation, value, whole(local, 2 + row));
            p.inner[2 * four + row] = to_half(value);
            continue;
        }
        const int s = walk.segment_of(four);
        const LinearOut& to = p.segments[s].to;
        const int r = walk.row_of(four, s) + row;
        if (i >= kStreamThreads) {  // the first was asked for in time
            if (to.add) before = __ldcg(to.out + r);
            if (to.bias) bias = __ldg(to.bias + r);
        }
        value = to.alpha * (value + bias);
        if (to.cap > 0) value = to.cap * tanhf(value / to.cap);
        to.out[r] = to.add ? before + value : value;
    }
}

inline constexpr int kSharedMost = 226 << 10;  ///< a block of compute capability 9.0 may have 227 KiB

int shared_needed(int row_bytes, int depth, int supers, int most_fours) {
    return kStreamWarps * depth * kRows * row_bytes + supers * 8 * 48 + most_fours * kRows * 4;
}

void go(cudaStream_t stream, StreamArguments& p) {
    for (int s = 0; s < p.count; ++s)
        p.row_bytes = std::max(p.row_bytes, stream_row_bytes(p.segments[s].matrix.form));
    p.supers = p.segments[0].matrix.columns / kSuper;
    p.part = 1.0f / static_cast<float>(p.segments[0].matrix.columns);
    int device = 0, processors = 0;
    cudaGetDevice(&device);
    cudaDeviceGetAttribute(&processors, cudaDevAttrMultiProcessorCount, device);
    const int blocks = std::min(processors, p.fours);
    p.most_fours = (p.fours + blocks - 1) / blocks;
    while (p.depth > 2 && shared_needed(p.row_bytes, p.depth, p.supers, p.most_fours) > kSharedMost)
        --p.depth;
    const int shared = shared_needed(p.row_bytes, p.depth, p.supers, p.most_fours);
    cudaFuncSetAttribute(stream_kernel, cudaFuncAttributeMaxDynamicSharedMemorySize, shared);
    launch_with(stream, dim3(blocks), dim3(kStreamThreads), static_cast<std::size_t>(shared), stream_kernel,
                p);
}

}  // namespace

bool streams(const MatrixView& matrix) {
    constexpr int kFewestProcessors = 64;  // of a card that has the instructions
    return matrix.common() && matrix.columns % kSuper == 0 && matrix.rows % kRows == 0 &&
           shared_needed(stream_row_bytes(matrix.form), 2, matrix.columns / kSuper,
                         matrix.rows / kRows / kFewestProcessors + 1) <= kSharedMost;
}

void stream_linear(cudaStream_t stream, const LinearJob* jobs, int count, const StreamInput& input) {
    StreamArguments p;
    p.count = count;
    p.input = input;
    for (int j = 0; j < count; ++j) {
        p.segments[j] = {jobs[j].matrix, jobs[j].to, p.fours};
        p.fours += jobs[j].matrix.rows / kRows;
    }
    go(stream, p);
}

void stream_gated(cudaStream_t stream, const MatrixView& gate, const MatrixView& up, int first_up, int width,
                  int activation, const StreamInput& input, void* inner) {
    StreamArguments p;
    p.segments[0].matrix = gate;
    p.segments[1].matrix = up;
    p.count = 2;
    p.fours = width / 2;
    p.first_up = first_up;
    p.activation = activation;
    p.input = input;
    p.inner = static_cast<__half*>(inner);
    p.gated = true;
    p.early_fours = 1;
    p.depth = 3;
    p.codes_bytes = stream_codes(gate.form) / 4;
    p.scales_bytes = stream_scales(gate.form) / 4;
    go(stream, p);
}

}  // namespace pellucid::cuda
