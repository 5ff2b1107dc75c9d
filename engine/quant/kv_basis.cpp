#include "engine/quant/kv_basis.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "engine/quant/kv_codec.h"
#include "engine/quant/symmetric_eigen.h"

namespace pellucid {

namespace {

std::size_t size(int n) {
    return static_cast<std::size_t>(n);
}

// A sample of a thousand tokens says less about how channels go together than about each alone: this share of
// what it says of pairs is not believed. 0.3 beat 0.02 and 0.1 (tests/bench/RESULTS.md).
constexpr double kDoubt = 0.3;
// No direction is without cost or energy, whatever the sample says; of the mean.
constexpr double kLeastQuery = 1e-3, kLeastKey = 1e-5;
// Error of each part over the energy it codes, measured on normal values.
constexpr double kError[KvTiers::kParts] = {3e-5, 6.3e-3, 3.1e-2, 1.16e-1};

std::vector<double> tempered(std::span<const double> sample, int width, double least) {
    std::vector<double> c(sample.begin(), sample.end());
    double trace = 0;
    for (int i = 0; i < width; ++i) trace += c[size(i * width + i)];
    for (int i = 0; i < width; ++i)
        for (int j = 0; j < width; ++j) {
            double& own = c[size(i * width + j)];
            own = i == j ? own + least * trace / width : own * (1 - kDoubt);
        }
    return c;
}

bool usable(std::span<const double> c, int width) {
    double trace = 0;
    for (int i = 0; i < width; ++i) trace += c[size(i * width + i)];
    return trace > 1e-20 && std::ranges::all_of(c, [](double x) { return std::isfinite(x); });
}

/// L of c = L L^T, lower; false where c is not positive.
bool cholesky(std::vector<double>& c, int n) {
    for (int i = 0; i < n; ++i)
        for (int j = 0; j < n; ++j) {
            double& own = c[size(i * n + j)];
            if (j > i) {
                own = 0;
                continue;
            }
            for (int k = 0; k < j; ++k) own -= c[size(i * n + k)] * c[size(j * n + k)];
            if (j == i) {
                if (!(own > 0)) return false;
                own = std::sqrt(own);
            } else {
                own /= c[size(j * n + j)];
            }
        }
    return true;
}

/// The cheapest split of sorted energies into parts within `bytes`.
KvTiers choose_tiers(std::span<const double> energies, int bytes) {
    const int groups = static_cast<int>(energies.size()) / 8;
    std::vector<double> sums(size(groups) + 1);
    for (int g = 0; g < groups; ++g) {
        sums[size(g + 1)] = sums[size(g)];
        for (int i = 0; i < 8; ++i) sums[size(g + 1)] += std::max(0.0, energies[size(8 * g + i)]);
    }
    KvTiers best;
    double least = std::numeric_limits<double>::infinity();
    for (int a = 0; a <= groups; ++a)
        for (int b = a; b <= groups; ++b)
            for (int c = b; c <= groups; ++c) {
                const KvTiers tiers{{8 * a, 8 * (b - a), 8 * (c - b), 8 * (groups - c)}};
                if (tiers.bytes() > bytes) continue;
                const double error = kError[0] * sums[size(a)] + kError[1] * (sums[size(b)] - sums[size(a)]) +
                                     kError[2] * (sums[size(c)] - sums[size(b)]) +
                                     kError[3] * (sums.back() - sums[size(c)]);
                if (error < least) {
                    least = error;
                    best = tiers;
                }
            }
    return best;
}

/// Mixes the rows of each part, so that its coordinates are alike and close to normal.
void mix_parts(const KvTiers& tiers, std::vector<double>& rows, int width) {
    std::vector<float> column;
    int first = 0;
    for (const int n : tiers.counts) {
        for (int j = 0; j < width; ++j) {
            column.resize(size(n));
            for (int i = 0; i < n; ++i)
                column[size(i)] = static_cast<float>(rows[size((first + i) * width + j)]);
            kv_rotate(column);
            for (int i = 0; i < n; ++i) rows[size((first + i) * width + j)] = column[size(i)];
        }
        first += n;
    }
}

void product(const std::vector<float>& matrix, std::span<const float> x, std::span<float> y) {
    for (std::size_t i = 0; i < y.size(); ++i) {
        const float* row = matrix.data() + i * x.size();
        float sums[8] = {};
        for (std::size_t j = 0; j < x.size(); j += 8)
            for (std::size_t l = 0; l < 8; ++l) sums[l] += row[j + l] * x[j + l];
        y[i] = ((sums[0] + sums[1]) + (sums[2] + sums[3])) + ((sums[4] + sums[5]) + (sums[6] + sums[7]));
    }
}

}  // namespace

void KvBasis::key_to_codes(std::span<const float> key, std::span<float> y) const {
    product(to_codes, key, y);
}

void KvBasis::query_to_codes(std::span<const float> query, std::span<float> y) const {
    product(of_query, query, y);
}

void KvBasis::codes_to_key(std::span<const float> y, std::span<float> key) const {
    std::ranges::fill(key, 0.0f);
    for (std::size_t i = 0; i < y.size(); ++i)
        for (std::size_t j = 0; j < key.size(); ++j) key[j] += y[i] * of_query[i * key.size() + j];
}

const KvBasis* KvBases::find(int layer, int head) const {
    if (size(layer) >= layers.size() || size(head) >= layers[size(layer)].size()) return nullptr;
    return &layers[size(layer)][size(head)];
}

std::uint64_t KvBases::bytes() const {
    std::uint64_t total = 0;
    for (const auto& layer : layers)
        for (const KvBasis& basis : layer)
            total += (basis.to_codes.size() + basis.of_query.size()) * sizeof(float);
    return total;
}

bool takes_basis(KvFormat format, int width) {
    return kv_layout(format).rotated && width % 8 == 0 && width >= 16 && width <= kWidestBasis;
}

std::optional<KvBasis> make_kv_basis(KvFormat format, int width, std::span<const double> queries,
                                     std::span<const double> keys) {
    if (!usable(queries, width) || !usable(keys, width)) return std::nullopt;
    std::vector<double> lower = tempered(queries, width, kLeastQuery);
    const std::vector<double> energy = tempered(keys, width, kLeastKey);
    if (!cholesky(lower, width)) return std::nullopt;
    // L^T C L: correlations of keys where errors cost the same in every direction.
    const std::size_t n = size(width);
    std::vector<double> half(n * n), whole(n * n);
    for (std::size_t i = 0; i < n; ++i)
        for (std::size_t k = 0; k < n; ++k) {
            const double c = energy[i * n + k];
            for (std::size_t j = 0; j <= k; ++j) half[i * n + j] += c * lower[k * n + j];
        }
    for (std::size_t k = 0; k < n; ++k)
        for (std::size_t i = 0; i <= k; ++i) {
            const double l = lower[k * n + i];
            for (std::size_t j = 0; j < n; ++j) whole[i * n + j] += l * half[k * n + j];
        }
    const SymmetricEigen eigen = symmetric_eigen(whole, width);
    KvBasis basis;
    basis.width = width;
    basis.tiers = choose_tiers(eigen.values, static_cast<int>(kv_vector_bytes(format, width)));
    if (!basis.tiers.present()) return std::nullopt;
    // U^T L^T for keys; U^T L^-1 for queries, from its last column on.
    std::vector<double> forward(n * n), inverse(eigen.vectors);
    for (std::size_t i = 0; i < n; ++i)
        for (std::size_t k = 0; k < n; ++k) {
            const double u = eigen.vectors[i * n + k];
            for (std::size_t j = k; j < n; ++j) forward[i * n + j] += u * lower[j * n + k];
        }
    for (std::size_t i = 0; i < n; ++i)
        for (std::size_t j = n; j-- > 0;) {
            double& own = inverse[i * n + j];
            own /= lower[j * n + j];
            for (std::size_t k = 0; k < j; ++k) inverse[i * n + k] -= own * lower[j * n + k];
        }
    mix_parts(basis.tiers, forward, width);
    mix_parts(basis.tiers, inverse, width);
    basis.to_codes.assign(forward.begin(), forward.end());
    basis.of_query.assign(inverse.begin(), inverse.end());
    return basis;
}

}  // namespace pellucid
