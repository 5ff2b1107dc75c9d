// Runs token ids through a Runner with pages handed out by hand, so that tests decide every page and every
// split.
#pragma once

#include <QTest>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "engine/backend/backend.h"
#include "engine/model/model_file.h"

namespace pellucid::test {

inline std::string fixture_path(const std::string& name) {
    return std::string(PELLUCID_FIXTURES) + "/architectures/" + name;
}

/// Fails the test with the error's text.
template <typename T>
T must(Result<T> result) {
    if (!result) {
        QTest::qFail(result.error().message().c_str(), __FILE__, __LINE__);
        throw std::runtime_error(result.error().message());
    }
    return *std::move(result);
}

inline std::shared_ptr<PreparedWeights> prepare(Backend& backend, const std::string& name) {
    const ModelFile model = must(open_model_file(fixture_path(name + ".gguf")));
    return must(backend.prepare(model.spec, model.weights, {}));
}

/// A sequence in the tests' hands.
struct Held {
    BatchSequence sequence;
    std::vector<TokenId> tokens;  ///< stored so far
};

class Driver {
public:
    Driver(PreparedWeights& weights, RunnerOptions options)
        : options_(options), runner_(must(weights.make_runner(options))) {}

    Runner& runner() { return *runner_; }
    PageId take_page() {
        if (next_page_ >= options_.pages) throw std::runtime_error("test out of pages");
        // Not in order, so that a backend that ignores its page table is caught.
        const int page = next_page_++;
        return page % 2 == 0 ? page / 2 : options_.pages - 1 - page / 2;
    }
    Held new_sequence() {
        Held held;
        held.sequence.id = next_id_++;
        return held;
    }
    /// A second holder of the same pages; the partly filled page is copied by `copies` before its next step.
    Held fork(const Held& from, std::vector<PageCopy>& copies) {
        Held held = from;
        held.sequence.id = next_id_++;
        const int used = from.sequence.length % options_.page_tokens;
        if (used > 0) {
            const PageId fresh = take_page();
            copies.push_back(
                {held.sequence.pages[static_cast<std::size_t>(from.sequence.length / options_.page_tokens)],
                 fresh, used});
            held.sequence.pages.resize(static_cast<std::size_t>(from.sequence.length / options_.page_tokens));
            held.sequence.pages.push_back(fresh);
        }
        return held;
    }
    void rollback(Held& held, int length) {
        held.sequence.length = length;
        held.tokens.resize(static_cast<std::size_t>(length));
    }

    /// Adds `tokens` of `held` to a batch, every row asking for `output`.
    void add(Batch& batch, Held& held, std::span<const TokenId> tokens,
             RowOutput output = RowOutput::logits) {
        const int length = held.sequence.length, added = static_cast<int>(tokens.size());
        while (static_cast<int>(held.sequence.pages.size()) * options_.page_tokens < length + added)
            held.sequence.pages.push_back(take_page());
        batch.sequences.push_back(held.sequence);
        for (int i = 0; i < added; ++i) {
            Row row;
            row.sequence = static_cast<SequenceIndex>(batch.sequences.size()) - 1;
            row.position = length + i;
            row.input = tokens[static_cast<std::size_t>(i)];
            row.output = output;
            batch.rows.push_back(std::move(row));
        }
        held.sequence.length += added;
        held.tokens.insert(held.tokens.end(), tokens.begin(), tokens.end());
    }
    StepResult run(const Batch& batch) { return must(runner_->wait(must(runner_->submit(batch)))); }

    /// Logits of every token, fed in steps of at most `step`.
    std::vector<std::vector<float>> feed(Held& held, std::span<const TokenId> tokens, int step) {
        std::vector<std::vector<float>> logits;
        for (std::size_t begin = 0; begin < tokens.size(); begin += static_cast<std::size_t>(step)) {
            Batch batch;
            add(batch, held,
                tokens.subspan(begin, std::min(tokens.size() - begin, static_cast<std::size_t>(step))));
            for (RowResult& row : run(batch).rows) logits.push_back(std::move(row.values));
        }
        return logits;
    }

private:
    RunnerOptions options_;
    std::unique_ptr<Runner> runner_;
    int next_page_ = 0;
    std::int64_t next_id_ = 1;
};

}  // namespace pellucid::test
