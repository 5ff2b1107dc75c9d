#include "tests/gpu/cuda/check_parts.h"

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <random>
#include <set>
#include <string_view>

#include "engine/base/thread_pool.h"
#include "engine/format/safetensors_file.h"
#include "engine/model/model_file.h"
#include "tests/engine/conformance/placed.h"
#include "tests/gpu/cuda/cases.h"
#include "tests/gpu/cuda/driver.h"

namespace pellucid {
namespace {

using namespace test;

constexpr double kMostError = 1e-5;  // the fixtures' weights are f16

template <typename T>
std::vector<T> read(const SafetensorsFile& file, const std::string& tensor) {
    const FileTensor* found = file.find(tensor);
    if (!found) throw std::runtime_error("no " + tensor);
    std::vector<T> values(found->bytes.size() / sizeof(T));
    std::memcpy(values.data(), found->bytes.data(), found->bytes.size());
    return values;
}

struct Subject {
    std::string name;
    ModelFile file;
    std::vector<TokenId> prompt, greedy;
    std::vector<float> margins;
    Logits wanted;  ///< of the prompt, by the reference
};

/// Greedy text as one device after the other makes it: where the head samples, and the ids come from there.
int agreed_text(const Subject& subject, PreparedWeights& weights, bool& good) {
    Driver driver(weights, small_options());
    BatchSequence held;
    int agreed = 0;
    TokenId next = 0;
    for (std::size_t step = 0; step < subject.greedy.size(); ++step) {
        Batch batch;
        driver.add(batch, held, step == 0 ? std::span<const TokenId>(subject.prompt) : std::span(&next, 1),
                   RowOutput::nothing);
        batch.rows.back().output = RowOutput::sample;
        batch.rows.back().sample = 0;
        batch.samples.resize(1);
        if (!driver.runner().samples(batch.samples[0])) return 0;
        const StepResult result = driver.run(batch);
        next = result.rows.back().sampled->id;
        if (subject.margins[step] <= 0.02f) break;
        good = good && next == subject.greedy[step];
        ++agreed;
    }
    return agreed;
}

struct Outcome {
    double worst = 0;
    std::set<std::size_t> left_out;
    int agreed = 0;
    bool good = true;
};

void check_placed(const Subject& subject, PreparedWeights& weights, Outcome& outcome) {
    const auto compare = [&](const Logits& got, const Logits& want) {
        outcome.worst = std::max(outcome.worst, nmse_of(*subject.file.spec, got, want, outcome.left_out));
    };
    Driver driver(weights, small_options());
    BatchSequence at_once, sevens, single;
    sevens.id = 1, single.id = 2;
    compare(driver.feed(at_once, subject.prompt, 256), subject.wanted);
    compare(driver.feed(sevens, subject.prompt, 7), subject.wanted);
    compare(driver.feed(single, subject.prompt, 1), subject.wanted);
    // A fork inside a page goes on as its trunk did, on every device.
    const int half = std::min(static_cast<int>(subject.prompt.size()) / 2, 21);
    BatchSequence fork = sevens;
    fork.id = 5;
    fork.length = half;
    fork.pages.resize(static_cast<std::size_t>(half / 16));
    Batch batch;
    if (half % 16) {
        fork.pages.push_back(driver.take_page());
        batch.copies.push_back(
            {sevens.pages[static_cast<std::size_t>(half / 16)], fork.pages.back(), half % 16});
    }
    driver.add(batch, fork, std::span(subject.prompt).subspan(static_cast<std::size_t>(half), 1),
               RowOutput::logits);
    const double forked =
        nmse({driver.run(batch).rows[0].values}, {subject.wanted[static_cast<std::size_t>(half)]});
    outcome.worst = std::max(outcome.worst, forked);
    outcome.agreed = std::max(outcome.agreed, agreed_text(subject, weights, outcome.good));
}

}  // namespace

bool check_parts(const std::string& fixtures, const std::shared_ptr<Backend>& device, bool small) {
    constexpr std::string_view small_ones[] = {"qwen2", "qwen2moe", "deepseek3"};
    const auto pool = std::make_shared<ThreadPool>(small ? 2 : 8);
    const std::shared_ptr<Backend> reference = make_reference_backend(pool), cpu = make_cpu_backend(pool);
    bool all_good = true;
    for (const char* name : cuda_models) {
        if (small && std::ranges::find(small_ones, std::string_view(name)) == std::end(small_ones)) continue;
        const std::string path = fixtures + "/architectures/" + name;
        Subject subject{name, must(open_model_file(path + ".gguf")), {}, {}, {}, {}};
        const auto expected = must(SafetensorsFile::open(path + ".expected.safetensors"));
        subject.prompt = read<TokenId>(*expected, "tokens_1");
        subject.greedy = read<TokenId>(*expected, "greedy");
        subject.margins = read<float>(*expected, "greedy_margins");
        const ModelSpec& spec = *subject.file.spec;
        {
            const auto whole = must(reference->prepare(subject.file.spec, subject.file.weights, {}));
            Driver oracle(*whole, small_options());
            BatchSequence held;
            subject.wanted = oracle.feed(held, subject.prompt, 256);
        }
        std::string line;
        for (const auto& [cut, called] : kCuts) {
            if (cut == Cut::experts && std::ranges::none_of(spec.layers, &Layer::routed)) continue;
            Outcome outcome;
            for (const auto& other : {reference, cpu})
                for (const bool first : {true, false}) {
                    const CutBackend backend(cut, first ? device : other, first ? other : device);
                    const auto placed = must(backend.placed(spec));
                    const auto weights = must(placed->prepare(subject.file.spec, subject.file.weights, {}));
                    check_placed(subject, *weights, outcome);
                }
            const bool good = outcome.good && outcome.worst <= kMostError && outcome.left_out.size() <= 2;
            char text[96];
            std::snprintf(text, sizeof text, "  %s %.1e%s%s", called, outcome.worst,
                          outcome.left_out.empty() ? "" : "*", good ? "" : " FAILED");
            line += text;
            all_good = all_good && good;
        }
        std::printf("parts %-14s%s\n", name, line.c_str());
    }
    return all_good;
}

}  // namespace pellucid
