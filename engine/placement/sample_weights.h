// Weights made up for measuring: a model's names, shapes and types with numbers that mean nothing.
#pragma once

#include <memory>

#include "engine/model/weights.h"

namespace pellucid {

/// Tensors as `shapes` names them, which may have no bytes (a file read header_only); load() makes finite
/// ones up, none so small that a processor is slow at it.
std::shared_ptr<const WeightSource> make_sample_weights(std::shared_ptr<const WeightSource> shapes);

}  // namespace pellucid
