// Encoders against their witness (tests/fixtures/encoders/make_encoders.py), on every device and instruction
// set, and what is refused.
#include <QTemporaryDir>
#include <QtTest>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "engine/base/cpu_features.h"
#include "engine/cpu/cpu_encoder.h"
#include "engine/ops/reference_encoder.h"
#include "engine/runtime/embedder.h"

using namespace pellucid;
using nlohmann::json;
namespace fs = std::filesystem;

namespace {

const fs::path kFolder = PELLUCID_FIXTURES "/encoders";

json read(const fs::path& path) {
    std::ifstream file(path);
    return json::parse(file);
}

void write(const fs::path& path, const std::string& text) {
    std::ofstream(path, std::ios::binary) << text;
}

}  // namespace

class TestEmbedder : public QObject {
    Q_OBJECT

private slots:
    void witness_data() {
        QTest::addColumn<QString>("path");
        QTest::addColumn<QString>("expected");
        QTest::addColumn<QString>("device");
        for (const char* device : {"reference", "cpu"}) {
            const auto row = [&](const char* path, const char* expected) {
                QTest::addRow("%s on %s", path, device)
                    << QString(path) << QString(expected) << QString(device);
            };
            row("bert", "bert");
            row("bert.gguf", "bert");
            row("xlm_roberta", "xlm_roberta");
        }
    }
    void witness() {
        QFETCH(QString, path);
        QFETCH(QString, expected);
        QFETCH(QString, device);
        EmbedderOptions options;
        options.device = device.toStdString();
        options.threads = 2;
        options.max_tokens = 24;  // a GGUF file has no such limit of its own
        const auto made = Embedder::open((kFolder / path.toStdString()).string(), options);
        QVERIFY2(made.ok(), made ? "" : made.error().message().c_str());
        const json cases = read(kFolder / (expected.toStdString() + ".expected.json"));
        QVERIFY(cases.size() >= 10);
        std::vector<std::string> texts;
        for (const json& one : cases) texts.push_back(one["text"].get<std::string>());
        const auto result = (*made)->embed(texts);
        QVERIFY2(result.ok(), result ? "" : result.error().message().c_str());
        QCOMPARE(result->size(), texts.size());
        int truncated = 0;
        for (std::size_t i = 0; i < texts.size(); ++i) {
            const Embedding& one = (*result)[i];
            const auto ids = cases[i]["ids"].get<std::vector<TokenId>>();
            const auto vector = cases[i]["embedding"].get<std::vector<double>>();
            QCOMPARE(one.truncated, cases[i]["truncated"].get<bool>());
            truncated += one.truncated;
            QCOMPARE(static_cast<std::size_t>(one.tokens), ids.size());
            if (!one.truncated) QVERIFY((*made)->tokenizer().encode(texts[i], {.add_special = true}) == ids);
            QCOMPARE(one.values.size(), vector.size());
            for (std::size_t k = 0; k < vector.size(); ++k)
                QVERIFY2(std::abs(one.values[k] - vector[k]) < 2e-5,
                         (texts[i] + ": " + std::to_string(one.values[k]) + " instead of " +
                          std::to_string(vector[k]))
                             .c_str());
        }
        QVERIFY(truncated > 0 && truncated < static_cast<int>(texts.size()));
    }

    // Texts in one batch do not see each other, whatever their lengths; every instruction set agrees.
    void batches_and_instruction_sets() {
        const auto file = open_encoder_file((kFolder / "bert").string());
        QVERIFY2(file.ok(), file ? "" : file.error().message().c_str());
        const auto pool = std::make_shared<ThreadPool>(3);
        const auto reference = make_reference_encoder(file->spec, file->weights, pool);
        QVERIFY(reference.ok());
        std::vector<TokenId> ids;
        std::vector<std::int32_t> begins = {0};
        for (const int length : {1, 7, 8, 9, 16, 17, 33, 40, 2}) {
            for (int t = 0; t < length; ++t)
                ids.push_back(static_cast<TokenId>((ids.size() * 37 + 11) %
                                                   static_cast<std::size_t>(file->spec->vocabulary)));
            begins.push_back(static_cast<std::int32_t>(ids.size()));
        }
        const auto n = static_cast<std::size_t>(file->spec->n_embd);
        std::vector<float> right(ids.size() * n), ours(right.size()), alone(right.size());
        QVERIFY((*reference)->run({ids, begins}, right).ok());
        for (const cpu::Isa isa : cpu::usable_isas(detect_cpu_features())) {
            const auto encoder = make_cpu_encoder(file->spec, file->weights, pool, isa);
            QVERIFY(encoder.ok());
            std::fill(ours.begin(), ours.end(), std::nanf(""));
            QVERIFY((*encoder)->run({ids, begins}, ours).ok());
            for (std::size_t s = 0; s + 1 < begins.size(); ++s) {
                const auto begin = static_cast<std::size_t>(begins[s]),
                           end = static_cast<std::size_t>(begins[s + 1]);
                const std::int32_t both[] = {0, static_cast<std::int32_t>(end - begin)};
                QVERIFY((*encoder)
                            ->run({std::span(ids).subspan(begin, end - begin), both},
                                  std::span(alone).subspan(begin * n, (end - begin) * n))
                            .ok());
            }
            for (std::size_t i = 0; i < right.size(); ++i) {
                QVERIFY2(std::abs(ours[i] - right[i]) < 5e-5, (*encoder)->description().c_str());
                QVERIFY(std::abs(alone[i] - ours[i]) < 1e-5);
            }
        }
    }

    void misuse_is_refused() {
        const auto made = Embedder::open((kFolder / "bert").string());
        QVERIFY(made.ok());
        CancelToken cancel;
        cancel.cancel();
        const std::vector<std::string> texts = {"hello"};
        const auto stopped = (*made)->embed(texts, cancel);
        QVERIFY(!stopped.ok());
        QCOMPARE(stopped.error().code, ErrorCode::cancelled);
        QVERIFY((*made)->embed({}).ok());

        EmbedderOptions options;
        options.device = "abacus";
        QCOMPARE(Embedder::open((kFolder / "bert").string(), options).error().code, ErrorCode::unsupported);
        for (const int length : {2, 41, -1}) {
            EmbedderOptions wrong;
            wrong.max_tokens = length;
            QCOMPARE(Embedder::open((kFolder / "bert").string(), wrong).error().code,
                     ErrorCode::invalid_argument);
        }
        const auto file = open_encoder_file((kFolder / "bert").string());
        const auto encoder =
            make_reference_encoder(file->spec, file->weights, std::make_shared<ThreadPool>(1));
        std::vector<float> hidden(static_cast<std::size_t>(file->spec->n_embd));
        const std::int32_t begins[] = {0, 1};
        const TokenId outside[] = {file->spec->vocabulary}, below[] = {-1};
        QCOMPARE((*encoder)->run({outside, begins}, hidden).error().code, ErrorCode::invalid_argument);
        QCOMPARE((*encoder)->run({below, begins}, hidden).error().code, ErrorCode::invalid_argument);
        const std::int32_t empty[] = {0, 0};
        QCOMPARE((*encoder)->run({{}, empty}, {}).error().code, ErrorCode::invalid_argument);
    }

    void damage_is_refused_data() {
        QTest::addColumn<QString>("file");
        QTest::addColumn<QString>("patch");  // merged into JSON; "-": the file goes; else its new bytes
        QTest::addColumn<int>("code");
        const auto row = [](const char* name, const char* file, const char* patch, ErrorCode code) {
            QTest::newRow(name) << QString(file) << QString(patch).replace('\'', '"')
                                << static_cast<int>(code);
        };
        row("no config", "config.json", "-", ErrorCode::not_found);
        row("no weights", "model.safetensors", "-", ErrorCode::not_found);
        row("no tokenizer", "tokenizer.json", "-", ErrorCode::not_found);
        row("config cut", "config.json", "{", ErrorCode::corrupt);
        row("config a list", "config.json", "[]", ErrorCode::corrupt);
        row("weights cut", "model.safetensors", "12345", ErrorCode::corrupt);
        row("a decoder", "config.json", "{'model_type': 'llama'}", ErrorCode::unsupported);
        row("an activation", "config.json", "{'hidden_act': 'relu6'}", ErrorCode::unsupported);
        row("relative positions", "config.json", "{'position_embedding_type': 'relative_key'}",
            ErrorCode::unsupported);
        row("no width", "config.json", "{'hidden_size': null}", ErrorCode::not_found);
        row("a width of text", "config.json", "{'hidden_size': 'wide'}", ErrorCode::corrupt);
        row("4096 heads", "config.json", "{'num_attention_heads': 4096}", ErrorCode::corrupt);
        row("no heads", "config.json", "{'num_attention_heads': 0}", ErrorCode::corrupt);
        row("another width", "config.json", "{'hidden_size': 128}", ErrorCode::corrupt);
        row("a layer too many", "config.json", "{'num_hidden_layers': 3}", ErrorCode::not_found);
        row("more words than rows", "config.json", "{'vocab_size': 90000}", ErrorCode::corrupt);
        row("pooling elsewhere", "modules.json", "[{'type': 'x.Pooling', 'path': '../../etc'}]",
            ErrorCode::corrupt);
        row("a dense module", "modules.json", "[{'type': 'x.Dense', 'path': '2'}]", ErrorCode::unsupported);
        row("modules no list", "modules.json", "{}", ErrorCode::corrupt);
        row("pooling by maximum", "1_Pooling/config.json", "{'pooling_mode_max_tokens': true}",
            ErrorCode::unsupported);
        row("no pooling file", "1_Pooling/config.json", "-", ErrorCode::not_found);
    }
    void damage_is_refused() {
        QFETCH(QString, file);
        QFETCH(QString, patch);
        QFETCH(int, code);
        const QTemporaryDir temporary;
        const fs::path folder = fs::path(temporary.path().toStdString()) / "bert";
        fs::copy(kFolder / "bert", folder, fs::copy_options::recursive);
        QVERIFY(open_encoder_file(folder.string()).ok());
        const fs::path path = folder / file.toStdString();
        const json change = json::parse(patch.toStdString(), nullptr, false);
        if (patch == "-") {
            fs::remove(path);
        } else if (change.is_object() && !change.empty()) {
            json tree = read(path);
            tree.update(change);
            write(path, tree.dump());
        } else {
            write(path, patch.toStdString());
        }
        const auto made = open_encoder_file(folder.string());
        QVERIFY(!made.ok());
        QVERIFY2(made.error().code == static_cast<ErrorCode>(code), made.error().message().c_str());
        QVERIFY(!made.error().what.empty() && !made.error().hint.empty());
    }

    void a_gguf_cut_anywhere_is_refused() {
        std::ifstream in(kFolder / "bert.gguf", std::ios::binary);
        const std::string bytes((std::istreambuf_iterator<char>(in)), {});
        QVERIFY(bytes.size() > 1000);
        for (std::size_t at = 0; at < bytes.size(); at += bytes.size() / 97) {
            const auto file = GgufFile::parse(std::as_bytes(std::span(bytes).first(at)), "cut");
            QVERIFY(!file.ok() || !read_encoder_file(*file).ok());
        }
        // Every byte of the header in turn: an answer or a typed error, never a crash.
        std::string damaged = bytes;
        const std::size_t header = 3000;
        for (std::size_t at = 0; at < header; at += 3) {
            damaged[at] = static_cast<char>(damaged[at] ^ 0x41);
            const auto file = GgufFile::parse(std::as_bytes(std::span(damaged)), "flipped");
            if (file) {
                const auto made = read_encoder_file(*file);
                if (!made) QVERIFY(!made.error().what.empty());
            }
            damaged[at] = bytes[at];
        }
    }
};

QTEST_APPLESS_MAIN(TestEmbedder)
#include "test_embedder.moc"
