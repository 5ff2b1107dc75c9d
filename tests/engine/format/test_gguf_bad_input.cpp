// Every way we know in which a GGUF file can lie: one typed error that names the field and a remedy, and no
// crash.
#include <QTemporaryDir>
#include <QtTest>
#include <fstream>
#include <functional>
#include <random>

#include "engine/format/gguf_file.h"
#include "gguf_bytes.h"

using namespace pellucid;
using pellucid::test::GgufBytes;
using pellucid::test::small_file;

Q_DECLARE_METATYPE(std::vector<std::byte>)

class TestGgufBadInput : public QObject {
    Q_OBJECT

private slots:
    void a_beginning_of_any_length_asks_for_more_or_is_enough() {
        const auto bytes = small_file();
        const auto whole = GgufFile::parse(bytes.span(), "small");
        QVERIFY(whole.ok());
        bool enough = false;
        for (std::size_t n = 8; n <= bytes.span().size(); ++n) {
            const auto file = GgufFile::parse_beginning(bytes.span().first(n), bytes.span().size(), "small");
            QVERIFY2(file.ok(), file.ok() ? "" : file.error().message().c_str());
            QVERIFY2(!enough || *file, "the header was whole before");
            enough = *file != nullptr;
            if (!enough) continue;
            QCOMPARE((*file)->file_size(), (*whole)->file_size());
            QCOMPARE((*file)->tensors().front().offset, (*whole)->tensors().front().offset);
            QVERIFY((*file)->tensors().front().bytes.empty());
        }
        QVERIFY(enough);
        // The directory speaks of more than the server has: no more bytes will help.
        const auto shorter =
            GgufFile::parse_beginning(bytes.span().first(bytes.span().size() - 40), bytes.span().size() - 1, "s");
        QVERIFY(!shorter.ok());
        QCOMPARE(shorter.error().code, ErrorCode::corrupt);
    }

    void the_small_file_is_good() {
        const auto bytes = small_file();
        const auto file = GgufFile::parse(bytes.span(), "small");
        QVERIFY2(file.ok(), file.ok() ? "" : file.error().message().c_str());
        QCOMPARE((*file)->metadata().integer("n").value(), 5);
        QCOMPARE((*file)->tensors().size(), std::size_t{1});
        const FileTensor* t = (*file)->find("t");
        QVERIFY(t);
        QCOMPARE(t->shape, (std::vector<std::int64_t>{2, 4}));
        QCOMPARE(t->bytes.size(), std::size_t{32});
        QCOMPARE(t->offset % 32, std::uint64_t{0});
        QVERIFY(!(*file)->find("u"));
    }

    void each_lie_is_named_data() {
        QTest::addColumn<std::vector<std::byte>>("bytes");
        QTest::addColumn<int>("code");
        QTest::addColumn<QString>("says");
        const int corrupt = static_cast<int>(ErrorCode::corrupt),
                  unsupported = static_cast<int>(ErrorCode::unsupported);
        const auto add = [&](const char* name, int code, const char* says, const GgufBytes& file) {
            QTest::newRow(name) << file.bytes << code << QString(says);
        };
        const auto raw = [](std::string_view text) {
            GgufBytes file;
            for (const char c : text) file.put(c);
            return file;
        };
        constexpr std::uint64_t kHuge = ~std::uint64_t{0};
        add("empty", corrupt, "is empty", {});
        add("wrong magic", corrupt, "not a GGUF", raw("NOPEnopenopenope"));
        add("byte-swapped magic", corrupt, "byte-swapped", raw("FUGG"));
        add("old ggml", corrupt, "older than GGUF", raw("lmgg0000"));
        add("web page", corrupt, "web page", raw("<!DOCTYPE html>"));
        add("lfs pointer", corrupt, "LFS pointer", raw("version https://git-lfs.github.com/spec/v1"));
        add("zip", corrupt, "zip archive", raw(std::string_view("PK\x03\x04", 4)));
        add("magic alone", corrupt, "the version", raw("GGUF"));
        add("version 1", unsupported, "version 1", GgufBytes().header(0, 0, 1));
        add("version 4", unsupported, "version 4", GgufBytes().header(0, 0, 4));
        add("big endian", unsupported, "big-endian", GgufBytes().header(0, 0, 0x03000000));
        add("tensor count", corrupt, "tensor count", GgufBytes().header(kHuge, 0));
        add("metadata count", corrupt, "metadata count", GgufBytes().header(0, kHuge));
        add("counts beyond the bytes", corrupt, "tensor count", GgufBytes().header(2, 0).data(64, 1));
        add("key length", corrupt, "metadata key 0", GgufBytes().header(0, 1).put(kHuge).data(64, 1));
        add("empty key", corrupt, "0 bytes",
            GgufBytes().header(0, 1).text("").put<std::uint32_t>(4).data(64, 1));
        add("key too long", corrupt, "70000 bytes",
            GgufBytes().header(0, 1).text(std::string(70000, 'k')).u32("x", 1));
        add("duplicate key", corrupt, "'n' appears twice", GgufBytes().header(0, 2).u32("n", 1).u32("n", 2));
        add("value type", corrupt, "unknown value type 13",
            GgufBytes().header(0, 1).text("n").put<std::uint32_t>(13).data(8, 1));
        add("string length", corrupt, "'s'",
            GgufBytes().header(0, 1).text("s").put<std::uint32_t>(8).put(kHuge).data(8, 1));
        add("bool", corrupt, "boolean with the value 7",
            GgufBytes().header(0, 1).text("b").put<std::uint32_t>(7).data(9, 1));
        for (const std::uint32_t element : {0u, 5u, 6u, 7u, 8u, 9u, 10u, 12u})
            QTest::newRow(qPrintable(QString("array count, element type %1").arg(element)))
                << GgufBytes()
                       .header(0, 1)
                       .text("a")
                       .put<std::uint32_t>(9)
                       .put(element)
                       .put(kHuge / 4)
                       .data(64, 1)
                       .bytes
                << corrupt << QString("elements");
        add("array element type", corrupt, "array of the unknown",
            GgufBytes()
                .header(0, 1)
                .text("a")
                .put<std::uint32_t>(9)
                .put<std::uint32_t>(99)
                .put<std::uint64_t>(0)
                .data(8, 1));
        add("array bool", corrupt, "boolean",
            GgufBytes()
                .header(0, 1)
                .text("a")
                .put<std::uint32_t>(9)
                .put<std::uint32_t>(7)
                .put<std::uint64_t>(4)
                .data(8, 1));
        GgufBytes deep = GgufBytes().header(0, 1).text("a").put<std::uint32_t>(9);
        for (int i = 0; i < 100; ++i) deep.put<std::uint32_t>(9).put<std::uint64_t>(1);
        add("nested arrays", corrupt, "deep", deep);
        for (const std::uint32_t alignment : {0u, 24u, 1u << 30})
            QTest::newRow(qPrintable(QString("alignment %1").arg(alignment)))
                << GgufBytes().header(0, 1).u32("general.alignment", alignment).bytes << corrupt
                << QString("general.alignment");
        add("alignment kind", corrupt, "general.alignment",
            GgufBytes().header(0, 1).text("general.alignment").put<std::uint32_t>(8).text("32"));
        const auto one = [](const std::vector<std::uint64_t>& dims, std::uint32_t type,
                            std::uint64_t offset) {
            return GgufBytes().header(1, 0).tensor("t", dims, type, offset).data(256);
        };
        add("no dimensions", corrupt, "0 dimensions", one({}, 0, 0));
        add("five dimensions", corrupt, "5 dimensions", one({1, 1, 1, 1, 1}, 0, 0));
        add("zero dimension", corrupt, "dimension 0", one({4, 0}, 0, 0));
        add("negative dimension", corrupt, "dimension -4", one({static_cast<std::uint64_t>(-4)}, 0, 0));
        add("rows overflow", corrupt, "larger than any file", one({4, 1ull << 62, 8}, 0, 0));
        add("bytes overflow", corrupt, "larger than any file", one({1ull << 62, 2}, 0, 0));
        add("elements overflow", corrupt, "larger than any file", one({1ull << 62, 4}, 24, 0));
        add("huge tensor", corrupt, "ends at byte", one({1ull << 40}, 0, 0));
        add("unknown type", unsupported, "type code 1000", one({4}, 1000, 0));
        add("removed type", unsupported, "type code 4", one({32}, 4, 0));
        add("block division", corrupt, "Q4_K", one({128}, 12, 0));
        add("offset alignment", corrupt, "multiple of the alignment", one({4}, 0, 8));
        add("offset beyond", corrupt, "ends at byte", one({4}, 0, 4096));
        add("offset overflow", corrupt, "beyond the end", one({4}, 0, kHuge - 31));
        add("one byte short", corrupt, "ends at byte",
            GgufBytes().header(1, 0).tensor("t", {8}, 0, 0).data(31));
        add("empty name", corrupt, "0 bytes", GgufBytes().header(1, 0).tensor("", {4}, 0, 0).data(64));
        add("duplicate name", corrupt, "'t' appears twice",
            GgufBytes().header(2, 0).tensor("t", {4}, 0, 0).tensor("t", {4}, 0, 32).data(64));
        add("overlap", corrupt, "overlaps",
            GgufBytes().header(2, 0).tensor("a", {16}, 0, 0).tensor("b", {4}, 0, 32).data(64));
        add("same place", corrupt, "overlaps",
            GgufBytes().header(2, 0).tensor("a", {4}, 0, 32).tensor("b", {4}, 0, 32).data(64));
    }
    void each_lie_is_named() {
        QFETCH(std::vector<std::byte>, bytes);
        QFETCH(int, code);
        QFETCH(QString, says);
        const auto file = GgufFile::parse(bytes, "liar.gguf");
        QVERIFY(!file.ok());
        const Error& error = file.error();
        QVERIFY2(static_cast<int>(error.code) == code, error.message().c_str());
        QVERIFY2(QString::fromStdString(error.message()).contains(says), error.message().c_str());
        QVERIFY2(error.what.find("liar.gguf") != std::string::npos, error.what.c_str());
        QVERIFY(!error.hint.empty());
        // Through a mapped file the answer is the same.
        QTemporaryDir dir;
        const std::string path = dir.filePath("liar.gguf").toStdString();
        std::ofstream(path, std::ios::binary)
            .write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
        const auto opened = GgufFile::open(path);
        QVERIFY(!opened.ok());
        QVERIFY(opened.error().code == error.code);
    }

    void truncated_at_every_byte() {
        GgufBytes file;
        file.header(2, 4).u32("n", 5).text("s").put<std::uint32_t>(8).text("text");
        file.text("a").put<std::uint32_t>(9).put<std::uint32_t>(8).put<std::uint64_t>(2).text("x").text("yy");
        file.text("f").put<std::uint32_t>(9).put<std::uint32_t>(6).put<std::uint64_t>(1).put(1.5f);
        file.tensor("t", {4, 2}, 0, 0).tensor("u", {32}, 2, 32);
        const std::size_t directory_end = file.bytes.size();
        file.data(32 + 18);
        QVERIFY(GgufFile::parse(file.span(), "whole").ok());
        for (std::size_t length = 0; length < file.bytes.size(); ++length) {
            const auto cut = file.span().first(length);
            const auto whole = GgufFile::parse(cut, "cut");
            QVERIFY(!whole.ok());
            QVERIFY(whole.error().code == ErrorCode::corrupt);
            const auto header = GgufFile::parse(cut, "cut", GgufRead::header_only);
            QCOMPARE(header.ok(), length >= directory_end);
            if (header.ok()) {
                QVERIFY((*header)->find("u")->size == 18);
                QVERIFY((*header)->find("u")->bytes.empty());
            }
        }
    }

    void any_flipped_byte_is_survived() {
        GgufBytes file;
        file.header(2, 3).u32("n", 5).text("s").put<std::uint32_t>(8).text("text");
        file.text("a").put<std::uint32_t>(9).put<std::uint32_t>(9).put<std::uint64_t>(1);
        file.put<std::uint32_t>(4).put<std::uint64_t>(2).put<std::uint32_t>(1).put<std::uint32_t>(2);
        file.tensor("t", {4, 2}, 0, 0).tensor("u", {32}, 2, 32).data(50);
        std::mt19937 random(11);
        int refused = 0;
        for (std::size_t at = 0; at < file.bytes.size(); ++at)
            for (int n = 0; n < 16; ++n) {
                GgufBytes bad = file;
                bad.bytes[at] ^= static_cast<std::byte>(1 + random() % 255);
                const auto parsed = GgufFile::parse(bad.span(), "flipped");
                if (!parsed.ok())
                    ++refused;
                else
                    for (const auto& t : (*parsed)->tensors()) {
                        QVERIFY(t.bytes.data() >= bad.bytes.data());
                        QVERIFY(t.bytes.data() + t.bytes.size() <= bad.bytes.data() + bad.bytes.size());
                    }
            }
        QVERIFY(refused > 1000);
    }

    void control_characters_of_names_are_not_echoed() {
        const auto file = GgufBytes().header(1, 0).tensor("\x1b[31mred\n", {4}, 1000, 0).data(64);
        const auto parsed = GgufFile::parse(file.span(), "x");
        QVERIFY(!parsed.ok());
        QVERIFY(parsed.error().what.find('\x1b') == std::string::npos &&
                parsed.error().what.find('\n') == std::string::npos);
    }
};

QTEST_APPLESS_MAIN(TestGgufBadInput)
#include "test_gguf_bad_input.moc"
