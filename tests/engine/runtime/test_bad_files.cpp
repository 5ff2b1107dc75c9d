// Every kind of file that people bring, cut anywhere and with bits flipped, through the doors that a person's
// file goes through: it works or is refused by a typed error that names the file and a remedy. What each
// reader says of particular lies is tested beside it (test_gguf_bad_input, test_read_spec,
// test_folder_bad_input, test_adapters, test_importance, test_embedder).
#include <QTemporaryDir>
#include <QtTest>
#include <filesystem>
#include <fstream>
#include <functional>
#include <nlohmann/json.hpp>

#include "engine/format/gguf_writer.h"
#include "engine/format/safetensors_file.h"
#include "engine/model/adapter.h"
#include "engine/model/importance.h"
#include "engine/model/model_file.h"
#include "engine/runtime/devices.h"
#include "engine/runtime/embedder.h"
#include "engine/runtime/local_engine.h"
#include "tests/engine/runtime/tiny_model.h"

using namespace pellucid;
namespace fs = std::filesystem;
using nlohmann::json;

namespace {

const std::string kFixtures = PELLUCID_FIXTURES;

std::string read(const std::string& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}
void write(const std::string& path, const std::string& bytes) {
    std::ofstream(path, std::ios::binary | std::ios::trunc) << bytes;
}

json byte_tokenizer(int specials) {
    json vocab = json::object(), added = json::array();
    for (int byte = 0; byte < 256; ++byte)
        vocab[std::string(byte_letter(static_cast<unsigned char>(byte)))] = byte;
    for (int i = 0; i < specials; ++i)
        added.push_back({{"id", 256 + i}, {"content", "<" + std::to_string(i) + ">"}, {"special", i < 8}});
    return {{"added_tokens", added},
            {"pre_tokenizer", {{"type", "ByteLevel"}, {"add_prefix_space", false}, {"use_regex", true}}},
            {"decoder", {{"type", "ByteLevel"}}},
            {"model", {{"type", "BPE"}, {"vocab", vocab}, {"merges", json::array()}}}};
}

/// A model of two parts out of one file.
void split(const std::string& whole, const std::string& folder) {
    const auto source = GgufFile::open(whole);
    for (std::int64_t part = 0; part < 2; ++part) {
        GgufWriter writer;
        if (part == 0)
            for (const auto& [key, value] : (*source)->metadata().all()) writer.metadata().set(key, value);
        writer.metadata().set("split.no", {part});
        writer.metadata().set("split.count", {std::int64_t{2}});
        writer.metadata().set("split.tensors.count",
                              {static_cast<std::int64_t>((*source)->tensors().size())});
        std::int64_t i = 0;
        for (const FileTensor& tensor : (*source)->tensors())
            if (i++ % 2 == part)
                if (!writer.add_tensor(tensor.name, tensor.type, tensor.shape, tensor.bytes))
                    throw std::runtime_error("add_tensor");
        if (!writer.write(folder + "/m-0000" + std::to_string(part + 1) + "-of-00002.gguf"))
            throw std::runtime_error("write");
    }
}

}  // namespace

class TestBadFiles : public QObject {
    Q_OBJECT

    QTemporaryDir dir_;
    std::string root_, tiny_;
    LocalEngine engine_{host_devices()};

    std::string path(const std::string& name) const { return root_ + "/" + name; }
    std::optional<Error> open_model(const std::string& at) {
        ModelOptions options;
        options.device = "cpu";
        options.threads = 1;
        options.context_length = 64;
        const auto model = engine_.open(at, options);
        if (!model) return model.error();
        return std::nullopt;
    }

private slots:
    void initTestCase() {
        root_ = dir_.path().toStdString();
        tiny_ = test::write_tiny_model(dir_);
        split(tiny_, root_);
        fs::copy(kFixtures + "/folders/quantized/awq", path("folder"));
        write(path("folder/tokenizer.json"), byte_tokenizer(5).dump());
        write(path("folder/tokenizer_config.json"), json{{"chat_template", test::kTinyTemplate}}.dump());
        write(path("folder/generation_config.json"),
              json{{"eos_token_id", 256}, {"temperature", 0.6}}.dump());
        // In parts, with an index.
        fs::copy(path("folder"), path("parts"));
        fs::rename(path("parts/model.safetensors"), path("parts/model-00001-of-00001.safetensors"));
        json map = json::object();
        const auto stored = *SafetensorsFile::open(path("folder/model.safetensors"));
        for (const FileTensor& tensor : stored->tensors())
            map[tensor.name] = "model-00001-of-00001.safetensors";
        write(path("parts/model.safetensors.index.json"),
              json{{"metadata", json::object()}, {"weight_map", map}}.dump());
        fs::copy(kFixtures + "/folders/quantized/lora_first", path("lora"));
        fs::copy(kFixtures + "/folders/quantized/lora_first.gguf", path("lora.gguf"));
        fs::copy(kFixtures + "/encoders/bert", path("bert"), fs::copy_options::recursive);
        fs::copy(kFixtures + "/encoders/bert.gguf", path("bert.gguf"));
        ImportanceMatrix matrix;
        matrix.tensors["blk.0.attn_q.weight"] = {{1, 2, 3, 4}, {5}};
        matrix.tensors["blk.1.ffn_down.weight"] = {{1, 0, 3, 4}, {5}};
        QVERIFY(save_importance(matrix, path("kept.gguf")).ok());
    }

    void damaged_data() {
        QTest::addColumn<QString>("kind");
        QTest::addColumn<QString>("file");   // that is damaged
        QTest::addColumn<QString>("given");  // what a person chooses
        QTest::addColumn<int>("header");     // bits are flipped in these first bytes; 0: anywhere
        const auto row = [](const char* kind, const char* file, const char* given, int header) {
            QTest::addRow("%s: %s", kind, file) << QString(kind) << QString(file) << QString(given) << header;
        };
        row("model", "tiny.gguf", "tiny.gguf", 12000);
        row("model", "m-00001-of-00002.gguf", "m-00002-of-00002.gguf", 12000);
        row("model", "m-00002-of-00002.gguf", "m-00001-of-00002.gguf", 1200);
        row("model", "folder/config.json", "folder", 0);
        row("model", "folder/model.safetensors", "folder", 9000);
        row("model", "folder/tokenizer.json", "folder", 0);
        row("model", "folder/tokenizer_config.json", "folder", 0);
        row("model", "folder/generation_config.json", "folder", 0);
        row("model", "parts/model.safetensors.index.json", "parts", 0);
        row("model", "parts/model-00001-of-00001.safetensors", "parts", 9000);
        row("adapter", "lora/adapter_config.json", "lora", 0);
        row("adapter", "lora/adapter_model.safetensors", "lora", 3000);
        row("adapter", "lora.gguf", "lora.gguf", 3000);
        row("encoder", "bert.gguf", "bert.gguf", 3000);
        row("encoder", "bert/config.json", "bert", 0);
        row("encoder", "bert/model.safetensors", "bert", 3000);
        row("encoder", "bert/tokenizer.json", "bert", 0);
        row("encoder", "bert/modules.json", "bert", 0);
        row("encoder", "bert/1_Pooling/config.json", "bert", 0);
        row("importance", "kept.gguf", "kept.gguf", 0);
    }
    void damaged() {
        QFETCH(QString, kind);
        QFETCH(QString, file);
        QFETCH(QString, given);
        QFETCH(int, header);
        const std::string chosen = path(given.toStdString()), at = path(file.toStdString()), whole = read(at);
        std::function<std::optional<Error>()> open;
        const auto error_of = [](const auto& result) {
            return result.ok() ? std::nullopt : std::optional<Error>(result.error());
        };
        if (kind == "model")
            open = [&] { return open_model(chosen); };
        else if (kind == "adapter")
            open = [&] { return error_of(open_adapter(chosen, *open_model_file(tiny_)->spec)); };
        else if (kind == "encoder")
            open = [&] { return error_of(Embedder::open(chosen)); };
        else
            open = [&] { return error_of(load_importance(chosen)); };
        QVERIFY2(!open(), open() ? open()->message().c_str() : "");
        unsigned seed = 11;
        const auto next = [&] { return (seed = seed * 1664525u + 1013904223u) >> 4; };
        int refused = 0, cut = 0;
        for (int i = 0; i < 60; ++i) {
            std::string bytes = whole;
            const bool truncated = i % 2 == 0;
            bool padding = false;  // nothing but the zeros behind the last tensor was cut off
            if (truncated) {
                bytes.resize(next() % whole.size());
                padding = whole.find_first_not_of('\0', bytes.size()) == std::string::npos;
            } else
                bytes[next() % std::min<std::size_t>(whole.size(), header > 0
                                                                       ? static_cast<std::size_t>(header)
                                                                       : whole.size())] ^=
                    static_cast<char>(1 << next() % 8);
            write(at, bytes);
            const auto error = open();
            cut += truncated && !padding;
            if (!error) continue;
            refused += truncated && !padding;
            const std::string told = error->message();
            QVERIFY2(error->code != ErrorCode::internal, told.c_str());
            QVERIFY2(error->what.find(root_) != std::string::npos, ("names no file: " + told).c_str());
            QVERIFY2(!error->hint.empty(), ("no remedy: " + told).c_str());
        }
        write(at, whole);
        // A tokenizer that cannot be read leaves a model that reads ids; what is cut else is always seen.
        if (kind != "model" || !file.contains("token"))
            QVERIFY2(refused == cut, qPrintable(QString("%1 of %2").arg(refused).arg(cut)));
        QVERIFY2(!open(), "undamaged again");
    }

    /// The source's "4096 heads": absurd counts by every door, refused before anything of that size is made.
    void absurd_heads() {
        GgufWriter writer;
        const auto source = GgufFile::open(tiny_);
        for (const auto& [key, value] : (*source)->metadata().all()) writer.metadata().set(key, value);
        writer.metadata().set("llama.attention.head_count", {std::int64_t{4096}});
        for (const FileTensor& tensor : (*source)->tensors())
            QVERIFY(writer.add_tensor(tensor.name, tensor.type, tensor.shape, tensor.bytes).ok());
        QVERIFY(writer.write(path("heads.gguf")).ok());
        const auto gguf = open_model(path("heads.gguf"));
        QVERIFY(gguf && gguf->code == ErrorCode::corrupt);
        QVERIFY2(gguf->what.find("head_count") != std::string::npos &&
                     gguf->what.find("heads.gguf") != std::string::npos && !gguf->hint.empty(),
                 gguf->message().c_str());
        for (const auto& [folder, is_encoder] : {std::pair("folder", false), std::pair("bert", true)}) {
            const std::string file = path(std::string(folder) + "/config.json"), whole = read(file);
            json config = json::parse(whole);
            config["num_attention_heads"] = 4096;
            write(file, config.dump());
            std::optional<Error> error;
            if (is_encoder) {
                if (const auto encoder = Embedder::open(path(folder)); !encoder) error = encoder.error();
            } else {
                error = open_model(path(folder));
            }
            write(file, whole);
            QVERIFY(error && error->code == ErrorCode::corrupt);
            QVERIFY2(error->what.find("head") != std::string::npos &&
                         error->what.find(folder) != std::string::npos && !error->hint.empty(),
                     error->message().c_str());
        }
    }

    void missing_parts() {
        for (const auto& [file, given] : {std::pair("m-00002-of-00002.gguf", "m-00001-of-00002.gguf"),
                                          std::pair("m-00001-of-00002.gguf", "m-00002-of-00002.gguf"),
                                          std::pair("parts/model-00001-of-00001.safetensors", "parts"),
                                          std::pair("folder/model.safetensors", "folder")}) {
            fs::rename(path(file), path("aside"));
            const auto error = open_model(path(given));
            fs::rename(path("aside"), path(file));
            QVERIFY(error && error->code == ErrorCode::not_found);
            const std::string name = fs::path(file).filename().string();
            QVERIFY2(error->what.find(name) != std::string::npos && !error->hint.empty(),
                     error->message().c_str());
        }
    }

    /// Of another architecture, which a GGUF adapter names, or of other shapes.
    void adapters_of_other_models() {
        for (const auto& [fixture, adapter] :
             {std::pair("qwen2", "lora.gguf"), std::pair("gemma3", "lora.gguf"), std::pair("gemma3", "lora"),
              std::pair("deepseek3", "lora"), std::pair("phi3", "lora")}) {
            const auto spec = open_model_file(test::fixture_model(fixture))->spec;
            const auto opened = open_adapter(path(adapter), *spec);
            QVERIFY2(!opened.ok(), fixture);
            QVERIFY2(
                opened.error().what.find(path(adapter)) != std::string::npos && !opened.error().hint.empty(),
                opened.error().message().c_str());
        }
    }

    /// More tokens than rows, in each of the three places where a tokenizer comes from.
    void tokenizers_of_other_models() {
        const std::string tokenizer = read(path("folder/tokenizer.json"));
        write(path("folder/tokenizer.json"), byte_tokenizer(200).dump());
        const auto folder = open_model(path("folder"));
        write(path("folder/tokenizer.json"), tokenizer);
        const std::string words = read(path("bert/tokenizer.json"));
        json more = json::parse(words);
        for (int i = 0; i < 2000; ++i) {
            const std::string word = "more" + std::to_string(i);
            more["model"]["vocab"][word] = more["model"]["vocab"].size();
        }
        write(path("bert/tokenizer.json"), more.dump());
        const auto encoder = Embedder::open(path("bert"));
        write(path("bert/tokenizer.json"), words);
        GgufWriter writer;
        const auto source = GgufFile::open(tiny_);
        for (const auto& [key, value] : (*source)->metadata().all()) writer.metadata().set(key, value);
        writer.metadata().set("tokenizer.ggml.tokens", {std::vector<std::string>(900, "x")});
        writer.metadata().set("tokenizer.ggml.token_type", {std::vector<std::int64_t>(900, 1)});
        for (const FileTensor& tensor : (*source)->tensors())
            QVERIFY(writer.add_tensor(tensor.name, tensor.type, tensor.shape, tensor.bytes).ok());
        QVERIFY(writer.write(path("words.gguf")).ok());
        const auto gguf = open_model(path("words.gguf"));
        QVERIFY(folder && gguf && !encoder.ok());
        for (const Error& error : {*folder, *gguf, encoder.error()}) {
            QCOMPARE(error.code, ErrorCode::corrupt);
            QVERIFY2(error.what.find(root_) != std::string::npos &&
                         error.what.find("tokens") != std::string::npos && !error.hint.empty(),
                     error.message().c_str());
        }
    }
};

QTEST_GUILESS_MAIN(TestBadFiles)
#include "test_bad_files.moc"
