// Every quantised form through the streamed products, at odd and at real shapes, against sums in double.
#pragma once

namespace pellucid {

/// Prints what failed and the worst error. small: one shape, for slow tools.
bool check_streams(bool small);

}  // namespace pellucid
