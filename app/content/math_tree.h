// KaTeX's laid-out tree as shapes.
//
// Main idea: KaTeX has done the typesetting; its tree says in em where everything goes, in the terms of its
// style sheet (katex.css 0.16.4). This walks the tree and does what a browser would do for exactly those
// rules: inline boxes side by side, vlists stacked by their offsets, rules and stretched SVG paths as wide as
// their vlist.
#pragma once

#include <QJsonObject>

#include "app/content/math_fonts.h"
#include "app/content/math_layout.h"

namespace pellucid::app {

/// Not thread safe: use one in the thread that uses `fonts`.
class MathTree {
public:
    explicit MathTree(MathFonts& fonts) : fonts_(fonts) {}

    /// `tree` is what layout.js made.
    MathLayout layout(const QJsonObject& tree);

private:
    enum class Align { Left, Center, Right };
    /// What a node inherits. Lengths are in em of the whole formula.
    struct Context {
        qreal em = 1;
        MathFace face;
        QColor color;
        Align align = Align::Left;
        qreal available = 0;  // width of the enclosing vlist, for what is 100 % wide; 0 in the first pass
        qreal svgHeight = 0;
        bool inVlistChild = false;
        int depth = 0;
    };
    /// Shapes relative to the left end of the node's baseline.
    struct Box {
        qreal width = 0;
        bool stretches = false;  // depends on Context::available
        std::vector<MathLayout::Shape> shapes;
        void place(Box&& child, qreal x, qreal y);
    };

    Box node(const QJsonObject& node, Context context);
    Box inlineChildren(const QJsonObject& node, const Context& context);
    Box text(const QJsonObject& node, const Context& context);
    Box vlist(const QJsonObject& table, const Context& context);
    Box vlistChild(const QJsonObject& wrapper, const Context& context, qreal* baseline);
    Box svg(const QJsonObject& node, const Context& context);
    MathLayout::Shape rule(qreal x, qreal y, qreal w, qreal h, const QColor& color) const;
    void frame(Box& box, const QJsonObject& node, const QJsonObject& style, const Context& context);
    static const QJsonObject* find(const QJsonObject& from, const QString& cssClass, QJsonObject& storage);

    MathFonts& fonts_;
    int missing_ = 0;
};

}  // namespace pellucid::app
