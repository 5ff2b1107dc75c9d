// The adapters (LoRA) of a running model, each read once, and the sets of them that requests ask for.
#pragma once

#include <map>
#include <mutex>
#include <span>
#include <string>
#include <vector>

#include "engine/backend/backend.h"
#include "engine/runtime/session.h"

namespace pellucid {

/// What a sequence runs with.
struct AdapterSet {
    std::vector<AdapterUse> uses;
    std::string domain;  ///< keys and values depend on adapters and strengths: part of the cache's key
};

/// Thread safe. Adapters stay loaded as long as the shelf, so that requests may change between them at no
/// cost.
class AdapterShelf {
public:
    /// `device` is named in errors. The runner must outlive the shelf.
    AdapterShelf(Runner& runner, const ModelSpec& spec, std::string device)
        : runner_(runner), spec_(spec), device_(std::move(device)) {}

    /// Errors of open_adapter; unsupported, with the device's name, where it runs none; invalid_argument for
    /// a strength that is no number up to 100. Strength 0 leaves an adapter out.
    Result<AdapterSet> take(std::span<const AdapterStrength> wanted);

private:
    struct Loaded {
        AdapterId id = 0;
        std::string digest;
    };
    Runner& runner_;
    const ModelSpec& spec_;
    const std::string device_;
    std::mutex mutex_;
    std::map<std::string, Loaded> loaded_;  // by path
};

}  // namespace pellucid
