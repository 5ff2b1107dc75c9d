#include "engine/sampling/stop.h"

#include <algorithm>

namespace pellucid {

StopMatcher::StopMatcher(std::vector<std::string> stops) : stops_(std::move(stops)) {
    std::erase_if(stops_, [](const std::string& stop) { return stop.empty(); });
}

std::string StopMatcher::feed(std::string_view text) {
    if (matched_) return {};
    if (stops_.empty()) return std::string(text);
    const std::size_t before = held_.size();
    held_ += text;
    // The match that ends first wins; of those that end together, the longest.
    for (std::size_t end = before + 1; end <= held_.size(); ++end) {
        const std::string_view so_far(held_.data(), end);
        std::size_t longest = 0;
        for (const auto& stop : stops_)
            if (so_far.ends_with(stop)) longest = std::max(longest, stop.size());
        if (longest == 0) continue;
        matched_ = true;
        std::string shown = held_.substr(0, end - longest);
        held_.clear();
        return shown;
    }
    // Hold back the longest end of the text that begins a stop string, and nothing more.
    std::size_t keep = 0;
    for (const auto& stop : stops_)
        for (std::size_t length = std::min(stop.size() - 1, held_.size()); length > keep; --length)
            if (held_.compare(held_.size() - length, length, stop, 0, length) == 0) {
                keep = length;
                break;
            }
    std::string shown = held_.substr(0, held_.size() - keep);
    held_.erase(0, held_.size() - keep);
    return shown;
}

std::string StopMatcher::finish() {
    std::string rest;
    rest.swap(held_);
    return rest;
}

}  // namespace pellucid
