#include "app/models/document_boxes.h"

#include <algorithm>

namespace pellucid::app {

namespace {

struct Line {
    int page = 0;
    QRectF box;
    bool shared = false;  // other text of its column stands on it too
    double left = 0;      // where it begins, that text included
};

bool sameLine(const QRectF& a, const QRectF& b) {
    const double over = std::min(a.bottom(), b.bottom()) - std::max(a.top(), b.top());
    return over > 0.5 * std::min(a.height(), b.height());
}

/// Runs of one line stand close to each other; those of the next column do not.
bool goesOn(const TextRun& left, const TextRun& right) {
    if (left.page != right.page || !sameLine(left.box, right.box)) return false;
    const double gap = right.box.left() - left.box.right();
    return gap > -left.box.width() && gap < 2 * std::max(left.box.height(), right.box.height());
}

/// The next line of the same column.
bool follows(const Line& above, const Line& below) {
    if (above.page != below.page) return false;
    const double gap = below.box.top() - above.box.bottom();
    const double height = std::max(above.box.height(), below.box.height());
    const double over =
        std::min(above.box.right(), below.box.right()) - std::max(above.box.left(), below.box.left());
    return gap > -0.5 * height && gap < 1.5 * height && over > 0;
}

}  // namespace

std::vector<SpanBox> boxesOf(const std::vector<TextRun>& runs, DocumentSpan span) {
    const auto within = [&](const TextRun& run) {
        return run.span.first < span.last && span.first < run.span.last && !run.box.isEmpty();
    };
    std::vector<Line> lines;
    for (std::size_t i = 0; i < runs.size(); ++i) {
        if (!within(runs[i])) continue;
        const bool before = i > 0 && !within(runs[i - 1]) && goesOn(runs[i - 1], runs[i]);
        const bool after = i + 1 < runs.size() && !within(runs[i + 1]) && goesOn(runs[i], runs[i + 1]);
        if (i > 0 && within(runs[i - 1]) && goesOn(runs[i - 1], runs[i])) {
            lines.back().box |= runs[i].box;
            lines.back().shared |= after;
        } else {
            std::size_t first = i;
            while (first > 0 && goesOn(runs[first - 1], runs[first])) --first;
            lines.push_back({runs[i].page, runs[i].box, before || after, runs[first].box.left()});
        }
    }
    std::vector<SpanBox> boxes;
    for (std::size_t i = 0; i < lines.size(); ++i) {
        const bool joins =
            i > 0 && !lines[i].shared && !lines[i - 1].shared && follows(lines[i - 1], lines[i]);
        if (joins)
            boxes.back().box |= lines[i].box;
        else
            boxes.push_back({lines[i].page, lines[i].box, lines[i].left, lines[i].shared});
    }
    return boxes;
}

}  // namespace pellucid::app
