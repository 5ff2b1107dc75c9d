#include "engine/runtime/plan_model.h"

#include <algorithm>
#include <set>
#include <string>

#include "engine/model/adapter.h"

namespace pellucid {

namespace {

Result<KvFormat> kv_format(const std::string& name) {
    if (const auto format = find_kv_format(name)) return *format;
    return fail(ErrorCode::unsupported, "KV format \"" + name + "\" is not in this version",
                "use f16, f32, q8, fp8, q4 or q3");
}

/// Replies that may run at once. They share the pages of one full context.
constexpr int kMostReplies = 8;

/// What the options' adapters take: their matrices, and the two products of a step's rows with one of them.
Result<DeviceMemory> adapter_memory(const ModelOptions& options, int rows) {
    DeviceMemory memory;
    std::int64_t widest = 0, highest = 0;
    std::set<std::string> seen;
    for (const AdapterStrength& adapter : options.adapters) {
        if (!seen.insert(adapter.path).second) continue;
        PELLUCID_TRY(const AdapterSize size, measure_adapter(adapter.path));
        memory.weights += size.bytes;
        widest = std::max(widest, size.widest);
        highest = std::max(highest, size.highest);
    }
    memory.scratch =
        static_cast<std::uint64_t>(rows) * static_cast<std::uint64_t>(widest + highest) * sizeof(float);
    return memory;
}

}  // namespace

Result<RunnerPlan> plan_model(const ModelFile& file, const Backend& backend, const ModelOptions& options) {
    PlanRequest request;
    request.max_batch_rows = backend.step_rows(*file.spec);
    request.context = options.context_length;
    PELLUCID_TRY(request.kv_format, kv_format(options.kv_format));
    PELLUCID_TRY(request.beside, adapter_memory(options, request.max_batch_rows));
    // A step's results hold the logits of every guess beside those that the device counts.
    request.beside.scratch += static_cast<std::uint64_t>(options.speculation.most_guesses()) * kMostReplies *
                              static_cast<std::uint64_t>(file.spec->vocabulary) * sizeof(float);
    PELLUCID_TRY(RunnerPlan plan, plan_runner(backend, *file.spec, *file.weights, request));
    plan.options.max_sequences = kMostReplies;
    const DeviceMemory needed = backend.memory_needed(*file.spec, *file.weights, plan.options);
    plan.memory.weights = needed.weights + plan.beside.weights;
    plan.memory.kv = needed.kv + plan.beside.kv;
    plan.memory.scratch = needed.scratch + plan.beside.scratch;
    return plan;
}

}  // namespace pellucid
