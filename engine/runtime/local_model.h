// A model running in this process: weights on a device, tokenizer, template, and the scheduler that runs it.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "engine/model/model_file.h"
#include "engine/runtime/adapter_shelf.h"
#include "engine/runtime/prompt.h"
#include "engine/runtime/scheduler.h"
#include "engine/runtime/session.h"
#include "engine/speculation/draft_length.h"
#include "engine/speculation/draft_runner.h"
#include "engine/speculation/drafter.h"
#include "engine/text/chat_template.h"

namespace pellucid {

/// What can be learned from a file's metadata without its weights.
struct ModelText {
    std::shared_ptr<const Tokenizer> tokenizer;         ///< null: none in the file, or `tokenizer_error`
    std::shared_ptr<const ChatTemplate> chat_template;  ///< null: none in the file, or `template_error`
    std::optional<Error> tokenizer_error, template_error;
    ThoughtFormat format;
};
ModelText read_model_text(const Metadata& metadata);
/// corrupt: a vocabulary with ids that the embedding has no rows for. Added tokens may lie beyond it (Gemma 3
/// lists one for pictures): a text that holds one is refused where it is run.
Result<void> check_vocabulary_fits(const ModelText& text, const ModelSpec& spec, const std::string& path);

/// How one reply speculates; no drafter: not at all.
struct Speculation {
    std::unique_ptr<Drafter> drafter;
    int most = 0;         ///< guesses of one step
    double row_cost = 1;  ///< of a guess, as DraftLength has it
};

class LocalModel final : public Model, public std::enable_shared_from_this<LocalModel> {
public:
    struct Parts {
        ModelFile file;
        ModelText text;
        ModelInfo info;
        ModelOptions options;  ///< as in force: context_length set
        MemoryPlan memory;
        RunnerOptions runner_options;
        std::shared_ptr<Backend> backend;
        std::shared_ptr<PreparedWeights> weights;
        std::unique_ptr<Runner> runner;
        std::shared_ptr<DraftRunner> draft;  ///< of a draft model or a multi-token-prediction layer
        double draft_cost = 0;               ///< of one of its steps, as a share of this model's
    };
    explicit LocalModel(Parts parts);

    const ModelInfo& info() const override { return parts_.info; }
    const ModelOptions& options() const override { return parts_.options; }
    const MemoryPlan& memory() const override { return parts_.memory; }
    const Capabilities& capabilities() const override { return capabilities_; }
    const Tokenizer* tokenizer() const override { return parts_.text.tokenizer.get(); }
    Result<std::unique_ptr<Session>> new_session() override;

    const ModelText& text() const { return parts_.text; }
    const ModelSpec& spec() const { return *parts_.file.spec; }
    const ModelFile& file() const { return parts_.file; }
    const PromptMaker& prompt_maker() const { return maker_; }
    Scheduler& scheduler() { return *scheduler_; }
    /// What the model's options say of speculation, for a reply sampled like this.
    Result<Speculation> speculate(const SamplingSpec& sampling) const;
    /// Adapters of a request (nothing: those of the options), loaded. Errors: AdapterShelf::take.
    Result<AdapterSet> adapters(const std::optional<std::vector<AdapterStrength>>& wanted = {}) {
        return shelf_->take(wanted ? *wanted : parts_.options.adapters);
    }

    /// Runs `tokens` from an empty context and gives the logits f32 [vocab] of positions [first,
    /// tokens.size()), in order, from the engine's thread, with the adapters of the options. Waits until all
    /// are done. context_overflow, invalid_argument, cancelled.
    using LogitsSink = std::function<void(int position, std::span<const float> logits)>;
    Result<void> evaluate(std::span<const TokenId> tokens, int first, const LogitsSink& sink,
                          CancelToken cancel = {});

private:
    Parts parts_;
    PromptMaker maker_;
    Capabilities capabilities_;
    std::unique_ptr<AdapterShelf> shelf_;
    std::unique_ptr<Scheduler> scheduler_;  // last: its thread ends first
};

}  // namespace pellucid
