// Back-off, limits, hours, speed and the time that is left: pure functions of a clock.
#include <QtTest>
#include <cmath>
#include <random>

#include "app/download/block_table.h"
#include "app/download/pace.h"

using namespace pellucid::download;

class TestPace : public QObject {
    Q_OBJECT

private slots:
    void back_off_doubles_with_jitter() {
        QCOMPARE(back_off(1, 1000, 60'000, 0.0), std::int64_t{500});
        QCOMPARE(back_off(1, 1000, 60'000, 0.999999), std::int64_t{999});
        QCOMPARE(back_off(4, 1000, 60'000, 0.0), std::int64_t{4000});
        QCOMPARE(back_off(1000, 1000, 60'000, 0.0), std::int64_t{30'000});
    }

    void hours_may_go_over_midnight() {
        QVERIFY(is_open({0, 0}, 700));
        QVERIFY(is_open({60, 420}, 60));
        QVERIFY(!is_open({60, 420}, 420));
        QVERIFY(is_open({1380, 360}, 1439));
        QVERIFY(is_open({1380, 360}, 0));
        QVERIFY(!is_open({1380, 360}, 700));
    }

    void the_bucket_lets_through_what_was_set() {
        TokenBucket bucket;
        QCOMPARE(bucket.wait_ms(0), std::int64_t{0});
        bucket.set_rate(1'000'000);
        std::int64_t now = 0;
        std::uint64_t came = 0;
        while (now < 20'000) {
            const auto wait = bucket.wait_ms(now);
            now += wait;
            bucket.take(50'000, now);
            came += 50'000;
        }
        QVERIFY2(came > 19'000'000 && came < 21'000'000, qPrintable(QString::number(came)));
        bucket.set_rate(0);
        QCOMPARE(bucket.wait_ms(now), std::int64_t{0});
    }

    void the_time_left_does_not_jump() {
        // Speeds that leap between 1 and 9 MB/s four times a second.
        std::mt19937 random(3);
        RateMeter meter;
        std::uint64_t left = 2'000'000'000;
        std::int64_t now = 0;
        double previous = -1, most = 0;
        while (left > 100'000'000) {
            const std::uint64_t came = 250'000 + random() % 2'000'000;
            left -= came;
            now += 250;
            meter.add(came);
            meter.tick(now, left);
            if (!meter.seconds_left()) continue;
            const double shown = *meter.seconds_left();
            if (previous > 0 && now > 10'000)
                most = std::max(most, std::fabs(shown - (previous - 0.25)) / std::max(shown, 10.0));
            previous = shown;
        }
        QVERIFY2(most < 0.03, qPrintable(QString::number(most)));  // of itself, a quarter of a second
        const double truth = static_cast<double>(left) / 5'000'000;
        QVERIFY2(std::fabs(previous - truth) < 0.3 * truth,
                 qPrintable(QString("%1 %2").arg(previous).arg(truth)));
        QVERIFY(meter.bytes_per_second() > 3e6 && meter.bytes_per_second() < 7e6);
        // When nothing comes it says so soon.
        for (int i = 0; i < 400; ++i) meter.tick(now += 250, left);
        QVERIFY(meter.bytes_per_second() < 1e4);
    }

    void blocks_are_handed_out_once() {
        BlockTable table(1'000'000, 16'384);
        QCOMPARE(table.count(), std::uint64_t{62});
        QCOMPARE(table.size(61), std::uint64_t{1'000'000 - 61 * 16'384});
        const auto first = table.take_run(100'000);
        QCOMPARE(first->first, std::uint64_t{0});
        QCOMPARE(first->end, std::uint64_t{6 * 16'384});
        table.set_here(0, {});
        // The connection broke in the middle of the third block.
        BlockBeginning beginning;
        beginning.bytes = 1000;
        table.set_here(1, {});
        table.give_back(2 * 16'384 + 1000, first->end, beginning);
        QCOMPARE(table.bytes_here(), std::uint64_t{2 * 16'384});
        QCOMPARE(table.bytes_begun(), std::uint64_t{1000});
        const auto again = table.take_run(1);
        QCOMPARE(again->first, std::uint64_t{2 * 16'384 + 1000});
        QCOMPARE(again->end, std::uint64_t{3 * 16'384});
        QCOMPARE(table.take_beginning(2).bytes, std::uint64_t{1000});
        std::uint64_t bytes = 0;
        while (const auto run = table.take_run(70'000)) bytes += run->end - run->first;
        QCOMPARE(bytes, 1'000'000 - std::uint64_t{3 * 16'384});
        QVERIFY(!table.whole());
    }
};

QTEST_GUILESS_MAIN(TestPace)
#include "test_pace.moc"
