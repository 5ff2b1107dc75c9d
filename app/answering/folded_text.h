// Text made comparable: one form for all the ways of writing the same letters.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "app/answering/passage.h"

namespace pellucid::answering {

/// True for code points that a person does not see and that carry no meaning of their own: zero widths,
/// joiners, direction marks and overrides, tag characters, soft hyphens.
bool is_invisible(char32_t c);
/// Han, kana, Hangul, Bopomofo: scripts whose characters are counted rather than words.
bool is_ideographic(char32_t c);
bool is_letter_or_digit(char32_t c);

/// NFKC case folded, invisible characters left out, runs of white space one blank, look-alike quotes and
/// dashes one of each. `from[i]` is the byte of the input at which the character of byte i of `text` began;
/// from.size() == text.size() + 1. Any bytes; ill-formed ones become U+FFFD.
struct FoldedText {
    std::string text;
    std::vector<std::size_t> from;

    /// The input's bytes behind [first, last) of `text`.
    Span source(std::size_t first, std::size_t last) const { return {from[first], from[last]}; }
};
FoldedText fold(std::string_view text);

/// A word of a folded text: a run of letters, digits and apostrophes of one kind of script, one ideograph, or
/// one sign of punctuation.
struct Word {
    enum class Kind { letters, digits, ideograph, sign } kind = Kind::letters;
    Span span;  ///< bytes of the folded text
    std::string_view text;
};
/// The views live as long as the text.
std::vector<Word> words_of(std::string_view folded);

}  // namespace pellucid::answering
