// The one integer that every room passes around.
#pragma once

#include <cstdint>

namespace pellucid {

using TokenId = std::int32_t;

}  // namespace pellucid
