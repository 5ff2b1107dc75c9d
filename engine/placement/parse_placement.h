// A placement as people write it.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "engine/base/error.h"
#include "engine/placement/placement.h"

namespace pellucid {

/// Items separated by commas, in any order:
///
///     DEVICE:LAYERS            these layers run there:         cuda:0-15,cpu:16-31
///     experts=DEVICE[:LAYERS]  routed experts of these layers: experts=cpu, experts=cpu:0-20
///     whole                    all on `rest` (alone)
///
/// LAYERS is 3, 0-15, 16- or -15, counted from 0; an end may be a half layer, 3a its attention and 3f its
/// feed-forward: cpu:0-3a,reference:3f-7. DEVICE is one of `devices`, "cuda" for cuda:0, or "gpu" for the
/// first that is neither cpu nor reference; where it ends in a number, as cuda:0, the layers come behind it:
/// cuda:0:0-15. What no item names runs on `rest`.
/// Errors, all with what to write instead: invalid_argument for what is no such item, a layer that is not
/// there or is named twice, experts of a model that has none; unsupported for a device that is not there.
Result<Placement> parse_placement(std::string_view text, const ModelSpec& spec,
                                  std::span<const std::string> devices, const std::string& rest);

}  // namespace pellucid
