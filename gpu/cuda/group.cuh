// One group of 32 weights: how a lane loads it, multiplies it with 8-bit activations, and decodes it exactly.
#pragma once

#include "engine/quant/codebooks.h"
#include "gpu/cuda/device.cuh"

namespace pellucid::cuda {

__device__ __forceinline__ uint4 load_once(const uint4* p) {
    uint4 v;
    asm volatile("ld.global.nc.L1::no_allocate.v4.u32 {%0,%1,%2,%3}, [%4];"
                 : "=r"(v.x), "=r"(v.y), "=r"(v.z), "=r"(v.w)
                 : "l"(p));
    return v;
}
__device__ __forceinline__ uint2 load_once(const uint2* p) {
    uint2 v;
    asm volatile("ld.global.nc.L1::no_allocate.v2.u32 {%0,%1}, [%2];" : "=r"(v.x), "=r"(v.y) : "l"(p));
    return v;
}

__host__ __device__ constexpr bool five_bits(Form form) {
    return form == Form::five_pair || form == Form::five_super;
}
__host__ __device__ constexpr bool pair_form(Form form) {
    return form == Form::four_pair || form == Form::five_pair || form == Form::eight_pair;
}
__host__ __device__ constexpr bool super_form(Form form) {
    return form == Form::four_super || form == Form::five_super;
}
__host__ __device__ constexpr bool signed_form(Form form) {
    return form == Form::six_signed || form == Form::four_signed;
}

__host__ __device__ constexpr bool level_form(Form form) {
    return form == Form::four_iq4 || form == Form::four_mxfp4;
}
__host__ __device__ constexpr bool byte_form(Form form) {
    return form == Form::eight_pair || form == Form::eight_halves;
}

/// Four of a format's 16 levels as the bytes of a word.
__host__ __device__ constexpr unsigned level_word(const std::int8_t* levels, int first) {
    unsigned word = 0;
    for (int i = 0; i < 4; ++i) word |= (static_cast<unsigned>(levels[first + i]) & 0xffu) << (8 * i);
    return word;
}
template <Form F, int First>
inline constexpr unsigned kLevelWord = level_word(F == Form::four_iq4 ? levels_iq4 : levels_mxfp4, First);
/// The levels of four 4-bit codes, one a byte.
template <Form F>
__device__ __forceinline__ unsigned levels_of(unsigned codes) {
    constexpr unsigned k0 = kLevelWord<F, 0>, k4 = kLevelWord<F, 4>, k8 = kLevelWord<F, 8>,
                       k12 = kLevelWord<F, 12>;
    const unsigned low = codes & 0x07070707u, some = low | low >> 4;
    const unsigned pick = __byte_perm(some, 0, 0x0020);  // four picks of four bits each
    const unsigned upper = ((codes >> 3) & 0x01010101u) * 0xffu;
    return (__byte_perm(k0, k4, pick) & ~upper) | (__byte_perm(k8, k12, pick) & upper);
}

/// Registers of one group as loaded. Unused members cost nothing.
template <Form F>
struct Group {
    uint4 codes = {0, 0, 0, 0}, codes_high = {0, 0, 0, 0};
    uint2 high = {0, 0};
    uint4 scales = {0, 0, 0, 0};

    __device__ __forceinline__ void load(const MatrixView& m, long long row, int group) {
        const long long at = row * (m.columns / kGroup) + group;
        if constexpr (byte_form(F)) {
            codes = load_once(static_cast<const uint4*>(m.codes) + 2 * at);
            codes_high = load_once(static_cast<const uint4*>(m.codes) + 2 * at + 1);
        } else {
            codes = load_once(static_cast<const uint4*>(m.codes) + at);
        }
        if constexpr (five_bits(F)) high.x = __ldg(static_cast<const unsigned*>(m.high) + at);
        if constexpr (F == Form::six_signed) high = load_once(static_cast<const uint2*>(m.high) + at);
        if constexpr (pair_form(F) || level_form(F))
            scales.x = __ldg(static_cast<const unsigned*>(m.scales) + at);
        if constexpr (F == Form::eight_halves) {
            const uint2 both = __ldg(static_cast<const uint2*>(m.scales) + at);
            scales.x = both.x;
            scales.y = both.y;
        }
        if constexpr (super_form(F)) scales = __ldg(static_cast<const uint4*>(m.scales) + (at >> 3));
        if constexpr (signed_form(F)) {
            scales.x = __ldg(static_cast<const unsigned short*>(m.scales) + at);
            scales.y = __ldg(static_cast<const unsigned short*>(m.supers) + (at >> 3));
        }
        if constexpr (F == Form::four_two) {
            scales.x = __ldg(static_cast<const unsigned*>(m.scales) + at);
            scales.y = __ldg(static_cast<const unsigned*>(m.supers) + (at >> 3));
        }
    }

    /// Codes 4w … 4w+3 (half 0) or 16 + 4w … (half 1) as four signed bytes, before the offset.
    __device__ __forceinline__ int word(int half, int w) const {
        const unsigned c = w == 0 ? codes.x : w == 1 ? codes.y : w == 2 ? codes.z : codes.w;
        if constexpr (byte_form(F)) {
            const unsigned c2 = w == 0   ? codes_high.x
                                : w == 1 ? codes_high.y
                                : w == 2 ? codes_high.z
                                         : codes_high.w;
            return static_cast<int>(half ? c2 : c);
        }
        unsigned v = (half ? c >> 4 : c) & 0x0f0f0f0fu;
        if constexpr (level_form(F)) return static_cast<int>(levels_of<F>(v));
        if constexpr (five_bits(F)) v |= ((high.x >> (4 * half + w)) & 0x01010101u) << 4;
        if constexpr (F == Form::six_signed) v |= (((half ? high.y : high.x) >> (2 * w)) & 0x03030303u) << 4;
        return static_cast<int>(v);
    }

    /// Scale and minimum of each half of the group.
    __device__ __forceinline__ void factors(int group, float (&scale)[2], float (&minimum)[2]) const {
        if constexpr (pair_form(F)) {
            scale[0] = scale[1] = __half2float(__ushort_as_half(scales.x & 0xffff));
            minimum[0] = minimum[1] = __half2float(__ushort_as_half(scales.x >> 16));
        } else if constexpr (super_form(F)) {
            const int g = group & 7;
            const unsigned low = g < 3 ? scales.y : g < 6 ? scales.z : scales.w;
            const unsigned next = g < 3 ? scales.z : scales.w;
            const unsigned both = __funnelshift_r(low, next, 12 * g);
            scale[0] = scale[1] =
                __fmul_rn(__half2float(__ushort_as_half(scales.x & 0xffff)), static_cast<float>(both & 63));
            minimum[0] = minimum[1] = __fmul_rn(__half2float(__ushort_as_half(scales.x >> 16)),
                                                static_cast<float>((both >> 6) & 63));
        } else if constexpr (signed_form(F)) {
            const float d = __half2float(__ushort_as_half(scales.y));
            scale[0] = __fmul_rn(d, static_cast<float>(static_cast<signed char>(scales.x & 0xff)));
            scale[1] = __fmul_rn(d, static_cast<float>(static_cast<signed char>(scales.x >> 8)));
            minimum[0] = minimum[1] = 0;
        } else if constexpr (level_form(F) || F == Form::eight_halves) {
            scale[0] = __uint_as_float(scales.x);
            scale[1] = F == Form::eight_halves ? __uint_as_float(scales.y) : scale[0];
            minimum[0] = minimum[1] = 0;
        } else {
            const float d = __half2float(__ushort_as_half(scales.y & 0xffff));
            const float dmin = __half2float(__ushort_as_half(scales.y >> 16));
            scale[0] = __fmul_rn(d, static_cast<float>(scales.x & 0xff));
            scale[1] = __fmul_rn(d, static_cast<float>((scales.x >> 8) & 0xff));
            minimum[0] = __fmul_rn(dmin, static_cast<float>((scales.x >> 16) & 0xff));
            minimum[1] = __fmul_rn(dmin, static_cast<float>(scales.x >> 24));
        }
    }

    __device__ __forceinline__ float dot(int group, int offset, const uint4& a0, const uint4& a1,
                                         int2 meta) const {
        int low = 0, up = 0;
        low = __dp4a(word(0, 0), static_cast<int>(a0.x), low);
        low = __dp4a(word(0, 1), static_cast<int>(a0.y), low);
        low = __dp4a(word(0, 2), static_cast<int>(a0.z), low);
        low = __dp4a(word(0, 3), static_cast<int>(a0.w), low);
        up = __dp4a(word(1, 0), static_cast<int>(a1.x), up);
        up = __dp4a(word(1, 1), static_cast<int>(a1.y), up);
        up = __dp4a(word(1, 2), static_cast<int>(a1.z), up);
        up = __dp4a(word(1, 3), static_cast<int>(a1.w), up);
        const int sum0 = static_cast<short>(meta.y & 0xffff), sum1 = meta.y >> 16;
        float scale[2], minimum[2];
        factors(group, scale, minimum);
        const float d = __int_as_float(meta.x);
        if constexpr (signed_form(F) || F == Form::eight_halves)
            return d * (scale[0] * static_cast<float>(low - offset * sum0) +
                        scale[1] * static_cast<float>(up - offset * sum1));
        else if constexpr (F == Form::four_two)
            return d * (scale[0] * static_cast<float>(low) + scale[1] * static_cast<float>(up) -
                        minimum[0] * static_cast<float>(sum0) - minimum[1] * static_cast<float>(sum1));
        else
            return d * (scale[0] * static_cast<float>(low + up - offset * (sum0 + sum1)) -
                        minimum[0] * static_cast<float>(sum0 + sum1));
    }

    /// The decoded values, each operation rounded as the file format defines it.
    template <typename Sink>
    __device__ __forceinline__ void decode(int group, int offset, Sink&& sink) const {
        float scale[2], minimum[2];
        factors(group, scale, minimum);
#pragma unroll
        for (int half = 0; half < 2; ++half)
#pragma unroll
            for (int w = 0; w < 4; ++w) {
                const int four = word(half, w);
#pragma unroll
                for (int b = 0; b < 4; ++b) {
                    const int code = static_cast<signed char>((four >> (8 * b)) & 0xff) - offset;
                    sink(16 * half + 4 * w + b,
                         __fsub_rn(__fmul_rn(scale[half], static_cast<float>(code)), minimum[half]));
                }
            }
    }
};

/// Calls fn<form>() for the block-uniform form of a quantised matrix in one of the common forms.
template <typename Fn>
__device__ __forceinline__ void with_form(Form form, Fn&& fn) {
    switch (form) {
        case Form::four_pair:
            fn.template operator()<Form::four_pair>();
            break;
        case Form::five_pair:
            fn.template operator()<Form::five_pair>();
            break;
        case Form::eight_pair:
            fn.template operator()<Form::eight_pair>();
            break;
        case Form::four_super:
            fn.template operator()<Form::four_super>();
            break;
        case Form::five_super:
            fn.template operator()<Form::five_super>();
            break;
        case Form::six_signed:
            fn.template operator()<Form::six_signed>();
            break;
        case Form::four_signed:
            fn.template operator()<Form::four_signed>();
            break;
        case Form::four_two:
            fn.template operator()<Form::four_two>();
            break;
        default:
            break;
    }
}

/// The same for every form a matrix can have.
template <typename Fn>
__device__ __forceinline__ void with_any_form(Form form, Fn&& fn) {
    switch (form) {
        case Form::four_iq4:
            fn.template operator()<Form::four_iq4>();
            break;
        case Form::four_mxfp4:
            fn.template operator()<Form::four_mxfp4>();
            break;
        case Form::eight_halves:
            fn.template operator()<Form::eight_halves>();
            break;
        default:
            with_form(form, fn);
            break;
    }
}

}  // namespace pellucid::cuda
