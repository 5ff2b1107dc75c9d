// The single steps of sampling, each by its published definition, over a list of candidates.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "engine/base/token.h"

namespace pellucid {

/// A token that may still be chosen.
struct Candidate {
    TokenId id = 0;
    float logit = 0;
    float probability = 0;  ///< among the candidates still in the list; set by softmax()
};

/// The one order of candidates: larger logit first, then smaller id, so that equal logits give equal results
/// everywhere.
inline bool better(const Candidate& a, const Candidate& b) {
    return a.logit != b.logit ? a.logit > b.logit : a.id < b.id;
}

/// The k best of logits [vocab], best first. k >= vocab sorts them all. Candidates at -infinity are left out.
/// One pass and a buffer of O(k), no sort of the vocabulary.
void select_top(std::span<const float> logits, std::size_t k, std::vector<Candidate>& out);

/// Sets probability from logit (temperature 1) over the list.
void softmax(std::vector<Candidate>& candidates);

/// Nucleus (Holtzman et al. 2019): the fewest most likely candidates whose probabilities reach p.
void keep_top_p(std::vector<Candidate>& candidates, float p);
/// Nguyen et al. 2024: those at least min_p times as likely as the most likely.
void keep_min_p(std::vector<Candidate>& candidates, float min_p);
/// Locally typical (Meister et al. 2022): in order of |-log p - entropy|, the fewest that reach mass p.
void keep_typical(std::vector<Candidate>& candidates, float p);
// The three keep at least one candidate, expect probabilities set, and leave probabilities as they were (the
// next filter's softmax() renormalises). Order of the result: unspecified but deterministic.

/// How often each id occurs; ids outside [0, vocab) are ignored. Sorted by id.
struct TokenCount {
    TokenId id = 0;
    int count = 0;
};
std::vector<TokenCount> count_tokens(std::span<const TokenId> window, std::size_t vocab);

/// Repetition (Keskar et al. 2019: positive logits divided, others multiplied), then frequency x count and
/// presence subtracted (OpenAI API). logits [vocab].
void apply_penalties(std::span<float> logits, std::span<const TokenCount> counts, float repetition,
                     float presence, float frequency);

/// DRY ("don't repeat yourself", p-e-w 2024): a token that would extend a repetition of the text's end by
/// `length` earlier-seen tokens loses multiplier * base^(length - allowed_length) once length >=
/// allowed_length.
struct DryRule {
    float multiplier = 0, base = 1.75f;
    int allowed_length = 2;
    std::span<const std::uint8_t>
        breaker;  ///< [vocab] 1: a match does not run across this token, nor end in it
};
/// logits [vocab]; time linear in the history.
void apply_dry(std::span<float> logits, std::span<const TokenId> history, const DryRule& rule);

}  // namespace pellucid
