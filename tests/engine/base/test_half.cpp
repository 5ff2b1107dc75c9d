// Half and bfloat16 conversions against the definition of the formats, over every pattern.
#include <QtTest>
#include <cmath>
#include <limits>
#include <random>

#include "engine/base/half.h"

using namespace pellucid;

namespace {

/// The format's definition in double arithmetic.
double half_by_definition(unsigned h) {
    const double sign = h & 0x8000 ? -1 : 1;
    const int exponent = (h >> 10) & 0x1f, mantissa = h & 0x3ff;
    if (exponent == 31) return mantissa ? std::nan("") : sign * std::numeric_limits<double>::infinity();
    if (exponent == 0) return sign * std::ldexp(mantissa, -24);
    return sign * std::ldexp(1024 + mantissa, exponent - 25);
}

/// Nearest finite half by distance, ties to the even pattern, infinity from 65520.
Half nearest_half(float value) {
    const double magnitude = std::fabs(static_cast<double>(value));
    const auto sign = static_cast<Half>(std::signbit(value) ? 0x8000 : 0);
    if (magnitude >= 65520) return sign | 0x7c00;
    unsigned low = 0, high = 0x7bff;  // monotonic in the pattern: bisect for the largest half <= magnitude
    while (low < high) {
        const unsigned middle = (low + high + 1) / 2;
        if (half_by_definition(middle) <= magnitude)
            low = middle;
        else
            high = middle - 1;
    }
    if (low == 0x7bff) return sign | 0x7bff;
    const double below = magnitude - half_by_definition(low), above = half_by_definition(low + 1) - magnitude;
    const bool up = above < below || (above == below && (low & 1));
    return static_cast<Half>(sign | (low + (up ? 1 : 0)));
}

}  // namespace

class TestHalf : public QObject {
    Q_OBJECT

private slots:
    void every_half_widens_exactly_and_returns() {
        for (unsigned h = 0; h < 0x10000; ++h) {
            const float wide = half_to_float(static_cast<Half>(h));
            const double expected = half_by_definition(h);
            if (std::isnan(expected)) {
                QVERIFY(std::isnan(wide));
                QVERIFY(std::isnan(half_to_float(float_to_half(wide))));
                continue;
            }
            QCOMPARE(static_cast<double>(wide), expected);
            QCOMPARE(std::signbit(wide), (h & 0x8000) != 0);
            QCOMPARE(float_to_half(wide), static_cast<Half>(h));
        }
    }

    void every_midpoint_goes_to_even() {
        for (unsigned h = 0; h < 0x7bff; ++h) {
            const double middle = (half_by_definition(h) + half_by_definition(h + 1)) / 2;
            const auto tie = static_cast<float>(middle);
            QCOMPARE(static_cast<double>(tie), middle);
            QCOMPARE(float_to_half(tie), static_cast<Half>(h & 1 ? h + 1 : h));
            QCOMPARE(float_to_half(std::nextafterf(tie, 1e9f)), static_cast<Half>(h + 1));
            QCOMPARE(float_to_half(std::nextafterf(tie, 0)), static_cast<Half>(h));
        }
    }

    void random_floats_go_to_the_nearest_half() {
        std::mt19937 random(7);
        for (int i = 0; i < 200000; ++i) {
            const auto value = std::bit_cast<float>(static_cast<std::uint32_t>(random()));
            if (std::isnan(value)) {
                QVERIFY(std::isnan(half_to_float(float_to_half(value))));
                continue;
            }
            QCOMPARE(float_to_half(value), nearest_half(value));
        }
        QCOMPARE(float_to_half(65519.996f), Half{0x7bff});
        QCOMPARE(float_to_half(65520.f), Half{0x7c00});
        QCOMPARE(float_to_half(-std::numeric_limits<float>::infinity()), Half{0xfc00});
        QCOMPARE(float_to_half(0x1p-25f), Half{0});  // half of the smallest subnormal: a tie, to even
        QCOMPARE(float_to_half(0x1.8p-25f), Half{1});
    }

    void bfloat16_rounds_to_even() {
        for (unsigned b = 0; b < 0x10000; ++b) {
            const float wide = bfloat16_to_float(static_cast<Bfloat16>(b));
            if (std::isnan(wide)) {
                QVERIFY(std::isnan(bfloat16_to_float(float_to_bfloat16(wide))));
                continue;
            }
            QCOMPARE(float_to_bfloat16(wide), static_cast<Bfloat16>(b));
            if (std::isinf(wide)) continue;
            const auto at = [&](std::uint32_t low) { return std::bit_cast<float>((b << 16) | low); };
            QCOMPARE(float_to_bfloat16(at(0x7fff)), static_cast<Bfloat16>(b));
            QCOMPARE(float_to_bfloat16(at(0x8000)), static_cast<Bfloat16>(b & 1 ? b + 1 : b));
            QCOMPARE(float_to_bfloat16(at(0x8001)), static_cast<Bfloat16>(b + 1));
        }
        QVERIFY(std::isnan(bfloat16_to_float(float_to_bfloat16(std::bit_cast<float>(0x7f800001u)))));
    }
};

QTEST_APPLESS_MAIN(TestHalf)
#include "test_half.moc"
