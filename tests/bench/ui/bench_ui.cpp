// bench_ui [--tokens 20000] [--speed 200]: the MockEngine streams one long message into the real window. Prints the
// GUI thread's work per frame (processor time of the thread between two frames, and wall time it was awake) and the
// growth of allocated memory over the last three quarters of the message.
#include <malloc.h>

#include <QAbstractEventDispatcher>
#include <QCommandLineParser>
#include <QElapsedTimer>
#include <QtTest>
#include <algorithm>
#include <cstdio>
#include <ctime>

#include "tests/ui/kit/ui_bench.h"

using namespace pellucid;
using namespace pellucid::ui;

namespace {

double threadMs() {
    timespec now{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return now.tv_sec * 1e3 + now.tv_nsec * 1e-6;
}

double at(std::vector<double> values, double share) {
    if (values.empty()) return 0;
    std::sort(values.begin(), values.end());
    return values[static_cast<std::size_t>(share * static_cast<double>(values.size() - 1))];
}

// Prose, lists, code, maths and a table in turn, as a long answer has them.
std::string message(int tokens) {
    static const char *const kParts[] = {
        "The next step follows from the one before, and it helps to write it down slowly with **all** its parts and `names`.\n\n",
        "- one thing to keep in mind\n- another thing, a little longer than the first\n- a third\n\n",
        "```python\nfor i in range(10):\n    total = total + i * i  # squares\nprint(total)\n```\n\n",
        "so that with $x^2 + y^2 = r^2$ the sum stays the same and nothing above has to move.\n\n",
        "$$\\sum_{i=1}^{n} i = \\frac{n(n+1)}{2}$$\n\n",
        "| a | b |\n|---|---:|\n| first | 1 |\n| second | 22 |\n\n",
    };
    std::string text;
    for (int part = 0; static_cast<int>(mock_tokens(text).size()) < tokens; ++part)
        for (int i = 0; i < 20; ++i) text += kParts[(part * 20 + i) % 6];
    return text;
}

}  // namespace

int main(int argc, char **argv) {
    beforeApplication();
    QGuiApplication application(argc, argv);
    afterApplication();
    QCommandLineParser parser;
    parser.addOption({"tokens", "Tokens of the message", "n", "20000"});
    parser.addOption({"speed", "Tokens a second", "n", "200"});
    parser.process(application);
    const int tokens = parser.value("tokens").toInt();
    const std::string text = message(tokens);
    MockReplyScript reply = say("", text.c_str());
    reply.tokens_per_second = parser.value("speed").toDouble();
    UiBench bench(script({reply}));
    if (!bench.load() || !bench.show()) return 1;

    std::vector<double> processor, awake;
    double threadThen = threadMs(), awakeSum = 0;
    QElapsedTimer slice;
    slice.start();
    auto *dispatcher = QAbstractEventDispatcher::instance();
    QObject::connect(dispatcher, &QAbstractEventDispatcher::awake, [&] { slice.restart(); });
    QObject::connect(dispatcher, &QAbstractEventDispatcher::aboutToBlock, [&] { awakeSum += slice.nsecsElapsed() * 1e-6; });
    QObject::connect(bench.window, &QQuickWindow::frameSwapped, [&] {
        const double now = threadMs();
        processor.push_back(now - threadThen);
        awake.push_back(awakeSum + slice.nsecsElapsed() * 1e-6);
        slice.restart();
        threadThen = now;
        awakeSum = 0;
    });
    QElapsedTimer whole;
    whole.start();
    if (!bench.workspace->chat().sendText("Go on")) return 1;
    processor.clear();
    awake.clear();
    const double quarterMs = tokens / reply.tokens_per_second * 250;
    QTest::qWait(static_cast<int>(quarterMs));
    const auto before = mallinfo2();
    const bool ended = QTest::qWaitFor([&] { return !bench.workspace->chat().busy(); }, static_cast<int>(quarterMs * 8) + 20000);
    const auto after = mallinfo2();
    const double seconds = whole.elapsed() / 1e3;
    const double grown = static_cast<double>(after.uordblks + after.hblkhd) - static_cast<double>(before.uordblks + before.hblkhd);
    std::printf("%s, %s renderer: %d tokens (%zu bytes) in %.1f s, ended %d, %zu frames (%.1f a second)\n",
                qPrintable(QGuiApplication::platformName()), qPrintable(QQuickWindow::sceneGraphBackend()), tokens, text.size(),
                seconds, ended, processor.size(), static_cast<double>(processor.size()) / seconds);
    std::printf("GUI thread per frame, processor ms: p50 %.2f, p99 %.2f, max %.2f\n", at(processor, 0.5), at(processor, 0.99), at(processor, 1));
    std::printf("GUI thread per frame, wall ms awake: p50 %.2f, p99 %.2f, max %.2f\n", at(awake, 0.5), at(awake, 0.99), at(awake, 1));
    std::printf("memory over the last three quarters: %+.0f KiB allocated for %.0f KiB of text (%.2f times)\n", grown / 1024,
                static_cast<double>(text.size()) * 0.75 / 1024, grown / (static_cast<double>(text.size()) * 0.75));
    return ended ? 0 : 1;
}
