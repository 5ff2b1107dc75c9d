#include "app/content/math_item.h"

#include <QPainter>
#include <cmath>

#include "app/content/content_services.h"
#include "app/content/math_typesetter.h"

namespace pellucid::app {

MathItem::MathItem(QQuickItem* parent) : QQuickPaintedItem(parent) {
    setAntialiasing(true);
}

void MathItem::setTypesetter(MathTypesetter* typesetter) {
    if (typesetter_ == typesetter) return;
    if (typesetter_) disconnect(typesetter_, nullptr, this, nullptr);
    typesetter_ = typesetter;
    complete_ = true;
    if (typesetter)
        connect(typesetter, &MathTypesetter::finished, this, [this](const QString& tex, bool display) {
            if (!layout_ && tex == tex_ && display == display_) refresh();
        });
    refresh();
}

void MathItem::componentComplete() {
    QQuickPaintedItem::componentComplete();
    if (!typesetter_) setTypesetter(ContentServices::typesetter(qmlEngine(this)));
}

void MathItem::setTex(const QString& tex) {
    if (tex_ == tex) return;
    tex_ = tex;
    emit texChanged();
    refresh();
}

void MathItem::setDisplayMode(bool display) {
    if (display_ == display) return;
    display_ = display;
    emit displayModeChanged();
    refresh();
}

void MathItem::setColor(const QColor& color) {
    if (color_ == color) return;
    color_ = color;
    update();
    emit colorChanged();
}

void MathItem::setPixelSize(qreal size) {
    if (pixelSize_ == size) return;
    pixelSize_ = size;
    emit pixelSizeChanged();
    refresh();
}

qreal MathItem::ascent() const {
    return layout_ ? std::ceil(layout_->height * pixelSize_) + kMargin : 0;
}

void MathItem::refresh() {
    if (!complete_) return;
    layout_ = typesetter_ && !tex_.isEmpty() ? typesetter_->layout(tex_, display_) : nullptr;
    if (ready()) {
        setImplicitSize(std::ceil(layout_->width * pixelSize_) + 2 * kMargin,
                        ascent() + std::ceil(layout_->depth * pixelSize_) + kMargin);
        setBaselineOffset(ascent());
    } else {
        setImplicitSize(0, 0);
    }
    emit layoutChanged();
    update();
}

void MathItem::paint(QPainter* painter) {
    if (!ready()) return;
    painter->translate(kMargin, ascent());
    layout_->paint(*painter, pixelSize_, color_);
}

}  // namespace pellucid::app
