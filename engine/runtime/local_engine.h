// The in-process engine: opens model files on the devices it was given.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "engine/placement/measure_turns.h"
#include "engine/runtime/devices.h"
#include "engine/runtime/local_model.h"
#include "engine/runtime/place_model.h"
#include "engine/runtime/session.h"

namespace pellucid {

/// Thread safe. Backends are made once for each (device, threads) and shared by the models on them.
class LocalEngine final : public Engine {
public:
    explicit LocalEngine(std::vector<DeviceFactory> devices);

    Result<MemoryPlan> plan(const std::string& path, const ModelOptions& options) override;
    Result<ModelInfo> inspect(const std::string& path) override;
    Result<std::shared_ptr<Model>> open(const std::string& path, const ModelOptions& options,
                                        LoadProgress progress = {}, CancelToken cancel = {}) override;
    std::vector<Device> devices() override;

    /// As open(), with what only a model in this process has.
    Result<std::shared_ptr<LocalModel>> open_local(const std::string& path, const ModelOptions& options,
                                                   LoadProgress progress = {}, CancelToken cancel = {});

    /// Ways to run a model that fit now, the fastest first, without devices that failed: what a person may go
    /// on with when a load or a reply failed for memory or a device. Errors: those of inspect().
    Result<std::vector<PlacementOffer>> offers(const std::string& path, const ModelOptions& options,
                                               std::span<const std::string> without = {});

    /// What one token in an empty context takes of each device, where options place the model: a few of its
    /// half layers are run there with made-up weights (measure_turns()), in seconds and with a gigabyte or
    /// two free beside what runs. Also of a model on one device. Errors: those of plan() and of
    /// measure_turns().
    Result<std::vector<TurnTime>> measure_turns(const std::string& path, const ModelOptions& options,
                                                const CancelToken& cancel = {});

private:
    std::vector<std::string> device_ids() const;
    BackendOf backends(int threads);
    Failure with_way_out(Error error, const ModelFile& file, const ModelOptions& options);
    Result<std::shared_ptr<Backend>> backend(const std::string& device, int threads);

    const std::vector<DeviceFactory> devices_;
    std::mutex mutex_;
    std::map<std::pair<std::string, int>, std::weak_ptr<Backend>> backends_;
};

}  // namespace pellucid
