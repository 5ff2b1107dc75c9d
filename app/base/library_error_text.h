// Sentences of the model library and of the rows that keep it, beside those of error_text.cpp.
#pragma once

#include <span>

namespace pellucid::app {

/// As in error_text.cpp: what Error::what and Error::hint say, %1 … for what they fill in.
std::span<const char* const> library_sentences();
std::span<const char* const> library_hints();

}  // namespace pellucid::app
