// What loading a model will take, and how long a context fits, decided before anything is allocated.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/backend/backend.h"
#include "engine/base/error.h"

namespace pellucid {

/// Memory of a loaded model, computed from the header alone, before anything is allocated. Bytes.
struct MemoryPlan {
    std::uint64_t weights = 0, kv = 0, scratch = 0;
    std::uint64_t available = 0;  ///< free on the device now
    /// By device, where the model is placed on several; what is above are their sums then.
    std::vector<DeviceShare> devices;

    std::uint64_t total() const { return weights + kv + scratch; }
    bool fits() const { return !short_of(); }
    /// The memory that does not suffice: the device's own, or the host's with all that devices take of it.
    /// For a model on one device its name is empty.
    std::optional<DeviceShare> short_of() const;
    /// Counts what lies beside: on `device`, or else in the host's memory where one of the devices uses that.
    void add(const DeviceMemory& beside, std::string_view device = {});
};

/// What a person or a program asks of a loaded model.
struct PlanRequest {
    int context = 0;    ///< tokens of one sequence; 0: the trained context, or as much of it as memory allows
    int sequences = 1;  ///< that many full contexts at once
    KvFormat kv_format = KvFormat::f16;
    int page_tokens = 64;
    int max_batch_rows = 512;
    DeviceMemory beside;  ///< what is taken beside, whatever the context: adapters, results
};

struct RunnerPlan {
    RunnerOptions options;  ///< as make_runner() takes them; options.context is the context decided
    MemoryPlan memory;
    DeviceMemory beside;  ///< of the request, counted in `memory`
};

/// The shortest context that is offered when the request leaves the choice.
inline constexpr int least_context = 512;

/// Decides pages and context. The weights may come from a file read header_only. The result may not fit when
/// a context was asked for: inspect shows such a plan, a load refuses it with check_fits(). Errors:
/// invalid_argument for a context below 1 or above the trained one (with the number).
Result<RunnerPlan> plan_runner(const Backend& backend, const ModelSpec& spec, const WeightSource& weights,
                               const PlanRequest& request);

/// What one runner with these options takes, and `beside`.
MemoryPlan measure(const Backend& backend, const ModelSpec& spec, const WeightSource& weights,
                   const RunnerOptions& options, const DeviceMemory& beside);

/// out_of_memory with all the numbers, and the longest context that would fit as the hint.
Result<void> check_fits(const RunnerPlan& plan, const Backend& backend, const ModelSpec& spec,
                        const WeightSource& weights);

/// "4.2 GB", "310 MB": decimal units, two digits or more.
std::string bytes_text(std::uint64_t bytes);

}  // namespace pellucid
