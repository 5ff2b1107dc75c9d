#include "engine/quant/symmetric_eigen.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace pellucid {

namespace {

std::size_t size(int n) {
    return static_cast<std::size_t>(n);
}

/// Reflections that leave a tridiagonal matrix: diagonal, what lies beside it, and their product transposed.
class Tridiagonal {
public:
    Tridiagonal(std::span<const double> a, int n)
        : n_(size(n)), a_(n_ * n_), q_(n_ * n_), diagonal(n_), beside(n_) {
        for (std::size_t i = 0; i < n_; ++i) {
            for (std::size_t j = 0; j <= i; ++j) a_[i * n_ + j] = a_[j * n_ + i] = a[i * n_ + j];
            q_[i * n_ + i] = 1;
        }
        for (std::size_t k = 0; k + 2 < n_; ++k) reflect(k);
        for (std::size_t i = 0; i < n_; ++i) {
            diagonal[i] = a_[i * n_ + i];
            beside[i] = i + 1 < n_ ? a_[(i + 1) * n_ + i] : 0;
        }
    }

    double* row(std::size_t i) { return q_.data() + i * n_; }

private:
    /// Clears column k below the first entry under the diagonal.
    void reflect(std::size_t k) {
        const std::size_t first = k + 1;
        std::vector<double> v(n_), p(n_), along(n_);
        double length = 0;
        for (std::size_t i = first; i < n_; ++i) {
            v[i] = a_[i * n_ + k];
            length += v[i] * v[i];
        }
        length = std::sqrt(length);
        if (length == 0) return;
        v[first] += std::copysign(length, v[first]);
        double squares = 0;
        for (std::size_t i = first; i < n_; ++i) squares += v[i] * v[i];
        if (squares == 0) return;
        const double beta = 2 / squares;
        double product = 0;
        for (std::size_t i = k; i < n_; ++i) {
            for (std::size_t j = first; j < n_; ++j) p[i] += a_[i * n_ + j] * v[j];
            p[i] *= beta;
            product += p[i] * v[i];
        }
        for (std::size_t i = k; i < n_; ++i) p[i] -= beta / 2 * product * v[i];
        for (std::size_t i = k; i < n_; ++i)
            for (std::size_t j = k; j < n_; ++j) a_[i * n_ + j] -= v[i] * p[j] + p[i] * v[j];
        for (std::size_t i = first; i < n_; ++i)
            for (std::size_t j = 0; j < n_; ++j) along[j] += v[i] * q_[i * n_ + j];
        for (std::size_t i = first; i < n_; ++i)
            for (std::size_t j = 0; j < n_; ++j) q_[i * n_ + j] -= beta * v[i] * along[j];
    }

    std::size_t n_;
    std::vector<double> a_, q_;

public:
    std::vector<double> diagonal, beside;
};

}  // namespace

SymmetricEigen symmetric_eigen(std::span<const double> a, int n) {
    Tridiagonal t(a, n);
    auto &d = t.diagonal, &e = t.beside;
    constexpr double kSmall = std::numeric_limits<double>::epsilon();
    for (int l = 0; l < n; ++l) {
        // Two or three steps are usual; the bound only keeps damaged numbers from going on for ever.
        for (int round = 0; round < 100; ++round) {
            int m = l;
            while (m + 1 < n &&
                   std::abs(e[size(m)]) > kSmall * (std::abs(d[size(m)]) + std::abs(d[size(m + 1)])))
                ++m;
            if (m == l) break;
            double g = (d[size(l + 1)] - d[size(l)]) / (2 * e[size(l)]);
            double r = std::hypot(g, 1.0);
            g = d[size(m)] - d[size(l)] + e[size(l)] / (g + std::copysign(r, g));
            double sine = 1, cosine = 1, shift = 0;
            int i = m - 1;
            for (; i >= l; --i) {
                const double f = sine * e[size(i)], b = cosine * e[size(i)];
                r = std::hypot(f, g);
                e[size(i + 1)] = r;
                if (r == 0) {
                    d[size(i + 1)] -= shift;
                    e[size(m)] = 0;
                    break;
                }
                sine = f / r;
                cosine = g / r;
                g = d[size(i + 1)] - shift;
                r = (d[size(i)] - g) * sine + 2 * cosine * b;
                shift = sine * r;
                d[size(i + 1)] = g + shift;
                g = cosine * r - b;
                double *low = t.row(size(i)), *high = t.row(size(i + 1));
                for (int k = 0; k < n; ++k) {
                    const double x = low[k], y = high[k];
                    high[k] = sine * x + cosine * y;
                    low[k] = cosine * x - sine * y;
                }
            }
            if (r == 0 && i >= l) continue;
            d[size(l)] -= shift;
            e[size(l)] = g;
            e[size(m)] = 0;
        }
    }
    std::vector<std::size_t> order(size(n));
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::ranges::stable_sort(order, [&](std::size_t x, std::size_t y) { return d[x] > d[y]; });
    SymmetricEigen result;
    for (const std::size_t i : order) {
        result.values.push_back(d[i]);
        result.vectors.insert(result.vectors.end(), t.row(i), t.row(i) + n);
    }
    return result;
}

}  // namespace pellucid
