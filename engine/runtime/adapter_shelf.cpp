#include "engine/runtime/adapter_shelf.h"

#include <cmath>
#include <cstdio>

#include "engine/model/adapter.h"

namespace pellucid {

Result<AdapterSet> AdapterShelf::take(std::span<const AdapterStrength> wanted) {
    constexpr float kMostStrength = 100;
    AdapterSet set;
    const std::lock_guard lock(mutex_);
    for (const AdapterStrength& one : wanted) {
        if (!(std::abs(one.strength) <= kMostStrength))
            return fail(ErrorCode::invalid_argument, one.path + ": the strength of an adapter goes up to 100",
                        "give a strength such as 1 or 0.5");
        auto found = loaded_.find(one.path);
        if (found == loaded_.end()) {
            PELLUCID_TRY(auto adapter, open_adapter(one.path, spec_));
            auto id = runner_.load_adapter(adapter);
            if (!id && id.error().code == ErrorCode::unsupported)
                return fail(ErrorCode::unsupported, "the device " + device_ + " does not run adapters (LoRA)",
                            id.error().hint);
            if (!id) return id.failure();
            found = loaded_.emplace(one.path, Loaded{*id, adapter->digest}).first;
        }
        if (one.strength == 0) continue;
        set.uses.push_back({found->second.id, one.strength});
        char strength[32];
        std::snprintf(strength, sizeof strength, "*%a", static_cast<double>(one.strength));
        set.domain += "+" + found->second.digest + strength;
    }
    return set;
}

}  // namespace pellucid
