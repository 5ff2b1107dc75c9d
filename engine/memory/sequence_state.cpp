#include "engine/memory/sequence_state.h"

#include <algorithm>
#include <cassert>
#include <utility>

namespace pellucid {

SequenceState::SequenceState(KvPool& pool, std::string domain)
    : pool_(&pool), domain_(std::move(domain)), id_(pool.next_sequence_id()) {}

SequenceState::~SequenceState() {
    release_from(0);
}

SequenceState::SequenceState(SequenceState&& other) noexcept
    : pool_(other.pool_),
      domain_(std::move(other.domain_)),
      id_(other.id_),
      tokens_(std::exchange(other.tokens_, {})),
      pages_(std::exchange(other.pages_, {})) {}

SequenceState& SequenceState::operator=(SequenceState&& other) noexcept {
    if (this == &other) return *this;
    release_from(0);
    pool_ = other.pool_;
    domain_ = std::move(other.domain_);
    id_ = other.id_;
    tokens_ = std::exchange(other.tokens_, {});
    pages_ = std::exchange(other.pages_, {});
    return *this;
}

int SequenceState::pages_for(int length) const {
    return (length + pool_->page_tokens() - 1) / pool_->page_tokens();
}

void SequenceState::release_from(std::size_t page) {
    while (pages_.size() > page) {
        pool_->allocator().release(pages_.back());
        pages_.pop_back();
    }
}

int SequenceState::adopt_prefix(std::span<const TokenId> tokens) {
    assert(tokens_.empty());
    release_from(0);
    PrefixIndex::Match match = pool_->prefixes().find(domain_, tokens);
    pages_ = std::move(match.pages);
    tokens_.assign(tokens.begin(), tokens.begin() + match.length);
    return match.length;
}

int SequenceState::common_prefix(std::span<const TokenId> tokens) const {
    const std::size_t n = std::min(tokens.size(), tokens_.size());
    const auto end = tokens.begin() + static_cast<std::ptrdiff_t>(n);
    return static_cast<int>(std::mismatch(tokens.begin(), end, tokens_.begin()).first - tokens.begin());
}

Result<void> SequenceState::reserve(int count) {
    assert(count >= 0);
    if (count == 0) return {};
    const std::size_t before = pages_.size();
    const int used = length() % pool_->page_tokens();
    const auto last = static_cast<std::size_t>(length() / pool_->page_tokens());  // the page written first
    const bool copy = used > 0 && pool_->allocator().references(pages_[last]) > 1;
    // Everything is taken before anything is changed.
    std::vector<PageId> taken;
    const std::size_t wanted = static_cast<std::size_t>(pages_for(length() + count));
    const std::size_t missing = (wanted > before ? wanted - before : 0) + (copy ? 1 : 0);
    while (taken.size() < missing) {
        auto page = pool_->take();
        if (!page) {
            for (PageId back : taken) pool_->allocator().release(back);
            return page.failure();
        }
        taken.push_back(*page);
    }
    if (copy) {
        // Eviction above may have made the page ours alone; the copy is then needless but right.
        pool_->owe({pages_[last], taken.back(), used});
        pool_->allocator().release(pages_[last]);
        pages_[last] = taken.back();
        taken.pop_back();
    }
    pages_.insert(pages_.end(), taken.begin(), taken.end());
    return {};
}

BatchSequence SequenceState::view() const {
    return {id_, pages_, length()};
}

void SequenceState::append(std::span<const TokenId> tokens) {
    tokens_.insert(tokens_.end(), tokens.begin(), tokens.end());
    assert(pages_.size() >= static_cast<std::size_t>(pages_for(length())));
}

void SequenceState::rollback(int length) {
    assert(length >= 0 && length <= this->length());
    tokens_.resize(static_cast<std::size_t>(length));
    release_from(static_cast<std::size_t>(pages_for(length)));
}

SequenceState SequenceState::fork() const {
    SequenceState other(*pool_, domain_);
    other.tokens_ = tokens_;
    other.pages_.assign(pages_.begin(), pages_.begin() + pages_for(length()));
    for (PageId page : other.pages_) pool_->allocator().share(page);
    return other;
}

void SequenceState::publish() {
    pool_->prefixes().insert(domain_, tokens_,
                             std::span(pages_).first(static_cast<std::size_t>(pages_for(length()))));
}

SequenceHoldings SequenceState::holdings() const {
    SequenceHoldings held{id_, tokens_, pages_, 0};
    for (PageId page : pages_) held.shared_pages += pool_->allocator().references(page) > 1 ? 1 : 0;
    return held;
}

}  // namespace pellucid
