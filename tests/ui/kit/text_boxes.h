// Where the words of a window stand, and what is wrong with where they stand.
#pragma once

#include <QRectF>
#include <QStringList>

#include "tests/ui/kit/ui_bench.h"

namespace pellucid::ui {

/// One visible text: its words, the rectangle they are painted in and the part of it that no clip cuts away, in the
/// window's coordinates.
struct TextBox {
    QQuickItem *item = nullptr;
    QString text;
    QRectF painted, shown;
    QString layer;  ///< texts of one layer must not lie over each other
    bool code = false;
};

QList<TextBox> textBoxes(const UiBench &bench);

/// One line for each text that is cut, leaves the window or its button, or lies over another; and for each control that
/// sticks out of the window. Names a person gave (chats, models, paths) may end in an ellipsis: they have a tooltip.
QStringList layoutFaults(const UiBench &bench);

}  // namespace pellucid::ui
