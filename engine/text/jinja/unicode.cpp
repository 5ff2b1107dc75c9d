#include "engine/text/jinja/unicode.h"

#include <unicode/locid.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>
#include <unicode/utf8.h>

namespace pellucid::jinja {

std::u32string to_utf32(std::string_view text) {
    std::u32string out;
    out.reserve(text.size());
    const auto* bytes = reinterpret_cast<const std::uint8_t*>(text.data());
    const auto size = static_cast<std::int32_t>(text.size());
    for (std::int32_t i = 0; i < size;) {
        UChar32 c;
        U8_NEXT_OR_FFFD(bytes, i, size, c);
        out += static_cast<char32_t>(c);
    }
    return out;
}

void append_utf8(std::string& out, char32_t c) {
    char buffer[4];
    std::int32_t length = 0;
    UBool failed = false;
    U8_APPEND(reinterpret_cast<std::uint8_t*>(buffer), length, 4, static_cast<UChar32>(c), failed);
    if (failed)
        out += "\xEF\xBF\xBD";
    else
        out.append(buffer, static_cast<std::size_t>(length));
}

std::string to_utf8(char32_t c) {
    std::string out;
    append_utf8(out, c);
    return out;
}

std::string to_utf8(std::u32string_view text) {
    std::string out;
    out.reserve(text.size());
    for (const char32_t c : text) append_utf8(out, c);
    return out;
}

std::size_t code_points(std::string_view text) {
    std::size_t count = 0;
    for (const char c : text) count += (static_cast<unsigned char>(c) & 0xC0) != 0x80;
    return count;
}

bool is_printable(char32_t c) {
    if (c == U' ') return true;
    switch (u_charType(static_cast<UChar32>(c))) {
        case U_CONTROL_CHAR:
        case U_FORMAT_CHAR:
        case U_SURROGATE:
        case U_PRIVATE_USE_CHAR:
        case U_UNASSIGNED:
        case U_LINE_SEPARATOR:
        case U_PARAGRAPH_SEPARATOR:
        case U_SPACE_SEPARATOR:
            return false;
        default:
            return true;
    }
}

bool is_space(char32_t c) {
    // Python: category Zs, or bidirectional class WS, B or S.
    if (c >= 0x1C && c <= 0x1F) return true;
    return u_isUWhiteSpace(static_cast<UChar32>(c));
}
bool is_alpha(char32_t c) {
    const auto mask = U_GET_GC_MASK(static_cast<UChar32>(c));
    return (mask & (U_GC_LU_MASK | U_GC_LL_MASK | U_GC_LT_MASK | U_GC_LM_MASK | U_GC_LO_MASK)) != 0;
}
bool is_digit(char32_t c) {
    const auto type = u_getIntPropertyValue(static_cast<UChar32>(c), UCHAR_NUMERIC_TYPE);
    return type == U_NT_DECIMAL || type == U_NT_DIGIT;
}
bool is_numeric(char32_t c) {
    return u_getIntPropertyValue(static_cast<UChar32>(c), UCHAR_NUMERIC_TYPE) != U_NT_NONE;
}
bool is_upper(char32_t c) {
    return u_hasBinaryProperty(static_cast<UChar32>(c), UCHAR_UPPERCASE);
}
bool is_lower(char32_t c) {
    return u_hasBinaryProperty(static_cast<UChar32>(c), UCHAR_LOWERCASE);
}
bool is_cased(char32_t c) {
    return is_upper(c) || is_lower(c) || u_charType(static_cast<UChar32>(c)) == U_TITLECASE_LETTER;
}

namespace {

std::string converted(std::string_view text, bool to_upper) {
    auto unicode =
        icu::UnicodeString::fromUTF8(icu::StringPiece(text.data(), static_cast<std::int32_t>(text.size())));
    if (to_upper)
        unicode.toUpper(icu::Locale::getRoot());
    else
        unicode.toLower(icu::Locale::getRoot());
    std::string out;
    unicode.toUTF8String(out);
    return out;
}

std::string title_of(char32_t c) {
    const auto titled = static_cast<char32_t>(u_totitle(static_cast<UChar32>(c)));
    return titled == c ? converted(to_utf8(c), true) : to_utf8(titled);
}

}  // namespace

std::string upper(std::string_view text) {
    return converted(text, true);
}
std::string lower(std::string_view text) {
    return converted(text, false);
}

std::string title(std::string_view text) {
    std::string out;
    bool after_cased = false;
    for (const char32_t c : to_utf32(text)) {
        out += after_cased ? lower(to_utf8(c)) : title_of(c);
        after_cased = is_cased(c);
    }
    return out;
}

std::string capitalize(std::string_view text) {
    const auto points = to_utf32(text);
    if (points.empty()) return {};
    return title_of(points[0]) + lower(to_utf8(std::u32string_view(points).substr(1)));
}

std::string swap_case(std::string_view text) {
    std::string out;
    for (const char32_t c : to_utf32(text))
        out += is_upper(c) ? lower(to_utf8(c)) : is_lower(c) ? upper(to_utf8(c)) : to_utf8(c);
    return out;
}

}  // namespace pellucid::jinja
