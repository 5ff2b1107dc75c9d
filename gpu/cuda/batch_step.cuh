// A warp's share of one step of a batched product: 32 rows of 256 columns. How it is asked for, how it lies
// in shared memory, and how it becomes f16.
//
// Lane 4 g + t holds groups t and 4 + t of rows g, g + 8, g + 16 and g + 24. Which columns meet in one mma
// does not matter to a sum, so a lane's four columns of an mma are four neighbours of its own group, and it
// decodes one scale a row and group.
#pragma once

#include "gpu/cuda/group.cuh"
#include "gpu/cuda/tile.cuh"

namespace pellucid::cuda {

inline constexpr int kWarpRows = 32, kLaneGroups = 8;  ///< (row, group) pairs of a lane: 4 rows, 2 groups
inline constexpr float kWeightScale =
    16;  ///< weights are kept so much larger, so that small scales stay exact

// Bytes of a warp's step in each plane; super planes hold 16 bytes a row (scales) or 4 (supers).
__host__ __device__ constexpr int batch_codes(Form form) {
    return form == Form::eight_pair ? 8192 : 4096;
}
__host__ __device__ constexpr int batch_high(Form form) {
    return form == Form::six_signed ? 2048 : five_bits(form) ? 1024 : 0;
}
__host__ __device__ constexpr int batch_scales(Form form) {
    return super_form(form) || signed_form(form) ? 512 : 1024;
}
__host__ __device__ constexpr int batch_step_bytes(Form form) {
    return batch_codes(form) + batch_high(form) + batch_scales(form) +
           (signed_form(form) || form == Form::four_two ? 128 : 0);
}

__host__ __device__ constexpr bool four_bits(Form form) {
    return form == Form::four_pair || form == Form::four_super || form == Form::four_signed ||
           form == Form::four_two;
}

__host__ __device__ constexpr bool two_minimums(Form form) {
    return form == Form::four_two;
}

/// Memory is asked for 256 bytes at a time: a step is only 128 of each row, and the next comes soon.
template <int Bytes>
__device__ __forceinline__ void ask_part(unsigned to, const void* from, bool inside) {
    const int size = inside ? Bytes : 0;
    if constexpr (Bytes == 16)
        asm volatile("cp.async.cg.shared.global.L2::256B [%0], [%1], 16, %2;" ::"r"(to), "l"(from), "r"(size)
                     : "memory");
    else
        asm volatile("cp.async.ca.shared.global.L2::256B [%0], [%1], %2, %3;" ::"r"(to), "l"(from),
                     "n"(Bytes), "r"(size)
                     : "memory");
}

/// Where a lane's rows of a warp's 32 begin, in groups and in supers of the matrix.
struct BatchRowsAt {
    int groups[4], super;
    /// Rows past the last are the last.
    __device__ __forceinline__ void set(const MatrixView& m, int row0) {
        const int lane = threadIdx.x % 32, last = m.rows - 1;
#pragma unroll
        for (int k = 0; k < 4; ++k)
            groups[k] = min(row0 + lane / 4 + 8 * k, last) * (m.columns / kGroup) + lane % 4;
        super = min(row0 + lane, last) * (m.columns / kSuper);
    }
};

/// Asks for a warp's rows in step `step`. Groups past the end are zeros.
template <Form F>
__device__ __forceinline__ void ask_step(unsigned to, const MatrixView& m, const BatchRowsAt& rows,
                                         int step) {
    const int lane = threadIdx.x % 32;
    const auto* codes = static_cast<const unsigned char*>(m.codes);
    const auto* high = static_cast<const unsigned char*>(m.high);
    const auto* scales = static_cast<const unsigned char*>(m.scales);
    const auto* supers = static_cast<const unsigned char*>(m.supers);
    const unsigned high_to = to + batch_codes(F), scales_to = high_to + batch_high(F),
                   supers_to = scales_to + batch_scales(F);
#pragma unroll
    for (int i = 0; i < kLaneGroups; ++i) {
        bool inside = true;
        if constexpr (pair_form(F)) inside = 8 * step + lane % 4 + 4 * (i >> 2) < m.columns / kGroup;
        const long long at = rows.groups[i & 3] + (inside ? 8 * step + 4 * (i >> 2) : 0);
        const int place = i * 32 + lane;
        if constexpr (F == Form::eight_pair) {
            ask_part<16>(to + place * 16, codes + at * 32, inside);
            ask_part<16>(to + 4096 + place * 16, codes + at * 32 + 16, inside);
        } else {
            ask_part<16>(to + place * 16, codes + at * 16, inside);
        }
        if constexpr (five_bits(F)) ask_part<4>(high_to + place * 4, high + at * 4, inside);
        if constexpr (F == Form::six_signed) ask_part<8>(high_to + place * 8, high + at * 8, inside);
        if constexpr (pair_form(F) || F == Form::four_two)
            ask_part<4>(scales_to + place * 4, scales + at * 4, inside);
    }
    const long long super = rows.super + step;
    if constexpr (super_form(F) || signed_form(F))
        ask_part<16>(scales_to + lane * 16, scales + super * 16, true);
    if constexpr (signed_form(F))  // the word that holds its two bytes
        ask_part<4>(supers_to + lane * 4, supers + super / 2 * 4, true);
    if constexpr (F == Form::four_two) ask_part<4>(supers_to + lane * 4, supers + super * 4, true);
}

__device__ __forceinline__ uint4 take_four(unsigned at) {
    uint4 v;
    asm volatile("ld.shared.v4.u32 {%0,%1,%2,%3}, [%4];"
                 : "=r"(v.x), "=r"(v.y), "=r"(v.z), "=r"(v.w)
                 : "r"(at));
    return v;
}
__device__ __forceinline__ uint2 take_two(unsigned at) {
    uint2 v;
    asm volatile("ld.shared.v2.u32 {%0,%1}, [%2];" : "=r"(v.x), "=r"(v.y) : "r"(at));
    return v;
}
__device__ __forceinline__ unsigned take_one(unsigned at) {
    unsigned v;
    asm volatile("ld.shared.u32 %0, [%1];" : "=r"(v) : "r"(at));
    return v;
}
__device__ __forceinline__ unsigned take_half(unsigned at) {
    unsigned short v;
    asm volatile("ld.shared.u16 %0, [%1];" : "=h"(v) : "r"(at));
    return v;
}

/// One row's group of a lane, ready to become f16.
template <Form F>
struct BatchGroup {
    Group<F> group;
    __half2 scale[2], minimum[2];  ///< of each half of the group

    /// pair: 0 … 7, row and group as in ask_step(). super: the row's super in the matrix.
    __device__ __forceinline__ void take(unsigned slot, int pair, long long super) {
        const unsigned lane = threadIdx.x % 32, place = pair * 32 + lane, row = lane / 4 + 8 * (pair & 3);
        const unsigned high = slot + batch_codes(F), scales = high + batch_high(F),
                       supers = scales + batch_scales(F);
        group.codes = take_four(slot + place * 16);
        if constexpr (F == Form::eight_pair) {
            group.codes_high = take_four(slot + 4096 + place * 16);
            constexpr unsigned kSign = 0x80808080u;  // signed to unsigned, 128 more
            group.codes = {group.codes.x ^ kSign, group.codes.y ^ kSign, group.codes.z ^ kSign,
                           group.codes.w ^ kSign};
            group.codes_high = {group.codes_high.x ^ kSign, group.codes_high.y ^ kSign,
                                group.codes_high.z ^ kSign, group.codes_high.w ^ kSign};
        }
        if constexpr (five_bits(F)) group.high.x = take_one(high + place * 4);
        if constexpr (F == Form::six_signed) group.high = take_two(high + place * 8);
        const int in_super = static_cast<int>(lane % 4) + (pair & 4);
        float s[2], m[2];
        if constexpr (super_form(F)) {
            const uint4 words = take_four(scales + row * 16);
            const unsigned low = in_super < 3 ? words.y : in_super < 6 ? words.z : words.w;
            const unsigned next = in_super < 3 ? words.z : words.w;
            const unsigned both = __funnelshift_r(low, next, 12 * in_super);
            const float2 dd = __half22float2(*reinterpret_cast<const __half2*>(&words.x));
            // 2^23 + scale, and 2^23 + 64 minimum, less 2^23: integers as floats without a conversion.
            s[0] = s[1] = dd.x * kWeightScale * (__uint_as_float((both & 0x3fu) | 0x4b000000u) - 8388608.0f);
            m[0] = m[1] =
                dd.y * (kWeightScale / 64) * (__uint_as_float((both & 0xfc0u) | 0x4b000000u) - 8388608.0f);
        } else {
            if constexpr (pair_form(F)) group.scales.x = take_one(scales + place * 4);
            if constexpr (signed_form(F)) {
                group.scales.x = take_half(scales + row * 16 + in_super * 2);
                group.scales.y = take_half(supers + row * 4 + static_cast<unsigned>(super & 1) * 2);
            }
            if constexpr (F == Form::four_two) {
                group.scales.x = take_one(scales + place * 4);
                group.scales.y = take_one(supers + row * 4);
            }
            group.factors(in_super, s, m);
#pragma unroll
            for (int h = 0; h < 2; ++h) {
                s[h] *= kWeightScale;
                m[h] *= kWeightScale;
            }
        }
        // Four bits are taken where they lie, which for the upper half is 16 times their value.
        scale[0] = __float2half2_rn(s[0]);
        scale[1] = __float2half2_rn(four_bits(F) ? s[1] * 0.0625f : s[1]);
        minimum[0] = __float2half2_rn(-m[0]);
        minimum[1] = __float2half2_rn(-m[1]);
    }
    /// Values 4 Word … 4 Word + 3 of the group, times kWeightScale, as two pairs of f16: the first with the
    /// third, the second with the fourth.
    template <int Word>
    __device__ __forceinline__ void halves(const __half2 (&base)[2], unsigned& even, unsigned& odd) const {
        constexpr int kHalf = Word / 4;
        constexpr unsigned k1024 = 0x64006400u;  // in each half; its low bits count ones
        unsigned bits[2];
        if constexpr (four_bits(F)) {
            const unsigned c = Word % 4 == 0   ? group.codes.x
                               : Word % 4 == 1 ? group.codes.y
                               : Word % 4 == 2 ? group.codes.z
                                               : group.codes.w;
            constexpr unsigned kMask = kHalf ? 0x00f000f0u : 0x000f000fu;
            bits[0] = (c & kMask) | k1024;
            bits[1] = ((c >> 8) & kMask) | k1024;
        } else {
            const unsigned v = static_cast<unsigned>(group.word(kHalf, Word % 4));
            bits[0] = __byte_perm(v, 0x64646464u, 0x4240);
            bits[1] = __byte_perm(v, 0x64646464u, 0x4341);
        }
        const auto make = [&](unsigned of) {
            __half2 h = __hsub2(*reinterpret_cast<const __half2*>(&of), base[kHalf]);
            h = signed_form(F) ? __hmul2(h, scale[kHalf])
                               : __hfma2(h, scale[kHalf], minimum[two_minimums(F) && kHalf]);
            return *reinterpret_cast<const unsigned*>(&h);
        };
        even = make(bits[0]);
        odd = make(bits[1]);
    }
};

/// 1024 and the code that means zero, for the lower and the upper half of a group.
template <Form F>
__device__ __forceinline__ void batch_base(int offset, __half2 (&base)[2]) {
    const float zero = static_cast<float>(F == Form::eight_pair ? 128 : offset);
    base[0] = __float2half2_rn(1024.0f + zero);
    base[1] = __float2half2_rn(1024.0f + (four_bits(F) ? 16 * zero : zero));
}

}  // namespace pellucid::cuda
