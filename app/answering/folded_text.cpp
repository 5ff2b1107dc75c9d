#include "app/answering/folded_text.h"

#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>
#include <unicode/uscript.h>

#include "engine/text/utf8.h"

namespace pellucid::answering {

namespace {

/// What stands for a character whose compatibility form is not enough: quotes and dashes of all shapes.
char32_t plain_sign(char32_t c) {
    switch (c) {
        case 0x2018:
        case 0x2019:
        case 0x201A:
        case 0x201B:
        case 0x2032:
        case 0x02BC:
        case 0x0060:
        case 0x00B4:
            return '\'';
        case 0x201C:
        case 0x201D:
        case 0x201E:
        case 0x201F:
        case 0x2033:
        case 0x00AB:
        case 0x00BB:
        case 0x300C:
        case 0x300D:
        case 0x300E:
        case 0x300F:
            return '"';
        case 0x2010:
        case 0x2011:
        case 0x2012:
        case 0x2013:
        case 0x2014:
        case 0x2015:
        case 0x2212:
        case 0xFE58:
            return '-';
        default:
            return c;
    }
}

bool is_blank(char32_t c) {
    return c == ' ' || (c >= 9 && c <= 13) || c == 0x85 ||
           (c >= 0x80 && u_isUWhiteSpace(static_cast<UChar32>(c)));
}

/// Letters that look like Latin ones, for words that mix scripts to slip past a comparison.
char32_t latin_look_alike(char32_t c) {
    switch (c) {
        case 0x0430:
            return 'a';
        case 0x0435:
            return 'e';
        case 0x043E:
        case 0x03BF:
            return 'o';
        case 0x0440:
        case 0x03C1:
            return 'p';
        case 0x0441:
            return 'c';
        case 0x0443:
            return 'y';
        case 0x0445:
            return 'x';
        case 0x0456:
        case 0x03B9:
            return 'i';
        case 0x0455:
            return 's';
        case 0x0458:
            return 'j';
        case 0x0501:
            return 'd';
        default:
            return 0;
    }
}

}  // namespace

bool is_invisible(char32_t c) {
    return c == 0xAD || c == 0x180E || (c >= 0x200B && c <= 0x200F) || (c >= 0x202A && c <= 0x202E) ||
           (c >= 0x2060 && c <= 0x206F) || c == 0xFEFF || (c >= 0xFE00 && c <= 0xFE0F) ||
           (c >= 0xE0000 && c <= 0xE0FFF);
}

bool is_ideographic(char32_t c) {
    if (c < 0x1100) return false;
    if (c >= 0x4E00 && c <= 0x9FFF) return true;
    if (c == 0x30FC || c == 0x3005 || c == 0x3006 || c == 0x3007) return true;  // ー 々 〆 〇
    UErrorCode status = U_ZERO_ERROR;
    switch (uscript_getScript(static_cast<UChar32>(c), &status)) {
        case USCRIPT_HAN:
        case USCRIPT_HIRAGANA:
        case USCRIPT_KATAKANA:
        case USCRIPT_HANGUL:
        case USCRIPT_BOPOMOFO:
            return true;
        default:
            return false;
    }
}

bool is_letter_or_digit(char32_t c) {
    if (c < 0x80) return (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z');
    return u_isalnum(static_cast<UChar32>(c)) || u_charType(static_cast<UChar32>(c)) == U_NON_SPACING_MARK;
}

FoldedText fold(std::string_view text) {
    FoldedText folded;
    folded.text.reserve(text.size());
    folded.from.reserve(text.size() + 1);
    UErrorCode status = U_ZERO_ERROR;
    const icu::Normalizer2* const form = icu::Normalizer2::getNFKCCasefoldInstance(status);
    bool latin_word = false;  // the word so far has a Latin letter
    const auto put = [&](char32_t c, std::size_t at) {
        c = plain_sign(c);
        if (is_blank(c)) {
            latin_word = false;
            if (!folded.text.empty() && folded.text.back() == ' ') return;
            c = ' ';
        }
        if (c >= 'a' && c <= 'z') latin_word = true;
        if (latin_word)
            if (const char32_t latin = latin_look_alike(c)) c = latin;
        const std::size_t before = folded.text.size();
        append_utf8(folded.text, c);
        folded.from.resize(folded.from.size() + folded.text.size() - before, at);
    };
    for (std::size_t at = 0; at < text.size();) {
        const Utf8Char c = decode_utf8(text, at);
        const std::size_t here = at;
        at += c.length;
        if (c.code_point < 0x80) {
            const char32_t low =
                c.code_point >= 'A' && c.code_point <= 'Z' ? c.code_point + 32 : c.code_point;
            put(low, here);
            continue;
        }
        if (is_invisible(c.code_point)) continue;
        icu::UnicodeString out;
        if (U_FAILURE(status) || !form->getDecomposition(static_cast<UChar32>(c.code_point), out)) {
            put(c.code_point, here);
            continue;
        }
        for (std::int32_t i = 0; i < out.length(); i = out.moveIndex32(i, 1))
            put(static_cast<char32_t>(out.char32At(i)), here);
    }
    folded.from.push_back(text.size());
    return folded;
}

std::vector<Word> words_of(std::string_view folded) {
    std::vector<Word> words;
    const auto kind_of = [](char32_t c) {
        if (c >= '0' && c <= '9') return Word::Kind::digits;
        if (is_ideographic(c)) return Word::Kind::ideograph;
        return is_letter_or_digit(c) ? Word::Kind::letters : Word::Kind::sign;
    };
    for (std::size_t at = 0; at < folded.size();) {
        const Utf8Char c = decode_utf8(folded, at);
        if (c.code_point == ' ') {
            ++at;
            continue;
        }
        Word word{kind_of(c.code_point), {at, at + c.length}, {}};
        at += c.length;
        if (word.kind == Word::Kind::letters || word.kind == Word::Kind::digits) {
            while (at < folded.size()) {
                const Utf8Char next = decode_utf8(folded, at);
                const bool apostrophe =
                    next.code_point == '\'' && word.kind == Word::Kind::letters && at + 1 < folded.size() &&
                    kind_of(decode_utf8(folded, at + 1).code_point) == Word::Kind::letters;
                if (!apostrophe && kind_of(next.code_point) != word.kind) break;
                at += next.length;
            }
            word.span.last = at;
        }
        word.text = folded.substr(word.span.first, word.span.size());
        words.push_back(word);
    }
    return words;
}

}  // namespace pellucid::answering
