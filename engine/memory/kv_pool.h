// A runner's KV pages as its sequences share them: allocation, prefix reuse with eviction, and the copies
// that copy on write still owes.
#pragma once

#include <cstdint>
#include <vector>

#include "engine/backend/backend.h"
#include "engine/base/error.h"
#include "engine/memory/page_allocator.h"
#include "engine/memory/prefix_index.h"

namespace pellucid {

/// One for each Runner; outlives its SequenceStates. Not thread safe: the scheduler's thread owns it.
class KvPool {
public:
    explicit KvPool(const RunnerOptions& options);

    int page_tokens() const { return page_tokens_; }
    PageAllocator& allocator() { return allocator_; }
    const PageAllocator& allocator() const { return allocator_; }
    PrefixIndex& prefixes() { return prefixes_; }

    /// A page held once, evicting remembered prefixes if need be. out_of_memory: every page is in use.
    Result<PageId> take();
    /// Pages that take() can still give: free ones and those only the prefix index holds.
    int obtainable() const;

    /// The copies owed, in the order they must run. Every batch carries all of them: a page given back since
    /// may be written by the next step, and copies run before its rows.
    std::vector<PageCopy> take_copies();
    void owe(const PageCopy& copy) { copies_.push_back(copy); }
    std::int64_t next_sequence_id() { return ++last_id_; }

private:
    int page_tokens_;
    PageAllocator allocator_;
    PrefixIndex prefixes_;
    std::vector<PageCopy> copies_;
    std::int64_t last_id_ = 0;
};

}  // namespace pellucid
