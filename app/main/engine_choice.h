// Which engine runs: the one in this process, or a script.
#pragma once

#include <memory>

#include "app/main/options.h"
#include "engine/runtime/devices.h"
#include "engine/runtime/session.h"

namespace pellucid::app {

/// invalid_argument, not_found: the mock script cannot be read.
Result<std::unique_ptr<Engine>> makeEngine(const StartOptions& options);

/// What a person may have a model run on: every device but the reference.
std::vector<DeviceFactory> choosableDevices();

}  // namespace pellucid::app
