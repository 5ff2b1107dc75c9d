// Finds the CUDA backend's library beside the program, if it was built.
#pragma once

#include <string>
#include <vector>

#include "engine/runtime/devices.h"

namespace pellucid {

/// One factory for each NVIDIA device that can be used. Empty where the library is not there; `why` then says
/// so, or why its devices cannot be used (no driver, one too old, no device), for the log.
/// The library is looked for at PELLUCID_CUDA_PLUGIN, then in the program's folder and its ../lib/pellucid.
std::vector<DeviceFactory> cuda_devices(std::string& why);

}  // namespace pellucid
