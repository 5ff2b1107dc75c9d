// Sentences of storage, and of conversations that come from a file.
#pragma once

#include <span>

namespace pellucid::app {

/// As in error_text.cpp: what Error::what and Error::hint say, %1 … for what they fill in.
std::span<const char* const> storage_sentences();
std::span<const char* const> storage_hints();

}  // namespace pellucid::app
