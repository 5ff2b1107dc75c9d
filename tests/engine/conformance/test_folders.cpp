// Hugging Face folders give the weights and the logits of the GGUF files that were made from the same models.
#include <QFileInfo>
#include <QTemporaryDir>
#include <QTest>
#include <algorithm>
#include <cmath>
#include <cstdio>

#include "engine/ops/weight_matrix.h"
#include "tests/engine/conformance/backends.h"
#include "tests/engine/conformance/cases.h"
#include "tests/engine/conformance/expected.h"
#include "tests/engine/conformance/folder_fixture.h"

using namespace pellucid;
using namespace pellucid::test;

namespace {

std::vector<float> values_of(const WeightSource& source, std::string_view name) {
    const LoadedTensor loaded = must(source.load(*source.find(name)));
    const WeightMatrix matrix = must(WeightMatrix::make(loaded.view, true));
    std::vector<float> all, scratch;
    for (std::int64_t r = 0; r < matrix.rows(); ++r) {
        const auto row = matrix.row(r, scratch);
        all.insert(all.end(), row.begin(), row.end());
    }
    return all;
}

}  // namespace

class TestFolders : public QObject {
    Q_OBJECT

    std::shared_ptr<ThreadPool> pool_ = std::make_shared<ThreadPool>(2);

private slots:
    void every_fixture_data() {
        QTest::addColumn<QString>("fixture");
        QTest::addColumn<QString>("config");
        QTest::addColumn<int>("files");
        for (const auto& [fixture, folder] : model_cases) {
            if (!folder) continue;
            QTest::addRow("%s", fixture) << QString(fixture) << QString("config.json") << 1;
            QTest::addRow("%s, older config, three files", fixture)
                << QString(fixture) << QString("config_v4.json") << 3;
        }
    }
    void every_fixture() {
        QFETCH(QString, fixture);
        QFETCH(QString, config);
        QFETCH(int, files);
        const std::string name = fixture.toStdString();
        QTemporaryDir folder;
        write_folder(name, folder.path().toStdString(), config.toStdString(), files);
        const ModelFile expected = must(open_model_file(fixture_path(name + ".gguf")));
        const ModelFile model = must(open_model_file(folder.path().toStdString()));
        QCOMPARE(model.facts.architecture, expected.facts.architecture);
        QCOMPARE(model.facts.parameters, expected.facts.parameters);
        QCOMPARE(model.facts.quantization, std::string("F16"));
        QCOMPARE(model.spec->trained_context, expected.spec->trained_context);
        QCOMPARE(model.weights->names().size(), expected.weights->names().size());
        for (const std::string_view tensor : expected.weights->names()) {
            const TensorView* view = model.weights->find(tensor);
            QVERIFY2(view, std::string(tensor).c_str());
            QCOMPARE(view->shape, expected.weights->find(tensor)->shape);
            const auto want = values_of(*expected.weights, tensor), got = values_of(*model.weights, tensor);
            for (std::size_t i = 0; i < want.size(); ++i)
                QVERIFY2(std::abs(want[i] - got[i]) <= 1e-6f * std::max(1.0f, std::abs(want[i])),
                         std::string(tensor).c_str());
        }
        // The long prompt once: both forms have given the same weights by now.
        logits(model, name, files == 1 ? 3 : 2);
    }
    void quantised_data() {
        QTest::addColumn<QString>("form");
        QTest::addColumn<QString>("label");
        for (const FolderForm& form : folder_forms)
            QTest::newRow(form.folder) << QString(form.folder) << QString(form.label);
    }
    /// Logits of a Llama in numpy, with weights dequantised by the published formulas.
    void quantised() {
        QFETCH(QString, form);
        QFETCH(QString, label);
        const std::string folder = std::string(PELLUCID_FIXTURES) + "/folders/quantized/";
        const ModelFile model = must(open_model_file(folder + form.toStdString()));
        QCOMPARE(QString::fromStdString(model.facts.quantization), label);
        const auto expected = must(SafetensorsFile::open(folder + "expected.safetensors"));
        const auto tokens = tensor_values<std::int32_t>(*expected, "tokens", TensorType::i32);
        const auto logits = tensor_values<float>(*expected, "logits_" + form.toStdString(), TensorType::f32);
        for (const TestedBackend& tested : tested_backends()) {
            const auto device = tested.make(pool_);
            const auto weights = must(device->prepare(model.spec, model.weights, {}));
            RunnerOptions options;
            options.page_tokens = 16;
            options.pages = 4;
            options.kv_format = KvFormat::f32;
            Driver driver(*weights, options);
            Held held = driver.new_sequence();
            const auto got = driver.feed(held, tokens, 64);
            double error = 0, size = 0;
            for (std::size_t i = 0; i < logits.size(); ++i) {
                error += std::pow(static_cast<double>(got[i / 320][i % 320]) - logits[i], 2);
                size += std::pow(static_cast<double>(logits[i]), 2);
            }
            std::printf("%-10s %s logits NMSE %.2e\n", tested.name, qPrintable(form), error / size);
            QVERIFY2(error / size <= 1e-5, qPrintable(QString::number(error / size)));
        }
    }
    /// DeepSeek-V3's layer for the token after next, stored behind the layers of the model: the same spec and
    /// weights as the GGUF file's, whose logits test_next_token compares with PyTorch's.
    void a_layer_for_the_token_after_next_data() {
        QTest::addColumn<QString>("config");
        QTest::newRow("config.json") << "config.json";
        QTest::newRow("config_v4.json") << "config_v4.json";
    }
    void a_layer_for_the_token_after_next() {
        QFETCH(QString, config);
        QTemporaryDir folder;
        write_folder("deepseek3_mtp", folder.path().toStdString(), config.toStdString(), 2);
        const ModelFile expected = must(open_model_file(gguf_of_folder("deepseek3_mtp"))),
                        model = must(open_model_file(folder.path().toStdString()));
        QCOMPARE(model.spec->n_layers(), expected.spec->n_layers());
        QCOMPARE(model.spec->next_layers.size(), std::size_t{1});
        const ModelSpec &next = model.spec->next_layers[0], &wanted = expected.spec->next_layers[0];
        QVERIFY(next.next_input.present());
        QCOMPARE(next.embedding, wanted.embedding);
        QCOMPARE(next.head.output.weight, wanted.head.output.weight);
        QCOMPARE(next.head.norm.weight, wanted.head.norm.weight);
        std::vector<TensorNeed> needs = tensor_needs(*expected.spec);
        std::ranges::copy(tensor_needs(wanted), std::back_inserter(needs));
        for (const TensorNeed& need : needs)
            QVERIFY2(values_of(*expected.weights, need.name) == values_of(*model.weights, need.name),
                     need.name.c_str());
        const auto logits = [&](const ModelFile& file, const TestedBackend& tested) {
            const auto device = tested.make(pool_);
            const auto weights = must(device->prepare(
                std::make_shared<const ModelSpec>(file.spec->next_layers[0]), file.weights, {}));
            RunnerOptions options;
            options.page_tokens = 16;
            options.pages = 2;
            options.kv_format = KvFormat::f32;
            const auto runner = must(weights->make_runner(options));
            Batch batch;
            batch.sequences.push_back({1, {0}, 0});
            for (int i = 0; i < 5; ++i) {
                Row row;
                row.position = i;
                std::vector<float> hidden(static_cast<std::size_t>(file.spec->n_embd));
                for (std::size_t c = 0; c < hidden.size(); ++c)
                    hidden[c] = std::sin(static_cast<float>(c * 7) + static_cast<float>(i));
                row.input = NextTokenRow{i * 11 + 3, std::move(hidden)};
                row.output = RowOutput::logits;
                batch.rows.push_back(std::move(row));
            }
            std::vector<float> all;
            for (const RowResult& row : must(runner->wait(must(runner->submit(batch)))).rows)
                all.insert(all.end(), row.values.begin(), row.values.end());
            return all;
        };
        for (const TestedBackend& tested : tested_backends()) {
            const auto got = logits(model, tested), want = logits(expected, tested);
            QCOMPARE(got.size(), want.size());
            QVERIFY(got == want);
        }
    }
    void a_file_in_the_folder_stands_for_it() {
        QTemporaryDir folder;
        write_folder("llama", folder.path().toStdString(), "config.json", 2);
        for (const char* name : {"", "/", "/config.json", "/model.safetensors.index.json",
                                 "/model-00002-of-00002.safetensors"}) {
            const ModelFile model = must(open_model_file(folder.path().toStdString() + name));
            QCOMPARE(model.facts.name, QFileInfo(folder.path()).fileName().toStdString());
        }
    }

private:
    void logits(const ModelFile& model, const std::string& name, std::size_t prompts) {
        const Expected expected = load_expected(name);
        for (const TestedBackend& tested : tested_backends()) {
            const auto device = tested.make(pool_);
            const auto weights = must(device->prepare(model.spec, model.weights, {}));
            const auto vocabulary = static_cast<std::size_t>(weights->spec().vocabulary);
            RunnerOptions options;
            options.page_tokens = 16;
            options.pages = 32;
            options.max_batch_rows = 256;
            options.kv_format = KvFormat::f32;
            double worst = 0;
            for (std::size_t k = 0; k < prompts; ++k) {
                const Expected::Prompt& prompt = expected.prompts[k];
                Driver driver(*weights, options);
                Held held = driver.new_sequence();
                const auto got = driver.feed(held, prompt.tokens, 256);
                for (std::size_t p = 0; p < prompt.positions.size(); ++p)
                    for (std::size_t i = 0; i < vocabulary; ++i)
                        worst = std::max<double>(
                            worst, std::abs(got[static_cast<std::size_t>(prompt.positions[p])][i] -
                                            prompt.logits[p * vocabulary + i]));
            }
            QVERIFY2(worst <= tested.tolerance * expected.deviation,
                     qPrintable(QString("%1: %2").arg(tested.name).arg(worst / expected.deviation)));
        }
    }
};

QTEST_GUILESS_MAIN(TestFolders)
#include "test_folders.moc"
