// The short names by which a person asks for a model: `--model smollm2`, in the window and on the command
// line.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace pellucid::catalogue {

/// The places in `names` that `wanted` may mean: those that are it, or else those that begin with it; upper
/// and lower case, spaces, dots, dashes and underscores apart. Empty for an empty `wanted`.
std::vector<std::size_t> named(const std::vector<std::string>& names, const std::string& wanted);

}  // namespace pellucid::catalogue
