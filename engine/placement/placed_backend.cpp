#include "engine/placement/placed_backend.h"

#include <algorithm>

#include "engine/backend/token_cost.h"
#include "engine/placement/placed_runner.h"

namespace pellucid {

namespace {

struct PreparedPart {
    std::string id;
    std::shared_ptr<PreparedWeights> weights;
    bool attends = false;
};

class PlacedWeights final : public PreparedWeights {
public:
    PlacedWeights(std::shared_ptr<const ModelSpec> spec, std::vector<Stage> stages,
                  std::vector<PreparedPart> parts)
        : spec_(std::move(spec)), stages_(std::move(stages)), parts_(std::move(parts)) {}

    const ModelSpec& spec() const override { return *spec_; }
    std::uint64_t bytes() const override {
        std::uint64_t bytes = 0;
        for (const PreparedPart& part : parts_) bytes += part.weights->bytes();
        return bytes;
    }
    Result<std::unique_ptr<Runner>> make_runner(const RunnerOptions& options) override {
        std::vector<PlacedRunner::Device> devices;
        for (const PreparedPart& part : parts_) {
            PELLUCID_TRY(auto runner, part.weights->make_runner(options));
            devices.push_back({part.id, std::move(runner), part.attends});
        }
        return std::unique_ptr<Runner>(
            std::make_unique<PlacedRunner>(spec_, stages_, std::move(devices), options));
    }

private:
    const std::shared_ptr<const ModelSpec> spec_;
    const std::vector<Stage> stages_;
    const std::vector<PreparedPart> parts_;
};

}  // namespace

Result<std::shared_ptr<PlacedBackend>> PlacedBackend::make(std::vector<PlacedDevice> devices,
                                                           Placement placement) {
    std::vector<PlacedDevice> own;
    for (const std::string& id : devices_of(placement)) {
        const auto found = std::ranges::find(devices, id, &PlacedDevice::id);
        if (found == devices.end())
            return fail(ErrorCode::internal, "the placement names " + id + ", which was not opened",
                        "this is a fault of ours; please report it");
        if (!found->backend->runs_parts())
            return fail(ErrorCode::unsupported,
                        "the device " + id + " runs whole models only in this version",
                        "leave --placement out, or place all layers on cpu");
        own.push_back(*found);
    }
    return std::shared_ptr<PlacedBackend>(new PlacedBackend(std::move(own), std::move(placement)));
}

std::string PlacedBackend::description() const {
    std::string text;
    for (const PlacedDevice& device : devices_)
        text += (text.empty() ? "" : "; ") + device.id + ": " + part_text(placement_, device.id) + " (" +
                device.backend->description() + ")";
    return text;
}

std::uint64_t PlacedBackend::memory_available() const {
    std::uint64_t available = 0;
    bool host = false;  // counted once
    for (const PlacedDevice& device : devices_) {
        if (device.backend->in_host_memory() && host) continue;
        host = host || device.backend->in_host_memory();
        available += device.backend->memory_available();
    }
    return available;
}

bool PlacedBackend::in_host_memory() const {
    return std::ranges::any_of(devices_,
                               [](const PlacedDevice& device) { return device.backend->in_host_memory(); });
}

const PlacedDevice& PlacedBackend::head_device() const {
    return *std::ranges::find(devices_, placement_.parts.back().device, &PlacedDevice::id);
}

std::vector<DeviceShare> PlacedBackend::shares(const ModelSpec& spec, const WeightSource& weights,
                                               const RunnerOptions& options) const {
    std::vector<DeviceShare> shares;
    for (const PlacedDevice& device : devices_) {
        const ModelSpec part = part_of(spec, part_on(placement_, spec, device.id));
        shares.push_back({device.id, part_text(placement_, device.id), device.backend->in_host_memory(),
                          device.backend->memory_needed(part, weights, options),
                          device.backend->memory_available(),
                          bytes_per_token(part, weights, options.kv_format, 0)});
    }
    return shares;
}

DeviceMemory PlacedBackend::memory_needed(const ModelSpec& spec, const WeightSource& weights,
                                          const RunnerOptions& options) const {
    DeviceMemory sum;
    for (const DeviceShare& share : shares(spec, weights, options)) {
        sum.weights += share.memory.weights;
        sum.kv += share.memory.kv;
        sum.scratch += share.memory.scratch;
    }
    return sum;
}

/// The slower device decides: a step is as long as all its stages.
int PlacedBackend::step_rows(const ModelSpec& spec) const {
    int rows = 512;
    for (const PlacedDevice& device : devices_)
        rows = std::min(rows, device.backend->step_rows(part_of(spec, part_on(placement_, spec, device.id))));
    return rows;
}

Result<std::shared_ptr<PreparedWeights>> PlacedBackend::prepare(std::shared_ptr<const ModelSpec> spec,
                                                                std::shared_ptr<const WeightSource> weights,
                                                                const PrepareOptions& options) {
    if (placement_.parts.back().end_half != 2 * spec->n_layers())
        return fail(ErrorCode::internal,
                    "a placement of " + std::to_string(placement_.parts.back().end_half / 2) +
                        " layers meets a model of " + std::to_string(spec->n_layers()),
                    "this is a fault of ours; please report it");
    std::vector<std::shared_ptr<const ModelSpec>> specs;
    std::vector<double> bytes;
    double all = 0;
    for (const PlacedDevice& device : devices_) {
        specs.push_back(
            std::make_shared<const ModelSpec>(part_of(*spec, part_on(placement_, *spec, device.id))));
        bytes.push_back(static_cast<double>(std::max<std::int64_t>(parameter_count(*specs.back()), 1)));
        all += bytes.back();
    }
    std::vector<PreparedPart> parts;
    double before = 0;
    for (std::size_t d = 0; d < devices_.size(); ++d) {
        PrepareOptions own = options;
        if (options.progress)
            own.progress = [&](double fraction) { options.progress((before + fraction * bytes[d]) / all); };
        auto made = devices_[d].backend->prepare(specs[d], weights, own);
        if (!made) {
            Error error = made.error();
            if (error.code != ErrorCode::cancelled) error.what = devices_[d].id + ": " + error.what;
            return fail(std::move(error));
        }
        before += bytes[d];
        bool attends = false;
        for (int half = 0; half < 2 * spec->n_layers(); half += 2)
            attends = attends || has_half(*specs[d], half);
        parts.push_back({devices_[d].id, *std::move(made), attends});
    }
    auto stages = stages_of(placement_, *spec);
    return std::shared_ptr<PreparedWeights>(
        std::make_shared<PlacedWeights>(std::move(spec), std::move(stages), std::move(parts)));
}

}  // namespace pellucid
