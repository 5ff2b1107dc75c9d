#include "app/content/page_picture.h"

#include <QPainter>

namespace pellucid::app {

PagePicture::PagePicture(QQuickItem* parent) : QQuickPaintedItem(parent) {
    setOpaquePainting(true);
}

void PagePicture::setPicture(const QVariant& picture) {
    const QImage image = picture.value<QImage>();
    if (image.cacheKey() == picture_.cacheKey()) return;
    picture_ = image;
    update();
    emit pictureChanged();
}

void PagePicture::setDarkened(bool darkened) {
    if (darkened_ == darkened) return;
    darkened_ = darkened;
    update();
    emit darkenedChanged();
}

void PagePicture::paint(QPainter* painter) {
    const QRectF all(0, 0, width(), height());
    painter->fillRect(all, Qt::white);
    if (!picture_.isNull()) {
        painter->setRenderHint(QPainter::SmoothPixmapTransform);
        painter->drawImage(all, picture_);
    }
    if (!darkened_) return;
    // Light on dark, and not as hard as black: white paper becomes the reading surface's neighbour.
    painter->setCompositionMode(QPainter::CompositionMode_Difference);
    painter->fillRect(all, QColor(0xE2, 0xDE, 0xDA));
}

}  // namespace pellucid::app
