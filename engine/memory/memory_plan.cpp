#include "engine/memory/memory_plan.h"

#include <algorithm>
#include <cstdio>

namespace pellucid {
namespace {

/// Pages for `sequences` contexts, and one more each: copy on write needs it while both copies live.
int pages_for(int context, int sequences, int page_tokens) {
    const std::int64_t pages = (std::int64_t{context} + page_tokens - 1) / page_tokens + 1;
    return static_cast<int>(std::min<std::int64_t>(pages * sequences, 1 << 30));
}

RunnerPlan plan_with(const Backend& backend, const ModelSpec& spec, const WeightSource& weights,
                     RunnerOptions options, const DeviceMemory& beside, int context) {
    options.context = context;
    options.pages = pages_for(context, options.max_sequences, options.page_tokens);
    return {options, measure(backend, spec, weights, options, beside), beside};
}

/// The longest context up to `most` whose plan fits, in whole pages; 0 when not even one page does.
int longest_fitting(const Backend& backend, const ModelSpec& spec, const WeightSource& weights,
                    const RunnerOptions& options, const DeviceMemory& beside, int most) {
    const auto fits = [&](int context) {
        return plan_with(backend, spec, weights, options, beside, context).memory.fits();
    };
    if (fits(most)) return most;
    int low = 0, high = (most - 1) / options.page_tokens + 1;  // pages: low fits (or is none), high does not
    while (high - low > 1) {
        const int middle = low + (high - low) / 2;
        (fits(middle * options.page_tokens) ? low : high) = middle;
    }
    return low * options.page_tokens;
}

void take(DeviceMemory& memory, const DeviceMemory& more) {
    memory.weights += more.weights;
    memory.kv += more.kv;
    memory.scratch += more.scratch;
}

}  // namespace

std::optional<DeviceShare> MemoryPlan::short_of() const {
    if (devices.empty()) {
        if (total() <= available) return std::nullopt;
        return DeviceShare{"", "", true, {weights, kv, scratch}, available, 0};
    }
    DeviceShare host{"", "", true, {}, 0, 0};
    for (const DeviceShare& share : devices) {
        if (!share.in_host_memory) {
            if (share.memory.total() > share.available) return share;
            continue;
        }
        host.device += (host.device.empty() ? "" : " and ") + share.device;
        host.available = share.available;
        take(host.memory, share.memory);
    }
    if (host.memory.total() > host.available) return host;
    return std::nullopt;
}

void MemoryPlan::add(const DeviceMemory& beside, std::string_view device) {
    weights += beside.weights;
    kv += beside.kv;
    scratch += beside.scratch;
    if (devices.empty()) return;
    auto host = std::ranges::find(devices, device, &DeviceShare::device);
    if (host == devices.end()) host = std::ranges::find(devices, true, &DeviceShare::in_host_memory);
    take((host == devices.end() ? devices.front() : *host).memory, beside);
}

MemoryPlan measure(const Backend& backend, const ModelSpec& spec, const WeightSource& weights,
                   const RunnerOptions& options, const DeviceMemory& beside) {
    MemoryPlan plan;
    plan.available = backend.memory_available();
    plan.devices = backend.shares(spec, weights, options);
    if (plan.devices.empty()) {
        plan.add(backend.memory_needed(spec, weights, options));
    } else {
        for (const DeviceShare& share : plan.devices) {
            plan.weights += share.memory.weights;
            plan.kv += share.memory.kv;
            plan.scratch += share.memory.scratch;
        }
    }
    plan.add(beside);
    return plan;
}

Result<RunnerPlan> plan_runner(const Backend& backend, const ModelSpec& spec, const WeightSource& weights,
                               const PlanRequest& request) {
    if (request.context < 0 || request.context > spec.trained_context)
        return fail(ErrorCode::invalid_argument,
                    "a context of " + std::to_string(request.context) + " tokens was asked for; " +
                        (spec.name.empty() ? "this model" : spec.name) + " was trained for " +
                        std::to_string(spec.trained_context),
                    "choose 1 to " + std::to_string(spec.trained_context));
    if (request.sequences < 1 || request.page_tokens < 1 || request.max_batch_rows < 1)
        return fail(ErrorCode::invalid_argument,
                    "a plan needs at least one sequence, page position and batch row",
                    "this is a fault of the caller");
    RunnerOptions options;
    options.page_tokens = request.page_tokens;
    options.max_batch_rows = request.max_batch_rows;
    options.max_sequences = request.sequences;
    options.kv_format = request.kv_format;
    int context = request.context;
    if (context == 0) {
        context = longest_fitting(backend, spec, weights, options, request.beside, spec.trained_context);
        context = std::max(context, std::min(least_context, spec.trained_context));
    }
    return plan_with(backend, spec, weights, options, request.beside, context);
}

Result<void> check_fits(const RunnerPlan& plan, const Backend& backend, const ModelSpec& spec,
                        const WeightSource& weights) {
    const auto missing = plan.memory.short_of();
    if (!missing) return {};
    const int longest =
        longest_fitting(backend, spec, weights, plan.options, plan.beside, plan.options.context);
    const DeviceMemory& memory = missing->memory;
    return fail(ErrorCode::out_of_memory,
                (spec.name.empty() ? "the model" : spec.name) + " needs " + bytes_text(memory.total()) +
                    (missing->device.empty() ? "" : " of " + missing->device) + " with a context of " +
                    std::to_string(plan.options.context) + " tokens (weights " + bytes_text(memory.weights) +
                    ", context " + bytes_text(memory.kv) + ", working memory " + bytes_text(memory.scratch) +
                    "); " + bytes_text(missing->available) + " is free",
                longest > 0 ? "a context of " + std::to_string(longest) + " tokens fits"
                            : "close other programs, or choose a smaller model or a stronger quantisation");
}

std::string bytes_text(std::uint64_t bytes) {
    char buffer[32];
    const double value = static_cast<double>(bytes);
    // "needs 22.4 GB, 21.9 GB is free": without the decimal both were 22.
    if (value >= 1e11)
        std::snprintf(buffer, sizeof buffer, "%.0f GB", value / 1e9);
    else if (value >= 1e9)
        std::snprintf(buffer, sizeof buffer, "%.1f GB", value / 1e9);
    else if (value >= 1e6)
        std::snprintf(buffer, sizeof buffer, "%.0f MB", value / 1e6);
    else
        std::snprintf(buffer, sizeof buffer, "%.0f kB", value / 1e3);
    return buffer;
}

}  // namespace pellucid
