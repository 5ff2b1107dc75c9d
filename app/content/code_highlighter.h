// Colours the code of a TextEdit, line by line while it streams.
#pragma once

#include <QColor>
#include <QQmlEngine>
#include <QQuickTextDocument>
#include <QSyntaxHighlighter>
#include <cmath>

#include "app/content/code_lexer.h"

namespace pellucid::app {

/// A highlighter for `TextEdit.textDocument`: a new line is coloured once, the lines above are left alone
/// (unless a comment or string over several lines opens or closes). Lines longer than 4,000 characters stay
/// plain.
class CodeHighlighter : public QSyntaxHighlighter {
    Q_OBJECT
    QML_ELEMENT
    Q_PROPERTY(QQuickTextDocument* document READ quickDocument WRITE setQuickDocument NOTIFY documentChanged)
    /// The fence's info word; unknown ones leave the code plain.
    Q_PROPERTY(QString language READ language WRITE setLanguage NOTIFY languageChanged)
    /// Height of every line in pixels; 0 leaves the font's.
    Q_PROPERTY(qreal lineHeight READ lineHeight WRITE setLineHeight NOTIFY lineHeightChanged)
    /// Width of the longest line so far, rounded up to 64 px. Give the TextEdit this as its width: without
    /// one of its own a TextEdit lays out all its lines again at every change.
    Q_PROPERTY(qreal naturalWidth READ naturalWidth NOTIFY naturalWidthChanged)
    /// The same, exactly: how far there is to scroll.
    Q_PROPERTY(qreal longestLine READ longestLine NOTIFY longestLineChanged)
    Q_PROPERTY(QColor keywordColor READ keywordColor WRITE setKeywordColor NOTIFY colorsChanged)
    Q_PROPERTY(QColor functionColor READ functionColor WRITE setFunctionColor NOTIFY colorsChanged)
    Q_PROPERTY(QColor numberColor READ numberColor WRITE setNumberColor NOTIFY colorsChanged)
    Q_PROPERTY(QColor stringColor READ stringColor WRITE setStringColor NOTIFY colorsChanged)
    Q_PROPERTY(QColor commentColor READ commentColor WRITE setCommentColor NOTIFY colorsChanged)

public:
    explicit CodeHighlighter(QObject* parent = nullptr);

    QQuickTextDocument* quickDocument() const { return quickDocument_; }
    void setQuickDocument(QQuickTextDocument* document);
    QString language() const { return language_; }
    void setLanguage(const QString& language);
    qreal lineHeight() const { return lineHeight_; }
    void setLineHeight(qreal height);
    QColor keywordColor() const { return color(CodeToken::Keyword); }
    QColor functionColor() const { return color(CodeToken::Function); }
    QColor numberColor() const { return color(CodeToken::Number); }
    QColor stringColor() const { return color(CodeToken::String); }
    QColor commentColor() const { return color(CodeToken::Comment); }
    void setKeywordColor(const QColor& c) { setColor(CodeToken::Keyword, c); }
    void setFunctionColor(const QColor& c) { setColor(CodeToken::Function, c); }
    void setNumberColor(const QColor& c) { setColor(CodeToken::Number, c); }
    void setStringColor(const QColor& c) { setColor(CodeToken::String, c); }
    void setCommentColor(const QColor& c) { setColor(CodeToken::Comment, c); }

    qreal naturalWidth() const { return std::ceil(longestLine_ / 64) * 64; }
    qreal longestLine() const { return longestLine_; }

    /// Lines coloured since construction: what the incremental test counts.
    int linesColoured() const { return linesColoured_; }

signals:
    void documentChanged();
    void languageChanged();
    void lineHeightChanged();
    void colorsChanged();
    void naturalWidthChanged();
    void longestLineChanged();

protected:
    void highlightBlock(const QString& text) override;

private:
    QColor color(CodeToken token) const { return formats_[static_cast<int>(token)].foreground().color(); }
    void setColor(CodeToken token, const QColor& color);
    void applyLineHeight(int position, int charsAdded);
    void scheduleRehighlight();

    QQuickTextDocument* quickDocument_ = nullptr;
    QString language_;
    CodeLexer lexer_{nullptr};
    QTextCharFormat formats_[5];
    std::vector<CodeSpan> spans_;
    qreal lineHeight_ = 0;
    int linesColoured_ = 0;
    bool rehighlightScheduled_ = false;
    bool applyingLineHeight_ = false;
    qreal longestLine_ = 0;

    void measure(int position, int charsAdded);
};

}  // namespace pellucid::app
