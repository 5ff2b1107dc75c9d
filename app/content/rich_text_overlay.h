// What lies over and under the text of a TextEdit: formulas and the chips of inline code.
#pragma once

#include <QColor>
#include <QPointer>
#include <QQuickItem>
#include <QTextObjectInterface>
#include <vector>

class QTextDocument;

namespace pellucid::app {

class MathItem;
class MathTypesetter;

/// Reserves the room of formulas in a document's lines; draws nothing.
class MathObject : public QObject, public QTextObjectInterface {
    Q_OBJECT
    Q_INTERFACES(QTextObjectInterface)
public:
    using QObject::QObject;
    QSizeF intrinsicSize(QTextDocument* document, int position, const QTextFormat& format) override;
    void drawObject(QPainter*, const QRectF&, QTextDocument*, int, const QTextFormat&) override {}
};

/// A child of the TextEdit. Reads the document's lines when they have changed, before the next frame, and
/// puts a MathItem or a chip wherever a format asks for one.
class RichTextOverlay : public QQuickItem {
    Q_OBJECT
public:
    RichTextOverlay(QQuickItem* textEdit, QTextDocument* document);

    void setLook(const QColor& ink, const QColor& chip, const QColor& error, qreal mathPixelSize,
                 qreal chipHeight, MathTypesetter* typesetter);
    /// Chips of citations: the open one has a ground of its own.
    void setCitations(int open, const QColor& ground, const QColor& openGround, qreal height);

protected:
    void updatePolish() override;

private:
    QPointer<QTextDocument> document_;
    QQuickItem* under_;  // behind the text
    std::vector<MathItem*> maths_;
    std::vector<QQuickItem*> chips_;
    std::vector<QQuickItem*> dots_;
    QColor ink_, chip_, error_;
    qreal mathPixelSize_ = 18;
    qreal chipHeight_ = 20;
    int openCite_ = 0;
    QColor cite_, citeOpen_;
    qreal citeHeight_ = 16;
    QPointer<MathTypesetter> typesetter_;
};

}  // namespace pellucid::app
