// Decoding and encoding against what PyPI's gguf says, bit for bit (tests/fixtures/quant/generate.py).
#include <QtTest>
#include <cmath>
#include <cstring>
#include <limits>
#include <random>

#include "engine/format/safetensors_file.h"
#include "engine/quant/decode.h"
#include "engine/quant/encode.h"
#include "engine/quant/unpack.h"

using namespace pellucid;

class TestDecode : public QObject {
    Q_OBJECT
    std::shared_ptr<const SafetensorsFile> file_;

    std::span<const std::byte> bytes(const std::string& name) const {
        const FileTensor* tensor = file_->find(name);
        return tensor ? tensor->bytes : std::span<const std::byte>{};
    }

private slots:
    void initTestCase() {
        auto file = SafetensorsFile::open(std::string(PELLUCID_FIXTURES) + "/quant/blocks.safetensors");
        QVERIFY2(file.ok(), file.ok() ? "" : file.error().message().c_str());
        file_ = *file;
    }

    void every_type_decodes_bit_for_bit_data() {
        QTest::addColumn<QString>("name");
        for (const char* name :
             {"F32",     "F16",   "BF16",   "Q4_0",   "Q4_1",  "Q5_0",  "Q5_1",    "Q8_0",   "Q2_K",
              "Q3_K",    "Q4_K",  "Q5_K",   "Q6_K",   "IQ1_S", "IQ1_M", "IQ2_XXS", "IQ2_XS", "IQ2_S",
              "IQ3_XXS", "IQ3_S", "IQ4_NL", "IQ4_XS", "TQ1_0", "TQ2_0", "MXFP4"})
            QTest::newRow(name) << QString(name);
    }
    void every_type_decodes_bit_for_bit() {
        QFETCH(QString, name);
        const auto type = tensor_type_from_name(name.toStdString());
        QVERIFY(type && can_decode(*type));
        const auto blocks = bytes(name.toStdString() + ".blocks"),
                   expected = bytes(name.toStdString() + ".values");
        QVERIFY(!blocks.empty() && !expected.empty());
        std::vector<float> values(expected.size() / sizeof(float), std::numeric_limits<float>::quiet_NaN());
        const auto done = decode(*type, blocks, values);
        QVERIFY2(done.ok(), done.ok() ? "" : done.error().message().c_str());
        for (std::size_t i = 0; i < values.size(); ++i) {
            float want = 0;
            std::memcpy(&want, expected.data() + 4 * i, 4);
            // +0 and -0 are the same weight; everything else must have the same bits.
            QVERIFY2(values[i] == want,
                     qPrintable(QString("value %1: %2, not %3").arg(i).arg(values[i]).arg(want)));
        }
    }

    void q8_k_decodes_as_defined() {  // gguf has no decoder for it
        BlockQ8_K block{0.25f, {}, {}};
        for (int i = 0; i < 256; ++i) block.qs[i] = static_cast<std::int8_t>(i - 128);
        std::vector<float> values(256);
        QVERIFY(decode(TensorType::q8_k, std::as_bytes(std::span(&block, 1)), values).ok());
        for (int i = 0; i < 256; ++i)
            QCOMPARE(values[static_cast<std::size_t>(i)], 0.25f * static_cast<float>(i - 128));
    }

    void sizes_must_belong_together() {
        std::vector<float> values(32);
        std::vector<std::byte> bytes(18);
        QVERIFY(decode(TensorType::q4_0, bytes, values).ok());
        QVERIFY(decode(TensorType::q4_1, bytes, values).error().code == ErrorCode::invalid_argument);
        QVERIFY(decode(TensorType::q4_0, bytes, std::span(values).first(31)).error().code ==
                ErrorCode::invalid_argument);
        QVERIFY(decode(TensorType::q4_k, bytes, values).error().code == ErrorCode::invalid_argument);
        QVERIFY(decode(TensorType::iq4_xs, bytes, values).error().code == ErrorCode::invalid_argument);
        QVERIFY(decode(TensorType::i32, bytes, values).error().code == ErrorCode::unsupported);
        QVERIFY(decode(TensorType::f32, {}, {}).ok());
        QVERIFY(can_decode(TensorType::mxfp4) && !can_decode(TensorType::q8_1) &&
                !is_block_quantised(TensorType::f16));
    }

    void q8_0_encodes_bit_for_bit() {
        const auto raw = bytes("encode.values"), expected = bytes("encode.Q8_0");
        std::vector<float> values(raw.size() / sizeof(float));
        std::memcpy(values.data(), raw.data(), raw.size());
        std::vector<BlockQ8_0> blocks(values.size() / 32);
        QVERIFY(encode_q8_0(values, blocks).ok());
        QCOMPARE(blocks.size() * sizeof(BlockQ8_0), expected.size());
        QVERIFY(std::memcmp(blocks.data(), expected.data(), expected.size()) == 0);
        QVERIFY(encode_q8_0(std::span(values).first(31), blocks).error().code == ErrorCode::invalid_argument);
    }

    void q8_0_returns_within_half_a_step() {
        std::mt19937 random(3);
        std::normal_distribution<float> normal;
        std::vector<float> values(32 * 64), back(values.size());
        for (float& v : values) v = normal(random);
        std::vector<BlockQ8_0> blocks(64);
        QVERIFY(encode_q8_0(values, blocks).ok());
        QVERIFY(decode(TensorType::q8_0, std::as_bytes(std::span(blocks)), back).ok());
        for (std::size_t i = 0; i < values.size(); ++i) {
            const float d = half_to_float(blocks[i / 32].d);
            // Half a step, and the rounding of d to half precision over 127 steps.
            QVERIFY(std::fabs(values[i] - back[i]) <= d * (0.5f + 127.0f * 0x1p-11f));
        }
    }

    void the_type_table_is_the_formats() {
        const auto raw = bytes("types");
        std::vector<std::int32_t> table(raw.size() / 4);
        std::memcpy(table.data(), raw.data(), raw.size());
        const QStringList names = QString::fromStdString(file_->metadata().at("types")).split(',');
        QCOMPARE(static_cast<std::size_t>(names.size()) * 3, table.size());
        QVERIFY(names.size() >= 32);
        for (int i = 0; i < names.size(); ++i) {
            const auto* row = table.data() + 3 * i;
            const auto info = tensor_type_info(static_cast<TensorType>(row[0]));
            QVERIFY2(info, qPrintable(names[i]));
            QCOMPARE(QString::fromUtf8(info->name.data(), static_cast<int>(info->name.size())), names[i]);
            QCOMPARE(info->block_values, row[1]);
            QCOMPARE(info->block_bytes, row[2]);
            QVERIFY(tensor_type_from_name(names[i].toStdString()) == info->type);
        }
        QVERIFY(!tensor_type_info(static_cast<TensorType>(4)) &&
                !tensor_type_info(static_cast<TensorType>(9999)));
        QVERIFY(!tensor_type_from_name("Q4_2"));
    }
};

QTEST_APPLESS_MAIN(TestDecode)
#include "test_decode.moc"
