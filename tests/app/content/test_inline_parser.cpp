// Inline Markdown as runs: styles, links, formulas beside money, Chinese emphasis, streaming ends.
#include <rapidcheck.h>

#include <QtTest>

#include "app/content/inline_parser.h"

using namespace pellucid::app;

namespace {

/// "plain[b:bold][c:code][$:tex]" and so on.
QString shown(const QString& source, InlineMode mode = InlineMode::Complete) {
    QString all;
    for (const InlineRun& run : parseInline(source, mode)) {
        QString style;
        if (run.kind == InlineRun::Kind::Code) style += 'c';
        if (run.kind == InlineRun::Kind::Math) style += run.display ? "$$" : "$";
        if (run.bold) style += 'b';
        if (run.italic) style += 'i';
        if (run.strike) style += 's';
        if (!run.link.isEmpty()) style += '<' + run.link + '>';
        if (run.kind == InlineRun::Kind::Break)
            all += "|";
        else
            all += style.isEmpty() ? run.text : '[' + style + ':' + run.text + ']';
    }
    return all;
}

}  // namespace

class TestInlineParser : public QObject {
    Q_OBJECT

private slots:
    void inlines_data() {
        QTest::addColumn<QString>("source");
        QTest::addColumn<QString>("expected");
        const auto row = [](const char* source, const char* expected) {
            QTest::newRow(source) << QString::fromUtf8(source) << QString::fromUtf8(expected);
        };
        row("plain", "plain");
        row("a **b** *c* ***d*** ~~e~~ ~f~", "a [b:b] [i:c] [bi:d] [s:e] ~f~");
        row("`a*b*` and `` c`d ``", "[c:a*b*] and [c:c`d]");
        row("one\ntwo  \nthree\\\nfour<br>five<BR />six", "one|two|three|four|five|six");
        row("**bold\nover lines**", "[b:bold]|[b:over lines]");
        row("[x](https://a.b/c_d_e) [y](javascript:alert(1)) [m](mailto:a@b.c) ![i](http://c.d/e.png)",
            "[<https://a.b/c_d_e>:x] y [<mailto:a@b.c>:m] [<http://c.d/e.png>:i]");
        row("see https://a.b/c_(d), and (http://e.f). 见https://g.h，后",
            "see [<https://a.b/c_(d)>:https://a.b/c_(d)], and ([<http://e.f>:http://e.f]). "
            "见[<https://g.h>:https://g.h]，后");
        row("**https://a.b/c**", "[b<https://a.b/c>:https://a.b/c]");
        row("a <b>html</b> & &amp; &lt; <!-- c -->", "a <b>html</b> & & < <!-- c -->");
        row("# 1. > - not blocks #", "# 1. > - not blocks #");
        row("1. not a list", "1. not a list");
        row("snake_case_name 2*3*4 a * b", "snake_case_name 2[i:3]4 a * b");
        // formulas
        row("$x^2$ and \\(a_b\\) and $$y$$ and \\[z\\]", "[$:x^2] and [$:a_b] and [$$:y] and [$$:z]");
        row("$5 and $6", "$5 and $6");
        row("costs $5, maybe 10$ more", "costs $5, maybe 10$ more");
        row("US$5 and US$6, 5$ and 6$", "US$5 and US$6, 5$ and 6$");
        row("价格$5到$6元", "价格$5到$6元");
        row("$5x + 3$ is", "[$:5x + 3] is");
        row("$\\$5$ `$x$` \\$y\\$", "[$:\\$5] [c:$x$] $y$");
        row("$a_1$ *and* $b_2$ **$c$**", "[$:a_1] [i:and] [$:b_2] [$b:c]");
        row("$ x $ and $y", "$ x $ and $y");
        row("$a\n+ b$ end", "[$:a + b] end");
        row("\\(x", "\\(x");
        row("http://a.b/$x$y", "[<http://a.b/$x$y>:http://a.b/$x$y]");
        // Chinese
        row("**“引号”**后", "[b:“引号”]后");
        row("前**“引号”**后", "前[b:“引号”]后");
        row("他说：**重点**。再**注意：**请", "他说：[b:重点]。再[b:注意：]请");
        row("这是**粗体**文字，*斜体*，`代码`。", "这是[b:粗体]文字，[i:斜体]，[c:代码]。");
        row("**《书名》**和**（括号）**都", "[b:《书名》]和[b:（括号）]都");
        row("emoji 😀**粗**😀", "emoji 😀[b:粗]😀");
        row("", "");
        row("***", "***");
        row("\xEF\xB7\x90\xEF\xB7\x91\xE1\x9A\x80x", "\xEF\xBF\xBD\xEF\xBF\xBD x");
    }
    void inlines() {
        QFETCH(QString, source);
        QFETCH(QString, expected);
        QCOMPARE(shown(source), expected);
    }

    void streaming_data() {
        QTest::addColumn<QString>("source");
        QTest::addColumn<QString>("expected");
        const auto row = [](const char* source, const char* expected) {
            QTest::newRow(source) << QString::fromUtf8(source) << QString::fromUtf8(expected);
        };
        row("a **bo", "a [b:bo]");
        row("a **bold ", "a [b:bold]");
        row("a **", "a");
        row("a **bold*", "a [b:bold]");
        row("a `co", "a [c:co]");
        row("a `", "a");
        row("a ``co`", "a [c:co]");
        row("see [text](http://a.b/c", "see text");
        row("see [**te", "see [[b:te]");
        row("a ~~gone", "a [s:gone]");
        row("x **粗体：", "x [b:粗体：]");
        row("done **b** and $x", "done [b:b] and $x");
        row("trailing \\", "trailing");
    }
    void streaming() {
        QFETCH(QString, source);
        QFETCH(QString, expected);
        QCOMPARE(shown(source, InlineMode::Streaming), expected);
    }

    void nonsense_keeps_its_words() {
        // Whatever the markers do, every word of the source is still there, and both modes come back.
        const bool ok = rc::check("words survive", [] {
            const auto pieces = *rc::gen::container<std::vector<QString>>(rc::gen::element<QString>(
                "*", "**", "_", "`", "``", "$", "$$", "\\", "\\(", "\\)", "[", "](", ")", "~~", "<", ">",
                "\n", " ", "word", "字", "“", "”", "。", "!", "#", "&", "5"));
            QString source;
            for (const QString& piece : pieces) source += piece;
            const QString text = plainText(parseInline(source));
            RC_ASSERT(text.count(QStringLiteral("字")) <= source.count(QStringLiteral("字")));
            for (const QChar c : text)
                RC_ASSERT(!(c.unicode() >= 0xFDD0 && c.unicode() <= 0xFDEF) && c.unicode() != 0x1680);
            if (!source.contains(QStringLiteral("](")) && !source.contains(u'<'))
                RC_ASSERT(text.count(QStringLiteral("word")) == source.count(QStringLiteral("word")));
            parseInline(source, InlineMode::Streaming);
        });
        QVERIFY(ok);
    }

    // Work that grew with the square of the length would take hours here and meet the test's time limit.
    void hostile_lengths_stay_linear() {
        for (const QString& piece :
             {QStringLiteral("*a "), QStringLiteral("["), QStringLiteral("$a "), QStringLiteral("`"),
              QStringLiteral("**“"), QStringLiteral("\\("), QStringLiteral("$$ "), QStringLiteral("<a ")}) {
            const QString source = piece.repeated(600'000 / static_cast<int>(piece.size()));
            QVERIFY(plainText(parseInline(source)).size() >= source.size() / 3);
        }
    }
};

QTEST_APPLESS_MAIN(TestInlineParser)
#include "test_inline_parser.moc"
