#include "app/content/dashed_frame.h"

#include <QPainter>
#include <QPen>

namespace pellucid::app {

DashedFrame::DashedFrame(QQuickItem* parent) : QQuickPaintedItem(parent) {
    setAntialiasing(true);
    connect(this, &DashedFrame::lookChanged, this, [this] { update(); });
}

void DashedFrame::paint(QPainter* painter) {
    painter->setRenderHint(QPainter::Antialiasing);
    QPen pen(color_, 2);
    pen.setDashPattern({4, 3});
    painter->setPen(pen);
    painter->setBrush(ground_);
    painter->drawRoundedRect(QRectF(1, 1, width() - 2, height() - 2), radius_, radius_);
}

}  // namespace pellucid::app
