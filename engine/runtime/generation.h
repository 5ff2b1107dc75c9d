// What becomes of a model's outputs: sampling, end of reply, thought and answer, stop strings, budget,
// timings. Knows no Runner: logits come in, tokens to be fed next go out, events go to a queue.
#pragma once

#include <chrono>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "engine/runtime/prompt.h"
#include "engine/runtime/reply_queue.h"
#include "engine/runtime/session.h"
#include "engine/sampling/sampler.h"
#include "engine/sampling/stop.h"
#include "engine/segment/segmenter.h"
#include "engine/text/utf8_stream.h"

namespace pellucid {

/// What a person asked of a running reply. Set from any thread, read by the scheduler at every token.
struct ReplyControls {
    std::mutex mutex;
    bool cancelled = false, paused = false, end_thought = false;
    std::optional<int> budget;
};

class Generation {
public:
    using Clock = std::chrono::steady_clock;

    /// `maker` outlives this. invalid_argument for settings out of range.
    static Result<std::unique_ptr<Generation>> make(const PromptMaker& maker, const Request& request,
                                                    const Prompt& prompt, std::shared_ptr<ReplyQueue> queue,
                                                    std::shared_ptr<ReplyControls> controls);

    /// Prompt and reply so far: every token that the model has seen or shall see next.
    const std::vector<TokenId>& tokens() const { return tokens_; }

    /// The prompt is being read.
    void prompt_progress(int done, int cached);
    /// Logits f32 [vocab] of the last of tokens(). Appends the next token, or several (a closed thought), or
    /// ends. `guess`: what speculation holds the next token to be.
    void advance(std::span<const float> logits, std::optional<TokenId> guess = {});
    /// The same with the next token chosen by the device, as sample_spec() asked.
    void advance(const SampledToken& token);
    /// How a device may choose the next token; nothing: only advance() with logits will do.
    std::optional<SampleSpec> sample_spec() const { return sampler_->for_device(); }
    /// So many guesses are checked by the next logits.
    void count_guesses(int count) { finish_.timings.drafted_tokens += count; }
    /// Tokens that the reply may still grow by.
    int room() const;
    /// Ends the reply from outside: cancelled, or failed with its reason.
    void end(FinishReason reason, std::optional<Error> error = {});
    bool ended() const { return ended_; }

private:
    Generation(const PromptMaker& maker, const Request& request, const Prompt& prompt,
               std::unique_ptr<Sampler> sampler, std::shared_ptr<ReplyQueue> queue,
               std::shared_ptr<ReplyControls> controls);
    void advance_by(const std::function<Result<SampledToken>()>& choose, std::optional<TokenId> guess);
    bool thought_must_end();
    void close_thought();
    void take(TokenInfo info, bool sampled);
    void tell(const std::vector<Segment>& segments);
    void show(Delta::Channel channel, std::string text);
    TokenInfo describe(const SampledToken& token) const;

    const PromptMaker& maker_;
    const std::shared_ptr<ReplyQueue> queue_;
    const std::shared_ptr<ReplyControls> controls_;
    const std::unique_ptr<Sampler> sampler_;
    Segmenter segmenter_;
    StopMatcher stop_;
    Utf8Stream utf8_;
    const int max_tokens_;
    const bool ignore_end_;
    const int context_length_, thought_tokens_before_;

    std::vector<TokenId> tokens_;
    std::deque<TokenInfo> infos_;     ///< of tokens that the segmenter still holds
    std::vector<TokenInfo> showing_;  ///< of tokens whose text waits to be shown
    Delta::Channel channel_ = Delta::Channel::answer;
    int sampled_ = 0;
    int thought_tokens_ = 0;
    bool ended_ = false;

    Clock::time_point started_, first_token_{}, last_token_{}, thought_ended_{};
    Finish finish_;
};

}  // namespace pellucid
