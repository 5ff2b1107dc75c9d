// What passes between the app and the reader process: there and back, and nothing that is out of place gets
// through.
#include <QtTest>
#include <random>

#include "app/reading/scripted_reader.h"
#include "app/reading/wire.h"

using namespace pellucid;
using namespace pellucid::reading;

namespace {

Document sample() {
    Document document =
        scripted_document({"# Title\n\nFirst line\nsecond line", "", "\xE4\xB8\xAD\xE6\x96\x87"}, true);
    document.title = "T";
    document.blocks[1].symbol = "f::g";
    document.pages[1].text_layer = false;
    document.pages[2].label = "iv";
    document.notices.push_back({NoticeCode::no_text_layer, "no text layer on page 2", {1}});
    return document;
}

Result<Document> parsed(std::string_view bytes, AnswerLimits limits = {}) {
    AnswerParser parser(limits);
    for (std::size_t at = 0; at < bytes.size(); at += 7) (void)parser.feed(bytes.substr(at, 7));
    return std::move(parser).finish();
}

}  // namespace

class TestWire : public QObject {
    Q_OBJECT

private slots:
    void there_and_back() {
        const auto document = parsed(encode(sample()));
        QVERIFY2(document.ok(), document.ok() ? "" : document.error().what.c_str());
        QVERIFY(*document == sample());
        const Request request{"a\xff.pdf", 1, 2, 3, 4, true, {"eng", "chi_sim"}, 1.5f, 7};
        QVERIFY(*decode_request(encode(request)) == request);
        const auto failure = parsed(encode(Error{ErrorCode::encrypted, "it is protected", "unlock it"}));
        QCOMPARE(failure.error().code, ErrorCode::encrypted);
        QCOMPARE(failure.error().hint, std::string("unlock it"));
    }

    void progress() {
        AnswerParser parser({});
        QVERIFY(parser.feed(encode_progress(3, 9)).ok());
        QCOMPARE(parser.take_progress()->first, 3u);
        QVERIFY(!parser.take_progress());
    }

    void every_cut_is_noticed() {
        const std::string bytes = encode(sample());
        for (std::size_t length = 0; length < bytes.size(); ++length)
            QVERIFY(!parsed(bytes.substr(0, length)));
        QVERIFY(!parsed(bytes + "x"));
        QVERIFY(!parsed(bytes + bytes));
    }

    void no_flipped_bit_gets_a_document_that_breaks_its_promises() {
        const std::string bytes = encode(sample());
        std::mt19937 draw(7);
        for (int round = 0; round < 20'000; ++round) {
            std::string bent = bytes;
            for (unsigned flips = 1 + draw() % 3; flips > 0; --flips)
                bent[draw() % bent.size()] ^= static_cast<char>(1 << draw() % 8);
            if (const auto document = parsed(bent)) QVERIFY(check(*document).ok());
        }
    }

    void limits_hold() {
        QVERIFY(!parsed(encode(sample()), {10, 100}));
        QVERIFY(!parsed(encode(sample()), {1000, 2}));
        AnswerParser parser({});
        QVERIFY(!parser.feed(std::string("\4\xff\xff\xff\x7f", 5)).ok());  // a frame of two gigabytes
        QVERIFY(!parser.feed(encode(sample())).ok());                      // and it stays refused
        // What only the app can know the reader may not say.
        QCOMPARE(parsed(encode(Error{ErrorCode::cancelled, "x", ""})).error().code, ErrorCode::corrupt);
    }
};

QTEST_APPLESS_MAIN(TestWire)
#include "test_wire.moc"
