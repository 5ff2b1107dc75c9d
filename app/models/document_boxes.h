// The boxes that show a span of a document on its pages.
#pragma once

#include "app/models/document_source.h"

namespace pellucid::app {

struct SpanBox {
    int page = 0;
    QRectF box;         ///< points from the page's top left, around the text itself
    double left = 0;    ///< where its first line begins, which other text may do
    bool part = false;  ///< other text stands on its line
    bool operator==(const SpanBox&) const = default;
};

/// Lines of one column that the span holds whole stand in one box; a line that it shares with other text,
/// another column and another page have a box each. `runs`: of the pages that the span touches, in the order
/// of the text, those around the span included, since they say which lines it shares.
std::vector<SpanBox> boxesOf(const std::vector<TextRun>& runs, DocumentSpan span);

}  // namespace pellucid::app
