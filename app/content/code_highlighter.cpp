#include "app/content/code_highlighter.h"

#include <QFontMetricsF>
#include <QTextCursor>
#include <QTextDocument>
#include <cmath>

namespace pellucid::app {
namespace {
constexpr qsizetype kLongestLine = 4000;
}

CodeHighlighter::CodeHighlighter(QObject* parent) : QSyntaxHighlighter(parent) {}

void CodeHighlighter::setQuickDocument(QQuickTextDocument* document) {
    if (quickDocument_ == document) return;
    if (QTextDocument* old = this->document()) disconnect(old, nullptr, this, nullptr);
    quickDocument_ = document;
    setDocument(document ? document->textDocument() : nullptr);
    if (QTextDocument* text = this->document()) {
        connect(text, &QTextDocument::contentsChange, this, [this](int position, int, int added) {
            applyLineHeight(position, added);
            measure(position, added);
        });
        measure(0, text->characterCount());
        applyLineHeight(0, text->characterCount());
    }
    emit documentChanged();
}

void CodeHighlighter::setLanguage(const QString& language) {
    if (language_ == language) return;
    language_ = language;
    const CodeLanguage* found = codeLanguage(language);
    if (found != lexer_.language()) {
        lexer_ = CodeLexer(found);
        scheduleRehighlight();
    }
    emit languageChanged();
}

void CodeHighlighter::setColor(CodeToken token, const QColor& color) {
    QTextCharFormat& format = formats_[static_cast<int>(token)];
    if (format.hasProperty(QTextFormat::ForegroundBrush) && format.foreground().color() == color) return;
    format.setForeground(color);
    scheduleRehighlight();
    emit colorsChanged();
}

/// A theme change sets five colours: one pass is enough.
void CodeHighlighter::scheduleRehighlight() {
    if (rehighlightScheduled_ || !document()) return;
    rehighlightScheduled_ = true;
    QMetaObject::invokeMethod(
        this,
        [this] {
            rehighlightScheduled_ = false;
            rehighlight();
        },
        Qt::QueuedConnection);
}

void CodeHighlighter::setLineHeight(qreal height) {
    if (lineHeight_ == height) return;
    lineHeight_ = height;
    if (QTextDocument* text = document()) applyLineHeight(0, text->characterCount());
    emit lineHeightChanged();
}

/// New lines take the block format of the line they split, so normally only the first one is set here.
void CodeHighlighter::applyLineHeight(int position, int charsAdded) {
    if (lineHeight_ <= 0 || applyingLineHeight_ || !document()) return;
    // Typed lines inherit their format, so only a new text needs this; switching undo off forgets what can be undone.
    bool wrong = false;
    for (QTextBlock block = document()->findBlock(position);
         !wrong && block.isValid() && block.position() <= position + charsAdded; block = block.next())
        wrong = block.blockFormat().lineHeightType() != QTextBlockFormat::FixedHeight ||
                block.blockFormat().lineHeight() != lineHeight_;
    if (!wrong) return;
    applyingLineHeight_ = true;
    const bool undo = document()->isUndoRedoEnabled();
    document()->setUndoRedoEnabled(false);
    for (QTextBlock block = document()->findBlock(position);
         block.isValid() && block.position() <= position + charsAdded; block = block.next()) {
        QTextBlockFormat format = block.blockFormat();
        if (format.lineHeightType() == QTextBlockFormat::FixedHeight && format.lineHeight() == lineHeight_)
            continue;
        format.setLineHeight(lineHeight_, QTextBlockFormat::FixedHeight);
        QTextCursor(block).setBlockFormat(format);
    }
    document()->setUndoRedoEnabled(undo);
    applyingLineHeight_ = false;
}

void CodeHighlighter::measure(int position, int charsAdded) {
    const QFontMetricsF metrics(document()->defaultFont());
    // A new text starts anew; else the width only grows.
    qreal longest = position == 0 ? 0 : longestLine_;
    for (QTextBlock block = document()->findBlock(position);
         block.isValid() && block.position() <= position + charsAdded; block = block.next())
        longest = std::max(longest, std::ceil(metrics.horizontalAdvance(block.text())) + 2);
    if (longest == longestLine_) return;
    const qreal before = naturalWidth();
    longestLine_ = longest;
    emit longestLineChanged();
    if (naturalWidth() != before) emit naturalWidthChanged();
}

void CodeHighlighter::highlightBlock(const QString& text) {
    ++linesColoured_;
    if (text.size() > kLongestLine) {
        setCurrentBlockState(std::max(previousBlockState(), 0));
        return;
    }
    spans_.clear();
    setCurrentBlockState(lexer_.line(text, previousBlockState(), spans_));
    for (const CodeSpan& span : spans_)
        setFormat(span.start, span.length, formats_[static_cast<int>(span.token)]);
}

}  // namespace pellucid::app
