// Citations kept in a conversation come back as they were; damaged ones are left out.
#include <QtTest>

#include "app/asking/citation_parts.h"

using namespace pellucid::asking;
using namespace pellucid::answering;

namespace {

std::vector<StoredCitation> citations() {
    Passage passage;
    passage.document = 4;
    passage.content = 5;
    passage.chunk = 6;
    passage.title = "Handbook";
    passage.file = "handbook.pdf";
    passage.page_label = "12";
    passage.page = 11;
    passage.first = 1000;
    passage.text = "It is old. The pump holds 40 litres.";
    passage.last = passage.first + static_cast<std::uint32_t>(passage.text.size());
    AnswerStream stream({passage});
    pellucid::Delta delta;
    delta.text = "The pump holds 60 litres [1]. The pump holds 40 litres.";
    stream.take(delta);
    stream.finish();
    return stored_citations(stream.check(), stream.passages());
}

}  // namespace

class TestCitationParts : public QObject {
    Q_OBJECT

private slots:
    void they_come_back_as_they_were() {
        const auto all = citations();
        QCOMPARE(all.size(), std::size_t(2));
        QCOMPARE(all[0].doubt, Doubt::number);
        QCOMPARE(all[0].claimed, std::string("60"));
        QCOMPARE(all[0].said, std::string("40"));
        QVERIFY(all[1].found);
        QCOMPARE(all[1].quote, std::string("The pump holds 40 litres"));
        QCOMPARE(all[1].range, (Span{1011, 1035}));
        for (const StoredCitation& citation : all) {
            const auto part = to_part(citation);
            QCOMPARE(part.reference, std::string("handbook.pdf, page 12"));
            const auto back = read_part(part);
            QVERIFY(back.has_value());
            QVERIFY(*back == citation);
        }
    }

    void damaged_ones_are_left_out() {
        auto part = to_part(citations()[0]);
        for (const char* data : {"", "[]", "{", "{\"number\":0}", "{\"number\":\"x\"}", "null"}) {
            part.data = data;
            QVERIFY(!read_part(part));
        }
        part.data = "{\"number\":3,\"mark\":[9,2],\"verdict\":77,\"sentence\":[-1,4],\"found\":1}";
        const auto read = read_part(part);
        QVERIFY(read && read->mark.empty() && read->sentence.empty() &&
                read->verdict == Verdict::not_checkable && !read->found);
        part.kind = pellucid::storage::PartKind::text;
        QVERIFY(!read_part(part));
    }
};

QTEST_APPLESS_MAIN(TestCitationParts)
#include "test_citation_parts.moc"
