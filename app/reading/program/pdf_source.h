// PDF by Qt Pdf (PDFium): pages as plain values for formats/pdf_layout.
#pragma once

#include "app/reading/formats/format.h"
#include "app/reading/page_picture.h"

namespace pellucid::reading {

/// Reads the PDF open at `descriptor`. Errors: encrypted, corrupt.
Result<Document> read_pdf(int descriptor, const FormatContext& context);

/// Page `page` of the PDF open at `descriptor`, on white, at `scale` pixels a point or as many as
/// kMostPicturePixels allow. Errors: encrypted, corrupt, too_large, not_found (no such page).
Result<PagePicture> draw_pdf(int descriptor, std::uint32_t page, float scale);

}  // namespace pellucid::reading
