// Keys in a basis of their own: eigenvectors, what the basis promises (products stay, the size is the
// format's), and what it saves on keys like a model's.
#include <QtTest>
#include <cmath>
#include <random>
#include <vector>

#include "engine/quant/kv_basis.h"
#include "engine/quant/kv_codec.h"
#include "engine/quant/symmetric_eigen.h"

using namespace pellucid;

namespace {

using Vector = std::vector<float>;

std::vector<Vector> normal(std::size_t count, int n, unsigned seed) {
    std::mt19937 random(seed);
    std::normal_distribution<float> draw(0, 1);
    std::vector<Vector> vectors(count, Vector(static_cast<std::size_t>(n)));
    for (Vector& x : vectors)
        for (float& value : x) value = draw(random);
    return vectors;
}

/// As models have them: an offset that all keys share, and channels that stand out.
std::vector<Vector> like_keys(std::size_t count, int n, unsigned seed) {
    auto keys = normal(count, n, seed);
    for (Vector& key : keys)
        for (std::size_t i = 0; i < key.size(); ++i) {
            key[i] *= 0.05f + std::exp2(-static_cast<float>(i % 16) / 2);
            if (i % 11 == 3) key[i] = key[i] * 3 + 8;
        }
    return keys;
}

std::vector<double> correlations(const std::vector<Vector>& vectors) {
    const std::size_t n = vectors.front().size();
    std::vector<double> c(n * n);
    for (const Vector& x : vectors)
        for (std::size_t i = 0; i < n; ++i)
            for (std::size_t j = 0; j < n; ++j)
                c[i * n + j] += static_cast<double>(x[i]) * static_cast<double>(x[j]) /
                                static_cast<double>(vectors.size());
    return c;
}

double dot(std::span<const float> a, std::span<const float> b) {
    double sum = 0;
    for (std::size_t i = 0; i < a.size(); ++i) sum += static_cast<double>(a[i]) * static_cast<double>(b[i]);
    return sum;
}

Vector through_basis(const KvBasis& basis, const Vector& key) {
    // A pattern behind each, to see that no more is written than was said.
    std::vector<std::uint8_t> codes(static_cast<std::size_t>(basis.tiers.code_bytes()) + 4, 0xa5);
    std::vector<std::byte> scales(
        static_cast<std::size_t>(2 * basis.tiers.half_scales() + basis.tiers.byte_scales()) + 4,
        std::byte{0x5a});
    Vector y(key.size()), back(key.size());
    basis.key_to_codes(key, y);
    kv_encode_tiers(basis.tiers, y, codes.data(), scales.data());
    for (std::size_t i = 0; i < 4; ++i)
        if (codes[codes.size() - 1 - i] != 0xa5 || scales[scales.size() - 1 - i] != std::byte{0x5a})
            throw std::runtime_error("written beyond");
    kv_decode_tiers(basis.tiers, codes.data(), scales.data(), y);
    basis.codes_to_key(y, back);
    return back;
}

Vector through_format(KvFormat format, Vector key) {
    const int n = static_cast<int>(key.size());
    std::vector<std::uint8_t> codes(static_cast<std::size_t>(kv_code_bytes(format, n)));
    std::vector<std::byte> scales(
        static_cast<std::size_t>(kv_scales(format, n) * kv_layout(format).scale_bytes));
    kv_rotate(key);
    kv_encode(format, key, codes.data(), scales.data());
    kv_decode(format, codes.data(), scales.data(), key);
    kv_rotate_back(key);
    return key;
}

/// Mean squared error of scores. What all keys' errors have in common shifts every score of a query alike and
/// is left out, as softmax leaves it out.
template <typename Fn>
double score_error(const std::vector<Vector>& queries, const std::vector<Vector>& keys, Fn&& stored) {
    double total = 0;
    std::vector<Vector> kept;
    for (const Vector& key : keys) kept.push_back(stored(key));
    for (const Vector& query : queries) {
        double sum = 0, squares = 0;
        for (std::size_t i = 0; i < keys.size(); ++i) {
            const double miss = dot(query, kept[i]) - dot(query, keys[i]);
            sum += miss;
            squares += miss * miss;
        }
        const double count = static_cast<double>(keys.size());
        total += squares / count - sum / count * (sum / count);
    }
    return total / static_cast<double>(queries.size());
}

}  // namespace

class TestKvBasis : public QObject {
    Q_OBJECT

private slots:
    void eigenvectors() {
        std::mt19937 random(5);
        std::normal_distribution<double> draw;
        for (const int n : {1, 2, 3, 8, 40, 64}) {
            const auto u = static_cast<std::size_t>(n);
            for (const int kind : {0, 1, 2, 3}) {
                std::vector<double> a(u * u);
                for (std::size_t i = 0; i < u; ++i)
                    for (std::size_t j = 0; j <= i; ++j) {
                        const double value =
                            kind == 0   ? draw(random)
                            : kind == 1 ? (i == j ? static_cast<double>(i % 3) : 0)  // repeated
                            : kind == 2 ? 0
                                        : std::exp2(-static_cast<double>(i + j));  // rank one
                        a[i * u + j] = a[j * u + i] = value;
                    }
                const SymmetricEigen eigen = symmetric_eigen(a, n);
                QCOMPARE(eigen.values.size(), u);
                for (std::size_t e = 0; e < u; ++e) {
                    const double* v = eigen.vectors.data() + e * u;
                    if (e > 0) QVERIFY(eigen.values[e] <= eigen.values[e - 1]);
                    for (std::size_t i = 0; i < u; ++i) {
                        double product = 0;
                        for (std::size_t j = 0; j < u; ++j) product += a[i * u + j] * v[j];
                        QVERIFY(std::abs(product - eigen.values[e] * v[i]) < 1e-10);
                    }
                    for (std::size_t f = 0; f <= e; ++f) {
                        double product = 0;
                        for (std::size_t j = 0; j < u; ++j) product += v[j] * eigen.vectors[f * u + j];
                        QVERIFY(std::abs(product - (e == f ? 1 : 0)) < 1e-10);
                    }
                }
            }
        }
    }

    void products_stay_and_the_size_is_the_formats() {
        for (const KvFormat format : {KvFormat::q4, KvFormat::q3})
            for (const int n : {16, 32, 64, 80, 128, 256}) {
                QVERIFY(takes_basis(format, n));
                const auto queries = normal(static_cast<std::size_t>(2 * n), n, 1),
                           keys = like_keys(static_cast<std::size_t>(2 * n), n, 2);
                const auto basis = make_kv_basis(format, n, correlations(queries), correlations(keys));
                QVERIFY(basis.has_value());
                QCOMPARE(basis->tiers.width(), n);
                QVERIFY(basis->tiers.bytes() <= static_cast<int>(kv_vector_bytes(format, n)));
                for (const int count : basis->tiers.counts) QCOMPARE(count % 8, 0);
                for (std::size_t i = 0; i < 4; ++i) {
                    Vector q(queries[i].size()), y(q.size()), back(q.size());
                    basis->query_to_codes(queries[i], q);
                    basis->key_to_codes(keys[i], y);
                    const double exact = dot(queries[i], keys[i]),
                                 size = std::sqrt(dot(queries[i], queries[i]) * dot(keys[i], keys[i]));
                    QVERIFY(std::abs(dot(q, y) - exact) < 1e-4 * size);
                    basis->codes_to_key(y, back);
                    for (std::size_t j = 0; j < back.size(); ++j)
                        QVERIFY(std::abs(back[j] - keys[i][j]) < 1e-3f);
                }
            }
    }

    /// Keys with an offset and outlier channels, on which the formats themselves lose most.
    void saves_on_keys_like_a_models() {
        for (const int n : {64, 128, 256}) {
            const auto sample = static_cast<std::size_t>(512);
            const auto queries = normal(64, n, 3), keys = like_keys(256, n, 4);
            const auto of_queries = correlations(normal(sample, n, 5)),
                       of_keys = correlations(like_keys(sample, n, 6));
            for (const auto& [format, share] :
                 {std::pair{KvFormat::q4, 0.1}, std::pair{KvFormat::q3, 0.25}}) {
                const auto basis = make_kv_basis(format, n, of_queries, of_keys);
                QVERIFY(basis.has_value());
                const double with = score_error(queries, keys,
                                                [&](const Vector&k) { return through_basis(*basis, k); }),
                             without = score_error(queries, keys,
                                                   [&](const Vector&k) { return through_format(format, k); });
                std::printf("%s, %d wide: score error %.3g, without a basis %.3g\n", to_string(format).data(),
                            n, with, without);
                QVERIFY2(with < share * without, qPrintable(QString("%1 against %2").arg(with).arg(without)));
            }
        }
    }

    /// Nothing stands out: a basis can gain nothing, and must lose little.
    void normal_keys_lose_little() {
        for (const int n : {64, 128}) {
            const auto queries = normal(64, n, 13), keys = normal(256, n, 14);
            const auto basis = make_kv_basis(KvFormat::q4, n, correlations(normal(512, n, 15)),
                                             correlations(normal(512, n, 16)));
            QVERIFY(basis.has_value());
            const double with = score_error(queries, keys,
                                            [&](const Vector&k) { return through_basis(*basis, k); }),
                         without = score_error(
                             queries, keys, [&](const Vector&k) { return through_format(KvFormat::q4, k); });
            QVERIFY2(with < 1.3 * without, qPrintable(QString("%1 against %2").arg(with).arg(without)));
            QVERIFY(with / n < 0.0075);  // of each coordinate's energy, 1
        }
    }

    void unlike_keys_are_bounded() {
        // The sample said one thing, the keys are another: worse, but never wild.
        const int n = 64;
        const auto basis = make_kv_basis(KvFormat::q4, n, correlations(normal(512, n, 1)),
                                         correlations(like_keys(512, n, 2)));
        for (const float size : {0.0f, 1e-6f, 1.0f, 1e4f}) {
            auto keys = normal(32, n, 21);
            for (Vector& key : keys) {
                for (float& value : key) value *= size;
                const Vector back = through_basis(*basis, key);
                double error = 0;
                for (std::size_t i = 0; i < key.size(); ++i)
                    error += std::pow(static_cast<double>(back[i] - key[i]), 2);
                QVERIFY(std::isfinite(error));
                if (size >= 1) QVERIFY(error < 0.5 * dot(key, key));
            }
        }
    }

    void samples_without_use() {
        const std::vector<double> zeros(64 * 64);
        const auto good = correlations(normal(128, 64, 1));
        auto broken = good;
        broken[70] = std::nan("");
        QVERIFY(!make_kv_basis(KvFormat::q4, 64, zeros, good));
        QVERIFY(!make_kv_basis(KvFormat::q4, 64, good, zeros));
        QVERIFY(!make_kv_basis(KvFormat::q4, 64, good, broken));
        QVERIFY(!make_kv_basis(KvFormat::q4, 64, broken, good));
        // One token alone says little, but something.
        QVERIFY(
            make_kv_basis(KvFormat::q4, 64, correlations(normal(1, 64, 1)), correlations(normal(1, 64, 2))));
        QVERIFY(!takes_basis(KvFormat::q8, 64));
        QVERIFY(!takes_basis(KvFormat::f16, 64));
        QVERIFY(!takes_basis(KvFormat::q4, 44));
        QVERIFY(!takes_basis(KvFormat::q4, 1024));
    }
};

QTEST_APPLESS_MAIN(TestKvBasis)
#include "test_kv_basis.moc"
