// A formula laid out: shapes in em, ready to be filled.
#pragma once

#include <QColor>
#include <QPainterPath>
#include <QString>
#include <memory>
#include <vector>

class QPainter;

namespace pellucid::app {

/// Shapes are relative to the left end of the baseline, y down, 1 = the formula's font size.
struct MathLayout {
    struct Shape {
        QPainterPath path;
        QColor color;  // invalid: the ink of the formula
    };
    std::vector<Shape> shapes;
    qreal width = 0;   // em
    qreal height = 0;  // em above the baseline
    qreal depth = 0;   // em below the baseline
    int missing = 0;   // characters that no font had a glyph for
    QString error;     // why the TeX cannot be set; the rest is empty then

    /// PRECONDITION: the painter's origin is the left end of the baseline. One thread at a time may paint a
    /// layout.
    void paint(QPainter& painter, qreal pixelSize, const QColor& ink) const;
};

using MathLayoutPtr = std::shared_ptr<const MathLayout>;

}  // namespace pellucid::app
