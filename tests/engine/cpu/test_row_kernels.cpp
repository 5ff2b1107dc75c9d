// Norms, activations, quantisation, rope and conversions of every instruction set against the scalar
// references.
#include <QtTest>
#include <cmath>
#include <limits>

#include "engine/cpu/kernels.h"
#include "engine/ops/activation/reference.h"
#include "engine/ops/norm/cases.h"
#include "engine/ops/norm/reference.h"
#include "engine/ops/rope/cases.h"
#include "engine/ops/rope/reference.h"
#include "error_measure.h"
#include "isa_rows.h"
#include "random_weights.h"

using namespace pellucid;
using namespace pellucid::cpu;
using namespace pellucid::test;

namespace {

constexpr double kRounding = 1e-12;  // normalised squared error of a few float32 roundings
const float kPoison = std::numeric_limits<float>::quiet_NaN();
constexpr std::size_t kGuard = 5;  // poisoned floats behind every output

bool guarded(const std::vector<float>& out, std::size_t n) {
    for (std::size_t i = n; i < out.size(); ++i)
        if (!std::isnan(out[i])) return false;
    return true;
}

}  // namespace

class TestRowKernels : public QObject {
    Q_OBJECT
    const Kernels* kernels_ = nullptr;

private slots:
    void init() {
        QFETCH(int, isa);
        kernels_ = &kernels_for(static_cast<Isa>(isa));
    }

    void norms_data() { add_isa_rows(); }
    void norms() {
        for (const NormCase& test : norm_cases) {
            const auto n = static_cast<std::size_t>(test.width);
            for (int row = 0; row < test.rows; ++row) {
                const auto x = random_floats(n, static_cast<unsigned>(row + 1), 3), w = random_floats(n, 2),
                           b = random_floats(n, 3);
                std::vector<float> expected(n), got(n + kGuard, kPoison);
                rms_norm_reference(x, w, test.eps, expected);
                kernels_->rms_norm(x.data(), w.data(), test.width, test.eps, got.data());
                QVERIFY(measure<float>(got, expected).nmse <= kRounding);
                QVERIFY(guarded(got, n));
                for (const bool bias : {false, true}) {
                    std::fill(got.begin(), got.end(), kPoison);
                    layer_norm_reference(x, w, bias ? std::span<const float>(b) : std::span<const float>(),
                                         test.eps, expected);
                    kernels_->layer_norm(x.data(), w.data(), bias ? b.data() : nullptr, test.width, test.eps,
                                         got.data());
                    QVERIFY(measure<float>(got, expected).nmse <= kRounding);
                    QVERIFY(guarded(got, n));
                }
                std::vector<float> in_place = x;  // as post-norms use it
                kernels_->rms_norm(in_place.data(), w.data(), test.width, test.eps, in_place.data());
                rms_norm_reference(x, w, test.eps, expected);
                QVERIFY(measure<float>(in_place, expected).nmse <= kRounding);
            }
        }
    }

    void activations_data() { add_isa_rows(); }
    void activations() {
        std::vector<float> x;
        for (float v = -100; v <= 100; v += 0.37f) x.push_back(v);
        for (const float v : {0.0f, -0.0f, 1e-20f, -1e-5f, 87.0f, -87.5f, 88.5f, 1e4f, -1e4f}) x.push_back(v);
        const auto up = random_floats(x.size(), 9, 6);
        for (const Activation activation :
             {Activation::silu, Activation::gelu_tanh, Activation::gelu, Activation::clamped_swish})
            for (const bool gated : {false, true}) {
                const auto factor = [&](std::size_t i) -> double {
                    if (!gated) return 1;
                    return activation == Activation::clamped_swish ? std::clamp<double>(up[i], -7, 7) + 1
                                                                   : up[i];
                };
                std::vector<float> got(x.size() + kGuard, kPoison);
                kernels_->activate(activation, x.data(), gated ? up.data() : nullptr,
                                   static_cast<std::int64_t>(x.size()), got.data());
                QVERIFY(guarded(got, x.size()));
                for (std::size_t i = 0; i < x.size(); ++i) {
                    const double y = activate_reference(activation, x[i]) * factor(i);
                    // Six roundings of the value, and gelu's own cancellation near its tail.
                    QVERIFY2(std::fabs(got[i] - y) <= 4e-7 * std::fabs(y) + 3e-7 * std::fabs(factor(i)),
                             qPrintable(QString("%1(%2) = %3, not %4")
                                            .arg(pellucid::to_string(activation).data())
                                            .arg(x[i])
                                            .arg(got[i])
                                            .arg(y)));
                }
            }
    }

    void caps_sums_and_scales_data() { add_isa_rows(); }
    void caps_sums_and_scales() {
        for (const int n : {1, 7, 16, 33, 1000}) {
            const auto size = static_cast<std::size_t>(n);
            const auto x = random_floats(size, 4, 40), y = random_floats(size, 5);
            std::vector<float> got = x;
            got.resize(size + kGuard, kPoison);
            kernels_->soft_cap(got.data(), 30, n);
            for (std::size_t i = 0; i < size; ++i)
                QVERIFY(std::fabs(got[i] - soft_cap_reference(x[i], 30)) <= 1e-5);
            QVERIFY(guarded(got, size));
            std::copy(x.begin(), x.end(), got.begin());
            kernels_->add_scaled(got.data(), y.data(), 0.22f, n);
            for (std::size_t i = 0; i < size; ++i) QVERIFY(std::fabs(got[i] - (x[i] + 0.22 * y[i])) <= 1e-5);
            std::copy(x.begin(), x.end(), got.begin());
            kernels_->scale(got.data(), -3, n);
            for (std::size_t i = 0; i < size; ++i) QCOMPARE(got[i], x[i] * -3);
            QVERIFY(guarded(got, size));
        }
    }

    void quantise_data() { add_isa_rows(); }
    void quantise() {
        auto x = random_floats(32 * 40, 6, 5);
        std::fill_n(x.begin() + 32, 32, 0.0f);    // a block of zeros
        std::fill_n(x.begin() + 64, 32, 1e-42f);  // subnormal
        std::fill_n(x.begin() + 96, 32, -3e38f);  // near the end of the range
        x[128] = 1e30f;                           // one that drowns the rest
        std::vector<Q8Block> blocks(40);
        kernels_->quantise(x.data(), static_cast<std::int64_t>(x.size()), blocks.data());
        for (std::size_t b = 0; b < blocks.size(); ++b) {
            float largest = 0;
            int sums[2] = {0, 0};
            for (std::size_t i = 0; i < 32; ++i) {
                largest = std::max(largest, std::fabs(x[32 * b + i]));
                QVERIFY(blocks[b].q[i] >= -127);
                sums[i / 16] += blocks[b].q[i];
                if (largest > 1e-38f)
                    QVERIFY(std::fabs(blocks[b].d * static_cast<float>(blocks[b].q[i]) - x[32 * b + i]) <=
                            blocks[b].d * 0.5001f);
            }
            QCOMPARE(blocks[b].d, largest > 1e-30f ? largest / 127.0f : 0.0f);
            QCOMPARE(blocks[b].sum_of_half[0], blocks[b].d * static_cast<float>(sums[0]));
            QCOMPARE(blocks[b].sum_of_half[1], blocks[b].d * static_cast<float>(sums[1]));
            QCOMPARE(blocks[b].sum, blocks[b].d * static_cast<float>(sums[0] + sums[1]));
        }
    }

    void rope_data() { add_isa_rows(); }
    void rope() {
        for (const RopeCase& test : rope_cases) {
            Rope rope;
            rope.dims = test.dims;
            rope.layout = test.layout;
            rope.base = test.base;
            rope.attention_factor = test.attention_factor;
            const auto frequencies = rope_frequencies(rope, {});
            const auto x = random_floats(static_cast<std::size_t>(test.heads * test.head_dim), 7);
            std::vector<float> expected = x, got = x, cos, sin;
            rope_reference(expected, test.head_dim, rope, frequencies, test.position);
            for (const double frequency : frequencies) {
                cos.push_back(
                    static_cast<float>(std::cos(test.position * frequency) * test.attention_factor));
                sin.push_back(
                    static_cast<float>(std::sin(test.position * frequency) * test.attention_factor));
            }
            for (int h = 0; h < test.heads; ++h)
                kernels_->rope(got.data() + h * test.head_dim, cos.data(), sin.data(), test.dims,
                               test.layout);
            QVERIFY(measure<float>(got, expected).nmse <= kRounding);
            for (int h = 0; h < test.heads; ++h)
                for (int d = test.dims; d < test.head_dim; ++d)
                    QCOMPARE(got[static_cast<std::size_t>(h * test.head_dim + d)],
                             x[static_cast<std::size_t>(h * test.head_dim + d)]);
        }
    }

    void halves_data() { add_isa_rows(); }
    void halves() {
        auto x = random_floats(1003, 8, 100);
        x[0] = 65519.9f;
        x[1] = -1e6f;
        x[2] = 1e-7f;
        x[3] = std::bit_cast<float>(0x38801000u);  // a tie
        std::vector<Half> got(x.size() + 1, Half{0xffff});
        kernels_->to_half(x.data(), static_cast<std::int64_t>(x.size()), got.data());
        for (std::size_t i = 0; i < x.size(); ++i) QCOMPARE(got[i], float_to_half(x[i]));
        QCOMPARE(got.back(), Half{0xffff});
        std::vector<float> back(x.size() + kGuard, kPoison);
        kernels_->from_half(got.data(), static_cast<std::int64_t>(x.size()), back.data());
        QVERIFY(guarded(back, x.size()));
        for (std::size_t i = 0; i < x.size(); ++i) QCOMPARE(back[i], half_to_float(got[i]));
    }

    void mixes_data() { add_isa_rows(); }
    void mixes() {
        for (const int queries : {1, 3, 4, 6})
            for (const int width : {1, 16, 40}) {
                const int n = 5, weight_stride = 7, row_stride = width + 3, out_stride = width + 1;
                const auto weights = random_floats(static_cast<std::size_t>(queries * weight_stride), 21),
                           rows = random_floats(static_cast<std::size_t>(n * row_stride), 22);
                const auto before = random_floats(static_cast<std::size_t>(queries * out_stride), 23);
                auto got = before;
                kernels_->mix(weights.data(), weight_stride, queries, rows.data(), row_stride, n, width,
                              got.data(), out_stride);
                for (int q = 0; q < queries; ++q)
                    for (int i = 0; i < out_stride; ++i) {
                        const auto at = static_cast<std::size_t>(q * out_stride + i);
                        double y = before[at];
                        for (int p = 0; p < n && i < width; ++p)
                            y += static_cast<double>(
                                     weights[static_cast<std::size_t>(q * weight_stride + p)]) *
                                 rows[static_cast<std::size_t>(p * row_stride + i)];
                        QVERIFY(std::fabs(got[at] - y) <= 2e-6 * (1 + std::fabs(y)));
                    }
            }
    }

    void exponentials_data() { add_isa_rows(); }
    void exponentials() {
        for (const int n : {1, 15, 16, 65}) {
            const auto size = static_cast<std::size_t>(n);
            const auto x = random_floats(size, 24, 10);
            std::vector<float> got = x;
            got.resize(size + kGuard, kPoison);
            const float total = kernels_->exponentiate(got.data(), 3, n);
            QVERIFY(guarded(got, size));
            double sum = 0;
            for (std::size_t i = 0; i < size; ++i) {
                const double y = std::exp(static_cast<double>(x[i]) - 3);
                QVERIFY(std::fabs(got[i] - y) <= 1e-6 * y);
                sum += y;
            }
            QVERIFY(std::fabs(total - sum) <= 1e-5 * sum);
        }
    }
};

QTEST_APPLESS_MAIN(TestRowKernels)
#include "test_row_kernels.moc"
