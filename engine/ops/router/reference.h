// Which experts a token goes to, scalar (arXiv 1701.06538 and the families named at Gating). All backends on
// the host choose by this function; a device's choice is tested against it.
#pragma once

#include <span>
#include <vector>

#include "engine/model/spec.h"

namespace pellucid {

struct ExpertChoice {
    int expert = 0;
    float weight = 0;  ///< what its output counts
    bool operator==(const ExpertChoice&) const = default;
};

/// logits: [experts] f32, W x + b; selection_bias: [experts] or empty. Best first; equal ones by index.
/// margin, where asked for: by how much the last chosen beats the first left out, in the numbers that choose
/// (biased scores; 1e30 where all are chosen).
std::vector<ExpertChoice> route_reference(const Router& router, std::span<const float> logits,
                                          std::span<const float> selection_bias, double* margin = nullptr);

}  // namespace pellucid
