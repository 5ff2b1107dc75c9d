#include "engine/runtime/local_session.h"

#include <algorithm>
#include <limits>

namespace pellucid {

namespace {

/// A reply as the scheduler sees it.
class ReplyWork final : public Work {
public:
    ReplyWork(std::unique_ptr<Generation> generation, std::shared_ptr<ReplyControls> controls,
              int prompt_tokens, AdapterSet adapters, Speculation speculation)
        : generation_(std::move(generation)),
          controls_(std::move(controls)),
          prompt_tokens_(prompt_tokens),
          adapters_(std::move(adapters)),
          drafter_(std::move(speculation.drafter)),
          length_(speculation.most, speculation.row_cost) {}

    Wish wish() override {
        std::lock_guard lock(controls_->mutex);
        if (controls_->cancelled) return Wish::cancel;
        return controls_->paused ? Wish::pause : Wish::run;
    }
    const std::vector<TokenId>& tokens() const override { return generation_->tokens(); }
    int reusable() const override { return std::numeric_limits<int>::max(); }
    bool wants_logits(int) const override { return false; }
    std::span<const AdapterUse> adapters() const override { return adapters_.uses; }
    std::string adapter_domain() const override { return adapters_.domain; }
    int most_rows() const override { return std::numeric_limits<int>::max(); }
    void progress(int stored, int reused) override {
        if (stored <= prompt_tokens_ && !read_) generation_->prompt_progress(stored, reused);
        read_ = read_ || stored >= prompt_tokens_;
    }
    bool wants_hidden() const override { return drafter_ && drafter_->wants_hidden(); }
    void observe(int first, std::vector<std::vector<float>> hidden) override {
        if (auto seen = drafter_->observe(generation_->tokens(), first, std::move(hidden)); !seen)
            generation_->end(FinishReason::failed, seen.error());
    }
    Result<std::vector<TokenId>> draft() override {
        judge();
        if (!drafter_) return std::vector<TokenId>();
        // The last token of the reply comes without a guess behind it.
        const int most = std::min(length_.next(), generation_->room() - 1);
        if (most < 1) return std::vector<TokenId>();
        PELLUCID_TRY(guesses_, drafter_->propose(generation_->tokens(), most));
        first_guess_ = static_cast<int>(generation_->tokens().size());
        return guesses_;
    }
    void drafted(int run) override {
        guesses_.resize(static_cast<std::size_t>(run));
        checked_ = run;
        generation_->count_guesses(run);
    }
    void take(int position, std::span<const float> logits) override {
        std::optional<TokenId> guess;
        if (const auto at = static_cast<std::size_t>(position + 1 - first_guess_); at < guesses_.size())
            guess = guesses_[at];
        generation_->advance(logits, guess);
    }
    /// Guesses are compared with tokens from logits.
    std::optional<SampleSpec> sample_spec() const override {
        return drafter_ ? std::nullopt : generation_->sample_spec();
    }
    void take_sampled(const SampledToken& token) override { generation_->advance(token); }
    bool goes_on() const override { return generation_->room() > 1; }
    bool ended() const override { return generation_->ended(); }
    void end(std::optional<Error> error) override {
        generation_->end(error ? FinishReason::failed : FinishReason::cancelled, std::move(error));
    }

private:
    /// What became of the last guesses.
    void judge() {
        if (checked_ > 0) {
            int kept = 0;
            const auto& tokens = generation_->tokens();
            for (std::size_t at = static_cast<std::size_t>(first_guess_);
                 kept < checked_ && at < tokens.size() &&
                 tokens[at] == guesses_[static_cast<std::size_t>(kept)];
                 ++at)
                ++kept;
            length_.learn(checked_, kept);
        }
        checked_ = 0;
        guesses_.clear();
    }

    const std::unique_ptr<Generation> generation_;
    const std::shared_ptr<ReplyControls> controls_;
    const int prompt_tokens_;
    const AdapterSet adapters_;
    bool read_ = false;                       ///< the prompt was read once: later steps back are not progress
    const std::unique_ptr<Drafter> drafter_;  ///< null: no speculation
    DraftLength length_;
    std::vector<TokenId> guesses_;  ///< of the tokens from first_guess_ on, for the step under way
    int first_guess_ = 0, checked_ = 0;
};

class LocalReply final : public Reply {
public:
    LocalReply(std::shared_ptr<LocalModel> model, std::shared_ptr<ReplyQueue> queue,
               std::shared_ptr<ReplyControls> controls)
        : model_(std::move(model)), queue_(std::move(queue)), controls_(std::move(controls)) {}
    ~LocalReply() override {
        queue_->on_ready({});
        if (!queue_->finished()) set([](ReplyControls& controls) { controls.cancelled = true; });
    }

    std::optional<ReplyEvent> next(std::chrono::milliseconds timeout) override {
        return queue_->next(timeout);
    }
    std::vector<ReplyEvent> drain() override { return queue_->drain(); }
    void on_ready(std::function<void()> wake) override { queue_->on_ready(std::move(wake)); }

    Result<void> control(const Control& control) override {
        if (queue_->finished()) return fail(ErrorCode::invalid_argument, "the reply has already ended");
        const auto& can = model_->capabilities();
        const auto refuse = [](const char* what) {
            return fail(ErrorCode::unsupported, std::string("a running reply cannot ") + what);
        };
        if (std::holds_alternative<Cancel>(control)) {
            set([](ReplyControls& controls) { controls.cancelled = true; });
        } else if (std::holds_alternative<Pause>(control)) {
            set([](ReplyControls& controls) { controls.paused = true; });
        } else if (std::holds_alternative<Resume>(control)) {
            set([](ReplyControls& controls) { controls.paused = false; });
        } else if (std::holds_alternative<EndThought>(control)) {
            if (!can.end_thought) return refuse("end its thought: this model does not think apart");
            set([](ReplyControls& controls) { controls.end_thought = true; });
        } else if (const auto* budget = std::get_if<SetBudget>(&control)) {
            if (!can.set_budget) return refuse("have a budget: this model does not think apart");
            set([&](ReplyControls& controls) { controls.budget = budget->tokens; });
        } else {
            return refuse(std::holds_alternative<Inject>(control) ? "take a hint in this version"
                                                                  : "be rewound in this version");
        }
        return {};
    }

private:
    template <typename Change>
    void set(Change change) {
        {
            std::lock_guard lock(controls_->mutex);
            change(*controls_);
        }
        model_->scheduler().wake();
    }

    const std::shared_ptr<LocalModel> model_;
    const std::shared_ptr<ReplyQueue> queue_;
    const std::shared_ptr<ReplyControls> controls_;
};

}  // namespace

Result<Prompt> LocalSession::prompt_of(const Request& request, const AdapterSet& adapters) {
    PELLUCID_TRY(Prompt prompt, make_prompt(model_->prompt_maker(), request));
    prompt.ledger.cached_tokens = model_->scheduler().cached_prefix(prompt.ledger.tokens, adapters.domain);
    return prompt;
}

Result<Ledger> LocalSession::plan(const Request& request) {
    PELLUCID_TRY(const AdapterSet adapters, model_->adapters(request.adapters));
    PELLUCID_TRY(Prompt prompt, prompt_of(request, adapters));
    return std::move(prompt.ledger);
}

Result<std::shared_ptr<Reply>> LocalSession::generate(const Request& request) {
    std::lock_guard lock(mutex_);
    if (const auto running = running_.lock(); running && !running->finished())
        return fail(ErrorCode::busy, "this session is already replying", "stop the running reply first");
    if (const auto lost = model_->scheduler().lost()) return fail(*lost);
    PELLUCID_TRY(AdapterSet adapters, model_->adapters(request.adapters));
    PELLUCID_TRY(const Prompt prompt, prompt_of(request, adapters));
    PELLUCID_CHECK(check_room(prompt.ledger));
    auto queue = std::make_shared<ReplyQueue>();
    auto controls = std::make_shared<ReplyControls>();
    controls->budget = request.thinking.budget_tokens;
    PELLUCID_TRY(auto generation, Generation::make(model_->prompt_maker(), request, prompt, queue, controls));
    PELLUCID_TRY(Speculation speculation, model_->speculate(request.sampling));
    model_->scheduler().add(std::make_shared<ReplyWork>(std::move(generation), controls,
                                                        static_cast<int>(prompt.ledger.tokens.size()),
                                                        std::move(adapters), std::move(speculation)));
    running_ = queue;
    return std::shared_ptr<Reply>(std::make_shared<LocalReply>(model_, queue, controls));
}

}  // namespace pellucid
