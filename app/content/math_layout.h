// A formula laid out: shapes in em, ready to be filled.
#pragma once

#include <QColor>
#include <QMutex>
#include <QPainterPath>
#include <QString>
#include <memory>
#include <vector>

class QPainter;

namespace pellucid::app {

/// An outline that many shapes are drawn from: a glyph's, a rule's unit square, a stretched sign's. Painting
/// caches inside the path, so painters take the lock.
struct MathOutline {
    QPainterPath path;
    QRectF bounds;        // of `path`
    bool shared = false;  // by the formulas of a MathFonts; else it belongs to one formula
    static std::shared_ptr<const MathOutline> make(QPainterPath path, bool shared);
};
using MathOutlinePtr = std::shared_ptr<const MathOutline>;

/// Shapes are relative to the left end of the baseline, y down, 1 = the formula's font size.
struct MathLayout {
    /// An outline moved and scaled: a formula holds places, not points.
    struct Shape {
        MathOutlinePtr outline;
        float x = 0, y = 0;
        float scaleX = 1, scaleY = 1;
        QRgb color = 0;
        bool colored = false;  // else the ink of the formula

        void move(qreal dx, qreal dy) {
            x += static_cast<float>(dx);
            y += static_cast<float>(dy);
        }
        void scale(qreal by);
        QRectF bounds() const;
    };
    std::vector<Shape> shapes;
    qreal width = 0;                   // em
    qreal height = 0;                  // em above the baseline
    qreal depth = 0;                   // em below the baseline
    int missing = 0;                   // characters that no font had a glyph for
    QString error;                     // why the TeX cannot be set; the rest is empty then
    std::shared_ptr<QMutex> painting;  // of the outlines

    /// About so many bytes are held for this formula alone.
    int bytes() const;
    /// PRECONDITION: the painter's origin is the left end of the baseline. Any thread.
    void paint(QPainter& painter, qreal pixelSize, const QColor& ink) const;
};

using MathLayoutPtr = std::shared_ptr<const MathLayout>;

}  // namespace pellucid::app
