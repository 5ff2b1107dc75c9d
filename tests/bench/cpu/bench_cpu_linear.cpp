// Matrix kernels by shape and instruction set: GB/s of packed weights and the share of this machine's copy
// speed for one token; GMAC/s for many. Weights are larger than the caches in sum, so one token streams them
// from memory. bench_cpu_linear --benchmark_filter=Q4_K
#include <benchmark/benchmark.h>

#include <chrono>
#include <cstring>
#include <memory>
#include <string>
#include <vector>

#include "engine/cpu/linear_step.h"
#include "engine/cpu/weights.h"
#include "tests/engine/cpu/random_weights.h"

using namespace pellucid;
using namespace pellucid::cpu;

namespace {

struct Shape {
    const char* model;
    TensorType type;
    int out, in;
};
constexpr Shape kShapes[] = {
    {"SmolLM2 o", TensorType::q4_1, 576, 576},      {"SmolLM2 gate", TensorType::q4_1, 1536, 576},
    {"SmolLM2 down", TensorType::q4_1, 576, 1536},  {"SmolLM2 head", TensorType::q8_0, 49152, 576},
    {"Gemma3 down", TensorType::q6_k, 640, 2048},   {"Gemma3 gate", TensorType::q5_0, 2048, 640},
    {"R1-1.5B gate", TensorType::q4_k, 8960, 1536}, {"R1-1.5B down", TensorType::q6_k, 1536, 8960},
    {"R1-7B gate", TensorType::q4_k, 18944, 3584},  {"F16 2048", TensorType::f16, 2048, 2048},
    {"Q4_0 4096", TensorType::q4_0, 4096, 4096},    {"Q5_K 4096", TensorType::q5_k, 4096, 4096},
    {"Q3_K 4096", TensorType::q3_k, 4096, 4096},    {"Q2_K 4096", TensorType::q2_k, 4096, 4096},
};

/// Bytes read plus written per second of a large copy by all threads.
double copy_speed(ThreadPool& pool) {
    const std::size_t bytes = 256u << 20;
    std::vector<char> from(bytes, 1), to(bytes, 2);
    double best = 0;
    for (int round = 0; round < 5; ++round) {
        const auto begin = std::chrono::steady_clock::now();
        pool.parallel_for(static_cast<std::int64_t>(bytes), 1 << 20,
                          [&](std::int64_t b, std::int64_t e, int) {
                              std::memcpy(to.data() + b, from.data() + b, static_cast<std::size_t>(e - b));
                          });
        const std::chrono::duration<double> time = std::chrono::steady_clock::now() - begin;
        best = std::max(best, 2.0 * static_cast<double>(bytes) / time.count());
    }
    return best;
}

void run(benchmark::State& state, Shape shape, Isa isa, int tokens, std::shared_ptr<ThreadPool> pool,
         double copy) {
    const Kernels& kernels = kernels_for(isa);
    const test::RandomWeights weights(shape.type, shape.out, shape.in, 1);
    // As many copies as 64 MB hold: no cache keeps them from one use to the next.
    std::vector<Matrix> matrices;
    const int copies =
        tokens > 1 ? 1 : std::max<int>(1, (64 << 20) / static_cast<int>(weights.view().bytes.size()));
    for (int i = 0; i < copies; ++i) matrices.push_back(*Matrix::make(weights.view(), *pool));
    const auto x = test::random_floats(static_cast<std::size_t>(tokens * shape.in), 2);
    std::vector<Q8Block> q(static_cast<std::size_t>(tokens * shape.in / 32));
    kernels.quantise(x.data(), tokens * shape.in, q.data());
    std::vector<float> out(static_cast<std::size_t>(tokens) * static_cast<std::size_t>(shape.out));
    std::size_t next = 0;
    for (auto _ : state) {
        const LinearPart parts[] = {{&matrices[next++ % matrices.size()], nullptr, out.data(), shape.out}};
        run_linears(*pool, kernels, {x.data(), q.data(), tokens}, parts);
        benchmark::DoNotOptimize(out.data());
    }
    const double bytes = static_cast<double>(matrices[0].bytes()),
                 calls = static_cast<double>(state.iterations());
    const double macs = static_cast<double>(shape.out) * shape.in * tokens;
    state.counters["GB/s"] = benchmark::Counter(bytes * calls / 1e9, benchmark::Counter::kIsRate);
    state.counters["of_copy"] = benchmark::Counter(bytes * calls / copy, benchmark::Counter::kIsRate);
    state.counters["GMAC/s"] = benchmark::Counter(macs * calls / 1e9, benchmark::Counter::kIsRate);
}

}  // namespace

int main(int argc, char** argv) {
    benchmark::Initialize(&argc, argv);
    const auto pool = std::make_shared<ThreadPool>();
    const double copy = copy_speed(*pool);
    const CpuFeatures features = detect_cpu_features();
    std::printf("%s, %s, %d threads, copy %.1f GB/s (read + write)\n", features.model.c_str(),
                to_string(features).c_str(), pool->size(), copy / 1e9);
    for (const Shape& shape : kShapes)
        for (const Isa isa : usable_isas(features))
            for (const int tokens : {1, 512}) {
                if (isa == Isa::baseline && tokens > 1) continue;
                const std::string name = std::string(shape.model) + "/" + std::string(to_string(shape.type)) +
                                         "/" + std::to_string(shape.out) + "x" + std::to_string(shape.in) +
                                         "/" + std::string(to_string(isa)) +
                                         "/tokens:" + std::to_string(tokens);
                benchmark::RegisterBenchmark(name.c_str(), run, shape, isa, tokens, pool, copy)
                    ->UseRealTime()
                    ->MinTime(0.2);
            }
    benchmark::RunSpecifiedBenchmarks();
}
