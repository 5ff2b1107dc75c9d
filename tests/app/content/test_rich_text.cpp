// Rich text in a TextEdit: formats, incremental growth, formulas over their places, chips, copying.
#include <QAbstractItemModelTester>
#include <QAbstractTextDocumentLayout>
#include <QClipboard>
#include <QMimeData>
#include <QQmlComponent>
#include <QQmlEngine>
#include <QQuickItem>
#include <QQuickView>
#include <QSignalSpy>
#include <QTextBlock>
#include <QTextDocument>
#include <QtTest>

#include "app/content/clipboard.h"
#include "app/content/content_services.h"
#include "app/content/fonts.h"
#include "app/content/markdown_table.h"
#include "app/content/math_item.h"
#include "app/content/math_typesetter.h"
#include "app/content/rich_text_fill.h"
#include "app/content/table_model.h"

using namespace pellucid::app;

class TestRichText : public QObject {
    Q_OBJECT

private:
    ContentServices services_;
    QQuickView view_;
    QQuickItem* edit_ = nullptr;
    RichTextFill* fill_ = nullptr;

    QTextDocument* document() const { return fill_->document()->textDocument(); }
    QString text() const { return fill_->textBetween(0, document()->characterCount()); }
    QList<MathItem*> formulas() const {
        QList<MathItem*> shown;
        for (QQuickItem* child : edit_->findChildren<QQuickItem*>()) {
            if (auto* item = qobject_cast<MathItem*>(child); item && item->isVisible()) shown << item;
        }
        return shown;
    }

private slots:
    void initTestCase() {
        registerFonts();
        services_.install(*view_.engine());
        QQmlComponent component(view_.engine());
        component.setData(
            "import QtQuick\nimport Pellucid.Content\nRichTextBlock { width: 400; font.family: 'Inter'; "
            "font.pixelSize: 15; color: '#14191d'; linkColor: '#075a78' }",
            QUrl());
        edit_ = qobject_cast<QQuickItem*>(component.create());
        QVERIFY2(edit_, qPrintable(component.errorString()));
        edit_->setParentItem(view_.contentItem());
        fill_ = edit_->findChild<RichTextFill*>();
        QVERIFY(fill_);
        view_.resize(500, 400);
        view_.show();
        QVERIFY(QTest::qWaitForWindowExposed(&view_));
    }

    void init() {
        edit_->setProperty("streaming", false);
        edit_->setProperty("source", "");
    }

    void runs_become_formats() {
        edit_->setProperty("source", "plain **bold** *slanted* `code` [link](https://a.b) ~~gone~~");
        QCOMPARE(text(), "plain bold slanted code link gone");
        QMap<QString, QTextCharFormat> formats;
        for (auto it = document()->begin().begin(); !it.atEnd(); ++it)
            formats[it.fragment().text()] = it.fragment().charFormat();
        QCOMPARE(formats["bold"].fontWeight(), int(QFont::DemiBold));
        QVERIFY(formats["slanted"].fontItalic());
        QCOMPARE(formats["code"].fontFamilies().toStringList(), QStringList("Pellucid Mono"));
        QCOMPARE(formats["link"].anchorHref(), "https://a.b");
        QCOMPARE(formats["link"].foreground().color(), QColor("#075a78"));
        QVERIFY(formats["gone"].fontStrikeOut());
        QVERIFY(edit_->implicitHeight() >= 24);
    }

    void growing_only_touches_the_end() {
        edit_->setProperty("streaming", true);
        QString source;
        const qint64 before = fill_->inserted();
        for (int i = 0; i < 400; ++i) {
            source += QStringLiteral("word%1 ").arg(i);
            edit_->setProperty("source", source);
        }
        const qint64 inserted = fill_->inserted() - before;
        QVERIFY2(inserted < 2 * source.size(), qPrintable(QString::number(inserted)));
        QCOMPARE(text(), source.trimmed());
        // A run that changes its style from its beginning is replaced, what stands before it is not.
        edit_->setProperty("source", source + "**strong");
        edit_->setProperty("source", source + "**strong** end");
        QCOMPARE(text(), source + "strong end");
        QVERIFY(fill_->inserted() - before - inserted < 40);
    }

    void any_way_of_growing_gives_the_same_text() {
        const QString whole =
            "A **bold `code** x` $a+b$ 中文**强调**后 [l](https://a.b) and *it*\nnext ~~s~~ `c` end";
        for (int step = 1; step < 7; ++step) {
            edit_->setProperty("source", "");
            edit_->setProperty("streaming", true);
            for (qsizetype n = step; n < whole.size(); n += step) edit_->setProperty("source", whole.left(n));
            edit_->setProperty("source", whole);
            edit_->setProperty("streaming", false);
            const QString html = document()->toHtml();
            edit_->setProperty("source", "");
            edit_->setProperty("source", whole);
            QCOMPARE(html, document()->toHtml());
        }
    }

    void formulas_stand_on_their_places() {
        edit_->setProperty("source", "where $x^2$ is and $\\alpha$ too");
        QTRY_COMPARE(formulas().size(), 2);
        QTRY_VERIFY(formulas()[0]->ready() && formulas()[1]->ready() && formulas()[0]->x() > 10 &&
                    formulas()[0]->x() < formulas()[1]->x());
        const auto items = formulas();
        for (const MathItem* item : items) {
            QVERIFY(item->y() + item->ascent() > 10 && item->y() + item->ascent() < 24);
            QVERIFY(item->width() > 4);
        }
        QCOMPARE(text(), "where $x^2$ is and $\\alpha$ too");
        // Wrapping moves them along.
        const qreal y = items[1]->y();
        edit_->setWidth(90);
        QTRY_VERIFY(formulas()[1]->y() > y + 20);
        edit_->setWidth(400);
        QTRY_COMPARE(formulas()[1]->y(), y);
    }

    void tex_that_cannot_be_set_stays_source() {
        edit_->setProperty("source", "a $\\nope$ b");
        QTest::qWait(200);
        QTRY_COMPARE(formulas().size(), 0);
        QVERIFY(document()->toPlainText().contains("\\nope"));
    }

    void a_tall_formula_makes_room() {
        edit_->setProperty("source", "one");
        const qreal line = edit_->implicitHeight();
        edit_->setProperty("source", "one $$\\int_0^1 \\frac{a}{b}$$");
        QTRY_VERIFY(edit_->implicitHeight() > line + 10);
        edit_->setProperty("source", "one");
        QTRY_COMPARE(edit_->implicitHeight(), line);
    }

    void copying_gives_what_a_person_means() {
        edit_->setProperty("source", "see `f(x)` and $y$<br>next");
        QTRY_COMPARE(formulas().size(), 1);
        edit_->property("edit").value<QQuickItem*>()->forceActiveFocus();
        QMetaObject::invokeMethod(edit_, "selectAll");
        QTest::keyClick(&view_, Qt::Key_C, Qt::ControlModifier);
        QCOMPARE(QGuiApplication::clipboard()->text(), "see f(x) and $y$\nnext");
    }

    void a_change_of_look_keeps_the_text() {
        edit_->setProperty("source", "some **text** and `code`");
        edit_->setProperty("color", QColor(Qt::red));
        QTRY_COMPARE(document()->begin().begin().fragment().charFormat().foreground().color(),
                     QColor(Qt::red));
        QCOMPARE(text(), "some text and code");
    }

    void tables() {
        const MarkdownTable table = parseTable(
            "| Width n | 4 | `a|b` | c \\| d |\n|---|--:|:-:|---|\n| T | 5 | x | 1,597.5 |\n| short |");
        QCOMPARE(table.rows.size(), 3);
        QCOMPARE(table.rows[0], QStringList({"Width n", "4", "`a|b`", "c | d"}));
        QCOMPARE(table.rows[2], QStringList({"short", "", "", ""}));
        using A = ColumnAlignment;
        QCOMPARE(table.alignments, QList<A>({A::Left, A::Right, A::Center, A::Right}));
        QCOMPARE(parseTable("| growing | he").rows.size(), 1);
        QCOMPARE(parseTable("a|b\n-|-\n1|2").alignments, QList<A>({A::Right, A::Right}));
    }

    void markdown_is_copied_as_text_and_html() {
        Clipboard clipboard;
        const QString source =
            "# T\n\n1. **a**\n   - b\n2. `c<d>`\n\n> q\n\n```py\nx < 1\n```\n\n| h |\n|---|\n| $x$ "
            "|\n\n<script>alert(1)</script> [l](javascript:x)";
        clipboard.copyMarkdown(source);
        const QMimeData* data = QGuiApplication::clipboard()->mimeData();
        QCOMPARE(data->text(), source);
        QCOMPARE(
            data->html(),
            "<h1>T</h1><ol "
            "start=\"1\"><li><strong>a</strong></li><ul><li>b</li></ul><li><code>c&lt;d&gt;</code></li></ol>"
            "<blockquote><p>q</p></blockquote><pre><code>x &lt; "
            "1</code></pre><table><tr><th>h</th></tr><tr><td>$x$</td></tr></table>"
            "<p>&lt;script&gt;alert(1)&lt;/script&gt; l</p>");
        clipboard.copyText("\\frac{a}{b}");
        QCOMPARE(QGuiApplication::clipboard()->text(), "\\frac{a}{b}");
    }

    void a_table_grows_cell_by_cell() {
        TableModel model;
        QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        QSignalSpy reset(&model, &QAbstractItemModel::modelReset);
        QSignalSpy changed(&model, &QAbstractItemModel::dataChanged);
        const QString whole = "| a | b |\n|---|---|\n| 1 | **x** |\n| 2 | y |\n| 3 | z |";
        for (qsizetype n = 12; n <= whole.size(); ++n) model.setSource(whole.left(n));
        QCOMPARE(model.rowCount(), 8);
        QCOMPARE(model.data(model.index(3), TableModel::CellRole).toString(), "**x**");
        QVERIFY(!model.data(model.index(3), TableModel::PlainRole).toBool());
        QVERIFY(model.data(model.index(2), TableModel::PlainRole).toBool());
        QCOMPARE(model.data(model.index(2), TableModel::SideRole).toString(), "right");
        QVERIFY(reset.size() <= 1);
        QVERIFY2(changed.size() < 60, qPrintable(QString::number(changed.size())));
        const int before = static_cast<int>(changed.size());
        model.setSource(whole + "\n");
        QVERIFY(changed.size() <= before + 1);
        model.setSource("");
        QCOMPARE(model.rowCount(), 0);
    }
};

QTEST_MAIN(TestRichText)
#include "test_rich_text.moc"
