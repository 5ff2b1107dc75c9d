// Copying from messages.
#pragma once

#include <QObject>
#include <QQmlEngine>

namespace pellucid::app {

/// What "copy" in a message's or block's actions puts on the clipboard.
class Clipboard : public QObject {
    Q_OBJECT
    QML_ELEMENT
public:
    using QObject::QObject;

    /// Plain text as it is: code, TeX.
    Q_INVOKABLE void copyText(const QString& text);
    /// A thought or an answer: its Markdown as text (and as text/markdown), and as HTML for editors that take
    /// it.
    Q_INVOKABLE void copyMarkdown(const QString& source);

    /// `source` as HTML, safe to paste: no raw HTML, no scripts; formulas stay $TeX$.
    static QString htmlOf(const QString& source);
};

}  // namespace pellucid::app
