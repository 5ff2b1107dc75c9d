// CAPABILITIES.md: architecture x format x backend, made of the lists that the tests run; and those cells
// run, where no other test does. `ninja capabilities` writes the page again.
#include <QTemporaryDir>
#include <QTest>
#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <fstream>
#include <set>
#include <sstream>

#include "engine/cpu/packed_format.h"
#include "engine/format/json_file.h"
#include "engine/model/quantizer.h"
#include "engine/ops/linear/cases.h"
#include "engine/quant/kv_format.h"
#include "tests/engine/conformance/backends.h"
#include "tests/engine/conformance/cases.h"
#include "tests/engine/conformance/expected.h"
#include "tests/gpu/cuda/cases.h"

using namespace pellucid;
using namespace pellucid::test;

namespace {

template <typename List, typename Item>
bool has(const List& list, const Item& item) {
    return std::find(std::begin(list), std::end(list), item) != std::end(list);
}

std::string row(const std::vector<std::string>& cells) {
    std::string line = "|";
    for (const std::string& cell : cells) line += " " + cell + " |";
    return line + "\n";
}

std::string head(const std::vector<std::string>& cells) {
    return row(cells) + row(std::vector<std::string>(cells.size(), "---"));
}

const char* yes(bool is) {
    return is ? "yes" : "";
}

std::vector<std::string> titles(std::vector<std::string> first) {
    for (const TestedBackend& backend : tested_backends()) first.emplace_back(backend.name);
    first.emplace_back("cuda (experimental)");
    return first;
}

/// What a fixture's model has beside the plain decoder, from its spec.
std::string traits(const ModelSpec& spec) {
    std::set<std::string> found;
    for (const Layer& layer : spec.layers) {
        if (layer.latent.present()) found.insert("latent attention");
        if (layer.convolution.present()) found.insert("short convolution");
        if (layer.routed()) found.insert("routed experts");
        if (layer.routed() && layer.experts.shared.present()) found.insert("shared experts");
        if (!layer.attention.sinks.empty()) found.insert("attention sinks");
        if (layer.attention.window > 0) found.insert("sliding window");
        if (layer.attention.present() && layer.attention.rope < 0) found.insert("layers without positions");
    }
    for (const Rope& rope : spec.ropes)
        if (rope.scaling != RopeScaling::none || !rope.frequency_factors.empty()) found.insert("scaled rope");
    std::string text;
    for (const std::string& trait : found) text += (text.empty() ? "" : ", ") + trait;
    return text;
}

std::string architectures() {
    std::string text = head(titles({"architecture", "fixture", "what it has", "GGUF", "folder"}));
    for (const ModelCase& model : model_cases) {
        const ModelFile file = must(open_model_file(fixture_path(std::string(model.fixture) + ".gguf")));
        std::vector<std::string> cells = {file.facts.architecture, model.fixture, traits(*file.spec), "yes",
                                          yes(model.folder)};
        cells.resize(cells.size() + tested_backends().size(), "yes");
        cells.emplace_back(yes(has(cuda_models, std::string_view(model.fixture))));
        text += row(cells);
    }
    return text;
}

std::string weight_formats() {
    std::set<std::string> written;
    for (const std::string_view name : recipe_names()) written.insert(std::string(name));
    std::vector<TensorType> types;
    for (const LinearCase& linear : linear_cases)
        if (!has(types, linear.type)) types.push_back(linear.type);
    std::string text = head(titles({"format", "`quantize` writes"}));
    for (const TensorType type : types) {
        const std::string name(to_string(type));
        std::vector<std::string> cells = {name, ""};
        for (const std::string& recipe : written)
            if (recipe == name || recipe.starts_with(name + "_"))
                cells[1] += (cells[1].empty() ? "" : ", ") + recipe;
        cells.resize(cells.size() + tested_backends().size(), "yes");
        cells.emplace_back(yes(has(cuda_types, type)));
        text += row(cells);
    }
    return text;
}

std::string forms() {
    std::string text = head({"folder of", "held as", "reference", "cpu"});
    text += row({"F32, F16, BF16", "as it is", "yes", "yes"});
    for (const FolderForm& form : folder_forms) text += row({form.label, form.held, "yes", "yes"});
    return text;
}

std::string kv_formats() {
    std::string text = head(titles({"keys and values"}));
    for (const KvFormat format : kKvFormats) {
        std::vector<std::string> cells = {std::string(to_string(format))};
        cells.resize(cells.size() + tested_backends().size(), "yes");
        cells.emplace_back(yes(has(cuda_kv_formats, to_string(format))));
        text += row(cells);
    }
    return text;
}

std::string page() {
    std::string recipes;
    for (const char* recipe : recipe_cases) recipes += (recipes.empty() ? "" : ", ") + std::string(recipe);
    return "<!-- Written by `ninja capabilities` from the lists that the tests run; test_capabilities fails "
           "when it "
           "is out of date. -->\n"
           "# What runs where\n\n"
           "An architecture, a weight format and a format of keys and values combine freely: a backend runs "
           "what "
           "its column says in\nall three tables. An empty cell is refused with a typed error that says so. "
           "Each "
           "architecture and variant below is a tiny\nmodel whose logits are compared with transformers, in "
           "every "
           "format of keys and values (`test_conformance`, `test_folders`,\n`check_cuda` on a CUDA device); "
           "each "
           "weight format is compared at the widths of real models "
           "(`test_reference_ops`,\n`test_linear_kernels`); "
           "and every architecture is quantised to " +
           recipes +
           " and run on every backend here (`test_capabilities`).\n\n"
           "## Architectures\n\n" +
           architectures() + "\n## Weight formats\n\n" + weight_formats() + "\n## Hugging Face folders\n\n" +
           forms() + "\n## Keys and values\n\n" + kv_formats();
}

std::string committed() {
    return std::string(PELLUCID_FIXTURES) + "/../../CAPABILITIES.md";
}

}  // namespace

class TestCapabilities : public QObject {
    Q_OBJECT

    std::shared_ptr<ThreadPool> pool_ = std::make_shared<ThreadPool>(2);

private slots:
    void the_page_is_up_to_date() {
        const std::string wanted = page();
        if (std::getenv("PELLUCID_WRITE_CAPABILITIES")) std::ofstream(committed()) << wanted;
        std::ifstream in(committed());
        std::stringstream is;
        is << in.rdbuf();
        QVERIFY2(is.str() == wanted,
                 "CAPABILITIES.md is out of date: run `ninja capabilities` and commit it");
    }
    /// The list of the CPU's packed types and that of the cases do not drift apart.
    void every_packed_type_has_a_case() {
        for (const TensorType type : cpu::kPackedTypes)
            QVERIFY2(std::ranges::any_of(linear_cases, [&](const LinearCase& c) { return c.type == type; }),
                     to_string(type).data());
    }
    void every_architecture_in_quantised_weights_data() {
        QTest::addColumn<QString>("fixture");
        QTest::addColumn<QString>("recipe");
        for (const ModelCase& model : model_cases)
            for (const char* recipe : recipe_cases)
                QTest::addRow("%s %s", model.fixture, recipe) << QString(model.fixture) << QString(recipe);
    }
    void every_architecture_in_quantised_weights() {
        QFETCH(QString, fixture);
        QFETCH(QString, recipe);
        QTemporaryDir dir;
        const std::string path = dir.filePath("model.gguf").toStdString(), name = fixture.toStdString();
        const ModelFile source = must(open_model_file(fixture_path(name + ".gguf")));
        QuantizeOptions options;
        options.recipe = *find_recipe(recipe.toStdString());
        const auto report = must(quantize_model(source, path, *pool_, options));
        QVERIFY(std::ranges::any_of(report,
                                    [&](const QuantizedTensor& t) { return t.to == options.recipe.base; }));
        const ModelFile model = must(open_model_file(path));
        const Expected expected = load_expected(name);
        std::vector<std::vector<float>> first;
        for (const TestedBackend& tested : tested_backends()) {
            const auto device = tested.make(pool_);
            const auto weights = must(device->prepare(model.spec, model.weights, {}));
            RunnerOptions runner;
            runner.page_tokens = 16;
            runner.pages = 32;
            runner.max_batch_rows = 256;
            Driver driver(*weights, runner);
            Held held = driver.new_sequence();
            auto logits = driver.feed(held, expected.prompts[1].tokens, 256);
            double error = 0, size = 0;
            for (std::size_t r = 0; r < logits.size(); ++r)
                for (std::size_t i = 0; i < logits[r].size(); ++i) {
                    QVERIFY(std::isfinite(logits[r][i]));
                    if (first.empty()) continue;
                    error += std::pow(static_cast<double>(logits[r][i]) - first[r][i], 2);
                    size += std::pow(static_cast<double>(first[r][i]), 2);
                }
            if (first.empty()) {
                first = std::move(logits);
                continue;
            }
            // Activations in 8 bits; a token that goes to another expert for it costs more.
            const bool routed = std::ranges::any_of(model.spec->layers, &Layer::routed);
            QVERIFY2(error / size <= (routed ? 0.1 : 5e-3), qPrintable(QString::number(error / size)));
        }
    }
};

QTEST_GUILESS_MAIN(TestCapabilities)
#include "test_capabilities.moc"
