// A whole model on the CPU backend: prefill and decode, median and best of the repeats.
// bench_cpu_model MODEL.gguf [threads] [prompt tokens] [generated tokens] [repeats] [baseline|avx2|avx512]
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <string>
#include <vector>

#include "engine/cpu/cpu_backend.h"
#include "engine/model/model_file.h"

using namespace pellucid;

namespace {

[[noreturn]] void stop(const Error& error) {
    std::fprintf(stderr, "%s\n", error.message().c_str());
    std::exit(1);
}
template <typename T>
T must(Result<T> result) {
    if (!result) stop(result.error());
    return *std::move(result);
}

/// Processor time of the process: what one thread would take on a quiet machine, whatever else runs.
double processor_seconds() {
    timespec time{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
}

double seconds_since(std::chrono::steady_clock::time_point begin) {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

/// A line of /proc/self/status in megabytes.
double status_mb(const std::string& key) {
    std::ifstream status("/proc/self/status");
    for (std::string line; std::getline(status, line);)
        if (line.starts_with(key + ":")) return std::stod(line.substr(key.size() + 1)) / 1e3 * 1.024;
    return 0;
}

void print(const char* what, std::vector<double> rates) {
    std::sort(rates.begin(), rates.end());
    std::printf("%-8s median %8.1f tok/s, best %8.1f, worst %8.1f\n", what, rates[rates.size() / 2],
                rates.back(), rates.front());
}

}  // namespace

int main(int argc, char** argv) {
    const auto number = [&](int index, int fallback) {
        return argc > index ? std::atoi(argv[index]) : fallback;
    };
    if (argc < 2) return 2;
    const int threads = number(2, 0), prompt = number(3, 512), generated = number(4, 128),
              repeats = number(5, 5);
    const std::string isa = argc > 6 ? argv[6] : "";
    const auto pool = std::make_shared<ThreadPool>(threads);
    const auto backend = isa.empty() ? make_cpu_backend(pool)
                                     : make_cpu_backend(pool, isa == "avx2"       ? cpu::Isa::avx2
                                                              : isa == "baseline" ? cpu::Isa::baseline
                                                                                  : cpu::Isa::avx512_vnni);
    const ModelFile model = must(open_model_file(argv[1]));
    auto begin = std::chrono::steady_clock::now();
    const auto weights = must(backend->prepare(model.spec, model.weights, {}));
    std::printf("%s: %s, loaded in %.2f s, %.1f MB\n", argv[1], backend->description().c_str(),
                seconds_since(begin), static_cast<double>(weights->bytes()) / 1e6);
    RunnerOptions options;
    options.pages = (prompt + generated) / options.page_tokens + 2;
    options.max_batch_rows = std::max(prompt, 1);
    const auto runner = must(weights->make_runner(options));
    Batch batch;
    batch.samples.push_back({});
    batch.sequences.emplace_back();
    for (int p = 0; p < options.pages; ++p) batch.sequences[0].pages.push_back(p);
    std::vector<double> prefill, decode, prefill_cpu, decode_cpu;
    for (int round = 0; round < repeats; ++round) {
        batch.sequences[0].length = 0;
        batch.rows.assign(static_cast<std::size_t>(prompt), {});
        for (int i = 0; i < prompt; ++i) {
            batch.rows[static_cast<std::size_t>(i)].position = i;
            batch.rows[static_cast<std::size_t>(i)].input = TokenId{(i * 37 + 11) % model.spec->vocabulary};
        }
        batch.rows.back().output = RowOutput::sample;
        batch.rows.back().sample = 0;
        begin = std::chrono::steady_clock::now();
        double processor = processor_seconds();
        TokenId next = must(runner->wait(must(runner->submit(batch)))).rows[0].sampled->id;
        prefill.push_back(prompt / seconds_since(begin));
        prefill_cpu.push_back(prompt / (processor_seconds() - processor));
        processor = processor_seconds();
        begin = std::chrono::steady_clock::now();
        for (int i = 0; i < generated; ++i) {
            batch.sequences[0].length = prompt + i;
            batch.rows.assign(1, {});
            batch.rows[0].position = prompt + i;
            batch.rows[0].input = next;
            batch.rows[0].output = RowOutput::logits;  // as a host sampler asks
            const StepResult result = must(runner->wait(must(runner->submit(batch))));
            const std::vector<float>& logits = result.rows[0].values;
            next = static_cast<TokenId>(std::max_element(logits.begin(), logits.end()) - logits.begin());
        }
        decode.push_back(generated / seconds_since(begin));
        decode_cpu.push_back(generated / (processor_seconds() - processor));
    }
    const DeviceMemory needed = backend->memory_needed(*model.spec, *model.weights, options);
    std::printf(
        "memory announced: weights %.1f, kv %.1f, scratch %.1f MB; seen: anonymous %.1f, mapped %.1f, peak "
        "%.1f MB\n",
        static_cast<double>(needed.weights) / 1e6, static_cast<double>(needed.kv) / 1e6,
        static_cast<double>(needed.scratch) / 1e6, status_mb("RssAnon"), status_mb("RssFile"),
        status_mb("VmHWM"));
    print("prefill", prefill);
    print("decode", decode);
    std::printf("by processor time (one thread's worth, on a machine that is busy):\n");
    print("prefill", prefill_cpu);
    print("decode", decode_cpu);
}
