// Which bytes of a file are there: its blocks, and the beginnings of blocks whose rest is still to come.
// Pure.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "app/digest/sha256.h"

namespace pellucid::download {

/// A block that is not whole yet: its first bytes, as received in this run of the program, and their digest
/// so far.
struct BlockBeginning {
    std::uint64_t bytes = 0;
    digest::Sha256 hash;
};

class BlockTable {
public:
    enum class Block : std::uint8_t { missing, coming, here };

    BlockTable() = default;
    BlockTable(std::uint64_t file_bytes, std::uint64_t block_bytes);

    std::uint64_t count() const { return blocks_.size(); }
    std::uint64_t file_bytes() const { return file_bytes_; }
    std::uint64_t block_bytes() const { return block_bytes_; }
    std::uint64_t first(std::uint64_t block) const { return block * block_bytes_; }
    std::uint64_t size(std::uint64_t block) const;
    Block state(std::uint64_t block) const { return blocks_[block]; }

    void set_here(std::uint64_t block, const digest::Hash& hash);
    /// Forgets the block, its beginning too.
    void set_missing(std::uint64_t block);
    const digest::Hash& hash(std::uint64_t block) const { return hashes_[block]; }
    const std::vector<digest::Hash>& hashes() const { return hashes_; }

    /// The next bytes to ask for: a run of missing blocks of at most `most` bytes (but at least one block),
    /// now marked as coming. [first, end): `first` is in the middle of a block where its beginning is here.
    /// None: nothing is missing.
    struct Run {
        std::uint64_t first = 0, end = 0;
    };
    std::optional<Run> take_run(std::uint64_t most);
    /// The blocks of [from, end) that were coming are missing again. `beginning`: of the first of them.
    void give_back(std::uint64_t from, std::uint64_t end, std::optional<BlockBeginning> beginning);
    /// What is here of a block that is not whole; taken out.
    BlockBeginning take_beginning(std::uint64_t block);

    std::uint64_t bytes_here() const { return bytes_here_; }  ///< of whole blocks
    std::uint64_t bytes_begun() const;                        ///< of beginnings that lie still
    std::uint64_t missing() const { return missing_; }        ///< blocks
    bool whole() const { return here_ == blocks_.size(); }

private:
    void change(std::uint64_t block, Block to);
    std::uint64_t file_bytes_ = 0, block_bytes_ = 1;
    std::vector<Block> blocks_;
    std::vector<digest::Hash> hashes_;
    std::map<std::uint64_t, BlockBeginning> begun_;
    std::uint64_t bytes_here_ = 0, here_ = 0, missing_ = 0;
    std::uint64_t look_from_ = 0;  // no block before it is missing
};

}  // namespace pellucid::download
