// How long a question takes over a large library, and how fast passages are embedded.
//
//   bench_documents search FOLDER PASSAGES WORDS [QUERIES]
//       a synthetic library in FOLDER (made where there is none, or one of another size): PASSAGES of WORDS
//       words by Zipf's law over 200,000, clustered in documents, and random unit vectors of 384 numbers.
//       Prints the parts of a query in milliseconds (median, 95th percentile) and the memory of the process.
//   bench_documents embed MODEL [PASSAGES] [TOKENS] [THREADS]
//       passages of TOKENS tokens a second, by an embedding model.
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <random>
#include <string>

#include "app/documents/document_library.h"
#include "app/documents/encoder_source.h"

using namespace pellucid;
using namespace pellucid::documents;
namespace fs = std::filesystem;

namespace {

constexpr int kDimensions = 384;
constexpr int kVocabulary = 200'000;
constexpr int kPassagesOfDocument = 200;
using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start) {
    return std::chrono::duration<double>(Clock::now() - start).count();
}

double megabytes(const char* field) {
    std::ifstream status("/proc/self/status");
    for (std::string line; std::getline(status, line);)
        if (line.starts_with(field))
            return std::atof(line.substr(std::string(field).size() + 1).c_str()) / 1024;
    return 0;
}

/// A word of rank r about as often as 1 / r.
std::string word(std::mt19937& random) {
    const double u = double(random()) / double(random.max());
    const int rank = std::min(kVocabulary - 1, static_cast<int>(std::exp(u * std::log(double(kVocabulary)))));
    // Letters, so that the tokenizer and the stemmer have their work.
    std::string text;
    for (int n = rank * 7 + 11; n > 0; n /= 20) text += "etaoinshrdlcumwfgypb"[n % 20];
    return text;
}

std::vector<float> unit(std::mt19937& random) {
    std::normal_distribution<float> normal;
    std::vector<float> values(kDimensions);
    float sum = 0;
    for (float& value : values) {
        value = normal(random);
        sum += value * value;
    }
    for (float& value : values) value /= std::sqrt(sum);
    return values;
}

class RandomSource : public EmbeddingSource {
public:
    std::string name() const override { return "random"; }
    std::string digest() const override { return "random"; }
    int dimensions() const override { return kDimensions; }
    int count_tokens(std::string_view text) const override { return estimated_tokens(text); }
    Result<std::vector<std::vector<float>>> embed(std::span<const std::string> texts, EmbeddingRole,
                                                  CancelToken) override {
        std::vector<std::vector<float>> all;
        for (const auto& text : texts) {
            std::mt19937 random(static_cast<std::uint32_t>(std::hash<std::string>()(text)));
            all.push_back(unit(random));
        }
        return all;
    }
};

template <typename R>
auto must(R result) {
    if (!result.ok()) {
        std::fprintf(stderr, "%s\n", result.error().message().c_str());
        std::exit(1);
    }
    if constexpr (!std::is_same_v<R, Result<void>> && !std::is_same_v<R, storage::Result<void>>)
        return *std::move(result);
}

class NoReader : public reading::Reader {
public:
    Result<reading::Document> read(const fs::path&, const reading::ReadOptions&, CancelToken) override {
        return fail(ErrorCode::unsupported, "none");
    }
};

void fill(DocumentLibrary& library, int passages, int words) {
    std::mt19937 random(1);
    const auto collection = must(library.collections().named("Synthetic"));
    const auto model = must(storage::ChunkVectors(library.database()).model("random", "random", kDimensions));
    const auto start = Clock::now();
    for (int made = 0, number = 0; made < passages; ++number) {
        storage::NewContent content;
        content.facts.sha256[0] = std::byte(number & 255),
        content.facts.sha256[1] = std::byte(number >> 8 & 255),
        content.facts.sha256[2] = std::byte(number >> 16);
        content.facts.kind = "txt";
        content.facts.notices = "[]";
        for (int i = 0; i < kPassagesOfDocument && made < passages; ++i, ++made) {
            storage::ChunkRow chunk;
            chunk.range.first = static_cast<std::uint32_t>(content.text.size());
            for (int w = 0; w < words; ++w) (content.text += word(random)) += w % 12 == 11 ? ". " : " ";
            chunk.range.last = static_cast<std::uint32_t>(content.text.size());
            chunk.tokens = words;
            content.chunks.push_back(chunk);
        }
        content.pages.push_back(
            {{0, static_cast<std::uint32_t>(content.text.size())}, 0, 0, "", true, false, {}});
        const std::string path = "/synthetic/" + std::to_string(number) + ".txt";
        must(library.documents().see(collection, 0, {{path, {1, 1, 1}, false}}));
        const auto row = must(library.documents().at_path(path)).front();
        const auto id = must(library.documents().publish(row.id, {1, 1, 1}, content));
        std::vector<storage::ChunkVector> vectors;
        for (const auto& chunk : must(library.contents().chunks_of(id)))
            vectors.push_back(quantised(chunk.id, id, unit(random)));
        must(storage::ChunkVectors(library.database()).put(model, vectors));
        if (number % 50 == 0)
            std::fprintf(stderr, "\r%d of %d passages, %.0f s", made, passages, seconds_since(start));
    }
    std::fprintf(stderr, "\n");
    std::printf("stored %d passages of %d words in %.1f s: %.0f a second\n", passages, words,
                seconds_since(start), passages / seconds_since(start));
}

void show(const char* name, std::vector<double> values) {
    std::sort(values.begin(), values.end());
    std::printf("%-28s median %7.2f ms   p95 %7.2f ms   max %7.2f ms\n", name, values[values.size() / 2],
                values[values.size() * 95 / 100], values.back());
}

int search(const fs::path& folder, int passages, int words, int queries) {
    NoReader reader;
    DocumentLibrary::Options options;
    options.data_folder = folder;
    auto library = must(DocumentLibrary::open(options, reader));
    std::int64_t there = 0;
    for (const auto& model : must(storage::ChunkVectors(library->database()).models()))
        there += model.vectors;
    if (there == 0) fill(*library, passages, words);
    auto start = Clock::now();
    must(library->embeddings().use(std::make_shared<RandomSource>()));
    std::printf("%zu vectors loaded in %.2f s (%.0f MB), path %s\n",
                library->embeddings().active()->vectors->size(), seconds_since(start),
                double(library->embeddings().active()->vectors->memory_bytes()) / 1e6,
                std::string(library->embeddings().active()->vectors->path()).c_str());
    std::mt19937 random(99);
    std::vector<double> total, by_words, by_vectors, fused;
    for (int i = 0; i < queries; ++i) {
        std::string query;
        const int length = 4 + static_cast<int>(random() % 9);
        for (int w = 0; w < length; ++w) query += word(random) + " ";
        start = Clock::now();
        const auto found = must(library->retriever().find(query));
        total.push_back(1000 * seconds_since(start) - found.embed_ms);
        by_words.push_back(found.words_ms);
        by_vectors.push_back(found.vectors_ms);
        fused.push_back(found.fuse_ms);
    }
    show("words (FTS5, BM25)", by_words);
    show("vectors (exact, int8)", by_vectors);
    show("fusion, texts of the best", fused);
    show("question to passages", total);
    std::printf("resident %.0f MB, peak %.0f MB; file %.0f MB\n", megabytes("VmRSS:"), megabytes("VmHWM:"),
                double(fs::file_size(database_file(folder))) / 1e6);
    return 0;
}

int embed(const std::string& path, int passages, int tokens, int threads) {
    EmbedderOptions options;
    options.threads = threads;
    const auto source = must(EncoderSource::open(path, options));
    std::mt19937 random(5);
    std::vector<std::string> texts;
    static const char* const kWords[] = {"the",   "water",   "of",  "a",      "moon",
                                         "index", "passage", "and", "memory", "to"};
    for (int i = 0; i < passages; ++i) {
        std::string text;
        while (source->count_tokens(text) < tokens)
            for (int w = 0; w < 8; ++w) text += std::string(kWords[random() % 10]) + " ";
        texts.push_back(text);
    }
    double best = 0, sum = 0;
    std::printf("%s, %s\n", source->name().c_str(), source->device().c_str());
    for (int round = 0; round < 3; ++round) {
        const auto start = Clock::now();
        for (std::size_t at = 0; at < texts.size(); at += 16)
            (void)must(
                source->embed(std::span(texts).subspan(at, std::min<std::size_t>(16, texts.size() - at)),
                              EmbeddingRole::passage));
        const double rate = passages / seconds_since(start);
        best = std::max(best, rate);
        sum += rate;
    }
    std::printf("%.1f passages of %d tokens a second (mean of 3; best %.1f)\n", sum / 3, tokens, best);
    const auto start = Clock::now();
    for (int i = 0; i < 20; ++i)
        (void)must(source->embed(std::vector<std::string>{"how does the moon move the water?"},
                                 EmbeddingRole::query));
    std::printf("a question of 9 words: %.1f ms\n", seconds_since(start) * 50);
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    const std::string what = argc > 1 ? argv[1] : "";
    const auto number = [&](int at, int otherwise) { return argc > at ? std::atoi(argv[at]) : otherwise; };
    if (what == "search" && argc >= 5) return search(argv[2], number(3, 0), number(4, 0), number(5, 100));
    if (what == "embed" && argc >= 3) return embed(argv[2], number(3, 64), number(4, 250), number(5, 2));
    std::fprintf(
        stderr, "bench_documents search FOLDER PASSAGES WORDS [QUERIES] | embed MODEL [PASSAGES] [TOKENS]\n");
    return 2;
}
