// A Hugging Face folder and adapters through the engine's own door: open, ask, quantise.
#include <QtTest>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "engine/model/adapter.h"
#include "engine/model/model_file.h"
#include "engine/model/quantizer.h"
#include "engine/runtime/devices.h"
#include "engine/runtime/local_engine.h"
#include "tests/engine/runtime/tiny_model.h"

using namespace pellucid;
using namespace std::chrono_literals;
namespace fs = std::filesystem;
using nlohmann::json;

namespace {

const std::string kQuantized = PELLUCID_FIXTURES "/folders/quantized/";

struct Heard {
    std::string text;
    std::vector<TokenId> ids;
    std::optional<Finish> finish;
};

Heard hear(Reply& reply) {
    Heard heard;
    while (!heard.finish) {
        auto event = reply.next(30s);
        if (!event) break;
        if (auto* finish = std::get_if<Finish>(&*event)) heard.finish = *finish;
        if (auto* delta = std::get_if<Delta>(&*event)) {
            heard.text += delta->text;
            for (const auto& token : delta->tokens) heard.ids.push_back(token.id);
        }
    }
    return heard;
}

Request ids(int count, int most) {
    Request request;
    std::vector<TokenId> tokens;
    for (int i = 0; i < count; ++i) tokens.push_back((i * 37 + 11) % 256);
    request.input = std::move(tokens);
    request.sampling.temperature = 0;
    request.max_tokens = most;
    request.ignore_end = true;
    return request;
}

ModelOptions small() {
    ModelOptions options;
    options.device = "cpu";
    options.threads = 2;
    options.context_length = 256;
    options.kv_format = "f32";
    return options;
}

/// Bytes as tokens, and the specials of a chat.
json byte_tokenizer(int more = 0) {
    json vocab = json::object(), added = json::array();
    for (int byte = 0; byte < 256; ++byte)
        vocab[std::string(byte_letter(static_cast<unsigned char>(byte)))] = byte;
    for (int i = 0; i < more; ++i) vocab["more" + std::to_string(i)] = 300 + i;
    int id = 256;
    for (const char* special : {"<|im_start|>", "<|im_end|>", "<think>", "</think>", "<|stop|>"})
        added.push_back({{"id", id++}, {"content", special}, {"special", true}, {"normalized", false}});
    return {{"added_tokens", added},
            {"normalizer", nullptr},
            {"pre_tokenizer", {{"type", "ByteLevel"}, {"add_prefix_space", false}, {"use_regex", true}}},
            {"decoder", {{"type", "ByteLevel"}}},
            {"post_processor", nullptr},
            {"model", {{"type", "BPE"}, {"vocab", vocab}, {"merges", json::array()}}}};
}

void write(const std::string& path, const std::string& text) {
    std::ofstream(path, std::ios::binary | std::ios::trunc) << text;
}

}  // namespace

class TestFolderModel : public QObject {
    Q_OBJECT

    QTemporaryDir dir_;
    std::string folder_, tiny_;
    LocalEngine engine_{host_devices()};

    std::vector<TokenId> greedy(Session& session, const Request& request, int* cached = nullptr) {
        auto reply = session.generate(request);
        if (!reply) qFatal("%s", reply.error().message().c_str());
        Heard heard = hear(**reply);
        if (!heard.finish || heard.finish->error) qFatal("the reply failed");
        if (cached) *cached = heard.finish->timings.cached_tokens;
        return heard.ids;
    }
    std::unique_ptr<Session> session(const std::string& path, const ModelOptions& options) {
        auto model = engine_.open(path, options);
        if (!model) qFatal("%s", model.error().message().c_str());
        return *(*model)->new_session();
    }

private slots:
    void initTestCase() {
        tiny_ = test::write_tiny_model(dir_);
        folder_ = dir_.filePath("My-Llama-1B").toStdString();
        fs::copy(kQuantized + "gptq", folder_, fs::copy_options::recursive);
        write(folder_ + "/tokenizer.json", byte_tokenizer().dump());
        write(folder_ + "/tokenizer_config.json",
              json{{"eos_token", "<|im_end|>"}, {"chat_template", "the old place"}}.dump());
        write(folder_ + "/chat_template.jinja", test::kTinyTemplate);
        write(folder_ + "/generation_config.json",
              json{{"eos_token_id", {257, 260}}, {"temperature", 0.6}, {"top_k", 20}}.dump());
    }
    void a_folder_is_a_model() {
        const auto model = engine_.open(folder_, small());
        QVERIFY2(model.ok(), model.ok() ? "" : model.error().message().c_str());
        const ModelInfo& info = (*model)->info();
        QCOMPARE(info.name, std::string("My-Llama-1B"));
        QCOMPARE(info.architecture, std::string("llama"));
        QCOMPARE(info.quantization, std::string("GPTQ 4-bit"));
        QCOMPARE(info.recommended_sampling.temperature, 0.6f);
        QCOMPARE(info.recommended_sampling.top_k, 20);
        QVERIFY((*model)->capabilities().chat && (*model)->capabilities().thinking);
        const Tokenizer& tokenizer = *(*model)->tokenizer();
        QCOMPARE(tokenizer.decode(tokenizer.encode("Grüße, <think>")), std::string("Grüße, "));
        QCOMPARE(tokenizer.special().end_of_generation, (std::vector<TokenId>{257, 260}));
        auto session = *(*model)->new_session();
        Request request;
        Conversation conversation;
        conversation.messages.resize(1);
        conversation.messages[0].content = "hello";
        request.input = conversation;
        request.max_tokens = 8;
        const auto plan = session->plan(request);
        QVERIFY(plan.ok() && plan->rendered.find("<|im_start|>user\nhello<|im_end|>") != std::string::npos);
        auto reply = session->generate(request);
        QVERIFY(reply.ok());
        QVERIFY(!hear(**reply).finish->error);
        const auto inspected = engine_.inspect(folder_ + "/config.json");
        QVERIFY(inspected.ok() && inspected->digest == info.digest);
        QVERIFY(engine_.plan(folder_, small()).ok());
    }
    void a_tokenizer_of_another_model_is_refused() {
        write(folder_ + "/tokenizer.json", byte_tokenizer(21).dump());  // one row too many
        const auto model = engine_.open(folder_, small());
        write(folder_ + "/tokenizer.json", byte_tokenizer().dump());
        QVERIFY(!model.ok());
        QCOMPARE(model.error().code, ErrorCode::corrupt);
        QVERIFY2(model.error().what.find("321 tokens") != std::string::npos &&
                     model.error().what.find("320 rows") != std::string::npos &&
                     model.error().what.find(folder_) != std::string::npos,
                 model.error().what.c_str());
    }
    void a_folder_is_quantised_into_one_file() {
        const std::string path = dir_.filePath("out.gguf").toStdString();
        const auto file = open_model_file(folder_);
        QVERIFY(file.ok());
        ThreadPool pool(2);
        QuantizeOptions options;
        options.recipe = *find_recipe("Q8_0");
        const auto report = quantize_model(*file, path, pool, options);
        QVERIFY2(report.ok(), report.ok() ? "" : report.error().message().c_str());
        auto from_folder = engine_.open(folder_, small()), from_file = engine_.open(path, small());
        QVERIFY2(from_file.ok(), from_file.ok() ? "" : from_file.error().message().c_str());
        QCOMPARE((*from_file)->info().quantization, std::string("Q8_0"));
        QCOMPARE((*from_file)->info().parameters, (*from_folder)->info().parameters);
        const std::string text = "Words, and 1234.";
        QCOMPARE((*from_file)->tokenizer()->encode(text), (*from_folder)->tokenizer()->encode(text));
        QCOMPARE((*from_file)->tokenizer()->special().end_of_generation, (std::vector<TokenId>{257, 260}));
        QVERIFY((*from_file)->capabilities().chat);
        // Other programs refuse a signed number where the format's are unsigned.
        const auto written = *GgufFile::open(path);
        for (const char* key : {"general.file_type", "general.quantization_version", "llama.block_count",
                                "llama.attention.head_count", "llama.embedding_length"})
            QVERIFY2(std::holds_alternative<std::uint64_t>(written->metadata().find(key)->data), key);
    }
    void adapters_change_between_requests() {
        ModelOptions with = small();
        with.adapters = {{kQuantized + "lora_first", 1}};
        auto plain = session(tiny_, small()), adapted = session(tiny_, with);
        const Request request = ids(20, 12);
        const auto without = greedy(*plain, request), first = greedy(*adapted, request);
        QVERIFY(without != first);
        Request swapped = request;
        swapped.adapters = {{kQuantized + "lora_first.gguf", 1}};
        int cached = -1;
        QCOMPARE(greedy(*plain, swapped, &cached), first);
        QCOMPARE(cached, 0);  // keys and values without the adapter are not taken for those with it
        QCOMPARE(greedy(*plain, request, &cached), without);
        QVERIFY(cached > 0);
        QCOMPARE(greedy(*plain, swapped, &cached), first);
        QVERIFY(cached > 0);
        swapped.adapters = {{kQuantized + "lora_first", 0.5f}, {kQuantized + "lora_second", -1.5f}};
        const auto both = greedy(*plain, swapped, &cached);
        QCOMPARE(cached, 0);
        QVERIFY(both != first && both != without);
        Request none = request;
        none.adapters = std::vector<AdapterStrength>();
        QCOMPARE(greedy(*adapted, none), without);
    }
    /// Its matrices in single precision, and room for the products of a step's rows with one of them; an
    /// adapter named twice lies in memory once.
    void adapters_are_in_the_plan() {
        const auto spec = open_model_file(tiny_)->spec;
        const auto one = *open_adapter(kQuantized + "lora_first", *spec),
                   two = *open_adapter(kQuantized + "lora_second", *spec);
        std::uint64_t widest = 0, highest = 0;
        for (const auto& [name, part] : one->parts) {
            widest = std::max<std::uint64_t>(widest, static_cast<std::uint64_t>(part.out));
            highest = std::max<std::uint64_t>(highest, static_cast<std::uint64_t>(part.rank));
        }
        ModelOptions options = small();
        const auto without = engine_.plan(tiny_, options);
        for (const char* form : {"lora_first", "lora_first.gguf", "lora_first/adapter_config.json"}) {
            options.adapters = {{kQuantized + form, 1}, {kQuantized + form, 0.5f}};
            const auto with = engine_.plan(tiny_, options);
            QVERIFY2(with.ok(), form);
            QCOMPARE(with->weights - without->weights, one->bytes());
            QCOMPARE(with->scratch - without->scratch, 512 * (widest + highest) * sizeof(float));
            QCOMPARE(with->kv, without->kv);
        }
        options.adapters = {{kQuantized + "lora_first", 1}, {kQuantized + "lora_second", 1}};
        QCOMPARE(engine_.plan(tiny_, options)->weights - without->weights, one->bytes() + two->bytes());
        options.adapters = {{"/nowhere/adapter.gguf", 1}};
        const auto missing = engine_.plan(tiny_, options);
        QVERIFY(!missing.ok() && missing.error().code == ErrorCode::not_found);
    }
    void wrong_adapters_are_told_at_the_door() {
        ModelOptions options = small();
        options.adapters = {{"/nowhere/adapter", 1}};
        const auto missing = engine_.open(tiny_, options);
        QVERIFY(!missing.ok() && missing.error().code == ErrorCode::not_found);
        options.adapters = {{kQuantized + "lora_first", std::numeric_limits<float>::quiet_NaN()}};
        const auto strength = engine_.open(tiny_, options);
        QVERIFY(!strength.ok() && strength.error().code == ErrorCode::invalid_argument);
        auto plain = session(tiny_, small());
        Request request = ids(4, 4);
        request.adapters = {{tiny_, 1}};
        const auto reply = plain->generate(request);
        QVERIFY(!reply.ok() && reply.error().what.find("is not an adapter") != std::string::npos);
    }
};

QTEST_GUILESS_MAIN(TestFolderModel)
#include "test_folder_model.moc"
