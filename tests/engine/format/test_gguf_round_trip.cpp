// What the writer writes the reader reads: fixed cases, and random metadata and tensors by property.
#include <rapidcheck.h>
#include <QTemporaryDir>
#include <QtTest>
#include <cstring>
#include <limits>

#include "engine/format/gguf_file.h"
#include "engine/format/gguf_writer.h"
#include "gguf_bytes.h"

using namespace pellucid;

namespace {

bool same(const MetaValue& a, const MetaValue& b) {
    if (a.data.index() != b.data.index()) return false;
    if (const auto* x = std::get_if<MetaArrayOfArrays>(&a.data)) {
        const auto& y = std::get<MetaArrayOfArrays>(b.data);
        if (x->items.size() != y.items.size()) return false;
        for (std::size_t i = 0; i < x->items.size(); ++i)
            if (!same(x->items[i], y.items[i])) return false;
        return true;
    }
    return std::visit(
        [&](const auto& x) {
            using T = std::decay_t<decltype(x)>;
            if constexpr (std::is_same_v<T, MetaArrayOfArrays>)
                return false;
            else
                return x == std::get<T>(b.data);
        },
        a.data);
}

template <typename T>
rc::Gen<MetaValue> value_of(rc::Gen<T> gen) {
    return rc::gen::map(std::move(gen), [](T value) { return MetaValue{std::move(value)}; });
}

rc::Gen<double> finite() {
    return rc::gen::suchThat(rc::gen::arbitrary<double>(), [](double d) { return d == d; });
}

rc::Gen<MetaValue> array() {
    using rc::gen::arbitrary;
    return rc::gen::oneOf(value_of(arbitrary<std::vector<bool>>()),
                          value_of(arbitrary<std::vector<std::int64_t>>()),
                          value_of(arbitrary<std::vector<std::uint64_t>>()),
                          value_of(rc::gen::container<std::vector<double>>(finite())),
                          value_of(arbitrary<std::vector<std::string>>()));
}

rc::Gen<MetaValue> any_value() {
    using rc::gen::arbitrary;
    const auto nested = rc::gen::map(
        rc::gen::container<std::vector<MetaValue>>(array()),
        [](std::vector<MetaValue> items) { return MetaValue{MetaArrayOfArrays{std::move(items)}}; });
    return rc::gen::oneOf(value_of(arbitrary<bool>()), value_of(arbitrary<std::int64_t>()),
                          value_of(arbitrary<std::uint64_t>()), value_of(finite()),
                          value_of(arbitrary<std::string>()), array(), nested);
}

}  // namespace

class TestGgufRoundTrip : public QObject {
    Q_OBJECT
    QTemporaryDir dir_;

private slots:
    void random_files_return() {
        const std::string path = dir_.filePath("random.gguf").toStdString();
        const bool held = rc::check("write, read", [&] {
            const auto keys = *rc::gen::unique<std::vector<std::string>>(rc::gen::nonEmpty<std::string>());
            GgufWriter writer;
            for (const auto& key : keys)
                if (key != "general.alignment") writer.metadata().set(key, *any_value());
            const auto alignment = *rc::gen::element<std::uint64_t>(1, 8, 32, 64, 4096);
            writer.metadata().set("general.alignment", MetaValue{alignment});
            struct Made {
                TensorType type;
                std::vector<std::int64_t> shape;
                std::vector<std::byte> bytes;
            };
            std::vector<Made> made;
            const int count = *rc::gen::inRange(0, 6);
            for (int i = 0; i < count; ++i) {
                const auto type =
                    *rc::gen::element(TensorType::f32, TensorType::f16, TensorType::q4_0, TensorType::q6_k);
                const auto info = *tensor_type_info(type);
                std::vector<std::int64_t> shape(*rc::gen::inRange<std::size_t>(1, 5));
                std::int64_t blocks = 1;
                for (auto& d : shape) blocks *= d = *rc::gen::inRange<std::int64_t>(1, 4);
                shape.back() *= info.block_values;
                made.push_back({type, shape,
                                std::vector<std::byte>(static_cast<std::size_t>(blocks * info.block_bytes),
                                                       static_cast<std::byte>(i + 1))});
            }
            for (std::size_t i = 0; i < made.size(); ++i)
                RC_ASSERT(
                    writer.add_tensor("t" + std::to_string(i), made[i].type, made[i].shape, made[i].bytes)
                        .ok());
            const auto written = writer.write(path);
            RC_ASSERT(written.ok());
            const auto file = GgufFile::open(path);
            if (!file.ok()) RC_FAIL(file.error().message());
            RC_ASSERT((*file)->metadata().all().size() == writer.metadata().all().size());
            for (const auto& [key, value] : writer.metadata().all()) {
                const MetaValue* found = (*file)->metadata().find(key);
                RC_ASSERT(found && same(*found, value));
            }
            RC_ASSERT((*file)->alignment() == alignment);
            RC_ASSERT((*file)->tensors().size() == made.size());
            for (std::size_t i = 0; i < made.size(); ++i) {
                const FileTensor* t = (*file)->find("t" + std::to_string(i));
                RC_ASSERT(t && t->type == made[i].type && t->shape == made[i].shape &&
                          t->offset % alignment == 0);
                RC_ASSERT(std::ranges::equal(t->bytes, made[i].bytes));
            }
        });
        QVERIFY(held);
    }

    void version_two_reads_like_three() {
        auto bytes = test::small_file();
        bytes.bytes[4] = std::byte{2};
        const auto file = GgufFile::parse(bytes.span(), "v2");
        QVERIFY(file.ok());
        QCOMPARE((*file)->version(), 2u);
        QCOMPARE((*file)->metadata().integer("n").value(), 5);
    }

    void every_width_of_number_is_widened() {
        test::GgufBytes f;
        f.header(0, 11);
        f.text("u8")
            .put<std::uint32_t>(0)
            .put<std::uint8_t>(200)
            .text("i8")
            .put<std::uint32_t>(1)
            .put<std::int8_t>(-2);
        f.text("u16")
            .put<std::uint32_t>(2)
            .put<std::uint16_t>(60000)
            .text("i16")
            .put<std::uint32_t>(3)
            .put<std::int16_t>(-300);
        f.text("u32")
            .put<std::uint32_t>(4)
            .put<std::uint32_t>(4000000000u)
            .text("i32")
            .put<std::uint32_t>(5)
            .put<std::int32_t>(-70000);
        f.text("f32").put<std::uint32_t>(6).put(0.1f).text("b").put<std::uint32_t>(7).put<std::uint8_t>(1);
        f.text("u64")
            .put<std::uint32_t>(10)
            .put<std::uint64_t>(1ull << 40)
            .text("i64")
            .put<std::uint32_t>(11)
            .put<std::int64_t>(-(1ll << 40));
        f.text("f64").put<std::uint32_t>(12).put(0.1);
        const auto file = GgufFile::parse(f.span(), "numbers");
        QVERIFY2(file.ok(), file.ok() ? "" : file.error().message().c_str());
        const Metadata& m = (*file)->metadata();
        QCOMPARE(m.integer("u8").value(), 200);
        QCOMPARE(m.integer("i8").value(), -2);
        QCOMPARE(m.integer("u16").value(), 60000);
        QCOMPARE(m.integer("i16").value(), -300);
        QCOMPARE(m.integer("u32").value(), 4000000000ll);
        QCOMPARE(m.integer("i32").value(), -70000);
        QCOMPARE(m.integer("u64").value(), 1ll << 40);
        QCOMPARE(m.integer("i64").value(), -(1ll << 40));
        QCOMPARE(m.number("f32").value(), static_cast<double>(0.1f));
        QCOMPARE(m.number("f64").value(), 0.1);
        QVERIFY(m.boolean("b").value());
    }

    void the_writer_refuses_what_cannot_be() {
        GgufWriter writer;
        const std::vector<std::byte> bytes(32);
        const auto code = [&](const char* name, TensorType type, std::vector<std::int64_t> shape) {
            const auto added = writer.add_tensor(name, type, std::move(shape), bytes);
            return added.ok() ? ErrorCode::internal : added.error().code;
        };
        QVERIFY(writer.add_tensor("good", TensorType::f32, {2, 4}, bytes).ok());
        QVERIFY(code("good", TensorType::f32, {2, 4}) == ErrorCode::invalid_argument);
        QVERIFY(code("a", TensorType::f32, {2, 5}) == ErrorCode::invalid_argument);
        QVERIFY(code("a", TensorType::f32, {}) == ErrorCode::invalid_argument);
        QVERIFY(code("a", TensorType::f32, {-2, -4}) == ErrorCode::invalid_argument);
        QVERIFY(code("a", TensorType::q4_0, {16}) == ErrorCode::invalid_argument);
        QVERIFY(code("", TensorType::f32, {8}) == ErrorCode::invalid_argument);
        QVERIFY(writer.write("/nowhere/at/all.gguf").error().code == ErrorCode::not_found);
        QVERIFY(writer.write("/proc/x.gguf").ok() == false);
        writer.metadata().set("general.alignment", MetaValue{std::int64_t{24}});
        QVERIFY(writer.write(dir_.filePath("a").toStdString()).error().code == ErrorCode::invalid_argument);
        QVERIFY(!QFile::exists(dir_.filePath("a")) && !QFile::exists(dir_.filePath("a.part")));
    }

    void a_failed_write_keeps_the_old_file() {
        // /dev/full accepts no byte: the disk is full.
        const QString path = dir_.filePath("kept.gguf");
        QVERIFY(QFile::link("/dev/full", path + ".part"));
        QFile old(path);
        QVERIFY(old.open(QIODevice::WriteOnly) && old.write("old") == 3);
        old.close();
        GgufWriter writer;
        const auto written = writer.write(path.toStdString());
        QVERIFY(!written.ok());
        QVERIFY(written.error().code == ErrorCode::no_space);
        QVERIFY(old.open(QIODevice::ReadOnly));
        QCOMPARE(old.readAll(), QByteArray("old"));
    }
};

QTEST_APPLESS_MAIN(TestGgufRoundTrip)
#include "test_gguf_round_trip.moc"
