#include "engine/runtime/mock_engine.h"

#include <algorithm>

#include "engine/runtime/mock_reply.h"

namespace pellucid {

namespace {

std::string_view name_of(Role role) {
    switch (role) {
        case Role::system:
            return "system";
        case Role::user:
            return "user";
        case Role::assistant:
            return "assistant";
        case Role::tool:
            return "tool";
    }
    return "user";
}

/// What is left of `whole` when `said` was already said; all of it when the two do not agree.
std::string rest_after(const std::string& whole, const std::string& said) {
    return whole.starts_with(said) ? whole.substr(said.size()) : whole;
}

class MockSession final : public Session {
public:
    MockSession(std::shared_ptr<const MockScript> script, const MockModelScript& model, int context_length,
                std::shared_ptr<MockClock> clock)
        : script_(std::move(script)),
          model_(model),
          capabilities_(model.capabilities),
          context_length_(context_length),
          clock_(std::move(clock)) {
        capabilities_.inject = capabilities_.rewind = capabilities_.fork = false;
    }

    const Capabilities& capabilities() const override { return capabilities_; }

    Result<Ledger> plan(const Request& request) override {
        std::lock_guard lock(mutex_);
        return make_ledger(request);
    }

    Result<std::shared_ptr<Reply>> generate(const Request& request) override {
        std::lock_guard lock(mutex_);
        if (const auto running = running_.lock(); running && !running->finished())
            return fail(ErrorCode::busy, "this session is already replying", "stop the running reply first");
        PELLUCID_TRY(Ledger ledger, make_ledger(request));
        if (ledger.reply_room <= 0)
            return fail(ErrorCode::context_overflow,
                        "the prompt has " + std::to_string(ledger.tokens.size()) +
                            " tokens and the context holds " + std::to_string(ledger.context_length),
                        "remove earlier messages or open the model with a longer context");
        MockPlay play = make_play(request, ledger);
        {
            std::lock_guard cache_lock(cache_->mutex);
            cache_->tokens = ledger.tokens;
        }
        auto reply = std::make_shared<MockReply>(std::move(play), clock_, cache_);
        running_ = reply;
        return std::shared_ptr<Reply>(reply);
    }

private:
    Result<Ledger> make_ledger(const Request& request) const {
        Ledger ledger;
        ledger.context_length = context_length_;
        ledger.thinking_supported = capabilities_.thinking;
        if (const auto* conversation = std::get_if<Conversation>(&request.input)) {
            if (!capabilities_.chat)
                return fail(ErrorCode::unsupported,
                            model_.info.name + " is a base model without a chat template",
                            "use plain completion, or choose a model that was trained to chat");
            render(*conversation, request.thinking, ledger);
        } else if (const auto* text = std::get_if<std::string>(&request.input)) {
            add(ledger, *text);
        } else {
            ledger.tokens = std::get<std::vector<TokenId>>(request.input);
        }
        std::lock_guard lock(cache_->mutex);
        const auto& old = cache_->tokens;
        const auto same =
            std::mismatch(old.begin(), old.end(), ledger.tokens.begin(), ledger.tokens.end()).first -
            old.begin();
        ledger.cached_tokens = std::min<int>(static_cast<int>(same),
                                             std::max<int>(0, static_cast<int>(ledger.tokens.size()) - 1));
        ledger.reply_room = context_length_ - static_cast<int>(ledger.tokens.size());
        return ledger;
    }

    static int add(Ledger& ledger, std::string_view text) {
        ledger.rendered += text;
        const auto pieces = mock_tokens(text);
        for (const auto piece : pieces) ledger.tokens.push_back(mock_token_id(piece));
        return static_cast<int>(pieces.size());
    }

    void render(const Conversation& conversation, const ThinkingPolicy& thinking, Ledger& ledger) const {
        int frame = 0;
        for (std::size_t i = 0; i < conversation.messages.size(); ++i) {
            const auto& message = conversation.messages[i];
            const bool last = i + 1 == conversation.messages.size();
            const bool open = conversation.continue_last && last;
            frame += add(ledger, "<|" + std::string(name_of(message.role)) + "|>");
            int cost = 0;
            if (open && !message.thought.empty()) {
                cost += add(ledger, "<think>") + add(ledger, message.thought);
                ledger.starts_in_thought = message.content.empty();
                if (!ledger.starts_in_thought) cost += add(ledger, "</think>");
            }
            cost += add(ledger, message.content);
            ledger.entries.push_back({Ledger::Entry::Kind::message, static_cast<int>(i), cost});
            if (!open) frame += add(ledger, "<|end|>");
        }
        if (!conversation.tools.is_null())
            ledger.entries.push_back(
                {Ledger::Entry::Kind::tools, -1, add(ledger, conversation.tools.dump())});
        if (!conversation.continue_last) {
            frame += add(ledger, "<|assistant|>");
            if (thinks(thinking)) {
                frame += add(ledger, "<think>");
                ledger.starts_in_thought = true;
            }
        }
        ledger.entries.push_back({Ledger::Entry::Kind::template_text, -1, frame});
    }

    bool thinks(const ThinkingPolicy& policy) const {
        if (!capabilities_.thinking) return false;
        return !(policy.mode == ThinkingMode::never && capabilities_.thinking_switch);
    }

    /// The reply that continues an interrupted turn is the one whose text begins as the turn does.
    const MockReplyScript& choose(const Request& request) {
        static const MockReplyScript kSilence;
        if (model_.replies.empty()) return kSilence;
        std::string question;
        if (const auto* conversation = std::get_if<Conversation>(&request.input)) {
            if (conversation->continue_last && !conversation->messages.empty()) {
                const auto& last = conversation->messages.back();
                for (const auto& reply : model_.replies)
                    if (reply.answer.starts_with(last.content) && reply.thought.starts_with(last.thought))
                        return reply;
            }
            for (const auto& message : conversation->messages)
                if (message.role == Role::user) question = message.content;
        } else if (const auto* text = std::get_if<std::string>(&request.input)) {
            question = *text;
        }
        for (const auto& reply : model_.replies)
            if (!reply.when.empty() && question.find(reply.when) != std::string::npos) return reply;
        std::vector<const MockReplyScript*> in_turn;
        for (const auto& reply : model_.replies)
            if (reply.when.empty()) in_turn.push_back(&reply);
        return in_turn.empty() ? model_.replies.front() : *in_turn[next_reply_++ % in_turn.size()];
    }

    MockPlay make_play(const Request& request, const Ledger& ledger) {
        MockPlay play;
        play.script = choose(request);
        play.capabilities = capabilities_;
        play.thought = play.script.thought;
        play.answer = play.script.answer;
        play.in_thought = thinks(request.thinking) && !play.thought.empty();
        if (const auto* conversation = std::get_if<Conversation>(&request.input);
            conversation && conversation->continue_last && !conversation->messages.empty()) {
            const auto& last = conversation->messages.back();
            play.thought = rest_after(play.thought, last.thought);
            play.answer = rest_after(play.answer, last.content);
            play.in_thought = play.in_thought && ledger.starts_in_thought;
            play.thought_tokens_before = static_cast<int>(mock_tokens(last.thought).size());
        }
        for (const auto& stop : request.stop) {
            if (stop.empty()) continue;
            if (const auto at = play.answer.find(stop); at != std::string::npos) {
                play.answer.resize(at);
                play.script.reason = FinishReason::stop_string;
            }
        }
        play.budget_tokens = request.thinking.budget_tokens;
        play.max_tokens = request.max_tokens;
        play.top_alternatives = capabilities_.alternatives ? request.top_alternatives : 0;
        play.prompt_tokens = static_cast<int>(ledger.tokens.size());
        play.cached_tokens = ledger.cached_tokens;
        play.reply_room = ledger.reply_room;
        return play;
    }

    const std::shared_ptr<const MockScript> script_;  // owns model_
    const MockModelScript& model_;
    Capabilities capabilities_;
    const int context_length_;
    const std::shared_ptr<MockClock> clock_;
    const std::shared_ptr<MockCache> cache_ = std::make_shared<MockCache>();
    std::mutex mutex_;
    std::weak_ptr<MockReply> running_;
    std::size_t next_reply_ = 0;
};

class MockModel final : public Model {
public:
    MockModel(std::shared_ptr<const MockScript> script, const MockModelScript& model, ModelOptions options,
              std::shared_ptr<MockClock> clock)
        : script_(std::move(script)),
          model_(model),
          info_(model.info),
          options_(std::move(options)),
          capabilities_(model.capabilities),
          clock_(std::move(clock)) {
        capabilities_.inject = capabilities_.rewind = capabilities_.fork = false;
        if (options_.context_length <= 0) options_.context_length = model.context_length;
        if (info_.device.empty()) info_.device = "mock: scripted replies";
    }
    const ModelInfo& info() const override { return info_; }
    const ModelOptions& options() const override { return options_; }
    const MemoryPlan& memory() const override { return model_.memory; }
    const Capabilities& capabilities() const override { return capabilities_; }
    const Tokenizer* tokenizer() const override { return nullptr; }
    Result<std::unique_ptr<Session>> new_session() override {
        return std::unique_ptr<Session>(
            std::make_unique<MockSession>(script_, model_, options_.context_length, clock_));
    }

private:
    const std::shared_ptr<const MockScript> script_;  // owns model_
    const MockModelScript& model_;
    ModelInfo info_;
    ModelOptions options_;
    Capabilities capabilities_;
    const std::shared_ptr<MockClock> clock_;
};

}  // namespace

MockEngine::MockEngine(MockScript script, std::shared_ptr<MockClock> clock)
    : script_(std::make_shared<const MockScript>(std::move(script))),
      clock_(clock ? std::move(clock) : std::make_shared<RealMockClock>()) {}

MockEngine::~MockEngine() = default;

Result<const MockModelScript*> MockEngine::find(const std::string& path) const {
    for (const auto& model : script_->models)
        if (model.info.path == path) return &model;
    for (const auto& model : script_->models)
        if (model.info.path.empty()) return &model;
    return fail(ErrorCode::not_found, path + ": no such model in the script", "choose another file");
}

Result<MemoryPlan> MockEngine::plan(const std::string& path, const ModelOptions&) {
    PELLUCID_TRY(const auto* model, find(path));
    return model->memory;
}

Result<ModelInfo> MockEngine::inspect(const std::string& path) {
    PELLUCID_TRY(const auto* model, find(path));
    return model->info;
}

Result<std::shared_ptr<Model>> MockEngine::open(const std::string& path, const ModelOptions& options,
                                                LoadProgress progress, CancelToken cancel) {
    PELLUCID_TRY(const auto* model, find(path));
    constexpr int kSteps = 20;
    std::mutex mutex;
    std::condition_variable never;
    const auto start = clock_->now();
    for (int step = 0; step <= kSteps; ++step) {
        const double fraction = static_cast<double>(step) / kSteps;
        const auto due =
            start + std::chrono::nanoseconds(static_cast<std::int64_t>(model->load_seconds * fraction * 1e9));
        std::unique_lock lock(mutex);
        while (clock_->now() < due && !cancel.cancelled())
            clock_->wait(lock, never, std::min(due, clock_->now() + std::chrono::milliseconds(20)));
        if (cancel.cancelled()) return fail(ErrorCode::cancelled, "loading was stopped");
        if (model->open_failure && fraction >= model->open_failure_at) return fail(*model->open_failure);
        if (progress) progress(fraction, fraction < 0.2 ? "Reading header" : "Loading weights");
    }
    if (!model->memory.fits())
        return fail(ErrorCode::out_of_memory,
                    "the model needs " + std::to_string(model->memory.total()) + " bytes and " +
                        std::to_string(model->memory.available) + " are free",
                    "choose a smaller model or a shorter context");
    return std::shared_ptr<Model>(std::make_shared<MockModel>(script_, *model, options, clock_));
}

std::vector<Engine::Device> MockEngine::devices() {
    return script_->devices;
}

}  // namespace pellucid
