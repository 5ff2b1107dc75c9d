// Blocks that are done are ranges of the message: they read the same as before, and cost little.
#include <malloc.h>

#include <QtTest>

#include "app/chat/chat_row_model.h"
#include "app/chat/chat_tree.h"
#include "app/chat/markdown_parser.h"
#include "app/chat/settled_blocks.h"
#include "app/content/incremental_markdown.h"

using namespace pellucid::app;

namespace {

const char kMixed[] =
    "# Title\n\nA paragraph of\ntwo lines with **marks**.  \nThird line.\n\n- one\n- two\n  goes on\n\n  its "
    "second "
    "paragraph\n  1. inner\n- [x] done\n\n> quoted\n> lines\n> > twice\n\n```cpp\nint a;\n\nint b;\n```\n\n- "
    "item\n  ```py\n "
    " x = 1\n  y = 2\n  ```\n\nText before | a | b |\n| c | d |\n|---|--:|\n| 1 | 2 |\n\n| h | i "
    "|\n|---|---|\n| 1 | 2 |\n"
    "\n$$\\frac{a}{b}$$\n\nThe formula is: \\[\nx = 1\n\\]\nand so on.\n\n    indented\n\n    "
    "code\n\nSetext\n======\n\n---\n"
    "同样的 文字。\r\nWindows\r\nlines\r\n\r\n```\n```\n\n~~~~rust\nfn main() {}\n";

/// A block without what only the parser knows.
MarkdownBlock bare(MarkdownBlock block, std::size_t row) {
    block.id = static_cast<std::int64_t>(row);
    block.source = 0;
    return block;
}

/// Prose, a list, code and a table in turn, never twice the same.
QString part(int i) {
    const QString n = QString::number(i * 7919 % 10007);
    switch (i % 4) {
        case 0:
            return QString(
                       "Paragraph %1 says what follows from the value of `x_%1` and why **it** matters "
                       "here.\n\n")
                .arg(n);
        case 1:
            return QString("- the first of %1 things, a little longer\n- the second\n\n").arg(n);
        case 2:
            return QString("```python\nfor i in range(%1):\n    total += i\nprint(total)\n```\n\n").arg(n);
        default:
            return QString("| name | %1 |\n|---|---:|\n| first | 1 |\n| second | 22 |\n\n").arg(n);
    }
}

}  // namespace

class TestSettledBlocks : public QObject {
    Q_OBJECT

private slots:
    void they_read_as_the_parser_made_them_data() {
        QTest::addColumn<QByteArray>("source");
        QTest::newRow("mixed") << QByteArray(kMixed);
        QTest::newRow("one long line") << QByteArray("A sentence of some words. ").repeated(400);
        QTest::newRow("the same line again") << QByteArray("same\n\n").repeated(50);
        QTest::newRow("many empty lines")
            << "a" + QByteArray("\n").repeated(9000) + "b\n\nc" + QByteArray("\n").repeated(9000) + "d\n";
        QTest::newRow("quotes") << QByteArray("> one\n> two\n\nplain\n\n").repeated(200);
        QTest::newRow("not UTF-8") << QByteArray("a\xff\xfe b\n\n\xc3\n\nend\n");
    }
    void they_read_as_the_parser_made_them() {
        QFETCH(QByteArray, source);
        const auto expected = IncrementalMarkdown::parse(source);
        for (const int piece : {1, 5, 64, 1 << 20}) {
            GrowingText text;
            IncrementalMarkdown markdown;
            SettledBlocks settled;
            const auto settle = [&] {
                while (settled.size() < markdown.settled()) settled.add(markdown.at(settled.size()), text);
                markdown.forget(settled.size());
            };
            for (qsizetype at = 0; at < source.size(); at += piece) {
                const QByteArray added = source.mid(at, piece);
                text.append({added.constData(), static_cast<std::size_t>(added.size())});
                markdown.append(added);
                settle();
                QVERIFY(markdown.blocks().size() <= 3 || piece > 64);
            }
            markdown.finish();
            settle();
            QCOMPARE(settled.size(), expected.size());
            QCOMPARE(markdown.count(), expected.size());
            QCOMPARE(markdown.blocks().size(), std::size_t{0});
            for (std::size_t i = 0; i < expected.size(); ++i)
                QVERIFY2(settled.at(i, text) == bare(expected[i], i), expected[i].text.c_str());
        }
    }

    void nearly_all_are_ranges() {
        GrowingText text;
        for (int i = 0; i < 400; ++i) text += part(i);
        SettledBlocks settled;
        for (const MarkdownBlock& block :
             IncrementalMarkdown::parse(QByteArray::fromStdString(text.toStdString())))
            settled.add(block, text);
        QVERIFY(settled.size() > 400);
        QVERIFY2(settled.bytes() < settled.size() * 26,
                 QByteArray::number(qulonglong(settled.bytes() / settled.size())));
    }

    // What a person's long answer costs beside its own bytes. The heap is counted, not the clock and not
    // pages: with nothing else running it grows by the same bytes every time.
    void a_long_answer_costs_less_than_twice_its_bytes() {
        ChatTree tree;
        Message question;
        question.id = "q";
        tree.append(question);
        Message reply;
        reply.id = "a";
        reply.parentId = "q";
        reply.role = MessageRole::Assistant;
        reply.state = MessageState::Streaming;
        tree.append(reply);
        ChatRowModel rows(makeMarkdownParser);
        rows.showPath(tree);
        Message& message = *tree.find("a");
        const auto stream = [&](int from, int to) {
            for (int i = from; i < to; ++i) {
                const QString text = part(i);
                for (qsizetype at = 0; at < text.size(); at += 5) {
                    message.text += text.mid(at, 5);
                    rows.growAnswer("a", message.text);
                }
            }
        };
        stream(0, 300);
        const auto before = mallinfo2();
        if (before.uordblks == 0) QSKIP("this allocator does not count");
        const std::size_t bytes = message.text.size();
        stream(300, 1200);
        const auto after = mallinfo2();
        const double grown = static_cast<double>(after.uordblks + after.hblkhd) -
                             static_cast<double>(before.uordblks + before.hblkhd);
        const double times = grown / static_cast<double>(message.text.size() - bytes);
        QVERIFY2(times > 1 && times < 1.75, QByteArray::number(times));
    }
};

QTEST_GUILESS_MAIN(TestSettledBlocks)
#include "test_settled_blocks.moc"
