// Models written again in other types: which tensor gets what, what it costs, and that the result runs.
#include <QTemporaryDir>
#include <QTest>
#include <algorithm>
#include <cmath>
#include <fstream>

#include "engine/model/quantizer.h"
#include "engine/ops/reference_backend.h"
#include "engine/ops/weight_matrix.h"
#include "tests/engine/conformance/driver.h"

using namespace pellucid;
using namespace pellucid::test;

class TestQuantize : public QObject {
    Q_OBJECT
    ThreadPool pool_{2};

    static TensorType type_of(const char* recipe, const char* tensor, std::vector<std::int64_t> shape,
                              bool tied = false, int layers = 32) {
        return recipe_type(*find_recipe(recipe), {tensor, std::move(shape), TensorType::f16}, layers, tied);
    }

private slots:
    void recipes_by_name() {
        QVERIFY(find_recipe("q4_k_m") && find_recipe("Q4_K")->name == "Q4_K_M");
        QVERIFY(!find_recipe("Q4_K_X") && !find_recipe(""));
        QVERIFY(recipe_names().size() >= 16);
        for (const std::string_view name : recipe_names()) QVERIFY(find_recipe(name)->name == name);
    }

    void mixtures() {
        using T = TensorType;
        QCOMPARE(type_of("Q4_K_M", "blk.9.attn_q.weight", {4096, 4096}), T::q4_k);
        QCOMPARE(type_of("Q4_K_M", "blk.0.attn_v.weight", {1024, 4096}), T::q6_k);
        QCOMPARE(type_of("Q4_K_M", "blk.4.ffn_down.weight", {4096, 14336}), T::q4_k);
        QCOMPARE(type_of("Q4_K_M", "blk.6.ffn_down.weight", {4096, 14336}), T::q6_k);  // every third
        QCOMPARE(type_of("Q4_K_M", "blk.31.ffn_down_exps.weight", {8, 4096, 14336}), T::q6_k);
        QCOMPARE(type_of("Q4_K_M", "output.weight", {32000, 4096}), T::q6_k);
        QCOMPARE(type_of("Q4_K_M", "token_embd.weight", {32000, 4096}), T::q4_k);
        QCOMPARE(type_of("Q4_K_M", "token_embd.weight", {32000, 4096}, true), T::q6_k);
        // What stays as it is.
        for (const char* kept : {"blk.0.attn_norm.weight", "blk.0.attn_q.bias", "rope_freqs.weight"})
            QCOMPARE(type_of("Q4_K_M", kept, {4096}), T::f16);
        QCOMPARE(type_of("Q2_K", "blk.0.ffn_gate_inp.weight", {8, 4096}), T::f16);
        QCOMPARE(type_of("Q2_K", "blk.0.shortconv.conv.weight", {2048, 3}), T::f16);
        // Rows that blocks do not divide.
        QCOMPARE(type_of("Q4_K_M", "blk.9.attn_q.weight", {576, 576}), T::q5_0);
        QCOMPARE(type_of("Q6_K", "blk.9.attn_q.weight", {576, 576}), T::q8_0);
        QCOMPARE(type_of("IQ4_XS", "blk.9.attn_q.weight", {576, 576}), T::iq4_nl);
        QCOMPARE(type_of("Q4_0", "blk.9.attn_q.weight", {576, 40}), T::f16);
    }

    void a_model_is_written_and_runs_data() {
        QTest::addColumn<QString>("fixture");
        QTest::addColumn<QString>("recipe");
        QTest::addColumn<double>("most");  // of the logits' deviation, root mean square
        for (const char* fixture : {"llama", "gpt_oss", "deepseek3"}) {
            QTest::addRow("%s Q8_0", fixture) << QString(fixture) << QString("Q8_0") << 0.05;
            QTest::addRow("%s Q4_K_M", fixture) << QString(fixture) << QString("Q4_K_M") << 0.8;
        }
    }
    void a_model_is_written_and_runs() {
        QFETCH(QString, fixture);
        QFETCH(QString, recipe);
        QFETCH(double, most);
        const ModelFile model = must(open_model_file(fixture_path(fixture.toStdString() + ".gguf")));
        QTemporaryDir dir;
        const std::string path = dir.filePath("out.gguf").toStdString();
        QuantizeOptions options;
        options.recipe = *find_recipe(recipe.toStdString());
        double last = -1;
        options.progress = [&](std::string_view, double fraction) {
            QVERIFY(fraction >= last);
            last = fraction;
        };
        const auto report = must(quantize_model(model, path, pool_, options));
        QCOMPARE(last, 1.0);
        QCOMPARE(report.size(), model.weights->names().size());
        const ModelFile quantised = must(open_model_file(path));
        QVERIFY(quantised.facts.weight_bytes < model.facts.weight_bytes);
        QCOMPARE(quantised.facts.parameters, model.facts.parameters);
        for (const QuantizedTensor& tensor : report) {
            QVERIFY(quantised.weights->find(tensor.name)->type == tensor.to);
            if (tensor.from == tensor.to) continue;
            QVERIFY2(tensor.relative_error > 0 && tensor.relative_error < 0.12, tensor.name.c_str());
        }
        const auto pool = std::make_shared<ThreadPool>(2);
        const auto logits = [&](const ModelFile& file) {
            const auto backend = make_reference_backend(pool);
            const auto weights = must(backend->prepare(file.spec, file.weights, {}));
            RunnerOptions runner;
            runner.page_tokens = 16;
            runner.pages = 8;
            Driver driver(*weights, runner);
            Held held = driver.new_sequence();
            std::vector<TokenId> tokens;
            for (int i = 0; i < 24; ++i) tokens.push_back((i * 37 + 11) % 320);
            return driver.feed(held, tokens, 24);
        };
        const auto before = logits(model), after = logits(quantised);
        for (const auto& row : after)
            QVERIFY(std::ranges::all_of(row, [](float value) { return std::isfinite(value); }));
        if (model.spec->layers.back().routed()) return;  // a router's near ties choose other experts
        double error = 0, size = 0;
        for (std::size_t r = 0; r < before.size(); ++r)
            for (std::size_t i = 0; i < before[r].size(); ++i) {
                error += std::pow(static_cast<double>(before[r][i] - after[r][i]), 2);
                size += std::pow(static_cast<double>(before[r][i]), 2);
            }
        QVERIFY2(std::sqrt(error / size) <= most, qPrintable(QString::number(std::sqrt(error / size))));
    }

    void importance_moves_the_error() {
        const ModelFile model = must(open_model_file(fixture_path("llama.gguf")));
        QTemporaryDir dir;
        QuantizeOptions options;
        options.recipe = *find_recipe("Q4_0");
        const std::string name = "blk.0.attn_q.weight";
        std::vector<float> columns(64, 0.001f);
        for (std::size_t i = 0; i < 32; i += 4) columns[i] = 100;
        const auto error_at = [&](const std::string& path) {
            const ModelFile written = must(open_model_file(path));
            WeightMatrix old_values = must(WeightMatrix::make(*model.weights->find(name), true));
            WeightMatrix new_values = must(WeightMatrix::make(*written.weights->find(name), true));
            double sum = 0;
            std::vector<float> a, b;
            for (std::int64_t r = 0; r < old_values.rows(); ++r)
                for (std::size_t i = 0; i < 64; ++i)
                    sum += columns[i] * std::pow(old_values.row(r, a)[i] - new_values.row(r, b)[i], 2);
            return sum;
        };
        const std::string plain = dir.filePath("plain.gguf").toStdString(),
                          weighted = dir.filePath("weighted.gguf").toStdString();
        must(quantize_model(model, plain, pool_, options));
        options.importance[name] = columns;
        must(quantize_model(model, weighted, pool_, options));
        QVERIFY(error_at(weighted) < 0.8 * error_at(plain));
        options.importance[name] = std::vector<float>(63, 1.0f);
        const auto refused = quantize_model(model, weighted, pool_, options);
        QVERIFY(!refused.ok() && refused.error().code == ErrorCode::invalid_argument &&
                refused.error().what.find(name) != std::string::npos);
    }

    void stopping_leaves_what_was_there() {
        const ModelFile model = must(open_model_file(fixture_path("llama.gguf")));
        QTemporaryDir dir;
        const std::string path = dir.filePath("out.gguf").toStdString();
        std::ofstream(path) << "mine";
        QuantizeOptions options;
        options.recipe = *find_recipe("Q4_0");
        options.cancel.cancel();
        const auto stopped = quantize_model(model, path, pool_, options);
        QVERIFY(!stopped.ok() && stopped.error().code == ErrorCode::cancelled);
        std::string kept;
        std::getline(std::ifstream(path), kept);
        QCOMPARE(kept, std::string("mine"));
    }
};

QTEST_GUILESS_MAIN(TestQuantize)
#include "test_quantize.moc"
