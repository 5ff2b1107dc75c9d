// Sentences of the hub room, beside those of error_text.cpp.
#pragma once

#include <span>

namespace pellucid::app {

/// As in error_text.cpp: what Error::what and Error::hint say, %1 … for what they fill in.
std::span<const char* const> hub_sentences();
std::span<const char* const> hub_hints();

}  // namespace pellucid::app
