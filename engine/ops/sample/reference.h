// Choosing the next token from logits by a SampleSpec, scalar. Same seed and position, same token, on every
// backend.
#pragma once

#include <cstdint>
#include <span>

#include "engine/backend/batch.h"

namespace pellucid {

/// Uniform in [0, 1), a pure function of (seed, position): splitmix64's finaliser over both.
double counter_uniform(std::uint64_t seed, std::uint64_t position);

/// Order: temperature, top_k, top_p, min_p, draw. temperature 0 takes the highest logit, the lowest id among
/// equals. logprob and alternatives are of the model's own distribution (temperature 1, nothing cut); entropy
/// in nats. PRECONDITION: logits not empty and finite.
SampledToken sample_reference(std::span<const float> logits, const SampleSpec& spec, int position);

}  // namespace pellucid
