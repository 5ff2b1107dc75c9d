// Several backends as one: a model placed on them by half layers.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "engine/backend/backend.h"
#include "engine/placement/placement.h"

namespace pellucid {

struct PlacedDevice {
    std::string id;  ///< as the placement names it
    std::shared_ptr<Backend> backend;
};

/// For models with the number of layers that the placement was made for; others are refused.
class PlacedBackend final : public Backend {
public:
    /// unsupported where a device runs whole models only; internal where the placement names one that is
    /// not in `devices`.
    static Result<std::shared_ptr<PlacedBackend>> make(std::vector<PlacedDevice> devices,
                                                       Placement placement);

    std::string_view name() const override { return "placed"; }
    /// "cuda:0: layers 0-15 (…); cpu: layers 16-31 (AVX-512 VNNI, 2 threads)"
    std::string description() const override;
    /// Of all memories; what fits is decided by shares().
    std::uint64_t memory_available() const override;
    bool in_host_memory() const override;
    bool runs_parts() const override { return false; }
    DeviceMemory memory_needed(const ModelSpec& spec, const WeightSource& weights,
                               const RunnerOptions& options) const override;
    std::vector<DeviceShare> shares(const ModelSpec& spec, const WeightSource& weights,
                                    const RunnerOptions& options) const override;
    int step_rows(const ModelSpec& spec) const override;
    Result<std::shared_ptr<PreparedWeights>> prepare(std::shared_ptr<const ModelSpec> spec,
                                                     std::shared_ptr<const WeightSource> weights,
                                                     const PrepareOptions& options) override;

    const Placement& placement() const { return placement_; }
    const std::vector<PlacedDevice>& devices() const { return devices_; }  ///< as devices_of() has them
    /// Where the head is: what guesses for it runs there too.
    const PlacedDevice& head_device() const;

private:
    PlacedBackend(std::vector<PlacedDevice> devices, Placement placement)
        : devices_(std::move(devices)), placement_(std::move(placement)) {}

    const std::vector<PlacedDevice> devices_;  // in the order of devices_of()
    const Placement placement_;
};

}  // namespace pellucid
