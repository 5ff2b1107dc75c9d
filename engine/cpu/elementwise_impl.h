// Norms, activations, quantisation and rope over any Simd (simd_*.h). V lives in an unnamed namespace, so
// every instruction set gets its own copy.
#pragma once

#include <cmath>
#include <cstdint>

#include "engine/base/half.h"
#include "engine/cpu/packed_format.h"
#include "engine/model/spec.h"

namespace pellucid::cpu {

template <class V>
struct Elementwise {
    using F = typename V::F;
    using I = typename V::I;
    static constexpr int W = V::kWidth;

    /// fn(i, n): for each piece of at most W values.
    template <typename Fn>
    static void pieces(std::int64_t n, Fn&& fn) {
        std::int64_t i = 0;
        for (; i + W <= n; i += W) fn(i, W);
        if (i < n) fn(i, static_cast<int>(n - i));
    }
    /// The first `n` values, `fill` beyond.
    static F load(const float* p, int n, float fill = 0) {
        if (n == W) return V::load(p);
        float padded[W];
        for (int i = 0; i < W; ++i) padded[i] = i < n ? p[i] : fill;
        return V::load(padded);
    }
    static void store(float* p, F x, int n) {
        if (n == W) return V::store(p, x);
        for (int i = 0; i < n; ++i) p[i] = x[i];
    }

    /// e^x to about 2 units in the last place; 0 below -87.3, finite above (e^88).
    static F exp(F x) {
        const F clamped = V::min(V::max(x, V::splat(-87.3f)), V::splat(88.0f));
        // Adding 1.5 * 2^23 leaves the nearest integer n in the low bits; x = n ln 2 + f, |f| <= ln 2 / 2.
        const F shifted = V::fma(clamped, V::splat(1.44269504f), V::splat(12582912.0f));
        const F n = shifted - V::splat(12582912.0f);
        F f = V::fma(n, V::splat(-0.693359375f), clamped);
        f = V::fma(n, V::splat(2.12194440e-4f), f);
        F p = V::splat(1.9875691500e-4f);  // Cephes' minimax polynomial for (e^f - 1 - f) / f^2
        p = V::fma(p, f, V::splat(1.3981999507e-3f));
        p = V::fma(p, f, V::splat(8.3334519073e-3f));
        p = V::fma(p, f, V::splat(4.1665795894e-2f));
        p = V::fma(p, f, V::splat(1.6666665459e-1f));
        p = V::fma(p, f, V::splat(5.0000001201e-1f));
        p = V::fma(p * f, f, f) + V::splat(1.0f);
        const I bits = reinterpret_cast<I>(p) + (reinterpret_cast<I>(shifted) << 23);  // times 2^n
        const F result = reinterpret_cast<F>(bits);
        return x < V::splat(-87.3f) ? V::splat(0.0f) : result;
    }
    static F tanh(F x) { return V::splat(1.0f) - V::splat(2.0f) / (exp(x + x) + V::splat(1.0f)); }

    /// Of x >= 0, to 1.5e-7: Abramowitz and Stegun 7.1.26. erff() a number took more than half of an
    /// encoder's time.
    static F erfc(F x) {
        const F t = V::splat(1.0f) / V::fma(x, V::splat(0.3275911f), V::splat(1.0f));
        F p = V::splat(1.061405429f);
        p = V::fma(p, t, V::splat(-1.453152027f));
        p = V::fma(p, t, V::splat(1.421413741f));
        p = V::fma(p, t, V::splat(-0.284496736f));
        p = V::fma(p, t, V::splat(0.254829592f));
        return p * t * exp(-x * x);
    }

    static void quantise(const float* x, std::int64_t n, Q8Block* out) {
        for (std::int64_t b = 0; b < n / 32; ++b, x += 32, ++out) {
            F largest = V::abs(V::load(x));
            for (int i = W; i < 32; i += W) largest = V::max(largest, V::abs(V::load(x + i)));
            const float top = V::reduce_max(largest);
            // Below 1e-30 the inverse leaves the range: such a block is zero to every sum it enters.
            const bool vanishes = !(top > 1e-30f);
            const float d = vanishes ? 0.0f : top / 127.0f, inverse = vanishes ? 0.0f : 127.0f / top;
            int sums[2] = {0, 0};
            for (int i = 0; i < 32; i += W) {
                const I q = V::to_int(V::load(x + i) * V::splat(inverse));
                V::store_bytes(out->q + i, q);
                sums[i / 16] += V::reduce_add(q);
            }
            out->d = d;
            out->sum_of_half[0] = d * static_cast<float>(sums[0]);
            out->sum_of_half[1] = d * static_cast<float>(sums[1]);
            out->sum = d * static_cast<float>(sums[0] + sums[1]);
        }
    }

    static void rms_norm(const float* x, const float* weight, std::int64_t n, float eps, float* out) {
        F squares = V::splat(0);
        pieces(n, [&](std::int64_t i, int m) {
            const F v = load(x + i, m);
            squares = V::fma(v, v, squares);
        });
        const F inverse = V::splat(1.0f / std::sqrt(V::reduce_add(squares) / static_cast<float>(n) + eps));
        pieces(n, [&](std::int64_t i, int m) {
            store(out + i, load(x + i, m) * inverse * load(weight + i, m), m);
        });
    }

    static void layer_norm(const float* x, const float* weight, const float* bias, std::int64_t n, float eps,
                           float* out) {
        F total = V::splat(0);
        pieces(n, [&](std::int64_t i, int m) { total += load(x + i, m); });
        const float mean = V::reduce_add(total) / static_cast<float>(n);
        F squares = V::splat(0);
        pieces(n, [&](std::int64_t i, int m) {
            const F v = load(x + i, m, mean) - V::splat(mean);
            squares = V::fma(v, v, squares);
        });
        const F inverse = V::splat(1.0f / std::sqrt(V::reduce_add(squares) / static_cast<float>(n) + eps));
        pieces(n, [&](std::int64_t i, int m) {
            F y = (load(x + i, m) - V::splat(mean)) * inverse * load(weight + i, m);
            if (bias) y += load(bias + i, m);
            store(out + i, y, m);
        });
    }

    static F activated(Activation activation, F x) {
        const F one = V::splat(1.0f);
        switch (activation) {
            case Activation::silu:
                return x / (one + exp(-x));
            case Activation::gelu_tanh: {
                // 0.5 x (1 + tanh u) = x / (1 + e^-2u), u = sqrt(2 / pi) (x + 0.044715 x^3)
                const F u = V::splat(0.7978845608f) * x * V::fma(V::splat(0.044715f) * x, x, one);
                return x / (one + exp(V::splat(-2.0f) * u));
            }
            case Activation::gelu: {
                // 0.5 x (1 + erf(x / sqrt 2)) = max(x, 0) - 0.5 |x| erfc(|x| / sqrt 2): nothing cancels.
                const F size = V::abs(x);
                return V::max(x, V::splat(0.0f)) - V::splat(0.5f) * size * erfc(size * V::splat(0.70710678f));
            }
            case Activation::clamped_swish: {
                F m = x;
                for (int i = 0; i < W; ++i) m[i] = x[i] < 7.0f ? x[i] : 7.0f;
                return m / (one + exp(V::splat(-1.702f) * m));
            }
        }
        return x;
    }

    /// What the activated gate is multiplied by.
    static F factor(Activation activation, F up) {
        if (activation != Activation::clamped_swish) return up;
        for (int i = 0; i < W; ++i) up[i] = up[i] < -7.0f ? -6.0f : up[i] > 7.0f ? 8.0f : up[i] + 1.0f;
        return up;
    }

    static void activate(Activation activation, const float* gate, const float* up, std::int64_t n,
                         float* out) {
        pieces(n, [&](std::int64_t i, int m) {
            F y = activated(activation, load(gate + i, m));
            if (up) y *= factor(activation, load(up + i, m));
            store(out + i, y, m);
        });
    }

    static void add_scaled(float* x, const float* y, float s, std::int64_t n) {
        pieces(n, [&](std::int64_t i, int m) {
            store(x + i, V::fma(load(y + i, m), V::splat(s), load(x + i, m)), m);
        });
    }
    static void scale(float* x, float s, std::int64_t n) {
        pieces(n, [&](std::int64_t i, int m) { store(x + i, load(x + i, m) * V::splat(s), m); });
    }
    static void soft_cap(float* x, float cap, std::int64_t n) {
        pieces(n, [&](std::int64_t i, int m) {
            store(x + i, V::splat(cap) * tanh(load(x + i, m) * V::splat(1.0f / cap)), m);
        });
    }

    static void rope(float* head, const float* cos, const float* sin, int dims, RopeLayout layout) {
        const int pairs = dims / 2;
        if (layout == RopeLayout::adjacent) {
            for (int i = 0; i < pairs; ++i) {
                const float a = head[2 * i], b = head[2 * i + 1];
                head[2 * i] = a * cos[i] - b * sin[i];
                head[2 * i + 1] = a * sin[i] + b * cos[i];
            }
            return;
        }
        pieces(pairs, [&](std::int64_t i, int m) {
            const F a = load(head + i, m), b = load(head + pairs + i, m), c = load(cos + i, m),
                    s = load(sin + i, m);
            store(head + i, a * c - b * s, m);
            store(head + pairs + i, V::fma(a, s, b * c), m);
        });
    }

    static void to_half(const float* x, std::int64_t n, Half* out) {
        pieces(n, [&](std::int64_t i, int m) {
            if (m == W) return V::store(out + i, V::load(x + i));
            Half padded[W];
            V::store(padded, load(x + i, m));
            for (int k = 0; k < m; ++k) out[i + k] = padded[k];
        });
    }
    static void from_half(const Half* x, std::int64_t n, float* out) {
        pieces(n, [&](std::int64_t i, int m) {
            if (m == W) return V::store(out + i, V::load(x + i));
            Half padded[W] = {};
            for (int k = 0; k < m; ++k) padded[k] = x[i + k];
            store(out + i, V::load(padded), m);
        });
    }

    template <int kQueries>
    static void mix_queries(const float* weights, std::int64_t weight_stride, const float* rows,
                            std::int64_t row_stride, int n, std::int64_t width, float* out,
                            std::int64_t out_stride) {
        pieces(width, [&](std::int64_t i, int m) {
            F sums[kQueries];
            for (int q = 0; q < kQueries; ++q) sums[q] = load(out + q * out_stride + i, m);
            for (int p = 0; p < n; ++p) {
                const F row = load(rows + p * row_stride + i, m);
                for (int q = 0; q < kQueries; ++q)
                    sums[q] = V::fma(V::splat(weights[q * weight_stride + p]), row, sums[q]);
            }
            for (int q = 0; q < kQueries; ++q) store(out + q * out_stride + i, sums[q], m);
        });
    }
    static void mix(const float* weights, std::int64_t weight_stride, int queries, const float* rows,
                    std::int64_t row_stride, int n, std::int64_t width, float* out, std::int64_t out_stride) {
        int q = 0;
        for (; q + 4 <= queries; q += 4)
            mix_queries<4>(weights + q * weight_stride, weight_stride, rows, row_stride, n, width,
                           out + q * out_stride, out_stride);
        for (; q < queries; ++q)
            mix_queries<1>(weights + q * weight_stride, weight_stride, rows, row_stride, n, width,
                           out + q * out_stride, out_stride);
    }

    static float exponentiate(float* x, float top, std::int64_t n) {
        F sums = V::splat(0);
        pieces(n, [&](std::int64_t i, int m) {
            const F y = exp(load(x + i, m, -1e30f) - V::splat(top));  // what pads adds nothing
            store(x + i, y, m);
            sums += y;
        });
        return V::reduce_add(sums);
    }
};

}  // namespace pellucid::cpu
