// Speculation: something cheap guesses the next tokens, the model checks all guesses in one step. A guess is
// kept only where it is the very token that the reply's sampler draws from the model's own logits, so
// speculation changes the speed of a reply and not one token of it.
//
// Leviathan et al. 2023 (arXiv 2211.17192) accept a guess x ~ q with probability min(1, p(x) / q(x)) and
// resample where they do not: the same distribution, other tokens. Here the sampler's noise is keyed (seed,
// position, token), so drawing from p and comparing is the coupling of Daliri, Musco and Suresh 2024 (arXiv
// 2408.07978): for a guess that is certain (a lookup, or the likeliest token) it accepts with p(x), just as
// often; for one that the drafter samples with the same noise at least (1 - tv) / (1 + tv) of the time, where
// Leviathan's rule has 1 - tv. What it gives for that: a seed means the same reply with and without
// speculation, whatever drafts.
#pragma once

#include <span>
#include <vector>

#include "engine/base/error.h"
#include "engine/base/token.h"

namespace pellucid {

/// Guesses for one reply. Called by the scheduler's thread only.
class Drafter {
public:
    virtual ~Drafter() = default;
    /// Whether it reads what the model leaves at each position.
    virtual bool wants_hidden() const { return false; }
    /// hidden f32 [n, n_embd]: RowOutput::hidden of positions [first, first + n), which are in `tokens`, as
    /// is the token after them. Every position that is run is told once, or again where it was run again;
    /// those that came from a cache are not.
    virtual Result<void> observe(std::span<const TokenId> /*tokens*/, int /*first*/,
                                 std::vector<std::vector<float>> /*hidden*/) {
        return {};
    }
    /// Up to `most` tokens that may follow `tokens` (prompt and reply so far). None is always a right answer:
    /// nothing to say, still reading, or no memory. Errors are those of a model that failed.
    virtual Result<std::vector<TokenId>> propose(std::span<const TokenId> tokens, int most) = 0;
};

}  // namespace pellucid
