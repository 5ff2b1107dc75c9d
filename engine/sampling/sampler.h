// Chooses the next token from a row of logits on the host.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "engine/backend/batch.h"
#include "engine/sampling/filters.h"
#include "engine/sampling/spec.h"
#include "engine/text/tokenizer.h"

namespace pellucid {

/// A SamplingSpec made ready. Keeps no state between tokens: the same logits, history and position give the
/// same token, whatever was sampled before. Holds scratch memory, so one thread at a time.
///
/// The draw is the Gumbel-max of logit / temperature with noise keyed (seed, position, token): exactly the
/// softmax distribution, and two backends whose logits differ by rounding choose the same token save in a
/// near-tie.
class Sampler {
public:
    /// `tokenizer` (may be null) finds the tokens that break DRY matches. `top_alternatives` 0 to 20.
    /// invalid_argument as check(spec) says.
    static Result<std::unique_ptr<Sampler>> make(SamplingSpec spec, const Tokenizer* tokenizer,
                                                 int top_alternatives = 0);

    /// logits f32 [vocab]; history: every token before `position`, prompt included (penalties and DRY look
    /// back at it). logprob, entropy and alternatives are those of the unfiltered distribution. internal on
    /// NaN or infinite logits.
    Result<SampledToken> sample(std::span<const float> logits, std::span<const TokenId> history,
                                std::uint64_t position);

    const SamplingSpec& spec() const { return spec_; }
    /// The same for a device that samples, where it can say all that is wanted (Runner::samples()).
    std::optional<SampleSpec> for_device() const;

private:
    Sampler(SamplingSpec spec, int top_alternatives)
        : spec_(std::move(spec)), top_alternatives_(top_alternatives) {}
    std::span<const float> penalised(std::span<const float> logits, std::span<const TokenId> history);
    TokenId choose(std::span<const float> logits, std::uint64_t position);

    const SamplingSpec spec_;
    const int top_alternatives_;
    std::vector<std::uint8_t> breaker_;  ///< [vocab], empty without DRY
    std::vector<float> adjusted_;        ///< [vocab] logits after penalties
    std::vector<Candidate> candidates_, alternatives_;
};

}  // namespace pellucid
