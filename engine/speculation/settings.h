// What a person may set about speculation.
#pragma once

#include <optional>
#include <string>

#include "engine/base/error.h"

namespace pellucid {

struct SpeculationSettings {
    enum class Kind {
        off,
        lookup,  ///< the prompt and the reply so far
        draft,   ///< a small model with the same vocabulary
        mtp,     ///< the model's own multi-token-prediction layer
    };
    Kind kind = Kind::off;
    std::string draft_model;  ///< path, of Kind::draft
    int most = 0;             ///< most guesses for one step; 0: what suits the kind
    /// What a guess costs (its row and its making), as a share of a step with one row: guesses are made while
    /// they are likelier to be right than that. Estimated from the models where it is not set.
    std::optional<double> guess_cost;

    bool on() const { return kind != Kind::off; }
    int most_guesses() const;
    bool operator==(const SpeculationSettings&) const = default;
};

/// "off", "lookup[,K]", "mtp[,K]", "draft:PATH[,K]" with K from 1 to 64. invalid_argument quotes what is
/// wrong.
Result<SpeculationSettings> parse_speculation(const std::string& text);
std::string to_string(const SpeculationSettings& settings);

}  // namespace pellucid
