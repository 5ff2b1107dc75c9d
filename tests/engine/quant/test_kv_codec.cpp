// KV formats: E4M3 against its definition, what each format takes, its error on values like a model's, and
// the rotation.
#include <QtTest>
#include <cmath>
#include <random>
#include <vector>

#include "engine/base/fp8.h"
#include "engine/quant/kv_codec.h"

using namespace pellucid;

namespace {

std::vector<float> normal(std::size_t n, unsigned seed, float deviation = 1) {
    std::mt19937 random(seed);
    std::normal_distribution<float> draw(0, deviation);
    std::vector<float> x(n);
    for (float& value : x) value = draw(random);
    return x;
}

struct Coded {
    std::vector<std::uint8_t> codes;
    std::vector<std::byte> scales;
    std::vector<float> back;
};

Coded through(KvFormat format, std::span<const float> x) {
    const int n = static_cast<int>(x.size());
    Coded coded;
    // A pattern behind each, to see that no more is written than was said.
    coded.codes.assign(static_cast<std::size_t>(kv_code_bytes(format, n)) + 4, 0xa5);
    coded.scales.assign(static_cast<std::size_t>(kv_scales(format, n) * kv_layout(format).scale_bytes) + 4,
                        std::byte{0x5a});
    coded.back.resize(x.size());
    kv_encode(format, x, coded.codes.data(), coded.scales.data());
    kv_decode(format, coded.codes.data(), coded.scales.data(), coded.back);
    return coded;
}

/// Squared error over squared values.
double loss(std::span<const float> x, std::span<const float> back) {
    double error = 0, all = 0;
    for (std::size_t i = 0; i < x.size(); ++i) {
        error += std::pow(static_cast<double>(back[i]) - static_cast<double>(x[i]), 2);
        all += std::pow(static_cast<double>(x[i]), 2);
    }
    return error / all;
}

constexpr KvFormat kScaled[] = {KvFormat::q8, KvFormat::fp8, KvFormat::q4, KvFormat::q3};

}  // namespace

class TestKvCodec : public QObject {
    Q_OBJECT

private slots:
    void float8_is_e4m3() {
        for (int code = 0; code < 256; ++code) {
            const int exponent = code >> 3 & 15, mantissa = code & 7;
            const float got = float8_to_float(static_cast<Float8>(code));
            if ((code & 0x7f) == 0x7f) {
                QVERIFY(std::isnan(got));
                QCOMPARE(float_to_float8(got) & 0x7f, 0x7f);
                continue;
            }
            const double magnitude =
                exponent == 0 ? std::ldexp(mantissa / 8.0, -6) : std::ldexp(1 + mantissa / 8.0, exponent - 7);
            QCOMPARE(static_cast<double>(got), code & 0x80 ? -magnitude : magnitude);
            QCOMPARE(int{float_to_float8(got)}, code);
        }
        // Between neighbours: to the nearer one, and to the even one from the middle.
        for (int code = 0; code < 0x7e; ++code) {
            const float low = float8_to_float(static_cast<Float8>(code)),
                        high = float8_to_float(static_cast<Float8>(code + 1)), middle = (low + high) / 2;
            QCOMPARE(int{float_to_float8(std::nextafter(middle, 0.0f))}, code);
            QCOMPARE(int{float_to_float8(std::nextafter(middle, 1e9f))}, code + 1);
            QCOMPARE(int{float_to_float8(middle)}, code % 2 == 0 ? code : code + 1);
            QCOMPARE(int{float_to_float8(-middle)}, (code % 2 == 0 ? code : code + 1) | 0x80);
        }
        for (const float beyond : {449.0f, 464.0f, 1e9f, INFINITY}) {
            QCOMPARE(int{float_to_float8(beyond)}, 0x7e);
            QCOMPARE(int{float_to_float8(-beyond)}, 0xfe);
        }
    }

    void sizes() {
        for (const int dim : {64, 128, 256, 512}) {
            const auto ratio = [&](KvFormat format) {
                return static_cast<double>(kv_vector_bytes(KvFormat::f16, dim)) /
                       static_cast<double>(kv_vector_bytes(format, dim));
            };
            QVERIFY(ratio(KvFormat::q8) >= 1.85);
            QVERIFY(ratio(KvFormat::fp8) >= 1.9);
            QVERIFY(ratio(KvFormat::q4) >= 3.5);
            QVERIFY(ratio(KvFormat::q3) >= 5.0);
            QVERIFY(static_cast<double>(kv_vector_bytes(KvFormat::q3, dim)) * 8 / dim <= 3.2);
        }
        QCOMPARE(kv_vector_bytes(KvFormat::q8, 64), 68u);
        QCOMPARE(kv_vector_bytes(KvFormat::fp8, 256), 264u);
        QCOMPARE(kv_vector_bytes(KvFormat::q4, 80), 46u);  // 40 bytes, three blocks
        QCOMPARE(kv_vector_bytes(KvFormat::q3, 80), 32u);
        QCOMPARE(kv_vector_bytes(KvFormat::q4, 12), 10u);  // a whole group more
        for (const KvFormat format : kKvFormats) QVERIFY(find_kv_format(to_string(format)) == format);
        QVERIFY(!find_kv_format("q5"));
    }

    void error_on_normal_values() {
        // What a scalar quantiser of that many levels and blocks can reach (Max 1960, and a search of
        // scales), with a tenth to spare; fp8's is its relative step.
        const std::pair<KvFormat, double> most[] = {
            {KvFormat::q8, 3e-5}, {KvFormat::fp8, 8e-4}, {KvFormat::q4, 0.0069}, {KvFormat::q3, 0.0330}};
        for (const float deviation : {1e-3f, 1.0f, 300.0f})
            for (const auto& [format, bound] : most) {
                const auto x = normal(64 * 512, 3, deviation);
                const double got = loss(x, through(format, x).back);
                QVERIFY2(got <= bound, qPrintable(QString("%1 at %2: %3")
                                                      .arg(to_string(format).data())
                                                      .arg(static_cast<double>(deviation))
                                                      .arg(got)));
                QVERIFY(got > bound / 4);
            }
    }

    /// One large value in a block, as keys have: the scale puts it where codes are.
    void float8_scale_suits_what_stands_out() {
        double worst = 0, sum = 0;
        constexpr int kBlocks = 64;
        for (int i = 0; i < kBlocks; ++i) {
            auto x = normal(64, static_cast<unsigned>(100 + i));
            x[9] = 20 + static_cast<float>(i) / 3;
            const double lost = loss(x, through(KvFormat::fp8, x).back);
            worst = std::max(worst, lost);
            sum += lost / kBlocks;
        }
        // Rounded to nearest anywhere in a binade it would be 4.4e-4 on average, 3.9e-3 at worst.
        QVERIFY2(sum < 2e-4, qPrintable(QString::number(sum)));
        QVERIFY2(worst < 8e-4, qPrintable(QString::number(worst)));
    }

    void odd_lengths_and_values() {
        for (const KvFormat format : kScaled) {
            for (const std::size_t n : {1u, 7u, 8u, 31u, 33u, 80u, 127u, 129u}) {
                const auto x = normal(n, static_cast<unsigned>(n));
                const Coded coded = through(format, x);
                QVERIFY(loss(x, coded.back) < 0.08);
                for (std::size_t i = 0; i < 4; ++i) {
                    QCOMPARE(coded.codes[coded.codes.size() - 1 - i], std::uint8_t{0xa5});
                    QCOMPARE(coded.scales[coded.scales.size() - 1 - i], std::byte{0x5a});
                }
            }
            const std::vector<float> zeros(64, 0.0f);
            QCOMPARE(through(format, zeros).back, zeros);
            // Numbers too small or large for their scale neither vanish into NaN nor grow.
            for (const float size : {1e-12f, 1e30f})
                for (const float value : through(format, std::vector<float>(64, size)).back) {
                    QVERIFY(std::isfinite(value));
                    QVERIFY(std::abs(value) <= size * 1.3f);
                }
        }
    }

    void rotation_keeps_products() {
        for (const std::size_t n : {8u, 16u, 64u, 80u, 96u, 128u, 256u, 40u}) {
            const auto a = normal(n, 1), b = normal(n, 2);
            auto ra = a, rb = b;
            kv_rotate(ra);
            kv_rotate(rb);
            double product = 0, rotated = 0, moved = 0;
            for (std::size_t i = 0; i < n; ++i) {
                product += static_cast<double>(a[i]) * static_cast<double>(b[i]);
                rotated += static_cast<double>(ra[i]) * static_cast<double>(rb[i]);
                moved += std::pow(static_cast<double>(ra[i]) - static_cast<double>(a[i]), 2);
            }
            QVERIFY(std::abs(product - rotated) < 1e-4);
            QVERIFY(moved > 0.5 * static_cast<double>(n));
            kv_rotate_back(ra);
            QVERIFY(loss(a, ra) < 1e-12);
        }
    }

    /// A key with a channel that stands out, as models have: without the rotation the others would drown.
    void rotation_spreads_outliers() {
        for (const KvFormat format : {KvFormat::q4, KvFormat::q3}) {
            auto x = normal(128, 9);
            x[17] = 60;
            x[90] = -45;
            auto rotated = x;
            kv_rotate(rotated);
            auto with = through(format, rotated).back;
            kv_rotate_back(with);
            auto without = through(format, x).back;
            // What is lost of the ordinary channels, in units of their size.
            x[17] = with[17] = without[17] = x[90] = with[90] = without[90] = 0;
            QVERIFY(loss(x, without) > 0.2);
            QVERIFY2(loss(x, with) < loss(x, without), qPrintable(QString::number(loss(x, with))));
        }
    }
};

QTEST_APPLESS_MAIN(TestKvCodec)
#include "test_kv_codec.moc"
