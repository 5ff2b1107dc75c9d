// UTF-8, decoded strictly (Unicode 15.0, section 3.9, table 3-7): no overlong forms, no surrogates, nothing
// above U+10FFFF.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace pellucid {

/// One character, or one maximal ill-formed part (then `code_point` is U+FFFD and `well_formed` false).
struct Utf8Char {
    char32_t code_point;
    unsigned length;  ///< bytes taken, at least 1
    bool well_formed;
};

/// The character at text[at]. PRECONDITION: at < text.size(). A sequence that the end of the text cuts is
/// ill-formed.
Utf8Char decode_utf8(std::string_view text, std::size_t at);

/// Length of the longest prefix that is whole, well-formed characters.
std::size_t well_formed_prefix(std::string_view text);

inline bool is_utf8(std::string_view text) {
    return well_formed_prefix(text) == text.size();
}

/// `text` with each maximal ill-formed part replaced by U+FFFD ("substitution of maximal subparts", as
/// browsers do).
std::string to_well_formed_utf8(std::string_view text);

/// Appends `code_point`; U+FFFD in place of a surrogate or a value above U+10FFFF.
void append_utf8(std::string& out, char32_t code_point);

/// True if `bytes` (1 to 3 of them) could be the beginning of a well-formed character.
bool is_utf8_beginning(std::string_view bytes);

}  // namespace pellucid
