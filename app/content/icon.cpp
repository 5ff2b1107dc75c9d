#include "app/content/icon.h"

#include <QGuiApplication>
#include <QPainter>

namespace pellucid::app {

Icon::Icon(QQuickItem* parent) : QQuickPaintedItem(parent) {
    setImplicitSize(size_, size_);
    setAntialiasing(true);
    mirrored_ = QGuiApplication::isRightToLeft();
    connect(qGuiApp, &QGuiApplication::layoutDirectionChanged, this, [this](Qt::LayoutDirection direction) {
        mirrored_ = direction == Qt::RightToLeft;
        update();
    });
}

void Icon::setName(const QString& name) {
    if (name_ == name) return;
    name_ = name;
    shape_ = iconShape(name);
    if (!shape_ && !name.isEmpty()) qWarning("there is no icon named %s", qUtf8Printable(name));
    update();
    emit nameChanged();
}

void Icon::setSize(qreal size) {
    if (size_ == size) return;
    size_ = size;
    setImplicitSize(size, size);
    update();
    emit sizeChanged();
}

void Icon::setColor(const QColor& color) {
    if (color_ == color) return;
    color_ = color;
    update();
    emit colorChanged();
}

void Icon::setAccent(const QColor& accent) {
    if (accent_ == accent) return;
    accent_ = accent;
    update();
    emit accentChanged();
}

void Icon::setStrokeWidth(qreal width) {
    if (strokeWidth_ == width) return;
    strokeWidth_ = width;
    update();
    emit strokeWidthChanged();
}

void Icon::paint(QPainter* painter) {
    if (!shape_) return;
    const bool mark = shape_->grid == 48;
    qreal stroke = strokeWidth_ > 0 ? strokeWidth_ : shape_->strokeWidth;
    if (strokeWidth_ == 0 && !mark && shape_->strokeWidth < 2 && size_ <= 12)
        stroke = size_ <= 10 ? 2.2 : 1.9;
    painter->setRenderHint(QPainter::Antialiasing);
    if (mirrored_ && shape_->sendSide) {
        painter->translate(width(), 0);
        painter->scale(-1, 1);
    }
    const qreal side = std::min(width(), height());
    painter->translate((width() - side) / 2, (height() - side) / 2);
    painter->scale(side / shape_->grid, side / shape_->grid);
    if (!shape_->fill.isEmpty()) painter->fillPath(shape_->fill, mark ? accent_ : color_);
    if (!shape_->stroke.isEmpty())
        painter->strokePath(shape_->stroke, QPen(color_, stroke, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
}

}  // namespace pellucid::app
