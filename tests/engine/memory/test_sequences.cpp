// Sequences on a pool, driven at random against a model of the device's memory: whatever is forked, rolled
// back, adopted or evicted, reading a sequence through its page table gives exactly its tokens, and every
// page is accounted for.
#include <rapidcheck.h>

#include <QTest>
#include <map>
#include <optional>

#include "engine/memory/sequence_state.h"

using namespace pellucid;

namespace {

RunnerOptions options_with(int page_tokens, int pages) {
    RunnerOptions options;
    options.page_tokens = page_tokens;
    options.pages = pages;
    return options;
}

/// What a Runner's pages hold: the token at each slot.
class Device {
public:
    Device(int page_tokens, int pages)
        : page_tokens_(page_tokens), slots_(static_cast<std::size_t>(page_tokens * pages), -1) {}

    void step(KvPool& pool, SequenceState& state, std::span<const TokenId> tokens) {
        for (const PageCopy& copy : pool.take_copies())
            for (int i = 0; i < copy.tokens; ++i) at(copy.to, i) = at(copy.from, i);
        const BatchSequence view = state.view();
        for (std::size_t i = 0; i < tokens.size(); ++i) {
            const int position = view.length + static_cast<int>(i);
            at(view.pages[static_cast<std::size_t>(position / page_tokens_)], position % page_tokens_) =
                tokens[i];
        }
        state.append(tokens);
    }
    /// Copies owed are part of what a sequence would read at its next step.
    bool holds(const SequenceState& state) {
        const BatchSequence view = state.view();
        for (int position = 0; position < view.length; ++position)
            if (at(view.pages[static_cast<std::size_t>(position / page_tokens_)], position % page_tokens_) !=
                state.tokens()[static_cast<std::size_t>(position)])
                return false;
        return true;
    }
    void run_copies(KvPool& pool) {
        for (const PageCopy& copy : pool.take_copies())
            for (int i = 0; i < copy.tokens; ++i) at(copy.to, i) = at(copy.from, i);
    }

private:
    TokenId& at(PageId page, int slot) {
        return slots_[static_cast<std::size_t>(page * page_tokens_ + slot)];
    }
    int page_tokens_;
    std::vector<TokenId> slots_;
};

/// Each page's holders: the sequences that list it, and the index.
void check_accounts(KvPool& pool, const std::vector<SequenceState>& states) {
    std::map<PageId, int> holders;
    for (const SequenceState& state : states)
        for (PageId page : state.view().pages) ++holders[page];
    int held = 0, extra = 0;
    for (PageId page = 0; page < pool.allocator().pages(); ++page) {
        const int references = pool.allocator().references(page);
        RC_ASSERT(references == holders[page] || references == holders[page] + 1);
        extra += references - holders[page];
        held += references > 0 ? 1 : 0;
    }
    RC_ASSERT(extra == pool.prefixes().pages_held());
    RC_ASSERT(pool.allocator().free_pages() == pool.allocator().pages() - held);
}

/// In [least, end), the whole range from the first case on (rapidcheck would begin with its lower end).
int pick(int least, int end) {
    return *rc::gen::resize(100, rc::gen::inRange(least, end));
}

std::vector<TokenId> random_tokens(int most) {
    // Three different ids only, so that prefixes often agree.
    return *rc::gen::container<std::vector<TokenId>>(static_cast<std::size_t>(pick(0, most + 1)),
                                                     rc::gen::resize(100, rc::gen::inRange<TokenId>(0, 3)));
}

}  // namespace

class TestSequences : public QObject {
    Q_OBJECT
private slots:
    void random_lives() {
        QVERIFY(rc::check("content and accounts hold under random operations", [] {
            const int page_tokens = pick(1, 6), pages = pick(4, 24);
            KvPool pool(options_with(page_tokens, pages));
            Device device(page_tokens, pages);
            std::vector<SequenceState> states;
            const int steps = pick(1, 60);
            for (int step = 0; step < steps; ++step) {
                const int what = pick(0, 12);
                if (states.empty() || what == 0) {
                    SequenceState state(pool, "domain");
                    const auto prompt = random_tokens(20);
                    const int adopted = state.adopt_prefix(prompt);
                    RC_ASSERT(adopted == state.length() && adopted <= static_cast<int>(prompt.size()));
                    RC_ASSERT(state.common_prefix(prompt) == adopted);
                    states.push_back(std::move(state));
                } else {
                    const auto which = static_cast<std::size_t>(pick(0, 100)) % states.size();
                    SequenceState& state = states[which];
                    if (what <= 5) {
                        const auto tokens = random_tokens(12);
                        const auto before = state.holdings();
                        if (const auto reserved = state.reserve(static_cast<int>(tokens.size()))) {
                            device.step(pool, state, tokens);
                        } else {
                            RC_ASSERT(reserved.error().code == ErrorCode::out_of_memory);
                            RC_ASSERT(state.holdings().pages == before.pages);
                            RC_ASSERT(pool.obtainable() <
                                      (static_cast<int>(tokens.size()) - 1) / page_tokens + 2);
                        }
                    } else if (what == 6) {
                        state.rollback(pick(0, state.length() + 1));
                    } else if (what <= 8) {
                        states.push_back(state.fork());
                    } else if (what == 9) {
                        state.publish();
                    } else if (what == 10) {
                        (void)state.reserve(pick(0, 8));  // a step that was never run
                    } else {
                        states.erase(states.begin() + static_cast<std::ptrdiff_t>(which));
                    }
                }
                // Copies owed must be run before anything is read; a batch always carries them all.
                if (pick(0, 2) == 0) {
                    device.run_copies(pool);
                    for (const SequenceState& state : states) RC_ASSERT(device.holds(state));
                }
                check_accounts(pool, states);
            }
            states.clear();
            pool.prefixes().clear();
            RC_ASSERT(pool.allocator().free_pages() == pages);
        }));
    }

    void second_request_reuses_the_prefix() {
        KvPool pool(options_with(4, 16));
        Device device(4, 16);
        std::vector<TokenId> prompt = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10};
        {
            SequenceState first(pool, "d");
            QCOMPARE(first.adopt_prefix(prompt), 0);
            QVERIFY(first.reserve(10).ok());
            device.step(pool, first, prompt);
            first.publish();
        }
        QCOMPARE(pool.allocator().free_pages(), 13);  // remembered beyond the sequence
        SequenceState second(pool, "d");
        QCOMPARE(second.adopt_prefix(std::span(prompt).first(9)), 9);
        const std::vector<TokenId> rest = {77, 78};
        QVERIFY(second.reserve(2).ok());
        device.step(pool, second, rest);
        QVERIFY(device.holds(second));
        QCOMPARE(second.holdings().shared_pages, 2);
        SequenceState third(pool, "d");  // the first prompt is still whole
        QCOMPARE(third.adopt_prefix(prompt), 10);
        QVERIFY(device.holds(third));
    }

    void a_full_pool_evicts_then_refuses() {
        KvPool pool(options_with(4, 4));
        Device device(4, 4);
        std::vector<TokenId> tokens(8, 1);
        {
            SequenceState old(pool, "d");
            QVERIFY(old.reserve(8).ok());
            device.step(pool, old, tokens);
            old.publish();
        }
        QCOMPARE(pool.obtainable(), 4);
        SequenceState state(pool, "d");
        QVERIFY(state.reserve(16).ok());
        QCOMPARE(pool.prefixes().pages_held(), 0);
        const auto more = state.reserve(17);
        QVERIFY(!more.ok());
        QCOMPARE(more.error().code, ErrorCode::out_of_memory);
        QVERIFY(!more.error().hint.empty());
    }

    void moving_keeps_the_pages() {
        KvPool pool(options_with(4, 4));
        SequenceState a(pool, "d");
        QVERIFY(a.reserve(8).ok());
        SequenceState b(pool, "d");
        QVERIFY(b.reserve(8).ok());
        b = std::move(a);
        QCOMPARE(pool.allocator().free_pages(), 2);
        QCOMPARE(b.view().pages.size(), std::size_t{2});
    }
};

QTEST_GUILESS_MAIN(TestSequences)
#include "test_sequences.moc"
