// Everything behind the models page, built and wired: network, downloads, hubs, the kept library.
#pragma once

#include <memory>

#include "app/models/model_sources.h"
#include "app/settings/setting_values.h"
#include "engine/runtime/devices.h"
#include "storage/store.h"

namespace pellucid::app {

class Workspace;

/// Owns one of each. Nothing is asked of the network before a person asks for it.
class ModelServices {
public:
    /// `store` must outlive it. `settings`: read for the models folder. `devices`: those a person would
    /// choose from.
    ModelServices(storage::Store& store, SettingStore& settings, const QString& dataFolder,
                  std::vector<DeviceFactory> devices);
    ~ModelServices();

    ModelSources sources();
    /// The rest of the wiring: what a finished download and a moved folder mean to the window. Call once,
    /// before the workspace starts.
    void attach(Workspace& workspace);

private:
    struct Parts;
    std::unique_ptr<Parts> parts_;
};

}  // namespace pellucid::app
