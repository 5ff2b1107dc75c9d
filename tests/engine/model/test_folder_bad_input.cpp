// What can be wrong with a Hugging Face folder is said with file, field and remedy.
#include <QFile>
#include <QTemporaryDir>
#include <QTest>
#include <filesystem>
#include <fstream>
#include <functional>

#include "engine/format/json_file.h"
#include "engine/format/safetensors_file.h"
#include "engine/model/folder/config.h"
#include "engine/model/model_file.h"

using namespace pellucid;
namespace fs = std::filesystem;
using nlohmann::json;

namespace {

const std::string kSource = PELLUCID_FIXTURES "/folders/quantized/gptq";

std::string read(const std::string& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}
void write(const std::string& path, const std::string& bytes) {
    std::ofstream(path, std::ios::binary | std::ios::trunc) << bytes;
}

}  // namespace

class TestFolderBadInput : public QObject {
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> dir_;
    std::string folder_;

    /// The error of opening the folder, once it is told well; else what is not well told.
    Error opened() const {
        const auto model = open_model_file(folder_);
        if (model.ok()) return {ErrorCode::internal, "it opened", ""};
        if (model.error().what.find(folder_) == std::string::npos || model.error().hint.empty())
            return {ErrorCode::internal, "badly told: " + model.error().message(), ""};
        return model.error();
    }
    void with_config(const std::function<void(json&)>& change) const {
        json config = json::parse(read(kSource + "/config.json"));
        change(config);
        write(folder_ + "/config.json", config.dump());
    }
    bool refused(const std::function<void(json&)>& change, ErrorCode code, const char* said) const {
        with_config(change);
        const Error error = opened();
        if (error.code == code && error.what.find(said) != std::string::npos) return true;
        qWarning("%s", error.message().c_str());
        return false;
    }
    static std::function<void(json&)> set(const char* key, json value) {
        return [=](json& config) { config[key] = value; };
    }

private slots:
    void init() {
        dir_ = std::make_unique<QTemporaryDir>();
        folder_ = dir_->path().toStdString();
        fs::copy(kSource, folder_, fs::copy_options::recursive | fs::copy_options::overwrite_existing);
    }
    void as_it_is() { QVERIFY(open_model_file(folder_).ok()); }
    void config_keys() {
        QVERIFY(refused(set("model_type", "mamba"), ErrorCode::unsupported, "model_type is 'mamba'"));
        QVERIFY(refused(set("model_type", 7), ErrorCode::corrupt, "model_type is not a text"));
        QVERIFY(
            refused([](json& c) { c.erase("hidden_size"); }, ErrorCode::not_found, "hidden_size is missing"));
        QVERIFY(
            refused(set("num_hidden_layers", "3"), ErrorCode::corrupt, "num_hidden_layers is not a whole"));
        QVERIFY(
            refused(set("num_hidden_layers", 2.5), ErrorCode::corrupt, "num_hidden_layers is not a whole"));
        QVERIFY(refused(set("hidden_act", "relu"), ErrorCode::unsupported, "hidden_act is 'relu'"));
        QVERIFY(refused(set("rope_scaling", json{{"type", "dynamic"}, {"factor", 2}}), ErrorCode::unsupported,
                        "rope_scaling is of type 'dynamic'"));
        QVERIFY(refused(set("rope_scaling", json{{"type", "llama3"}, {"factor", -2}}), ErrorCode::corrupt,
                        "llama3"));
        QVERIFY(
            refused(set("rope_scaling", json{{"type", "yarn"}}), ErrorCode::not_found, "factor is missing"));
        QVERIFY(refused(set("tie_word_embeddings", "no"), ErrorCode::corrupt, "tie_word_embeddings"));
    }
    void absurd_numbers() {
        for (const json& value :
             {json(4096), json(0), json(-4), json(1ll << 40), json(18446744073709551615ull)})
            for (const char* key :
                 {"num_attention_heads", "num_key_value_heads", "hidden_size", "num_hidden_layers",
                  "intermediate_size", "head_dim", "vocab_size", "max_position_embeddings"}) {
                if (value == 4096 && std::string(key) == "max_position_embeddings") continue;
                with_config(set(key, value));
                const Error error = opened();
                QVERIFY2(error.code != ErrorCode::internal,
                         (std::string(key) + " = " + value.dump() + ": " + error.what).c_str());
            }
    }
    void quantisation_settings() {
        const auto inside = [](const char* key, json value) {
            return [=](json& config) { config["quantization_config"][key] = value; };
        };
        QVERIFY(refused(inside("quant_method", "bitsandbytes"), ErrorCode::unsupported, "'bitsandbytes'"));
        QVERIFY(refused(inside("bits", 3), ErrorCode::unsupported, "bits is 3"));
        QVERIFY(refused(inside("bits", 8), ErrorCode::corrupt, "do not belong together"));
        QVERIFY(refused(inside("group_size", -7), ErrorCode::corrupt, "group_size is -7"));
        QVERIFY(refused([](json& c) { c.erase("quantization_config"); }, ErrorCode::corrupt,
                        "no quantization_config"));
        QVERIFY(refused(inside("quant_method", "awq"), ErrorCode::corrupt, "do not belong together"));
    }
    void missing_files() {
        fs::remove(folder_ + "/config.json");
        QCOMPARE(opened().code, ErrorCode::not_found);
        fs::copy_file(kSource + "/config.json", folder_ + "/config.json");
        fs::rename(folder_ + "/model.safetensors", folder_ + "/pytorch_model.bin");
        const Error pickle = opened();
        QCOMPARE(pickle.code, ErrorCode::unsupported);
        QVERIFY(pickle.what.find("pytorch_model.bin is a Python pickle") != std::string::npos);
        QVERIFY(pickle.hint.find("safetensors") != std::string::npos);
        const auto itself = open_model_file(folder_ + "/pytorch_model.bin");
        QVERIFY(!itself.ok() && itself.error().code == ErrorCode::unsupported);
        fs::remove(folder_ + "/pytorch_model.bin");
        QCOMPARE(opened().code, ErrorCode::not_found);
    }
    void the_index() {
        fs::rename(folder_ + "/model.safetensors", folder_ + "/model-00001-of-00002.safetensors");
        const std::string index = folder_ + "/model.safetensors.index.json";
        const auto says = [&](const json& map) {
            write(index, json{{"metadata", json::object()}, {"weight_map", map}}.dump());
            return opened();
        };
        QVERIFY(says({{"a", "../secret.safetensors"}}).what.find("something else") != std::string::npos);
        QVERIFY(says({{"a", "model.bin"}}).what.find("something else") != std::string::npos);
        QVERIFY(says({{"a", 1}}).what.find("something else") != std::string::npos);
        QVERIFY(says(json::object()).what.find("no weight_map") != std::string::npos);
        const Error absent = says({{"model.norm.weight", "model-00002-of-00002.safetensors"}});
        QCOMPARE(absent.code, ErrorCode::not_found);
        QVERIFY(absent.what.find("model-00002-of-00002.safetensors is missing") != std::string::npos);
        const Error elsewhere = says({{"nothing.weight", "model-00001-of-00002.safetensors"}});
        QCOMPARE(elsewhere.code, ErrorCode::corrupt);
        QVERIFY(elsewhere.what.find("lacks tensor nothing.weight") != std::string::npos);
        write(index, "{");
        QCOMPARE(opened().code, ErrorCode::corrupt);
        fs::copy_file(folder_ + "/model-00001-of-00002.safetensors",
                      folder_ + "/model-00002-of-00002.safetensors");
        const Error twice = says({{"model.norm.weight", "model-00001-of-00002.safetensors"},
                                  {"lm_head.weight", "model-00002-of-00002.safetensors"}});
        QVERIFY(twice.what.find("is in another file") != std::string::npos);
        fs::remove(index);  // the names alone are enough to know that a part is there or missing
        QVERIFY(opened().what.find("is in another file") != std::string::npos);
        fs::remove(folder_ + "/model-00002-of-00002.safetensors");
        QVERIFY(opened().what.find("model-00002-of-00002.safetensors is missing") != std::string::npos);
    }
    void tensors_that_do_not_fit() {
        const auto file = SafetensorsFile::open(kSource + "/model.safetensors");
        const auto rewritten = [&](const std::function<bool(FileTensor&)>& change) {
            SafetensorsWriter writer;
            for (FileTensor tensor : (*file)->tensors())
                if (change(tensor))
                    (void)writer.add_tensor(tensor.name, tensor.type, tensor.shape, tensor.bytes);
            if (!writer.write(folder_ + "/model.safetensors")) throw std::runtime_error("write");
            return opened();
        };
        const Error missing =
            rewritten([](FileTensor& t) { return t.name != "model.layers.1.mlp.up_proj.qweight"; });
        QVERIFY2(missing.what.find("blk.1.ffn_up.weight is missing") != std::string::npos,
                 missing.what.c_str());
        const Error head = rewritten([](FileTensor& t) { return t.name != "lm_head.weight"; });
        QVERIFY2(head.what.find("lm_head.weight is missing") != std::string::npos, head.what.c_str());
        const Error shape = rewritten([](FileTensor& t) {
            if (t.name == "model.norm.weight") t.shape = {32, 2};
            return true;
        });
        QVERIFY2(shape.what.find("output_norm.weight has shape [32, 2]") != std::string::npos,
                 shape.what.c_str());
        const Error unknown = rewritten([](FileTensor& t) {
            if (t.name == "model.norm.weight") t.name = "model.strange.weight";
            return true;
        });
        QVERIFY2(unknown.what.find("output_norm.weight is missing") != std::string::npos,
                 unknown.what.c_str());
        const Error numbers = rewritten([](FileTensor& t) {
            if (t.name == "model.norm.weight") t.type = TensorType::i32;
            return true;
        });
        QVERIFY2(numbers.what.find("number format I32") != std::string::npos, numbers.what.c_str());
    }
    void truncated_and_flipped() {
        unsigned seed = 3;
        const auto next = [&] { return seed = seed * 1664525u + 1013904223u; };
        for (const char* name : {"/config.json", "/model.safetensors"}) {
            const std::string whole = read(kSource + name);
            int refused = 0;
            for (int i = 0; i < 80; ++i) {
                std::string bytes = whole;
                if (i % 2 == 0)
                    bytes.resize(next() % whole.size());
                else
                    bytes[next() % std::min<std::size_t>(whole.size(), 8000)] ^=
                        static_cast<char>(1 << next() % 8);
                write(folder_ + name, bytes);
                const auto model = open_model_file(folder_);
                if (!model) {
                    ++refused;
                    QVERIFY(!model.error().what.empty() && !model.error().hint.empty());
                    continue;
                }
                for (const std::string_view tensor : model->weights->names())
                    if (const auto loaded = model->weights->load(*model->weights->find(tensor)); !loaded)
                        QVERIFY(!loaded.error().what.empty());
            }
            QVERIFY2(refused >= 40, name);
            write(folder_ + name, whole);
        }
    }
};

QTEST_GUILESS_MAIN(TestFolderBadInput)
#include "test_folder_bad_input.moc"
