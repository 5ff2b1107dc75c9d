// One scripted reply being played. Private to the MockEngine.
#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "engine/runtime/mock_clock.h"
#include "engine/runtime/mock_script.h"
#include "engine/runtime/reply_queue.h"

namespace pellucid {

/// What a mock session has "in its cache": the ids of its last prompt and reply.
struct MockCache {
    std::mutex mutex;
    std::vector<TokenId> tokens;
};

/// Everything a reply needs, decided before it starts.
struct MockPlay {
    std::string thought, answer;  ///< what is still to be said
    bool in_thought = false;      ///< starts (or goes on) inside a thought
    MockReplyScript script;       ///< pace, failure, reason, tool calls
    Capabilities capabilities;
    std::optional<int> budget_tokens;
    int thought_tokens_before =
        0;  ///< thought tokens of the turn that is continued; they count against the budget
    int max_tokens = -1;
    int top_alternatives = 0;
    int prompt_tokens = 0, cached_tokens = 0, reply_room = 0;
};

/// The id a piece of scripted text has, stable over runs.
TokenId mock_token_id(std::string_view piece);

class MockReply final : public Reply {
public:
    MockReply(MockPlay play, std::shared_ptr<MockClock> clock, std::shared_ptr<MockCache> cache);
    ~MockReply() override;

    std::optional<ReplyEvent> next(std::chrono::milliseconds timeout) override {
        return queue_.next(timeout);
    }
    std::vector<ReplyEvent> drain() override { return queue_.drain(); }
    void on_ready(std::function<void()> wake) override { queue_.on_ready(std::move(wake)); }
    Result<void> control(const Control& control) override;
    bool finished() const { return queue_.finished(); }

private:
    void run();
    bool wait(double seconds);
    bool process_prompt();
    void say_thought();
    void say_answer();
    bool say_token(Delta::Channel channel, std::string_view piece);
    bool thought_must_end();
    void finish();
    void remember();
    double seconds_since(MockClock::Time start) const {
        return std::chrono::duration<double>(due_ - start).count();
    }

    const MockPlay play_;
    const std::shared_ptr<MockClock> clock_;
    const std::shared_ptr<MockCache> cache_;
    ReplyQueue queue_;

    std::mutex mutex_;  ///< guards what control() sets
    std::condition_variable changed_;
    bool cancelled_ = false, paused_ = false, end_thought_ = false;
    std::optional<int> budget_;

    // Of the playing thread alone.
    MockClock::Time due_{};  ///< scripted time now: independent of how late the machine is
    MockClock::Time first_token_{};
    std::optional<FinishReason> ended_;
    Finish finish_;
    std::thread thread_;  // last: starts when everything above stands
};

}  // namespace pellucid
