// Adapters (LoRA) on every backend: the logits that numpy gives with y = W x + strength * scale * B (A x).
#include <QTemporaryDir>
#include <QTest>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <fstream>

#include "engine/format/json_file.h"
#include "engine/model/adapter.h"
#include "tests/engine/conformance/placed.h"
#include "tests/engine/conformance/expected.h"

using namespace pellucid;
using namespace pellucid::test;

namespace {

const std::string kFolder = std::string(PELLUCID_FIXTURES) + "/folders/quantized/";

RunnerOptions small_options() {
    RunnerOptions options;
    options.page_tokens = 16;
    options.pages = 64;
    options.kv_format = KvFormat::f32;
    return options;
}

double nmse(const std::vector<std::vector<float>>& got, const std::vector<float>& expected) {
    double error = 0, size = 0;
    for (std::size_t i = 0; i < expected.size(); ++i) {
        error += std::pow(static_cast<double>(got[i / 320][i % 320]) - expected[i], 2);
        size += std::pow(static_cast<double>(expected[i]), 2);
    }
    return error / size;
}

}  // namespace

class TestAdapters : public QObject {
    Q_OBJECT

    std::shared_ptr<ThreadPool> pool_ = std::make_shared<ThreadPool>(2);
    ModelFile model_ = must(open_model_file(fixture_path("llama.gguf")));
    std::shared_ptr<const SafetensorsFile> expected_ =
        must(SafetensorsFile::open(kFolder + "expected.safetensors"));
    std::vector<TokenId> tokens_ = tensor_values<std::int32_t>(*expected_, "tokens", TensorType::i32);

    std::vector<float> logits(const std::string& name) const {
        return tensor_values<float>(*expected_, "logits_" + name, TensorType::f32);
    }
    std::shared_ptr<const Adapter> adapter(const std::string& name) const {
        return must(open_adapter(kFolder + name, *model_.spec));
    }
    /// What opening it says; the code through `code`.
    std::string refusal(const std::string& path, ErrorCode& code) const {
        const auto opened = open_adapter(path, *model_.spec);
        if (opened.ok()) return {};
        code = opened.error().code;
        return opened.error().hint.empty() ? std::string() : opened.error().what;
    }

private slots:
    void logits_with_adapters_data() {
        QTest::addColumn<int>("backend");
        for (std::size_t b = 0; b < tested_runners().size(); ++b)
            QTest::addRow("%s", tested_runners()[b].name) << static_cast<int>(b);
    }
    /// One runner, four sequences: changed between steps, and side by side in one.
    void logits_with_adapters() {
        QFETCH(int, backend);
        const TestedBackend& tested = tested_runners()[static_cast<std::size_t>(backend)];
        const auto device = tested.make(pool_);
        const auto weights = must(device->prepare(model_.spec, model_.weights, {}));
        Driver driver(*weights, small_options());
        const AdapterId first = must(driver.runner().load_adapter(adapter("lora_first"))),
                        second = must(driver.runner().load_adapter(adapter("lora_second"))),
                        gguf = must(driver.runner().load_adapter(adapter("lora_first.gguf")));
        const std::vector<std::pair<std::vector<AdapterUse>, const char*>> cases = {
            {{{first, 1}}, "lora_first"},
            {{{gguf, 1}}, "lora_first"},
            {{{first, 0.5f}, {second, -1.5f}}, "lora_both"},
            {{{second, -1.5f}, {gguf, 0.25f}, {first, 0.25f}}, "lora_both"},
        };
        Held plain = driver.new_sequence();
        const auto without = driver.feed(plain, tokens_, 64);
        std::vector<Held> all;
        for (const auto& [uses, name] : cases) {
            Held held = driver.new_sequence();
            held.sequence.adapters = uses;
            const auto got = driver.feed(held, tokens_, 5);
            const double error = nmse(got, logits(name)), effect = nmse(without, logits(name));
            std::printf("%-10s %-10s NMSE %.2e (without the adapter %.2e)\n", tested.name, name, error,
                        effect);
            QVERIFY2(error <= 1e-5, qPrintable(QString::number(error)));
            QVERIFY(effect > 1e-2);
        }
        // Side by side, the plain one between them.
        Batch batch;
        std::vector<Held> held;
        for (std::size_t i = 0; i < 3; ++i) {
            held.push_back(driver.new_sequence());
            if (i != 1) held.back().sequence.adapters = cases[i].first;
        }
        for (Held& one : held) driver.add(batch, one, tokens_);
        const StepResult result = driver.run(batch);
        const auto part = [&](std::size_t i) {
            std::vector<std::vector<float>> rows;
            for (std::size_t r = 0; r < tokens_.size(); ++r)
                rows.push_back(result.rows[i * tokens_.size() + r].values);
            return rows;
        };
        QVERIFY(nmse(part(0), logits("lora_first")) <= 1e-5);
        QVERIFY(nmse(part(2), logits("lora_both")) <= 1e-5);
        std::vector<float> flat;
        for (const auto& row : without) flat.insert(flat.end(), row.begin(), row.end());
        QVERIFY(nmse(part(1), flat) <= 1e-10);
        // An adapter that is gone is not guessed at.
        driver.runner().unload_adapter(second);
        Held gone = driver.new_sequence();
        gone.sequence.adapters = {{second, 1}};
        Batch refused;
        driver.add(refused, gone, std::span(tokens_).first(1));
        const auto ticket = driver.runner().submit(refused);
        const auto outcome =
            ticket.ok() ? driver.runner().wait(*ticket) : Result<StepResult>(ticket.failure());
        QVERIFY(!outcome.ok() && outcome.error().code == ErrorCode::invalid_argument);
    }
    void files_in_a_folder_name_it() {
        QCOMPARE(adapter("lora_first/adapter_config.json")->digest, adapter("lora_first")->digest);
        QCOMPARE(adapter("lora_first/adapter_model.safetensors")->parts.size(), std::size_t{21});
        QVERIFY(adapter("lora_first")->digest != adapter("lora_second")->digest);
    }
    void mismatched_adapters_name_tensor_and_shapes() {
        ErrorCode code{};
        // For a model of other widths.
        const ModelFile other = must(open_model_file(fixture_path("llama_rope3.gguf")));
        const auto wide = open_adapter(kFolder + "lora_first", *other.spec);
        QVERIFY(!wide.ok());
        QCOMPARE(wide.error().code, ErrorCode::corrupt);
        QVERIFY2(wide.error().what.find("[32, 4]") != std::string::npos &&
                     wide.error().what.find("[64, 4]") != std::string::npos &&
                     wide.error().what.find("lora_B") != std::string::npos,
                 wide.error().what.c_str());
        // For another family.
        const ModelFile fused = must(open_model_file(fixture_path("phi3.gguf")));
        const auto missing = open_adapter(kFolder + "lora_first", *fused.spec);
        QVERIFY(!missing.ok() && missing.error().code == ErrorCode::unsupported);
        const auto architecture = open_adapter(kFolder + "lora_first.gguf", *fused.spec);
        QVERIFY(!architecture.ok() && architecture.error().what.find("'llama'") != std::string::npos);
        QVERIFY(refusal(fixture_path("llama.gguf"), code).find("is not an adapter") != std::string::npos);
        QVERIFY(refusal("/nowhere/at.all", code).find("/nowhere/at.all") != std::string::npos);
        QCOMPARE(code, ErrorCode::not_found);
    }
    void settings_of_other_adapters_are_refused_by_name() {
        namespace fs = std::filesystem;
        QTemporaryDir dir;
        const std::string folder = dir.path().toStdString();
        fs::copy(kFolder + "lora_second", folder, fs::copy_options::recursive);
        const auto config = must(read_json_file(folder + "/adapter_config.json"));
        const auto said = [&](const char* key, const nlohmann::json& value) {
            auto changed = config;
            changed[key] = value;
            std::ofstream(folder + "/adapter_config.json") << changed.dump();
            ErrorCode code{};
            return refusal(folder, code);
        };
        QVERIFY(said("use_dora", true).find("use_dora") != std::string::npos);
        QVERIFY(said("peft_type", "IA3").find("'IA3'") != std::string::npos);
        QVERIFY(said("bias", "all").find("bias") != std::string::npos);
        QVERIFY(said("modules_to_save", {"lm_head"}).find("modules_to_save") != std::string::npos);
        QVERIFY(said("fan_in_fan_out", true).find("fan_in_fan_out") != std::string::npos);
        QVERIFY(said("r", 5).find("has rank 3") != std::string::npos);
        QVERIFY(said("r", -1).find("r is -1") != std::string::npos);
        QVERIFY(said("r", "3").find("r is not a whole number") != std::string::npos);
        QVERIFY(said("lora_alpha", nullptr).empty());
        fs::rename(folder + "/adapter_model.safetensors", folder + "/adapter_model.bin");
        ErrorCode code{};
        QVERIFY(refusal(folder, code).find("pickle") != std::string::npos);
        QCOMPARE(code, ErrorCode::unsupported);
    }
    void truncated_and_flipped_files() {
        namespace fs = std::filesystem;
        QTemporaryDir dir;
        const std::string folder = dir.path().toStdString();
        fs::copy(kFolder + "lora_first", folder, fs::copy_options::recursive);
        fs::copy_file(kFolder + "lora_first.gguf", folder + "/one.gguf");
        unsigned seed = 7;
        const auto next = [&] { return seed = seed * 1664525u + 1013904223u; };
        for (const std::string name : {"adapter_model.safetensors", "adapter_config.json", "one.gguf"}) {
            std::ifstream in(folder + "/" + name, std::ios::binary);
            const std::string whole((std::istreambuf_iterator<char>(in)), {});
            const std::string path = name == "one.gguf" ? folder + "/" + name : folder;
            int refused = 0;
            for (int i = 0; i < 60; ++i) {
                std::string bytes = whole;
                if (i % 2 == 0)
                    bytes.resize(next() % whole.size());
                else
                    bytes[next() % std::min<std::size_t>(whole.size(), 2000)] ^=
                        static_cast<char>(1 << next() % 8);
                std::ofstream(folder + "/" + name, std::ios::binary | std::ios::trunc) << bytes;
                const auto opened = open_adapter(path, *model_.spec);
                refused += !opened.ok();
                QVERIFY(opened.ok() || (!opened.error().what.empty() && !opened.error().hint.empty()));
            }
            QVERIFY(refused >= 30);
            std::ofstream(folder + "/" + name, std::ios::binary | std::ios::trunc) << whole;
        }
    }
};

QTEST_GUILESS_MAIN(TestAdapters)
#include "test_adapters.moc"
