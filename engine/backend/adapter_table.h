// The adapters a runner has loaded, and which rows of a step use them.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <vector>

#include "engine/backend/batch.h"
#include "engine/base/error.h"
#include "engine/model/adapter.h"

namespace pellucid {

/// Rows [first, first + count) of a batch take what `adapter` adds, times `strength`.
struct AdaptedRows {
    int first = 0, count = 0;
    std::shared_ptr<const Adapter> adapter;
    float strength = 1;
};

/// Thread safe: adapters come and go while steps run.
class AdapterTable {
public:
    AdapterId add(std::shared_ptr<const Adapter> adapter);
    void remove(AdapterId id);
    /// Empty where no sequence has adapters. invalid_argument for an id that is not loaded.
    Result<std::vector<AdaptedRows>> rows_of(const Batch& batch) const;

private:
    mutable std::mutex mutex_;
    std::map<AdapterId, std::shared_ptr<const Adapter>> adapters_;
    AdapterId next_ = 1;
};

}  // namespace pellucid
