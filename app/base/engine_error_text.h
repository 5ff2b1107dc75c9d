// Sentences of engine: reading, planning, opening and running a model; those about model files in detail lie
// in model_error_text.h.
#pragma once

#include <span>

namespace pellucid::app {

/// As in error_text.cpp: what Error::what and Error::hint say, %1 … for what they fill in.
std::span<const char* const> engine_sentences();
std::span<const char* const> engine_hints();
/// Parts that stand inside sentences: names of things in files, and what the system says.
std::span<const char* const> engine_parts();

}  // namespace pellucid::app
