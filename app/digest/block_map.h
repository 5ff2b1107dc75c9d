// Digests of a file's blocks: what tells which part of a damaged file to fetch again.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "app/digest/sha256.h"
#include "engine/base/error.h"

namespace pellucid::digest {

/// SHA-256 of each block of `block_bytes`; the last may be shorter. Empty `blocks`: not known.
struct BlockMap {
    std::uint64_t file_bytes = 0;
    std::uint64_t block_bytes = 0;
    std::vector<Hash> blocks;

    bool known() const { return !blocks.empty(); }
    std::uint64_t first(std::size_t block) const { return block * block_bytes; }
    std::uint64_t size(std::size_t block) const {
        const std::uint64_t at = first(block);
        return at + block_bytes < file_bytes ? block_bytes : file_bytes - at;
    }
    bool operator==(const BlockMap&) const = default;
};

/// 4 MiB: 32 bytes of digest for each, 32 KB for a 4 GB file; what a damaged bit costs to fetch again.
inline constexpr std::uint64_t default_block_bytes = std::uint64_t{4} << 20;

/// How many blocks a file of that size has. PRECONDITION: block_bytes > 0.
std::uint64_t block_count(std::uint64_t file_bytes, std::uint64_t block_bytes);

/// The digests one after the other, 32 bytes each: as the database keeps them.
std::string to_bytes(const std::vector<Hash>& blocks);
/// corrupt: not a whole number of digests, or not as many as the file has blocks.
Result<BlockMap> block_map(std::uint64_t file_bytes, std::uint64_t block_bytes, std::string_view bytes);

}  // namespace pellucid::digest
