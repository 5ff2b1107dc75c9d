// Four floats in a register, in the compiler's portable vectors: what every machine runs. The slow path that
// must be right, not fast.
#pragma once

#include <cmath>
#include <cstdint>
#include <cstring>

#include "engine/base/fp8.h"
#include "engine/base/half.h"

namespace pellucid::cpu {
namespace {

struct Simd {
    static constexpr int kWidth = 4;
    static constexpr int kDenseTokens = 2;
    typedef float F __attribute__((vector_size(16)));
    typedef std::int32_t I __attribute__((vector_size(16)));

    static F load(const float* p) {
        F x;
        std::memcpy(&x, p, sizeof x);
        return x;
    }
    static F load(const Half* p) {
        Half h[4];
        std::memcpy(h, p, sizeof h);
        return F{half_to_float(h[0]), half_to_float(h[1]), half_to_float(h[2]), half_to_float(h[3])};
    }
    static F load_bfloat16(const Bfloat16* p) {
        Bfloat16 h[4];
        std::memcpy(h, p, sizeof h);
        return F{bfloat16_to_float(h[0]), bfloat16_to_float(h[1]), bfloat16_to_float(h[2]),
                 bfloat16_to_float(h[3])};
    }
    static void store(float* p, F x) { std::memcpy(p, &x, sizeof x); }
    static void store(Half* p, F x) {
        for (int i = 0; i < kWidth; ++i) p[i] = float_to_half(x[i]);
    }
    static F splat(float x) { return F{x, x, x, x}; }
    static F fma(F a, F b, F c) { return a * b + c; }
    static F max(F a, F b) { return a > b ? a : b; }
    static F min(F a, F b) { return a < b ? a : b; }
    static F abs(F a) { return a < 0 ? -a : a; }
    static float reduce_add(F x) { return (x[0] + x[2]) + (x[1] + x[3]); }
    static float reduce_max(F x) {
        const float a = x[0] > x[1] ? x[0] : x[1], b = x[2] > x[3] ? x[2] : x[3];
        return a > b ? a : b;
    }
    static I to_int(F x) {
        I r;
        for (int i = 0; i < kWidth; ++i) r[i] = static_cast<std::int32_t>(std::lrint(x[i]));
        return r;
    }
    static void store_bytes(std::int8_t* p, I x) {
        for (int i = 0; i < kWidth; ++i) p[i] = static_cast<std::int8_t>(x[i]);
    }
    static I bytes(const std::uint8_t* p) { return I{p[0], p[1], p[2], p[3]}; }
    static F signed_bytes(const std::uint8_t* p) {
        F x;
        for (int i = 0; i < kWidth; ++i) x[i] = static_cast<float>(static_cast<std::int8_t>(p[i]));
        return x;
    }
    static F float8(const std::uint8_t* p) {  // times 2^-8, as the faster sets have it
        F x;
        for (int i = 0; i < kWidth; ++i) x[i] = float8_to_float(p[i]) * 0x1p-8f;
        return x;
    }
    static I spread(std::uint32_t a, std::uint32_t) {
        const auto x = static_cast<std::int32_t>(a);
        return I{x, x, x, x};
    }
    static F lookup16(const float* table, I index) {
        F x;
        for (int i = 0; i < kWidth; ++i) x[i] = table[index[i]];
        return x;
    }
    static F lookup8(const float* table, I index) { return lookup16(table, index); }
    static int reduce_add(I x) { return x[0] + x[1] + x[2] + x[3]; }
};

}  // namespace
}  // namespace pellucid::cpu
