// A model over several devices, as planned and as it is:
//   bench_parts MODEL.gguf DEVICE PLACEMENT [TOKENS [THREADS]]
// Memory by device and tokens a second, predicted from the header before anything is loaded, then measured.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <string>
#include <vector>

#include "engine/base/thread_pool.h"
#include "engine/profile/memory_speed.h"
#include "engine/runtime/local_engine.h"

using namespace pellucid;

namespace {

template <typename T>
T must(Result<T> result) {
    if (result) return *std::move(result);
    std::printf("FAILED: %s\n", result.error().message().c_str());
    std::exit(1);
}

double seconds_since(std::chrono::steady_clock::time_point begin) {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

/// Megabytes of this process that are no file's, or are.
double resident(const char* kind) {
    std::ifstream in("/proc/self/status");
    for (std::string word; in >> word;)
        if (word == kind) {
            double kilobytes = 0;
            in >> kilobytes;
            return kilobytes * 1024 / 1e6;
        }
    return 0;
}

/// Generated tokens a second.
double reply(Model& model, const Request& request) {
    auto session = must(model.new_session());
    auto reply = must(session->generate(request));
    for (;;) {
        const auto event = reply->next(std::chrono::seconds(60));
        if (!event) continue;
        if (const auto* finish = std::get_if<Finish>(&*event)) {
            if (finish->error) std::printf("FAILED: %s\n", finish->error->message().c_str());
            return finish->timings.tokens_per_second();
        }
    }
}

double median(std::vector<double> values) {
    std::ranges::sort(values);
    return values[values.size() / 2];
}

}  // namespace

int main(int argc, char** argv) {
    if (argc < 4) return 2;
    const std::string path = argv[1];
    const std::vector<DeviceFactory> factories = host_devices();
    for (const DeviceFactory& factory : factories)
        if (factory.copy_speed)
            std::printf("%s copies %.0f GB/s\n", factory.id.c_str(), factory.copy_speed() / 1e9);
    std::printf("the host reads %.0f GB/s\n", measure_read_speed(usable_cores()) / 1e9);
    LocalEngine engine(factories);
    ModelOptions options;
    options.device = argv[2];
    options.placement = argv[3];
    options.context_length = 2048;
    options.threads = argc > 5 ? std::atoi(argv[5]) : 0;
    const MemoryPlan plan = must(engine.plan(path, options));
    for (const DeviceShare& share : plan.devices)
        std::printf("plan   %-8s %8.0f MB (weights %.0f, context %.0f, working %.0f), %.0f MB a token: %s\n",
                    share.device.c_str(), share.memory.total() / 1e6, share.memory.weights / 1e6,
                    share.memory.kv / 1e6, share.memory.scratch / 1e6, share.bytes_per_token / 1e6,
                    share.part.c_str());
    const auto begin = std::chrono::steady_clock::now();
    const auto turns = must(engine.measure_turns(path, options));
    const double predicted = seconds_per_token(turns);
    for (const TurnTime& turn : turns)
        std::printf("plan   %-8s %8.3f ms a token in %d turns\n", turn.device.c_str(), 1e3 * turn.seconds,
                    turn.turns);
    std::printf("plan   %.2f tok/s (%.3f ms), made in %.1f s\n", 1 / predicted, 1e3 * predicted,
                seconds_since(begin));
    std::fflush(stdout);
    std::vector<double> free_before;
    for (const Engine::Device& device : engine.devices())
        free_before.push_back(static_cast<double>(device.memory_available));
    const double anonymous = resident("RssAnon:"), mapped = resident("RssFile:");
    const auto loading = std::chrono::steady_clock::now();
    const auto model = must(engine.open(path, options));
    std::printf("loaded in %.1f s: %s\n", seconds_since(loading), model->info().device.c_str());
    Request request;
    std::vector<TokenId> prompt;
    for (int i = 0; i < 32; ++i) prompt.push_back(1000 + 7 * i);
    request.input = prompt;
    request.max_tokens = argc > 4 ? std::atoi(argv[4]) : 64;
    request.ignore_end = true;
    request.sampling.temperature = 0;
    std::vector<double> rates;
    for (int i = 0; i < 6; ++i) {
        const double rate = reply(*model, request);
        if (i > 0) rates.push_back(rate);
    }
    const double rate = median(rates);
    std::printf("decode %.2f tok/s (%.2f to %.2f; %.3f ms), predicted %.2f: %+.1f %%\n", rate,
                *std::ranges::min_element(rates), *std::ranges::max_element(rates), 1e3 / rate, 1 / predicted,
                100 * (1 / predicted / rate - 1));
    double host_planned = 0;
    for (const DeviceShare& share : plan.devices)
        if (share.in_host_memory) host_planned += share.memory.total() / 1e6;
    const double host = resident("RssAnon:") - anonymous;
    std::printf("host   planned %.0f MB, taken %.0f MB (%+.1f %%), and %.0f MB more of files are resident\n",
                host_planned, host, 100 * (host_planned / host - 1), resident("RssFile:") - mapped);
    const auto devices = engine.devices();
    for (std::size_t i = 0; i < devices.size(); ++i)
        for (const DeviceShare& share : plan.devices)
            if (share.device == devices[i].id && !share.in_host_memory) {
                const double taken =
                    (free_before[i] - static_cast<double>(devices[i].memory_available)) / 1e6;
                std::printf("%-6s planned %.0f MB, taken %.0f MB (%+.1f %%)\n", share.device.c_str(),
                            share.memory.total() / 1e6, taken,
                            100 * (share.memory.total() / 1e6 / taken - 1));
            }
    return 0;
}
