// Opens what a model's guesses come from, where they come from weights.
#pragma once

#include <memory>

#include "engine/model/model_file.h"
#include "engine/runtime/local_model.h"

namespace pellucid {

/// What is needed to open it, and what it takes on the device.
struct DraftPlan {
    std::shared_ptr<const ModelSpec> spec;
    std::shared_ptr<const WeightSource> weights;
    RunnerOptions options;
    DeviceMemory memory;
    std::string domain;
    double cost = 0;  ///< of one step, as a share of the model's
};

/// For settings of kind draft or mtp, beside a model whose runner has `options`. Errors: those of
/// open_model_file; unsupported where the model has no multi-token-prediction layer, or the draft model
/// another vocabulary (the first token that differs is named).
Result<DraftPlan> plan_draft(const SpeculationSettings& settings, const ModelFile& model,
                             const Tokenizer* tokenizer, const RunnerOptions& options, const Backend& backend,
                             GgufRead read);

Result<std::shared_ptr<DraftRunner>> open_draft(const DraftPlan& plan, Backend& backend,
                                                const PrepareOptions& options);

}  // namespace pellucid
