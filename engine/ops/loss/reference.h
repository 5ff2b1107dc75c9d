// How surprised a model is: cross entropy of single tokens, and perplexity with its standard error over many.
#pragma once

#include <cstdint>
#include <span>

#include "engine/base/token.h"

namespace pellucid {

/// -log softmax(logits)[id] in nats. logits: [vocabulary] f32. PRECONDITION: id in range.
double token_loss(std::span<const float> logits, TokenId id);

/// Running mean and variance of losses (Welford), so that a text of any length takes no memory.
class Perplexity {
public:
    void add(double loss);

    std::int64_t tokens() const { return tokens_; }
    double mean_loss() const { return mean_; }
    double value() const;  ///< exp(mean loss); 1 with no tokens
    /// Of value(), by the delta method: value * standard error of the mean loss. 0 with fewer than two
    /// tokens. It takes tokens for independent, as every published figure does.
    double standard_error() const;

private:
    std::int64_t tokens_ = 0;
    double mean_ = 0, squares_ = 0;  // squares_: summed squared distance from the mean
};

}  // namespace pellucid
