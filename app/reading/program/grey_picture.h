// Pictures as OCR wants them.
#pragma once

#include <QImage>

namespace pellucid::reading {

/// 8 bits of grey a pixel, what is transparent on white paper.
QImage grey_on_white(const QImage& image);

}  // namespace pellucid::reading
