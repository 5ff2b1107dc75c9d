// What hubs said of the models that the window shows: from a search to its download.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "app/hub/hub.h"
#include "engine/model/model_file.h"

namespace pellucid::app {

/// One model, as far as it is known. `header` is that of `variants[header_of]`.
struct KnownOffer {
    std::string title, repository, revision, licence, hub;  ///< hub: its id
    std::vector<hub::Variant> variants;
    std::shared_ptr<const ModelFile> header;
    std::size_t header_of = 0;
};

/// Thread safe: filled by the thread that asks hubs, read by the one that starts downloads.
class KnownOffers {
public:
    void keep(const std::string& id, KnownOffer offer) {
        const std::lock_guard lock(mutex_);
        offers_[id] = std::move(offer);
    }
    std::optional<KnownOffer> find(const std::string& id) const {
        const std::lock_guard lock(mutex_);
        const auto at = offers_.find(id);
        return at == offers_.end() ? std::nullopt : std::optional(at->second);
    }
    /// The name of a variant's first file, without folders: what it is called on the disk.
    static std::string file_name(const hub::Variant& variant) {
        if (variant.files.empty()) return {};
        const std::string& path = variant.files.front().path;
        const auto slash = path.rfind('/');
        return slash == std::string::npos ? path : path.substr(slash + 1);
    }

private:
    mutable std::mutex mutex_;
    std::map<std::string, KnownOffer> offers_;
};

}  // namespace pellucid::app
