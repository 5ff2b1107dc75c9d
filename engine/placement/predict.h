// How fast a placed model will write.
#pragma once

#include <functional>
#include <span>
#include <string_view>

#include "engine/backend/backend.h"

namespace pellucid {

/// Seconds that writing one token in an empty context takes: a token passes through the devices one after
/// the other, so that it is the sum of what each reads over how fast it reads. `bytes_per_second` of a
/// device; 0, and so is the result: not known.
double seconds_per_token(std::span<const DeviceShare> shares,
                         const std::function<double(std::string_view device)>& bytes_per_second);

}  // namespace pellucid
