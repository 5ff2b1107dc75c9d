#include "engine/memory/page_allocator.h"

#include <cassert>
#include <cstddef>

namespace pellucid {

PageAllocator::PageAllocator(int pages) : references_(static_cast<std::size_t>(pages), 0) {
    for (PageId page = pages - 1; page >= 0; --page) free_.push_back(page);
}

std::optional<PageId> PageAllocator::take() {
    if (free_.empty()) return std::nullopt;
    const PageId page = free_.back();
    free_.pop_back();
    references_[static_cast<std::size_t>(page)] = 1;
    return page;
}

void PageAllocator::share(PageId page) {
    assert(references(page) > 0);
    ++references_[static_cast<std::size_t>(page)];
}

void PageAllocator::release(PageId page) {
    assert(references(page) > 0);
    if (--references_[static_cast<std::size_t>(page)] == 0) free_.push_back(page);
}

int PageAllocator::references(PageId page) const {
    assert(page >= 0 && page < pages());
    return references_[static_cast<std::size_t>(page)];
}

}  // namespace pellucid
