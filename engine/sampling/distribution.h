// Measures of a whole distribution over the vocabulary, quick enough to take at every token.
#pragma once

#include <span>

#include "engine/base/error.h"

namespace pellucid {

/// Of softmax(logits).
struct Distribution {
    float largest = 0;  ///< the largest logit
    float log_sum = 0;  ///< log of the sum of exp(logit): log-probability of i is logits[i] - log_sum
    float entropy = 0;  ///< nats
};

/// logits f32 [vocab]; -infinity is a token that cannot come. internal (with the place) on NaN or +infinity,
/// or when no token is possible: a broken model or backend, never to be sampled from. Relative error below
/// 1e-5.
Result<Distribution> measure(std::span<const float> logits);

}  // namespace pellucid
