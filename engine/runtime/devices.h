// The devices that models can be opened on, as the composition root hands them to a LocalEngine.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "engine/backend/backend.h"
#include "engine/base/error.h"
#include "engine/base/host_memory.h"

namespace pellucid {

/// A kind of device and how to get at it.
struct DeviceFactory {
    std::string id;           ///< "reference", "cpu", "cuda:0"
    std::string description;  ///< "AMD EPYC, AVX-512 VNNI, 2 cores"
    /// threads 0: chosen from the machine.
    std::function<Result<std::unique_ptr<Backend>>(int threads)> make;
    std::function<HostMemory()> memory;  ///< of the device itself
    /// Bytes a second, read plus written, of copying in a memory of its own, measured now; 0: not known. Null
    /// where it is the host's.
    std::function<double()> copy_speed = nullptr;
};

/// The host's own: cpu (the default), then reference; then cuda:N where the CUDA library is there and works.
std::vector<DeviceFactory> host_devices();

}  // namespace pellucid
