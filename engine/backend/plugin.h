// What a backend that lives in a library of its own exports. The library is built with the program, by the
// same compiler: types cross the border as they are, and the number below changes when one of them does.
#pragma once

#include "engine/backend/backend.h"

namespace pellucid {

inline constexpr int kPluginVersion = 8;

/// How many devices can be used now; an error says why none can and what to do about it.
using PluginDevices = void (*)(Result<std::vector<std::string>>& descriptions);
using PluginMake = void (*)(int device, Result<std::unique_ptr<Backend>>& made);
/// Bytes of a device, all and free; zeros where it cannot be asked.
using PluginMemory = void (*)(int device, std::uint64_t& total, std::uint64_t& available);
/// Bytes a second, read plus written, of copying in the device's memory; takes 1 GB of it for some tens of
/// milliseconds. 0 where it cannot be asked.
using PluginSpeed = double (*)(int device);
using PluginVersion = int (*)();

}  // namespace pellucid
