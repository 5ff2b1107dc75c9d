// UTF-8 decoding against a table and an independent validator; streams cut at random places.
#include <rapidcheck.h>

#include <QtTest>
#include <string>
#include <vector>

#include "engine/text/byte_alphabet.h"
#include "engine/text/utf8.h"
#include "engine/text/utf8_stream.h"

using namespace pellucid;

namespace {

/// Bytes that look like UTF-8 more often than not: characters, cut characters, and anything.
rc::Gen<std::string> bytes_like_utf8() {
    const auto character = rc::gen::map(rc::gen::inRange<std::uint32_t>(0, 0x110000), [](std::uint32_t code) {
        std::string out;
        append_utf8(out, code);
        return out;
    });
    const auto cut = rc::gen::map(rc::gen::pair(character, rc::gen::inRange(0, 4)), [](const auto& both) {
        return both.first.substr(0, static_cast<std::size_t>(both.second));
    });
    const auto any = rc::gen::map(rc::gen::arbitrary<unsigned char>(),
                                  [](unsigned char byte) { return std::string(1, static_cast<char>(byte)); });
    return rc::gen::map(rc::gen::container<std::vector<std::string>>(rc::gen::oneOf(character, cut, any)),
                        [](const std::vector<std::string>& parts) {
                            std::string out;
                            for (const auto& part : parts) out += part;
                            return out;
                        });
}

/// True if Qt, another implementation, reads the bytes without an error.
bool qt_reads(const std::string& text) {
    QStringDecoder decoder(QStringDecoder::Utf8,
                           QStringDecoder::Flag::Stateless | QStringDecoder::Flag::ConvertInitialBom);
    const QString read = decoder(QByteArrayView(text.data(), static_cast<qsizetype>(text.size())));
    return !read.isNull() && !decoder.hasError();
}

}  // namespace

class TestUtf8 : public QObject {
    Q_OBJECT

private slots:
    void replaces_maximal_parts_data() {
        QTest::addColumn<QByteArray>("in");
        QTest::addColumn<QByteArray>("out");
        const QByteArray r = "\xEF\xBF\xBD";
        QTest::newRow("empty") << QByteArray() << QByteArray();
        QTest::newRow("whole") << QByteArray("a\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80")
                               << QByteArray("a\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80");
        QTest::newRow("lone continuation") << QByteArray(
                                                  "a\x80"
                                                  "b")
                                           << "a" + r + "b";
        QTest::newRow("cut two") << QByteArray("\xC3") << r;
        QTest::newRow("cut three") << QByteArray("\xE2\x82") << r;
        QTest::newRow("cut four, then a letter") << QByteArray(
                                                        "\xF0\x9F\x98"
                                                        "a")
                                                 << r + "a";
        QTest::newRow("overlong two") << QByteArray("\xC0\xAF") << r + r;
        QTest::newRow("overlong three") << QByteArray("\xE0\x80\xAF") << r + r + r;
        QTest::newRow("overlong four") << QByteArray("\xF0\x80\x80\xAF") << r + r + r + r;
        QTest::newRow("surrogate") << QByteArray("\xED\xA0\x80") << r + r + r;
        QTest::newRow("above the last") << QByteArray("\xF4\x90\x80\x80") << r + r + r + r;
        QTest::newRow("no such lead") << QByteArray("\xF5\xFF") << r + r;
        // Unicode 15.0, table 3-11.
        QTest::newRow("table 3-11") << QByteArray(
                                           "\xE1\x80\xE2\xF0\x91\x92\xF1\xBF"
                                           "A")
                                    << r + r + r + r + "A";
        QTest::newRow("zero byte") << QByteArray("a\0b", 3) << QByteArray("a\0b", 3);
    }
    void replaces_maximal_parts() {
        QFETCH(QByteArray, in);
        QFETCH(QByteArray, out);
        QCOMPARE(QByteArray::fromStdString(to_well_formed_utf8(in.toStdString())), out);
    }

    void every_code_point_goes_round() {
        for (char32_t code = 0; code < 0x110000; ++code) {
            if (code >= 0xD800 && code < 0xE000) continue;
            std::string text;
            append_utf8(text, code);
            const Utf8Char read = decode_utf8(text, 0);
            if (read.code_point != code || read.length != text.size() || !read.well_formed)
                QFAIL("a code point changed");
        }
        std::string text;
        append_utf8(text, 0xD800);
        append_utf8(text, 0x110000);
        QCOMPARE(text, std::string("\xEF\xBF\xBD\xEF\xBF\xBD"));
    }

    void agrees_with_qt_on_what_is_well_formed() {
        QVERIFY(rc::check("validity", [] {
            const std::string text = *bytes_like_utf8();
            RC_ASSERT(is_utf8(text) == qt_reads(text));
            RC_ASSERT(is_utf8(to_well_formed_utf8(text)));
            if (is_utf8(text)) RC_ASSERT(to_well_formed_utf8(text) == text);
        }));
    }

    void a_stream_never_emits_half_a_character() {
        QVERIFY(rc::check("any cut gives the whole", [] {
            const std::string text = *bytes_like_utf8();
            // Lengths from 1 up: the generator starts at the low end, and a stream of empty pieces never
            // ends.
            Utf8Stream stream;
            std::string out = stream.push("");
            for (std::size_t at = 0; at < text.size();) {
                const auto length = *rc::gen::inRange<std::size_t>(1, 7);
                const std::string some = stream.push(std::string_view(text).substr(at, length));
                RC_ASSERT(is_utf8(some));
                RC_ASSERT(stream.pending().size() <= 3u);
                out += some;
                at += length;
            }
            out += stream.flush();
            RC_ASSERT(stream.pending().empty());
            RC_ASSERT(out == to_well_formed_utf8(text));
        }));
    }

    void a_stream_emits_a_character_with_its_last_byte() {
        Utf8Stream stream;
        QCOMPARE(stream.push("\xF0"), std::string());
        QCOMPARE(stream.push("\x9F\x98"), std::string());
        QCOMPARE(stream.push("\x80!"), std::string("\xF0\x9F\x98\x80!"));
        QCOMPARE(stream.push("\xE2\x82"), std::string());
        QCOMPARE(stream.push("x"),
                 std::string("\xEF\xBF\xBDx"));  // what can no longer become a character is not held
        QCOMPARE(stream.flush(), std::string());
    }

    void bytes_are_spelled_and_read() {
        QCOMPARE(spell_bytes(" the\n"), std::string("ĠtheĊ"));
        std::string all;
        for (int byte = 0; byte < 256; ++byte) all.push_back(static_cast<char>(byte));
        const std::string spelled = spell_bytes(all);
        QVERIFY(is_utf8(spelled));
        QVERIFY(unspell_bytes(spelled) == all);
        for (const char c : spelled) QVERIFY(static_cast<unsigned char>(c) > 0x20);
        QVERIFY(!unspell_bytes("a b"));
        QVERIFY(!unspell_bytes("\xE6\x97\xA5"));
        QVERIFY(!unspell_bytes("\xFF"));
    }
};

QTEST_APPLESS_MAIN(TestUtf8)
#include "test_utf8.moc"
