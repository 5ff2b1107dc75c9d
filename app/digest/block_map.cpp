#include "app/digest/block_map.h"

#include <cstring>

namespace pellucid::digest {

std::uint64_t block_count(std::uint64_t file_bytes, std::uint64_t block_bytes) {
    return file_bytes / block_bytes + (file_bytes % block_bytes != 0 ? 1 : 0);
}

std::string to_bytes(const std::vector<Hash>& blocks) {
    std::string bytes(blocks.size() * sizeof(Hash), '\0');
    if (!blocks.empty()) std::memcpy(bytes.data(), blocks.data(), bytes.size());
    return bytes;
}

Result<BlockMap> block_map(std::uint64_t file_bytes, std::uint64_t block_bytes, std::string_view bytes) {
    BlockMap map{file_bytes, block_bytes, {}};
    if (bytes.empty()) return map;
    if (block_bytes == 0 || bytes.size() % sizeof(Hash) != 0 ||
        bytes.size() / sizeof(Hash) != block_count(file_bytes, block_bytes))
        return fail(ErrorCode::corrupt, "the list of block digests does not belong to this file",
                    "Check the file again: a new list is made.");
    map.blocks.resize(bytes.size() / sizeof(Hash));
    std::memcpy(map.blocks.data(), bytes.data(), bytes.size());
    return map;
}

}  // namespace pellucid::digest
