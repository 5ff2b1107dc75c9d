#include "engine/runtime/place_model.h"

#include <algorithm>
#include <optional>

#include "engine/backend/token_cost.h"
#include "engine/placement/parse_placement.h"
#include "engine/placement/placed_backend.h"
#include "engine/runtime/plan_model.h"

namespace pellucid {

namespace {

/// Tokens that a placement must leave room for where no context was asked for: a model is not squeezed onto
/// a device for the sake of a chat of a few lines.
constexpr int kUsableContext = 4096;

ModelOptions with_context(const ModelFile& file, ModelOptions options) {
    if (options.context_length == 0)
        options.context_length = std::min(kUsableContext, file.spec->trained_context);
    return options;
}

std::optional<MemoryPlan> fitting(const ModelFile& file, const Backend& backend,
                                  const ModelOptions& options) {
    auto plan = plan_model(file, backend, with_context(file, options));
    if (!plan || !plan->memory.fits()) return std::nullopt;
    return std::move(plan->memory);
}

/// What a token reads from the host's memory.
double host_bytes(const MemoryPlan& plan) {
    double bytes = 0;
    for (const DeviceShare& share : plan.devices)
        if (share.in_host_memory) bytes += share.bytes_per_token;
    return bytes;
}

/// Placements of one model over a device with memory of its own and the host, by how much is on the host.
class Cuts {
public:
    Cuts(const ModelFile& file, const ModelOptions& options, PlacedDevice device, PlacedDevice host)
        : file_(file), options_(options), device_(std::move(device)), host_(std::move(host)) {
        for (int layer = 0; layer < layers(); ++layer)
            if (file.spec->layers[static_cast<std::size_t>(layer)].routed()) routed_.push_back(layer);
    }

    /// The first layers on the host: the head, which every token reads, is then with the device.
    std::optional<PlacementOffer> by_layers() const {
        return least(1, layers() - 1, [&](int count) {
            return Placement{{{0, 2 * count, host_.id}, {2 * count, 2 * layers(), device_.id}}, {}};
        });
    }
    /// The routed experts of the first layers on the host.
    std::optional<PlacementOffer> by_experts() const {
        if (routed_.empty()) return std::nullopt;
        return least(1, static_cast<int>(routed_.size()), [&](int count) {
            Placement placement = whole_on(*file_.spec, device_.id);
            placement.experts.push_back(
                {routed_.front(), routed_[static_cast<std::size_t>(count - 1)] + 1, host_.id});
            return placement;
        });
    }

private:
    int layers() const { return file_.spec->n_layers(); }

    /// With the smallest count that leaves the device enough, if the host has room for the rest.
    template <typename Make>
    std::optional<PlacementOffer> least(int low, int high, Make&& make) const {
        if (low > high) return std::nullopt;
        const auto plan = [&](int count) -> std::optional<MemoryPlan> {
            const auto backend = PlacedBackend::make({device_, host_}, make(count));
            if (!backend) return std::nullopt;
            auto made = plan_model(file_, **backend, with_context(file_, options_));
            if (!made) return std::nullopt;
            return std::move(made->memory);
        };
        const auto enough = [&](int count) {
            const auto made = plan(count);
            return made && std::ranges::none_of(made->devices, [](const DeviceShare& share) {
                       return !share.in_host_memory && share.memory.total() > share.available;
                   });
        };
        if (!enough(high)) return std::nullopt;
        while (low < high) {
            const int middle = low + (high - low) / 2;
            if (enough(middle))
                high = middle;
            else
                low = middle + 1;
        }
        auto memory = plan(low);
        if (!memory || !memory->fits()) return std::nullopt;
        return PlacementOffer{device_.id, to_string(make(low)), *std::move(memory)};
    }

    const ModelFile& file_;
    const ModelOptions& options_;
    const PlacedDevice device_, host_;
    std::vector<int> routed_;
};

}  // namespace

std::vector<PlacementOffer> offer_placements(const ModelFile& file, const ModelOptions& options,
                                             std::span<const std::string> devices, const BackendOf& backend,
                                             std::span<const std::string> without) {
    const auto open = [&](const std::string& id) -> std::shared_ptr<Backend> {
        if (std::ranges::find(devices, id) == devices.end() ||
            std::ranges::find(without, id) != without.end())
            return nullptr;
        auto made = backend(id);
        return made ? *std::move(made) : nullptr;
    };
    std::vector<PlacementOffer> offers;
    const auto whole = [&](const std::string& id, const std::shared_ptr<Backend>& on) {
        if (!on) return;
        if (auto memory = fitting(file, *on, options)) offers.push_back({id, "whole", *std::move(memory)});
    };
    const auto own = open(options.device);
    const auto host = options.device == "cpu" ? nullptr : open("cpu");
    whole(options.device, own);
    if (own && host && !own->in_host_memory() && own->runs_parts()) {
        const Cuts cuts(file, options, {options.device, own}, {"cpu", host});
        std::vector<PlacementOffer> split;
        for (auto& offer : {cuts.by_experts(), cuts.by_layers()})
            if (offer) split.push_back(*offer);
        std::ranges::stable_sort(split, {},
                                 [](const PlacementOffer& offer) { return host_bytes(offer.memory); });
        offers.insert(offers.end(), split.begin(), split.end());
    }
    whole("cpu", host);
    return offers;
}

Result<PlacedModel> place_model(const ModelFile& file, const ModelOptions& options,
                                std::span<const std::string> devices, const BackendOf& backend) {
    std::string text = options.placement;
    if (text == "auto") {
        text = "whole";
        PELLUCID_TRY(const auto own, backend(options.device));
        if (!own->in_host_memory() && !fitting(file, *own, options)) {
            const auto offers = offer_placements(file, options, devices, backend);
            if (!offers.empty() && offers.front().device == options.device) text = offers.front().placement;
        }
    }
    PELLUCID_TRY(Placement placement, parse_placement(text, *file.spec, devices, options.device));
    PlacedModel placed;
    placed.placement = to_string(placement);
    const std::vector<std::string> named = devices_of(placement);
    if (named.size() == 1) {
        PELLUCID_TRY(placed.backend, backend(named.front()));
        placed.head_device = named.front();
        placed.head_backend = placed.backend;
        return placed;
    }
    std::vector<PlacedDevice> own;
    for (const std::string& id : named) {
        PELLUCID_TRY(auto made, backend(id));
        own.push_back({id, std::move(made)});
    }
    PELLUCID_TRY(const auto made, PlacedBackend::make(std::move(own), std::move(placement)));
    placed.head_device = made->head_device().id;
    placed.head_backend = made->head_device().backend;
    placed.backend = made;
    return placed;
}

}  // namespace pellucid
