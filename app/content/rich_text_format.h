// Properties that RichTextFill gives to character formats and RichTextOverlay reads back.
#pragma once

#include <QTextFormat>

namespace pellucid::app::rich_text {

enum Property {
    kTex = QTextFormat::UserProperty +
           1,  // QString: a formula's TeX (on its object character or on its source shown)
    kDisplay,  // bool: in display style
    kAscent,   // qreal, pixels
    kDescent,
    kWidth,
    kChip,     // int: characters of one inline code share its number
    kPadding,  // bool: a space that only pads a chip
    kPlace,    // bool: the character keeps the place of a formula
    kBroken,   // bool: TeX that cannot be set, shown as source
    kCite,     // int: a citation chip's number
    kDoubt,    // int: a doubted sentence's number
};
/// Empty glyph of Pellucid Mono that is no white space: it keeps the place of a formula. (An inline object
/// would do, but Qt Quick paints the selection over objects twice; only formulas higher than a line are
/// objects.)
constexpr char16_t kPlaceCharacter = 0xE100;
constexpr int kMathObject = QTextFormat::UserObject + 1;

}  // namespace pellucid::app::rich_text
