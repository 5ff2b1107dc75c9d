#include "app/content/clipboard.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QMimeData>

#include "app/content/incremental_markdown.h"
#include "app/content/inline_parser.h"
#include "app/content/markdown_table.h"

namespace pellucid::app {
namespace {

using Kind = MarkdownBlock::Kind;

QString inlineHtml(const QString& source) {
    QString html;
    for (const InlineRun& run : parseInline(source)) {
        if (run.kind == InlineRun::Kind::Break) {
            html += QStringLiteral("<br>");
            continue;
        }
        QString piece = run.text.toHtmlEscaped();
        if (run.kind == InlineRun::Kind::Math)
            piece = run.display ? QStringLiteral("$$") + piece + QStringLiteral("$$") : u'$' + piece + u'$';
        if (run.kind == InlineRun::Kind::Code) piece = QStringLiteral("<code>%1</code>").arg(piece);
        if (run.strike) piece = QStringLiteral("<s>%1</s>").arg(piece);
        if (run.italic) piece = QStringLiteral("<em>%1</em>").arg(piece);
        if (run.bold) piece = QStringLiteral("<strong>%1</strong>").arg(piece);
        if (!run.link.isEmpty())
            piece = QStringLiteral("<a href=\"%1\">%2</a>").arg(run.link.toHtmlEscaped(), piece);
        html += piece;
    }
    return html;
}

QString tableHtml(const QString& source) {
    const MarkdownTable table = parseTable(source);
    QString html = QStringLiteral("<table>");
    for (qsizetype row = 0; row < table.rows.size(); ++row) {
        html += QStringLiteral("<tr>");
        for (const QString& cell : table.rows[row])
            html += (row == 0 ? QStringLiteral("<th>%1</th>") : QStringLiteral("<td>%1</td>"))
                        .arg(inlineHtml(cell));
        html += QStringLiteral("</tr>");
    }
    return html + QStringLiteral("</table>");
}

}  // namespace

QString Clipboard::htmlOf(const QString& source) {
    QString html;
    QStringList lists;  // closing tags of the lists that are open
    for (const MarkdownBlock& block : IncrementalMarkdown::parse(source.toUtf8())) {
        const QString text = QString::fromStdString(block.text);
        const bool item = block.kind == Kind::ListItem;
        while (lists.size() > block.listLevel) html += lists.takeLast();
        if (item) {
            const QString close = block.ordered ? QStringLiteral("</ol>") : QStringLiteral("</ul>");
            if (lists.size() == block.listLevel && lists.last() != close) html += lists.takeLast();
            while (lists.size() < block.listLevel) {
                html += block.ordered ? QStringLiteral("<ol start=\"%1\">").arg(block.number)
                                      : QStringLiteral("<ul>");
                lists << close;
            }
        }
        QString piece;
        switch (block.kind) {
            case Kind::Paragraph:
                piece = QStringLiteral("<p>%1</p>").arg(inlineHtml(text));
                break;
            case Kind::Heading:
                piece = QStringLiteral("<h%1>%2</h%1>").arg(block.headingLevel).arg(inlineHtml(text));
                break;
            case Kind::ListItem:
                piece = QStringLiteral("<li>%1</li>").arg(inlineHtml(text));
                break;
            case Kind::Code:
                piece = QStringLiteral("<pre><code>%1</code></pre>").arg(text.toHtmlEscaped());
                break;
            case Kind::Math:
                piece = QStringLiteral("<p>$$%1$$</p>").arg(text.toHtmlEscaped());
                break;
            case Kind::Table:
                piece = tableHtml(text);
                break;
            case Kind::Rule:
                piece = QStringLiteral("<hr>");
                break;
        }
        for (int i = 0; i < block.quoteLevel; ++i)
            piece = QStringLiteral("<blockquote>%1</blockquote>").arg(piece);
        html += piece;
    }
    while (!lists.isEmpty()) html += lists.takeLast();
    return html;
}

void Clipboard::copyText(const QString& text) {
    QGuiApplication::clipboard()->setText(text);
}

void Clipboard::copyMarkdown(const QString& source) {
    auto* data = new QMimeData;
    data->setText(source);
    data->setData(QStringLiteral("text/markdown"), source.toUtf8());
    data->setHtml(htmlOf(source));
    QGuiApplication::clipboard()->setMimeData(data);
}

}  // namespace pellucid::app
