// Outlines and widths of KaTeX's fonts.
#pragma once

#include <QFont>
#include <QPainterPath>
#include <QRawFont>
#include <QString>
#include <map>

namespace pellucid::app {

/// Which of KaTeX's faces: "Main", "Math", "AMS", "Size1" …
struct MathFace {
    QString family = QStringLiteral("Main");
    bool bold = false;
    bool italic = false;
};

/// Loads faces from the resources when first used. A QRawFont belongs to its thread, and so does this.
class MathFonts {
public:
    struct Run {
        QPainterPath path;  // em, origin at the left end of the baseline
        qreal width = 0;    // em
        int missing = 0;    // characters without a glyph anywhere
    };
    /// Characters that KaTeX's fonts lack (Chinese in \text) come from the interface's fonts.
    Run run(const MathFace& face, const QString& text);

private:
    static constexpr int kUnits = 1000;  // pixel size the outlines are taken at
    const QRawFont& font(const MathFace& face);
    std::map<QString, QRawFont> fonts_;
};

}  // namespace pellucid::app
