#include "engine/memory/prefix_index.h"

#include <algorithm>
#include <cassert>

namespace pellucid {

struct PrefixIndex::Node {
    std::vector<TokenId> tokens;  // page_tokens of them, or fewer in a leaf
    PageId page = 0;
    std::uint64_t used = 0;
    Children children;
};

namespace {

std::size_t common_prefix(std::span<const TokenId> a, std::span<const TokenId> b) {
    const std::size_t n = std::min(a.size(), b.size());
    return static_cast<std::size_t>(
        std::mismatch(a.begin(), a.begin() + static_cast<std::ptrdiff_t>(n), b.begin()).first - a.begin());
}

}  // namespace

std::string prefix_domain(std::string_view weights_digest, const ModelSpec& spec,
                          const RunnerOptions& options) {
    const int context = options.context > 0 ? options.context : spec.trained_context;
    std::string domain(weights_digest);
    for (const Rope& rope : spec.ropes) domain += uses_long_factors(rope, context) ? "|long" : "|short";
    return domain + "|" + std::string(to_string(options.kv_format));
}

PrefixIndex::PrefixIndex(PageAllocator& allocator, int page_tokens)
    : allocator_(allocator), page_tokens_(static_cast<std::size_t>(page_tokens)) {}

PrefixIndex::~PrefixIndex() {
    clear();
}

PrefixIndex::Match PrefixIndex::find(const std::string& domain, std::span<const TokenId> tokens) {
    Match match;
    const auto root = roots_.find(domain);
    if (root == roots_.end()) return match;
    ++clock_;
    Children* children = &root->second;
    while (!tokens.empty()) {
        Node* best = nullptr;
        std::size_t longest = 0;
        for (const auto& child : *children) {
            const std::size_t common = common_prefix(child->tokens, tokens);
            if (common > longest) {
                longest = common;
                best = child.get();
            }
        }
        if (!best) break;
        best->used = clock_;
        allocator_.share(best->page);
        match.pages.push_back(best->page);
        match.length += static_cast<int>(longest);
        if (longest < page_tokens_) break;
        tokens = tokens.subspan(longest);
        children = &best->children;
    }
    return match;
}

void PrefixIndex::insert(const std::string& domain, std::span<const TokenId> tokens,
                         std::span<const PageId> pages) {
    assert(pages.size() * page_tokens_ >= tokens.size());
    ++clock_;
    Children* children = &roots_[domain];
    for (std::size_t p = 0; !tokens.empty(); ++p) {
        const auto chunk = tokens.first(std::min(page_tokens_, tokens.size()));
        tokens = tokens.subspan(chunk.size());
        Node* next = nullptr;
        for (std::size_t c = 0; c < children->size(); ++c) {
            Node& child = *(*children)[c];
            const std::size_t common = common_prefix(child.tokens, chunk);
            if (common == chunk.size()) {  // known, perhaps as part of a fuller page
                next = &child;
                break;
            }
            if (common == child.tokens.size()) {  // a leaf that this page continues
                drop(*children, c);
                break;
            }
        }
        if (!next) {
            auto node = std::make_unique<Node>();
            node->tokens.assign(chunk.begin(), chunk.end());
            node->page = pages[p];
            allocator_.share(node->page);
            ++held_;
            next = node.get();
            children->push_back(std::move(node));
        }
        next->used = clock_;
        children = &next->children;
    }
}

void PrefixIndex::drop(Children& siblings, std::size_t child) {
    assert(siblings[child]->children.empty());
    allocator_.release(siblings[child]->page);
    --held_;
    siblings.erase(siblings.begin() + static_cast<std::ptrdiff_t>(child));
}

void PrefixIndex::oldest_leaf(Children& children, Leaf& oldest) const {
    for (std::size_t c = 0; c < children.size(); ++c) {
        Node& node = *children[c];
        if (!node.children.empty())
            oldest_leaf(node.children, oldest);
        else if (allocator_.references(node.page) == 1 && (!oldest.siblings || node.used < oldest.used))
            oldest = {&children, c, node.used};
    }
}

int PrefixIndex::evict(int wanted) {
    int freed = 0;
    while (freed < wanted) {
        Leaf oldest;
        for (auto& [domain, children] : roots_) oldest_leaf(children, oldest);
        if (!oldest.siblings) break;
        drop(*oldest.siblings, oldest.child);
        ++freed;
    }
    return freed;
}

bool PrefixIndex::count_evictable(const Children& children, int& count) const {
    bool all = true;
    for (const auto& child : children) {
        // A page goes only after everything that continues it.
        const bool goes = count_evictable(child->children, count) && allocator_.references(child->page) == 1;
        count += goes ? 1 : 0;
        all = all && goes;
    }
    return all;
}

int PrefixIndex::evictable() const {
    int count = 0;
    for (const auto& [domain, children] : roots_) count_evictable(children, count);
    return count;
}

void PrefixIndex::release_all(Children& children) {
    for (const auto& child : children) {
        release_all(child->children);
        allocator_.release(child->page);
        --held_;
    }
    children.clear();
}

void PrefixIndex::clear() {
    for (auto& [domain, children] : roots_) release_all(children);
    roots_.clear();
}

}  // namespace pellucid
