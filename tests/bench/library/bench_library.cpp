// A library of 2,000 models: the database's list, and all that the window does until its list stands.
#include <benchmark/benchmark.h>

#include <QGuiApplication>

#include "tests/app/models/model_bench.h"

using namespace pellucid;
using namespace pellucid::app;

namespace {

constexpr int kModels = 2000;

QTemporaryDir& filled() {
    static QTemporaryDir folder;  // once for both; a benchmark's only state
    static const bool once = (fillLibrary(folder.path(), kModels), true);
    (void)once;
    return folder;
}

void list_rows(benchmark::State& state) {
    ModelBench bench(filled().path());
    for (auto _ : state) {
        auto rows = bench.store->models().list();
        if (!rows || rows->size() != kModels) state.SkipWithError("the list is not whole");
        benchmark::DoNotOptimize(rows);
    }
}
BENCHMARK(list_rows)->Unit(benchmark::kMillisecond)->MeasureProcessCPUTime()->UseRealTime();

/// From start() until library and folder are listed, and what thirty rows show is asked for.
void open_library(benchmark::State& state) {
    for (auto _ : state) {
        state.PauseTiming();
        auto bench = std::make_unique<ModelBench>(filled().path());
        state.ResumeTiming();
        bool listed = false;
        bench->models->start([&] { listed = true; });
        while (!listed) QCoreApplication::processEvents(QEventLoop::WaitForMoreEvents);
        const ModelListModel& list = *bench->models->list();
        const auto roles = list.roleNames();
        for (int row = 0; row < 30; ++row)
            for (auto role = roles.keyBegin(); role != roles.keyEnd(); ++role)
                benchmark::DoNotOptimize(list.data(list.index(row), *role));
        state.PauseTiming();
        if (list.count() != kModels || bench->engine.inspected > 30)
            state.SkipWithError("not as it should be");
        bench.reset();
        state.ResumeTiming();
    }
}
BENCHMARK(open_library)->Unit(benchmark::kMillisecond)->MeasureProcessCPUTime()->UseRealTime();

}  // namespace

int main(int argc, char** argv) {
    qputenv("QT_QPA_PLATFORM", "offscreen");
    QGuiApplication app(argc, argv);
    benchmark::Initialize(&argc, argv);
    benchmark::RunSpecifiedBenchmarks();
    return 0;
}
