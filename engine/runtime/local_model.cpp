#include "engine/runtime/local_model.h"

#include <condition_variable>
#include <mutex>

#include "engine/memory/prefix_index.h"
#include "engine/runtime/local_session.h"
#include "engine/speculation/model_drafter.h"
#include "engine/speculation/next_token_drafter.h"
#include "engine/speculation/prompt_lookup.h"

namespace pellucid {

namespace {

/// A row more in a step of few, as a share of a step with one row.
constexpr double kRowCost = 0.3;

/// Runs tokens for their logits alone.
class Evaluation final : public Work {
public:
    Evaluation(std::span<const TokenId> tokens, int first, const LocalModel::LogitsSink& sink,
               AdapterSet adapters, CancelToken cancel)
        : tokens_(tokens.begin(), tokens.end()),
          first_(first),
          sink_(sink),
          adapters_(std::move(adapters)),
          cancel_(std::move(cancel)) {}

    Wish wish() override { return cancel_.cancelled() ? Wish::cancel : Wish::run; }
    const std::vector<TokenId>& tokens() const override { return tokens_; }
    int reusable() const override { return 0; }  // every wanted position must run
    bool wants_logits(int position) const override { return position >= first_; }
    std::span<const AdapterUse> adapters() const override { return adapters_.uses; }
    std::string adapter_domain() const override { return adapters_.domain; }
    int most_rows() const override { return 64; }  // logits of a step are held at once
    void progress(int, int) override {}
    void take(int position, std::span<const float> logits) override {
        if (position >= first_) sink_(position, logits);
        if (position + 1 == static_cast<int>(tokens_.size())) finish({});
    }
    bool ended() const override {
        std::lock_guard lock(mutex_);
        return ended_;
    }
    void end(std::optional<Error> error) override {
        if (!error) error = Error{ErrorCode::cancelled, "the evaluation was stopped", ""};
        finish(std::move(error));
    }

    Result<void> wait() {
        std::unique_lock lock(mutex_);
        done_.wait(lock, [this] { return ended_; });
        if (error_) return fail(*error_);
        return {};
    }

private:
    void finish(std::optional<Error> error) {
        std::lock_guard lock(mutex_);
        ended_ = true;
        error_ = std::move(error);
        done_.notify_all();
    }

    const std::vector<TokenId> tokens_;
    const int first_;
    const LocalModel::LogitsSink& sink_;
    const AdapterSet adapters_;
    const CancelToken cancel_;
    mutable std::mutex mutex_;
    std::condition_variable done_;
    bool ended_ = false;
    std::optional<Error> error_;
};

/// Shows the template one turn with a thought, to see how it writes its tags.
void learn_from_template(const ModelText& text, ThoughtFormat& format) {
    constexpr const char* kThought = "a thought to be found";
    constexpr const char* kAnswer = "an answer to be found";
    TemplateInput input;
    ChatMessage question, reply;
    question.content = "a question";
    reply.role = Role::assistant;
    reply.thought = kThought;
    reply.content = kAnswer;
    input.messages = to_template_messages(std::vector<ChatMessage>{question, reply});
    input.add_generation_prompt = false;
    if (const auto rendered = text.chat_template->render(input))
        learn_spacing(format, *rendered, kThought, kAnswer);
}

}  // namespace

ModelText read_model_text(const Metadata& metadata) {
    ModelText text;
    // "none": the file says it has no tokenizer.
    const auto kind = metadata.string_or(
        "tokenizer.ggml.model", metadata.contains("tokenizer.huggingface.json") ? "huggingface" : "none");
    if (!kind.ok() || *kind != "none") {
        if (auto tokenizer = make_tokenizer(metadata))
            text.tokenizer = *std::move(tokenizer);
        else
            text.tokenizer_error = tokenizer.error();
    }
    std::string source;
    if (metadata.contains("tokenizer.chat_template")) {
        auto found = metadata.string("tokenizer.chat_template");
        if (found.ok()) {
            source = *found;
            if (auto parsed = ChatTemplate::parse(source))
                text.chat_template = *std::move(parsed);
            else
                text.template_error = parsed.error();
        } else {
            text.template_error = found.error();
        }
    }
    if (text.tokenizer && text.chat_template) {
        text.format = detect_thought_format(*text.tokenizer, source);
        learn_from_template(text, text.format);
    }
    return text;
}

Result<void> check_vocabulary_fits(const ModelText& text, const ModelSpec& spec, const std::string& path) {
    constexpr std::size_t kMostBeyond = 64;
    const std::size_t rows = static_cast<std::size_t>(spec.vocabulary),
                      size = text.tokenizer ? text.tokenizer->vocabulary_size() : 0;
    bool fits = size <= rows + kMostBeyond;
    for (std::size_t id = rows; fits && id < size; ++id) {
        const TokenType type = text.tokenizer->type_of(static_cast<TokenId>(id));
        fits = type == TokenType::control || type == TokenType::user_defined || type == TokenType::unused;
    }
    if (fits) return {};
    return fail(ErrorCode::corrupt,
                path + ": the tokenizer has " + std::to_string(size) + " tokens, but " + spec.embedding +
                    " has " + std::to_string(rows) + " rows",
                "tokenizer and weights are of different models; download both again");
}

LocalModel::LocalModel(Parts parts) : parts_(std::move(parts)) {
    maker_.tokenizer = parts_.text.tokenizer.get();
    maker_.chat_template = parts_.text.chat_template.get();
    maker_.format = parts_.text.format;
    maker_.context_length = parts_.options.context_length;
    maker_.vocabulary = parts_.file.spec->vocabulary;
    maker_.tokenizer_error = parts_.text.tokenizer_error;
    maker_.template_error = parts_.text.template_error;
    capabilities_.chat = maker_.tokenizer && maker_.chat_template;
    capabilities_.thinking = maker_.format.family != ThoughtFamily::none;
    // Where the template has no switch of its own the reply's beginning is written for the model (see
    // prompt.cpp).
    capabilities_.thinking_switch = capabilities_.end_thought = capabilities_.set_budget =
        capabilities_.thinking;
    capabilities_.pause = true;
    capabilities_.alternatives = true;
    SchedulerOptions options;
    options.domain = prefix_domain(parts_.file.facts.digest, *parts_.file.spec, parts_.runner_options);
    options.deterministic = parts_.options.deterministic;
    shelf_ = std::make_unique<AdapterShelf>(*parts_.runner, *parts_.file.spec,
                                            std::string(parts_.backend->name()));
    scheduler_ = std::make_unique<Scheduler>(std::move(parts_.runner), std::move(options));
}

Result<std::unique_ptr<Session>> LocalModel::new_session() {
    return std::unique_ptr<Session>(std::make_unique<LocalSession>(shared_from_this()));
}

Result<Speculation> LocalModel::speculate(const SamplingSpec& sampling) const {
    const SpeculationSettings& settings = parts_.options.speculation;
    Speculation speculation;
    if (!settings.on()) return speculation;
    speculation.most = settings.most_guesses();
    speculation.row_cost = settings.guess_cost.value_or(kRowCost + parts_.draft_cost);
    if (settings.kind == SpeculationSettings::Kind::lookup) {
        speculation.drafter = std::make_unique<PromptLookup>();
        return speculation;
    }
    PELLUCID_TRY(auto sampler, Sampler::make(sampling, maker_.tokenizer));
    if (settings.kind == SpeculationSettings::Kind::draft)
        speculation.drafter = std::make_unique<ModelDrafter>(parts_.draft, std::move(sampler));
    else
        speculation.drafter = std::make_unique<NextTokenDrafter>(parts_.draft, std::move(sampler));
    return speculation;
}

Result<void> LocalModel::evaluate(std::span<const TokenId> tokens, int first, const LogitsSink& sink,
                                  CancelToken cancel) {
    if (tokens.empty()) return fail(ErrorCode::invalid_argument, "there are no tokens to run");
    if (static_cast<int>(tokens.size()) > parts_.options.context_length)
        return fail(ErrorCode::context_overflow,
                    std::to_string(tokens.size()) + " tokens were given and the context holds " +
                        std::to_string(parts_.options.context_length),
                    "give fewer tokens or a longer --ctx");
    for (const TokenId id : tokens)
        if (id < 0 || id >= maker_.vocabulary)
            return fail(ErrorCode::invalid_argument,
                        "token id " + std::to_string(id) + " is outside the vocabulary of " +
                            std::to_string(maker_.vocabulary),
                        "give ids that this model's tokenizer made");
    PELLUCID_TRY(AdapterSet set, adapters());
    auto work = std::make_shared<Evaluation>(tokens, first, sink, std::move(set), std::move(cancel));
    scheduler_->add(work);
    return work->wait();
}

}  // namespace pellucid
