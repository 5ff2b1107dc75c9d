// Fork-join: every piece exactly once, from any thread, nested, after a long sleep, and with any number of
// workers.
#include <QtTest>
#include <atomic>
#include <chrono>
#include <numeric>
#include <thread>
#include <vector>

#include "engine/base/thread_pool.h"

using namespace pellucid;

class TestThreadPool : public QObject {
    Q_OBJECT

private slots:
    void sizes() {
        for (const int threads : {1, 2, 5}) QCOMPARE(ThreadPool(threads).size(), threads);
        QVERIFY(ThreadPool().size() == usable_cores());
    }

    void every_worker_takes_part() {
        ThreadPool pool(3);
        std::atomic<int> inside{0};
        // Each piece waits until all three workers hold one: ends only if every worker comes.
        pool.parallel_for(3, 1, [&](std::int64_t, std::int64_t, int) {
            ++inside;
            while (inside < 3) std::this_thread::yield();
        });
        QCOMPARE(inside.load(), 3);
    }

    void every_piece_is_done_once() {
        ThreadPool pool(3);
        for (const std::int64_t n : {0, 1, 2, 7, 64, 1000})
            for (const std::int64_t grain : {-1, 1, 3, 64, 5000}) {
                std::vector<int> done(static_cast<std::size_t>(n));
                std::atomic<bool> aligned{true};
                pool.parallel_for(n, grain, [&](std::int64_t begin, std::int64_t end, int worker) {
                    if (begin % std::max<std::int64_t>(grain, 1) || worker < 0 || worker >= 3)
                        aligned = false;
                    for (auto i = begin; i < end; ++i) ++done[static_cast<std::size_t>(i)];
                });
                QVERIFY(aligned);
                QCOMPARE(std::accumulate(done.begin(), done.end(), std::int64_t{0}), n);
                for (const int d : done) QCOMPARE(d, 1);
            }
    }

    void parked_workers_wake() {
        ThreadPool pool(2);
        for (int round = 0; round < 5; ++round) {
            std::this_thread::sleep_for(std::chrono::milliseconds(3));  // far beyond the spin
            std::atomic<int> ran{0};
            pool.parallel_for(2, 1, [&](std::int64_t, std::int64_t, int) {
                ++ran;
                while (ran < 2) std::this_thread::yield();
            });
            QCOMPARE(ran.load(), 2);
        }
    }

    void the_caller_waits_for_a_slow_worker() {
        ThreadPool pool(2);
        std::atomic<int> begun{0}, finished{0};
        pool.parallel_for(2, 1, [&](std::int64_t, std::int64_t, int worker) {
            ++begun;
            while (begun < 2) std::this_thread::yield();
            if (worker != 0) std::this_thread::sleep_for(std::chrono::milliseconds(5));
            ++finished;
        });
        QCOMPARE(finished.load(), 2);
    }

    void what_workers_wrote_is_seen() {
        ThreadPool pool(3);
        std::vector<int> values(97);
        for (int round = 1; round <= 3000; ++round) {
            pool.parallel_for(97, 5, [&](std::int64_t begin, std::int64_t end, int) {
                for (auto i = begin; i < end; ++i)
                    values[static_cast<std::size_t>(i)] = round;  // plain memory
            });
            for (const int v : values) QCOMPARE(v, round);
        }
    }

    void nested_calls_run_in_place() {
        ThreadPool pool(2);
        std::atomic<int> inner{0};
        pool.parallel_for(2, 1, [&](std::int64_t, std::int64_t, int) {
            pool.parallel_for(10, 1,
                              [&](std::int64_t b, std::int64_t e, int) { inner += static_cast<int>(e - b); });
        });
        QCOMPARE(inner.load(), 20);
    }

    void callers_take_turns() {
        ThreadPool pool(2);
        std::atomic<std::int64_t> sum{0};
        std::vector<std::thread> callers;
        for (int c = 0; c < 4; ++c)
            callers.emplace_back([&] {
                for (int round = 0; round < 200; ++round)
                    pool.parallel_for(10, 1, [&](std::int64_t b, std::int64_t e, int) { sum += e - b; });
            });
        for (auto& caller : callers) caller.join();
        QCOMPARE(sum.load(), std::int64_t{4 * 200 * 10});
    }
};

QTEST_APPLESS_MAIN(TestThreadPool)
#include "test_thread_pool.moc"
