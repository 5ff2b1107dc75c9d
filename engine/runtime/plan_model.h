// What opening a model with given options takes, from its header: the plan that a load follows, and that
// "does it fit?" is answered by before a download.
#pragma once

#include "engine/backend/backend.h"
#include "engine/base/error.h"
#include "engine/memory/memory_plan.h"
#include "engine/model/model_file.h"
#include "engine/runtime/session.h"

namespace pellucid {

/// Of the model and its adapters; what guesses by weights (a draft model) take comes beside it. The file may
/// be read header_only. The plan may not fit where options name a context: check_fits() tells. Errors: those
/// of plan_runner; unsupported for a KV format that is not known; those of measure_adapter.
Result<RunnerPlan> plan_model(const ModelFile& file, const Backend& backend, const ModelOptions& options);

}  // namespace pellucid
