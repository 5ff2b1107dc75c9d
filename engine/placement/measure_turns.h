// How fast a model will write where it is placed: some of each device's half layers, run and timed.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "engine/backend/backend.h"
#include "engine/placement/placed_backend.h"

namespace pellucid {

/// A device's part of writing one token in an empty context.
struct TurnTime {
    std::string device;
    int turns = 0;       ///< how often a token comes to it
    double seconds = 0;  ///< of all its turns, hidden states coming and going included
};

/// Of each of the placement's devices, in their order. Made-up weights of the model's shapes and types are
/// loaded for a few half layers (half a gigabyte to two, or all there are) and for the head, one device after
/// the other, and given back: a second or three a device. What is left out is scaled by the bytes a token
/// reads; a shared expert beside routed ones counts as if it ran after them. The file may be read
/// header_only. Errors: those of Backend::prepare() and of the runners; cancelled.
Result<std::vector<TurnTime>> measure_turns(const PlacedBackend& backend, const ModelSpec& spec,
                                            std::shared_ptr<const WeightSource> weights, KvFormat kv_format,
                                            const CancelToken& cancel = {});

/// Their sum.
double seconds_per_token(const std::vector<TurnTime>& turns);

}  // namespace pellucid
