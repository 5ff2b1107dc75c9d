// Counts who holds each physical KV page. Knows nothing of what is in them.
#pragma once

#include <optional>
#include <vector>

#include "engine/backend/batch.h"

namespace pellucid {

/// Pages [0, pages). Each is free or held by one or more. Not thread safe: the scheduler's thread owns it.
class PageAllocator {
public:
    explicit PageAllocator(int pages);

    /// A free page, now held once; the one freed last, which is likeliest to be in the caches. nullopt: none
    /// is free.
    std::optional<PageId> take();
    /// One holder more. PRECONDITION: held.
    void share(PageId page);
    /// One holder less; free at none. PRECONDITION: held.
    void release(PageId page);

    int references(PageId page) const;  ///< 0: free
    int pages() const { return static_cast<int>(references_.size()); }
    int free_pages() const { return static_cast<int>(free_.size()); }

private:
    std::vector<int> references_;
    std::vector<PageId> free_;  // last in, first out
};

}  // namespace pellucid
