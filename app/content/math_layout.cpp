#include "app/content/math_layout.h"

#include <QPainter>

namespace pellucid::app {

void MathLayout::paint(QPainter& painter, qreal pixelSize, const QColor& ink) const {
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.scale(pixelSize, pixelSize);
    for (const Shape& shape : shapes) painter.fillPath(shape.path, shape.color.isValid() ? shape.color : ink);
    painter.restore();
}

}  // namespace pellucid::app
