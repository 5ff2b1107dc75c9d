#include "app/reading/program/grey_picture.h"

namespace pellucid::reading {

QImage grey_on_white(const QImage& image) {
    QImage paper(image.size(), QImage::Format_RGB32);
    paper.fill(Qt::white);
    const QImage argb = image.convertToFormat(QImage::Format_ARGB32);
    for (int y = 0; y < argb.height(); ++y) {
        const auto* from = reinterpret_cast<const QRgb*>(argb.constScanLine(y));
        auto* to = reinterpret_cast<QRgb*>(paper.scanLine(y));
        for (int x = 0; x < argb.width(); ++x) {
            const int alpha = qAlpha(from[x]), rest = 255 - alpha;
            to[x] =
                qRgb((qRed(from[x]) * alpha + 255 * rest) / 255, (qGreen(from[x]) * alpha + 255 * rest) / 255,
                     (qBlue(from[x]) * alpha + 255 * rest) / 255);
        }
    }
    return paper.convertToFormat(QImage::Format_Grayscale8);
}

}  // namespace pellucid::reading
