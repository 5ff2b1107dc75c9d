// The byte alphabet of GPT-2's tokenizer: each byte has a printable character, so that a vocabulary is plain
// text. Printable Latin-1 bytes stand for themselves; the 68 others take U+0100, U+0101, … in order of their
// value.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace pellucid {

/// The character that stands for `byte`, as UTF-8 (1 or 2 bytes).
std::string_view byte_letter(unsigned char byte);

/// `bytes` spelled in the alphabet, e.g. " the" as "Ġthe".
std::string spell_bytes(std::string_view bytes);

/// The bytes that `spelling` stands for; nothing if a character of it is outside the alphabet.
std::optional<std::string> unspell_bytes(std::string_view spelling);

}  // namespace pellucid
