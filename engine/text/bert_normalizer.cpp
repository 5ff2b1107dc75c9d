#include "engine/text/bert_normalizer.h"

#include <unicode/bytestream.h>
#include <unicode/normalizer2.h>
#include <unicode/stringpiece.h>
#include <unicode/uchar.h>

#include <utility>

#include "engine/text/utf8.h"

namespace pellucid {

namespace {

template <typename Fn>
void each_character(std::string_view text, Fn&& fn) {
    for (std::size_t at = 0; at < text.size();) {
        const Utf8Char character = decode_utf8(text, at);
        fn(character.code_point, text.substr(at, character.length));
        at += character.length;
    }
}

bool is_space(char32_t code) {
    return u_isUWhiteSpace(static_cast<UChar32>(code));
}

/// The tables of the `tokenizers` library are Unicode 8.0's.
bool is_of_unicode_8(char32_t code) {
    UVersionInfo age;
    u_charAge(static_cast<UChar32>(code), age);
    return age[0] <= 8;
}

/// Control, format and private-use characters, but not those that are white space to BERT.
bool is_control(char32_t code) {
    if (code == '\t' || code == '\n' || code == '\r') return false;
    const auto mask = U_MASK(u_charType(static_cast<UChar32>(code)));
    return (mask & (U_GC_CC_MASK | U_GC_CF_MASK | U_GC_CO_MASK)) != 0 && is_of_unicode_8(code);
}

bool is_chinese(char32_t code) {
    constexpr std::pair<char32_t, char32_t> kRanges[] = {
        {0x4E00, 0x9FFF},   {0x3400, 0x4DBF},   {0x20000, 0x2A6DF}, {0x2A700, 0x2B73F},
        {0x2B740, 0x2B81F}, {0x2B920, 0x2CEAF}, {0xF900, 0xFAFF},   {0x2F800, 0x2FA1F},
    };
    for (const auto& [first, last] : kRanges)
        if (code >= first && code <= last) return true;
    return false;
}

std::string decomposed(std::string_view text) {
    std::string out;
    UErrorCode status = U_ZERO_ERROR;
    const icu::Normalizer2* normalizer = icu::Normalizer2::getNFDInstance(status);
    if (U_SUCCESS(status)) {
        icu::StringByteSink<std::string> sink(&out);
        normalizer->normalizeUTF8(0, {text.data(), static_cast<std::int32_t>(text.size())}, sink, nullptr,
                                  status);
    }
    return U_SUCCESS(status) ? out : std::string(text);  // it fails only where ICU's own data is missing
}

}  // namespace

std::string without_marks(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    each_character(text, [&](char32_t code, std::string_view bytes) {
        if (u_charType(static_cast<UChar32>(code)) != U_NON_SPACING_MARK || !is_of_unicode_8(code))
            out += bytes;
    });
    return out;
}

void append_lower_case(std::string& out, char32_t code_point) {
    // The one character whose lower case is two in every language and place.
    if (code_point == 0x130) {
        out += "i\xCC\x87";
        return;
    }
    append_utf8(out, static_cast<char32_t>(u_tolower(static_cast<UChar32>(code_point))));
}

std::string BertNormalizer::rewrite(std::string_view text) const {
    std::string out;
    out.reserve(text.size() + text.size() / 8);
    each_character(text, [&](char32_t code, std::string_view bytes) {
        if (clean_text) {
            if (code == 0 || code == 0xFFFD || is_control(code)) return;
            if (is_space(code)) {
                out += ' ';
                return;
            }
        }
        const bool spaced = space_chinese && is_chinese(code);
        if (spaced) out += ' ';
        out += bytes;
        if (spaced) out += ' ';
    });
    if (strip_accents) out = without_marks(decomposed(out));
    if (lowercase) {
        std::string lower;
        lower.reserve(out.size());
        each_character(out, [&](char32_t code, std::string_view) { append_lower_case(lower, code); });
        out = std::move(lower);
    }
    return out;
}

}  // namespace pellucid
