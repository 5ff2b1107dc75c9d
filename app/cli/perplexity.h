// How surprised a model is by a text.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "engine/runtime/local_engine.h"

namespace pellucid::cli {

struct Perplexity {
    double value = 0, standard_error = 0, mean_loss = 0;
    std::size_t scored_tokens = 0, windows = 0;
    std::vector<float> losses;  ///< of the scored tokens in their order, as many in every window
};

/// What `other` costs over `base` on the same tokens: the mean difference of their negative log-likelihoods.
/// Tokens of a window share what the model has read, so the standard error is that of the windows' means (of
/// the tokens, where there is one window). PRECONDITION: measured over the same text and windows.
struct PairedDifference {
    double mean = 0, standard_error = 0;
};
PairedDifference paired_difference(const Perplexity& base, const Perplexity& other);

/// How it is measured, in words.
extern const char* const kPerplexityMethod;

/// Over windows of `window` tokens, with a progress line on stderr. unsupported: no tokenizer;
/// invalid_argument: a text shorter than a window (`name` says whose).
Result<Perplexity> measure_perplexity(LocalModel& model, const std::string& text, const std::string& name,
                                      int window);

}  // namespace pellucid::cli
