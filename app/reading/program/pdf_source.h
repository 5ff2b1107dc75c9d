// PDF by Qt Pdf (PDFium): pages as plain values for formats/pdf_layout.
#pragma once

#include "app/reading/formats/format.h"

namespace pellucid::reading {

/// Reads the PDF open at `descriptor`. Errors: encrypted, corrupt.
Result<Document> read_pdf(int descriptor, const FormatContext& context);

}  // namespace pellucid::reading
