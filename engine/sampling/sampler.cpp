#include "engine/sampling/sampler.h"

#include <algorithm>
#include <cmath>

#include "engine/base/random.h"
#include "engine/sampling/distribution.h"

namespace pellucid {

namespace {

/// The tokens that end a DRY match: those whose text holds a breaker. A breaker longer than any token is
/// known by the last token of its encoding, as DRY's author has it.
std::vector<std::uint8_t> find_breakers(const Tokenizer& tokenizer,
                                        const std::vector<std::string>& breakers) {
    std::vector<std::uint8_t> found(tokenizer.vocabulary_size(), 0);
    std::vector<bool> met(breakers.size(), false);
    for (std::size_t id = 0; id < found.size(); ++id) {
        const std::string text = tokenizer.bytes_of(static_cast<TokenId>(id));
        for (std::size_t b = 0; b < breakers.size(); ++b) {
            if (breakers[b].empty() || text.find(breakers[b]) == std::string::npos) continue;
            found[id] = 1;
            met[b] = true;
        }
    }
    for (std::size_t b = 0; b < breakers.size(); ++b) {
        if (met[b] || breakers[b].empty()) continue;
        const auto ids = tokenizer.encode("a" + breakers[b], {.parse_special = false});
        if (!ids.empty() && ids.back() >= 0 && static_cast<std::size_t>(ids.back()) < found.size())
            found[static_cast<std::size_t>(ids.back())] = 1;
    }
    return found;
}

/// The last `window` tokens; all of them if it is negative.
std::span<const TokenId> last(std::span<const TokenId> history, int window) {
    if (window < 0 || static_cast<std::size_t>(window) >= history.size()) return history;
    return history.last(static_cast<std::size_t>(window));
}

}  // namespace

Result<void> check(const SamplingSpec& spec) {
    const auto bad = [](const char* name, double value, const char* range) {
        return fail(ErrorCode::invalid_argument, std::string(name) + " is " + std::to_string(value),
                    std::string("give a value ") + range);
    };
    // Written so that NaN fails each test.
    if (!(spec.temperature >= 0 && spec.temperature <= 100))
        return bad("temperature", spec.temperature, "from 0 to 100");
    if (spec.top_k < 0) return bad("top_k", spec.top_k, "of 0 (off) or more");
    if (!(spec.top_p > 0 && spec.top_p <= 1)) return bad("top_p", spec.top_p, "above 0, up to 1 (off)");
    if (!(spec.min_p >= 0 && spec.min_p <= 1)) return bad("min_p", spec.min_p, "from 0 (off) to 1");
    if (!(spec.typical_p > 0 && spec.typical_p <= 1))
        return bad("typical_p", spec.typical_p, "above 0, up to 1 (off)");
    if (!(spec.repetition_penalty > 0 && spec.repetition_penalty <= 100))
        return bad("repetition_penalty", spec.repetition_penalty, "above 0, up to 100; 1 is off");
    if (!(std::abs(spec.presence_penalty) <= 100))
        return bad("presence_penalty", spec.presence_penalty, "from -100 to 100");
    if (!(std::abs(spec.frequency_penalty) <= 100))
        return bad("frequency_penalty", spec.frequency_penalty, "from -100 to 100");
    if (spec.penalty_window < -1) return bad("penalty_window", spec.penalty_window, "of -1 (all) or more");
    if (!(spec.dry_multiplier >= 0 && spec.dry_multiplier <= 100))
        return bad("dry_multiplier", spec.dry_multiplier, "from 0 (off) to 100");
    if (!(spec.dry_base >= 1 && spec.dry_base <= 100)) return bad("dry_base", spec.dry_base, "from 1 to 100");
    if (spec.dry_allowed_length < 1)
        return bad("dry_allowed_length", spec.dry_allowed_length, "of 1 or more");
    if (spec.dry_window < -1) return bad("dry_window", spec.dry_window, "of -1 (all) or more");
    return {};
}

Result<std::unique_ptr<Sampler>> Sampler::make(SamplingSpec spec, const Tokenizer* tokenizer,
                                               int top_alternatives) {
    PELLUCID_CHECK(check(spec));
    if (top_alternatives < 0 || top_alternatives > 20)
        return fail(ErrorCode::invalid_argument, "top_alternatives is " + std::to_string(top_alternatives),
                    "give a value from 0 to 20");
    std::unique_ptr<Sampler> sampler(new Sampler(std::move(spec), top_alternatives));
    if (sampler->spec_.dry_multiplier > 0 && tokenizer)
        sampler->breaker_ = find_breakers(*tokenizer, sampler->spec_.dry_breakers);
    return sampler;
}

std::span<const float> Sampler::penalised(std::span<const float> logits, std::span<const TokenId> history) {
    const bool repeat =
        (spec_.repetition_penalty != 1 || spec_.presence_penalty != 0 || spec_.frequency_penalty != 0) &&
        spec_.penalty_window != 0;
    const bool dry = spec_.dry_multiplier > 0;
    if (!repeat && !dry) return logits;
    adjusted_.assign(logits.begin(), logits.end());
    if (repeat)
        apply_penalties(adjusted_, count_tokens(last(history, spec_.penalty_window), logits.size()),
                        spec_.repetition_penalty, spec_.presence_penalty, spec_.frequency_penalty);
    if (dry)
        apply_dry(adjusted_, last(history, spec_.dry_window),
                  {spec_.dry_multiplier, spec_.dry_base, spec_.dry_allowed_length, breaker_});
    return adjusted_;
}

TokenId Sampler::choose(std::span<const float> logits, std::uint64_t position) {
    if (spec_.temperature == 0) {
        select_top(logits, 1, candidates_);
        return candidates_.front().id;
    }

    const std::size_t k = spec_.top_k > 0 ? static_cast<std::size_t>(spec_.top_k) : logits.size();
    if (k < logits.size()) {
        select_top(logits, k, candidates_);
    } else {  // every token stays: no order is needed yet
        candidates_.clear();
        for (std::size_t i = 0; i < logits.size(); ++i)
            if (logits[i] > -std::numeric_limits<float>::infinity())
                candidates_.push_back({static_cast<TokenId>(i), logits[i], 0});
    }
    if (spec_.typical_p < 1) softmax(candidates_), keep_typical(candidates_, spec_.typical_p);
    if (spec_.top_p < 1) softmax(candidates_), keep_top_p(candidates_, spec_.top_p);
    if (spec_.min_p > 0) softmax(candidates_), keep_min_p(candidates_, spec_.min_p);

    float largest = -std::numeric_limits<float>::infinity();
    for (const auto& candidate : candidates_) largest = std::max(largest, candidate.logit);
    TokenId best = -1;
    double best_score = 0;
    for (const auto& candidate : candidates_) {
        const double score = (candidate.logit - largest) / static_cast<double>(spec_.temperature);
        if (score < -64) continue;  // could win once in 10^27 draws
        const auto word =
            philox4x32({static_cast<std::uint32_t>(position), static_cast<std::uint32_t>(position >> 32),
                        static_cast<std::uint32_t>(candidate.id), 0},
                       spec_.seed)[0];
        const double noisy = score - std::log(-std::log(open_unit(word)));
        // Equal scores go to the smaller id, whatever order the filters left.
        if (best < 0 || noisy > best_score || (noisy == best_score && candidate.id < best))
            best = candidate.id, best_score = noisy;
    }
    return best;
}

std::optional<SampleSpec> Sampler::for_device() const {
    const bool penalties =
        (spec_.repetition_penalty != 1 || spec_.presence_penalty != 0 || spec_.frequency_penalty != 0) &&
        spec_.penalty_window != 0;
    if (penalties || spec_.dry_multiplier > 0 || spec_.typical_p < 1 || top_alternatives_ > 0) return {};
    return SampleSpec{spec_.temperature, spec_.top_k, spec_.top_p, spec_.min_p, spec_.seed, 0};
}

Result<SampledToken> Sampler::sample(std::span<const float> logits, std::span<const TokenId> history,
                                     std::uint64_t position) {
    if (logits.empty()) return fail(ErrorCode::internal, "the model gave no output to sample from");
    PELLUCID_TRY(const Distribution distribution, measure(logits));
    SampledToken token;
    token.id = choose(penalised(logits, history), position);
    token.logprob = logits[static_cast<std::size_t>(token.id)] - distribution.log_sum;
    token.entropy = distribution.entropy;
    if (top_alternatives_ > 0) {
        select_top(logits, static_cast<std::size_t>(top_alternatives_), alternatives_);
        for (const auto& candidate : alternatives_)
            token.alternatives.emplace_back(candidate.id, candidate.logit - distribution.log_sum);
    }
    return token;
}

}  // namespace pellucid
