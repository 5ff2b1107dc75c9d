// The seam's promises: `check` finds every breach, and the scripted documents of other rooms' tests keep
// them.
#include <QtTest>
#include <cmath>
#include <limits>

#include "app/reading/scripted_reader.h"

using namespace pellucid;
using namespace pellucid::reading;

namespace {

Document sample() {
    return scripted_document({"# Title\n\nFirst line\nsecond line\n\nNext.", "", "中文一页。\n\n## Two\nend"},
                             true);
}

}  // namespace

class TestDocument : public QObject {
    Q_OBJECT

private slots:
    void scripted() {
        const Document document = sample();
        const auto checked = check(document);
        QVERIFY2(checked.ok(), checked.ok() ? "" : checked.error().what.c_str());
        QCOMPARE(document.text,
                 std::string("Title\n\nFirst line\nsecond line\n\nNext.\n\n中文一页。\n\nTwo\n\nend"));
        QCOMPARE(document.pages.size(), 3u);
        QVERIFY(document.pages[1].range.empty());
        QCOMPARE(document.blocks.size(), 6u);
        QCOMPARE(std::string(document.of(document.blocks[1].range)), std::string("First line\nsecond line"));
        QCOMPARE(document.blocks[4].level, 2);
        QCOMPARE(document.lines.size(), 7u);
        QVERIFY(check(scripted_document({})).ok());
        QVERIFY(check(scripted_document({"", "", "x"})).ok());
    }

    void page_of_a_byte() {
        const Document document = sample();
        QCOMPARE(page_of(document, 0), 0u);
        for (const Block& block : document.blocks) QCOMPARE(page_of(document, block.range.first), block.page);
        QCOMPARE(page_of(document, static_cast<std::uint32_t>(document.text.size())), 2u);
        const Document tail = scripted_document({"a", ""});
        QCOMPARE(page_of(tail, 1), 0u);
    }

    void every_breach_is_found() {
        const auto broken = [](auto change) {
            Document document = sample();
            change(document);
            return !check(document).ok();
        };
        QVERIFY(broken([](Document& d) { d.text[0] = '\xff'; }));
        QVERIFY(broken([](Document& d) { d.title = std::string(1, char(0xc3)); }));
        QVERIFY(broken([](Document& d) { d.pages.clear(); }));
        QVERIFY(broken([](Document& d) { d.pages[0].range.last--; }));
        QVERIFY(broken([](Document& d) { d.pages[0].width = std::numeric_limits<float>::quiet_NaN(); }));
        QVERIFY(broken([](Document& d) { d.pages[2].height = -1; }));
        QVERIFY(broken([](Document& d) { d.pages.pop_back(); }));
        QVERIFY(broken([](Document& d) { d.blocks[0].range.last = 1u << 30; }));
        QVERIFY(broken([](Document& d) { d.blocks[3].range.first++; }));  // inside 中
        QVERIFY(broken([](Document& d) { std::swap(d.blocks[0], d.blocks[1]); }));
        QVERIFY(broken([](Document& d) { d.blocks[0].page = 2; }));
        QVERIFY(broken([](Document& d) { d.blocks[0].page = 77; }));
        QVERIFY(broken([](Document& d) { d.blocks[0].level = 7; }));
        QVERIFY(broken([](Document& d) { d.blocks[0].kind = static_cast<BlockKind>(99); }));
        QVERIFY(broken([](Document& d) { d.lines[0].x = std::numeric_limits<float>::infinity(); }));
        QVERIFY(broken([](Document& d) { d.lines[0].page = 3; }));
        QVERIFY(broken([](Document& d) { d.lines[1].range = d.lines[0].range; }));
        QVERIFY(broken([](Document& d) { d.notices.push_back({NoticeCode::damaged, "x", {3}}); }));
        QVERIFY(broken([](Document& d) { d.notices.push_back({NoticeCode::damaged, "x", {1, 1}}); }));
        QVERIFY(!broken([](Document& d) { d.notices.push_back({NoticeCode::damaged, "x", {0, 2}}); }));
    }

    void pages_in_words() {
        QCOMPARE(page_list({}), std::string());
        QCOMPARE(page_list({2}), std::string("3"));
        QCOMPARE(page_list({2, 3, 4, 5, 8, 11, 12}), std::string("3-6, 9, 12, 13"));
    }

    void scripted_reader() {
        ScriptedReader reader;
        reader.set("/a", sample());
        reader.set("/b", fail(ErrorCode::encrypted, "/b needs a password"));
        QVERIFY(reader.read("/a", {}, {})->text == sample().text);
        QCOMPARE(reader.read("/b", {}, {}).error().code, ErrorCode::encrypted);
        QCOMPARE(reader.read("/c", {}, {}).error().code, ErrorCode::not_found);
        CancelToken stopped;
        stopped.cancel();
        QCOMPARE(reader.read("/a", {}, stopped).error().code, ErrorCode::cancelled);
        QCOMPARE(reader.reads(), 4);
    }
};

QTEST_APPLESS_MAIN(TestDocument)
#include "test_document.moc"
