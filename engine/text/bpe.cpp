#include "engine/text/bpe.h"

#include <algorithm>
#include <bit>
#include <limits>
#include <queue>

namespace pellucid {

namespace {

constexpr std::uint32_t kNone = std::numeric_limits<std::uint32_t>::max();

/// Up to this many symbols a scan over an array beats a heap.
constexpr std::size_t kShort = 32;

void merge_short(const MergeTable& merges, std::vector<TokenId>& symbols) {
    MergeTable::Merge pair[kShort];  // what symbols[i], symbols[i+1] become
    std::size_t count = symbols.size();
    const auto look = [&](std::size_t i) {
        const auto* merge = merges.find(symbols[i], symbols[i + 1]);
        pair[i] = merge ? *merge : MergeTable::Merge{kNone, -1};
    };
    for (std::size_t i = 0; i + 1 < count; ++i) look(i);
    while (count > 1) {
        std::size_t best = 0;
        for (std::size_t i = 1; i + 1 < count; ++i)
            if (pair[i].rank < pair[best].rank) best = i;
        if (pair[best].rank == kNone) break;
        symbols[best] = pair[best].result;
        for (std::size_t i = best + 1; i + 1 < count; ++i) symbols[i] = symbols[i + 1];
        for (std::size_t i = best + 1; i + 2 < count; ++i) pair[i] = pair[i + 1];
        --count;
        if (best > 0) look(best - 1);
        if (best + 1 < count) look(best);
    }
    symbols.resize(count);
}

void merge_long(const MergeTable& merges, std::vector<TokenId>& symbols) {
    struct Link {
        std::int32_t before, after;
    };
    struct Candidate {
        std::uint32_t rank;
        std::int32_t at;
        TokenId left, right, result;
        bool operator<(const Candidate& other) const {  // the queue's top is the greatest
            return rank != other.rank ? rank > other.rank : at > other.at;
        }
    };
    const auto count = static_cast<std::int32_t>(symbols.size());
    std::vector<Link> links(symbols.size());
    for (std::int32_t i = 0; i < count; ++i)
        links[static_cast<std::size_t>(i)] = {i - 1, i + 1 < count ? i + 1 : -1};
    std::vector<Candidate> storage;
    storage.reserve(symbols.size());
    std::priority_queue<Candidate> queue(std::less<Candidate>(), std::move(storage));
    const auto symbol = [&](std::int32_t i) -> TokenId& { return symbols[static_cast<std::size_t>(i)]; };
    const auto link = [&](std::int32_t i) -> Link& { return links[static_cast<std::size_t>(i)]; };
    const auto offer = [&](std::int32_t i) {
        if (i < 0 || link(i).after < 0) return;
        const TokenId left = symbol(i), right = symbol(link(i).after);
        if (const auto* merge = merges.find(left, right))
            queue.push({merge->rank, i, left, right, merge->result});
    };
    for (std::int32_t i = 0; i < count; ++i) offer(i);
    while (!queue.empty()) {
        const Candidate best = queue.top();
        queue.pop();
        // A candidate is stale once one of its two symbols was merged into another.
        const std::int32_t after = symbol(best.at) == best.left ? link(best.at).after : -1;
        if (after < 0 || symbol(after) != best.right) continue;
        symbol(best.at) = best.result;
        symbol(after) = -1;
        link(best.at).after = link(after).after;
        if (link(after).after >= 0) link(link(after).after).before = best.at;
        offer(best.at);
        offer(link(best.at).before);
    }
    std::erase(symbols, -1);
}

}  // namespace

MergeTable::MergeTable(std::size_t expected) {
    slots_.resize(std::bit_ceil(std::max<std::size_t>(16, expected * 2)));
    mask_ = slots_.size() - 1;
    shift_ = 64 - static_cast<unsigned>(std::bit_width(mask_));
}

void MergeTable::add(TokenId left, TokenId right, Merge merge) {
    if ((size_ + 1) * 4 > slots_.size() * 3) grow();
    const std::uint64_t key = key_of(left, right);
    std::size_t slot = slot_of(key);
    while (slots_[slot].key != kFree && slots_[slot].key != key) slot = (slot + 1) & mask_;
    if (slots_[slot].key == kFree) ++size_;
    slots_[slot] = {key, merge};
}

void MergeTable::grow() {
    std::vector<Slot> old(slots_.size() * 2);
    std::swap(old, slots_);
    mask_ = slots_.size() - 1;
    shift_ = 64 - static_cast<unsigned>(std::bit_width(mask_));
    size_ = 0;
    for (const Slot& slot : old)
        if (slot.key != kFree)
            add(static_cast<TokenId>(slot.key >> 32), static_cast<TokenId>(slot.key & 0xFFFFFFFFu),
                slot.merge);
}

void merge_symbols(const MergeTable& merges, std::vector<TokenId>& symbols) {
    if (symbols.size() < 2) return;
    if (symbols.size() <= kShort)
        merge_short(merges, symbols);
    else
        merge_long(merges, symbols);
}

}  // namespace pellucid
