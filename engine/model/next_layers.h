// Multi-token-prediction layers as GGUF files carry them: behind the model's own layers, counted in
// block_count.
#pragma once

#include "engine/model/spec.h"
#include "engine/model/spec_reader.h"

namespace pellucid {

/// Takes the last `nextn_predict_layers` of spec.layers, which the architecture read like any other layer,
/// out of the model and makes spec.next_layers of them: those that came with their blk.N.nextn tensors.
/// Layers that the file counts but does not hold are dropped. Embedding and output matrix are the model's own
/// where the layer has none.
void take_next_layers(SpecReader& in, ModelSpec& spec);

}  // namespace pellucid
