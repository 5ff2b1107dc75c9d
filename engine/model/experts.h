// The routed feed-forward that mixture-of-experts families share, under the names every GGUF converter uses.
#pragma once

#include "engine/model/decoder.h"

namespace pellucid {

/// Replaces the layer's dense feed-forward by experts of `expert_feed_forward_length` (default: the dense
/// width), expert_count of them, expert_used_count a token, with the scores tensor ffn_gate_inp. Gating,
/// groups, scale and renormalisation as the file says, else as `router` comes. The shared expert is there
/// where ffn_up_shexp is.
void route_feed_forward(SpecReader& in, Layer& layer, int index, const DecoderShape& shape,
                        const Router& router = {});

}  // namespace pellucid
