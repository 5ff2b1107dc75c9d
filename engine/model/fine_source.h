// Weights whose products are wanted nearer than a backend's fastest way gives them.
#pragma once

#include <memory>

#include "engine/model/weights.h"

namespace pellucid {

/// The same tensors, all of them fine (TensorView::fine): backends multiply quantised ones with activations
/// of 16 bits instead of 8. Slower; what it costs and what it brings stands in tests/bench/RESULTS.md.
std::shared_ptr<const WeightSource> make_fine(std::shared_ptr<const WeightSource> source);

}  // namespace pellucid
