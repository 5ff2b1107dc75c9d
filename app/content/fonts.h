// The faces of the interface.
#pragma once

#include <QStringList>

namespace pellucid::app {

/// Loads the fonts shipped as resources (Pellucid Figures, Pellucid Mono, KaTeX stays with the maths), lets
/// Chinese fall back to Noto Sans CJK SC in every family of ours, and makes Inter 13 without hinting the
/// application's font. Call once, after QGuiApplication and before the first window. Returns the families
/// that are missing (Inter, Noto Sans CJK SC come from packages): text still shows, in others.
QStringList registerFonts();

}  // namespace pellucid::app
