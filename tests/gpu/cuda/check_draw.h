// Tokens drawn on the device against the host's sampler: the same for the same seed and position.
#pragma once

namespace pellucid {

/// Prints what failed and how many draws were compared. small: fewer, for slow tools.
bool check_draw(bool small);

}  // namespace pellucid
