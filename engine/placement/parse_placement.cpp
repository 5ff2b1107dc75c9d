#include "engine/placement/parse_placement.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <vector>

namespace pellucid {

namespace {

constexpr const char* kExample = "write for example cuda:0-15,cpu:16-31, or experts=cpu, or auto";

struct Halves {
    int begin = 0, end = 0;  // [begin, end)
};

class Parser {
public:
    Parser(const ModelSpec& spec, std::span<const std::string> devices, const std::string& rest)
        : spec_(spec), devices_(devices), rest_(rest), owners_(static_cast<std::size_t>(2 * layers())) {
        experts_.resize(static_cast<std::size_t>(layers()));
    }

    Result<void> item(std::string_view text) {
        constexpr std::string_view kExperts = "experts=";
        if (text.starts_with(kExperts)) return experts(text.substr(kExperts.size()));
        const std::size_t colon = text.rfind(':');
        if (colon == std::string_view::npos) return malformed(text);
        PELLUCID_TRY(const std::string device, device_of(text.substr(0, colon)));
        PELLUCID_TRY(const Halves halves, halves_of(text.substr(colon + 1), text));
        for (int half = halves.begin; half < halves.end; ++half)
            PELLUCID_CHECK(give(owners_[static_cast<std::size_t>(half)], device, half / 2));
        return {};
    }

    Placement placement() const {
        Placement made;
        const int halves = 2 * layers();
        const auto owner = [&](int half) -> const std::string& {
            const std::string& named = owners_[static_cast<std::size_t>(half)];
            return named.empty() ? rest_ : named;
        };
        for (int half = 0; half < halves; ++half) {
            if (!made.parts.empty() && made.parts.back().device == owner(half))
                made.parts.back().end_half = half + 1;
            else
                made.parts.push_back({half, half + 1, owner(half)});
        }
        // Layers without routed experts between two that have them do not cut the range.
        bool between = false;
        for (int layer = 0; layer < layers(); ++layer) {
            if (!routed(layer)) continue;
            const std::string& device = experts_[static_cast<std::size_t>(layer)];
            if (device.empty() || device == owner(2 * layer + 1)) {
                between = true;
                continue;
            }
            if (!made.experts.empty() && made.experts.back().device == device && !between)
                made.experts.back().end_layer = layer + 1;
            else
                made.experts.push_back({layer, layer + 1, device});
            between = false;
        }
        return made;
    }

private:
    int layers() const { return spec_.n_layers(); }
    bool routed(int layer) const { return spec_.layers[static_cast<std::size_t>(layer)].routed(); }

    static Failure malformed(std::string_view text) {
        return fail(ErrorCode::invalid_argument,
                    "\"" + std::string(text) + "\" does not say which layers run where", kExample);
    }

    static Result<void> give(std::string& owner, const std::string& device, int layer) {
        if (!owner.empty())
            return fail(ErrorCode::invalid_argument,
                        "the placement names layer " + std::to_string(layer) + " twice",
                        "name every layer once; what is not named runs on --device");
        owner = device;
        return {};
    }

    bool known(std::string_view name) const { return std::ranges::find(devices_, name) != devices_.end(); }

    Result<std::string> device_of(std::string_view name) const {
        std::string wanted(name);
        if (name == "cuda") wanted = "cuda:0";
        if (name == "gpu") {
            const auto own = std::ranges::find_if(
                devices_, [](const std::string& id) { return id != "cpu" && id != "reference"; });
            if (own != devices_.end()) return *own;
        }
        if (known(wanted)) return wanted;
        std::string all;
        for (const std::string& id : devices_) all += (all.empty() ? "" : ", ") + id;
        return fail(ErrorCode::unsupported, "there is no device \"" + wanted + "\" here",
                    "choose one of: " + all);
    }

    Result<void> experts(std::string_view text) {
        Halves halves{0, 2 * layers()};
        std::string_view name = text;
        // "cuda:0" alone is a device, not layer 0 of "cuda".
        if (const std::size_t colon = text.rfind(':'); colon != std::string_view::npos && !known(text)) {
            name = text.substr(0, colon);
            PELLUCID_TRY(halves, halves_of(text.substr(colon + 1), text));
        }
        PELLUCID_TRY(const std::string device, device_of(name));
        bool any = false;
        for (int layer = (halves.begin + 1) / 2; layer < (halves.end + 1) / 2; ++layer) {
            if (!routed(layer)) continue;
            any = true;
            PELLUCID_CHECK(give(experts_[static_cast<std::size_t>(layer)], device, layer));
        }
        if (any) return {};
        return fail(ErrorCode::invalid_argument,
                    "the placement names experts, but these layers have no routed experts",
                    "place layers instead, for example cpu:0-15");
    }

    /// An end of a range: a layer, and which half where that is said ('a' or 'f', else 0).
    struct End {
        int layer = 0;
        char half = 0;
    };
    std::optional<End> end_of(std::string_view text) const {
        End end;
        if (!text.empty() && (text.back() == 'a' || text.back() == 'f')) {
            end.half = text.back();
            text.remove_suffix(1);
        }
        const char* const stop = text.data() + text.size();
        const auto [at, problem] = std::from_chars(text.data(), stop, end.layer);
        if (problem != std::errc() || at != stop || end.layer < 0) return std::nullopt;
        return end;
    }

    Result<Halves> halves_of(std::string_view text, std::string_view item) const {
        const std::size_t dash = text.find('-');
        const std::string_view from = text.substr(0, dash),
                               to = dash == std::string_view::npos ? from : text.substr(dash + 1);
        if (from.empty() && to.empty()) return malformed(item);
        std::optional<End> first = End{0, 0}, last = End{layers() - 1, 0};
        if (!from.empty()) first = end_of(from);
        if (!to.empty()) last = end_of(to);
        if (!first || !last) return malformed(item);
        const int highest = std::max(first->layer, last->layer);
        if (highest >= layers())
            return fail(ErrorCode::invalid_argument,
                        "the placement names layer " + std::to_string(highest) + ", this model has " +
                            std::to_string(layers()),
                        "count layers from 0 to " + std::to_string(layers() - 1));
        const Halves halves{2 * first->layer + (first->half == 'f'),
                            2 * last->layer + (last->half == 'a' ? 1 : 2)};
        if (halves.begin >= halves.end) return malformed(item);
        return halves;
    }

    const ModelSpec& spec_;
    const std::span<const std::string> devices_;
    const std::string& rest_;
    std::vector<std::string> owners_;   // by half; empty: not named
    std::vector<std::string> experts_;  // by layer
};

}  // namespace

Result<Placement> parse_placement(std::string_view text, const ModelSpec& spec,
                                  std::span<const std::string> devices, const std::string& rest) {
    Parser parser(spec, devices, rest);
    if (text == "whole") return parser.placement();
    for (std::size_t begin = 0; begin <= text.size();) {
        const std::size_t end = std::min(text.find(',', begin), text.size());
        PELLUCID_CHECK(parser.item(text.substr(begin, end - begin)));
        begin = end + 1;
    }
    return parser.placement();
}

}  // namespace pellucid
