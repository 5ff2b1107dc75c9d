// What the line lexers colour, language by language, and that streaming colours each line once.
#include <QAbstractTextDocumentLayout>
#include <QQuickItem>
#include <QQuickTextDocument>
#include <QTextDocument>
#include <QtTest>

#include "app/content/code_highlighter.h"
#include "app/content/code_lexer.h"

using namespace pellucid::app;

namespace {

/// The coloured words of `code`, such as "K:def F:tilings N:1".
QString coloured(const QString& language, const QString& code) {
    const CodeLexer lexer(codeLanguage(language));
    QStringList all;
    int state = 0;
    for (const QString& line : code.split('\n')) {
        std::vector<CodeSpan> spans;
        state = lexer.line(line, state, spans);
        int end = 0;
        for (const CodeSpan& span : spans) {
            Q_ASSERT(span.start >= end && span.length > 0 && span.start + span.length <= line.size());
            end = span.start + span.length;
            all << QString(QLatin1Char("KFNSC"[static_cast<int>(span.token)])) + ':' +
                       line.mid(span.start, span.length);
        }
    }
    return all.join('|');
}

}  // namespace

class TestCodeHighlighter : public QObject {
    Q_OBJECT

private slots:
    void languages_data() {
        QTest::addColumn<QString>("code");
        QTest::addColumn<QString>("expected");
        const auto row = [](const char* name, const char* code, const char* expected) {
            QTest::newRow(name) << code << expected;
        };
        row("python", "def tilings(n: int) -> int:\n    a, b = 1, 0x1F  # T(0)\n    return range(n)",
            "K:def|F:tilings|N:1|N:0x1F|C:# T(0)|K:return|F:range");
        row("py", "s = f\"a{b}\"; \"\"\"doc\nmore\"\"\" + 'x\\'y' @wrap",
            "S:\"a{b}\"|S:\"\"\"doc|S:more\"\"\"|S:'x\\'y'|F:@wrap");
        row("c++", "#include <vector>\nconst auto x = std::max(1'000, .5e-3f); /* a\nb */ return 'c';",
            "K:#include|S:<vector>|K:const|K:auto|F:max|N:1'000|N:.5e-3f|C:/* a|C:b */|K:return|S:'c'");
        row("typescript", "let x: number = `a ${b}\nc` + obj.default.call(y)",
            "K:let|K:number|S:`a ${b}|S:c`|F:call");
        row("java", "public final int x = foo(); // hm", "K:public|K:final|K:int|F:foo|C:// hm");
        row("rust", "fn f<'a>(x: &'a str) -> char { println!(\"{}\", 'x'); '\\n' }",
            "K:fn|K:str|K:char|F:println|S:\"{}\"|S:'x'|S:'\\n'");
        row("go", "func main() { x := `raw\n` }", "K:func|F:main|S:`raw|S:`");
        row("bash", "if [ -f $HOME/a#b ]; then\n  pip install foo | grep -c \"x $y\" # note\nfi\nFOO=1 make",
            "K:if|N:$HOME|K:then|F:pip|F:grep|S:\"x $y\"|C:# note|K:fi|N:1");
        row("json", "{\"a\": [\"b\", 1.5e3, true]}", "F:\"a\"|S:\"b\"|N:1.5e3|K:true");
        row("yaml", "key: value # c\nurl: http://a.b:80\n- name: \"q\"\n  n: 3",
            "F:key|C:# c|F:url|N:80|F:name|S:\"q\"|F:n|N:3");
        row("toml", "[tool.x]\nname = \"a\" # c\nn = 3", "K:[tool.x]|F:name|S:\"a\"|C:# c|F:n|N:3");
        row("html", "<a href=\"x\"\n  id='y'>text &amp; <!-- c\nd --></a>",
            "K:a|F:href|S:\"x\"|F:id|S:'y'|N:&amp;|C:<!-- c|C:d -->|K:a");
        row("css", "a:hover { color: #fff; margin: 4px auto; }\n@media x {",
            "F:color|N:#fff|F:margin|N:4px|K:@media");
        row("sql", "Select count(*) FROM t -- all\nWHERE x = 'it''s'",
            "K:Select|F:count|K:FROM|C:-- all|K:WHERE|S:'it'|S:'s'");
        row("markdown", "# T\na `b` [c](d)\n```\nx\n```", "K:# T|S:`b`|F:[c]|S:```|S:x|S:```");
        row("diff", "--- a\n+++ b\n@@ 1 @@\n-x\n+y\n z", "C:--- a|C:+++ b|F:@@ 1 @@|K:-x|S:+y");
        row("unknown", "def x", "");
    }
    void languages() {
        QFETCH(QString, code);
        QFETCH(QString, expected);
        QCOMPARE(coloured(QTest::currentDataTag(), code), expected);
    }

    void every_language_is_found_by_all_its_names() {
        QVERIFY(codeLanguageNames().size() >= 15);
        for (const char* alias :
             {"python", "py",    "cpp", "c",   "c++", "js",   "tsx",      "java", "rs",    "golang",
              "sh",     "jsonc", "yml", "ini", "xml", "scss", "postgres", "md",   "patch", "JSON"})
            QVERIFY2(codeLanguage(QString::fromLatin1(alias)), alias);
        QVERIFY(!codeLanguage(u""));
        QVERIFY(!codeLanguage(u"klingon"));
    }

    void nonsense_never_leaves_the_line() {
        const QStringList pieces = {"\"",  "'",  "\\",   "/*", "*/", "`", "<", "<!--", "${", "#", "@",  "1e",
                                    "'''", "]]", "--[[", "x(", "[",  ":", "=", "&",    "$",  ".", "#!", "中"};
        for (const QString& name : codeLanguageNames()) {
            quint32 seed = 7;
            QString text;
            for (int i = 0; i < 3000; ++i) {
                seed = seed * 1664525 + 1013904223;
                text += pieces[static_cast<int>((seed >> 16) % static_cast<quint32>(pieces.size()))];
                if (seed >> 29 == 0) text += '\n';
            }
            coloured(name, text);  // its assertions check bounds and order
        }
    }

    void streaming_colours_each_line_about_once() {
        QTextDocument document;
        document.documentLayout();  // without one a document reports no changes
        CodeHighlighter highlighter;
        highlighter.setLanguage("python");
        highlighter.setKeywordColor(Qt::red);
        highlighter.setFunctionColor(Qt::blue);
        highlighter.setNumberColor(Qt::green);
        highlighter.setStringColor(Qt::gray);
        highlighter.setDocument(&document);
        QCoreApplication::processEvents();
        const int before = highlighter.linesColoured();
        QTextCursor cursor(&document);
        for (int i = 0; i < 500; ++i) cursor.insertText("def f(x): return 1\n");
        const int coloured = highlighter.linesColoured() - before;
        QVERIFY2(coloured >= 500 && coloured <= 1100, qPrintable(QString::number(coloured)));
        const auto formats = document.findBlockByNumber(400).layout()->formats();
        QCOMPARE(formats.size(), 4);
        QCOMPARE(formats[0].format.foreground().color(), QColor(Qt::red));
        cursor.setPosition(0);
        cursor.insertText("\"\"\"");
        QCOMPARE(document.findBlockByNumber(499).layout()->formats().size(), 1);
    }
};

QTEST_MAIN(TestCodeHighlighter)
#include "test_code_highlighter.moc"
