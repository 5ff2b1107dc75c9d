// What a person may set about sampling. The host samplers carry it out; device samplers take the part they
// know.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/base/error.h"

namespace pellucid {

/// Sampler settings. A value at its "off" default costs nothing. Order applied: penalties, DRY, top-k,
/// typical, top-p, min-p, temperature. temperature 0 is greedy. The same seed gives the same tokens on the
/// same backend.
struct SamplingSpec {
    float temperature = 0.8f;
    int top_k = 40;                   ///< 0: off
    float top_p = 0.95f;              ///< 1: off
    float min_p = 0.05f;              ///< 0: off
    float typical_p = 1.0f;           ///< 1: off
    float repetition_penalty = 1.0f;  ///< 1: off
    float presence_penalty = 0.0f;
    float frequency_penalty = 0.0f;
    int penalty_window = 64;      ///< tokens looked back at; -1: the whole context
    float dry_multiplier = 0.0f;  ///< 0: off
    float dry_base = 1.75f;
    int dry_allowed_length = 2;
    int dry_window = -1;  ///< -1: the whole context
    std::vector<std::string> dry_breakers = {"\n", ":", "\"", "*"};
    std::uint64_t seed = 0;  ///< used as given; the caller draws a random one and keeps it in the receipt
};

/// invalid_argument naming the first setting that is out of its range, with the range.
Result<void> check(const SamplingSpec& spec);

}  // namespace pellucid
