#include "engine/runtime/generation.h"

#include <algorithm>
#include <cmath>

namespace pellucid {

namespace {

double seconds(Generation::Clock::duration duration) {
    return std::chrono::duration<double>(duration).count();
}

/// Longest character is four bytes: a thought is never cut inside one, but a broken stream may not hold it
/// open either.
constexpr std::size_t kLongestHold = 3;

}  // namespace

Result<std::unique_ptr<Generation>> Generation::make(const PromptMaker& maker, const Request& request,
                                                     const Prompt& prompt, std::shared_ptr<ReplyQueue> queue,
                                                     std::shared_ptr<ReplyControls> controls) {
    PELLUCID_TRY(auto sampler, Sampler::make(request.sampling, maker.tokenizer, request.top_alternatives));
    return std::unique_ptr<Generation>(
        new Generation(maker, request, prompt, std::move(sampler), std::move(queue), std::move(controls)));
}

Generation::Generation(const PromptMaker& maker, const Request& request, const Prompt& prompt,
                       std::unique_ptr<Sampler> sampler, std::shared_ptr<ReplyQueue> queue,
                       std::shared_ptr<ReplyControls> controls)
    : maker_(maker),
      queue_(std::move(queue)),
      controls_(std::move(controls)),
      sampler_(std::move(sampler)),
      segmenter_(maker.format, prompt.start),
      stop_(request.stop),
      max_tokens_(request.max_tokens),
      ignore_end_(request.ignore_end),
      context_length_(maker.context_length),
      thought_tokens_before_(prompt.thought_tokens_before),
      tokens_(prompt.ledger.tokens),
      started_(Clock::now()) {
    finish_.timings.prompt_tokens = static_cast<int>(tokens_.size());
    finish_.timings.cached_tokens = prompt.ledger.cached_tokens;
}

void Generation::prompt_progress(int done, int cached) {
    finish_.timings.cached_tokens = cached;
    queue_->push(PromptProgress{done, finish_.timings.prompt_tokens, cached});
}

bool Generation::thought_must_end() {
    if (!segmenter_.in_thought() || maker_.format.family == ThoughtFamily::none || !maker_.tokenizer)
        return false;
    std::lock_guard lock(controls_->mutex);
    const bool wanted = controls_->end_thought ||
                        (controls_->budget && thought_tokens_before_ + thought_tokens_ >= *controls_->budget);
    return wanted && (utf8_.pending().empty() || utf8_.pending().size() > kLongestHold);
}

/// Writes the end of the thought as the template would, for the model to go on from in its answer.
void Generation::close_thought() {
    std::string closing = maker_.format.closing_text();
    const std::string said =
        tokens_.empty() ? std::string() : maker_.tokenizer->bytes_of(tokens_.back(), true);
    if (said.ends_with("\n") && closing.starts_with("\n")) closing.erase(0, 1);
    for (const TokenId id : maker_.tokenizer->encode(closing, {.parse_special = true})) {
        TokenInfo info;
        info.id = id;
        take(std::move(info), false);
    }
    finish_.answered_early = true;
}

TokenInfo Generation::describe(const SampledToken& token) const {
    TokenInfo info{token.id, token.logprob, token.entropy, {}};
    for (const auto& [id, logprob] : token.alternatives)
        info.alternatives.push_back(
            {id, maker_.tokenizer ? maker_.tokenizer->bytes_of(id, true) : std::string(), logprob});
    return info;
}

int Generation::room() const {
    const int context = context_length_ - static_cast<int>(tokens_.size());
    return max_tokens_ < 0 ? context : std::min(context, max_tokens_ - sampled_);
}

void Generation::advance(std::span<const float> logits, std::optional<TokenId> guess) {
    advance_by([&] { return sampler_->sample(logits, tokens_, tokens_.size()); }, guess);
}

void Generation::advance(const SampledToken& token) {
    advance_by(
        [&]() -> Result<SampledToken> {
            if (token.id < 0 || !std::isfinite(token.logprob) || !std::isfinite(token.entropy))
                return fail(ErrorCode::internal, "the model's output leaves no token possible",
                            "verify the model file");
            return token;
        },
        {});
}

void Generation::advance_by(const std::function<Result<SampledToken>()>& choose,
                            std::optional<TokenId> guess) {
    if (ended_) return;
    last_token_ = Clock::now();
    if (sampled_ == 0 && first_token_ == Clock::time_point{}) first_token_ = last_token_;
    if (thought_must_end()) {
        close_thought();
        if (static_cast<int>(tokens_.size()) >= context_length_) end(FinishReason::context_full);
        return;
    }
    if (max_tokens_ >= 0 && sampled_ >= max_tokens_) return end(FinishReason::length);
    const auto token = choose();
    if (!token) return end(FinishReason::failed, token.error());
    if (guess == token->id) ++finish_.timings.accepted_tokens;
    if (!ignore_end_ && maker_.tokenizer && ends_reply(maker_.format, *maker_.tokenizer, token->id))
        return end(FinishReason::end_of_turn);
    ++sampled_;
    take(describe(*token), true);
    if (stop_.matched()) return end(FinishReason::stop_string);
    if (max_tokens_ >= 0 && sampled_ >= max_tokens_) return end(FinishReason::length);
    if (static_cast<int>(tokens_.size()) >= context_length_) return end(FinishReason::context_full);
}

/// A token joins the context, and its text the reply.
void Generation::take(TokenInfo info, bool sampled) {
    const TokenId id = info.id;
    tokens_.push_back(id);
    const bool thinking = segmenter_.in_thought();
    if (!maker_.tokenizer) {  // no text: the ids themselves are the reply
        ++finish_.timings.answer_tokens;
        queue_->push(Delta{Delta::Channel::answer, {}, {std::move(info)}});
        return;
    }
    infos_.push_back(std::move(info));
    std::string text;
    if (segmenter_.is_mark(id))
        text = utf8_.flush() + maker_.tokenizer->bytes_of(id, true);
    else
        text = utf8_.push(maker_.tokenizer->bytes_of(id));
    tell(segmenter_.feed(id, text));
    if (sampled) {
        const bool in_thought = thinking || segmenter_.in_thought();
        ++(in_thought ? finish_.timings.thought_tokens : finish_.timings.answer_tokens);
        thought_tokens_ += in_thought;
    }
    if (thinking && !segmenter_.in_thought()) thought_ended_ = Clock::now();
}

void Generation::tell(const std::vector<Segment>& segments) {
    for (const auto& segment : segments) {
        const bool shown = segment.channel != Segment::Channel::tag;
        const auto channel = segment.channel == Segment::Channel::thought     ? Delta::Channel::thought
                             : segment.channel == Segment::Channel::tool_call ? Delta::Channel::tool_call
                                                                              : Delta::Channel::answer;
        if (shown && channel != channel_) {
            show(channel_, stop_.finish());
            showing_.clear();
            channel_ = channel;
        }
        for (int i = 0; i < segment.tokens && !infos_.empty(); ++i) {
            if (shown) showing_.push_back(std::move(infos_.front()));
            infos_.pop_front();
        }
        if (shown) show(channel, channel == Delta::Channel::answer ? stop_.feed(segment.text) : segment.text);
    }
}

void Generation::show(Delta::Channel channel, std::string text) {
    if (text.empty()) return;
    queue_->push(Delta{channel, std::move(text), std::move(showing_)});
    showing_.clear();
}

void Generation::end(FinishReason reason, std::optional<Error> error) {
    if (ended_) return;
    ended_ = true;
    const bool thinking = segmenter_.in_thought();
    if (maker_.tokenizer) {
        if (!stop_.matched()) {
            tell(segmenter_.feed(-1, utf8_.flush()));
            tell(segmenter_.finish());
            show(channel_, stop_.finish());
        }
    }
    auto& timings = finish_.timings;
    if (first_token_ != Clock::time_point{}) {
        timings.prompt_seconds = seconds(first_token_ - started_);
        timings.generate_seconds = seconds(last_token_ - first_token_);
        if (thinking) thought_ended_ = last_token_;
        if (thought_ended_ != Clock::time_point{})
            timings.thought_seconds = seconds(thought_ended_ - first_token_);
    }
    finish_.reason = reason;
    finish_.thought_closed = !thinking;
    finish_.error = std::move(error);
    queue_->push(finish_);
}

}  // namespace pellucid
