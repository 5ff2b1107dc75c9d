// SHA-256 against its published examples, and files by their blocks.
#include <QTemporaryDir>
#include <QtTest>
#include <fstream>

#include "app/digest/file_digest.h"

using namespace pellucid;
using namespace pellucid::digest;

namespace {

std::span<const std::byte> bytes(std::string_view text) {
    return std::as_bytes(std::span(text.data(), text.size()));
}

}  // namespace

class TestDigest : public QObject {
    Q_OBJECT

private slots:
    void the_published_examples() {  // FIPS 180-4: examples of NIST, and the empty message
        QCOMPARE(to_hex(Sha256::of(bytes(""))),
                 std::string("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"));
        QCOMPARE(to_hex(Sha256::of(bytes("abc"))),
                 std::string("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"));
        QCOMPARE(to_hex(Sha256::of(bytes("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"))),
                 std::string("248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"));
    }

    void parts_are_the_whole_and_copies_go_on_alone() {
        Sha256 sha;
        sha.add(bytes("a"));
        Sha256 other = sha;
        sha.add(bytes("bc"));
        other.add(bytes("x"));
        QVERIFY(sha.finish() == Sha256::of(bytes("abc")));
        QVERIFY(other.finish() == Sha256::of(bytes("ax")));
        // Finished means begun anew.
        sha.add(bytes("abc"));
        QVERIFY(sha.finish() == Sha256::of(bytes("abc")));
    }

    void hexadecimal_both_ways() {
        const Hash hash = Sha256::of(bytes("abc"));
        QVERIFY(from_hex(to_hex(hash)) == hash);
        QVERIFY(from_hex("sha256:" + to_hex(hash)) == hash);
        QVERIFY(from_hex("sha256-BA7816BF8F01CFEA414140DE5DAE2223B00361A396177A9CB410FF61F20015AD") == hash);
        QVERIFY(!from_hex(""));
        QVERIFY(!from_hex(to_hex(hash) + "0"));
        QVERIFY(!from_hex("zz7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"));
    }

    void a_file_by_its_blocks_data() {
        QTest::addColumn<int>("size");
        QTest::addColumn<int>("block");
        QTest::addColumn<int>("blocks");
        QTest::addRow("empty") << 0 << 16 << 0;
        QTest::addRow("one short block") << 5 << 16 << 1;
        QTest::addRow("whole blocks") << 48 << 16 << 3;
        QTest::addRow("a tail") << 49 << 16 << 4;
        QTest::addRow("longer than the buffer") << (3 << 20) + 7 << (2 << 20) << 2;
    }
    void a_file_by_its_blocks() {
        QFETCH(int, size);
        QFETCH(int, block);
        QFETCH(int, blocks);
        QTemporaryDir folder;
        const std::string path = folder.filePath("f").toStdString();
        std::string content(static_cast<std::size_t>(size), '\0');
        for (std::size_t i = 0; i < content.size(); ++i) content[i] = static_cast<char>(i * 31 + i / 251);
        std::ofstream(path, std::ios::binary) << content;
        std::uint64_t last = 0;
        const auto digest = digest_file(path, static_cast<std::uint64_t>(block),
                                        [&](std::uint64_t done, std::uint64_t) { last = done; });
        QVERIFY(digest.ok());
        QVERIFY(digest->sha256 == Sha256::of(bytes(content)));
        QCOMPARE(last, static_cast<std::uint64_t>(size));
        QCOMPARE(digest->blocks.blocks.size(), static_cast<std::size_t>(blocks));
        for (std::size_t i = 0; i < digest->blocks.blocks.size(); ++i) {
            const auto part = bytes(content).subspan(digest->blocks.first(i), digest->blocks.size(i));
            QVERIFY(digest->blocks.blocks[i] == Sha256::of(part));
        }
        const auto again =
            block_map(digest->blocks.file_bytes, digest->blocks.block_bytes, to_bytes(digest->blocks.blocks));
        QVERIFY(again.ok() && *again == digest->blocks);
    }

    void what_does_not_belong_together_is_refused() {
        QVERIFY(!block_map(100, 16, "short").ok());
        QVERIFY(!block_map(100, 16, std::string(32, 'x')).ok());
        QVERIFY(!block_map(100, 0, std::string(32, 'x')).ok());
        QVERIFY(block_map(100, 16, "").ok());
    }

    void what_cannot_be_read_says_why() {
        QTemporaryDir folder;
        QVERIFY(digest_file(folder.filePath("none").toStdString()).error().code == ErrorCode::not_found);
        QVERIFY(digest_file(folder.path().toStdString()).error().code == ErrorCode::invalid_argument);
        const std::string path = folder.filePath("f").toStdString();
        std::ofstream(path) << "something";
        CancelToken cancel;
        cancel.cancel();
        QVERIFY(digest_file(path, 16, {}, cancel).error().code == ErrorCode::cancelled);
    }
};

QTEST_APPLESS_MAIN(TestDigest)
#include "test_digest.moc"
