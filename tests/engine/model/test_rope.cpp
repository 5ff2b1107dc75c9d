// Rope frequencies against hand-made numbers; YaRN's come from a separate numpy computation of its published
// code. The conformance fixtures hold the same against transformers.
#include <QTest>
#include <cmath>

#include "engine/model/rope.h"

using namespace pellucid;

class TestRope : public QObject {
    Q_OBJECT

    static void compare(const std::vector<double>& got, const std::vector<double>& expected) {
        QCOMPARE(got.size(), expected.size());
        for (std::size_t i = 0; i < got.size(); ++i)
            QVERIFY2(std::abs(got[i] - expected[i]) <= 2e-6 * std::abs(expected[i]),
                     qPrintable(
                         QString("%1: %2 for %3").arg(i).arg(got[i], 0, 'g', 9).arg(expected[i], 0, 'g', 9)));
    }

private slots:
    void plain() {
        Rope rope;
        rope.dims = 8;
        compare(rope_frequencies(rope, {}), {1, 0.1, 0.01, 0.001});
    }
    void linear_divides_positions() {
        Rope rope;
        rope.dims = 8;
        rope.scaling = RopeScaling::linear;
        rope.factor = 8;
        compare(rope_frequencies(rope, {}), {0.125, 0.0125, 0.00125, 0.000125});
    }
    void factors_divide_frequencies() {
        Rope rope;
        rope.dims = 4;
        const float factors[] = {1, 32};
        compare(rope_frequencies(rope, factors), {1, 0.01 / 32});
    }
    void yarn_by_parts() {
        Rope rope;
        rope.dims = 32;
        rope.base = 10000;
        rope.scaling = RopeScaling::yarn;
        rope.factor = 4;
        rope.original_context = 4096;
        compare(rope_frequencies(rope, {}),
                {1.0, 0.5623413251903491, 0.31622776601683794, 0.1778279410038923, 0.1, 0.056234132519034905,
                 0.028234621965789103, 0.013972195364591537, 0.0067857142857142855, 0.003213379001087709,
                 0.0014682003422210334, 0.0006350997892996153, 0.00025, 0.00014058533129758727,
                 7.905694150420948e-05, 4.445698525097307e-05});
    }
    void yarn_with_a_ramp_cut_at_both_ends() {
        Rope rope;
        rope.dims = 16;
        rope.base = 1000000;
        rope.scaling = RopeScaling::yarn;
        rope.factor = 40;
        rope.original_context = 8;
        rope.beta_fast = 1;
        rope.beta_slow = 1;  // the ramp has no width: a step
        const auto got = rope_frequencies(rope, {});
        for (std::size_t i = 0; i < got.size(); ++i) {
            const double plain = std::pow(1e6, -2.0 * static_cast<double>(i) / 16);
            QVERIFY(got[i] <= plain * (1 + 1e-12) && got[i] >= plain / 40 * (1 - 1e-12));
        }
        QCOMPARE(got.back(), std::pow(1e6, -14.0 / 16) / 40);
    }
    void long_factors_beyond_the_original_context_only() {
        Rope rope;
        rope.scaling = RopeScaling::longrope;
        rope.original_context = 4096;
        QVERIFY(!uses_long_factors(rope, 4096));
        QVERIFY(uses_long_factors(rope, 4097));
        rope.scaling = RopeScaling::none;
        QVERIFY(!uses_long_factors(rope, 4097));
    }
};

QTEST_GUILESS_MAIN(TestRope)
#include "test_rope.moc"
