#include <rapidcheck.h>

#include <QTest>
#include <map>

#include "engine/memory/page_allocator.h"

using namespace pellucid;

class TestPageAllocator : public QObject {
    Q_OBJECT
private slots:
    void gives_every_page_once() {
        PageAllocator allocator(5);
        std::map<PageId, int> seen;
        while (const auto page = allocator.take()) ++seen[*page];
        QCOMPARE(seen.size(), std::size_t{5});
        QCOMPARE(seen.begin()->first, 0);
        QCOMPARE(seen.rbegin()->first, 4);
        QCOMPARE(allocator.free_pages(), 0);
    }
    void none_at_all() { QVERIFY(!PageAllocator(0).take().has_value()); }
    void counts_like_a_map() {
        QVERIFY(rc::check("references equal a plain count of holders", [] {
            const int pages = *rc::gen::resize(100, rc::gen::inRange(1, 9));
            PageAllocator allocator(pages);
            std::map<PageId, int> holders;
            const auto steps = *rc::gen::container<std::vector<std::pair<int, int>>>(
                rc::gen::resize(100, rc::gen::pair(rc::gen::inRange(0, 3), rc::gen::inRange(0, 100))));
            for (const auto& [what, which] : steps) {
                if (what == 0) {
                    const auto page = allocator.take();
                    RC_ASSERT(page.has_value() == (static_cast<int>(holders.size()) < pages));
                    if (page) {
                        RC_ASSERT(!holders.contains(*page));
                        holders[*page] = 1;
                    }
                } else if (!holders.empty()) {
                    auto it = std::next(holders.begin(), which % static_cast<int>(holders.size()));
                    if (what == 1) {
                        allocator.share(it->first);
                        ++it->second;
                    } else {
                        allocator.release(it->first);
                        if (--it->second == 0) holders.erase(it);
                    }
                }
                RC_ASSERT(allocator.free_pages() == pages - static_cast<int>(holders.size()));
                for (PageId page = 0; page < pages; ++page)
                    RC_ASSERT(allocator.references(page) == (holders.contains(page) ? holders[page] : 0));
            }
        }));
    }
};

QTEST_GUILESS_MAIN(TestPageAllocator)
#include "test_page_allocator.moc"
