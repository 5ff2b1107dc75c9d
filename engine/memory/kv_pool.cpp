#include "engine/memory/kv_pool.h"

#include <string>
#include <utility>

namespace pellucid {

KvPool::KvPool(const RunnerOptions& options)
    : page_tokens_(options.page_tokens),
      allocator_(options.pages),
      prefixes_(allocator_, options.page_tokens) {}

Result<PageId> KvPool::take() {
    auto page = allocator_.take();
    if (!page && prefixes_.evict(1) > 0) page = allocator_.take();
    if (page) return *page;
    return fail(ErrorCode::out_of_memory,
                "the KV cache is full: all " + std::to_string(allocator_.pages()) + " pages of " +
                    std::to_string(page_tokens_) + " tokens are in use",
                "end another reply, or load the model with a longer context");
}

int KvPool::obtainable() const {
    return allocator_.free_pages() + prefixes_.evictable();
}

std::vector<PageCopy> KvPool::take_copies() {
    return std::exchange(copies_, {});
}

}  // namespace pellucid
