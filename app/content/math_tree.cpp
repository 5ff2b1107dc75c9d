#include "app/content/math_tree.h"

#include <QJsonArray>
#include <QRegularExpression>
#include <QStringList>
#include <algorithm>
#include <cmath>

#include "app/content/icon_paths.h"

namespace pellucid::app {
namespace {

// Objects are const everywhere: QJsonObject::operator[] on a non-const one inserts the key.
constexpr int kMaxDepth = 400;
constexpr qreal kSizes[] = {0.5, 0.6, 0.7, 0.8, 0.9, 1.0, 1.2, 1.44, 1.728, 2.074, 2.488};

/// "0.35em" in em; anything else is 0.
qreal em(const QJsonValue& value) {
    if (value.isDouble()) return value.toDouble();
    QString text = value.toString();
    if (text.endsWith(u"em")) text.chop(2);
    bool ok = false;
    const qreal number = text.toDouble(&ok);
    return ok && std::isfinite(number) ? number : 0;
}

class Classes {
public:
    explicit Classes(const QJsonObject& node)
        : words_(node.value(u"c").toString().split(u' ', Qt::SkipEmptyParts)) {}
    bool has(const char* name) const { return words_.contains(QLatin1String(name)); }
    /// N of "prefixN", or 0.
    int number(QLatin1String prefix) const {
        for (const QString& word : words_) {
            if (!word.startsWith(prefix)) continue;
            bool ok = false;
            const int n = QStringView(word).sliced(prefix.size()).toInt(&ok);
            if (ok && n >= 1 && n <= 11) return n;
        }
        return 0;
    }
    bool empty() const { return words_.isEmpty(); }
    const QStringList& words() const { return words_; }

private:
    QStringList words_;
};

void applyFace(const Classes& classes, MathFace& face) {
    const auto set = [&](const char* family, int bold, int italic) {
        if (family) face.family = QLatin1String(family);
        if (bold >= 0) face.bold = bold == 1;
        if (italic >= 0) face.italic = italic == 1;
    };
    for (const QString& c : classes.words()) {
        if (c == u"textbf")
            set(nullptr, 1, -1);
        else if (c == u"textit")
            set(nullptr, -1, 1);
        else if (c == u"textrm")
            set("Main", -1, -1);
        else if (c == u"textsf" || c == u"mathsf")
            set("SansSerif", -1, -1);
        else if (c == u"texttt" || c == u"mathtt")
            set("Typewriter", -1, -1);
        else if (c == u"mathnormal")
            set("Math", -1, 1);
        else if (c == u"mathit")
            set("Main", -1, 1);
        else if (c == u"mathrm")
            set(nullptr, -1, 0);
        else if (c == u"mathbf")
            set("Main", 1, -1);
        else if (c == u"boldsymbol")
            set("Math", 1, 1);
        else if (c == u"amsrm" || c == u"mathbb" || c == u"textbb")
            set("AMS", -1, -1);
        else if (c == u"mathcal")
            set("Caligraphic", -1, -1);
        else if (c == u"mathfrak" || c == u"textfrak")
            set("Fraktur", -1, -1);
        else if (c == u"mathscr" || c == u"textscr")
            set("Script", -1, -1);
        else if (c == u"mathboldsf" || c == u"textboldsf")
            set("SansSerif", 1, -1);
        else if (c == u"mathitsf" || c == u"textitsf")
            set("SansSerif", -1, 1);
        else if (c == u"mainrm")
            set("Main", -1, 0);
        else if (c == u"delim-size1" || c == u"small-op")
            set("Size1", -1, 0);
        else if (c == u"delim-size4")
            set("Size4", -1, 0);
        else if (c == u"large-op")
            set("Size2", -1, 0);
    }
    if (classes.has("delimsizing") && !classes.has("mult")) {
        if (const int n = classes.number(QLatin1String("size")); n >= 1 && n <= 4) {
            face.family = QStringLiteral("Size%1").arg(n);
            face.italic = false;
        }
    }
}

QColor cssColor(const QString& text) {
    if (text == u"transparent") return QColor(0, 0, 0, 0);
    return QColor(text);
}

}  // namespace

MathLayout::Shape MathTree::rule(qreal x, qreal y, qreal w, qreal h, const QColor& color) const {
    return {fonts_.square(),       static_cast<float>(x), static_cast<float>(y), static_cast<float>(w),
            static_cast<float>(h), color.rgba(),          color.isValid()};
}

void MathTree::Box::place(Box&& child, qreal x, qreal y) {
    for (MathLayout::Shape& shape : child.shapes) {
        shape.move(x, y);
        shapes.push_back(std::move(shape));
    }
    stretches |= child.stretches;
}

MathLayout MathTree::layout(const QJsonObject& tree) {
    missing_ = 0;
    QJsonObject storage;
    const QJsonObject* html = find(tree, QStringLiteral("katex-html"), storage);
    const QJsonObject root = html ? *html : tree;
    const bool display = tree.value(u"c").toString().contains(QStringLiteral("katex-display"));

    struct Line {
        Box box;
        qreal height = 0, depth = 0;
    };
    std::vector<Line> lines(1);
    for (const QJsonValue& value : root.value(u"k").toArray()) {
        const QJsonObject child = value.toObject();
        const Classes classes(child);
        if (classes.has("newline")) {
            lines.emplace_back();
            continue;
        }
        Line& line = lines.back();
        Box box = node(child, {});
        if (classes.has("tag")) line.box.width += 2;
        const qreal width = box.width;
        line.box.place(std::move(box), line.box.width, 0);
        line.box.width += width;
        line.height = std::max(line.height, em(child.value(u"h")));
        line.depth = std::max(line.depth, em(child.value(u"d")));
    }
    MathLayout out;
    for (const Line& line : lines) out.width = std::max(out.width, line.box.width);
    qreal y = 0;
    Box all;
    for (std::size_t i = 0; i < lines.size(); ++i) {
        Line& line = lines[i];
        if (i == 0)
            out.height = line.height;
        else
            y += out.depth + 0.3 + line.height;
        out.depth = line.depth;
        all.place(std::move(line.box), display ? (out.width - line.box.width) / 2 : 0, y);
    }
    out.depth += y;
    // What reaches over the box widens it.
    QRectF ink;
    for (const MathLayout::Shape& shape : all.shapes) ink = ink.united(shape.bounds());
    out.shapes = std::move(all.shapes);
    out.shapes.shrink_to_fit();
    out.painting = fonts_.painting();
    if (ink.left() < 0) {
        for (MathLayout::Shape& shape : out.shapes) shape.move(-ink.left(), 0);
        ink.translate(-ink.left(), 0);
    }
    out.width = std::max(out.width, ink.right());
    out.height = std::max(out.height, -ink.top());
    out.depth = std::max(out.depth, ink.bottom());
    out.missing = missing_;
    return out;
}

const QJsonObject* MathTree::find(const QJsonObject& from, const QString& cssClass, QJsonObject& storage) {
    if (from.value(u"c").toString().split(u' ').contains(cssClass)) {
        storage = from;
        return &storage;
    }
    for (const QJsonValue& child : from.value(u"k").toArray()) {
        if (find(child.toObject(), cssClass, storage)) return &storage;
    }
    return nullptr;
}

MathTree::Box MathTree::node(const QJsonObject& json, Context context) {
    if (++context.depth > kMaxDepth) return {};
    if (json.contains(u"v")) return svg(json, context);
    const Classes classes(json);
    if (classes.has("strut") || classes.has("pstrut") || classes.has("vlist-s")) return {};
    const QJsonObject style = json.value(u"s").toObject();
    applyFace(classes, context.face);
    if (classes.has("sizing") || classes.has("fontsize-ensurer")) {
        const int from = classes.number(QLatin1String("reset-size")),
                  to = classes.number(QLatin1String("size"));
        if (from && to) context.em *= kSizes[to - 1] / kSizes[from - 1];
    }
    if (const QString color = style.value(u"color").toString(); !color.isEmpty())
        context.color = cssColor(color);
    if (classes.has("mfrac") || classes.has("op-limits") || classes.has("accent") ||
        classes.has("col-align-c") || classes.has("x-arrow") || classes.has("mover") || classes.has("munder"))
        context.align = Align::Center;
    else if (classes.has("col-align-r"))
        context.align = Align::Right;
    else if (classes.has("msupsub") || classes.has("col-align-l") || classes.has("svg-align"))
        context.align = Align::Left;
    const qreal unit = context.em;
    const auto length = [&](QStringView key) { return em(style.value(key)) * unit; };
    if (style.contains(u"height")) context.svgHeight = length(u"height");

    Box box;
    if (json.contains(u"t")) {
        box = text(json, context);
    } else if (classes.has("vlist-t")) {
        box = vlist(json, context);
    } else if (classes.has("frac-line") || classes.has("overline-line") || classes.has("underline-line") ||
               classes.has("hline") || classes.has("hdashline")) {
        const qreal thickness = length(u"borderBottomWidth");
        box.width = context.available;
        box.stretches = true;
        if (classes.has("hdashline")) {
            for (qreal x = 0; x < context.available; x += 0.35)
                box.shapes.push_back(
                    rule(x, -thickness, std::min(0.2, context.available - x), thickness, context.color));
        } else {
            box.shapes.push_back(rule(0, -thickness, context.available, thickness, context.color));
        }
    } else if (classes.has("rule")) {
        const qreal width = length(u"borderRightWidth"), height = length(u"borderTopWidth");
        box.width = width;
        if (width > 0 && height > 0)
            box.shapes.push_back(rule(0, -height - length(u"bottom"), width, height, context.color));
    } else if (classes.has("vertical-separator")) {
        const qreal width = std::max(length(u"borderRightWidth"), 0.02), height = length(u"height");
        const qreal bottom = -length(u"verticalAlign");
        const bool dashed = style.value(u"borderRightStyle").toString() == u"dashed";
        for (qreal y = 0; y < height; y += dashed ? 0.35 : height)
            box.shapes.push_back(rule(-width / 2, bottom - height + y, width,
                                      dashed ? std::min(0.2, height - y) : height, context.color));
    } else {
        const bool stretchy = classes.has("stretchy") || classes.has("hide-tail");
        if (stretchy) context.available = std::max(context.available, length(u"minWidth"));
        for (const auto& [name, share] : {std::pair{"halfarrow-left", 0.502},
                                          {"halfarrow-right", 0.502},
                                          {"brace-left", 0.251},
                                          {"brace-center", 0.5},
                                          {"brace-right", 0.251}}) {
            if (classes.has(name)) context.available *= share;
        }
        box = inlineChildren(json, context);
        if (stretchy) {
            box.width = context.available;
            box.stretches = true;
        }
        frame(box, json, style, context);
    }

    // The node's own box: width, padding, shift, margins.
    if (classes.has("nulldelimiter")) box.width = 0.12 * unit;
    if (style.contains(u"width")) box.width = length(u"width");
    if (classes.has("rlap") || classes.has("llap") || classes.has("clap") || classes.has("thinbox")) {
        const qreal inner = box.width;
        const qreal shift = classes.has("llap") ? -inner : classes.has("clap") ? -inner / 2 : 0;
        Box moved;
        moved.place(std::move(box), shift, 0);
        box = std::move(moved);
        box.width = 0;
    }
    if (classes.has("accent-body") && !classes.has("accent-full")) box.width = 0;
    qreal before = length(u"marginLeft") + length(u"paddingLeft"),
          after = length(u"marginRight") + length(u"paddingRight");
    if (classes.has("root")) {
        before += 0.27777778 * unit;
        after -= 0.55555556 * unit;
    }
    for (const auto& [name, left, right] : {std::tuple{"boxpad", 0.3, 0.3},
                                            {"cancel-pad", 0.2, 0.2},
                                            {"cancel-lap", -0.2, -0.2},
                                            {"x-arrow-pad", 0.5, 0.5},
                                            {"cd-arrow-pad", 0.27778, 0.55556},
                                            {"anglpad", 0.03889, 0.03889}}) {
        if (!classes.has(name)) continue;
        before += left * unit;
        after += right * unit;
    }
    const qreal dx = before + length(u"left");
    const qreal dy = context.inVlistChild
                         ? 0
                         : length(u"top") - (classes.has("rule") ? 0 : length(u"bottom")) -
                               (style.contains(u"verticalAlign") && !classes.has("vertical-separator")
                                    ? length(u"verticalAlign")
                                    : 0);
    if (dx != 0 || dy != 0 || after != 0) {
        Box moved;
        moved.width = box.width + before + after;
        moved.place(std::move(box), dx, dy);
        box = std::move(moved);
    }
    return box;
}

MathTree::Box MathTree::inlineChildren(const QJsonObject& json, const Context& context) {
    Box box;
    Context inner = context;
    inner.inVlistChild = false;
    for (const QJsonValue& value : json.value(u"k").toArray()) {
        const QJsonObject child = value.toObject();
        // Pieces of a stretched brace or arrow stand at fixed places of their parent.
        const QString classes = child.value(u"c").toString();
        qreal x = box.width;
        if (classes.contains(u"brace-center")) x = 0.25 * context.available;
        if (classes.contains(u"brace-right")) x = (1 - 0.251) * context.available;
        if (classes.contains(u"halfarrow-right")) x = (1 - 0.502) * context.available;
        Box part = node(child, inner);
        const qreal width = part.width;
        box.place(std::move(part), x, 0);
        box.width += width;
    }
    return box;
}

MathTree::Box MathTree::text(const QJsonObject& json, const Context& context) {
    MathFonts::Run run = fonts_.run(context.face, json.value(u"t").toString());
    missing_ += run.missing;
    Box box;
    box.width = (run.width + em(json.value(u"i"))) * context.em;
    box.shapes = std::move(run.shapes);
    for (MathLayout::Shape& shape : box.shapes) {
        shape.scale(context.em);
        shape.color = context.color.rgba();
        shape.colored = context.color.isValid();
    }
    return box;
}

/// The wrapper of one vlist entry: a strut that says where its baseline is, and the content.
MathTree::Box MathTree::vlistChild(const QJsonObject& wrapper, const Context& context, qreal* baseline) {
    const QJsonObject style = wrapper.value(u"s").toObject();
    qreal strut = 0;
    for (const QJsonValue& value : wrapper.value(u"k").toArray()) {
        const QJsonObject child = value.toObject();
        if (Classes(child).has("pstrut"))
            strut = em(child.value(u"s").toObject().value(u"height")) * context.em;
    }
    *baseline = em(style.value(u"top")) * context.em + strut;
    Context inner = context;
    inner.inVlistChild = true;
    return node(wrapper, inner);
}

MathTree::Box MathTree::vlist(const QJsonObject& table, const Context& context) {
    const QJsonObject row = table.value(u"k").toArray().at(0).toObject();
    const QJsonObject list = row.value(u"k").toArray().at(0).toObject();
    const QJsonArray entries = list.value(u"k").toArray();
    Context inner = context;
    inner.available = 0;
    struct Entry {
        Box box;
        qreal baseline = 0;
    };
    std::vector<Entry> boxes;
    Box out;
    for (const QJsonValue& value : entries) {
        Entry entry;
        entry.box = vlistChild(value.toObject(), inner, &entry.baseline);
        out.width = std::max(out.width, entry.box.width);
        boxes.push_back(std::move(entry));
    }
    inner.available = out.width;
    for (std::size_t i = 0; i < boxes.size(); ++i) {
        Entry& entry = boxes[i];
        // Only what is 100 % wide is laid out again, and never through a nested vlist: no blow-up with depth.
        if (entry.box.stretches)
            entry.box = vlistChild(entries.at(static_cast<qsizetype>(i)).toObject(), inner, &entry.baseline);
        const qreal room = out.width - entry.box.width;
        const qreal x = context.align == Align::Center ? room / 2 : context.align == Align::Right ? room : 0;
        entry.box.stretches = false;
        const qreal baseline = entry.baseline;
        out.place(std::move(entry.box), x, baseline);
    }
    return out;
}

/// Boxes drawn around their content: \boxed, \colorbox, \sout, \angl.
void MathTree::frame(Box& box, const QJsonObject& json, const QJsonObject& style, const Context& context) {
    const Classes classes(json);
    const qreal height = em(style.value(u"height")) * context.em, width = box.width;
    const QString background = style.value(u"backgroundColor").toString();
    if (!background.isEmpty())
        box.shapes.insert(box.shapes.begin(), rule(0, -height, width, height, cssColor(background)));
    if (classes.has("fbox") || classes.has("fcolorbox")) {
        const qreal border =
            style.contains(u"borderWidth") ? em(style.value(u"borderWidth")) * context.em : 0.04 * context.em;
        const QString named = style.value(u"borderColor").toString();
        const QColor color = named.isEmpty() ? context.color : cssColor(named);
        for (const QRectF& side : {QRectF(0, -height, width, border), QRectF(0, -border, width, border),
                                   QRectF(0, -height + border, border, height - 2 * border),
                                   QRectF(width - border, -height + border, border, height - 2 * border)})
            box.shapes.push_back(rule(side.x(), side.y(), side.width(), side.height(), color));
    }
    if (classes.has("sout"))
        box.shapes.push_back(rule(0, -0.08 * context.em, width, 0.08 * context.em, context.color));
    if (classes.has("angl")) {
        const qreal border = 0.049 * context.em;
        box.shapes.push_back(rule(0, -height, width, border, context.color));
        box.shapes.push_back(rule(width - border, -height, border, height, context.color));
    }
}

MathTree::Box MathTree::svg(const QJsonObject& json, const Context& context) {
    Box box;
    const QJsonObject attributes = json.value(u"v").toObject();
    qreal width = context.available;
    const qreal height = context.svgHeight;
    static const QRegularExpression kWidth(QStringLiteral("width:\\s*([0-9.]+)em"));
    if (const auto match = kWidth.match(attributes.value(u"style").toString()); match.hasMatch())
        width = match.captured(1).toDouble() * context.em;
    else
        box.stretches = true, box.width = width;
    const QStringList view = attributes.value(u"viewBox").toString().split(u' ', Qt::SkipEmptyParts);
    const QString aspect = attributes.value(u"preserveAspectRatio").toString();
    for (const QJsonValue& value : json.value(u"k").toArray()) {
        const QJsonObject child = value.toObject();
        QPainterPath path;
        if (child.contains(u"l")) {
            const QJsonObject line = child.value(u"l").toObject();
            const auto at = [&](QStringView key, qreal whole) {
                const QString text = line.value(key).toString();
                return text.endsWith(u'%') ? text.chopped(1).toDouble() / 100 * whole : em(text) * context.em;
            };
            QPainterPath stroke(QPointF(at(u"x1", width), at(u"y1", height)));
            stroke.lineTo(at(u"x2", width), at(u"y2", height));
            QPainterPathStroker pen;
            pen.setWidth(std::max(0.02, em(line.value(u"stroke-width")) * context.em));
            pen.setCapStyle(Qt::FlatCap);
            path = pen.createStroke(stroke);
        } else if (view.size() == 4) {
            const qreal boxWidth = view[2].toDouble(), boxHeight = view[3].toDouble();
            if (boxWidth <= 0 || boxHeight <= 0) continue;
            qreal sx = width / boxWidth, sy = height / boxHeight;
            if (aspect != u"none") sx = sy = aspect.contains(u"slice") ? std::max(sx, sy) : std::min(sx, sy);
            const qreal spareX = width - boxWidth * sx, spareY = height - boxHeight * sy;
            const qreal dx = aspect.startsWith(u"xMid")   ? spareX / 2
                             : aspect.startsWith(u"xMax") ? spareX
                                                          : 0;
            const qreal dy = aspect.contains(u"YMid") ? spareY / 2 : aspect.contains(u"YMax") ? spareY : 0;
            QTransform transform;
            transform.translate(dx, dy);
            transform.scale(sx, sy);
            transform.translate(-view[0].toDouble(), -view[1].toDouble());
            path = transform.map(pathFromSvg(child.value(u"p").toString()));
            path.setFillRule(Qt::WindingFill);
            // KaTeX draws roots and braces 400 em long and cuts them.
            const QRectF visible(0, 0, width, height);
            if (!visible.adjusted(-1e-6, -1e-6, 1e-6, 1e-6).contains(path.boundingRect())) {
                QPainterPath cut;
                cut.addRect(visible);
                path = path.intersected(cut);
            }
        }
        if (!path.isEmpty())
            box.shapes.push_back({MathOutline::make(std::move(path), false), 0, static_cast<float>(-height),
                                  1, 1, context.color.rgba(), context.color.isValid()});
    }
    return box;
}

}  // namespace pellucid::app
