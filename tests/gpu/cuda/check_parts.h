// Models cut between the device and the host, against one device that has all of them.
#pragma once

#include <memory>
#include <string>

#include "engine/backend/backend.h"

namespace pellucid {

/// Every fixture cut at every kind of place, device and reference, device and CPU, and the other way round:
/// logits of prompts read at once, in sevens and token by token, a fork, and greedy text. Prints the worst
/// error of each. small: three fixtures, for slow tools.
bool check_parts(const std::string& fixtures, const std::shared_ptr<Backend>& device, bool small);

}  // namespace pellucid
