// When an idle model is unloaded.
#include <QtTest>

#include "app/library/idle_policy.h"

using namespace pellucid::library;

class TestIdlePolicy : public QObject {
    Q_OBJECT

private slots:
    void by_the_clock() {
        IdleState state{.now_ms = 1000, .last_used_ms = 1000, .keep_seconds = 10};
        QVERIFY(judge_idle(state) == (IdleVerdict{false, 10'000}));
        state.now_ms = 10'999;
        QVERIFY(judge_idle(state) == (IdleVerdict{false, 1}));
        state.now_ms = 11'000;
        QVERIFY(judge_idle(state).unload);
    }

    void never_while_in_use() {
        const IdleState state{.now_ms = 1'000'000,
                              .last_used_ms = 0,
                              .keep_seconds = 0,
                              .in_use = true,
                              .memory_available = 0,
                              .memory_total = 100};
        QVERIFY(judge_idle(state) == IdleVerdict{});
    }

    void at_once_or_never() {
        QVERIFY(judge_idle({.now_ms = 5, .last_used_ms = 5, .keep_seconds = 0}).unload);
        QVERIFY(judge_idle({.now_ms = 1ll << 50, .last_used_ms = 0, .keep_seconds = keep_forever}) ==
                IdleVerdict{});
    }

    void a_clock_that_went_back_counts_as_no_time() {
        QVERIFY(judge_idle({.now_ms = 0, .last_used_ms = 50'000, .keep_seconds = 60}) ==
                (IdleVerdict{false, 60'000}));
    }

    void others_that_need_the_memory_come_first_after_a_minute() {
        IdleState state{.now_ms = 59'999,
                        .last_used_ms = 0,
                        .keep_seconds = keep_forever,
                        .memory_available = 4,
                        .memory_total = 100};
        QVERIFY(judge_idle(state) == (IdleVerdict{false, 60'000}));
        state.now_ms = 60'000;
        QVERIFY(judge_idle(state).unload);
        state.memory_available = 5;
        QVERIFY(!judge_idle(state).unload);
    }

    void a_models_own_setting_wins() {
        QCOMPARE(keep_alive(keep_as_app, 600), 600);
        QCOMPARE(keep_alive(keep_forever, 600), keep_forever);
        QCOMPARE(keep_alive(0, 600), 0);
    }
};

QTEST_APPLESS_MAIN(TestIdlePolicy)
#include "test_idle_policy.moc"
