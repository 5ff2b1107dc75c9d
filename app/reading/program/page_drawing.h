// Pages drawn for the window: of a PDF, or of a picture, which is a page.
#pragma once

#include <QImage>
#include <string_view>

#include "app/reading/page_picture.h"

namespace pellucid::reading {

/// How many pixels a page of that size has at `scale` pixels a point; fewer, where it would be more than
/// kMostPicturePixels. Errors: corrupt (no size), too_large (too long and thin).
Result<QSize> pixels_of(QSizeF points, double scale);
/// On white paper.
PagePicture on_paper(const QImage& image, QSize size);

/// Loads what decodes pictures: before the sandbox, which opens no plug-in.
void load_picture_formats();
/// A picture as a page. Errors: corrupt, too_large.
Result<PagePicture> draw_image(std::string_view bytes, float scale);

}  // namespace pellucid::reading
