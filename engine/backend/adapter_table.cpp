#include "engine/backend/adapter_table.h"

#include <algorithm>
#include <string>

#include "engine/backend/backend.h"

namespace pellucid {

AdapterId AdapterTable::add(std::shared_ptr<const Adapter> adapter) {
    const std::lock_guard lock(mutex_);
    adapters_.emplace(next_, std::move(adapter));
    return next_++;
}

void AdapterTable::remove(AdapterId id) {
    const std::lock_guard lock(mutex_);
    adapters_.erase(id);
}

Result<std::vector<AdaptedRows>> AdapterTable::rows_of(const Batch& batch) const {
    std::vector<AdaptedRows> rows;
    if (std::all_of(batch.sequences.begin(), batch.sequences.end(),
                    [](const BatchSequence& sequence) { return sequence.adapters.empty(); }))
        return rows;
    const std::lock_guard lock(mutex_);
    for (int begin = 0, end = 0; begin < static_cast<int>(batch.rows.size()); begin = end) {
        const auto sequence = [&](int row) { return batch.rows[static_cast<std::size_t>(row)].sequence; };
        while (end < static_cast<int>(batch.rows.size()) && sequence(end) == sequence(begin)) ++end;
        for (const AdapterUse& use : batch.sequences[static_cast<std::size_t>(sequence(begin))].adapters) {
            const auto found = adapters_.find(use.id);
            if (found == adapters_.end())
                return fail(ErrorCode::invalid_argument,
                            "batch: adapter " + std::to_string(use.id) + " is not loaded",
                            "this is a fault of the caller");
            rows.push_back({begin, end - begin, found->second, use.strength});
        }
    }
    return rows;
}

Result<AdapterId> Runner::load_adapter(std::shared_ptr<const Adapter>) {
    return fail(ErrorCode::unsupported, "this device does not run adapters (LoRA)",
                "choose --device cpu, or do without the adapter");
}

void Runner::unload_adapter(AdapterId) {}

}  // namespace pellucid
