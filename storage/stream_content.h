// What a reply says so far: built up token by token while it streams, and again from the journal after a
// crash.
#pragma once

#include <span>
#include <string_view>

#include "storage/message.h"

namespace pellucid::storage {

struct StreamContent {
    std::vector<Part> parts;
    SamplerPoint sampler;
    double seconds = 0;  ///< of streaming, up to the last text

    /// @param elapsed seconds since the stream began (or went on)
    void append(PartKind kind, std::string_view text, std::span<const std::int32_t> ids,
                std::int64_t sampler_position, double elapsed);
    void rewind(std::size_t token_count, std::vector<Part> replacement);
    int tokens_of(PartKind kind) const;
};

}  // namespace pellucid::storage
