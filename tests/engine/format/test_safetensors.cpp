// safetensors: round trip, and every lie a header can tell.
#include <QTemporaryDir>
#include <QtTest>
#include <cstring>

#include "engine/format/safetensors_file.h"

using namespace pellucid;

namespace {

std::vector<std::byte> file_of(std::string_view header, std::size_t data,
                               std::uint64_t claimed = ~std::uint64_t{0}) {
    std::vector<std::byte> bytes(8 + header.size() + data);
    const std::uint64_t length = claimed == ~std::uint64_t{0} ? header.size() : claimed;
    std::memcpy(bytes.data(), &length, 8);
    std::memcpy(bytes.data() + 8, header.data(), header.size());
    return bytes;
}

}  // namespace

class TestSafetensors : public QObject {
    Q_OBJECT
    QTemporaryDir dir_;

private slots:
    void what_is_written_is_read() {
        const std::string path = dir_.filePath("a.safetensors").toStdString();
        const std::vector<float> floats{1, 2, 3, 4, 5, 6};
        const std::vector<std::int64_t> longs{-1};
        SafetensorsWriter writer;
        writer.metadata()["who"] = "us \"quoted\" 中";
        QVERIFY(writer.add_tensor("z", TensorType::f32, {2, 3}, std::as_bytes(std::span(floats))).ok());
        QVERIFY(writer.add_tensor("scalar", TensorType::i64, {}, std::as_bytes(std::span(longs))).ok());
        QVERIFY(writer.add_tensor("none", TensorType::f16, {0, 5}, {}).ok());
        QVERIFY(
            writer.add_tensor("z", TensorType::f32, {2, 3}, std::as_bytes(std::span(floats))).error().code ==
            ErrorCode::invalid_argument);
        QVERIFY(
            writer.add_tensor("y", TensorType::f32, {2, 2}, std::as_bytes(std::span(floats))).error().code ==
            ErrorCode::invalid_argument);
        QVERIFY(writer.add_tensor("y", TensorType::q4_0, {32}, std::as_bytes(std::span(floats)).first(18))
                    .error()
                    .code == ErrorCode::invalid_argument);
        QVERIFY(writer.write(path).ok());
        const auto file = SafetensorsFile::open(path);
        QVERIFY2(file.ok(), file.ok() ? "" : file.error().message().c_str());
        QCOMPARE((*file)->metadata().at("who"), std::string("us \"quoted\" 中"));
        const FileTensor* z = (*file)->find("z");
        QVERIFY(z && z->type == TensorType::f32 && z->shape == (std::vector<std::int64_t>{2, 3}));
        QVERIFY(std::memcmp(z->bytes.data(), floats.data(), 24) == 0);
        QVERIFY((*file)->find("scalar")->shape.empty() && (*file)->find("scalar")->size == 8);
        QVERIFY((*file)->find("none")->bytes.empty());
        QVERIFY(!(*file)->find("nothing"));
    }

    void each_lie_is_refused_data() {
        QTest::addColumn<QByteArray>("header");
        QTest::addColumn<int>("data");
        const auto add = [](const char* name, const char* header, int data) {
            QTest::newRow(name) << QByteArray(header) << data;
        };
        add("not json", "{\"a\":", 0);
        add("not an object", "[1,2]", 0);
        add("no dtype", "{\"a\":{\"shape\":[1],\"data_offsets\":[0,4]}}", 4);
        add("unknown dtype", "{\"a\":{\"dtype\":\"C64\",\"shape\":[4],\"data_offsets\":[0,4]}}", 4);
        add("negative dimension", "{\"a\":{\"dtype\":\"F32\",\"shape\":[-1],\"data_offsets\":[0,4]}}", 4);
        add("fractional dimension", "{\"a\":{\"dtype\":\"F32\",\"shape\":[1.0],\"data_offsets\":[0,4]}}", 4);
        add("overflow",
            "{\"a\":{\"dtype\":\"F32\",\"shape\":[4611686018427387904,4],\"data_offsets\":[0,0]}}", 0);
        add("three offsets", "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4,8]}}", 4);
        add("backwards", "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,0]}}", 4);
        add("outside", "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}", 4);
        add("wrong size", "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,8]}}", 8);
        add("overlap",
            "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]},\"b\":{\"dtype\":\"F32\","
            "\"shape\":[1],\"data_offsets\":[4,8]}}",
            8);
        add("hole", "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]}}", 8);
        add("tail", "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}", 8);
        add("twice",
            "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]},\"a\":{\"dtype\":\"F32\","
            "\"shape\":[1],\"data_offsets\":[0,4]}}",
            4);
        add("metadata kind", "{\"__metadata__\":{\"a\":1}}", 0);
        QTest::newRow("deep") << QByteArray("{\"a\":") + QByteArray(100000, '[') << 0;
    }
    void each_lie_is_refused() {
        QFETCH(QByteArray, header);
        QFETCH(int, data);
        const auto bytes =
            file_of({header.data(), static_cast<std::size_t>(header.size())}, static_cast<std::size_t>(data));
        const auto file = SafetensorsFile::parse(bytes, "liar");
        QVERIFY(!file.ok());
        QVERIFY(file.error().code == ErrorCode::corrupt || file.error().code == ErrorCode::unsupported);
        QVERIFY(file.error().what.find("liar") != std::string::npos && !file.error().hint.empty());
    }

    void lengths_are_checked() {
        QVERIFY(!SafetensorsFile::parse({}, "x").ok());
        QVERIFY(!SafetensorsFile::parse(file_of("{}", 0, ~std::uint64_t{0} - 1), "x").ok());
        QVERIFY(!SafetensorsFile::parse(file_of("{}", 0, 3), "x").ok());
        QVERIFY(SafetensorsFile::parse(file_of("{}", 0), "x").ok());
    }
};

QTEST_APPLESS_MAIN(TestSafetensors)
#include "test_safetensors.moc"
