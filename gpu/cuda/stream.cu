// One block an SM takes neighbouring fours of rows (gated: two of gate and the same two of up). Their chunks,
// 1024 columns of the four rows, one group of each a lane, are dealt out evenly to its warps, whatever row
// they end in. A warp's ring in shared memory holds its next chunks, and it waits for no other warp until the
// sums are put together.
#include "gpu/cuda/stream.h"

#include <algorithm>

#include "gpu/cuda/share.cuh"
#include "gpu/cuda/stream_chunk.cuh"

namespace pellucid::cuda {
namespace {

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

/// A product's vector into shared memory, rounded to 8 bits (Fine: and what that left, to 8 more); the sum of
/// the squares of the warp's share where it is normed. Other kernels made it, so it is read from L2. held:
/// the norm's weights of the thread's first eight values.
template <bool Fine>
__device__ __forceinline__ float take_vector(const StreamInput& input, const StreamVector& vector, int eights,
                                             const float4 (&held)[2]) {
    constexpr int kAtOnce = 3;
    const auto* x = reinterpret_cast<const float4*>(input.values);
    const auto* weights = reinterpret_cast<const float4*>(input.norm.weight);
    const auto* halves = static_cast<const uint4*>(input.halves);
    uint4 raw[kAtOnce] = {};
    if (!x)
#pragma unroll
        for (int k = 0; k < kAtOnce; ++k)
            if (static_cast<int>(threadIdx.x) + k * kStreamThreads < eights)
                raw[k] = __ldcg(halves + threadIdx.x + k * kStreamThreads);
    float square = 0;
    float4 w0 = held[0], w1 = held[1];
#pragma unroll 1
    for (int i = threadIdx.x; i < eights; i += kStreamThreads) {  // whole warps: eights is a multiple of 32
        float values[8];
        if (x) {
            const float4 a = __ldcg(x + 2 * i), b = __ldcg(x + 2 * i + 1);
            const float v[8] = {a.x, a.y, a.z, a.w, b.x, b.y, b.z, b.w};
            const float w[8] = {w0.x, w0.y, w0.z, w0.w, w1.x, w1.y, w1.z, w1.w};
#pragma unroll
            for (int k = 0; k < 8; ++k) {
                square += v[k] * v[k];
                values[k] = v[k] * w[k];
            }
            if (i + kStreamThreads < eights) {
                w0 = __ldg(weights + 2 * (i + kStreamThreads));
                w1 = __ldg(weights + 2 * (i + kStreamThreads) + 1);
            }
        } else {
            const unsigned words[4] = {raw[0].x, raw[0].y, raw[0].z, raw[0].w};
#pragma unroll
            for (int k = 0; k < 4; ++k) {
                const float2 two = __half22float2(*reinterpret_cast<const __half2*>(&words[k]));
                values[2 * k] = two.x;
                values[2 * k + 1] = two.y;
            }
            // Turned, not unrolled: the code of all would come cold each time.
#pragma unroll
            for (int k = 0; k + 1 < kAtOnce; ++k) raw[k] = raw[k + 1];
            if (i + kAtOnce * kStreamThreads < eights)
                raw[kAtOnce - 1] = __ldcg(halves + i + kAtOnce * kStreamThreads);
        }
        if constexpr (Fine)
            round_twice<8>(vector, eights / 4, i, values);
        else
            round_values<8>(vector, i, values);
    }
    return x ? warp_sum(square) : 0;
}

/// Whose sums an output of a block's share is made of, and which segment's it is.
struct Output {
    int packed = 0;  ///< few bits each, so that it takes one register

    __device__ __forceinline__ int first_warp() const { return packed & 31; }  ///< that began inside its four
    __device__ __forceinline__ int end_warp() const { return packed >> 5 & 31; }
    __device__ __forceinline__ int segment() const { return packed >> 10; }

    /// Output i of a block that has so many fours from `first` on.
    __device__ __forceinline__ void find(const Walk& walk, int first, int fours, int i) {
        const int local = i >> (walk.p.gated ? 1 : 2), four = first + local;
        const Helpers helpers = Helpers::of(fours * walk.chunks, local * walk.chunks, walk.chunks);
        packed = helpers.first | helpers.end << 5 | walk.segment_of(four) << 10;
    }
};

/// Calls fn<form>(); Common: of the two forms of nearly all large models alone.
template <bool Common, typename Fn>
__device__ __forceinline__ void with_stream_form(Form form, Fn&& fn) {
    if constexpr (!Common)
        with_common_form(form, fn);
    else if (form == Form::four_super)
        fn.template operator()<Form::four_super>();
    else
        fn.template operator()<Form::six_signed>();
}

/// One kernel for every product of a step, so that its instructions stay in the processors' caches: kernels
/// of their own for each form and kind drove each other out (tests/bench/LOST.md). A model of the common
/// forms is served by a kernel that has only those.
template <bool Common, bool Fine>
__global__ void __launch_bounds__(kStreamThreads, 2)
    stream_kernel(const __grid_constant__ StreamArguments p) {
    let_next_start();
    extern __shared__ __align__(128) unsigned char memory[];
    __shared__ __align__(16) float squares[kStreamWarps];
    __shared__ float heads[kStreamWarps][kRows];  ///< of the four that an earlier warp began
    const int warp = threadIdx.x / 32, lane = threadIdx.x % 32, groups = 8 * p.supers;
    const unsigned slot_bytes = kRows * p.row_bytes;
    unsigned char* at = memory + kStreamWarps * p.depth * slot_bytes;
    constexpr int kVectors = Fine ? 2 : 1;
    const StreamVector vector{reinterpret_cast<uint4*>(at),
                              reinterpret_cast<uint4*>(at + kVectors * 16 * groups),
                              reinterpret_cast<float4*>(at + kVectors * 32 * groups)};
    float(*sums)[kRows] =
        reinterpret_cast<float(*)[kRows]>(at + kVectors * 48 * groups);  // [four of this block]
    unsigned ring = static_cast<unsigned>(__cvta_generic_to_shared(memory)) + warp * p.depth * slot_bytes;
    asm volatile("" : "+r"(ring));  // not to be made again from its parts

    const int first = static_cast<int>(static_cast<long long>(p.fours) * blockIdx.x / gridDim.x);
    const int fours =
        static_cast<int>(static_cast<long long>(p.fours) * (blockIdx.x + 1) / gridDim.x) - first;
    const Walk walk{p, (p.supers + 3) / 4};
    const int begin = begin_of(fours * walk.chunks, warp), end = begin_of(fours * walk.chunks, warp + 1);
    Cursor ahead = walk.start(first + begin / walk.chunks, begin % walk.chunks);
    int asked = begin;
    // A warp without chunks adds nothing to the four it would have begun in.
    if (begin == end && lane < kRows) heads[warp][lane] = 0;
    // Asks for the chunk at `ahead`, the warp's last but `asked` chunks.
    const auto ask = [&](unsigned to) {
        if (asked < end) {
            const int left = p.supers - 4 * ahead.chunk;
            with_stream_form<Common>(ahead.form, [&]<Form F>() {
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
    // What is known before the wait: a norm's weights, where this thread's output goes and its bias.
    const bool normed = p.input.values != nullptr;
    float4 held[2] = {};
    if (normed && static_cast<int>(threadIdx.x) < 4 * groups) {
        const auto* weights = reinterpret_cast<const float4*>(p.input.norm.weight);
        held[0] = __ldg(weights + 2 * threadIdx.x);
        held[1] = __ldg(weights + 2 * threadIdx.x + 1);
    }
    const int shift = p.gated ? 1 : 2;  // outputs of a four
    Output mine;
    float bias = 0, before = 0;
    // Row of its segment that output i of the block is.
    const auto row_at = [&](int i) { return walk.row_of(first + i / kRows, mine.segment()) + i % kRows; };
    if (static_cast<int>(threadIdx.x) < fours << shift) {
        mine.find(walk, first, fours, threadIdx.x);
        const float* from = p.segments[mine.segment()].to.bias;
        if (!p.gated && from) bias = __ldg(from + row_at(threadIdx.x));
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
    if (!p.gated && static_cast<int>(threadIdx.x) < kRows * fours && p.segments[mine.segment()].to.add)
        before = __ldcg(p.segments[mine.segment()].to.out + row_at(threadIdx.x));
    const float square = take_vector<Fine>(p.input, vector, 4 * groups, held);
    if (lane == 0) squares[warp] = square;
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
        // Fine: the same once more with what the vector's rounding left, by the same instructions.
        if (int at = g; g < groups) {
            do {
                const StreamGroup x{vector.low[at], vector.high[at], vector.meta[at]};
                with_stream_form<Common>(now.form, [&]<Form F>() {
                    const int offset = F == Form::four_super || F == Form::six_signed
                                           ? 0
                                           : p.segments[now.segment].matrix.offset;
#pragma unroll
                    for (int r = 0; r < kRows; ++r)
                        sum[r] +=
                            chunk_dot<F>(slot, r, lane / 8 + (walk.super_of(now.super, r) & 1), offset, x);
                });
                at += groups;
            } while (Fine && at < kVectors * groups);
        }
        __syncwarp();  // the slot was read
        ask(slot);
        slot = slot == ring + (p.depth - 1) * slot_bytes ? ring : slot + slot_bytes;
        if (now.chunk == walk.chunks - 1 || done == end - 1) {
            const float total = four_sums(sum);
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
#pragma unroll 1
    for (int i = threadIdx.x; i < fours << shift; i += kStreamThreads) {
        if (i >= kStreamThreads) {  // the first was found in time
            mine.find(walk, first, fours, i);
            const LinearOut& to = p.segments[mine.segment()].to;
            if (!p.gated && to.bias) bias = __ldg(to.bias + row_at(i));
            if (!p.gated && to.add) before = __ldcg(to.out + row_at(i));
        }
        const int local = i >> shift, row = i & ((1 << shift) - 1);
        // The parts of a row in the warps' order.
        float value = sums[local][row];
#pragma unroll 1
        for (int w = mine.first_warp(); w < mine.end_warp(); ++w) value += heads[w][row];
        value *= factor;
        if (p.gated) {
            float second = sums[local][2 + row];
#pragma unroll 1
            for (int w = mine.first_warp(); w < mine.end_warp(); ++w) second += heads[w][2 + row];
            p.inner[2 * (first + local) + row] = to_half(gated_value(p.activation, value, second * factor));
            continue;
        }
        const LinearOut& to = p.segments[mine.segment()].to;
        value = to.alpha * (value + bias);
        if (to.cap > 0) value = to.cap * tanhf(value / to.cap);
        to.out[row_at(i)] = to.add ? before + value : value;
    }
}

inline constexpr int kSharedMost = 226 << 10;  ///< a block of compute capability 9.0 may have 227 KiB

int shared_needed(int row_bytes, int depth, int supers, int most_fours, bool fine) {
    return kStreamWarps * depth * kRows * row_bytes + supers * 8 * 48 * (fine ? 2 : 1) +
           most_fours * kRows * 4;
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
    bool common = true, fine = false;
    for (int s = 0; s < p.count; ++s) fine = fine || p.segments[s].matrix.fine;
    while (p.depth > 2 && shared_needed(p.row_bytes, p.depth, p.supers, p.most_fours, fine) > kSharedMost)
        --p.depth;
    const int shared = shared_needed(p.row_bytes, p.depth, p.supers, p.most_fours, fine);
    for (int s = 0; s < p.count; ++s) {
        const Form form = p.segments[s].matrix.form;
        common = common && (form == Form::four_super || form == Form::six_signed);
    }
    const auto kernel = fine     ? common ? stream_kernel<true, true> : stream_kernel<false, true>
                            : common ? stream_kernel<true, false>
                                 : stream_kernel<false, false>;
    cudaFuncSetAttribute(kernel, cudaFuncAttributeMaxDynamicSharedMemorySize, shared);
    launch_with(stream, dim3(blocks), dim3(kStreamThreads), static_cast<std::size_t>(shared), kernel, p);
}

}  // namespace

bool streams(const MatrixView& matrix) {
    constexpr int kFewestProcessors = 64;  // of a card that has the instructions
    return matrix.common() && matrix.columns % kSuper == 0 && matrix.rows % kRows == 0 &&
           shared_needed(stream_row_bytes(matrix.form), 2, matrix.columns / kSuper,
                         matrix.rows / kRows / kFewestProcessors + 1, matrix.fine) <= kSharedMost;
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
