#include <QTest>
#include <numeric>

#include "engine/memory/prefix_index.h"

using namespace pellucid;

namespace {

std::vector<TokenId> count_from(TokenId first, int n) {
    std::vector<TokenId> tokens(static_cast<std::size_t>(n));
    std::iota(tokens.begin(), tokens.end(), first);
    return tokens;
}

struct Fixture {
    PageAllocator allocator{16};
    PrefixIndex index{allocator, 4};
    std::vector<PageId> take(int n) {
        std::vector<PageId> pages;
        for (int i = 0; i < n; ++i) pages.push_back(*allocator.take());
        return pages;
    }
    void release(const std::vector<PageId>& pages) {
        for (PageId page : pages) allocator.release(page);
    }
};

}  // namespace

class TestPrefixIndex : public QObject {
    Q_OBJECT
private slots:
    void finds_down_to_the_token() {
        Fixture f;
        const auto tokens = count_from(100, 10);
        const auto pages = f.take(3);
        f.index.insert("d", tokens, pages);
        f.release(pages);
        QCOMPARE(f.index.pages_held(), 3);
        for (int n : {0, 1, 3, 4, 5, 8, 9, 10}) {
            const auto match = f.index.find("d", std::span(tokens).first(static_cast<std::size_t>(n)));
            QCOMPARE(match.length, n);
            QCOMPARE(match.pages.size(), static_cast<std::size_t>((n + 3) / 4));
            QVERIFY(std::equal(match.pages.begin(), match.pages.end(), pages.begin()));
            f.release(match.pages);
        }
        auto other = tokens;
        other[6] = 7;
        const auto match = f.index.find("d", other);
        QCOMPARE(match.length, 6);
        f.release(match.pages);
        QCOMPARE(f.index.find("another model", tokens).length, 0);
    }
    void a_longer_tail_takes_the_place_of_a_shorter_one() {
        Fixture f;
        const auto tokens = count_from(0, 8);
        const auto first = f.take(2), second = f.take(2);
        f.index.insert("d", std::span(tokens).first(6), first);
        f.index.insert("d", tokens, second);  // page 0 is known, page 1 continues the old leaf
        f.release(first);
        f.release(second);
        QCOMPARE(f.index.pages_held(), 2);
        QCOMPARE(f.allocator.free_pages(), 14);
        const auto match = f.index.find("d", tokens);
        QCOMPARE(match.length, 8);
        QCOMPARE(match.pages[0], first[0]);
        QCOMPARE(match.pages[1], second[1]);
        f.release(match.pages);
        f.index.insert("d", std::span(tokens).first(5), first.empty() ? second : match.pages);
        QCOMPARE(f.index.pages_held(), 2);  // a beginning of what is known adds nothing
    }
    void branches_live_side_by_side() {
        Fixture f;
        auto a = count_from(0, 8), b = a;
        b[5] = 99;
        const auto pages_a = f.take(2), pages_b = f.take(2);
        f.index.insert("d", a, pages_a);
        f.index.insert("d", b, pages_b);
        f.release(pages_a);
        f.release(pages_b);
        QCOMPARE(f.index.pages_held(), 3);
        for (const auto& [tokens, page] : {std::pair{a, pages_a[1]}, std::pair{b, pages_b[1]}}) {
            const auto match = f.index.find("d", tokens);
            QCOMPARE(match.length, 8);
            QCOMPARE(match.pages[1], page);
            f.release(match.pages);
        }
    }
    void evicts_the_one_used_longest_ago_and_never_one_in_use() {
        Fixture f;
        const auto a = count_from(0, 8), b = count_from(50, 4), c = count_from(90, 4);
        for (const auto& tokens : {a, b, c}) {
            const auto pages = f.take(static_cast<int>(tokens.size()) / 4);
            f.index.insert("d", tokens, pages);
            f.release(pages);
        }
        f.release(f.index.find("d", a).pages);  // a is now the youngest
        const auto in_use = f.index.find("d", b);
        QCOMPARE(f.index.evictable(), 3);
        QCOMPARE(f.index.evict(1), 1);
        QCOMPARE(f.index.find("d", c).length, 0);
        QCOMPARE(f.index.evict(5), 2);  // a, its end first; b stays
        QCOMPARE(f.index.pages_held(), 1);
        QCOMPARE(f.index.evictable(), 0);
        f.release(in_use.pages);
        QCOMPARE(f.index.evict(5), 1);
        QCOMPARE(f.allocator.free_pages(), 16);
    }
    void domain_tells_what_decides_the_keys() {
        ModelSpec spec;
        spec.trained_context = 1000;
        Rope rope;
        rope.scaling = RopeScaling::longrope;
        rope.original_context = 100;
        spec.ropes.push_back(rope);
        RunnerOptions near, far, half;
        near.context = 100;
        far.context = 101;
        half.context = 100;
        half.kv_format = KvFormat::q8;
        const auto domain = prefix_domain("digest", spec, near);
        QVERIFY(domain != prefix_domain("digest", spec, far));
        QVERIFY(domain != prefix_domain("digest", spec, half));
        QVERIFY(domain != prefix_domain("other", spec, near));
    }
};

QTEST_GUILESS_MAIN(TestPrefixIndex)
#include "test_prefix_index.moc"
