// bench_ui [--tokens 20000] [--speed 200] [--store database]: the MockEngine streams one long message into
// the real window. Prints the GUI thread's work per frame (processor time of the thread between two frames,
// and wall time it was awake) and how much memory the process took for the last three quarters of the
// message.
#include <QCommandLineParser>
#include <QElapsedTimer>
#include <QtTest>
#include <cstdio>
#include <cstdlib>

#include "app/main/stored_data.h"
#include "tests/bench/ui/frame_watch.h"
#include "tests/bench/ui/long_answer.h"
#include "tests/bench/ui/memory_watch.h"
#include "tests/ui/kit/ui_bench.h"

using namespace pellucid;
using namespace pellucid::ui;
using namespace pellucid::bench;

namespace {

double load() {
    double average[1] = {};
    return getloadavg(average, 1) == 1 ? average[0] : -1;
}

/// Runs a real event loop until `done` or the timeout. Not QTest's waiting: that sleeps 10 ms a round, and
/// what was deleted for later stays while events keep coming.
template <typename Done>
bool runUntil(Done done, int milliseconds) {
    QEventLoop loop;
    QTimer look, limit;
    QObject::connect(&look, &QTimer::timeout, &loop, [&] {
        if (done()) loop.exit(0);
    });
    QObject::connect(&limit, &QTimer::timeout, &loop, [&] { loop.exit(1); });
    look.start(5);
    limit.start(milliseconds);
    return loop.exec() == 0;
}

/// Growth from a quarter of the message to its end: means over a twentieth of the message at either end, so
/// that it does not matter which rows are in sight at one moment, scaled to the whole distance.
void printGrowth(const char* what, const std::vector<MemorySample>& samples, double MemorySample::*field,
                 double began, double streamed, std::size_t bytes) {
    const double step = streamed / 20;
    const double first = meanOver(samples, field, began + 5 * step, began + 6 * step);
    const double last = meanOver(samples, field, began + 19 * step, began + 20 * step);
    const double added = static_cast<double>(bytes) * 0.75, grown = (last - first) * 15 / 14;
    const double slope = slopeOver(samples, field, began + 5 * step, began + 20 * step) * step * 15;
    std::printf(
        "%s over the last three quarters: %+.0f KiB for %.0f KiB of text: %.2f times (by least squares "
        "%.2f)\n",
        what, grown / 1024, added / 1024, grown / added, slope / added);
}

}  // namespace

int main(int argc, char** argv) {
    beforeApplication();
    QGuiApplication application(argc, argv);
    afterApplication();
    QCommandLineParser parser;
    parser.addOption({"tokens", "Tokens of the message", "n", "20000"});
    parser.addOption({"speed", "Tokens a second", "n", "200"});
    parser.addOption({"store", "database (as the program has it) or memory", "kind", "database"});
    parser.addOption(
        {"series", "Writes seconds, heap and resident bytes of every sample into this file", "file"});
    parser.process(application);
    const int tokens = parser.value("tokens").toInt();
    const std::string text = longAnswer(tokens);
    MockReplyScript reply = say("", text.c_str());
    reply.tokens_per_second = parser.value("speed").toDouble();

    QTemporaryDir folder;
    std::unique_ptr<app::StoredData> data;
    if (parser.value("store") == "database") {
        data = std::make_unique<app::StoredData>(folder.path());
        if (data->problem()) return 1;
    }
    UiBench bench(script({reply}), {1440, 900}, {}, data ? &data->chats() : nullptr);
    if (!bench.load() || !bench.show()) return 1;

    FrameWatch frameWatch(bench.window);
    MemoryWatch watch;
    QElapsedTimer whole;
    whole.start();
    if (!bench.workspace->chat().sendText("Go on")) return 1;
    if (!runUntil([&] { return bench.workspace->chat().state() == app::ChatController::Answering; }, 10000))
        return 1;
    const double began = static_cast<double>(whole.elapsed()) / 1e3;
    frameWatch.clear();
    const double expected = tokens / reply.tokens_per_second;
    const bool ended =
        runUntil([&] { return !bench.workspace->chat().busy(); }, static_cast<int>(expected * 2000) + 20000);
    const double seconds = static_cast<double>(whole.elapsed()) / 1e3 - began;
    const auto frames = frameWatch.processor(), awake = frameWatch.awake();
    runUntil([] { return false; }, 2000);
    const std::vector<MemorySample> samples = watch.stop();

    std::printf(
        "%s, %s renderer, %s: %d tokens (%zu bytes) in %.1f s, ended %d, %zu frames (%.1f a second), load "
        "%.1f\n",
        qPrintable(QGuiApplication::platformName()), qPrintable(QQuickWindow::sceneGraphBackend()),
        data ? "database" : "store in memory", tokens, text.size(), seconds, ended, frames.size(),
        static_cast<double>(frames.size()) / seconds, load());
    std::printf("GUI thread per frame, processor ms: p50 %.2f, p99 %.2f, max %.2f\n", at(frames, 0.5),
                at(frames, 0.99), at(frames, 1));
    std::printf("GUI thread per frame, wall ms awake: p50 %.2f, p99 %.2f, max %.2f\n", at(awake, 0.5),
                at(awake, 0.99), at(awake, 1));
    printGrowth("heap in use", samples, &MemorySample::heap, began, seconds, text.size());
    printGrowth("resident", samples, &MemorySample::resident, began, seconds, text.size());
    const double end = began + seconds;
    std::printf(
        "at a quarter, at the end, a second after: heap %.2f, %.2f, %.2f MiB; resident %.2f, %.2f, %.2f "
        "MiB\n",
        meanOver(samples, &MemorySample::heap, began + seconds * 0.25, began + seconds * 0.3) / 1048576,
        meanOver(samples, &MemorySample::heap, began + seconds * 0.95, end) / 1048576,
        meanOver(samples, &MemorySample::heap, end + 0.5, end + 5) / 1048576,
        meanOver(samples, &MemorySample::resident, began + seconds * 0.25, began + seconds * 0.3) / 1048576,
        meanOver(samples, &MemorySample::resident, began + seconds * 0.95, end) / 1048576,
        meanOver(samples, &MemorySample::resident, end + 0.5, end + 5) / 1048576);
    if (const QString file = parser.value("series"); !file.isEmpty()) {
        QFile out(file);
        if (!out.open(QIODevice::WriteOnly)) return 1;
        for (const MemorySample& sample : samples)
            out.write(QByteArray::number(sample.seconds - began, 'f', 3) + ' ' +
                      QByteArray::number(sample.heap, 'f', 0) + ' ' +
                      QByteArray::number(sample.resident, 'f', 0) + '\n');
    }
    return ended ? 0 : 1;
}
