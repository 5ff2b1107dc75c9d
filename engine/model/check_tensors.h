// What a spec names against what a source holds.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "engine/base/error.h"
#include "engine/model/spec.h"
#include "engine/model/weights.h"

namespace pellucid {

/// not_found, corrupt: a tensor of `needs` is missing or has another shape. `file` is named.
Result<void> check_tensors(std::span<const TensorNeed> needs, const WeightSource& weights,
                           std::string_view architecture, const std::string& file);

}  // namespace pellucid
