// What a backend that lives in a library of its own exports. The library is built with the program, by the
// same compiler: types cross the border as they are, and the number below changes when one of them does.
#pragma once

#include "engine/backend/backend.h"

namespace pellucid {

inline constexpr int kPluginVersion = 7;

/// How many devices can be used now; an error says why none can and what to do about it.
using PluginDevices = void (*)(Result<std::vector<std::string>>& descriptions);
using PluginMake = void (*)(int device, Result<std::unique_ptr<Backend>>& made);
/// Bytes of a device, all and free; zeros where it cannot be asked.
using PluginMemory = void (*)(int device, std::uint64_t& total, std::uint64_t& available);
using PluginVersion = int (*)();

}  // namespace pellucid
