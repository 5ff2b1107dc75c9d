// Loading a vocabulary, encoding and decoding, with the committed tokenizers. Bytes are bytes of text.
#include <benchmark/benchmark.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <span>

#include "engine/format/gguf_file.h"
#include "tests/engine/text/tokenizer/fixture.h"

using namespace pellucid;

namespace {

std::string prose() {
    std::string text;
    while (text.size() < 1 << 20)
        text +=
            "The tide table on the harbour wall was wrong by an hour, so they've waited (1984!) until the "
            "ferries came in. "
            "Nobody counted the steps twice; the lamps along the quay burned low.\n\n";
    return text;
}

std::string chinese() {
    std::string text;
    while (text.size() < 1 << 20)
        text +=
            "今天的天气很好，我们去公园散步吧。他说：“这不是真的！”然后离开了……第１２３章：深度学习与自然语言"
            "处理。\n";
    return text;
}

std::string code() {
    std::string text;
    while (text.size() < 1 << 20)
        text +=
            "    for (std::size_t i = 0; i < symbols.size(); ++i) {\n        if (merges.find(symbols[i]) == "
            "nullptr) continue;\n"
            "        total += 0x1F * weights[i];  // the left one first\n    }\n";
    return text;
}

std::string one_word() {
    return std::string(1 << 20, 'a');
}

std::shared_ptr<const Tokenizer> open(const std::string& name) {
    auto tokenizer = name == "llama2_spm" ? make_tokenizer(test::llama2_as_gguf()) : test::open_fixture(name);
    if (!tokenizer) std::fprintf(stderr, "%s\n", tokenizer.error().message().c_str()), std::exit(1);
    return *tokenizer;
}

void load_gguf(benchmark::State& state, const char* name) {
    const std::string bytes =
        test::read_fixture(PELLUCID_FIXTURES "/tokenizers/" + std::string(name) + "/vocab.gguf.xz");
    const auto file = GgufFile::parse(std::as_bytes(std::span(bytes)), name, GgufRead::header_only);
    for (auto _ : state) benchmark::DoNotOptimize(make_tokenizer((*file)->metadata()));
}

/// From the model file of PELLUCID_MODELS.
void load_gemma(benchmark::State& state) {
    const char* models = std::getenv("PELLUCID_MODELS");
    const std::string path = std::string(models ? models : ".") + "/gemma-3-270m-q4_k_m.gguf";
    if (!std::filesystem::exists(path))
        return state.SkipWithError("needs gemma-3-270m-q4_k_m.gguf in PELLUCID_MODELS");
    const auto file = GgufFile::open(path, GgufRead::header_only);
    for (auto _ : state) benchmark::DoNotOptimize(make_tokenizer((*file)->metadata()));
}

void load_json(benchmark::State& state, const char* name) {
    const std::string folder = PELLUCID_FIXTURES "/tokenizers/" + std::string(name);
    const std::string json = test::read_fixture(folder + "/tokenizer.json.xz");
    const std::string config = test::read_fixture(folder + "/tokenizer_config.json");
    for (auto _ : state) benchmark::DoNotOptimize(make_tokenizer_from_json(json, config));
}

void encode(benchmark::State& state, const char* name, std::string (*make_text)()) {
    const auto tokenizer = open(name);
    const std::string text = make_text();
    std::size_t ids = 0;
    for (auto _ : state) ids = tokenizer->encode(text).size();
    state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations() * text.size()));
    state.counters["tokens"] = static_cast<double>(ids);
}

void decode(benchmark::State& state, const char* name) {
    const auto tokenizer = open(name);
    const std::string text = prose();
    const auto ids = tokenizer->encode(text);
    for (auto _ : state) benchmark::DoNotOptimize(tokenizer->decode(ids));
    state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations() * text.size()));
}

BENCHMARK_CAPTURE(load_gguf, r1_distill_qwen, "r1_distill_qwen")->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(load_gguf, smollm2, "smollm2")->Unit(benchmark::kMillisecond);
BENCHMARK(load_gemma)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(load_json, qwen3, "qwen3")->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(encode, r1_distill_qwen_prose, "r1_distill_qwen", prose)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(encode, r1_distill_qwen_chinese, "r1_distill_qwen", chinese)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(encode, r1_distill_qwen_code, "r1_distill_qwen", code)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(encode, r1_distill_qwen_one_word, "r1_distill_qwen", one_word)
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(encode, llama3_1_prose, "llama3_1", prose)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(encode, deepseek_v3_prose, "deepseek_v3", prose)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(encode, smollm2_code, "smollm2", code)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(encode, llama2_prose, "llama2", prose)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(encode, llama2_spm_prose, "llama2_spm", prose)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(encode, llama2_spm_code, "llama2_spm", code)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(decode, r1_distill_qwen, "r1_distill_qwen")->Unit(benchmark::kMillisecond);

}  // namespace

BENCHMARK_MAIN();
