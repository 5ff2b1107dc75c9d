#include "engine/placement/placement.h"

#include <algorithm>

namespace pellucid {

namespace {

const std::string& owner_of(const Placement& placement, int half) {
    const auto part = std::ranges::find_if(
        placement.parts, [&](const Placement::Part& p) { return p.begin_half <= half && half < p.end_half; });
    return part->device;  // parts have no gaps
}

/// Who runs the routed experts of a half layer.
const std::string& expert_of(const Placement& placement, const ModelSpec& spec, int half) {
    const int layer = half / 2;
    if (half % 2 == 1 && spec.layers[static_cast<std::size_t>(layer)].routed())
        for (const Placement::ExpertPart& part : placement.experts)
            if (part.begin_layer <= layer && layer < part.end_layer) return part.device;
    return owner_of(placement, half);
}

std::string range_text(int first, int last) {
    return first == last ? std::to_string(first) : std::to_string(first) + "-" + std::to_string(last);
}

/// Half layers [begin, end) as "3", "0-15", "3f-7", "7a".
std::string halves_text(int begin, int end) {
    const int first = begin / 2, last = (end - 1) / 2;
    const bool from_middle = begin % 2 == 1, to_middle = end % 2 == 1;
    if (!from_middle && !to_middle) return range_text(first, last);
    if (first == last) return std::to_string(first) + (from_middle ? "f" : "a");
    return std::to_string(first) + (from_middle ? "f" : "") + "-" + std::to_string(last) +
           (to_middle ? "a" : "");
}

int index_of(const std::vector<std::string>& devices, const std::string& device) {
    return static_cast<int>(std::ranges::find(devices, device) - devices.begin());
}

}  // namespace

Placement whole_on(const ModelSpec& spec, const std::string& device) {
    return {{{0, 2 * spec.n_layers(), device}}, {}};
}

std::vector<std::string> devices_of(const Placement& placement) {
    std::vector<std::string> devices;
    const auto add = [&](const std::string& device) {
        if (std::ranges::find(devices, device) == devices.end()) devices.push_back(device);
    };
    for (const Placement::Part& part : placement.parts) add(part.device);
    for (const Placement::ExpertPart& part : placement.experts) add(part.device);
    return devices;
}

std::string to_string(const Placement& placement) {
    if (placement.parts.size() == 1 && placement.experts.empty()) return "whole";
    std::string text;
    const auto add = [&](const std::string& item) { text += (text.empty() ? "" : ",") + item; };
    for (const Placement::Part& part : placement.parts)
        add(part.device + ":" + halves_text(part.begin_half, part.end_half));
    for (const Placement::ExpertPart& part : placement.experts)
        add("experts=" + part.device + ":" + range_text(part.begin_layer, part.end_layer - 1));
    return text;
}

std::string part_text(const Placement& placement, std::string_view device) {
    std::string layers, experts;
    const auto add = [](std::string& text, const std::string& item) {
        text += (text.empty() ? "" : ", ") + item;
    };
    for (const Placement::Part& part : placement.parts)
        if (part.device == device) add(layers, halves_text(part.begin_half, part.end_half));
    for (const Placement::ExpertPart& part : placement.experts)
        if (part.device == device) add(experts, range_text(part.begin_layer, part.end_layer - 1));
    if (!layers.empty()) layers = "layers " + layers;
    if (!experts.empty()) add(layers, "experts of layers " + experts);
    return layers;
}

ModelPart part_on(const Placement& placement, const ModelSpec& spec, std::string_view device) {
    ModelPart part;
    part.embedding = placement.parts.front().device == device;
    part.head = placement.parts.back().device == device;
    for (int half = 0; half < 2 * spec.n_layers(); ++half) {
        const std::string& owner = owner_of(placement, half);
        const std::string& expert = expert_of(placement, spec, half);
        const bool split = owner != expert && splits(spec.layers[static_cast<std::size_t>(half / 2)]);
        HalfShare share = expert == device ? HalfShare::all : HalfShare::none;
        if (split && expert == device) share = HalfShare::routed;
        if (split && owner == device) share = HalfShare::shared;
        part.halves.push_back(share);
    }
    return part;
}

std::vector<Stage> stages_of(const Placement& placement, const ModelSpec& spec) {
    const std::vector<std::string> devices = devices_of(placement);
    std::vector<Stage> stages;
    const int halves = 2 * spec.n_layers();
    for (int half = 0; half < halves; ++half) {
        const int owner = index_of(devices, owner_of(placement, half));
        const int expert = index_of(devices, expert_of(placement, spec, half));
        const bool split = owner != expert && splits(spec.layers[static_cast<std::size_t>(half / 2)]);
        const bool goes_on =
            !stages.empty() && !split && stages.back().beside < 0 && stages.back().device == expert;
        if (goes_on)
            stages.back().end = half + 1;
        else
            stages.push_back({expert, half, half + 1, split ? owner : -1});
    }
    const int head = index_of(devices, placement.parts.back().device);
    if (stages.empty() || stages.back().beside >= 0 || stages.back().device != head)
        stages.push_back({head, halves, halves, -1});
    return stages;
}

int crossings(const std::vector<Stage>& stages) {
    int count = 0;
    for (std::size_t i = 1; i < stages.size(); ++i)
        count +=
            stages[i].device != stages[i - 1].device || stages[i].beside >= 0 || stages[i - 1].beside >= 0;
    return count;
}

}  // namespace pellucid
