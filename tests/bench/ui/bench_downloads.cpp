// bench_downloads [--seconds 20] [--reports 100]: the models page with its drawer open while four downloads
// report their progress that many times a second each. Prints the GUI thread's work per frame, as bench_ui
// does.
#include <QCommandLineParser>
#include <QTimer>
#include <QtTest>
#include <algorithm>
#include <cstdio>
#include <cstdlib>

#include "tests/bench/ui/frame_watch.h"
#include "tests/ui/kit/scenes.h"
#include "tests/ui/kit/ui_bench.h"

using namespace pellucid;
using namespace pellucid::ui;
using namespace pellucid::bench;

int main(int argc, char** argv) {
    beforeApplication();
    QGuiApplication application(argc, argv);
    afterApplication();
    QCommandLineParser parser;
    parser.addOption({"seconds", "How long", "n", "20"});
    parser.addOption({"reports", "Reports a second of each download", "n", "100"});
    parser.process(application);
    const int seconds = parser.value("seconds").toInt(), reports = parser.value("reports").toInt();

    const auto scene = std::find_if(scenes().begin(), scenes().end(),
                                    [](const Scene& one) { return one.name == "discover"; });
    const auto bench = stage(*scene, {1440, 900}, false);
    if (!bench) {
        for (const QString& line : UiBench::warnings()) std::fprintf(stderr, "%s\n", qPrintable(line));
        return 1;
    }
    bench->workspace->settings().setReducedMotion(false);  // as most people have it: ten steps a second
    std::vector<app::DownloadState> states(4);
    for (std::size_t i = 0; i < states.size(); ++i) {
        states[i].id = QStringLiteral("bench-%1").arg(i);
        states[i].name = QStringLiteral("A model of some size %1").arg(i);
        states[i].phase = app::DownloadState::Running;
        states[i].total = 20'000'000'000;
        states[i].rate = 97e6;
    }
    FrameWatch watch(bench->window);
    QTimer reporting, end;
    int told = 0;
    QObject::connect(&reporting, &QTimer::timeout, [&] {
        for (app::DownloadState& state : states) {
            state.bytes += 970'000;
            state.rate = 97e6 + 1e5 * (told % 40);
            state.secondsLeft = static_cast<int>(static_cast<double>(state.total - state.bytes) / state.rate);
            bench->sources.downloads.put(state);
        }
        ++told;
    });
    QEventLoop loop;
    QObject::connect(&end, &QTimer::timeout, &loop, &QEventLoop::quit);
    reporting.start(1000 / reports);
    QTimer::singleShot(1000, &loop, [&] { watch.clear(); });  // the rows have come
    end.start((seconds + 1) * 1000);
    loop.exec();

    double average[1] = {};
    getloadavg(average, 1);
    std::printf("%s, %s renderer: 4 downloads, %d reports each in %d s, %zu frames, load %.1f\n",
                qPrintable(QGuiApplication::platformName()), qPrintable(QQuickWindow::sceneGraphBackend()),
                told, seconds + 1, watch.processor().size(), average[0]);
    std::printf("GUI thread per frame, processor ms: p50 %.2f, p99 %.2f, max %.2f\n",
                at(watch.processor(), 0.5), at(watch.processor(), 0.99), at(watch.processor(), 1));
    for (int i = 0; i < FrameWatch::kPhases; ++i)
        std::printf("  %s: p50 %.2f, p99 %.2f, max %.2f\n", FrameWatch::name(i), at(watch.phase(i), 0.5),
                    at(watch.phase(i), 0.99), at(watch.phase(i), 1));
    std::printf("GUI thread per frame, wall ms awake: p50 %.2f, p99 %.2f, max %.2f\n", at(watch.awake(), 0.5),
                at(watch.awake(), 0.99), at(watch.awake(), 1));
    return watch.processor().empty() ? 1 : 0;
}
