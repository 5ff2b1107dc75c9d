// What encoding loses, beside what peers lose on the same values (tests/fixtures/quant/generate_encode.py),
// and what it does with values that are hard to encode.
#include <QtTest>
#include <cmath>
#include <cstring>
#include <limits>

#include "engine/format/safetensors_file.h"
#include "engine/quant/decode.h"
#include "engine/quant/encode.h"

using namespace pellucid;

namespace {

constexpr const char* types[] = {"Q4_0", "Q5_0", "Q8_0", "MXFP4",  "Q2_K",  "Q3_K",
                                 "Q4_K", "Q5_K", "Q6_K", "IQ4_NL", "IQ4_XS"};

std::vector<std::byte> encoded(TensorType type, std::span<const float> values,
                               std::span<const float> importance = {}) {
    const auto info = *tensor_type_info(type);
    std::vector<std::byte> bytes(values.size() / static_cast<std::size_t>(info.block_values) *
                                 static_cast<std::size_t>(info.block_bytes));
    const auto done = encode(type, values, importance, bytes);
    if (!done.ok()) throw std::runtime_error(done.error().message());
    return bytes;
}

std::vector<float> there_and_back(TensorType type, std::span<const float> values,
                                  std::span<const float> importance = {}) {
    std::vector<float> back(values.size());
    const auto bytes = encoded(type, values, importance);
    if (const auto done = decode(type, bytes, back); !done.ok())
        throw std::runtime_error(done.error().message());
    return back;
}

}  // namespace

class TestEncode : public QObject {
    Q_OBJECT
    std::shared_ptr<const SafetensorsFile> file_;

    std::vector<float> floats(const std::string& name) const {
        const FileTensor* tensor = file_->find(name);
        std::vector<float> values(tensor ? tensor->bytes.size() / 4 : 0);
        if (tensor) std::memcpy(values.data(), tensor->bytes.data(), tensor->bytes.size());
        return values;
    }
    static void every_type() {
        QTest::addColumn<QString>("name");
        for (const char* name : types) QTest::newRow(name) << QString(name);
    }

private slots:
    void initTestCase() {
        auto file = SafetensorsFile::open(std::string(PELLUCID_FIXTURES) + "/quant/encode.safetensors");
        QVERIFY2(file.ok(), file.ok() ? "" : file.error().message().c_str());
        file_ = *file;
    }

    void loses_no_more_than_peers_data() { every_type(); }
    void loses_no_more_than_peers() {
        QFETCH(QString, name);
        const TensorType type = *tensor_type_from_name(name.toStdString());
        const auto values = floats("values"), columns = floats("importance"),
                   peers = floats(name.toStdString() + ".errors");
        QVERIFY(!values.empty() && peers.size() == 2);
        std::vector<float> importance;
        while (importance.size() < values.size())
            importance.insert(importance.end(), columns.begin(), columns.end());
        for (const bool weighted : {false, true}) {
            const auto back = there_and_back(type, values, weighted ? importance : std::vector<float>{});
            double error = 0;
            for (std::size_t i = 0; i < values.size(); ++i) {
                const double miss = static_cast<double>(values[i]) - static_cast<double>(back[i]);
                error += miss * miss * (weighted ? static_cast<double>(importance[i]) : 1.0);
            }
            const double ratio = std::sqrt(error) / static_cast<double>(peers[weighted ? 1 : 0]);
            std::printf("%-6s %-10s error %.4f of the peer's\n", qPrintable(name),
                        weighted ? "weighted" : "plain", ratio);
            QVERIFY2(ratio <= 1.02, qPrintable(QString::number(ratio)));
        }
    }

    void what_a_type_can_hold_it_keeps_data() { every_type(); }
    void what_a_type_can_hold_it_keeps() {
        QFETCH(QString, name);
        const TensorType type = *tensor_type_from_name(name.toStdString());
        // Nothing, one sign only, a single value, ends of the range, a constant: finite, and nearer than
        // zero.
        std::vector<std::vector<float>> cases(6, std::vector<float>(256, 0.0f));
        for (std::size_t i = 0; i < 256; ++i) {
            cases[1][i] = 1.0f + 0.01f * static_cast<float>(i % 7);
            cases[2][i] = -cases[1][i];
            cases[4][i] = i % 2 == 0 ? 3e4f : -3e4f;
            cases[5][i] = 0.25f;
        }
        cases[3][77] = -0.5f;
        for (const auto& values : cases) {
            const auto back = there_and_back(type, values);
            double error = 0, size = 0;
            for (std::size_t i = 0; i < values.size(); ++i) {
                QVERIFY(std::isfinite(back[i]));
                error += std::pow(static_cast<double>(values[i] - back[i]), 2);
                size += std::pow(static_cast<double>(values[i]), 2);
            }
            QVERIFY2(error <= 0.05 * size, qPrintable(QString("%1 of %2").arg(error).arg(size)));
        }
        // Smaller than any scale: zero, not noise.
        for (const float tiny : {1e-38f, -1e-42f})
            for (const float value : there_and_back(type, std::vector<float>(256, tiny)))
                QVERIFY(std::fabs(value) <= 1e-7f);
    }

    void unused_columns_cost_nothing_data() { every_type(); }
    void unused_columns_cost_nothing() {
        QFETCH(QString, name);
        const TensorType type = *tensor_type_from_name(name.toStdString());
        const auto all = floats("values");
        const std::vector<float> values(all.begin(), all.begin() + 256);
        const std::vector<float> nothing(256, 0.0f);
        QCOMPARE(encoded(type, values, nothing), encoded(type, values));  // as if everything counted
        std::vector<float> first(256, 0.0f);
        for (std::size_t i = 0; i < 256; i += 2) first[i] = 1;
        const auto weighted = there_and_back(type, values, first), plain = there_and_back(type, values);
        double with = 0, without = 0;
        for (std::size_t i = 0; i < 256; i += 2) {
            with += std::pow(static_cast<double>(values[i] - weighted[i]), 2);
            without += std::pow(static_cast<double>(values[i] - plain[i]), 2);
        }
        QVERIFY(with <= without * 1.0001);
    }

    void refusals() {
        std::vector<float> values(32, 1.0f);
        std::vector<std::byte> bytes(18);
        QVERIFY(encode(TensorType::q4_0, values, {}, bytes).ok());
        const auto code = [&](TensorType type, std::span<const float> x, std::span<const float> w,
                              std::size_t size) {
            std::vector<std::byte> to(size);
            const auto done = encode(type, x, w, to);
            return done.ok() ? ErrorCode::internal : done.error().code;
        };
        QCOMPARE(code(TensorType::q4_0, values, {}, 17), ErrorCode::invalid_argument);
        QCOMPARE(code(TensorType::q4_0, values, std::span(values).first(31), 18),
                 ErrorCode::invalid_argument);
        QCOMPARE(code(TensorType::q4_k, values, {}, 18), ErrorCode::invalid_argument);
        QCOMPARE(code(TensorType::iq2_xxs, values, {}, 18), ErrorCode::unsupported);
        const std::vector<float> minus(32, -1.0f);
        QCOMPARE(code(TensorType::q4_0, values, minus, 18), ErrorCode::invalid_argument);
        values[3] = std::numeric_limits<float>::quiet_NaN();
        QCOMPARE(code(TensorType::q4_0, values, {}, 18), ErrorCode::invalid_argument);
    }

    void plain_types_round_to_nearest() {
        const std::vector<float> values = {1.0f, -0.333333f, 65519.0f, 1e-8f};
        const auto halves = there_and_back(TensorType::f16, values);
        QCOMPARE(halves[1], half_to_float(float_to_half(values[1])));
        QCOMPARE(there_and_back(TensorType::f32, values), values);
        QCOMPARE(there_and_back(TensorType::bf16, values)[1],
                 bfloat16_to_float(float_to_bfloat16(values[1])));
    }
};

QTEST_APPLESS_MAIN(TestEncode)
#include "test_encode.moc"
