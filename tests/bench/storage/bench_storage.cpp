// List, open, search and insert over 1,000 conversations of 50 messages. The database is made once and kept
// in PELLUCID_BENCH_DIR (default: a folder below the system's temporary one); remove it to make it anew.
//   bench_storage --benchmark_repetitions=9 --benchmark_report_aggregates_only=true
#include <benchmark/benchmark.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>

#include "storage/store.h"
#include "tests/bench/storage/corpus.h"

namespace {

using namespace pellucid::storage;
namespace fs = std::filesystem;

constexpr int kConversations = 1000;

template <typename T>
T must(Result<T> result) {
    if (!result) {
        std::fprintf(stderr, "%s\n", result.error().message().c_str());
        std::exit(1);
    }
    return *std::move(result);
}
void must(const Result<void>& result) {
    if (result) return;
    std::fprintf(stderr, "%s\n", result.error().message().c_str());
    std::exit(1);
}

fs::path bench_file() {
    const char* folder = std::getenv("PELLUCID_BENCH_DIR");
    return (folder != nullptr ? fs::path(folder) : fs::temp_directory_path() / "pellucid-bench") /
           "pellucid.db";
}

Store& store() {
    static const auto kStore = [] {
        auto opened = must(Store::open({.path = bench_file()}));
        if (must(opened->conversations().list()).empty()) {
            bench::Corpus corpus;
            const auto start = std::chrono::steady_clock::now();
            std::vector<ArchivedConversation> batch;
            for (int i = 0; i < kConversations; ++i) {
                batch.push_back(corpus.conversation(i));
                if (batch.size() < 250 && i + 1 < kConversations) continue;
                must(import_conversations(opened->database(), batch));
                batch.clear();
            }
            must(opened->database().checkpoint());
            const double seconds =
                std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
            std::fprintf(stderr, "made %d conversations x 50 messages in %.1f s, %.1f MB\n", kConversations,
                         seconds, static_cast<double>(fs::file_size(bench_file())) / 1e6);
        }
        return opened;
    }();
    return *kStore;
}

void list_conversations(benchmark::State& state) {
    auto& conversations = store().conversations();
    std::size_t count = 0;
    for (auto _ : state) count = must(conversations.list()).size();
    state.counters["rows"] = static_cast<double>(count);
}
BENCHMARK(list_conversations)->Unit(benchmark::kMillisecond);

void open_chat(benchmark::State& state) {
    auto& conversations = store().conversations();
    const auto rows = must(conversations.list());
    std::size_t at = 0, messages = 0;
    for (auto _ : state)
        messages += must(conversations.active_path(rows[(at += 37) % rows.size()].id)).size();
    benchmark::DoNotOptimize(messages);
}
BENCHMARK(open_chat)->Unit(benchmark::kMillisecond);

void search(benchmark::State& state, const std::string& text) {
    auto& index = store().search();
    std::size_t hits = 0;
    for (auto _ : state) hits = must(index.find({.text = text})).size();
    state.counters["hits"] = static_cast<double>(hits);
}

void append_message(benchmark::State& state) {
    auto& conversations = store().conversations();
    const auto id = must(conversations.create({.title = "bench"}));
    bench::Corpus corpus(7);
    const auto text = corpus.english(120);
    MessageId parent = 0;
    for (auto _ : state) {
        NewMessage message;
        message.parts = {{.kind = PartKind::text, .text = text}};
        parent = must(conversations.append(id, parent, message));
    }
    must(conversations.purge_one(id));
}
BENCHMARK(append_message)->Unit(benchmark::kMillisecond)->Iterations(200);

void import_conversation(benchmark::State& state) {
    bench::Corpus corpus(3);
    std::vector<ArchivedConversation> batch;
    for (int i = 0; i < 20; ++i) batch.push_back(corpus.conversation(i));
    for (auto _ : state) {
        const auto report = must(import_conversations(store().database(), batch));
        state.PauseTiming();
        for (const auto id : report.conversations) must(store().conversations().purge_one(id));
        state.ResumeTiming();
    }
    state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations()) * 20 * 50);
}
BENCHMARK(import_conversation)->Unit(benchmark::kMillisecond)->Iterations(2);

/// What the GUI or the engine's thread pays for a token.
void stream_token(benchmark::State& state) {
    const auto id = must(store().conversations().create({.title = "bench"}));
    auto stream = must(store().replies().begin(id, 0, {}));
    std::int32_t token = 0;
    for (auto _ : state) {
        stream->append(PartKind::answer, " token", std::span(&token, 1), token);
        ++token;
    }
    must(stream->finish({}).get());
    must(store().conversations().purge_one(id));
}
BENCHMARK(stream_token)->Unit(benchmark::kMicrosecond)->Iterations(20000);

void open_store(benchmark::State& state) {
    // Beside the large store, which is open: its copy.
    const fs::path copy = bench_file().parent_path() / "copy" / "pellucid.db";
    must(store().database().checkpoint());
    const auto backup = must(store().database().backup());
    fs::create_directories(copy.parent_path());
    fs::copy_file(backup.path, copy, fs::copy_options::overwrite_existing);
    for (auto _ : state) benchmark::DoNotOptimize(must(Store::open({.path = copy})));
    fs::remove_all(copy.parent_path());
}
BENCHMARK(open_store)->Unit(benchmark::kMillisecond);

void check_after_unclean_stop(benchmark::State& state) {
    for (auto _ : state) must(store().database().check_integrity());
}
BENCHMARK(check_after_unclean_stop)->Unit(benchmark::kMillisecond)->Iterations(1);

}  // namespace

int main(int argc, char** argv) {
    const bench::Corpus corpus;
    // As typed, letter by letter, and the kinds of query there are.
    const std::string common = corpus.word(3), rare = corpus.word(20000);
    const std::vector<std::pair<std::string, std::string>> queries = {
        {"one letter", "t"},
        {"one letter, vowel", "a"},
        {"two letters", "th"},
        {"three letters", common.substr(0, 3)},
        {"three letters, rare", "qui"},
        {"common word", common + " "},
        {"rare word", rare + " "},
        {"two common words", corpus.word(1) + " " + corpus.word(5)},
        {"phrase", "\"" + corpus.word(1) + " " + corpus.word(2) + "\""},
        {"excluded", common + " -" + corpus.word(4)},
        {"one character", "推"},
        {"two characters", "推理"},
        {"two common characters", "我们"},
        {"four characters", "机器学习"},
        {"two Chinese words", "推理 数据"},
        {"mixed", "数据 t"},
        {"nothing found", "xyzzyplugh"},
    };
    for (const auto& [name, text] : queries)
        benchmark::RegisterBenchmark(("search/" + name).c_str(), [text = text](benchmark::State& state) {
            search(state, text);
        })->Unit(benchmark::kMillisecond);
    benchmark::Initialize(&argc, argv);
    store();
    benchmark::RunSpecifiedBenchmarks();
    benchmark::Shutdown();
}
