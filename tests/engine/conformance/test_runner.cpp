// What every Runner promises, whatever the split: one prompt in one step, token by token, over odd pages,
// next to another sequence, forked or rolled back gives the same logits; bad batches and cancelled steps give
// typed errors.
#include <QTest>
#include <algorithm>
#include <cmath>

#include "engine/ops/sample/reference.h"
#include "tests/engine/conformance/expected.h"
#include "tests/engine/conformance/placed.h"

using namespace pellucid;
using namespace pellucid::test;

namespace {

RunnerOptions options_with(int page_tokens, int pages) {
    RunnerOptions options;
    options.page_tokens = page_tokens;
    options.pages = pages;
    options.max_batch_rows = 256;
    options.max_sequences = 4;
    options.kv_format = KvFormat::f32;
    return options;
}

using Logits = std::vector<std::vector<float>>;

double deviation(const Logits& logits) {
    double sum = 0, squares = 0, count = 0;
    for (const auto& row : logits)
        for (float value : row) {
            sum += value;
            squares += static_cast<double>(value) * value;
            ++count;
        }
    return std::sqrt(squares / count - (sum / count) * (sum / count));
}

/// Largest difference in standard deviations of `expected`; infinite on a NaN or another shape.
double distance(const Logits& got, const Logits& expected) {
    if (got.size() != expected.size()) return INFINITY;
    double worst = 0;
    for (std::size_t r = 0; r < got.size(); ++r) {
        if (got[r].size() != expected[r].size()) return INFINITY;
        for (std::size_t i = 0; i < got[r].size(); ++i) {
            const double error = std::abs(static_cast<double>(got[r][i]) - expected[r][i]);
            if (!(error <= worst)) worst = std::isnan(error) ? INFINITY : error;
        }
    }
    return worst / deviation(expected);
}

Logits tail(const Logits& logits, std::size_t begin) {
    return {logits.begin() + static_cast<long>(begin), logits.end()};
}

}  // namespace

#define COMPARE_LOGITS(got, expected)                                                     \
    do {                                                                                  \
        const double difference = distance(got, expected);                                \
        QVERIFY2(difference <= self_tolerance_, qPrintable(QString::number(difference))); \
    } while (false)

class TestRunner : public QObject {
    Q_OBJECT

private slots:
    void token_by_token_data() { rows(); }
    void token_by_token();
    void odd_pages_data() { rows(); }
    void odd_pages();
    void splits_data() { rows(); }
    void splits();
    void two_sequences_data() { rows(); }
    void two_sequences();
    void fork_and_copy_on_write_data() { rows(); }
    void fork_and_copy_on_write();
    void rollback_data() { rows(); }
    void rollback();
    void window_bounds_what_is_seen_data() { rows(attending); }
    void window_bounds_what_is_seen();
    void hidden_and_no_output_data() { rows(); }
    void hidden_and_no_output();
    void samples_on_the_device_data() { rows(); }
    void samples_on_the_device();
    void cancelled_step_data() { rows(); }
    void cancelled_step();
    void bad_batches_data() { rows(); }
    void bad_batches();
    void kv_formats_data() { rows(attending); }
    void kv_formats();

private:
    enum Which { all, attending };
    void rows(Which which = all) {
        QTest::addColumn<int>("backend");
        QTest::addColumn<QString>("fixture");
        // Plain; window and two ropes; fused qkv with tied pairs of halves; layers without positions; and
        // short convolutions.
        std::vector<const char*> fixtures = {"llama", "gemma3", "phi3", "smollm3"};
        if (which == all) fixtures.push_back("lfm2_conv");
        for (std::size_t b = 0; b < tested_runners().size(); ++b)
            for (const char* fixture : fixtures)
                QTest::addRow("%s/%s", tested_runners()[b].name, fixture)
                    << static_cast<int>(b) << QString(fixture);
    }
    /// Loads what the data row names.
    void load() {
        QFETCH(int, backend);
        QFETCH(QString, fixture);
        const TestedBackend& tested = tested_runners()[static_cast<std::size_t>(backend)];
        self_tolerance_ = tested.self_tolerance;
        device_ = tested.make(pool_);
        weights_ = prepare(*device_, fixture.toStdString());
        prompt_ = load_expected(fixture.toStdString()).prompts[2].tokens;
        prompt_.resize(70);  // beyond the fixtures' window of 32
        Driver driver(*weights_, options_with(64, 8));
        Held held = driver.new_sequence();
        whole_ = driver.feed(held, prompt_, 256);
    }

    std::shared_ptr<ThreadPool> pool_ = std::make_shared<ThreadPool>(2);
    std::unique_ptr<Backend> device_;
    std::shared_ptr<PreparedWeights> weights_;
    double self_tolerance_ = 0;
    std::vector<TokenId> prompt_;
    Logits whole_;  // the prompt in one step
};

void TestRunner::token_by_token() {
    load();
    Driver driver(*weights_, options_with(64, 8));
    Held held = driver.new_sequence();
    COMPARE_LOGITS(driver.feed(held, prompt_, 1), whole_);
}

void TestRunner::odd_pages() {
    load();
    for (int page_tokens : {1, 3, 7, 70, 71}) {
        Driver driver(*weights_, options_with(page_tokens, 70 / page_tokens + 1));
        Held held = driver.new_sequence();
        COMPARE_LOGITS(driver.feed(held, prompt_, 256), whole_);
    }
}

void TestRunner::splits() {
    load();
    for (int step : {2, 5, 16, 33, 69}) {
        Driver driver(*weights_, options_with(16, 8));
        Held held = driver.new_sequence();
        COMPARE_LOGITS(driver.feed(held, prompt_, step), whole_);
    }
}

void TestRunner::two_sequences() {
    load();
    const std::vector<TokenId> other(prompt_.rbegin(), prompt_.rend());
    Driver alone(*weights_, options_with(16, 16));
    Held held = alone.new_sequence();
    const Logits other_whole = alone.feed(held, other, 256);

    Driver driver(*weights_, options_with(16, 16));
    Held a = driver.new_sequence(), b = driver.new_sequence();
    Logits got_a, got_b;
    const std::span<const TokenId> in_a = prompt_, in_b = other;
    // Unequal shares, so that the sequences never stand at the same position.
    const std::size_t share_a[] = {1, 30, 9, 30}, share_b[] = {40, 1, 20, 9};
    std::size_t at_a = 0, at_b = 0;
    for (int step = 0; step < 4; ++step) {
        Batch batch;
        driver.add(batch, a, in_a.subspan(at_a, share_a[step]));
        driver.add(batch, b, in_b.subspan(at_b, share_b[step]));
        at_a += share_a[step];
        at_b += share_b[step];
        for (RowResult& row : driver.run(batch).rows) {
            const bool first = batch.rows[static_cast<std::size_t>(row.row)].sequence == 0;
            (first ? got_a : got_b).push_back(std::move(row.values));
        }
    }
    COMPARE_LOGITS(got_a, whole_);
    COMPARE_LOGITS(got_b, other_whole);
}

void TestRunner::fork_and_copy_on_write() {
    load();
    const std::span<const TokenId> prompt = prompt_;
    std::vector<TokenId> other_end(prompt.begin() + 45, prompt.end());
    std::reverse(other_end.begin(), other_end.end());
    std::vector<TokenId> other(prompt.begin(), prompt.begin() + 45);
    other.insert(other.end(), other_end.begin(), other_end.end());
    Driver alone(*weights_, options_with(64, 8));
    Held held = alone.new_sequence();
    const Logits other_whole = alone.feed(held, other, 256);

    Driver driver(*weights_, options_with(16, 16));
    Held trunk = driver.new_sequence();
    (void)driver.feed(trunk, prompt.first(45), 256);
    Batch batch;  // both branches step at once, each writing into its own copy of the page half filled
    Held branch = driver.fork(trunk, batch.copies);
    QCOMPARE(batch.copies.size(), std::size_t{1});
    driver.add(batch, trunk, prompt.subspan(45));
    driver.add(batch, branch, other_end);
    Logits got, got_other;
    for (RowResult& row : driver.run(batch).rows) {
        const bool first = batch.rows[static_cast<std::size_t>(row.row)].sequence == 0;
        (first ? got : got_other).push_back(std::move(row.values));
    }
    COMPARE_LOGITS(got, tail(whole_, 45));
    COMPARE_LOGITS(got_other, tail(other_whole, 45));
}

void TestRunner::rollback() {
    load();
    Driver driver(*weights_, options_with(16, 16));
    Held held = driver.new_sequence();
    const std::vector<TokenId> wrong(20, prompt_[3]);
    (void)driver.feed(held, std::span(prompt_).first(30), 256);
    (void)driver.feed(held, wrong, 256);
    driver.rollback(held, 30);
    COMPARE_LOGITS(driver.feed(held, std::span(prompt_).subspan(30), 7), tail(whole_, 30));
}

void TestRunner::window_bounds_what_is_seen() {
    load();
    QFETCH(QString, fixture);
    const ModelFile model = must(open_model_file(fixture_path(fixture.toStdString() + ".gguf")));
    auto narrow = std::make_shared<ModelSpec>(*model.spec);
    for (Layer& layer : narrow->layers) layer.attention.window = 5;
    const auto weights = must(device_->prepare(narrow, model.weights, {}));
    // Each layer looks 4 positions further back, so the last row depends on exactly this many tokens.
    const std::size_t seen = 4 * narrow->layers.size() + 1, unseen = prompt_.size() - seen;
    const auto last = [&](const std::vector<TokenId>& tokens) {
        Driver driver(*weights, options_with(16, 16));
        Held held = driver.new_sequence();
        return Logits{driver.feed(held, tokens, 13).back()};
    };
    const Logits expected = last(prompt_);
    std::vector<TokenId> changed = prompt_;
    for (std::size_t i = 0; i < unseen; ++i) changed[i] = (changed[i] + 1) % narrow->vocabulary;
    COMPARE_LOGITS(last(changed), expected);
    changed[unseen] = (changed[unseen] + 1) % narrow->vocabulary;
    QVERIFY(distance(last(changed), expected) > 0);
}

void TestRunner::hidden_and_no_output() {
    load();
    Driver driver(*weights_, options_with(16, 16));
    Held held = driver.new_sequence();
    Batch batch;
    driver.add(batch, held, prompt_, RowOutput::nothing);
    batch.rows[3].output = RowOutput::hidden;
    batch.rows[69].output = RowOutput::logits;
    const StepResult result = driver.run(batch);
    QCOMPARE(result.rows.size(), std::size_t{2});
    QCOMPARE(result.rows[0].row, 3);
    QCOMPARE(result.rows[0].values.size(), static_cast<std::size_t>(weights_->spec().n_embd));
    QVERIFY(std::all_of(result.rows[0].values.begin(), result.rows[0].values.end(),
                        [](float value) { return std::isfinite(value); }));
    QCOMPARE(result.rows[1].row, 69);
    COMPARE_LOGITS(Logits{result.rows[1].values}, Logits{whole_.back()});
}

void TestRunner::samples_on_the_device() {
    load();
    Driver driver(*weights_, options_with(16, 16));
    Held held = driver.new_sequence();
    Batch batch;
    driver.add(batch, held, prompt_, RowOutput::nothing);
    SampleSpec greedy;
    greedy.top_alternatives = 3;
    batch.samples.push_back(greedy);
    batch.rows.back().output = RowOutput::sample;
    batch.rows.back().sample = 0;
    auto ticket = driver.runner().submit(batch);
    if (!ticket && ticket.error().code == ErrorCode::unsupported)
        QSKIP("this backend leaves sampling to the host");
    const StepResult result = must(driver.runner().wait(must(std::move(ticket))));
    QCOMPARE(result.rows.size(), std::size_t{1});
    QVERIFY(result.rows[0].sampled.has_value());
    const SampledToken expected = sample_reference(whole_.back(), greedy, 69);
    QCOMPARE(result.rows[0].sampled->id, expected.id);
    QVERIFY(std::abs(result.rows[0].sampled->logprob - expected.logprob) < 1e-3f);
    QVERIFY(std::abs(result.rows[0].sampled->entropy - expected.entropy) < 1e-2f);
    QCOMPARE(result.rows[0].sampled->alternatives.size(), std::size_t{3});

    // The id goes into the next step without passing through the host.
    Batch next;
    const TokenId placeholder[] = {0};
    driver.add(next, held, placeholder);
    next.rows[0].input = SampledBy{69};
    Held again = driver.new_sequence();
    std::vector<TokenId> longer = prompt_;
    longer.push_back(expected.id);
    const StepResult chained = driver.run(next);
    COMPARE_LOGITS(Logits{chained.rows[0].values}, Logits{driver.feed(again, longer, 256).back()});
}

void TestRunner::cancelled_step() {
    load();
    Driver driver(*weights_, options_with(16, 16));
    Held held = driver.new_sequence();
    Batch batch;
    driver.add(batch, held, prompt_);
    CancelToken cancel;
    cancel.cancel();
    const auto result = driver.runner().wait(must(driver.runner().submit(batch, cancel)));
    QVERIFY(!result.ok());
    QCOMPARE(result.error().code, ErrorCode::cancelled);
    // The runner goes on.
    driver.rollback(held, 0);
    COMPARE_LOGITS(driver.feed(held, prompt_, 256), whole_);
}

void TestRunner::bad_batches() {
    load();
    Driver driver(*weights_, options_with(16, 16));
    const auto refused = [&](void (*spoil)(Batch&), ErrorCode code = ErrorCode::invalid_argument) {
        Held held = driver.new_sequence();
        held.sequence.pages = {0, 1};
        Batch batch;
        driver.add(batch, held, std::span(prompt_).first(20));
        spoil(batch);
        const auto ticket = driver.runner().submit(batch);
        return !ticket.ok() && ticket.error().code == code && !ticket.error().what.empty();
    };
    QVERIFY(refused([](Batch& b) { b.rows[4].input = TokenId{-1}; }));
    QVERIFY(refused([](Batch& b) { b.rows[4].input = TokenId{320}; }));
    QVERIFY(refused([](Batch& b) { b.rows[4].input = std::vector<float>(63); }));
    QVERIFY(refused([](Batch& b) { b.rows[4].input = SampledBy{5}; }));
    QVERIFY(refused([](Batch& b) { b.rows[4].sequence = 1; }));
    QVERIFY(refused([](Batch& b) { b.rows[4].sequence = -1; }));
    QVERIFY(refused([](Batch& b) { b.rows[4].position = 7; }));
    QVERIFY(refused([](Batch& b) { b.rows[0].position = -1; }));
    QVERIFY(refused([](Batch& b) { b.sequences[0].pages[1] = 16; }));
    QVERIFY(refused([](Batch& b) { b.sequences[0].pages[1] = -1; }));
    QVERIFY(refused([](Batch& b) { b.sequences[0].pages.pop_back(); }, ErrorCode::context_overflow));
    QVERIFY(refused([](Batch& b) { b.sequences[0].length = -5; }));
    QVERIFY(refused([](Batch& b) { b.sequences[0].length = 3; }));
    QVERIFY(refused([](Batch& b) { b.sequences[0].pages[1] = b.sequences[0].pages[0]; }));
    QVERIFY(refused([](Batch& b) { b.copies.push_back({0, 99, 1}); }));
    QVERIFY(refused([](Batch& b) { b.copies.push_back({-1, 2, 1}); }));
    QVERIFY(refused([](Batch& b) { b.copies.push_back({0, 2, 17}); }));
    QVERIFY(refused([](Batch& b) { b.rows[2].output = RowOutput::sample; }));
    QVERIFY(refused([](Batch& b) { b.sequences.resize(5); }));
    QVERIFY(refused([](Batch& b) {
        b.sequences.push_back(b.sequences[0]);
        b.rows.resize(2);
        b.rows[1].sequence = 1;
        b.rows[1].position = 0;
    }));
    QVERIFY(refused([](Batch& b) { b.rows.resize(257, b.rows.back()); }));
    const auto unknown = driver.runner().wait(999);
    QVERIFY(!unknown.ok());
    QCOMPARE(unknown.error().code, ErrorCode::invalid_argument);
}

void TestRunner::kv_formats() {
    load();
    // What each format may cost on random weights, in standard deviations of the logits. Heads of 16 to 40
    // random channels are the hardest there is: nothing averages out.
    const std::pair<KvFormat, double> formats[] = {{KvFormat::f16, 0.01},
                                                   {KvFormat::q8, 0.1},
                                                   {KvFormat::fp8, 0.4},
                                                   {KvFormat::q4, 1.0},
                                                   {KvFormat::q3, 2.0}};
    for (const auto& [format, tolerance] : formats) {
        RunnerOptions options = options_with(16, 16);
        options.kv_format = format;
        Driver driver(*weights_, options);
        Held held = driver.new_sequence();
        const double difference = distance(driver.feed(held, prompt_, 256), whole_);
        std::printf("kv %s: %.3g deviations\n", to_string(format).data(), difference);
        QVERIFY2(difference <= tolerance, qPrintable(QString::number(difference)));
        QVERIFY(difference > 0);
    }
}

QTEST_GUILESS_MAIN(TestRunner)
#include "test_runner.moc"
