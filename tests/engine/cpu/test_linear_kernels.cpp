// Packed and dense matrix kernels of every instruction set this machine runs, against exact decoding and sums
// in double.
#include <QtTest>
#include <limits>

#include "engine/cpu/kernels.h"
#include "engine/cpu/linear_step.h"
#include "engine/cpu/packed_matrix.h"
#include "engine/cpu/weights.h"
#include "engine/ops/linear/cases.h"
#include "error_measure.h"
#include "random_weights.h"

using namespace pellucid;
using namespace pellucid::cpu;
using namespace pellucid::test;

namespace {

// Activations lose up to half of 1/127 of their block's largest value. That is 1e-5 of their energy, more of
// the energy of results that cancel (weights whose minima outweigh them): 7e-5 is the worst seen here, half
// the usual bound allowed. values.
constexpr double kQuantisedNmse = 2.5e-4;
// Against the same sums over the quantised activations only float rounding is left.
constexpr double kRoundingNmse = 1e-10;
constexpr double kDenseNmse = 1e-11;

const float kPoison = std::numeric_limits<float>::quiet_NaN();

struct Case {
    Isa isa;
    LinearCase shape;
};

DenseTileFn dense_of(const Kernels& kernels, TensorType type) {
    return type == TensorType::f32   ? kernels.dense_f32
           : type == TensorType::f16 ? kernels.dense_f16
                                     : kernels.dense_bf16;
}

}  // namespace

Q_DECLARE_METATYPE(Case)

class TestLinearKernels : public QObject {
    Q_OBJECT
    ThreadPool pool_{2};

private slots:
    void packing_loses_nothing() {
        for (const TensorType type : kPackedTypes)
            for (const std::int64_t rows : {1, 16, 37}) {
                const RandomWeights weights(type, rows, 512, 5);
                const auto packed = PackedMatrix::pack(weights.view(), pool_);
                QVERIFY(packed.ok());
                std::vector<float> row(512, kPoison);
                for (std::int64_t r = 0; r < rows; ++r) {
                    packed->decode_row(r, row.data());
                    for (std::size_t c = 0; c < 512; ++c) QCOMPARE(row[c], weights.row(r)[c]);
                }
                // Not more than a padded tile and an aligned end beyond the file's bits.
                QVERIFY(packed->bytes() % 64 == 0);
            }
    }

    void a_short_tensor_is_refused() {
        const RandomWeights weights(TensorType::q4_0, 4, 64, 1);
        TensorView view = weights.view();
        view.bytes = view.bytes.first(view.bytes.size() - 1);
        const auto packed = PackedMatrix::pack(view, pool_);
        QVERIFY(!packed.ok() && packed.error().code == ErrorCode::corrupt);
    }

    void every_case_data() {
        QTest::addColumn<Case>("test");
        for (const Isa isa : usable_isas(detect_cpu_features()))
            for (const LinearCase& shape : linear_cases)
                QTest::addRow("%s %s %dx%d, %d tokens%s", to_string(isa).data(),
                              pellucid::to_string(shape.type).data(), shape.out, shape.in, shape.tokens,
                              shape.bias ? ", bias" : "")
                    << Case{isa, shape};
    }
    void every_case() {
        QFETCH(Case, test);
        const auto [type, tokens, out, in, has_bias] = test.shape;
        const Kernels& kernels = kernels_for(test.isa);
        QVERIFY(kernels.isa == test.isa);
        const RandomWeights weights(type, out, in, static_cast<unsigned>(out * 31 + in));
        const auto x = random_floats(static_cast<std::size_t>(tokens * in), 3);
        const auto bias = random_floats(static_cast<std::size_t>(out), 4);
        const bool packed_type = packed_index(type) >= 0;
        std::vector<Q8Block> blocks(packed_type ? static_cast<std::size_t>(tokens * in / 32) : 0);
        std::vector<float> rounded = x;  // what the kernel sees
        if (packed_type) kernels.quantise(x.data(), tokens * in, blocks.data());
        for (std::size_t i = 0; i < rounded.size() && packed_type; ++i)
            rounded[i] = blocks[i / 32].d * static_cast<float>(blocks[i / 32].q[i % 32]);
        // Guarded by poison: rows of out + 3 floats, so a store beyond the last row shows.
        const std::int64_t stride = out + 3;
        std::vector<float> got(static_cast<std::size_t>(tokens * stride), kPoison);
        const auto packed = packed_type ? PackedMatrix::pack(weights.view(), pool_)
                                        : Result<PackedMatrix>(fail(ErrorCode::internal, ""));
        for (int first = 0; first < out; first += kTileRows) {
            const int rows = std::min(kTileRows, out - first);
            const float* b = has_bias ? bias.data() + first : nullptr;
            if (packed_type)
                kernels.packed_tile[packed_index(type)](packed->tile(first / kTileRows), in, blocks.data(),
                                                        in / 32, tokens, b, got.data() + first, stride, rows);
            else
                dense_of(kernels, type)(weights.view().bytes.data() +
                                            static_cast<std::size_t>(first) * weights.view().row_bytes(),
                                        in, x.data(), in, tokens, b, got.data() + first, stride, rows);
        }
        std::vector<float> values;
        std::vector<double> exact, rounded_exact;
        for (int t = 0; t < tokens; ++t)
            for (int r = 0; r < stride; ++r) {
                const float value = got[static_cast<std::size_t>(t * stride + r)];
                if (r >= out) {
                    QVERIFY2(std::isnan(value), "a store beyond the last row");
                    continue;
                }
                double sum = has_bias ? bias[static_cast<std::size_t>(r)] : 0, rounded_sum = sum;
                for (int c = 0; c < in; ++c) {
                    const double w = weights.row(r)[static_cast<std::size_t>(c)];
                    sum += w * x[static_cast<std::size_t>(t * in + c)];
                    rounded_sum += w * rounded[static_cast<std::size_t>(t * in + c)];
                }
                values.push_back(value);
                exact.push_back(sum);
                rounded_exact.push_back(rounded_sum);
            }
        const auto rounding = measure<double>(values, rounded_exact), whole = measure<double>(values, exact);
        const double limit = packed_type ? kRoundingNmse : kDenseNmse;
        QVERIFY2(rounding.nmse <= limit, qPrintable(QString("nmse %1, max error %2 of %3")
                                                        .arg(rounding.nmse)
                                                        .arg(rounding.max_error)
                                                        .arg(rounding.deviation)));
        QVERIFY2(whole.nmse <= (packed_type ? kQuantisedNmse : kDenseNmse),
                 qPrintable(QString("nmse %1, max error %2 of %3")
                                .arg(whole.nmse)
                                .arg(whole.max_error)
                                .arg(whole.deviation)));
    }

    /// Activations in two planes of 8 bits: next to nothing of them is lost.
    void fine_matrices_data() {
        QTest::addColumn<Case>("test");
        for (const Isa isa : usable_isas(detect_cpu_features()))
            for (const TensorType type : {TensorType::q4_0, TensorType::q4_1, TensorType::q8_0})
                for (const int tokens : {1, 3, 33, 70})
                    QTest::addRow("%s %s, %d tokens", to_string(isa).data(), pellucid::to_string(type).data(),
                                  tokens)
                        << Case{isa, {type, tokens, 37, 160, tokens == 3}};
    }
    void fine_matrices() {
        QFETCH(Case, test);
        const auto [type, tokens, out, in, has_bias] = test.shape;
        const Kernels& kernels = kernels_for(test.isa);
        const RandomWeights weights(type, out, in, 8);
        TensorView view = weights.view();
        view.fine = true;
        const auto matrix = Matrix::make(view, pool_);
        QVERIFY(matrix.ok());
        const auto x = random_floats(static_cast<std::size_t>(tokens * in), 3);
        const auto bias = random_floats(static_cast<std::size_t>(out), 4);
        std::vector<Q8Block> blocks(static_cast<std::size_t>(tokens * 2 * in / 32));
        for (int t = 0; t < tokens; ++t)
            quantise_in_planes(kernels, x.data() + t * in, in, 2, blocks.data() + t * 2 * in / 32);
        const std::int64_t stride = out + 3;
        std::vector<float> got(static_cast<std::size_t>(tokens * stride), kPoison), values;
        for (std::int64_t tile = 0; tile < matrix->tiles(); ++tile)
            matrix->apply_tile(kernels, tile, x.data(), blocks.data(), 2, tokens,
                               has_bias ? bias.data() : nullptr, got.data(), stride);
        std::vector<double> exact;
        for (int t = 0; t < tokens; ++t)
            for (int r = 0; r < stride; ++r) {
                const float value = got[static_cast<std::size_t>(t * stride + r)];
                if (r >= out) {
                    QVERIFY2(std::isnan(value), "a store beyond the last row");
                    continue;
                }
                double sum = has_bias ? bias[static_cast<std::size_t>(r)] : 0;
                for (int c = 0; c < in; ++c)
                    sum += static_cast<double>(weights.row(r)[static_cast<std::size_t>(c)]) *
                           static_cast<double>(x[static_cast<std::size_t>(t * in + c)]);
                values.push_back(value);
                exact.push_back(sum);
            }
        // The rest's rounding: a 254th of what the first plane's leaves.
        const auto error = measure<double>(values, exact);
        QVERIFY2(error.nmse <= kQuantisedNmse / (254 * 254), qPrintable(QString::number(error.nmse)));
    }

    void extreme_activations_do_not_overflow() {
        // Every code at its largest against activations of +-127: sums of products at their extremes.
        for (const Isa isa : usable_isas(detect_cpu_features()))
            for (const TensorType type : kPackedTypes)
                for (const float sign : {1.0f, -1.0f})
                    for (const int byte : {0x00, 0x7f, 0x80, 0xff}) {
                        RandomWeights weights(type, 16, 256, 9);
                        std::vector<std::byte> bytes(weights.view().bytes.begin(),
                                                     weights.view().bytes.end());
                        const auto info = *tensor_type_info(type);
                        for (std::size_t at = 0; at < bytes.size(); ++at) {
                            const auto in_block = at % static_cast<std::size_t>(info.block_bytes);
                            const bool half =
                                type == TensorType::q2_k    ? in_block >= 80
                                : type == TensorType::q3_k  ? in_block >= 108
                                : type == TensorType::q6_k  ? in_block >= 208
                                : type == TensorType::iq1_m ? in_block >= 48
                                : type == TensorType::tq1_0 ? in_block >= 52
                                : type == TensorType::tq2_0
                                    ? in_block >= 64
                                    : in_block < (packed_index(type) >= 0 &&
                                                          kPackedTraits[packed_index(type)].has_minimum
                                                      ? 4u
                                                      : 2u);
                            if (!half) bytes[at] = static_cast<std::byte>(byte);
                        }
                        const TensorView view{"extreme", type, {16, 256}, bytes};
                        std::vector<float> w(16 * 256);
                        decode_unchecked(type, bytes.data(), w.data(), w.size());
                        const std::vector<float> x(256, sign * 127);
                        std::vector<Q8Block> blocks(8);
                        const Kernels& kernels = kernels_for(isa);
                        kernels.quantise(x.data(), 256, blocks.data());
                        const auto packed = PackedMatrix::pack(view, pool_);
                        std::vector<float> got(16, kPoison);
                        kernels.packed_tile[packed_index(type)](packed->tile(0), 256, blocks.data(), 8, 1,
                                                                nullptr, got.data(), 16, 16);
                        for (int r = 0; r < 16; ++r) {
                            double sum = 0, size = 0;
                            for (int c = 0; c < 256; ++c) {
                                const double product =
                                    static_cast<double>(w[static_cast<std::size_t>(r * 256 + c)]) * sign *
                                    127;
                                sum += product;
                                size += std::fabs(product);
                            }
                            QVERIFY2(
                                std::fabs(got[static_cast<std::size_t>(r)] - sum) <= 1e-5 * size + 1e-3,
                                qPrintable(QString("%1 %2 byte %3: %4, not %5")
                                               .arg(to_string(isa).data(), pellucid::to_string(type).data())
                                               .arg(byte)
                                               .arg(got[static_cast<std::size_t>(r)])
                                               .arg(sum)));
                        }
                    }
    }
};

QTEST_APPLESS_MAIN(TestLinearKernels)
#include "test_linear_kernels.moc"
