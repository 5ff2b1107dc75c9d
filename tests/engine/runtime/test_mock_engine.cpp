// The MockEngine keeps Session's contract: every control, refusal and number that the UI is built on.
#include <QtTest>
#include <fstream>
#include <sstream>

#include "engine/runtime/mock_engine.h"

using namespace pellucid;
using namespace std::chrono_literals;

namespace {

struct Heard {
    std::string thought, answer;
    std::vector<Delta> deltas;
    std::vector<PromptProgress> progress;
    std::optional<Finish> finish;
};

void take(Heard& heard, ReplyEvent event) {
    if (auto* progress = std::get_if<PromptProgress>(&event)) heard.progress.push_back(*progress);
    if (auto* finish = std::get_if<Finish>(&event)) heard.finish = *finish;
    if (auto* delta = std::get_if<Delta>(&event)) {
        (delta->channel == Delta::Channel::thought ? heard.thought : heard.answer) += delta->text;
        heard.deltas.push_back(*delta);
    }
}

/// Reads to the Finish (or 10 s of silence).
Heard hear(Reply& reply) {
    Heard heard;
    while (!heard.finish) {
        auto event = reply.next(10s);
        if (!event) break;
        take(heard, std::move(*event));
    }
    return heard;
}

MockScript one_reply(std::string thought, std::string answer, double rate = 0, double prompt_seconds = 0) {
    MockScript script;
    script.models = {mock_model()};
    script.models[0].load_seconds = 0;
    MockReplyScript reply;
    reply.thought = std::move(thought);
    reply.answer = std::move(answer);
    reply.tokens_per_second = rate;
    reply.prompt_seconds = prompt_seconds;
    script.models[0].replies = {reply};
    return script;
}

Request ask(const std::string& text) {
    Request request;
    Conversation conversation;
    conversation.messages = {{Role::user, text}};
    request.input = conversation;
    return request;
}

std::unique_ptr<Session> session_of(MockEngine& engine, const std::string& path = "any.gguf") {
    auto model = engine.open(path, {});
    if (!model) return nullptr;
    auto session = (*model)->new_session();
    return session ? std::move(*session) : nullptr;
}

std::string words(int count) {
    std::string text;
    for (int i = 0; i < count; ++i) text += (i ? " w" : "w") + std::to_string(i);
    return text;
}

MockScript file_script() {
    std::ifstream in(PELLUCID_FIXTURES "/runtime/mock_script.json");
    std::stringstream text;
    text << in.rdbuf();
    auto script = parse_mock_script(text.str());
    if (!script) qFatal("%s", script.error().message().c_str());
    return *script;
}

}  // namespace

class TestMockEngine : public QObject {
    Q_OBJECT

private slots:
    void pieces_are_whole_characters_and_lose_nothing() {
        const std::string text = "naïve 你好世界 مرحبا 👋🏽 antidisestablishment  \n\n x";
        std::string joined;
        for (const auto piece : mock_tokens(text)) {
            joined += piece;
            QVERIFY(piece.size() <= 8);
            QVERIFY((static_cast<unsigned char>(piece[0]) & 0xc0) != 0x80);
        }
        QCOMPARE(joined, text);
        QVERIFY(mock_tokens("").empty());
    }

    void says_thought_then_answer() {
        MockEngine engine(one_reply("Let me think.", "Hello, world!"));
        auto session = session_of(engine);
        auto reply = session->generate(ask("hi"));
        QVERIFY(reply.ok());
        const auto heard = hear(**reply);
        QCOMPARE(heard.thought, std::string("Let me think."));
        QCOMPARE(heard.answer, std::string("Hello, world!"));
        QVERIFY(heard.finish.has_value());
        QVERIFY(heard.finish->reason == FinishReason::end_of_turn);
        QVERIFY(heard.finish->thought_closed && !heard.finish->answered_early);
        QCOMPARE(heard.finish->timings.thought_tokens + heard.finish->timings.answer_tokens,
                 static_cast<int>(heard.deltas.size()));
        QVERIFY(heard.progress.size() >= 2);
        QCOMPARE(heard.progress.back().done_tokens, heard.progress.back().total_tokens);
        QVERIFY(!(*reply)->next(0ms).has_value());
        QVERIFY(!(*reply)->control(Cancel{}).ok());
    }

    void the_clock_decides_what_is_due() {
        auto clock = std::make_shared<ManualMockClock>();
        MockEngine engine(one_reply("", words(20), 10, 1.0), clock);
        auto session = session_of(engine);
        auto reply = *session->generate(ask("hi"));
        Heard heard;
        const auto listen = [&](std::size_t deltas) {
            for (int i = 0; i < 400 && heard.deltas.size() < deltas; ++i)
                if (auto event = reply->next(5ms)) take(heard, std::move(*event));
            while (auto event = reply->next(30ms)) take(heard, std::move(*event));
        };
        clock->advance(990ms);
        listen(0);
        QCOMPARE(heard.deltas.size(), 0u);
        clock->advance(10ms);
        listen(1);
        QCOMPARE(heard.deltas.size(), 1u);
        clock->advance(350ms);
        listen(4);
        QCOMPARE(heard.deltas.size(), 4u);
        QVERIFY(reply->control(Pause{}).ok());
        QTest::qWait(20);
        clock->advance(10s);
        listen(4);
        QCOMPARE(heard.deltas.size(), 4u);
        QVERIFY(reply->control(Resume{}).ok());
        QTest::qWait(20);
        clock->advance(100ms);
        listen(5);
        QCOMPARE(heard.deltas.size(), 5u);
        clock->advance(100s);
        while (!heard.finish)
            if (auto event = reply->next(1s)) take(heard, std::move(*event));
        QCOMPARE(heard.answer, words(20));
        QCOMPARE(heard.finish->timings.prompt_seconds, 1.0);
        QVERIFY(heard.finish->timings.generate_seconds >= 1.9);
    }

    void cancel_stops_at_once() {
        MockEngine engine(one_reply("", words(10000), 500));
        auto session = session_of(engine);
        auto reply = *session->generate(ask("hi"));
        Heard heard;
        while (heard.deltas.size() < 5)
            if (auto event = reply->next(1s)) take(heard, std::move(*event));
        QVERIFY(reply->control(Cancel{}).ok());
        const auto rest = hear(*reply);
        QVERIFY(rest.finish && rest.finish->reason == FinishReason::cancelled);
        QVERIFY(rest.deltas.size() < 50);
        QVERIFY(session->generate(ask("again")).ok());
    }

    void a_second_reply_is_busy() {
        MockEngine engine(one_reply("", words(1000), 20));
        auto session = session_of(engine);
        auto first = session->generate(ask("hi"));
        QVERIFY(first.ok());
        auto second = session->generate(ask("hi"));
        QVERIFY(!second.ok());
        QVERIFY(second.error().code == ErrorCode::busy);
        *first = nullptr;  // letting go of a reply cancels it
        QVERIFY(session->generate(ask("hi")).ok());
    }

    void answer_now_ends_the_thought() {
        MockEngine engine(one_reply(words(5000), "Done.", 200));
        auto session = session_of(engine);
        auto reply = *session->generate(ask("hi"));
        Heard heard;
        while (heard.deltas.size() < 5)
            if (auto event = reply->next(1s)) take(heard, std::move(*event));
        QVERIFY(reply->control(EndThought{}).ok());
        const auto rest = hear(*reply);
        QCOMPARE(rest.answer, std::string("Done."));
        QVERIFY(rest.finish->answered_early && rest.finish->thought_closed);
        QVERIFY(rest.finish->timings.thought_tokens < 200);
    }

    void a_budget_ends_the_thought() {
        MockEngine engine(one_reply(words(100), "Done."));
        auto session = session_of(engine);
        auto request = ask("hi");
        request.thinking.budget_tokens = 7;
        const auto heard = hear(**session->generate(request));
        QCOMPARE(heard.finish->timings.thought_tokens, 7);
        QVERIFY(heard.finish->answered_early);
        QCOMPARE(heard.answer, std::string("Done."));
        request.thinking = {ThinkingMode::never, {}};
        QCOMPARE(hear(**session->generate(request)).thought, std::string());
    }

    void limits_and_stop_strings() {
        MockEngine engine(one_reply("", "one two three STOP four"));
        auto session = session_of(engine);
        auto request = ask("hi");
        request.stop = {"STOP"};
        const auto stopped = hear(**session->generate(request));
        QCOMPARE(stopped.answer, std::string("one two three "));
        QVERIFY(stopped.finish->reason == FinishReason::stop_string);
        request.stop.clear();
        request.max_tokens = 2;
        const auto cut = hear(**session->generate(request));
        QCOMPARE(cut.deltas.size(), 2u);
        QVERIFY(cut.finish->reason == FinishReason::length);
    }

    void the_ledger_counts_and_the_prefix_is_cached() {
        MockEngine engine(one_reply("", "Hello."));
        auto session = session_of(engine);
        auto request = ask("What is the weather in Vienna today?");
        const auto ledger = session->plan(request);
        QVERIFY(ledger.ok());
        QCOMPARE(ledger->cached_tokens, 0);
        int sum = 0;
        for (const auto& entry : ledger->entries) sum += entry.tokens;
        QCOMPARE(sum, static_cast<int>(ledger->tokens.size()));
        QCOMPARE(ledger->reply_room, ledger->context_length - sum);
        QVERIFY(ledger->starts_in_thought);
        request.thinking.mode = ThinkingMode::never;
        hear(**session->generate(request));
        auto& messages = std::get<Conversation>(request.input).messages;
        messages.push_back({Role::assistant, "Hello."});
        messages.push_back({Role::user, "And tomorrow?"});
        const auto second = session->plan(request);
        QVERIFY(second->cached_tokens >= sum - 4);
        QVERIFY(second->cached_tokens < static_cast<int>(second->tokens.size()));
    }

    void a_full_context_is_said_before() {
        auto script = one_reply("", words(100));
        script.models[0].context_length = 40;
        MockEngine engine(script);
        auto session = session_of(engine);
        const auto refused = session->generate(ask(words(60)));
        QVERIFY(!refused.ok() && refused.error().code == ErrorCode::context_overflow);
        QVERIFY(refused.error().what.find("40") != std::string::npos);
        const auto heard = hear(**session->generate(ask("hi")));
        QVERIFY(heard.finish->reason == FinishReason::context_full);
    }

    void an_interrupted_reply_goes_on() {
        MockEngine engine(one_reply("A long thought about it.", "The whole answer."));
        auto session = session_of(engine);
        auto request = ask("hi");
        auto& conversation = std::get<Conversation>(request.input);
        conversation.continue_last = true;
        ChatMessage partial{Role::assistant, ""};
        partial.thought = "A long";
        conversation.messages.push_back(partial);
        auto heard = hear(**session->generate(request));
        QCOMPARE(heard.thought, std::string(" thought about it."));
        QCOMPARE(heard.answer, std::string("The whole answer."));
        conversation.messages.back().thought = "A long thought about it.";
        conversation.messages.back().content = "The whole";
        heard = hear(**session->generate(request));
        QCOMPARE(heard.thought, std::string());
        QCOMPARE(heard.answer, std::string(" answer."));
    }

    void alternatives_and_measurements() {
        MockEngine engine(one_reply("", words(50)));
        auto session = session_of(engine);
        auto request = ask("hi");
        request.top_alternatives = 4;
        const auto heard = hear(**session->generate(request));
        for (const auto& delta : heard.deltas) {
            QCOMPARE(delta.tokens.size(), 1u);
            QVERIFY(delta.tokens[0].logprob <= 0 && delta.tokens[0].entropy >= 0);
            QCOMPARE(delta.tokens[0].alternatives.size(), 4u);
        }
    }

    void scripts_come_from_json() {
        MockEngine engine(file_script());
        QCOMPARE(engine.devices().size(), 1u);
        auto session = session_of(engine, "small.gguf");
        QVERIFY(session != nullptr);
        QCOMPARE(hear(**session->generate(ask("What is 17 + 25?"))).answer, std::string("42"));
        QCOMPARE(hear(**session->generate(ask("a"))).answer, std::string("First answer."));
        QCOMPARE(hear(**session->generate(ask("b"))).answer,
                 std::string("Second answer, without a thought."));
        QCOMPARE(hear(**session->generate(ask("c"))).answer, std::string("First answer."));
        const auto broken = hear(**session->generate(ask("please break")));
        QVERIFY(broken.finish->reason == FinishReason::failed);
        QVERIFY(broken.finish->error->code == ErrorCode::device_lost);
        QCOMPARE(broken.deltas.size(), 3u);
        auto hanging = *session->generate(ask("hang"));
        QTest::qWait(30);
        QVERIFY(hanging->control(Cancel{}).ok());
        QVERIFY(hear(*hanging).finish->reason == FinishReason::cancelled);

        QVERIFY(engine.open("broken.gguf", {}).error().code == ErrorCode::corrupt);
        QVERIFY(engine.open("huge.gguf", {}).error().code == ErrorCode::out_of_memory);
        QVERIFY(engine.open("none.gguf", {}).error().code == ErrorCode::not_found);
        auto base = session_of(engine, "base.gguf");
        QVERIFY(base->generate(ask("hi")).error().code == ErrorCode::unsupported);
        Request plain;
        plain.input = std::string("Once upon a time");
        QVERIFY(!hear(**base->generate(plain)).answer.empty());
    }

    void bad_scripts_name_the_field() {
        const auto why = [](const char* json) {
            const auto script = parse_mock_script(json);
            return script ? std::string("accepted") : script.error().what;
        };
        QVERIFY(why("{").find("JSON") != std::string::npos);
        QVERIFY(why("{\"modles\": []}").find("modles") != std::string::npos);
        QVERIFY(why("{\"models\": {}}").find("models") != std::string::npos);
        QVERIFY(why("{\"models\": [{\"name\": 3}]}").find("name") != std::string::npos);
        QVERIFY(why("{\"models\": [{\"replies\": [{\"reason\": \"tired\"}]}]}").find("reason") !=
                std::string::npos);
        QVERIFY(why("{\"models\": [{\"replies\": [{\"failure\": {\"code\": \"x\"}}]}]}").find("\"x\"") !=
                std::string::npos);
        QVERIFY(why("[]").find("object") != std::string::npos);
    }

    void loading_reports_and_can_be_stopped() {
        auto script = one_reply("", "x");
        script.models[0].load_seconds = 30;
        MockEngine engine(script);
        CancelToken cancel;
        int calls = 0;
        const auto opened = engine.open(
            "any", {},
            [&](double, const std::string&) {
                if (++calls == 1) cancel.cancel();
            },
            cancel);
        QVERIFY(!opened.ok() && opened.error().code == ErrorCode::cancelled);
        QCOMPARE(calls, 1);
    }

    void waking_is_never_lost() {
        MockEngine engine(one_reply("t t t", words(200), 2000));
        auto session = session_of(engine);
        auto reply = *session->generate(ask("hi"));
        QTest::qWait(5);  // events may already wait when the wake is set
        std::mutex mutex;
        std::condition_variable woken;
        bool flag = false;
        reply->on_ready([&] {
            std::lock_guard lock(mutex);
            flag = true;
            woken.notify_all();
        });
        Heard heard;
        while (!heard.finish) {
            {
                std::unique_lock lock(mutex);
                QVERIFY(woken.wait_for(lock, 10s, [&] { return flag; }));
                flag = false;
            }
            for (auto& event : reply->drain()) take(heard, std::move(event));
        }
        reply->on_ready({});
        QCOMPARE(heard.answer, words(200));
    }
};

QTEST_GUILESS_MAIN(TestMockEngine)
#include "test_mock_engine.moc"
