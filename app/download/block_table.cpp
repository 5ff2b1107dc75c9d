#include "app/download/block_table.h"

#include <algorithm>

#include "app/digest/block_map.h"

namespace pellucid::download {

BlockTable::BlockTable(std::uint64_t file_bytes, std::uint64_t block_bytes)
    : file_bytes_(file_bytes),
      block_bytes_(block_bytes),
      blocks_(digest::block_count(file_bytes, block_bytes), Block::missing),
      hashes_(blocks_.size()),
      missing_(blocks_.size()) {}

std::uint64_t BlockTable::size(std::uint64_t block) const {
    return std::min(block_bytes_, file_bytes_ - first(block));
}

void BlockTable::change(std::uint64_t block, Block to) {
    const Block from = blocks_[block];
    if (from == to) return;
    if (from == Block::here) {
        --here_;
        bytes_here_ -= size(block);
    }
    if (from == Block::missing) --missing_;
    if (to == Block::here) {
        ++here_;
        bytes_here_ += size(block);
    }
    if (to == Block::missing) {
        ++missing_;
        look_from_ = std::min(look_from_, block);
    }
    blocks_[block] = to;
}

void BlockTable::set_here(std::uint64_t block, const digest::Hash& hash) {
    begun_.erase(block);
    hashes_[block] = hash;
    change(block, Block::here);
}

void BlockTable::set_missing(std::uint64_t block) {
    begun_.erase(block);
    change(block, Block::missing);
}

std::optional<BlockTable::Run> BlockTable::take_run(std::uint64_t most) {
    while (look_from_ < blocks_.size() && blocks_[look_from_] != Block::missing) ++look_from_;
    if (look_from_ == blocks_.size()) return {};
    const std::uint64_t begin = look_from_;
    std::uint64_t end = begin;
    while (end < blocks_.size() && blocks_[end] == Block::missing &&
           (end == begin || first(end) + size(end) - first(begin) <= most)) {
        // A block that has a beginning is continued by a request of its own.
        if (end > begin && begun_.contains(end)) break;
        ++end;
    }
    for (std::uint64_t block = begin; block < end; ++block) change(block, Block::coming);
    const auto known = begun_.find(begin);
    return Run{first(begin) + (known == begun_.end() ? 0 : known->second.bytes),
               first(end - 1) + size(end - 1)};
}

void BlockTable::give_back(std::uint64_t from, std::uint64_t end, std::optional<BlockBeginning> beginning) {
    if (from >= end) return;
    const std::uint64_t block = from / block_bytes_;
    for (std::uint64_t b = block; b < blocks_.size() && first(b) < end; ++b)
        if (blocks_[b] == Block::coming) change(b, Block::missing);
    if (beginning && beginning->bytes > 0) begun_[block] = std::move(*beginning);
}

BlockBeginning BlockTable::take_beginning(std::uint64_t block) {
    const auto known = begun_.find(block);
    if (known == begun_.end()) return {};
    BlockBeginning taken = std::move(known->second);
    begun_.erase(known);
    return taken;
}

std::uint64_t BlockTable::bytes_begun() const {
    std::uint64_t bytes = 0;
    for (const auto& [block, beginning] : begun_) bytes += beginning.bytes;
    return bytes;
}

}  // namespace pellucid::download
