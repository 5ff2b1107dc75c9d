// Sentences of engine about model files, folders, adapters, encoders and what guesses for a model, beside
// those of error_text.cpp.
#pragma once

#include <span>

namespace pellucid::app {

/// As in error_text.cpp: what Error::what and Error::hint say, %1 … for what they fill in. Looked through
/// first: some are longer forms of sentences there.
std::span<const char* const> model_sentences();
std::span<const char* const> model_hints();

}  // namespace pellucid::app
