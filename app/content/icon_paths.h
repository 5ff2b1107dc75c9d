// The icon set: paths on a 16 x 16 grid, drawn by us.
#pragma once

#include <QPainterPath>
#include <QStringView>
#include <optional>

namespace pellucid::app {

/// How one icon is drawn.
struct IconShape {
    QPainterPath stroke;      // outlined with round caps and joins
    QPainterPath fill;        // filled, no outline
    qreal strokeWidth = 1.4;  // in grid units
    qreal grid = 16;
    bool sendSide = false;  // mirrored in right-to-left layouts
};

/// The shape of `name`, or nothing if there is no such icon.
std::optional<IconShape> iconShape(QStringView name);
/// Names of all icons, for tests and galleries.
QStringList iconNames();
/// SVG path data (all commands, absolute and relative; arcs unrotated). Stops at the first thing it does not
/// know.
QPainterPath pathFromSvg(QStringView data);

}  // namespace pellucid::app
