// Outlines and widths of KaTeX's fonts.
#pragma once

#include <QFont>
#include <QPainterPath>
#include <QRawFont>
#include <QString>
#include <map>
#include <unordered_map>

#include "app/content/math_layout.h"

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
        std::vector<MathLayout::Shape> shapes;  // em, origin at the left end of the baseline
        qreal width = 0;                        // em
        int missing = 0;                        // characters without a glyph anywhere
    };
    /// Characters that KaTeX's fonts lack (Chinese in \text) come from the interface's fonts.
    Run run(const MathFace& face, const QString& text);
    /// From (0, 0) to (1, 1): what rules are made of.
    const MathOutlinePtr& square() const { return square_; }
    /// Taken by whoever paints the outlines given out here.
    const std::shared_ptr<QMutex>& painting() const { return painting_; }

private:
    static constexpr int kUnits = 1000;  // pixel size the outlines are taken at
    /// A face and the outlines of its glyphs that were used so far, in em.
    struct Loaded {
        QRawFont font;
        std::unordered_map<quint32, MathOutlinePtr> outlines;
    };
    Loaded& font(const MathFace& face);
    static const MathOutlinePtr& outline(Loaded& from, quint32 glyph);

    std::map<QString, Loaded> fonts_;
    MathOutlinePtr square_ = makeSquare();
    std::shared_ptr<QMutex> painting_ = std::make_shared<QMutex>();
    static MathOutlinePtr makeSquare();
};

}  // namespace pellucid::app
