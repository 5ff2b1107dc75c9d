#include "engine/runtime/open_draft.h"

#include <algorithm>

#include "engine/memory/prefix_index.h"
#include "engine/text/tokenizer.h"

namespace pellucid {

namespace {

/// Rows that a draft reads at a time: a call must not take long.
constexpr int kChunk = 128;

Result<void> check_vocabulary(const ModelFile& draft, const ModelFile& model, const Tokenizer* tokenizer) {
    const auto differ = [&](const std::string& how) {
        return fail(
            ErrorCode::unsupported,
            draft.path + ": this draft model's vocabulary is not that of " + model.facts.name + ": " + how,
            "choose a smaller model of the same family, or guess from the text alone (--speculate lookup)");
    };
    if (!tokenizer) {  // ids are all that is known
        if (draft.spec->vocabulary == model.spec->vocabulary) return {};
        return differ(std::to_string(draft.spec->vocabulary) + " tokens, not " +
                      std::to_string(model.spec->vocabulary));
    }
    const auto made = make_tokenizer(*draft.metadata);
    if (!made) return differ(made.error().what);
    const Tokenizer* own = made->get();
    if (own->vocabulary_size() != tokenizer->vocabulary_size())
        return differ(std::to_string(own->vocabulary_size()) + " tokens, not " +
                      std::to_string(tokenizer->vocabulary_size()));
    for (std::size_t i = 0; i < own->vocabulary_size(); ++i)
        if (const auto id = static_cast<TokenId>(i); own->piece_of(id) != tokenizer->piece_of(id))
            return differ("token " + std::to_string(id) + " is '" + std::string(own->piece_of(id)) +
                          "', not '" + std::string(tokenizer->piece_of(id)) + "'");
    return {};
}

/// Bytes of weights that a step of one row reads, which is what it takes its time for.
double bytes_of_step(const ModelSpec& spec, const WeightSource& weights) {
    double bytes = 0, parameters = 0;
    for (const TensorNeed& need : tensor_needs(spec))
        if (const TensorView* tensor = weights.find(need.name)) {
            bytes += static_cast<double>(stored_bytes(*tensor));
            parameters += static_cast<double>(tensor->rows()) * static_cast<double>(tensor->columns());
        }
    return parameters > 0 ? bytes * static_cast<double>(active_parameter_count(spec)) / parameters : 0;
}

double cost_of(const DraftPlan& draft, const ModelFile& model) {
    return bytes_of_step(*draft.spec, *draft.weights) /
           std::max(1.0, bytes_of_step(*model.spec, *model.weights));
}

}  // namespace

Result<DraftPlan> plan_draft(const SpeculationSettings& settings, const ModelFile& model,
                             const Tokenizer* tokenizer, const RunnerOptions& options, const Backend& backend,
                             GgufRead read) {
    DraftPlan plan;
    plan.options = options;
    plan.options.max_batch_rows = std::min(kChunk, options.max_batch_rows);
    if (settings.kind == SpeculationSettings::Kind::mtp) {
        if (model.spec->next_layers.empty())
            return fail(ErrorCode::unsupported, model.facts.name + " has no multi-token-prediction layer",
                        "use --speculate lookup or a draft model");
        plan.spec = std::make_shared<const ModelSpec>(model.spec->next_layers.front());
        plan.weights = model.weights;
        plan.domain = model.facts.digest;
    } else {
        PELLUCID_TRY(const ModelFile draft, open_model_file(settings.draft_model, read));
        PELLUCID_CHECK(check_vocabulary(draft, model, tokenizer));
        plan.spec = draft.spec;
        plan.weights = draft.weights;
        plan.domain = draft.facts.digest;
        plan.options.context = std::min(options.context, draft.spec->trained_context);
    }
    plan.domain = prefix_domain(plan.domain, *plan.spec, plan.options);
    plan.memory = backend.memory_needed(*plan.spec, *plan.weights, plan.options);
    plan.cost = cost_of(plan, model);
    return plan;
}

Result<std::shared_ptr<DraftRunner>> open_draft(const DraftPlan& plan, Backend& backend,
                                                const PrepareOptions& options) {
    PELLUCID_TRY(auto weights, backend.prepare(plan.spec, plan.weights, options));
    PELLUCID_TRY(auto runner, weights->make_runner(plan.options));
    return std::make_shared<DraftRunner>(std::move(weights), std::move(runner), plan.domain);
}

}  // namespace pellucid
