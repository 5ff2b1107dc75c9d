// Code-point views of UTF-8 text, as Python strings see it: length, case, classes of characters.
#pragma once

#include <string>
#include <string_view>

namespace pellucid::jinja {

/// Ill-formed bytes become U+FFFD.
std::u32string to_utf32(std::string_view text);
std::string to_utf8(std::u32string_view text);
std::string to_utf8(char32_t c);
void append_utf8(std::string& out, char32_t c);
std::size_t code_points(std::string_view text);

bool is_printable(char32_t c);  ///< Python's str.isprintable
bool is_space(char32_t c);      ///< Python's str.isspace
bool is_alpha(char32_t c);
bool is_digit(char32_t c);
bool is_numeric(char32_t c);
bool is_upper(char32_t c);
bool is_lower(char32_t c);
bool is_cased(char32_t c);

std::string upper(std::string_view text);
std::string lower(std::string_view text);
std::string title(std::string_view text);
std::string capitalize(std::string_view text);
std::string swap_case(std::string_view text);

}  // namespace pellucid::jinja
