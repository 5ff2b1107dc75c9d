// The in-process engine behind Session's contract, on fixtures and on a tiny model with a tokenizer.
#include <QtTest>
#include <filesystem>
#include <fstream>

#include "engine/base/thread_pool.h"
#include "engine/cpu/cpu_backend.h"
#include "engine/format/safetensors_file.h"
#include "engine/runtime/local_engine.h"
#include "tests/engine/runtime/sampling_backend.h"
#include "tests/engine/runtime/tiny_model.h"

using namespace pellucid;
using namespace std::chrono_literals;

namespace {

struct Heard {
    std::string thought, answer;
    std::vector<TokenId> ids;
    std::vector<PromptProgress> progress;
    std::optional<Finish> finish;
};

Heard hear(Reply& reply) {
    Heard heard;
    while (!heard.finish) {
        auto event = reply.next(30s);
        if (!event) break;
        if (auto* progress = std::get_if<PromptProgress>(&*event)) heard.progress.push_back(*progress);
        if (auto* finish = std::get_if<Finish>(&*event)) heard.finish = *finish;
        if (auto* delta = std::get_if<Delta>(&*event)) {
            (delta->channel == Delta::Channel::thought ? heard.thought : heard.answer) += delta->text;
            for (const auto& token : delta->tokens) heard.ids.push_back(token.id);
        }
    }
    return heard;
}

template <typename T>
std::vector<T> values(const SafetensorsFile& file, const std::string& name) {
    const auto* tensor = file.find(name);
    if (!tensor) qFatal("no tensor %s", name.c_str());
    std::vector<T> out;
    const auto add = [&]<typename S>(S) {
        const auto* data = reinterpret_cast<const S*>(tensor->bytes.data());
        out.assign(data, data + tensor->bytes.size() / sizeof(S));
    };
    if (tensor->type == TensorType::i64)
        add(std::int64_t{});
    else if (tensor->type == TensorType::i32)
        add(std::int32_t{});
    else
        add(float{});
    return out;
}

ModelOptions on(const char* device, int context = 0) {
    ModelOptions options;
    options.device = device;
    options.context_length = context;
    options.kv_format = "f32";
    options.threads = 2;
    return options;
}

Request ids(std::vector<TokenId> tokens, int most) {
    Request request;
    request.input = std::move(tokens);
    request.sampling.temperature = 0;
    request.max_tokens = most;
    return request;
}

Request ask(const std::string& text, int most = 12) {
    Request request;
    Conversation conversation;
    conversation.messages.resize(1);
    conversation.messages[0].content = text;
    request.input = conversation;
    request.sampling.temperature = 0;
    request.max_tokens = most;
    return request;
}

}  // namespace

class TestLocalEngine : public QObject {
    Q_OBJECT

private:
    QTemporaryDir folder_;
    std::string tiny_;

    std::unique_ptr<Session> session(LocalEngine& engine, const std::string& path,
                                     const ModelOptions& options) {
        auto model = engine.open(path, options);
        if (!model) qFatal("%s", model.error().message().c_str());
        return *(*model)->new_session();
    }

private slots:
    void initTestCase() { tiny_ = test::write_tiny_model(folder_); }

    void greedy_continues_as_the_witness_does_data() {
        QTest::addColumn<QString>("device");
        QTest::addColumn<QString>("name");
        for (const char* device : {"reference", "cpu"})
            for (const char* name : {"mistral", "qwen3", "gemma3"})
                QTest::addRow("%s %s", device, name) << device << name;
    }
    void greedy_continues_as_the_witness_does() {
        QFETCH(QString, device);
        QFETCH(QString, name);
        const auto expected = SafetensorsFile::open(std::string(PELLUCID_FIXTURES) + "/architectures/" +
                                                    name.toStdString() + ".expected.safetensors");
        QVERIFY(expected.ok());
        LocalEngine engine(host_devices());
        auto one = session(engine, test::fixture_model(name.toStdString()), on(device.toUtf8().constData()));
        const auto prompt = values<TokenId>(**expected, "tokens_1");
        const auto greedy = values<TokenId>(**expected, "greedy");
        const auto margins = values<float>(**expected, "greedy_margins");
        const auto heard = hear(**one->generate(ids(prompt, static_cast<int>(greedy.size()))));
        QVERIFY(heard.finish->reason == FinishReason::length);
        QCOMPARE(heard.ids.size(), greedy.size());
        for (std::size_t i = 0; i < greedy.size() && margins[i] > 0.05f; ++i)
            QCOMPARE(heard.ids[i], greedy[i]);
        QVERIFY(margins[0] > 0.05f);  // else nothing was compared
        QCOMPARE(heard.progress.back().done_tokens, static_cast<int>(prompt.size()));
    }

    void the_same_seed_gives_the_same_tokens() {
        LocalEngine engine(host_devices());
        auto model = *engine.open(test::fixture_model("llama"), on("cpu"));
        auto request = ids({1, 2, 3, 4, 5}, 40);
        request.sampling.temperature = 1;
        request.sampling.seed = 11;
        const auto first = hear(**(*model->new_session())->generate(request)).ids;
        const auto second = hear(**(*model->new_session())->generate(request)).ids;
        request.sampling.seed = 12;
        const auto other = hear(**(*model->new_session())->generate(request)).ids;
        QCOMPARE(first.size(), 40u);
        QCOMPARE(first, second);
        QVERIFY(first != other);
    }

    void a_conversation_reuses_what_was_run() {
        LocalEngine engine(host_devices());
        auto one = session(engine, tiny_, on("reference"));
        QVERIFY(one->capabilities().chat && one->capabilities().thinking);
        auto request = ask("Hello there, how are you?");
        const auto ledger = one->plan(request);
        QVERIFY(ledger.ok());
        QCOMPARE(ledger->cached_tokens, 0);
        const auto first = hear(**one->generate(request));
        QVERIFY(first.finish.has_value());
        const auto again = one->plan(request);
        QCOMPARE(again->cached_tokens, static_cast<int>(ledger->tokens.size()) - 1);
        const auto second = hear(**one->generate(request));
        QCOMPARE(second.finish->timings.cached_tokens, again->cached_tokens);
        QCOMPARE(second.answer, first.answer);
        QCOMPARE(second.thought, first.thought);
        QCOMPARE(second.ids, first.ids);
    }

    void answer_now_and_budget_close_the_thought() {
        LocalEngine engine(host_devices());
        auto one = session(engine, tiny_, on("reference"));
        auto request = ask("Think.", 30);
        request.thinking.mode = ThinkingMode::always;
        request.thinking.budget_tokens = 4;
        request.ignore_end = true;
        const auto heard = hear(**one->generate(request));
        QVERIFY(heard.finish->thought_closed && heard.finish->answered_early);
        QVERIFY(heard.finish->timings.thought_tokens >= 4 && heard.finish->timings.thought_tokens <= 7);
        QVERIFY(heard.finish->timings.answer_tokens > 10);

        request.thinking.budget_tokens.reset();
        request.max_tokens = 150;
        auto reply = *one->generate(request);
        while (true) {
            const auto event = reply->next(30s);
            if (event && std::holds_alternative<Delta>(*event)) break;
            QVERIFY(event && !std::holds_alternative<Finish>(*event));
        }
        QVERIFY(reply->control(EndThought{}).ok());
        QVERIFY(hear(*reply).finish->answered_early);
    }

    void pause_resume_and_cancel() {
        LocalEngine engine(host_devices());
        auto one = session(engine, test::fixture_model("llama"), on("reference"));
        auto reply = *one->generate(ids({1, 2, 3}, 400));
        QVERIFY(one->generate(ids({1}, 1)).error().code == ErrorCode::busy);
        while (!std::holds_alternative<Delta>(*reply->next(30s))) {
        }
        QVERIFY(reply->control(Pause{}).ok());
        QTest::qWait(50);
        reply->drain();
        QTest::qWait(100);
        QVERIFY(reply->drain().empty());
        QVERIFY(reply->control(Resume{}).ok());
        QVERIFY(reply->next(30s).has_value());
        QVERIFY(!reply->control(Inject{"x"}).ok());
        QVERIFY(reply->control(Inject{"x"}).error().code == ErrorCode::unsupported);
        QVERIFY(reply->control(EndThought{}).error().code ==
                ErrorCode::unsupported);  // no tokenizer, no thoughts
        QVERIFY(reply->control(Cancel{}).ok());
        QVERIFY(hear(*reply).finish->reason == FinishReason::cancelled);
        QVERIFY(reply->control(Cancel{}).error().code == ErrorCode::invalid_argument);
        QVERIFY(one->generate(ids({1}, 1)).ok());
    }

    void letting_go_of_a_reply_stops_it() {
        LocalEngine engine(host_devices());
        auto one = session(engine, test::fixture_model("llama"), on("reference"));
        auto reply = *one->generate(ids({1, 2, 3}, 400));
        reply = nullptr;
        for (int i = 0; i < 200; ++i) {
            if (one->generate(ids({1}, 1)).ok()) return;
            QTest::qWait(10);
        }
        QFAIL("the session stays busy");
    }

    void a_prompt_too_long_is_refused_with_numbers() {
        LocalEngine engine(host_devices());
        auto one = session(engine, test::fixture_model("llama"), on("reference", 64));
        const auto refused = one->generate(ids(std::vector<TokenId>(64, 5), 1));
        QVERIFY(!refused.ok() && refused.error().code == ErrorCode::context_overflow);
        QVERIFY(refused.error().what.find("64") != std::string::npos);
        const auto heard = hear(**one->generate(ids(std::vector<TokenId>(60, 5), -1)));
        QVERIFY(heard.finish->reason == FinishReason::context_full);
        QCOMPARE(heard.ids.size(), 4u);
    }

    void a_base_model_says_so() {
        QTemporaryDir folder;
        const auto base = test::write_tiny_model(folder, "");
        LocalEngine engine(host_devices());
        auto one = session(engine, base, on("reference"));
        QVERIFY(!one->capabilities().chat);
        QVERIFY(one->generate(ask("hi")).error().code == ErrorCode::unsupported);
        Request plain;
        plain.input = std::string("Once upon");
        plain.max_tokens = 5;
        plain.ignore_end = true;
        QVERIFY(hear(**one->generate(plain)).finish->reason == FinishReason::length);
    }

    void a_broken_template_is_reported_when_it_is_needed() {
        QTemporaryDir folder;
        const auto broken = test::write_tiny_model(folder, "{% for %}");
        LocalEngine engine(host_devices());
        auto one = session(engine, broken, on("reference"));
        QVERIFY(one->generate(ask("hi")).error().code == ErrorCode::template_failed);
    }

    void two_models_at_once_and_a_session_outlives_its_engine() {
        std::unique_ptr<Session> one, two;
        {
            LocalEngine engine(host_devices());
            one = session(engine, test::fixture_model("llama"), on("cpu"));
            two = session(engine, test::fixture_model("qwen3"), on("cpu"));
        }
        auto a = *one->generate(ids({1, 2, 3}, 20)), b = *two->generate(ids({1, 2, 3}, 20));
        one.reset();
        QCOMPARE(hear(*a).ids.size(), 20u);
        QCOMPARE(hear(*b).ids.size(), 20u);
    }

    void what_cannot_be_opened() {
        LocalEngine engine(host_devices());
        QVERIFY(engine.open("/nowhere/none.gguf", on("cpu")).error().code == ErrorCode::not_found);
        QVERIFY(engine.open(tiny_, on("abacus")).error().code == ErrorCode::unsupported);
        auto options = on("cpu");
        options.kv_format = "f4";
        QVERIFY(engine.open(tiny_, options).error().code == ErrorCode::unsupported);
        const std::string cut = folder_.filePath("cut.gguf").toStdString();
        std::filesystem::copy_file(tiny_, cut);
        std::filesystem::resize_file(cut, std::filesystem::file_size(cut) / 2);
        QVERIFY(engine.open(cut, on("cpu")).error().code == ErrorCode::corrupt);
        QVERIFY(engine.inspect(cut).ok());  // the header is whole
        CancelToken stopped;
        stopped.cancel();
        QVERIFY(engine.open(tiny_, on("cpu"), {}, stopped).error().code == ErrorCode::cancelled);
    }

    void memory_is_planned_before_it_is_taken() {
        LocalEngine engine(host_devices());
        const auto small = engine.plan(tiny_, on("cpu", 64)), large = engine.plan(tiny_, on("cpu", 512));
        QVERIFY(small.ok() && large.ok());
        QVERIFY(small->weights > 0 && small->kv > 0 && small->fits());
        QVERIFY(large->kv > 4 * small->kv);
        // A device with no memory: refused with the numbers, and nothing was allocated.
        class Full final : public Backend {
        public:
            std::string_view name() const override { return "full"; }
            std::string description() const override { return "no memory"; }
            std::uint64_t memory_available() const override { return 1000; }
            DeviceMemory memory_needed(const ModelSpec&, const WeightSource&,
                                       const RunnerOptions&) const override {
                return {5'000'000'000, 2'000'000'000, 1'000'000};
            }
            Result<std::shared_ptr<PreparedWeights>> prepare(std::shared_ptr<const ModelSpec>,
                                                             std::shared_ptr<const WeightSource>,
                                                             const PrepareOptions&) override {
                qFatal("prepared although it does not fit");
                return fail(ErrorCode::internal, "");
            }
        };
        LocalEngine full({{"full",
                           "",
                           [](int) -> Result<std::unique_ptr<Backend>> {
                               return std::unique_ptr<Backend>(std::make_unique<Full>());
                           },
                           {}}});
        const auto refused = full.open(tiny_, on("full"));
        QVERIFY(!refused.ok() && refused.error().code == ErrorCode::out_of_memory);
        QVERIFY(refused.error().what.find("5.0 GB") != std::string::npos);
    }

    void a_device_that_samples_says_the_same() {
        test::SamplingCount count;
        LocalEngine plain(host_devices());
        LocalEngine sampling({{"sampling",
                               "",
                               [&](int) -> Result<std::unique_ptr<Backend>> {
                                   return std::unique_ptr<Backend>(std::make_unique<test::SamplingBackend>(
                                       make_cpu_backend(std::make_shared<ThreadPool>(2)), count));
                               },
                               {}}});
        const std::string model = test::fixture_model("llama");  // no tokenizer: every id is told
        const auto there = plain.open(model, on("cpu")), here = sampling.open(model, on("sampling"));
        QVERIFY(there.ok() && here.ok());
        Request request = ids({1, 2, 3, 4, 5}, 24);
        for (const float temperature : {0.0f, 0.9f}) {
            request.sampling = {.temperature = temperature, .top_k = 30, .seed = 7};
            const int before = count.sampled;
            const auto wanted = hear(**(*(*there)->new_session())->generate(request)),
                       heard = hear(**(*(*here)->new_session())->generate(request));
            QCOMPARE(wanted.ids.size(), std::size_t{24});
            QCOMPARE(heard.ids, wanted.ids);
            QCOMPARE(count.sampled - before, 24);
        }
        // What no device is told stays with the host: penalties, alternatives.
        const int before = count.sampled;
        request.sampling.repetition_penalty = 1.3f;
        const auto wanted = hear(**(*(*there)->new_session())->generate(request)),
                   heard = hear(**(*(*here)->new_session())->generate(request));
        QCOMPARE(heard.ids, wanted.ids);
        request.sampling.repetition_penalty = 1;
        request.top_alternatives = 3;
        QCOMPARE(hear(**(*(*here)->new_session())->generate(request)).ids.size(), std::size_t{24});
        QCOMPARE(int{count.sampled}, before);
        // A faulty output ends the reply.
        request.top_alternatives = 0;
        count.broken = true;
        const auto failed = hear(**(*(*here)->new_session())->generate(request));
        QVERIFY(failed.finish && failed.finish->reason == FinishReason::failed);
        QVERIFY(failed.finish->error && failed.finish->error->code == ErrorCode::internal);
    }

    void load_progress_rises_to_one() {
        LocalEngine engine(host_devices());
        double last = -1;
        bool rising = true;
        QVERIFY(engine
                    .open(tiny_, on("cpu"),
                          [&](double fraction, const std::string&) {
                              rising = rising && fraction >= last;
                              last = fraction;
                          })
                    .ok());
        QVERIFY(rising);
        QCOMPARE(last, 1.0);
    }

    void evaluation_gives_every_position() {
        LocalEngine engine(host_devices());
        auto model = *engine.open_local(test::fixture_model("llama"), on("reference"));
        const auto expected = SafetensorsFile::open(std::string(PELLUCID_FIXTURES) +
                                                    "/architectures/llama.expected.safetensors");
        const auto tokens = values<TokenId>(**expected, "tokens_2");
        std::vector<int> seen;
        QVERIFY(model
                    ->evaluate(tokens, 3,
                               [&](int position, std::span<const float> logits) {
                                   seen.push_back(position);
                                   if (logits.size() != 320) qFatal("%zu logits", logits.size());
                               })
                    .ok());
        QCOMPARE(seen.size(), tokens.size() - 3);
        QVERIFY(std::is_sorted(seen.begin(), seen.end()) && seen.front() == 3);
        QVERIFY(model->evaluate({}, 0, [](int, std::span<const float>) {}).error().code ==
                ErrorCode::invalid_argument);
        QVERIFY(
            model->evaluate(std::vector<TokenId>{400}, 0, [](int, std::span<const float>) {}).error().code ==
            ErrorCode::invalid_argument);
        QVERIFY(model->evaluate(std::vector<TokenId>(5000, 1), 0, [](int, std::span<const float>) {})
                    .error()
                    .code == ErrorCode::context_overflow);
    }
};

QTEST_GUILESS_MAIN(TestLocalEngine)
#include "test_local_engine.moc"
