#include "tests/gpu/cuda/check_forced.h"

#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <fstream>
#include <random>
#include <stdexcept>
#include <thread>

#include "engine/base/thread_pool.h"
#include "engine/cpu/cpu_backend.h"
#include "engine/model/fine_source.h"
#include "engine/model/model_file.h"
#include "engine/ops/reference_backend.h"

namespace pellucid {
namespace {

template <typename T>
T must(Result<T> result) {
    if (!result) throw std::runtime_error(result.error().message());
    return *std::move(result);
}

Batch prompt_batch(const std::vector<TokenId>& tokens, int page_tokens, RowOutput output) {
    Batch batch;
    BatchSequence sequence;
    sequence.id = 1;
    for (std::size_t i = 0; i * static_cast<std::size_t>(page_tokens) < tokens.size() + 64; ++i)
        sequence.pages.push_back(static_cast<PageId>(i));
    batch.sequences.push_back(std::move(sequence));
    for (std::size_t i = 0; i < tokens.size(); ++i) {
        Row row;
        row.position = static_cast<int>(i);
        row.input = tokens[i];
        row.output = output;
        batch.rows.push_back(row);
    }
    return batch;
}

long resident_kilobytes() {
    std::ifstream file("/proc/self/statm");
    long all = 0, resident = 0;
    file >> all >> resident;
    return resident * (sysconf(_SC_PAGESIZE) / 1024);
}

}  // namespace

bool check_forced(const std::string& path, Backend& gpu, int prompts, bool fine, int threads) {
    constexpr int kLength = 512;
    const ModelFile file = must(open_model_file(path));
    const auto cpu = make_cpu_backend(std::make_shared<ThreadPool>(
        threads > 0 ? threads : static_cast<int>(std::max(1u, std::thread::hardware_concurrency()))));
    const auto here = must(cpu->prepare(file.spec, fine ? make_fine(file.weights) : file.weights, {})),
               there = must(gpu.prepare(file.spec, file.weights, {}));
    RunnerOptions options;
    options.pages = 12;
    options.max_batch_rows = kLength;
    const auto judge = must(here->make_runner(options)), runner = must(there->make_runner(options));
    std::mt19937 random(41);
    struct Position {
        float margin;
        bool same;
    };
    std::vector<Position> positions;
    double differences = 0, power = 0, values = 0;
    for (int p = 0; p < prompts; ++p) {
        std::vector<TokenId> tokens;
        for (int i = 0; i < kLength; ++i)
            tokens.push_back(static_cast<TokenId>(random() % static_cast<unsigned>(file.spec->vocabulary)));
        const Batch batch = prompt_batch(tokens, options.page_tokens, RowOutput::logits);
        const StepResult want = must(judge->wait(must(judge->submit(batch))));
        const StepResult got = must(runner->wait(must(runner->submit(batch))));
        for (std::size_t r = 0; r < want.rows.size(); ++r) {
            const auto &a = want.rows[r].values, &b = got.rows[r].values;
            double mean = 0;
            for (float v : a) mean += v;
            mean /= static_cast<double>(a.size());
            for (std::size_t i = 0; i < a.size(); ++i) {
                const double d = static_cast<double>(a[i]) - b[i];
                differences += std::isnan(d) ? 1e30 : d * d;
                power += (a[i] - mean) * (a[i] - mean);
            }
            values += static_cast<double>(a.size());
            const auto best = std::ranges::max_element(a);
            float second = -INFINITY;
            for (auto i = a.begin(); i != a.end(); ++i)
                if (i != best) second = std::max(second, *i);
            positions.push_back(
                {*best - second, std::ranges::max_element(b) - b.begin() == best - a.begin()});
        }
        std::printf("%d prompts: RMS difference so far %.4f\n", p + 1, std::sqrt(differences / power));
        std::fflush(stdout);
    }
    const double rms = std::sqrt(differences / values), deviation = std::sqrt(power / values);
    int clear = 0, wrong = 0, same = 0;
    for (const Position& position : positions) {
        same += position.same;
        if (position.margin <= 4 * rms) continue;
        ++clear;
        wrong += !position.same;
    }
    std::printf(
        "%s forced, CPU with activations of %d bits: %zu positions, RMS difference %.4f of the logits' "
        "deviation; the CPU's margin is above "
        "four "
        "times that at %.1f %%, of which %d have another best token; %.1f %% of all have the same\n",
        path.c_str(), fine ? 16 : 8, positions.size(), rms / deviation,
        100.0 * clear / static_cast<double>(positions.size()), wrong,
        100.0 * same / static_cast<double>(positions.size()));
    return wrong == 0 && rms <= 0.03 * deviation;
}

bool check_depths(const std::string& path, Backend& gpu) {
    constexpr int kLength = 16;
    const ModelFile file = must(open_model_file(path));
    const auto pool =
        std::make_shared<ThreadPool>(static_cast<int>(std::max(1u, std::thread::hardware_concurrency())));
    const auto cpu = make_cpu_backend(pool), reference = make_reference_backend(pool);
    RunnerOptions options;
    options.pages = 4;
    options.max_batch_rows = 64;
    std::mt19937 random(47);
    std::vector<TokenId> tokens;
    for (int i = 0; i < kLength; ++i)
        tokens.push_back(static_cast<TokenId>(random() % static_cast<unsigned>(file.spec->vocabulary)));
    const Batch batch = prompt_batch(tokens, options.page_tokens, RowOutput::logits);
    const auto fine = make_fine(file.weights);
    const auto run = [&](Backend& backend, const std::shared_ptr<const ModelSpec>& spec, std::size_t step,
                         const std::shared_ptr<const WeightSource>& source) {
        const auto weights = must(backend.prepare(spec, source, {}));
        const auto runner = must(weights->make_runner(options));
        std::vector<std::vector<float>> logits;
        for (std::size_t at = 0; at < batch.rows.size(); at += step) {
            Batch part = batch;
            part.sequences[0].length = static_cast<int>(at);
            part.rows.assign(
                batch.rows.begin() + static_cast<std::ptrdiff_t>(at),
                batch.rows.begin() + static_cast<std::ptrdiff_t>(std::min(batch.rows.size(), at + step)));
            StepResult result = must(runner->wait(must(runner->submit(part))));
            for (RowResult& row : result.rows) logits.push_back(std::move(row.values));
        }
        return logits;
    };
    /// Of the logits' deviation.
    const auto apart = [](const auto& a, const auto& b) {
        double differences = 0, power = 0;
        for (std::size_t r = 0; r < a.size(); ++r) {
            double mean = 0;
            for (float v : a[r]) mean += v;
            mean /= static_cast<double>(a[r].size());
            for (std::size_t i = 0; i < a[r].size(); ++i) {
                const double d = static_cast<double>(a[r][i]) - b[r][i];
                differences += std::isnan(d) ? 1e30 : d * d;
                power += (b[r][i] - mean) * (b[r][i] - mean);
            }
        }
        return std::sqrt(differences / power);
    };
    std::printf("RMS difference from `reference`, of the logits' deviation, %d tokens of %s\n", kLength,
                path.c_str());
    bool good = true;
    for (int layers = 1; layers <= file.spec->n_layers(); layers = layers * 3 + 1) {
        if (layers * 3 + 1 > file.spec->n_layers()) layers = file.spec->n_layers();
        const auto spec = std::make_shared<ModelSpec>(*file.spec);
        spec->layers.resize(static_cast<std::size_t>(layers));
        const auto truth = run(*reference, spec, kLength, file.weights);
        const auto off = [&](Backend& backend, std::size_t step,
                             const std::shared_ptr<const WeightSource>& source) {
            return apart(run(backend, spec, step, source), truth);
        };
        const double at_once = off(gpu, kLength, file.weights), single = off(gpu, 1, file.weights),
                     host = off(*cpu, kLength, file.weights), fine_single = off(gpu, 1, fine),
                     fine_host = off(*cpu, kLength, fine);
        std::printf(
            "%2d layers: cuda at once %.4f, token by token %.4f; cpu %.4f; activations of 16 bits: "
            "cuda token by token %.4f, cpu %.4f\n",
            layers, at_once, single, host, fine_single, fine_host);
        good = good && at_once <= 0.03 && fine_single <= 0.03 && fine_host <= 0.03;
    }
    return good;
}

bool check_requests(const std::string& path, Backend& gpu, int requests) {
    const ModelFile file = must(open_model_file(path));
    const auto weights = must(gpu.prepare(file.spec, file.weights, {}));
    RunnerOptions options;
    options.pages = 8;
    options.max_batch_rows = 256;
    const auto runner = must(weights->make_runner(options));
    std::mt19937 random(43);
    constexpr int kLengths = 200, kSettled = 2 * kLengths;
    std::uint64_t free_then = 0;
    long resident_then = 0;
    for (int request = 0; request < requests; ++request) {
        if (request == kSettled) {  // every graph was made by then
            free_then = gpu.memory_available();
            resident_then = resident_kilobytes();
        }
        std::vector<TokenId> tokens(static_cast<std::size_t>(1 + request % kLengths));
        for (TokenId& token : tokens)
            token = static_cast<TokenId>(random() % static_cast<unsigned>(file.spec->vocabulary));
        Batch batch = prompt_batch(tokens, options.page_tokens, RowOutput::nothing);
        batch.rows.back().output = RowOutput::sample;
        batch.rows.back().sample = 0;
        batch.samples.resize(1);
        if (request / kLengths % 2) batch.samples[0] = {0.8f, 40, 0.9f, 0.02f, random(), 0};
        Batch next = batch;
        Ticket before = must(runner->submit(batch));
        next.rows = {batch.rows.back()};
        int row_before = static_cast<int>(tokens.size()) - 1;
        for (int i = 0; i < 8; ++i) {
            next.sequences[0].length = static_cast<int>(tokens.size()) + i;
            next.rows[0].position = next.sequences[0].length;
            next.rows[0].input = SampledBy{row_before};
            row_before = 0;
            const Ticket ticket = must(runner->submit(next));
            must(runner->wait(before));
            before = ticket;
        }
        must(runner->wait(before));
    }
    const long grown = resident_kilobytes() - resident_then;
    const auto lost =
        static_cast<std::int64_t>(free_then) - static_cast<std::int64_t>(gpu.memory_available());
    std::printf(
        "%s: %d requests; after the first 400 the device lost %lld KiB, the process grew %ld "
        "KiB\n",
        path.c_str(), requests, static_cast<long long>(lost / 1024), grown);
    return lost == 0 && grown < 4096;
}

}  // namespace pellucid
