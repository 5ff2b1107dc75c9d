// Finds KV pages that already hold the beginning of a prompt: a tree of pages, each edge the tokens of one
// page.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/backend/backend.h"
#include "engine/base/token.h"
#include "engine/memory/page_allocator.h"

namespace pellucid {

/// What besides the tokens decides keys and values: weights, which of two rope factor sets the runner took,
/// KV format. Pages are found only under the domain they were stored with.
std::string prefix_domain(std::string_view weights_digest, const ModelSpec& spec,
                          const RunnerOptions& options);

/// Holds each page it lists once in the allocator. Compares tokens themselves, never hashes. Not thread safe.
class PrefixIndex {
public:
    /// The allocator must outlive the index.
    PrefixIndex(PageAllocator& allocator, int page_tokens);
    ~PrefixIndex();
    PrefixIndex(const PrefixIndex&) = delete;
    PrefixIndex& operator=(const PrefixIndex&) = delete;

    /// The longest stored beginning of `tokens`, down to the single token: the last page may be used in part.
    /// Each page is shared with the caller, who releases it. length <= pages.size() * page_tokens.
    struct Match {
        std::vector<PageId> pages;
        int length = 0;
    };
    Match find(const std::string& domain, std::span<const TokenId> tokens);

    /// Remembers that pages[p] holds tokens [p * page_tokens, …). Pages already known by their tokens stay as
    /// they are. PRECONDITION: pages cover tokens, and nobody writes these positions again while a page has
    /// two holders.
    void insert(const std::string& domain, std::span<const TokenId> tokens, std::span<const PageId> pages);

    /// Drops least recently used pages that only the index holds, until `wanted` have become free. Returns
    /// how many.
    int evict(int wanted);
    void clear();
    int pages_held() const { return held_; }
    /// Pages that evict() could free now.
    int evictable() const;

private:
    struct Node;
    using Children = std::vector<std::unique_ptr<Node>>;
    void drop(Children& siblings, std::size_t child);
    void release_all(Children& children);
    /// The evictable leaf used longest ago below `children`, or siblings null.
    struct Leaf {
        Children* siblings = nullptr;
        std::size_t child = 0;
        std::uint64_t used = 0;
    };
    void oldest_leaf(Children& children, Leaf& oldest) const;
    /// Adds to `count` what can go; whether all of `children` can.
    bool count_evictable(const Children& children, int& count) const;

    PageAllocator& allocator_;
    std::size_t page_tokens_;
    std::map<std::string, Children> roots_;  // by domain
    std::uint64_t clock_ = 0;
    int held_ = 0;
};

}  // namespace pellucid
