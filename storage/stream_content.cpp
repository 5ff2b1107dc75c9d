#include "storage/stream_content.h"

#include <algorithm>

namespace pellucid::storage {

void StreamContent::append(PartKind kind, std::string_view text, std::span<const std::int32_t> ids,
                           std::int64_t sampler_position, double elapsed) {
    if (parts.empty() || parts.back().kind != kind) {
        // A token without text (an end mark) belongs to the part before it.
        if (text.empty() && !parts.empty())
            kind = parts.back().kind;
        else
            parts.push_back({.kind = kind});
    }
    auto& part = parts.back();
    part.text += text;
    part.token_count += static_cast<int>(ids.size());
    part.seconds += std::max(0.0, elapsed - seconds);
    seconds = std::max(seconds, elapsed);
    sampler.token_ids.insert(sampler.token_ids.end(), ids.begin(), ids.end());
    if (sampler_position >= 0) sampler.position = sampler_position;
}

void StreamContent::rewind(std::size_t token_count, std::vector<Part> replacement) {
    parts = std::move(replacement);
    sampler.token_ids.resize(std::min(token_count, sampler.token_ids.size()));
}

int StreamContent::tokens_of(PartKind kind) const {
    int count = 0;
    for (const auto& part : parts)
        if (part.kind == kind) count += part.token_count;
    return count;
}

}  // namespace pellucid::storage
