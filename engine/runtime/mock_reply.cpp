#include "engine/runtime/mock_reply.h"

#include <array>
#include <cmath>

namespace pellucid {

namespace {

std::uint32_t hash_of(std::string_view piece) {
    std::uint32_t hash = 2166136261u;
    for (const unsigned char c : piece) hash = (hash ^ c) * 16777619u;
    return hash;
}

/// A believable measurement: mostly sure, now and then torn. Depends only on the text and its place.
TokenInfo measure(std::string_view piece, int index, int alternatives) {
    TokenInfo info;
    info.id = mock_token_id(piece);
    const std::uint32_t hash = hash_of(piece) ^ static_cast<std::uint32_t>(index) * 2654435761u;
    const double doubt = std::pow((hash >> 8 & 0xffff) / 65536.0, 4);
    const double probability = 1.0 - 0.95 * doubt;
    info.logprob = static_cast<float>(std::log(probability));
    info.entropy = static_cast<float>(3.0 * doubt);
    static constexpr std::array kOthers = {" the", " so", ",",   " but",  " that",
                                           " is",  ".",   " we", " then", " not"};
    double rest = 1.0 - probability;
    if (alternatives > 0) info.alternatives.push_back({info.id, std::string(piece), info.logprob});
    for (int i = 1; i < alternatives; ++i) {
        const std::string_view other = kOthers[(hash + i) % kOthers.size()];
        rest *= 0.5;
        info.alternatives.push_back(
            {mock_token_id(other), std::string(other), static_cast<float>(std::log(rest + 1e-9))});
    }
    return info;
}

}  // namespace

TokenId mock_token_id(std::string_view piece) {
    return static_cast<TokenId>(hash_of(piece) % 150000u);
}

MockReply::MockReply(MockPlay play, std::shared_ptr<MockClock> clock, std::shared_ptr<MockCache> cache)
    : play_(std::move(play)),
      clock_(std::move(clock)),
      cache_(std::move(cache)),
      budget_(play_.budget_tokens),
      due_(clock_->now()) {  // here, not in run(): a test may move the clock before the thread has begun
    thread_ = std::thread([this] { run(); });
}

MockReply::~MockReply() {
    queue_.on_ready({});
    {
        std::lock_guard lock(mutex_);
        cancelled_ = true;
    }
    changed_.notify_all();
    thread_.join();
}

Result<void> MockReply::control(const Control& control) {
    if (queue_.finished()) return fail(ErrorCode::invalid_argument, "the reply has already ended");
    const auto& can = play_.capabilities;
    const auto refuse = [](const char* what) {
        return fail(ErrorCode::unsupported, std::string("this engine cannot ") + what + " a running reply");
    };
    {
        std::lock_guard lock(mutex_);
        if (std::holds_alternative<Cancel>(control)) {
            cancelled_ = true;
        } else if (std::holds_alternative<Pause>(control) || std::holds_alternative<Resume>(control)) {
            if (!can.pause) return refuse("pause");
            paused_ = std::holds_alternative<Pause>(control);
        } else if (std::holds_alternative<EndThought>(control)) {
            if (!can.end_thought) return refuse("end the thought of");
            end_thought_ = true;
        } else if (const auto* budget = std::get_if<SetBudget>(&control)) {
            if (!can.set_budget) return refuse("set the budget of");
            budget_ = budget->tokens;
        } else {
            return refuse(std::holds_alternative<Inject>(control) ? "inject text into" : "rewind");
        }
    }
    changed_.notify_all();
    return {};
}

/// Lets scripted time pass. False: the reply was cancelled. Time stands still while paused.
bool MockReply::wait(double seconds) {
    due_ += std::chrono::nanoseconds(std::llround(seconds * 1e9));
    std::unique_lock lock(mutex_);
    for (;;) {
        if (cancelled_) return false;
        const auto now = clock_->now();
        if (paused_) {
            clock_->wait(lock, changed_, now + std::chrono::milliseconds(50));
            due_ += clock_->now() - now;
        } else if (now >= due_) {
            return true;
        } else {
            clock_->wait(lock, changed_, due_);
        }
    }
}

void MockReply::run() {
    const auto start = due_;
    if (process_prompt()) {
        finish_.timings.prompt_seconds = seconds_since(start);
        first_token_ = due_;
        if (play_.script.hang) {
            while (wait(3600)) {
            }
            ended_ = FinishReason::cancelled;
        }
        say_thought();
        say_answer();
    }
    finish();
}

bool MockReply::process_prompt() {
    const int fresh = play_.prompt_tokens - play_.cached_tokens;
    constexpr int kSteps = 10;
    for (int step = 0; step <= kSteps; ++step) {
        if (!wait(step == 0 ? 0 : play_.script.prompt_seconds / kSteps)) {
            ended_ = FinishReason::cancelled;
            return false;
        }
        queue_.push(PromptProgress{play_.cached_tokens + fresh * step / kSteps, play_.prompt_tokens,
                                   play_.cached_tokens});
    }
    return true;
}

/// True when the person or the budget says that the thought has been long enough.
bool MockReply::thought_must_end() {
    std::lock_guard lock(mutex_);
    return end_thought_ ||
           (budget_ && play_.thought_tokens_before + finish_.timings.thought_tokens >= *budget_);
}

void MockReply::say_thought() {
    if (ended_ || !play_.in_thought) return;
    for (const auto piece : mock_tokens(play_.thought)) {
        if (thought_must_end()) {
            finish_.answered_early = true;
            break;
        }
        if (!say_token(Delta::Channel::thought, piece)) {
            finish_.thought_closed = false;
            break;
        }
    }
    finish_.timings.thought_seconds = seconds_since(first_token_);
}

void MockReply::say_answer() {
    if (ended_) return;
    for (const auto piece : mock_tokens(play_.answer))
        if (!say_token(Delta::Channel::answer, piece)) return;
    for (const auto& call : play_.script.tool_calls) {
        queue_.push(Delta{Delta::Channel::tool_call, call.name + call.arguments_json, {}});
        finish_.tool_calls.push_back(call);
    }
}

/// Says one token when its time comes. False: the reply ends here, `ended_` says why.
bool MockReply::say_token(Delta::Channel channel, std::string_view piece) {
    auto& timings = finish_.timings;
    const int said = timings.thought_tokens + timings.answer_tokens;
    if (play_.script.failure && said >= play_.script.fail_after_tokens) {
        ended_ = FinishReason::failed;
    } else if (play_.max_tokens >= 0 && said >= play_.max_tokens) {
        ended_ = FinishReason::length;
    } else if (said >= play_.reply_room) {
        ended_ = FinishReason::context_full;
    } else if (!wait(said > 0 && play_.script.tokens_per_second > 0 ? 1.0 / play_.script.tokens_per_second
                                                                    : 0)) {
        ended_ = FinishReason::cancelled;
    }
    if (ended_) return false;
    (channel == Delta::Channel::thought ? timings.thought_tokens : timings.answer_tokens)++;
    queue_.push(Delta{channel, std::string(piece), {measure(piece, said, play_.top_alternatives)}});
    return true;
}

void MockReply::finish() {
    if (!ended_ && play_.script.failure) ended_ = FinishReason::failed;
    finish_.reason = ended_.value_or(play_.script.reason);
    if (finish_.reason == FinishReason::failed)
        finish_.error =
            play_.script.failure.value_or(Error{ErrorCode::internal, "the script ends with a failure"});
    auto& timings = finish_.timings;
    timings.prompt_tokens = play_.prompt_tokens;
    timings.cached_tokens = play_.cached_tokens;
    if (timings.thought_tokens + timings.answer_tokens > 0)
        timings.generate_seconds = seconds_since(first_token_);
    remember();
    queue_.push(finish_);
}

/// What was said is in the cache from now on. At once, as an engine reserves its pages before: a reply does
/// not take memory token by token.
void MockReply::remember() {
    auto thought = mock_tokens(play_.thought), answer = mock_tokens(play_.answer);
    thought.resize(static_cast<std::size_t>(finish_.timings.thought_tokens));
    answer.resize(static_cast<std::size_t>(finish_.timings.answer_tokens));
    std::lock_guard lock(cache_->mutex);
    cache_->tokens.reserve(cache_->tokens.size() + thought.size() + answer.size());
    for (const auto& pieces : {thought, answer})
        for (const auto piece : pieces) cache_->tokens.push_back(mock_token_id(piece));
}

}  // namespace pellucid
