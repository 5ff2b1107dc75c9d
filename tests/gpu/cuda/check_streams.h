// Every quantised form through the streamed products, at odd and at real shapes, against sums in double.
#pragma once

namespace pellucid {

/// Prints what failed and the worst error.
bool check_streams();

}  // namespace pellucid
