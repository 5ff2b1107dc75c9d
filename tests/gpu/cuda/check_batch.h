// Every quantised form through the batched products, at odd and at real shapes, against sums in double.
#pragma once

namespace pellucid {

/// Prints what failed and the worst error. small: fewer and smaller shapes, for slow tools.
bool check_batch(bool small);

}  // namespace pellucid
