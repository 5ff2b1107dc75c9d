// Sentences of the way out (app/network): what Error::what and Error::hint say.
#pragma once

#include <span>

namespace pellucid::app {

/// As in error_text.cpp: what Error::what and Error::hint say, %1 … for what they fill in.
std::span<const char* const> network_sentences();
std::span<const char* const> network_hints();

}  // namespace pellucid::app
