// Byte-pair encoding of one word: the merge of lowest rank first (Sennrich et al. 2016, arXiv:1508.07909).
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/error.h"
#include "engine/base/token.h"

namespace pellucid {

/// The merges of a vocabulary: (left, right) -> (rank, result). Open addressing; immutable once filled.
class MergeTable {
public:
    struct Merge {
        std::uint32_t rank;
        TokenId result;
    };

    explicit MergeTable(std::size_t expected = 0);
    /// A pair given twice keeps the later rank, as the `tokenizers` library does.
    void add(TokenId left, TokenId right, Merge merge);
    /// Null: these two do not merge.
    const Merge* find(TokenId left, TokenId right) const {
        const std::uint64_t key = key_of(left, right);
        for (std::size_t slot = slot_of(key);; slot = (slot + 1) & mask_) {
            if (slots_[slot].key == key) return &slots_[slot].merge;
            if (slots_[slot].key == kFree) return nullptr;
        }
    }
    std::size_t size() const { return size_; }

private:
    static constexpr std::uint64_t kFree = ~std::uint64_t{0};
    struct Slot {
        std::uint64_t key = kFree;
        Merge merge{};
    };
    static std::uint64_t key_of(TokenId left, TokenId right) {
        return std::uint64_t{static_cast<std::uint32_t>(left)} << 32 | static_cast<std::uint32_t>(right);
    }
    std::size_t slot_of(std::uint64_t key) const { return (key * 0x9E3779B97F4A7C15ull >> shift_) & mask_; }
    void grow();

    std::vector<Slot> slots_;
    std::size_t mask_ = 0, size_ = 0;
    unsigned shift_ = 0;
};

/// Merges `symbols` in place until no pair of neighbours merges: always the pair of lowest rank, the leftmost
/// of equals. O(n²) on a handful of symbols, O(n log n) on long words.
void merge_symbols(const MergeTable& merges, std::vector<TokenId>& symbols);

}  // namespace pellucid
