// From a model file's metadata and tensors to a ModelSpec that holds: the door through which models come in.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/base/error.h"
#include "engine/format/metadata.h"
#include "engine/model/spec.h"
#include "engine/model/weights.h"

namespace pellucid {

/// `file` is named in errors. unsupported: an architecture, option or tensor this version does not run
/// (listed by known_architectures); not_found: a key or tensor is missing; corrupt: values or shapes
/// contradict each other. The result names only tensors that are there with the shape tensor_needs() says.
Result<ModelSpec> read_model_spec(const Metadata& metadata, const WeightSource& weights,
                                  const std::string& file);

/// GGUF architecture names, sorted.
std::vector<std::string_view> known_architectures();

}  // namespace pellucid
