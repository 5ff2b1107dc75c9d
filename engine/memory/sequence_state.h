// All that a sequence holds on a runner: its tokens and the KV pages they fill. Fork, rollback and prefix
// reuse act on the whole; pages are copied only when a shared one is about to be written.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "engine/base/error.h"
#include "engine/memory/kv_pool.h"

namespace pellucid {

/// What is held, for display, snapshots and tests.
struct SequenceHoldings {
    std::int64_t id = 0;
    std::vector<TokenId> tokens;
    std::vector<PageId> pages;
    int shared_pages = 0;  ///< of them, those that another holder reads too
};

/// A step is: reserve(n), view() into the batch with the pool's copies, run, append(the n tokens).
/// Movable, not copyable: fork() says what it does. Gives its pages back when destroyed. Not thread safe.
class SequenceState {
public:
    /// `domain`: prefix_domain() of the runner. The pool must outlive the state.
    SequenceState(KvPool& pool, std::string domain);
    ~SequenceState();
    SequenceState(SequenceState&& other) noexcept;
    SequenceState& operator=(SequenceState&& other) noexcept;

    std::int64_t id() const { return id_; }
    int length() const { return static_cast<int>(tokens_.size()); }
    const std::vector<TokenId>& tokens() const { return tokens_; }

    /// Takes over from the prefix index what it has of `tokens`, and returns how many. Leave the last token
    /// of a prompt out of `tokens`: it must run, for its logits. PRECONDITION: length() == 0.
    int adopt_prefix(std::span<const TokenId> tokens);
    /// Tokens of `tokens` that are stored here already, counted from the beginning.
    int common_prefix(std::span<const TokenId> tokens) const;

    /// Makes positions [length, length + count) writable. out_of_memory: the pool is full; nothing changed.
    Result<void> reserve(int count);
    /// For the batch: pages up to what was reserved, and length().
    BatchSequence view() const;
    /// Records what a step has stored. PRECONDITION: reserved.
    void append(std::span<const TokenId> tokens);

    /// Forgets everything from position `length` on. PRECONDITION: 0 <= length <= length().
    void rollback(int length);
    /// Another sequence that begins with the same tokens on the same pages.
    SequenceState fork() const;
    /// Offers what is stored to later requests through the prefix index.
    void publish();

    SequenceHoldings holdings() const;

private:
    int pages_for(int length) const;
    void release_from(std::size_t page);

    KvPool* pool_;
    std::string domain_;
    std::int64_t id_;
    std::vector<TokenId> tokens_;
    std::vector<PageId> pages_;  // those past pages_for(length()) are held by nobody else
};

}  // namespace pellucid
