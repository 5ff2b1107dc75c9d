// A part of a model: some of its half layers, as a ModelSpec of its own that a backend plans, loads and runs
// like any other. Half 2*l is layer l's attention (or what stands for it), half 2*l+1 its feed-forward.
#pragma once

#include <vector>

#include "engine/model/spec.h"

namespace pellucid {

/// What of a half layer a part has. routed and shared: of a half that splits(), its routed experts (with the
/// router) or its shared one; each adds its own to the residual stream.
enum class HalfShare { none, all, routed, shared };

struct ModelPart {
    bool embedding = false, head = false;
    std::vector<HalfShare> halves;  ///< [2 * layers]
};

/// Layers keep their numbers: a layer of which the part has nothing is empty. A head that is tied brings the
/// embedding. PRECONDITION: part.halves has 2 * layers; routed and shared only where splits().
ModelSpec part_of(const ModelSpec& whole, const ModelPart& part);

/// Whether the spec has something to run of this half; a whole model has all of [0, 2 * layers).
bool has_half(const ModelSpec& spec, int half);

/// False for a part: no embedding, no head, or a half layer that is absent or split.
bool is_whole(const ModelSpec& spec);

/// Whether the shared expert of this layer's feed-forward can run apart from its routed ones: there is one,
/// and no norm stands behind the sum.
bool splits(const Layer& layer);

}  // namespace pellucid
