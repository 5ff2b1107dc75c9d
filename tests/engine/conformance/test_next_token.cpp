// DeepSeek-V3's multi-token-prediction layer against a PyTorch module written from the paper
// (tests/fixtures/mtp: make_model.py, witness.py), on every backend.
#include <QTest>
#include <cmath>

#include "engine/format/gguf_writer.h"
#include "tests/engine/conformance/placed.h"
#include "tests/engine/conformance/expected.h"

using namespace pellucid;
using namespace pellucid::test;

namespace {

std::string mtp_path(const char* name) {
    return std::string(PELLUCID_FIXTURES) + "/mtp/" + name;
}

RunnerOptions options() {
    RunnerOptions options;
    options.page_tokens = 16;
    options.pages = 8;
    options.max_batch_rows = 64;
    options.kv_format = KvFormat::f32;
    return options;
}

struct Witness {
    std::vector<TokenId> tokens;
    std::vector<float> hidden, logits, mtp_logits, mtp_hidden, chain_logits;
};
Witness load_witness() {
    const auto file = must(SafetensorsFile::open(mtp_path("mtp.expected.safetensors")));
    const auto floats = [&](const char* name) { return tensor_values<float>(*file, name, TensorType::f32); };
    return {tensor_values<std::int32_t>(*file, "tokens", TensorType::i32),
            floats("hidden"),
            floats("logits"),
            floats("mtp_logits"),
            floats("mtp_hidden"),
            floats("chain_logits")};
}

double deviation(std::span<const float> values) {
    double sum = 0, squares = 0;
    for (const float v : values) sum += v, squares += static_cast<double>(v) * v;
    const double mean = sum / static_cast<double>(values.size());
    return std::sqrt(squares / static_cast<double>(values.size()) - mean * mean);
}

/// The largest difference, in standard deviations of what is expected.
double worst(std::span<const float> got, std::span<const float> expected) {
    if (got.size() != expected.size()) return INFINITY;
    double most = 0;
    for (std::size_t i = 0; i < got.size(); ++i)
        most = std::isnan(got[i]) ? INFINITY
                                  : std::max(most, static_cast<double>(std::abs(got[i] - expected[i])));
    return most / deviation(expected);
}

std::vector<float> part(std::span<const float> all, std::size_t row, std::size_t width) {
    const auto at = all.subspan(row * width, width);
    return {at.begin(), at.end()};
}

/// Rows of one sequence on pages 3, 4, 5 ….
Batch batch_of(std::vector<RowInput> inputs, int first, RowOutput output) {
    Batch batch;
    batch.sequences.push_back({1, {3, 4, 5}, first});
    for (std::size_t i = 0; i < inputs.size(); ++i) {
        Row row;
        row.position = first + static_cast<int>(i);
        row.input = std::move(inputs[i]);
        row.output = output;
        batch.rows.push_back(std::move(row));
    }
    return batch;
}

/// The fixture with metadata and tensors changed, opened again.
Result<ModelFile> changed(const QTemporaryDir& folder, const std::function<void(GgufWriter&)>& metadata,
                          const std::function<bool(const std::string& name)>& keep) {
    const auto source = must(GgufFile::open(mtp_path("mtp.gguf")));
    GgufWriter writer;
    for (const auto& [key, value] : source->metadata().all()) writer.metadata().set(key, value);
    metadata(writer);
    for (const auto& tensor : source->tensors())
        if (keep(std::string(tensor.name)))
            if (!writer.add_tensor(tensor.name, tensor.type, tensor.shape, tensor.bytes))
                throw std::runtime_error("not written");
    const std::string path = folder.filePath("changed.gguf").toStdString();
    if (!writer.write(path)) throw std::runtime_error("not written");
    return open_model_file(path);
}

}  // namespace

class TestNextToken : public QObject {
    Q_OBJECT

    std::shared_ptr<ThreadPool> pool_ = std::make_shared<ThreadPool>(2);

    void every_backend() {
        QTest::addColumn<int>("backend");
        for (std::size_t b = 0; b < tested_runners().size(); ++b)
            QTest::addRow("%s", tested_runners()[b].name) << static_cast<int>(b);
    }

private slots:
    void the_layer_is_no_part_of_the_model() {
        const ModelFile file = must(open_model_file(mtp_path("mtp.gguf")));
        QCOMPARE(file.spec->n_layers(), 2);
        QCOMPARE(file.spec->next_layers.size(), std::size_t{1});
        const ModelSpec& next = file.spec->next_layers[0];
        QCOMPARE(next.n_layers(), 1);
        QVERIFY(next.next_input.present() && !file.spec->next_input.present());
        QVERIFY(next.layers[0].routed());
        QCOMPARE(next.head.output.weight, file.spec->head.output.weight);
        QCOMPARE(next.head.norm.weight, std::string("blk.2.nextn.shared_head_norm.weight"));
        for (const TensorNeed& need : tensor_needs(*file.spec)) QVERIFY(!need.name.starts_with("blk.2."));
        QCOMPARE(kv_values_per_token(*file.spec), std::int64_t{2 * 40});
    }

    void the_model_agrees_with_the_witness_data() { every_backend(); }
    void the_model_agrees_with_the_witness() {
        QFETCH(int, backend);
        const TestedBackend& tested = tested_runners()[static_cast<std::size_t>(backend)];
        const Witness witness = load_witness();
        const ModelFile file = must(open_model_file(mtp_path("mtp.gguf")));
        const auto device = tested.make(pool_);
        const auto weights = must(device->prepare(file.spec, file.weights, {}));
        const auto runner = must(weights->make_runner(options()));
        std::vector<RowInput> inputs(witness.tokens.begin(), witness.tokens.end());
        const Batch batch = batch_of(std::move(inputs), 0, RowOutput::logits_and_hidden);
        const StepResult result = must(runner->wait(must(runner->submit(batch))));
        std::vector<float> logits, hidden;
        for (const RowResult& row : result.rows) {
            logits.insert(logits.end(), row.values.begin(), row.values.end());
            hidden.insert(hidden.end(), row.hidden.begin(), row.hidden.end());
        }
        std::printf("%-10s model: logits %.2e, hidden %.2e deviations\n", tested.name,
                    worst(logits, witness.logits), worst(hidden, witness.hidden));
        QVERIFY(worst(logits, witness.logits) <= tested.tolerance);
        QVERIFY(worst(hidden, witness.hidden) <= tested.tolerance);
    }

    /// In one step, in many, and on with its own output for a second guess.
    void the_layer_agrees_with_the_witness_data() { every_backend(); }
    void the_layer_agrees_with_the_witness() {
        QFETCH(int, backend);
        const TestedBackend& tested = tested_runners()[static_cast<std::size_t>(backend)];
        const Witness witness = load_witness();
        const ModelFile file = must(open_model_file(mtp_path("mtp.gguf")));
        const auto device = tested.make(pool_);
        const auto spec = std::make_shared<const ModelSpec>(file.spec->next_layers[0]);
        const auto weights = must(device->prepare(spec, file.weights, {}));
        const std::size_t width = 64, rows = witness.tokens.size() - 1;
        const auto input = [&](std::size_t i) {
            return RowInput(NextTokenRow{witness.tokens[i + 1], part(witness.hidden, i, width)});
        };
        for (const std::size_t step : {rows, std::size_t{5}, std::size_t{1}}) {
            const auto runner = must(weights->make_runner(options()));
            std::vector<float> logits, hidden;
            for (std::size_t first = 0; first < rows; first += step) {
                std::vector<RowInput> inputs;
                for (std::size_t i = first; i < std::min(first + step, rows); ++i) inputs.push_back(input(i));
                const Batch batch =
                    batch_of(std::move(inputs), static_cast<int>(first), RowOutput::logits_and_hidden);
                const StepResult result = must(runner->wait(must(runner->submit(batch))));
                for (const RowResult& row : result.rows) {
                    logits.insert(logits.end(), row.values.begin(), row.values.end());
                    hidden.insert(hidden.end(), row.hidden.begin(), row.hidden.end());
                }
            }
            std::printf("%-10s layer, %2zu rows a step: logits %.2e, hidden %.2e deviations\n", tested.name,
                        step, worst(logits, witness.mtp_logits), worst(hidden, witness.mtp_hidden));
            QVERIFY(worst(logits, witness.mtp_logits) <= tested.tolerance);
            QVERIFY(worst(hidden, witness.mtp_hidden) <= tested.tolerance);
        }
        const auto runner = must(weights->make_runner(options()));
        std::vector<RowInput> inputs;
        for (std::size_t i = 0; i <= 20; ++i) inputs.push_back(input(i));
        (void)must(runner->wait(must(runner->submit(batch_of(std::move(inputs), 0, RowOutput::hidden)))));
        const Batch second = batch_of({NextTokenRow{witness.tokens[22], part(witness.mtp_hidden, 20, width)}},
                                      21, RowOutput::logits);
        const StepResult result = must(runner->wait(must(runner->submit(second))));
        QVERIFY(worst(result.rows[0].values, witness.chain_logits) <= tested.tolerance);
        QVERIFY(result.rows[0].hidden.empty());
    }

    void rows_of_the_wrong_kind_are_refused_data() { every_backend(); }
    void rows_of_the_wrong_kind_are_refused() {
        QFETCH(int, backend);
        const auto device = tested_runners()[static_cast<std::size_t>(backend)].make(pool_);
        const ModelFile file = must(open_model_file(mtp_path("mtp.gguf")));
        const auto refused = [&](std::shared_ptr<const ModelSpec> spec, RowInput input) {
            const auto weights = must(device->prepare(std::move(spec), file.weights, {}));
            const auto runner = must(weights->make_runner(options()));
            const auto ticket = runner->submit(batch_of({std::move(input)}, 0, RowOutput::logits));
            return !ticket && ticket.error().code == ErrorCode::invalid_argument;
        };
        const auto next = std::make_shared<const ModelSpec>(file.spec->next_layers[0]);
        const std::vector<float> hidden(64, 0.5f);
        QVERIFY(refused(file.spec, NextTokenRow{1, hidden}));
        QVERIFY(refused(next, TokenId{1}));
        QVERIFY(refused(next, hidden));
        QVERIFY(refused(next, NextTokenRow{1, std::vector<float>(63)}));
        QVERIFY(refused(next, NextTokenRow{320, hidden}));
        QVERIFY(refused(next, NextTokenRow{-1, hidden}));
    }

    void what_files_hold_of_it() {
        QTemporaryDir folder;
        const auto nothing = [](GgufWriter&) {};
        const auto all = [](const std::string&) { return true; };
        const auto whole = changed(folder, nothing, all);
        QVERIFY(whole.ok() && whole->spec->next_layers.size() == 1);
        // A converter that counts the layer and leaves it out.
        const auto left_out =
            changed(folder, nothing, [](const auto& name) { return !name.starts_with("blk.2."); });
        QVERIFY2(left_out.ok(), left_out ? "" : left_out.error().message().c_str());
        QCOMPARE(left_out->spec->n_layers(), 2);
        QVERIFY(left_out->spec->next_layers.empty());
        const auto torn =
            changed(folder, nothing, [](const auto& name) { return name != "blk.2.nextn.enorm.weight"; });
        QVERIFY(!torn && torn.error().code == ErrorCode::not_found);
        QVERIFY(torn.error().what.find("blk.2.nextn.enorm.weight") != std::string::npos);
        const auto no_norm = changed(
            folder, nothing, [](const auto& name) { return name != "blk.2.nextn.shared_head_norm.weight"; });
        QVERIFY(no_norm.ok());
        QCOMPARE(no_norm->spec->next_layers[0].head.norm.weight, std::string("output_norm.weight"));
        for (const std::int64_t count : {std::int64_t{3}, std::int64_t{-1}, std::int64_t{1} << 40}) {
            const auto absurd = changed(
                folder,
                [&](GgufWriter& writer) { writer.metadata().set("deepseek2.nextn_predict_layers", {count}); },
                all);
            QVERIFY(!absurd);
            QVERIFY(absurd.error().what.find("nextn_predict_layers") != std::string::npos);
        }
    }
};

QTEST_GUILESS_MAIN(TestNextToken)
#include "test_next_token.moc"
