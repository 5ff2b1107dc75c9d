// How surprised a model is by a text.
#pragma once

#include <cstddef>
#include <string>

#include "engine/runtime/local_engine.h"

namespace pellucid::cli {

struct Perplexity {
    double value = 0, standard_error = 0, mean_loss = 0;
    std::size_t scored_tokens = 0, windows = 0;
};

/// How it is measured, in words.
extern const char* const kPerplexityMethod;

/// Over windows of `window` tokens, with a progress line on stderr. unsupported: no tokenizer;
/// invalid_argument: a text shorter than a window (`name` says whose).
Result<Perplexity> measure_perplexity(LocalModel& model, const std::string& text,
                                      const std::string& name, int window);

}  // namespace pellucid::cli
