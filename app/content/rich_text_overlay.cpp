#include "app/content/rich_text_overlay.h"

#include <QAbstractTextDocumentLayout>
#include <QPainter>
#include <QQuickPaintedItem>
#include <QTextBlock>
#include <QTextDocument>
#include <QTextLayout>
#include <cmath>

#include "app/content/math_item.h"
#include "app/content/math_typesetter.h"
#include "app/content/rich_text_format.h"

namespace pellucid::app {
namespace {

/// The rounded ground of inline code, or the dotted line under TeX that cannot be set.
class Chip : public QQuickPaintedItem {
public:
    Chip(QQuickItem* parent, bool dotted) : QQuickPaintedItem(parent), dotted_(dotted) {
        setAntialiasing(true);
    }
    void setColor(const QColor& color) {
        if (color_ == color) return;
        color_ = color;
        update();
    }
    void paint(QPainter* painter) override {
        painter->setRenderHint(QPainter::Antialiasing);
        painter->setPen(Qt::NoPen);
        painter->setBrush(color_);
        if (!dotted_) return painter->drawRoundedRect(QRectF(0, 0, width(), height()), 4, 4);
        for (qreal x = 0; x + height() <= width(); x += 2 * height())
            painter->drawEllipse(QRectF(x, 0, height(), height()));
    }

private:
    bool dotted_;
    QColor color_;
};

}  // namespace

QSizeF MathObject::intrinsicSize(QTextDocument*, int, const QTextFormat& format) {
    // Symmetric about the baseline, because the format's alignment is AlignMiddle.
    const qreal reach =
        std::max(format.doubleProperty(rich_text::kAscent), format.doubleProperty(rich_text::kDescent));
    return {format.doubleProperty(rich_text::kWidth), 2 * reach};
}

RichTextOverlay::RichTextOverlay(QQuickItem* textEdit, QTextDocument* document)
    : QQuickItem(textEdit), document_(document), under_(new QQuickItem(textEdit)) {
    under_->setZ(-1);
    document->documentLayout()->registerHandler(rich_text::kMathObject, new MathObject(this));
    connect(document->documentLayout(), &QAbstractTextDocumentLayout::update, this, &QQuickItem::polish);
    connect(document, &QTextDocument::contentsChanged, this, &QQuickItem::polish);
    connect(textEdit, &QQuickItem::widthChanged, this, &QQuickItem::polish);
    connect(textEdit, &QQuickItem::implicitHeightChanged, this, &QQuickItem::polish);
    polish();
}

void RichTextOverlay::setLook(const QColor& ink, const QColor& chip, const QColor& error, qreal mathPixelSize,
                              qreal chipHeight, MathTypesetter* typesetter) {
    ink_ = ink;
    chip_ = chip;
    error_ = error;
    mathPixelSize_ = mathPixelSize;
    chipHeight_ = chipHeight;
    typesetter_ = typesetter;
    polish();
}

void RichTextOverlay::setCitations(int open, const QColor& ground, const QColor& openGround, qreal height) {
    openCite_ = open;
    cite_ = ground;
    citeOpen_ = openGround;
    citeHeight_ = height;
    polish();
}

void RichTextOverlay::updatePolish() {
    if (!document_) return;
    std::size_t maths = 0, chips = 0, dots = 0;
    const auto placeMath = [&](const QTextCharFormat& format, qreal x, qreal baseline) {
        if (maths == maths_.size()) {
            maths_.push_back(new MathItem(this));
            maths_.back()->setTypesetter(typesetter_);
        }
        MathItem* item = maths_[maths++];
        item->setTypesetter(typesetter_);
        item->setTex(format.stringProperty(rich_text::kTex));
        item->setDisplayMode(format.boolProperty(rich_text::kDisplay));
        item->setPixelSize(mathPixelSize_);
        item->setColor(ink_);
        item->setSize({item->implicitWidth(), item->implicitHeight()});
        // It draws a pixel inside its edges, which lie over the spaces beside it.
        item->setPosition({x - 1, std::round(baseline) - item->ascent()});
        item->setVisible(true);
    };
    const auto placeChip = [&](const QTextCharFormat& format, qreal left, qreal right, qreal baseline) {
        if (chips == chips_.size()) chips_.push_back(new Chip(under_, false));
        auto* item = static_cast<Chip*>(chips_[chips++]);
        const int cite = format.intProperty(rich_text::kCite);
        item->setColor(cite == 0 ? chip_ : cite == openCite_ ? citeOpen_ : cite_);
        const qreal x = std::round(left), height = cite == 0 ? chipHeight_ : citeHeight_;
        // The middle of the lower-case letters of a 13 px mono lies 4.7 px above its baseline; that of the
        // figures of a citation 4 px.
        const qreal middle = cite == 0 ? 0.235 * chipHeight_ : 0.25 * citeHeight_;
        item->setPosition({x, std::round(baseline - middle - height / 2)});
        item->setSize({std::round(right) - x, height});
        item->setVisible(true);
    };
    const auto placeDots = [&](qreal left, qreal right, qreal baseline) {
        if (dots == dots_.size()) dots_.push_back(new Chip(this, true));
        auto* item = static_cast<Chip*>(dots_[dots++]);
        item->setColor(error_);
        item->setPosition({std::round(left), std::round(baseline) + 3});
        item->setSize({std::round(right - left), 2});
        item->setVisible(true);
    };
    for (QTextBlock block = document_->begin(); block.isValid(); block = block.next()) {
        const QTextLayout* layout = block.layout();
        if (!layout || layout->lineCount() == 0) continue;
        const QPointF origin = document_->documentLayout()->blockBoundingRect(block).topLeft();
        for (auto it = block.begin(); !it.atEnd(); ++it) {
            const QTextCharFormat format = it.fragment().charFormat();
            const bool math = format.boolProperty(rich_text::kPlace);
            const bool broken = format.boolProperty(rich_text::kBroken);
            const bool doubt = format.hasProperty(rich_text::kDoubt);
            if (!math && !broken && !doubt && !format.hasProperty(rich_text::kChip)) continue;
            int from = it.fragment().position() - block.position();
            int to = from + it.fragment().length();
            if (!math && !broken && !doubt) {
                // Pads and code are fragments of their own: take all of one chip.
                const int number = format.intProperty(rich_text::kChip);
                auto next = it;
                for (++next; !next.atEnd() && next.fragment().charFormat().hasProperty(rich_text::kChip) &&
                             next.fragment().charFormat().intProperty(rich_text::kChip) == number;
                     ++next) {
                    to = next.fragment().position() - block.position() + next.fragment().length();
                    it = next;
                }
            }
            while (from < to) {
                const QTextLine line = layout->lineForTextPosition(from);
                if (!line.isValid()) break;
                const int end = math ? from + 1 : std::min(to, line.textStart() + line.textLength());
                const qreal baseline = origin.y() + line.y() + line.ascent();
                const qreal left = origin.x() + line.cursorToX(from),
                            right = origin.x() + line.cursorToX(end);
                if (math)
                    placeMath(format, std::min(left, right), baseline);
                else if (broken || doubt)
                    placeDots(std::min(left, right), std::max(left, right), baseline);
                else
                    placeChip(format, std::min(left, right), std::max(left, right), baseline);
                from = std::max(end, from + 1);
            }
        }
    }
    for (; maths < maths_.size(); ++maths) maths_[maths]->setVisible(false);
    for (; dots < dots_.size(); ++dots) dots_[dots]->setVisible(false);
    for (; chips < chips_.size(); ++chips) chips_[chips]->setVisible(false);
}

}  // namespace pellucid::app
