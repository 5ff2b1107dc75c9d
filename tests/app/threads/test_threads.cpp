// Closures across threads: order, what happens when either end goes first, and that nothing is lost between
// them.
#include <QCoreApplication>
#include <QEvent>
#include <QTest>
#include <QThread>
#include <algorithm>
#include <atomic>
#include <memory>
#include <thread>
#include <vector>

#include "app/threads/gui_context.h"
#include "app/threads/work_thread.h"

using namespace pellucid::app;

class TestThreads : public QObject {
    Q_OBJECT

private slots:
    void work_runs_in_order_and_answers_come_back_in_it() {
        WorkThread thread(QStringLiteral("test"));
        QObject context;
        std::vector<int> worked;  // by the thread alone until it answers
        std::vector<int> answered;
        QThread* const here = QThread::currentThread();
        bool elsewhere = true;
        bool home = true;
        for (int i = 0; i < 200; ++i)
            thread.run(
                [&worked, &elsewhere, here, i] {
                    elsewhere = elsewhere && QThread::currentThread() != here;
                    worked.push_back(i);
                    return std::make_unique<int>(i);  // a result that cannot be copied
                },
                &context,
                [&answered, &home, here](std::unique_ptr<int> result) {
                    home = home && QThread::currentThread() == here;
                    answered.push_back(*result);
                });
        QTRY_COMPARE(answered.size(), std::size_t(200));
        QVERIFY(elsewhere && home);
        QCOMPARE(worked, answered);
        QVERIFY(std::is_sorted(answered.begin(), answered.end()));
    }

    void an_answer_for_an_object_that_is_gone_is_dropped() {
        WorkThread thread(QStringLiteral("test"));
        auto context = std::make_unique<QObject>();
        QObject witness;
        bool ran = false;
        bool later = false;
        const auto held = std::make_shared<int>(0);  // what the closure holds is freed all the same
        thread.run([] {}, context.get(), [&ran, held] { ran = true; });
        thread.drain();  // the answer waits in the GUI thread's queue
        context.reset();
        thread.run([] {}, &witness, [&later] { later = true; });
        QTRY_VERIFY(later);
        QVERIFY(!ran);
        QCOMPARE(held.use_count(), 1L);
    }

    void no_object_no_answer() {
        WorkThread thread(QStringLiteral("test"));
        bool ran = false;
        thread.run([] {}, nullptr, [&ran] { ran = true; });
        thread.drain();
        QCoreApplication::processEvents();
        QVERIFY(!ran);
    }

    void the_end_waits_for_what_was_posted() {
        std::atomic<int> ran{0};
        {
            WorkThread thread(QStringLiteral("test"));
            for (int i = 0; i < 50; ++i) thread.post([&ran] { ++ran; });
        }
        QCOMPARE(ran.load(), 50);
    }

    void work_may_post_more_work() {
        std::atomic<int> ran{0};
        WorkThread thread(QStringLiteral("test"));
        thread.post([&] { thread.post([&ran] { ++ran; }); });
        thread.drain();
        thread.drain();
        QCOMPARE(ran.load(), 1);
        thread.post([&thread] { thread.drain(); });  // on the thread itself: nothing to wait for
        thread.drain();
    }

    void many_threads_lose_nothing() {
        QObject context;
        const GuiContext gui(&context);
        std::vector<int> counted(4);
        std::vector<std::thread> threads;
        for (int t = 0; t < 4; ++t)
            threads.emplace_back([&counted, gui, t] {
                for (int i = 0; i < 500; ++i)
                    gui.post([&counted, t, i] {
                        if (counted[static_cast<std::size_t>(t)] == i) ++counted[static_cast<std::size_t>(t)];
                    });
            });
        for (auto& thread : threads) thread.join();
        QTRY_COMPARE(counted, std::vector<int>(4, 500));
    }

    void closures_still_run_when_the_last_handle_is_dropped() {
        QObject context;
        int ran = 0;
        {
            const GuiContext gui(&context);
            gui.post([&ran] { ++ran; });
            gui.post([&ran] { ++ran; });
        }
        // Even when the deferred end comes before the events themselves.
        QCoreApplication::sendPostedEvents(nullptr, QEvent::DeferredDelete);
        QTRY_COMPARE(ran, 2);
        QTRY_VERIFY(context.children().isEmpty());
    }

    void a_closure_may_end_its_object() {
        auto* context = new QObject;
        bool second = false;
        const GuiContext gui(context);
        gui.post([context] { delete context; });
        gui.post([&second] { second = true; });
        for (int i = 0; i < 3; ++i) QCoreApplication::processEvents();
        QVERIFY(!second);
        gui.post([&second] { second = true; });  // nobody is there any more
        QCoreApplication::processEvents();
        QVERIFY(!second);
    }
};

QTEST_GUILESS_MAIN(TestThreads)
#include "test_threads.moc"
