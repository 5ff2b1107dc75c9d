// The command line contract, end to end on fixtures: results on stdout, diagnostics on stderr, exit 0, 1
// or 2.
#include <QProcess>
#include <QtTest>
#include <cmath>
#include <cstring>
#include <fstream>
#include <nlohmann/json.hpp>

#include "engine/format/safetensors_file.h"
#include "tests/engine/runtime/tiny_model.h"

using namespace pellucid;
using Json = nlohmann::json;

namespace {

struct Ran {
    int code = -1;
    QByteArray out, err;
};

Ran cli(const QStringList& arguments, const QByteArray& input = {}) {
    QProcess process;
    process.start(PELLUCID_CLI, arguments);
    process.write(input);
    process.closeWriteChannel();
    Ran ran;
    if (!process.waitForFinished(60000) || process.exitStatus() != QProcess::NormalExit) return ran;
    ran.code = process.exitCode();
    ran.out = process.readAllStandardOutput();
    ran.err = process.readAllStandardError();
    return ran;
}

QString fixture(const char* name) {
    return QString::fromStdString(test::fixture_model(name));
}

}  // namespace

// A failed command gives its code and one clear line, nothing on stdout.
#define VERIFY_FAILED(ran, expected_code, expected_text)                    \
    do {                                                                    \
        QVERIFY2((ran).code == (expected_code), (ran).err.constData());     \
        QVERIFY2((ran).err.contains(expected_text), (ran).err.constData()); \
        QVERIFY((ran).out.isEmpty());                                       \
    } while (false)

class TestCli : public QObject {
    Q_OBJECT

private:
    QTemporaryDir folder_;
    QString tiny_;

    QString write(const char* name, const QByteArray& text) {
        const QString path = folder_.filePath(name);
        QFile file(path);
        if (!file.open(QIODevice::WriteOnly) || file.write(text) != text.size()) qFatal("cannot write");
        return path;
    }

private slots:
    void initTestCase() { tiny_ = QString::fromStdString(test::write_tiny_model(folder_)); }

    void help_and_wrong_use() {
        QCOMPARE(cli({"--help"}).code, 0);
        QVERIFY(cli({"--help"}).out.contains("perplexity"));
        QVERIFY(cli({"--version"}).out.startsWith("pellucid-cli "));
        for (const char* command :
             {"run", "chat", "logits", "tokenize", "template", "bench", "perplexity", "inspect"}) {
            QCOMPARE(cli({command, "--help"}).code, 0);
            QCOMPARE(cli({command}).code, 2);  // every one of them needs something
            QCOMPARE(cli({command, "--no-such-flag"}).code, 2);
        }
        QCOMPARE(cli({}).code, 2);
        QCOMPARE(cli({"frobnicate"}).code, 2);
        QCOMPARE(cli({"run", "--model", tiny_, "--prompt", "x", "--threads", "-4"}).code, 2);
        QCOMPARE(cli({"run", "--model", tiny_, "--prompt", "x", "--top-p", "7"}).code, 2);
        QCOMPARE(cli({"run", "--model", tiny_, "--prompt", "x", "--think", "maybe"}).code, 2);
        QCOMPARE(cli({"logits", "--model", tiny_, "--tokens", "1", "--tokens-file", "x", "--out", "y"}).code,
                 2);
    }

    void what_is_for_later_is_refused_not_ignored() {
        const QStringList run = {"run", "--model", tiny_, "--prompt", "x"};
        const QList<QStringList> later = {{"--device", "vulkan:1"}, {"--parallel", "4"}};
        for (const auto& flags : later) VERIFY_FAILED(cli(run + flags), 2, "not in this version");
        VERIFY_FAILED(cli(run + QStringList{"--device", "abacus"}), 2, "abacus");
        VERIFY_FAILED(cli(run + QStringList{"--device", "cuda:99"}), 1, "cuda:99");  // no machine has it
        VERIFY_FAILED(cli(run + QStringList{"--kv", "f99"}), 2, "f99");
        VERIFY_FAILED(cli(run + QStringList{"--speculate", "guesswork"}), 2, "guesswork");
        VERIFY_FAILED(cli({"bench", "--model", tiny_, "--speculate", "lookup,0"}), 2, "\"0\"");
    }

    void layers_run_where_the_placement_says() {
        const QStringList run = {"run",          "--model", tiny_,   "--prompt", "Hello",  "--seed",    "5",
                                 "--max-tokens", "20",      "--ctx", "128",      "--json", "--threads", "2"};
        const auto values = [](const Ran& ran) {
            if (ran.code != 0) qFatal("%s", ran.err.constData());
            return Json::parse(ran.out.trimmed().split('\n').last().toStdString())["values"];
        };
        const auto said = [](const Ran& ran) {
            QByteArrayList lines = ran.out.trimmed().split('\n');
            lines.removeLast();
            std::vector<int> ids;
            for (const QByteArray& line : lines) {
                const Json delta = Json::parse(line.toStdString());
                for (const auto& token : delta["tokens"]) ids.push_back(token["id"].get<int>());
            }
            return ids;
        };
        const Ran whole = cli(run), placed = cli(run + QStringList{"--placement", "reference:0f-1"});
        QCOMPARE(values(whole)["placement"].get<std::string>(), std::string("whole"));
        const auto in_force = values(placed);
        QCOMPARE(in_force["placement"].get<std::string>().substr(0, 21),
                 std::string("cpu:0a,reference:0f-1"));
        QVERIFY(in_force["placement_devices"].size() == 2);
        QCOMPARE(in_force["placement_devices"][0]["device"].get<std::string>(), std::string("cpu"));
        QVERIFY(in_force["placement_devices"][1]["weights"].get<double>() > 0);
        QVERIFY2(placed.err.contains("placement: cpu:0a,reference:0f-1"), placed.err.constData());
        QVERIFY2(placed.err.contains("device: 2 devices: cpu: layers 0a"), placed.err.constData());
        QVERIFY(!said(whole).empty());
        QCOMPARE(said(placed), said(whole));
        VERIFY_FAILED(cli(run + QStringList{"--placement", "gpu:0,cpu:1-"}), 1, "choose one of");
        VERIFY_FAILED(cli(run + QStringList{"--placement", "cpu:0-99"}), 1, "layer 99");
        VERIFY_FAILED(cli(run + QStringList{"--placement", "everywhere"}), 1, "cuda:0-15,cpu:16-31");
        const auto plan = Json::parse(cli({"inspect", tiny_, "--json", "--placement", "reference:1-"})
                                          .out.toStdString())["memory"]["cpu"];
        QCOMPARE(plan["devices"].size(), std::size_t{2});
        QCOMPARE(plan["devices"][0]["weights"].get<double>() + plan["devices"][1]["weights"].get<double>(),
                 plan["weights"].get<double>());
    }

    void a_chat_goes_on_with_another_placement() {
        const Ran ran = cli({"chat", "--model", tiny_, "--max-tokens", "4", "--ctx", "256", "--threads", "2"},
                            "Hello\n/placement cpu:0,reference:1-\n/placement nowhere\nAgain\n/device "
                            "reference\n/placement whole\n\n");
        QVERIFY2(ran.code == 0, ran.err.constData());
        QVERIFY2(ran.err.contains("placement: cpu:0,reference:1"), ran.err.constData());
        QVERIFY2(ran.err.contains("The conversation is kept"), ran.err.constData());
        QVERIFY2(ran.err.contains("/device reference"), ran.err.constData());
        QVERIFY2(ran.err.contains("device: reference"), ran.err.constData());
    }

    void adapters_by_file_and_strength() {
        const QString folder = PELLUCID_FIXTURES "/folders/quantized/";
        const QStringList logits = {"logits",   "--model", PELLUCID_FIXTURES "/architectures/llama.gguf",
                                    "--tokens", "1,2,3",   "--out"};
        const auto bytes = [&](const QStringList& more) {
            QTemporaryDir out;
            const QString file = out.filePath("l.safetensors");
            const auto done = cli(logits + QStringList{file} + more);
            if (done.code != 0) qFatal("%s", done.err.constData());
            QFile in(file);
            if (!in.open(QIODevice::ReadOnly)) qFatal("no logits");
            return in.readAll().right(3 * 320 * 4);  // the header tells the options
        };
        const QByteArray plain = bytes({}), adapted = bytes({"--lora", folder + "lora_first"});
        QVERIFY(plain != adapted);
        QCOMPARE(bytes({"--lora", folder + "lora_first:0"}), plain);
        QCOMPARE(bytes({"--lora", folder + "lora_first:1"}), adapted);
        QVERIFY(bytes({"--lora", folder + "lora_first:0.5", "--lora", folder + "lora_second:-1.5"}) !=
                adapted);
        VERIFY_FAILED(cli(logits + QStringList{"/dev/null", "--lora", "/nowhere/a.gguf:0.5"}), 1,
                      "/nowhere/a.gguf");
    }

    void a_hugging_face_folder() {
        const QString folder = PELLUCID_FIXTURES "/folders/quantized/gptq";
        const auto shown = cli({"inspect", folder, "--json"});
        QCOMPARE(shown.code, 0);
        const auto json = Json::parse(shown.out.toStdString());
        QCOMPARE(json["quantization"].get<std::string>(), std::string("GPTQ 4-bit"));
        QCOMPARE(json["architecture"].get<std::string>(), std::string("llama"));
        QTemporaryDir out;
        const QString file = out.filePath("q8.gguf");
        QCOMPARE(cli({"quantize", folder, file, "Q8_0"}).code, 0);
        QCOMPARE(
            cli({"logits", "--model", file, "--tokens", "1,2", "--out", out.filePath("a.safetensors")}).code,
            0);
        QCOMPARE(cli({"logits", "--model", folder, "--tokens", "1,2", "--out", out.filePath("b.safetensors")})
                     .code,
                 0);
    }

    void a_model_of_the_library_by_its_name() {
        QTemporaryDir data;
        QVERIFY(QDir(data.path()).mkpath("models"));
        QVERIFY(QFile::copy(tiny_, data.filePath("models/Tiny-Llama.Q8_0.gguf")));
        QVERIFY(QFile::copy(tiny_, data.filePath("models/Tiny-Qwen.gguf")));
        const auto listed = cli({"models", "list", "--json", "--data-dir", data.path()});
        QCOMPARE(listed.code, 0);
        const auto rows = Json::parse(listed.out.toStdString());
        QCOMPARE(rows.size(), std::size_t{2});
        QCOMPARE(rows[0]["id"].get<std::string>(), std::string("Tiny-Llama.Q8_0"));
        QCOMPARE(rows[0]["bytes"].get<qint64>(), QFileInfo(tiny_).size());
        const auto ids = [&](const QString& model) {
            return cli({"tokenize", "--model", model, "--text", "one two", "--data-dir", data.path()});
        };
        const auto expected = cli({"tokenize", "--model", tiny_, "--text", "one two"});
        QCOMPARE(expected.code, 0);
        for (const char* name : {"Tiny-Llama.Q8_0", "tiny llama", "TINY_QWEN"}) {
            const auto found = ids(name);
            QVERIFY2(found.code == 0, found.err.constData());
            QCOMPARE(found.out, expected.out);
        }
        VERIFY_FAILED(ids("tiny"), 1, "Tiny-Llama.Q8_0, Tiny-Qwen");
        VERIFY_FAILED(ids("other"), 1, "the library has Tiny-Llama.Q8_0");
        VERIFY_FAILED(ids("./other.gguf"), 1, "./other.gguf");
        QTemporaryDir empty;
        VERIFY_FAILED(cli({"run", "--model", "other", "--prompt", "x", "--data-dir", empty.path()}), 1,
                      "is empty");
    }

    void missing_and_broken_files() {
        const QString none = folder_.filePath("none.gguf");
        VERIFY_FAILED(cli({"run", "--model", none, "--prompt", "x"}), 1, "none.gguf");
        VERIFY_FAILED(cli({"inspect", none}), 1, "none.gguf");
        VERIFY_FAILED(cli({"tokenize", "--model", none, "--text", "x"}), 1, "none.gguf");
        QFile whole(tiny_);
        QVERIFY(whole.open(QIODevice::ReadOnly));
        const QByteArray bytes = whole.readAll();
        const QString cut = write("cut.gguf", bytes.left(bytes.size() * 2 / 3));
        VERIFY_FAILED(cli({"run", "--model", cut, "--prompt", "x"}), 1, "cut.gguf");
        VERIFY_FAILED(cli({"run", "--model", write("junk.gguf", "not a model"), "--prompt", "x"}), 1,
                      "junk.gguf");
        VERIFY_FAILED(cli({"inspect", write("short.gguf", bytes.left(100))}), 1, "short.gguf");
        const auto header =
            cli({"inspect", "--json", cut});  // the header is whole: it is shown, and what is missing
        QCOMPARE(header.code, 0);
        QCOMPARE(Json::parse(header.out.toStdString())["complete"].get<bool>(), false);
        VERIFY_FAILED(cli({"perplexity", "--model", tiny_, "--file", folder_.filePath("none.txt")}), 1,
                      "none.txt");
    }

    void logits_match_the_witness_data() {
        QTest::addColumn<QString>("device");
        QTest::addColumn<double>("tolerance");
        QTest::newRow("reference") << "reference" << 0.01;
        QTest::newRow("cpu") << "cpu" << 0.05;
    }
    void logits_match_the_witness() {
        QFETCH(QString, device);
        QFETCH(double, tolerance);
        const auto expected = SafetensorsFile::open(std::string(PELLUCID_FIXTURES) +
                                                    "/architectures/llama.expected.safetensors");
        const auto* tokens = (*expected)->find("tokens_1");
        QByteArray text;
        for (std::size_t i = 0; i < static_cast<std::size_t>(tokens->shape[0]); ++i) {
            std::int64_t id = 0;
            if (tokens->type == TensorType::i64)
                std::memcpy(&id, tokens->bytes.data() + 8 * i, 8);
            else {
                std::int32_t small = 0;
                std::memcpy(&small, tokens->bytes.data() + 4 * i, 4);
                id = small;
            }
            text += (i ? "," : "") + QByteArray::number(static_cast<qlonglong>(id));
        }
        const QString out = folder_.filePath(device + ".safetensors");
        const auto ran = cli({"logits", "--model", fixture("llama"), "--tokens-file",
                              write("tokens.txt", text + "\n"), "--device", device, "--out", out});
        QVERIFY2(ran.code == 0, ran.err.constData());
        QVERIFY(ran.err.contains("device: " + device.toUtf8()));
        const auto got = SafetensorsFile::open(out.toStdString());
        QVERIFY(got.ok());
        const auto* logits = (*got)->find("logits");
        QVERIFY(logits && logits->type == TensorType::f32);
        QCOMPARE(logits->shape, (std::vector<std::int64_t>{tokens->shape[0], 320}));
        const auto* want = (*expected)->find("logits_1");
        const auto* positions = (*expected)->find("positions_1");
        double worst = 0, squares = 0, sum = 0;
        const auto rows = static_cast<std::size_t>(want->shape[0]);
        for (std::size_t r = 0; r < rows; ++r) {
            std::int64_t at = 0;
            if (positions->type == TensorType::i64)
                std::memcpy(&at, positions->bytes.data() + 8 * r, 8);
            else {
                std::int32_t small = 0;
                std::memcpy(&small, positions->bytes.data() + 4 * r, 4);
                at = small;
            }
            for (std::size_t v = 0; v < 320; ++v) {
                float a = 0, b = 0;
                std::memcpy(&a, logits->bytes.data() + 4 * (static_cast<std::size_t>(at) * 320 + v), 4);
                std::memcpy(&b, want->bytes.data() + 4 * (r * 320 + v), 4);
                const double error = std::abs(static_cast<double>(a) - b);
                worst = error <= worst ? worst : error;
                squares += static_cast<double>(b) * b;
                sum += b;
            }
        }
        const double n = static_cast<double>(rows) * 320;
        QVERIFY(n > 0);
        QVERIFY(worst <= tolerance * std::sqrt(squares / n - sum / n * sum / n));
    }

    void bad_tokens() {
        const QString out = folder_.filePath("x.safetensors");
        VERIFY_FAILED(cli({"logits", "--model", fixture("llama"), "--tokens", "1,two", "--out", out}), 1,
                      "two");
        VERIFY_FAILED(cli({"logits", "--model", fixture("llama"), "--tokens", "1,320", "--out", out}), 1,
                      "320");
        VERIFY_FAILED(cli({"logits", "--model", fixture("llama"), "--tokens", "-1", "--out", out}), 1, "-1");
        VERIFY_FAILED(cli({"logits", "--model", fixture("llama"), "--tokens", " ", "--out", out}), 1,
                      "no token");
        QVERIFY(!QFile::exists(out));
        VERIFY_FAILED(
            cli({"logits", "--model", fixture("llama"), "--tokens", "1", "--out", "/nowhere/x.safetensors"}),
            1, "/nowhere");
    }

    void run_streams_an_answer() {
        const QStringList run = {"run", "--model",      tiny_, "--prompt", "Hello",    "--seed",
                                 "5",   "--max-tokens", "20",  "--device", "reference"};
        const auto first = cli(run);
        QVERIFY2(first.code == 0, first.err.constData());
        QVERIFY(first.err.contains("device: reference") && first.err.contains("tokens/s") &&
                first.err.contains("seed 5"));
        QVERIFY(first.out.endsWith("\n"));
        QCOMPARE(cli(run).out, first.out);  // the same seed, the same answer
        QVERIFY(cli({"run", "--model", tiny_, "--prompt", "Hello", "--seed", "6", "--max-tokens", "20",
                     "--device", "reference"})
                    .out != first.out);
    }

    void run_as_json() {
        const auto ran =
            cli({"run", "--model", tiny_, "--prompt", "Hello", "--system", "Be brief", "--seed", "5",
                 "--max-tokens", "30", "--think", "3", "--json", "--threads", "1", "--ctx", "256"});
        QVERIFY2(ran.code == 0, ran.err.constData());
        const auto lines = ran.out.trimmed().split('\n');
        QVERIFY(lines.size() > 2);
        for (int i = 0; i + 1 < lines.size(); ++i) {
            const auto line = Json::parse(lines[i].toStdString());
            QVERIFY(line.contains("channel") && line.contains("text") && line["tokens"].is_array());
        }
        const auto last = Json::parse(lines.last().toStdString());
        QVERIFY(last.contains("finish") && last["timings"].contains("prompt_seconds"));
        const auto& values = last["values"];
        for (const char* name :
             {"model", "device", "device_path", "threads", "ctx", "kv", "lora", "placement", "deterministic",
              "speculate", "sampling", "max_tokens", "think"})
            QVERIFY2(values.contains(name), name);
        QCOMPARE(values["ctx"].get<int>(), 256);
        QCOMPARE(values["threads"].get<int>(), 1);
        QCOMPARE(values["sampling"]["seed"].get<int>(), 5);
    }

    void a_prompt_that_overflows_says_by_how_much() {
        VERIFY_FAILED(cli({"run", "--model", tiny_, "--prompt", QString(500, 'x'), "--ctx", "128"}), 1,
                      "128");
        VERIFY_FAILED(cli({"run", "--model", tiny_, "--prompt", "x", "--ctx", "100000"}), 1, "512");
    }

    void a_base_model_offers_plain_completion() {
        QTemporaryDir folder;
        const QString base = QString::fromStdString(test::write_tiny_model(folder, ""));
        VERIFY_FAILED(cli({"run", "--model", base, "--prompt", "x"}), 1, "--complete");
        VERIFY_FAILED(cli({"chat", "--model", base}), 1, "--complete");
        QCOMPARE(cli({"run", "--model", base, "--prompt", "x", "--complete", "--max-tokens", "3"}).code, 0);
        VERIFY_FAILED(cli({"run", "--model", fixture("llama"), "--prompt", "x", "--complete"}), 1,
                      "tokenizer");
    }

    void chat_goes_on_until_the_input_ends() {
        const auto ran =
            cli({"chat", "--model", tiny_, "--max-tokens", "5", "--seed", "1"}, "Hello\n/new\nAgain\n");
        QVERIFY2(ran.code == 0, ran.err.constData());
        QCOMPARE(ran.err.count("prompt tokens"), 2);
    }

    void tokenize_and_back() {
        const auto ids = cli({"tokenize", "--model", tiny_, "--text", "Hi<think>"});
        QCOMPARE(ids.out, QByteArray("72,105,258\n"));
        QCOMPARE(cli({"tokenize", "--model", tiny_, "--text", "Hi<think>", "--literal"}).out,
                 QByteArray("72,105,60,116,104,105,110,107,62\n"));
        QCOMPARE(cli({"tokenize", "--model", tiny_, "--text", "72,105,258", "--detokenize"}).out,
                 QByteArray("Hi<think>"));
        QCOMPARE(
            cli({"tokenize", "--model", tiny_, "--file", write("lines.txt", "a\n\nbc\n"), "--lines"}).out,
            QByteArray("97\n\n98,99\n"));
        VERIFY_FAILED(cli({"tokenize", "--model", tiny_, "--text", "1,x", "--detokenize"}), 1, "x");
        VERIFY_FAILED(cli({"tokenize", "--model", tiny_, "--text", "99999", "--detokenize"}), 1, "99999");
        VERIFY_FAILED(cli({"tokenize", "--model", fixture("llama"), "--text", "x"}), 1, "tokenizer");
        QCOMPARE(cli({"tokenize", "--model", tiny_}).code, 2);
    }

    void template_is_rendered_byte_for_byte() {
        const QString messages = write("messages.json", "[{\"role\": \"user\", \"content\": \"Grüß dich\"}]");
        QCOMPARE(cli({"template", "--model", tiny_, "--messages", messages}).out,
                 QByteArray("<|im_start|>user\nGrüß dich<|im_end|>\n<|im_start|>assistant\n"));
        QCOMPARE(cli({"template", "--model", tiny_, "--messages", messages, "--no-generation-prompt"}).out,
                 QByteArray("<|im_start|>user\nGrüß dich<|im_end|>\n"));
        QVERIFY(cli({"template", "--model", tiny_, "--messages", messages, "--set", "opened=true"})
                    .out.endsWith("<think>\n"));
        QCOMPARE(cli({"template", "--model", tiny_, "--messages", messages, "--set", "opened"}).code, 2);
        VERIFY_FAILED(cli({"template", "--model", tiny_, "--messages", write("bad.json", "[{")}), 1,
                      "bad.json");
        VERIFY_FAILED(cli({"template", "--model", fixture("llama"), "--messages", messages}), 1,
                      "no chat template");
        QTemporaryDir folder;
        QFile config(folder.filePath("tokenizer_config.json"));
        QVERIFY(config.open(QIODevice::WriteOnly));
        config.write(
            "{\"bos_token\": {\"content\": \"<s>\"}, \"chat_template\": \"{{ bos_token }}{{ "
            "messages[0].content }}\"}");
        config.close();
        QCOMPARE(cli({"template", "--model", folder.path(), "--messages", messages}).out,
                 QByteArray("<s>Grüß dich"));
        QVERIFY(cli({"template", "--model", tiny_, "--messages", messages}).err.isEmpty());
    }

    void bench_gives_all_its_figures() {
        const auto ran = cli({"bench", "--model", fixture("llama"), "--prompt-tokens", "40", "--gen-tokens",
                              "8", "--depth", "20", "--batch", "2", "--repeat", "2", "--json"});
        QVERIFY2(ran.code == 0, ran.err.constData());
        const auto line = Json::parse(ran.out.toStdString());
        for (const char* name :
             {"prefill_tokens_per_second", "decode_tokens_per_second", "time_to_first_token_seconds"}) {
            QVERIFY2(line[name]["median"].get<double>() > 0, name);
            QVERIFY(line[name]["min"].get<double>() <= line[name]["median"].get<double>());
            QVERIFY(line[name]["max"].get<double>() >= line[name]["median"].get<double>());
        }
        for (const char* name :
             {"decode_bytes_per_second", "copy_bytes_per_second", "share_of_copy_speed", "peak_memory_bytes"})
            QVERIFY2(line[name].get<double>() > 0, name);
        QCOMPARE(line["depth"].get<int>(), 20);
        const auto table = cli({"bench", "--model", fixture("llama"), "--prompt-tokens", "20", "--gen-tokens",
                                "4", "--repeat", "1"});
        QVERIFY(table.out.contains("prefill") && table.out.contains("decode") &&
                table.out.contains("peak memory"));
        VERIFY_FAILED(cli({"bench", "--model", fixture("llama"), "--prompt-tokens", "5000"}), 1, "512");
    }

    /// What each device takes of a token is told before a model is loaded.
    void placed_models_are_predicted() {
        const auto ran = cli({"bench", "--model", fixture("qwen3moe"), "--placement", "experts=reference",
                              "--prompt-tokens", "8", "--gen-tokens", "4", "--repeat", "1", "--json"});
        QVERIFY2(ran.code == 0, ran.err.constData());
        const auto line = Json::parse(ran.out.toStdString());
        QVERIFY(line["predicted_seconds_per_token"].get<double>() > 0);
        QCOMPARE(line["predicted_turns"].size(), std::size_t{2});
        QCOMPARE(line["predicted_turns"][1]["device"].get<std::string>(), std::string("reference"));
        const auto plan = cli(
            {"models", "plan", fixture("qwen3moe"), "--placement", "reference:0", "--ctx", "64", "--json"});
        QVERIFY2(plan.code == 0, plan.err.constData());
        const auto told = Json::parse(plan.out.toStdString());
        QVERIFY(told["tokens_per_second"].get<double>() > 0 && told["fits"].get<bool>());
        QCOMPARE(told["devices"].size(), std::size_t{2});
        QCOMPARE(told["turns"].size(), std::size_t{2});
        const auto alone = cli({"models", "plan", fixture("llama"), "--measure"});
        QVERIFY2(alone.code == 0 && alone.out.contains("in 1 turn"), alone.err.constData());
        VERIFY_FAILED(cli({"models", "plan", "owner/name", "--measure"}), 2, "a file that is here");
        VERIFY_FAILED(cli({"models", "plan", fixture("llama"), "--placement", "nowhere:0"}), 1, "nowhere");
    }

    void perplexity_states_its_method() {
        const QString text =
            write("text.txt", QByteArray("The quick brown fox jumps over the lazy dog. ").repeated(10));
        const auto ran = cli({"perplexity", "--model", tiny_, "--file", text, "--context", "64", "--json",
                              "--device", "reference"});
        QVERIFY2(ran.code == 0, ran.err.constData());
        const auto line = Json::parse(ran.out.toStdString());
        QCOMPARE(line["windows"].get<int>(), 450 / 64);
        QCOMPARE(line["scored_tokens"].get<int>(), 450 / 64 * 31);
        QVERIFY(line["standard_error"].get<double>() > 0);
        // A random model over 320 tokens is about as surprised as a die with 320 sides.
        QVERIFY(line["perplexity"].get<double>() > 100 && line["perplexity"].get<double>() < 1500);
        QVERIFY(line["method"].get<std::string>().find("BOS") != std::string::npos);
        VERIFY_FAILED(
            cli({"perplexity", "--model", tiny_, "--file", write("short.txt", "a"), "--context", "64"}), 1,
            "1 tokens");
        VERIFY_FAILED(cli({"perplexity", "--model", fixture("llama"), "--file", text, "--context", "64"}), 1,
                      "tokenizer");
    }

    void perplexity_compares_kv_formats() {
        const QString text =
            write("text.txt", QByteArray("The quick brown fox jumps over the lazy dog. ").repeated(10));
        const QStringList common = {"perplexity", "--model", tiny_, "--file", text, "--context", "64"};
        const auto ran = cli(common + QStringList{"--kv", "f32,f16,q8,fp8,q4,q3,f32", "--json"});
        QVERIFY2(ran.code == 0, ran.err.constData());
        const auto line = Json::parse(ran.out.toStdString());
        QCOMPARE(line.size(), std::size_t{7});
        const auto change = [&](std::size_t i) {
            return std::abs(line[i]["difference_of_mean_loss"].get<double>());
        };
        QCOMPARE(change(0), 0.0);
        QCOMPARE(change(6), 0.0);  // the same again: nothing differs
        for (std::size_t i = 1; i < 6; ++i) {
            QVERIFY(change(i) > 0 && change(i) < 0.5);
            QVERIFY(line[i]["standard_error_of_difference"].get<double>() > 0);
            QCOMPARE(line[i]["scored_tokens"], line[0]["scored_tokens"]);
            const auto bytes = line[i]["kv_bytes_per_token"].get<double>();
            const auto before = line[i - 1]["kv_bytes_per_token"].get<double>();
            QVERIFY(bytes < before);
        }
        const auto table = cli(common + QStringList{"--kv", "f16,q8"});
        QVERIFY(table.code == 0 && table.out.contains("smaller") && table.out.contains("q8"));
        VERIFY_FAILED(cli(common + QStringList{"--kv", "f16,q9"}), 2, "q9");
    }

    void inspect_tells_what_is_in_a_file() {
        const auto ran = cli({"inspect", tiny_, "--json", "--tensors"});
        QVERIFY2(ran.code == 0, ran.err.constData());
        const auto all = Json::parse(ran.out.toStdString());
        QCOMPARE(all["architecture"].get<std::string>(), std::string("llama"));
        QCOMPARE(all["complete"].get<bool>(), true);
        QCOMPARE(all["thoughts"].get<std::string>(), std::string("<think>…</think>"));
        QVERIFY(all["memory"]["cpu"]["total"].get<double>() > 0);
        QCOMPARE(all["tensors"]["list"].size(), all["tensors"]["count"].get<std::size_t>());
        QVERIFY(cli({"inspect", tiny_}).out.contains("architecture"));
        QVERIFY(cli({"inspect", QString(PELLUCID_FIXTURES) + "/architectures/llama.expected.safetensors"})
                    .out.contains("safetensors"));
    }

    void what_is_no_file_is_not_written_over() {
        VERIFY_FAILED(
            cli({"logits", "--model", fixture("llama"), "--tokens", "1,2", "--out", folder_.path()}), 1,
            "not a regular file");
    }
};

QTEST_GUILESS_MAIN(TestCli)
#include "test_cli.moc"
