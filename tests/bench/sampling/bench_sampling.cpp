// Time to choose one token on the host, by vocabulary and filter.
#include <benchmark/benchmark.h>

#include <random>

#include "engine/sampling/distribution.h"
#include "engine/sampling/sampler.h"

using namespace pellucid;

namespace {

std::vector<float> logits_of(std::size_t vocab) {
    std::mt19937 random(1);
    std::normal_distribution<float> normal(0, 2.5f);
    std::vector<float> logits(vocab);
    for (auto& logit : logits) logit = normal(random);
    return logits;
}

void measure_only(benchmark::State& state) {
    const auto logits = logits_of(static_cast<std::size_t>(state.range(0)));
    for (auto _ : state) benchmark::DoNotOptimize(measure(logits)->entropy);
    state.SetBytesProcessed(state.iterations() * state.range(0) * 4);
}

void sample(benchmark::State& state, SamplingSpec spec) {
    const auto logits = logits_of(static_cast<std::size_t>(state.range(0)));
    auto sampler = *Sampler::make(spec, nullptr);
    std::uint64_t position = 0;
    for (auto _ : state) benchmark::DoNotOptimize(sampler->sample(logits, {}, position++)->id);
}

SamplingSpec only(float temperature, int top_k, float top_p, float min_p) {
    SamplingSpec spec;
    spec.temperature = temperature, spec.top_k = top_k, spec.top_p = top_p, spec.min_p = min_p;
    return spec;
}

BENCHMARK(measure_only)->Arg(49152)->Arg(152064)->Arg(262144)->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(sample, greedy, only(0, 0, 1, 0))->Arg(152064)->Arg(262144)->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(sample, defaults, SamplingSpec())->Arg(49152)->Arg(152064)->Arg(262144)->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(sample, top_p_alone, only(1, 0, 0.95f, 0))->Arg(152064)->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(sample, no_filter, only(1, 0, 1, 0))->Arg(152064)->Unit(benchmark::kMicrosecond);

}  // namespace

BENCHMARK_MAIN();
