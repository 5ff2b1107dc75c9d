// Streamed Markdown: what each construct becomes, and that streaming in any pieces equals parsing at once.
#include <rapidcheck.h>

#include <QtTest>
#include <string>
#include <vector>

#include "app/content/incremental_markdown.h"

using namespace pellucid::app;
using Kind = MarkdownBlock::Kind;

namespace {

std::string describe(const MarkdownBlock& b) {
    static const char* kNames[] = {"P", "H", "LI", "CODE", "MATH", "TABLE", "HR"};
    std::string s = kNames[static_cast<int>(b.kind)];
    if (b.kind == Kind::Heading) s += std::to_string(b.headingLevel);
    if (b.listLevel) s += "@" + std::to_string(b.listLevel);
    if (b.quoteLevel) s += ">" + std::to_string(b.quoteLevel);
    if (b.ordered) s += "#" + std::to_string(b.number);
    if (b.task != MarkdownBlock::Task::None) s += b.task == MarkdownBlock::Task::Done ? "[x]" : "[ ]";
    if (b.continued) s += "+";
    if (!b.info.empty()) s += "(" + b.info + ")";
    if ((b.kind == Kind::Code || b.kind == Kind::Math) && !b.terminated) s += "?";
    if (!b.closed) s += "~";
    return s + ":" + b.text;
}

std::vector<std::string> describe(const std::deque<MarkdownBlock>& blocks) {
    std::vector<std::string> all;
    for (const auto& block : blocks) all.push_back(describe(block));
    return all;
}

QString joined(const std::vector<std::string>& lines) {
    QString all;
    for (const auto& line : lines) all += QString::fromStdString(line).replace('\n', "\\n") + "|";
    return all;
}

/// Pieces of real answers and of nonsense; random documents are made by joining them.
const std::vector<std::string> kPieces = {"para",
                                          "two words",
                                          "**bold**",
                                          "- item",
                                          "* item",
                                          "1. one",
                                          "2. two",
                                          "10) ten",
                                          "- [ ] open",
                                          "- [x] done",
                                          "  - nested",
                                          "   text",
                                          "    code",
                                          "\tindented",
                                          "> quote",
                                          "> > deep",
                                          "```",
                                          "```python",
                                          "~~~",
                                          "def f():",
                                          "# Title",
                                          "## H ##",
                                          "###",
                                          "---",
                                          "***",
                                          "===",
                                          "| a | b |",
                                          "|---|:-:|",
                                          "|-|-|",
                                          "| 1 | 2 |",
                                          "$$",
                                          "$$ x $$",
                                          "\\[",
                                          "\\]",
                                          "\\[ y \\]",
                                          "\\begin{align}",
                                          "\\end{align}",
                                          "costs $5 and $6",
                                          "so: \\[",
                                          "a $$ b",
                                          "",
                                          "",
                                          "",
                                          "\n",
                                          "\r\n",
                                          "中文“引号”。",
                                          "é",
                                          "-",
                                          "1.",
                                          "+",
                                          "`code`",
                                          "<b>html</b>",
                                          "text  ",
                                          "\\",
                                          ">",
                                          "#",
                                          "a|b",
                                          "-|-",
                                          "* * *",
                                          "  ",
                                          "&amp;",
                                          "[x](http://a.b)",
                                          "- - a",
                                          "> - q",
                                          "> ```",
                                          "1. ```",
                                          "long long long long long line of words. "};

rc::Gen<std::string> genDocument() {
    const auto line = rc::gen::pair(rc::gen::elementOf(kPieces),
                                    rc::gen::element<std::string>("\n", "\n", "\n", " ", "", "\r\n", "\n\n"));
    return rc::gen::map(rc::gen::container<std::vector<std::pair<std::string, std::string>>>(line),
                        [](const auto& lines) {
                            std::string text;
                            for (const auto& [piece, separator] : lines) text += piece + separator;
                            return text;
                        });
}

std::vector<std::string> streamed(const std::string& text, const std::vector<std::size_t>& sizes,
                                  bool* reportsHold = nullptr) {
    IncrementalMarkdown markdown;
    std::vector<std::string> mirror;
    std::size_t at = 0, k = 0;
    const auto apply = [&](const MarkdownChange& change) {
        if (reportsHold && (change.oldCount != mirror.size() || change.newCount != markdown.count()))
            *reportsHold = false;
        mirror.resize(std::min(mirror.size(), change.firstChanged));
        for (std::size_t i = mirror.size(); i < markdown.count(); ++i)
            mirror.push_back(describe(markdown.at(i)));
        if (reportsHold && mirror != describe(markdown.blocks())) *reportsHold = false;
    };
    while (at < text.size()) {
        const std::size_t n =
            std::min(sizes.empty() ? text.size() : sizes[k++ % sizes.size()], text.size() - at);
        apply(markdown.append(QByteArrayView(text.data() + at, static_cast<qsizetype>(n))));
        at += n;
    }
    apply(markdown.finish());
    return mirror;
}

}  // namespace

class TestIncrementalMarkdown : public QObject {
    Q_OBJECT

private slots:
    void constructs_data() {
        QTest::addColumn<QString>("source");
        QTest::addColumn<QString>("expected");
        const auto row = [](const char* name, const char* source, const char* expected) {
            QTest::newRow(name) << source << expected;
        };
        row("paragraphs", "one\ntwo\n\nthree", "P:one\\ntwo|P:three|");
        row("headings", "# A\n### B ##\nTitle\n===\nx\n---", "H1:A|H3:B|H1:Title|H2:x|");
        row("not a heading", "#hash\n####### seven", "P:#hash\\n####### seven|");
        row("bullets", "- a\n- b\n  - c\n\n  d\n* e", "LI@1:a|LI@1:b|LI@2:c|P@1:d|LI@1:e|");
        row("numbers", "3. a\n4. b\n\n1) x\n1) y\n1) z", "LI@1#3:a|LI@1#4:b|LI@1#1:x|LI@1#2:y|LI@1#3:z|");
        row("number keeps the author's", "1. a\n3. b", "LI@1#1:a|LI@1#3:b|");
        row("numbers after code", "1. a\n```\nx\n```\n2. b", "LI@1#1:a|CODE:x|LI@1#2:b|");
        row("year is no list", "it was\n1986. A great year", "P:it was\\n1986. A great year|");
        row("tasks", "- [ ] a\n- [x] b\n- [y] c", "LI@1[ ]:a|LI@1[x]:b|LI@1:[y] c|");
        row("item text on the next line", "-\n  foo\n- \n\n  bar", "LI@1:foo|LI@1:|P:bar|");
        row("lazy", "- a\nb\n> c\nd", "LI@1:a\\nb|P>1:c\\nd|");
        row("quote", "> a\n> > b\n>\n> c\n\nd", "P>1:a|P>2:b|P>1:c|P:d|");
        row("code", "```Python title=x\nif a:\n\n    b\n```\nafter",
            "CODE(python):if a:\\n\\n    b|P:after|");
        row("code with tabs", "```make\nall:\n\tcc\n```", "CODE(make):all:\\n\tcc|");
        row("unclosed code", "~~~c++\nint x;\n```\n", "CODE(c++)?:int x;\\n```|");
        row("code in an item", "1. Do\n   ```sh\n   ls\n     -l\n   ```\n   then\n2. b",
            "LI@1#1:Do|CODE@1(sh):ls\\n  -l|P@1:then|LI@1#2:b|");
        row("backticks in line are no fence", "```a``` b", "P:```a``` b|");
        row("indented code", "    a\n\n    b\nc", "CODE?:a\\n\\nb|P:c|");
        row("rule", "a\n\n---\n* * *\nb", "P:a|HR:|HR:|P:b|");
        row("display math", "$$\nx = 1\n$$\n\\[ y \\]\n\\[\nz\n\\].", "MATH:x = 1|MATH:y|MATH:z.|");
        row("math ends a paragraph", "so\n$$ x $$\nand \\[\ny\n\\]\nend", "P:so|MATH:x|P:and|MATH:y|P:end|");
        row("math with text after", "$$x$$ and more", "P:$$x$$ and more|");
        row("environment", "\\begin{align*}\na &= b\\\\\n\\end{align*}",
            "MATH:\\begin{align*}\\na &= b\\\\\\n\\end{align*}|");
        row("unclosed math", "$$\nx", "MATH?:x|");
        row("table", "text\n| a | b |\n|-|:-:|\n| 1 | 2 |\n3|4\nafter",
            "P:text|TABLE:| a | b |\\n|-|:-:|\\n| 1 | 2 |\\n3|4|P:after|");
        row("no table", "| a | b |\n|---|", "P:| a | b |\\n|---||");
        row("html is text", "<div>\n<b>x</b>\n</div>", "P:<div>\\n<b>x</b>\\n</div>|");
        row("line ends", "a\r\nb\rc\r\n\r\nd", "P:a\\nb\\nc|P:d|");
        row("chinese", "第一段“引号”。\n\n- **重点**：说明", "P:第一段“引号”。|LI@1:**重点**：说明|");
    }
    void constructs() {
        QFETCH(QString, source);
        QFETCH(QString, expected);
        QCOMPARE(joined(describe(IncrementalMarkdown::parse(source.toUtf8()))), expected);
    }

    void any_split_equals_parsing_at_once() {
        const bool ok = rc::check("streaming equals parsing", [] {
            const std::string text = *genDocument();
            const auto sizes = *rc::gen::nonEmpty(
                rc::gen::container<std::vector<std::size_t>>(rc::gen::inRange<std::size_t>(1, 9)));
            bool reportsHold = true;
            RC_ASSERT(streamed(text, sizes, &reportsHold) ==
                      describe(IncrementalMarkdown::parse(
                          QByteArrayView(text.data(), static_cast<qsizetype>(text.size())))));
            RC_ASSERT(reportsHold);
        });
        QVERIFY(ok);
    }

    void long_texts_split_the_same_way_however_they_come() {
        const std::vector<std::string> texts = {std::string(100000, 'x'),
                                                [] {
                                                    std::string s;
                                                    for (int i = 0; i < 4000; ++i)
                                                        s += "A sentence of words that goes on. ";
                                                    return s;
                                                }(),
                                                [] {
                                                    std::string s;
                                                    for (int i = 0; i < 3000; ++i)
                                                        s += "这是一个很长的段落，没有换行。";
                                                    return s;
                                                }(),
                                                [] {
                                                    std::string s;
                                                    for (int i = 0; i < 900; ++i)
                                                        s +=
                                                            "line " + std::to_string(i) + " of a paragraph\n";
                                                    return s;
                                                }(),
                                                "$$\n" + std::string(9000, 'y') + "\n$$\nafter",
                                                "```\n" + std::string(50000, 'c') + "\nend\n```",
                                                "# " + std::string(5000, 'h'),
                                                "| a | b |\n|-|-|\n| " + std::string(5000, 'r') + " | 2 |\n",
                                                std::string(5000, ' ') + "x\ny",
                                                std::string(5000, '>') + " deep"};
        for (const auto& text : texts) {
            const auto whole = describe(
                IncrementalMarkdown::parse(QByteArrayView(text.data(), static_cast<qsizetype>(text.size()))));
            bool reportsHold = true;
            QCOMPARE(joined(streamed(text, {977, 13, 4096, 1}, &reportsHold)), joined(whole));
            QVERIFY(reportsHold);
        }
        for (const auto& block : IncrementalMarkdown::parse(
                 QByteArrayView(texts[1].data(), static_cast<qsizetype>(texts[1].size()))))
            QVERIFY(block.text.size() <= 2900);
    }

    void nothing_before_the_last_block_changes() {
        IncrementalMarkdown markdown;
        std::string text;
        for (int i = 0; i < 200; ++i)
            text += "Paragraph " + std::to_string(i) +
                    " with *some* text.\n\n- item\n- other\n\n```c\nint x;\n```\n\n";
        std::size_t at = 0;
        while (at < text.size()) {
            const auto change = markdown.append(QByteArrayView(
                text.data() + at, static_cast<qsizetype>(std::min<std::size_t>(5, text.size() - at))));
            at += 5;
            QVERIFY(change.firstChanged + 2 >= change.oldCount);
        }
    }

    // Work that grew with the square of the length would take hours here and meet the test's time limit.
    void a_long_stream_costs_linear_time() {
        IncrementalMarkdown markdown;
        for (int i = 0; i < 500'000; ++i) markdown.append(QByteArrayView(" word"));
        markdown.finish();
        QVERIFY(markdown.blocks().size() > 1);  // a paragraph of that length is cut
    }

    void unfinished_lines_that_say_nothing_yet_are_held_back() {
        for (const char* held :
             {"1", "1.", "-", "- [", "- [x", "**", "```py", "| --", "#", ">", "$$", "\\[", "\\begin{al"}) {
            IncrementalMarkdown markdown;
            markdown.append(QByteArrayView("before\n\n"));
            const auto change = markdown.append(QByteArrayView(held));
            QVERIFY2(markdown.count() == 1, held);
            QCOMPARE(change.newCount, 1u);
        }
        IncrementalMarkdown table;
        table.append(QByteArrayView("| a | b"));
        QCOMPARE(table.at(0).kind, Kind::Table);
        table.append(QByteArrayView(" |\nno\n"));
        QCOMPARE(table.at(0).kind, Kind::Paragraph);
    }
};

QTEST_APPLESS_MAIN(TestIncrementalMarkdown)
#include "test_incremental_markdown.moc"
