// A text of many kinds that statistics of a model are taken on. Its words do not matter, only that they are
// of the sort that people write.
#pragma once

#include <string_view>

namespace pellucid {

extern const std::string_view kCalibrationText;  ///< UTF-8, a thousand tokens or a little more

}  // namespace pellucid
