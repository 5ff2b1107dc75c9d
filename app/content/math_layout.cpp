#include "app/content/math_layout.h"

#include <QPainter>

namespace pellucid::app {

MathOutlinePtr MathOutline::make(QPainterPath path, bool shared) {
    path.setFillRule(Qt::WindingFill);
    // Asked for here, once: QPainterPath works its bounds out lazily, inside the shared data.
    const QRectF bounds = path.boundingRect();
    return std::make_shared<const MathOutline>(MathOutline{std::move(path), bounds, shared});
}

void MathLayout::Shape::scale(qreal by) {
    const auto factor = static_cast<float>(by);
    x *= factor;
    y *= factor;
    scaleX *= factor;
    scaleY *= factor;
}

QRectF MathLayout::Shape::bounds() const {
    const QRectF& own = outline->bounds;
    return {x + own.x() * scaleX, y + own.y() * scaleY, own.width() * scaleX, own.height() * scaleY};
}

int MathLayout::bytes() const {
    // Of a point: its place and, once painted, a second copy for the rasteriser. Of a path: its heap blocks.
    constexpr std::size_t kPoint = sizeof(QPainterPath::Element) + 2 * sizeof(qreal), kPath = 300;
    std::size_t bytes = sizeof(MathLayout) + shapes.capacity() * sizeof(Shape) +
                        static_cast<std::size_t>(error.capacity()) * sizeof(QChar);
    for (const Shape& shape : shapes)
        if (!shape.outline->shared)
            bytes += kPath + static_cast<std::size_t>(shape.outline->path.elementCount()) * kPoint;
    return static_cast<int>(bytes);
}

void MathLayout::paint(QPainter& painter, qreal pixelSize, const QColor& ink) const {
    if (shapes.empty()) return;
    QMutexLocker lock(painting.get());
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    const QTransform base = painter.transform();
    for (const Shape& shape : shapes) {
        painter.setTransform(QTransform::fromTranslate(shape.x * pixelSize, shape.y * pixelSize) * base);
        painter.scale(shape.scaleX * pixelSize, shape.scaleY * pixelSize);
        painter.fillPath(shape.outline->path, shape.colored ? QColor::fromRgba(shape.color) : ink);
    }
    painter.restore();
}

}  // namespace pellucid::app
