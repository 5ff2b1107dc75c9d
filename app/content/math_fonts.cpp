#include "app/content/math_fonts.h"

#include <QFontMetricsF>
#include <QStringList>

namespace pellucid::app {
namespace {

/// The file of a face; a style that a family lacks falls back to the nearest it has.
QString fileName(const MathFace& face) {
    static const QStringList kFiles = {
        "AMS-Regular",      "Caligraphic-Bold",  "Caligraphic-Regular", "Fraktur-Bold",
        "Fraktur-Regular",  "Main-Bold",         "Main-BoldItalic",     "Main-Italic",
        "Main-Regular",     "Math-BoldItalic",   "Math-Italic",         "SansSerif-Bold",
        "SansSerif-Italic", "SansSerif-Regular", "Script-Regular",      "Size1-Regular",
        "Size2-Regular",    "Size3-Regular",     "Size4-Regular",       "Typewriter-Regular"};
    QStringList styles;
    if (face.bold && face.italic) styles << "BoldItalic";
    if (face.bold) styles << "Bold";
    if (face.italic) styles << "Italic";
    styles << "Regular"
           << "Italic";
    if (face.bold) styles << "BoldItalic";
    for (const QString& style : styles) {
        const QString name = face.family + u'-' + style;
        if (kFiles.contains(name)) return name;
    }
    return QStringLiteral("Main-Regular");
}

}  // namespace

MathOutlinePtr MathFonts::makeSquare() {
    QPainterPath path;
    path.addRect(0, 0, 1, 1);
    return MathOutline::make(path, true);
}

MathFonts::Loaded& MathFonts::font(const MathFace& face) {
    const QString name = fileName(face);
    const auto found = fonts_.find(name);
    if (found != fonts_.end()) return found->second;
    // No hinting: outlines are scaled later. The files lack style bits, so QFont would slant them a second
    // time.
    QRawFont font(QStringLiteral(":/pellucid/katex/fonts/KaTeX_%1.ttf").arg(name), kUnits,
                  QFont::PreferNoHinting);
    return fonts_.emplace(name, Loaded{font, {}}).first->second;
}

const MathOutlinePtr& MathFonts::outline(Loaded& from, quint32 glyph) {
    MathOutlinePtr& found = from.outlines[glyph];
    if (!found)
        found = MathOutline::make(
            QTransform::fromScale(1.0 / kUnits, 1.0 / kUnits).map(from.font.pathForGlyph(glyph)), true);
    return found;
}

MathFonts::Run MathFonts::run(const MathFace& face, const QString& text) {
    Run out;
    Loaded& loaded = font(face);
    const QRawFont& raw = loaded.font;
    const auto put = [&](const MathOutlinePtr& outline) {
        if (!outline->path.isEmpty()) out.shapes.push_back({outline, static_cast<float>(out.width)});
    };
    QString foreign;
    const auto flush = [&] {
        if (foreign.isEmpty()) return;
        QFont fallback(QStringLiteral("Noto Sans CJK SC"));
        fallback.setPixelSize(100);
        fallback.setBold(face.bold);
        QPainterPath path;
        path.addText(0, 0, fallback, foreign);
        put(MathOutline::make(QTransform::fromScale(0.01, 0.01).map(path), false));
        out.width += QFontMetricsF(fallback).horizontalAdvance(foreign) / 100;
        if (path.isEmpty() && !foreign.trimmed().isEmpty()) ++out.missing;
        foreign.clear();
    };
    for (const char32_t c : text.toUcs4()) {
        if (c == 0x200B || c == 0x2061 || c == 0xFE0E) continue;
        const QString one = QString::fromUcs4(&c, 1);
        const QList<quint32> glyphs = raw.isValid() ? raw.glyphIndexesForString(one) : QList<quint32>();
        if (glyphs.size() != 1 || glyphs[0] == 0) {
            if (c == 0xA0 || c == 0x20) {
                flush();
                out.width += 0.25;
                continue;
            }
            foreign += one;
            continue;
        }
        flush();
        put(outline(loaded, glyphs[0]));
        const QList<QPointF> advances = raw.advancesForGlyphIndexes(glyphs);
        out.width += advances.isEmpty() ? 0 : advances[0].x() / kUnits;
    }
    flush();
    return out;
}

}  // namespace pellucid::app
