// Marks of citations in a streamed answer: every form that models write, wherever the stream is cut.
#include <QtTest>

#include "app/answering/citation_marks.h"
#include "engine/text/utf8.h"

using namespace pellucid;
using namespace pellucid::answering;

namespace {

struct Read {
    std::string text;
    std::vector<CitationMark> marks;
    std::vector<UnknownMark> unknown;
    bool operator==(const Read&) const = default;
};

void take(Read& read, const std::vector<MarkEvent>& events) {
    for (const MarkEvent& event : events) {
        if (const auto* text = std::get_if<std::string>(&event)) read.text += *text;
        if (const auto* mark = std::get_if<CitationMark>(&event)) {
            // A mark's own text has come before it.
            if (mark->span.last > read.text.size()) qFatal("a mark before its text");
            read.marks.push_back(*mark);
        }
        if (const auto* mark = std::get_if<UnknownMark>(&event)) read.unknown.push_back(*mark);
    }
}

Read read_in(const std::vector<std::string_view>& pieces, int passages) {
    CitationMarks marks(passages);
    Read read;
    for (const auto piece : pieces) {
        const auto events = marks.push(piece);
        for (const MarkEvent& event : events)
            if (const auto* text = std::get_if<std::string>(&event))
                if (!is_utf8(*text)) qFatal("half a character came out");
        take(read, events);
    }
    take(read, marks.finish());
    return read;
}

}  // namespace

class TestCitationMarks : public QObject {
    Q_OBJECT

private slots:
    void forms_data() {
        QTest::addColumn<QString>("answer");
        QTest::addColumn<QString>("text");
        QTest::addColumn<QList<int>>("unknown");
        const auto row = [](const char* answer, const char* text, QList<int> unknown = {}) {
            QTest::newRow(answer) << answer << text << unknown;
        };
        row("It is 5 km [1].", "It is 5 km [1].");
        row("It is 5 km[1][2].", "It is 5 km[1][2].");
        row("One [1, 3] and [2;4] and [1,1].", "One [1][3] and [2][4] and [1].");
        row("All [1-4], some [2–3].", "All [1][2][3][4], some [2][3].");
        row("So [citation:1] and [citation: 2, 3].", "So [1] and [2][3].");
        row("So [citation:3][citation:5].", "So [3].", {5});
        row("So [citation:1, citation:2].", "So [1][2].");
        row("See [Passage 2] and [passages 1 and 3].", "See [2] and [1][3].");
        row("See [source: 4], [^2], [#1].", "See [4], [2], [1].");
        row("长度为五公里【1】。", "长度为五公里[1]。");
        row("长度【citation:2】、【1†source】、【3:0†a.pdf】。", "长度[2]、[1]、[3]。");
        row("长度［１］和[段落2]、[来源：3]、[第4段]、[引用1、2]。", "长度[1]和[2]、[3]、[4]、[1][2]。");
        row("[file content begin]\nIt is 5 km [1].\n[file content end]", "It is 5 km [1].\n");
        row("[passage 2 begin] It is 5 km.[Passage 2 End]\nNext.", "It is 5 km.\nNext.");
        row("[file name]: handbook.pdf\n[file content begin]\n[passage 1 begin]\nNo.", "No.");
        row("【段落 1 begin】好。", "好。");
        row("In `[passage 1 begin]` code, [beginning] and [the end].",
            "In `[passage 1 begin]` code, [beginning] and [the end].");
        row("Unknown [7] is gone [1].", "Unknown  is gone [1].", {7});
        row("None [0].", "None .", {0});
        row("Known and not [2, 9].", "Known and not [2].", {9});
        // What only looks alike.
        row("In [1999] and [2001, 2002].", "In [1999] and [2001, 2002].");
        row("A list [ ] and [x] and [] and [a].", "A list [ ] and [x] and [] and [a].");
        row("Use `a[1]` and ``b[2] ` c`` then [1].", "Use `a[1]` and ``b[2] ` c`` then [1].");
        row("```\nx[1] = y[2]\n```\nThen [2].", "```\nx[1] = y[2]\n```\nThen [2].");
        row("~~~ c\nx[1]\n```\nx[2]\n~~~\nThen [2].", "~~~ c\nx[1]\n```\nx[2]\n~~~\nThen [2].");
        row("An `open tick [1].\n\nNext [2].", "An `open tick [1].\n\nNext [2].");
        row("\\[1\\] is a formula, [2] no.", "\\[1\\] is a formula, [2] no.");
        row("A slice [1:2], a number [1.5], [-1], [3-1].", "A slice [1:2], a number [1.5], [-1], [3-1].");
        row("[Figure 1] [see 2] [1 apple] [passage] [1", "[Figure 1] [see 2] [1 apple] [passage] [1");
        row("Not over\n[1\n] lines", "Not over\n[1\n] lines");
        row("[1] begins.", "[1] begins.");
        row("[[1]]", "[[1]]");
        row("[1-4000] is no range", "[1-4000] is no range");
        row("[12345678901234567890]", "[12345678901234567890]");
    }
    void forms() {
        QFETCH(QString, answer);
        QFETCH(QString, text);
        QFETCH(QList<int>, unknown);
        const Read read = read_in({answer.toStdString()}, 4);
        QCOMPARE(QString::fromStdString(read.text), text);
        QList<int> told;
        for (const UnknownMark& mark : read.unknown) told.append(static_cast<int>(mark.number));
        QCOMPARE(told, unknown);
        for (const CitationMark& mark : read.marks)
            QCOMPARE(read.text.substr(mark.span.first, mark.span.size()),
                     "[" + std::to_string(mark.number) + "]");
    }

    void code_holds_no_marks() {
        QCOMPARE(read_in({"`a[1]` b [2]"}, 4).marks.size(), std::size_t(1));
        QCOMPARE(read_in({"```\nx[1]\n```\n[2]"}, 4).marks.size(), std::size_t(1));
        QCOMPARE(read_in({"an `open [1].\n\nNext [2]."}, 4).marks.size(), std::size_t(1));
    }

    void any_cut_gives_the_same_data() { forms_data(); }
    void any_cut_gives_the_same() {
        QFETCH(QString, answer);
        const std::string bytes = answer.toStdString();
        const std::string_view all = bytes;
        const Read whole = read_in({all}, 4);
        for (std::size_t cut = 0; cut <= all.size(); ++cut)
            QCOMPARE(read_in({all.substr(0, cut), all.substr(cut)}, 4), whole);
        std::vector<std::string_view> single;
        for (std::size_t i = 0; i < all.size(); ++i) single.push_back(all.substr(i, 1));
        QCOMPARE(read_in(single, 4), whole);
    }

    void any_cut_of_noise_gives_the_same() {
        static const std::vector<std::string> kPieces = {"[",   "]",         "1",    "2",   ",",
                                                         "-",   "citation:", "`",    "```", "\n",
                                                         " ",   "【",        "】",   "［",  "］",
                                                         "†",   "a",         "段落", "～",  "\\",
                                                         "~~~", "\xE3\x80",  "\xFF", "[1]", "[citation:2]",
                                                         "999", ":",         ".",    "第",  "段"};
        std::uint32_t state = 11;
        const auto next = [&](std::size_t below) {
            state = state * 1664525u + 1013904223u;
            return (state >> 8) % below;
        };
        for (int round = 0; round < 3000; ++round) {
            std::string bytes;
            for (std::size_t i = next(24); i > 0; --i) bytes += kPieces[next(kPieces.size())];
            const Read whole = read_in({bytes}, 3);
            std::vector<std::string_view> pieces;
            for (std::size_t at = 0; at < bytes.size();) {
                const std::size_t size = std::min(bytes.size() - at, 1 + next(4));
                pieces.push_back(std::string_view(bytes).substr(at, size));
                at += size;
            }
            const Read cut = read_in(pieces, 3);
            QVERIFY2(cut == whole, bytes.c_str());
            for (const CitationMark& mark : whole.marks)
                QCOMPARE(whole.text.substr(mark.span.first, mark.span.size()),
                         "[" + std::to_string(mark.number) + "]");
        }
    }

    void little_is_held_back() {
        CitationMarks marks(2);
        std::size_t given = 0, shown = 0;
        const std::string text =
            "A long sentence [with words in brackets that never end and go on and on and on for ever ";
        for (const char c : text) {
            ++given;
            for (const MarkEvent& event : marks.push(std::string_view(&c, 1)))
                if (const auto* piece = std::get_if<std::string>(&event)) shown += piece->size();
            QVERIFY(given - shown <= 64);
        }
    }

    void a_long_answer_takes_no_long() {
        std::string text;
        for (int i = 0; i < 20000; ++i) text += "[word [1] `x` ";
        QElapsedTimer timer;
        timer.start();
        const Read read = read_in({text}, 1);
        QCOMPARE(read.marks.size(), std::size_t(20000));
        QVERIFY(timer.elapsed() < 20000);
    }
};

QTEST_APPLESS_MAIN(TestCitationMarks)
#include "test_citation_marks.moc"
