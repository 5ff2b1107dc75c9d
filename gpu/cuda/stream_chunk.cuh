// A chunk of a streamed row: 32 groups, one a lane. How it is asked for, how it lies in shared memory, and
// its product with the vector.
#pragma once

#include "gpu/cuda/group.cuh"

namespace pellucid::cuda {

/// with_form() with the two forms of nearly all large models first.
template <typename Fn>
__device__ __forceinline__ void with_common_form(Form form, Fn&& fn) {
    if (form == Form::four_super)
        fn.template operator()<Form::four_super>();
    else if (form == Form::six_signed)
        fn.template operator()<Form::six_signed>();
    else
        with_form(form, fn);
}

/// The vector in shared memory, rounded to 8 bits in groups of 32.
struct StreamVector {
    uint4 *low, *high;  ///< [groups] values 0 … 15 and 16 … 31
    float4* meta;       ///< [groups] scale, scale * sum / 64, the halves' sums (bits of int)

    /// One that begins so many groups later in each plane.
    __device__ __forceinline__ StreamVector after(int groups) const {
        return {low + groups, high + groups, meta + groups};
    }
};
/// One group of it.
struct StreamGroup {
    uint4 low, high;
    float4 meta;
};

/// Adding it to a float of small magnitude rounds to an integer, which the low bits then hold.
inline constexpr float kMagic = 12582912.0f;
inline constexpr int kMagicBits = 0x4b400000;

/// 32 / N neighbouring lanes hold N neighbouring values each, a group between them. Gives the group's scale
/// and its inverse.
template <int N>
__device__ __forceinline__ float2 round_values(const StreamVector& to, int index, const float (&v)[N]) {
    constexpr int kLanes = kGroup / N;
    float largest = 0;
#pragma unroll
    for (int i = 0; i < N; ++i) largest = fmaxf(largest, fabsf(v[i]));
#pragma unroll
    for (int offset = kLanes / 2; offset > 0; offset /= 2)
        largest = fmaxf(largest, __shfl_xor_sync(0xffffffffu, largest, offset));
    const float scale = largest * (1.0f / 127.0f), back = largest > 0 ? __fdividef(127.0f, largest) : 0;
    int words[N / 4], sum = 0;
#pragma unroll
    for (int w = 0; w < N / 4; ++w) {
        unsigned bits[4];
#pragma unroll
        for (int i = 0; i < 4; ++i) bits[i] = __float_as_uint(fmaf(v[4 * w + i], back, kMagic));
        words[w] = static_cast<int>(__byte_perm(__byte_perm(bits[0], bits[1], 0x0040),
                                                __byte_perm(bits[2], bits[3], 0x0040), 0x5410));
        sum = __dp4a(words[w], 0x01010101, sum);
    }
#pragma unroll
    for (int offset = 1; offset < kLanes / 2; offset *= 2) sum += __shfl_xor_sync(0xffffffffu, sum, offset);
    const int other = __shfl_xor_sync(0xffffffffu, sum, kLanes / 2);
    const int group = index / kLanes, part = index % kLanes, place = part % (kLanes / 2);
    uint4* plane = part < kLanes / 2 ? to.low : to.high;
    if constexpr (N == 8)
        reinterpret_cast<int2*>(plane + group)[place] = {words[0], words[1]};
    else
        reinterpret_cast<int*>(plane + group)[place] = words[0];
    if (part == 0)
        to.meta[group] = {scale, scale * static_cast<float>(sum + other) * (1.0f / 64.0f),
                          __int_as_float(sum), __int_as_float(other)};
    return {scale, back};
}
/// The same and, as a second vector of 8 bits behind it, what the rounding left.
template <int N>
__device__ __forceinline__ void round_twice(const StreamVector& to, int groups, int index, float (&v)[N]) {
    const float2 scale = round_values<N>(to, index, v);
#pragma unroll
    for (int i = 0; i < N; ++i) v[i] = fmaf(-(fmaf(v[i], scale.y, kMagic) - kMagic), scale.x, v[i]);
    round_values<N>(to.after(groups), index, v);
}

// A chunk in shared memory: the codes of its rows, then high, scales, supers. Bytes of a row in each:
__host__ __device__ constexpr int stream_codes(Form form) {
    return form == Form::eight_pair ? 1024 : 512;
}
__host__ __device__ constexpr int stream_high(Form form) {
    return form == Form::six_signed ? 256 : five_bits(form) ? 128 : 0;
}
__host__ __device__ constexpr int stream_scales(Form form) {
    return super_form(form) || signed_form(form) ? 64 : 128;
}
__host__ __device__ constexpr int stream_row_bytes(Form form) {
    return stream_codes(form) + stream_high(form) + stream_scales(form) +
           (signed_form(form) || form == Form::four_two ? 16 : 0);
}
// Addresses in shared memory are kept as numbers: pointers would be made again and again from the base.
template <int Bytes>
__device__ __forceinline__ void ask_for(unsigned to, const void* from) {
    if constexpr (Bytes == 16)
        asm volatile("cp.async.cg.shared.global [%0], [%1], 16;" ::"r"(to), "l"(from) : "memory");
    else
        asm volatile("cp.async.ca.shared.global [%0], [%1], %2;" ::"r"(to), "l"(from), "n"(Bytes) : "memory");
}
__device__ __forceinline__ uint4 shared_four(unsigned at) {
    uint4 v;
    asm volatile("ld.shared.v4.u32 {%0,%1,%2,%3}, [%4];"
                 : "=r"(v.x), "=r"(v.y), "=r"(v.z), "=r"(v.w)
                 : "r"(at));
    return v;
}
__device__ __forceinline__ uint2 shared_two(unsigned at) {
    uint2 v;
    asm volatile("ld.shared.v2.u32 {%0,%1}, [%2];" : "=r"(v.x), "=r"(v.y) : "r"(at));
    return v;
}
__device__ __forceinline__ unsigned shared_one(unsigned at) {
    unsigned v;
    asm volatile("ld.shared.u32 %0, [%1];" : "=r"(v) : "r"(at));
    return v;
}
__device__ __forceinline__ unsigned shared_half(unsigned at) {
    unsigned short v;
    asm volatile("ld.shared.u16 %0, [%1];" : "=h"(v) : "r"(at));
    return v;
}

inline constexpr int kRows = 4;  ///< of a chunk

/// Where row r's part of each plane begins in a chunk.
template <Form F>
struct Place {
    int codes, high, scales, supers;
    __device__ __forceinline__ explicit Place(int r)
        : codes(r * stream_codes(F)),
          high(kRows * stream_codes(F) + r * stream_high(F)),
          scales(kRows * (stream_codes(F) + stream_high(F)) + r * stream_scales(F)),
          supers(kRows * (stream_codes(F) + stream_high(F) + stream_scales(F)) + r * 16) {}
};

/// Asks for this lane's group of row r: group `group` of the matrix.
template <Form F>
__device__ __forceinline__ void ask_group(unsigned to, int r, const MatrixView& m, int group) {
    const Place<F> at(r);
    const unsigned lane = threadIdx.x % 32;
    const auto* codes = static_cast<const unsigned char*>(m.codes);
    const auto* high = static_cast<const unsigned char*>(m.high);
    const auto* scales = static_cast<const unsigned char*>(m.scales);
    if constexpr (F == Form::eight_pair) {
        ask_for<16>(to + lane * 32 + at.codes, codes + group * 32ll);
        ask_for<16>(to + lane * 32 + at.codes + 16, codes + group * 32ll + 16);
    } else {
        ask_for<16>(to + lane * 16 + at.codes, codes + group * 16ll);
    }
    if constexpr (five_bits(F)) ask_for<4>(to + lane * 4 + at.high, high + group * 4ll);
    if constexpr (F == Form::six_signed) ask_for<8>(to + lane * 8 + at.high, high + group * 8ll);
    if constexpr (pair_form(F) || F == Form::four_two)
        ask_for<4>(to + lane * 4 + at.scales, scales + group * 4ll);
}
/// Asks for what row r has a super: `super` is the chunk's first, of which `left` are there. piece: 0 … 3,
/// one a lane.
template <Form F>
__device__ __forceinline__ void ask_supers(unsigned to, int r, const MatrixView& m, int super, int left,
                                           int piece) {
    const Place<F> at(r);
    const auto* scales = static_cast<const unsigned char*>(m.scales);
    const auto* supers = static_cast<const unsigned char*>(m.supers);
    if constexpr (super_form(F) || signed_form(F))  // 16 bytes a super
        if (piece < left) ask_for<16>(to + at.scales + piece * 16, scales + (super + piece) * 16ll);
    if constexpr (F == Form::four_two)
        if (piece < left) ask_for<4>(to + at.supers + piece * 4, supers + (super + piece) * 4ll);
    if constexpr (signed_form(F)) {  // two bytes a super: the words that hold them
        const int word = super / 2 + piece;
        if (piece < 3 && 2 * word < super + min(left, 4))
            ask_for<4>(to + at.supers + piece * 4, supers + word * 4ll);
    }
}

/// This lane's group of row r as Group has it. half: of those in the row's supers, which the lane's super has
/// (signed forms).
template <Form F>
__device__ __forceinline__ Group<F> chunk_group(unsigned chunk, int r, int half) {
    const unsigned lane = threadIdx.x % 32;
    const Place<F> at(r);
    Group<F> group;
    if constexpr (F == Form::eight_pair) {
        group.codes = shared_four(chunk + 32 * lane + at.codes);
        group.codes_high = shared_four(chunk + 32 * lane + at.codes + 16);
    } else {
        group.codes = shared_four(chunk + 16 * lane + at.codes);
    }
    if constexpr (five_bits(F)) group.high.x = shared_one(chunk + 4 * lane + at.high);
    if constexpr (F == Form::six_signed) group.high = shared_two(chunk + 8 * lane + at.high);
    if constexpr (pair_form(F) || F == Form::four_two)
        group.scales.x = shared_one(chunk + 4 * lane + at.scales);
    if constexpr (F == Form::five_super) group.scales = shared_four(chunk + lane / 8 * 16 + at.scales);
    if constexpr (signed_form(F)) {
        group.scales.x = shared_half(chunk + 2 * lane + at.scales);
        group.scales.y = shared_half(chunk + 2 * half + at.supers);
    }
    if constexpr (F == Form::four_two) group.scales.y = shared_one(chunk + lane / 8 * 4 + at.supers);
    return group;
}

__device__ __forceinline__ int dot_unsigned(unsigned a, unsigned b, int c) {
    int d;
    asm("dp4a.u32.s32 %0, %1, %2, %3;" : "=r"(d) : "r"(a), "r"(b), "r"(c));
    return d;
}

/// Four-bit codes with 6-bit scales and minimums, the form of most weights: as few integer operations as can
/// be, they are what limits a stream.
__device__ __forceinline__ float four_super_dot(unsigned chunk, int r, const StreamGroup& x) {
    const unsigned lane = threadIdx.x % 32, g = lane & 7;
    const Place<Form::four_super> at(r);
    const uint4 codes = shared_four(chunk + 16 * lane + at.codes);
    const unsigned super = chunk + lane / 8 * 16;
    const unsigned header = shared_one(super + at.scales);
    // 12 bits at bit 12 g: in two words.
    const unsigned begin = shared_one(super + (g < 3 ? 4 : g < 6 ? 8 : 12) + at.scales);
    const unsigned next = shared_one(super + (g < 3 ? 8 : 12) + at.scales);
    constexpr unsigned kLow = 0x0f0f0f0fu, kUp = 0xf0f0f0f0u;
    int low = dot_unsigned(codes.x & kLow, x.low.x, 0),
        up = dot_unsigned(codes.x & kUp, x.high.x, kMagicBits);
    low = dot_unsigned(codes.y & kLow, x.low.y, low);
    up = dot_unsigned(codes.y & kUp, x.high.y, up);
    low = dot_unsigned(codes.z & kLow, x.low.z, low);
    up = dot_unsigned(codes.z & kUp, x.high.z, up);
    low = dot_unsigned(codes.w & kLow, x.low.w, low);
    up = dot_unsigned(codes.w & kUp, x.high.w, up);
    const float dot = __int_as_float(16 * low + up) - kMagic;  // times 16
    const unsigned both = __funnelshift_r(begin, next, 12 * g);
    // 2^19 + scale / 16, and 2^23 + 64 minimum: the vector's sum is stored by the 64th.
    const float scale = __uint_as_float((both & 0x3fu) | 0x49000000u) - 524288.0f;
    const float minimum = __uint_as_float((both & 0xfc0u) | 0x4b000000u) - 8388608.0f;
    const float2 dd = __half22float2(*reinterpret_cast<const __half2*>(&header));
    return fmaf(dd.x * scale, x.meta.x * dot, -(dd.y * minimum) * x.meta.y);
}

/// This lane's group of row r times the vector's.
template <Form F>
__device__ __forceinline__ float chunk_dot(unsigned chunk, int r, int half, int offset,
                                           const StreamGroup& x) {
    if constexpr (F == Form::four_super) {
        return four_super_dot(chunk, r, x);
    } else {
        const Group<F> w = chunk_group<F>(chunk, r, half);
        const float d = x.meta.x;
        const int sum0 = __float_as_int(x.meta.z), sum1 = __float_as_int(x.meta.w);
        if constexpr (F != Form::six_signed) {
            return w.dot(static_cast<int>(threadIdx.x) & 7, offset, x.low, x.high,
                         {__float_as_int(d), (sum0 & 0xffff) | sum1 << 16});
        } else {
            // Sums begin at the magic number's bits, so that they are floats without a conversion.
            int low = kMagicBits - 32 * sum0, up = kMagicBits - 32 * sum1;
            low = __dp4a(w.word(0, 0), static_cast<int>(x.low.x), low);
            up = __dp4a(w.word(1, 0), static_cast<int>(x.high.x), up);
            low = __dp4a(w.word(0, 1), static_cast<int>(x.low.y), low);
            up = __dp4a(w.word(1, 1), static_cast<int>(x.high.y), up);
            low = __dp4a(w.word(0, 2), static_cast<int>(x.low.z), low);
            up = __dp4a(w.word(1, 2), static_cast<int>(x.high.z), up);
            low = __dp4a(w.word(0, 3), static_cast<int>(x.low.w), low);
            up = __dp4a(w.word(1, 3), static_cast<int>(x.high.w), up);
            const float wd = __half2float(__ushort_as_half(static_cast<unsigned short>(w.scales.y)));
            const unsigned bytes = w.scales.x ^ 0x8080u;  // 128 more than each
            const float scale0 = __uint_as_float((bytes & 0xffu) | 0x4b000000u) - 8388736.0f;
            const float scale1 = __uint_as_float(__byte_perm(bytes, 0x4b000000u, 0x7651)) - 8388736.0f;
            const float dot0 = __int_as_float(low) - kMagic, dot1 = __int_as_float(up) - kMagic;
            return d * (wd * fmaf(scale0, dot0, scale1 * dot1));
        }
    }
}

}  // namespace pellucid::cuda
