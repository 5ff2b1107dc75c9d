// Prompts as they are sent: switches, forced beginnings, continued turns, and what the ledger counts.
#include <QtTest>

#include "engine/runtime/prompt.h"
#include "tests/engine/runtime/tiny_model.h"
#include "tests/engine/segment/words_tokenizer.h"

using namespace pellucid;

namespace {

const WordsTokenizer kWords({"<|im_start|>", "<|im_end|>", "<think>", "</think>"}, {"<|im_end|>"});

struct Set {
    std::shared_ptr<const ChatTemplate> chat_template;
    PromptMaker maker;
};

Set maker_for(std::string source) {
    Set set;
    auto parsed = ChatTemplate::parse(source);
    if (!parsed) qFatal("%s", parsed.error().message().c_str());
    set.chat_template = *parsed;
    set.maker.tokenizer = &kWords;
    set.maker.chat_template = set.chat_template.get();
    set.maker.format = detect_thought_format(kWords, source);
    set.maker.context_length = 1000;
    set.maker.vocabulary = 300;
    return set;
}

ChatMessage message(Role role, std::string content, std::string thought = {}) {
    ChatMessage made;
    made.role = role;
    made.content = std::move(content);
    made.thought = std::move(thought);
    return made;
}

Request ask(std::vector<ChatMessage> messages, ThinkingMode mode = ThinkingMode::automatic) {
    Request request;
    Conversation conversation;
    conversation.messages = std::move(messages);
    request.input = std::move(conversation);
    request.thinking.mode = mode;
    return request;
}

/// What follows the last "assistant\n" of the prompt: the reply's beginning.
std::string beginning(const Prompt& prompt) {
    const auto& text = prompt.ledger.rendered;
    return text.substr(text.rfind("assistant\n") + 10);
}

}  // namespace

class TestPrompt : public QObject {
    Q_OBJECT

private slots:
    void thinking_is_forced_where_the_template_has_no_switch() {
        const auto set = maker_for(test::kTinyTemplate);
        const auto make = [&](ThinkingMode mode) {
            return *make_prompt(set.maker, ask({message(Role::user, "hi")}, mode));
        };
        QCOMPARE(beginning(make(ThinkingMode::automatic)), std::string());
        QVERIFY(make(ThinkingMode::automatic).start == ReplyStart::open);
        QCOMPARE(beginning(make(ThinkingMode::always)), std::string("<think>\n"));
        QVERIFY(make(ThinkingMode::always).ledger.starts_in_thought);
        QCOMPARE(beginning(make(ThinkingMode::never)), std::string("<think>\n\n</think>\n\n"));
        QVERIFY(make(ThinkingMode::never).start == ReplyStart::answer);
    }

    void a_template_that_opens_the_tag_is_believed() {
        const auto set = maker_for("{% set opened = true %}" + std::string(test::kTinyTemplate));
        const auto open = *make_prompt(set.maker, ask({message(Role::user, "hi")}));
        QVERIFY(open.start == ReplyStart::thought && open.ledger.starts_in_thought);
        const auto never = *make_prompt(set.maker, ask({message(Role::user, "hi")}, ThinkingMode::never));
        QCOMPARE(beginning(never), std::string("<think>\n\n</think>\n\n"));
        QVERIFY(never.start == ReplyStart::answer);
    }

    void a_switch_in_the_template_is_used() {
        const auto set = maker_for(
            "{{ messages[0].content }}|assistant\n{% if enable_thinking is defined and not enable_thinking "
            "%}<think>\n\n</think>\n\n"
            "{% elif enable_thinking is defined %}<think>{% endif %}");
        const auto make = [&](ThinkingMode mode) {
            return *make_prompt(set.maker, ask({message(Role::user, "hi")}, mode));
        };
        QCOMPARE(beginning(make(ThinkingMode::automatic)), std::string());
        QCOMPARE(beginning(make(ThinkingMode::always)), std::string("<think>"));
        QCOMPARE(beginning(make(ThinkingMode::never)), std::string("<think>\n\n</think>\n\n"));
    }

    void an_interrupted_turn_is_written_as_the_model_would() {
        const auto set = maker_for(test::kTinyTemplate);
        auto request = ask({message(Role::user, "hi"), message(Role::assistant, "", "Hm, let")});
        std::get<Conversation>(request.input).continue_last = true;
        auto prompt = *make_prompt(set.maker, request);
        QCOMPARE(beginning(prompt), std::string("<think>\nHm, let"));
        QVERIFY(prompt.start == ReplyStart::thought);
        QCOMPARE(prompt.thought_tokens_before, 7);
        std::get<Conversation>(request.input).messages[1] = message(Role::assistant, "It is", "Hm.\n");
        prompt = *make_prompt(set.maker, request);
        QCOMPARE(beginning(prompt), std::string("<think>\nHm.\n</think>\n\nIt is"));
        QVERIFY(prompt.start == ReplyStart::answer);
        std::get<Conversation>(request.input).messages[1] = message(Role::assistant, "It is");
        QCOMPARE(beginning(*make_prompt(set.maker, request)), std::string("It is"));
        std::get<Conversation>(request.input).messages[1] = message(Role::user, "no");
        QVERIFY(make_prompt(set.maker, request).error().code == ErrorCode::invalid_argument);
    }

    void the_ledger_adds_up() {
        const auto set = maker_for(test::kTinyTemplate);
        const auto prompt = *make_prompt(
            set.maker, ask({message(Role::system, "Be brief."), message(Role::user, "What?"),
                            message(Role::assistant, "That.", "Hm."), message(Role::user, "  Why?  ")}));
        const auto& entries = prompt.ledger.entries;
        QCOMPARE(entries.size(), 5u);
        QCOMPARE(entries[0].tokens, 9);
        QCOMPARE(entries[1].tokens, 5);
        QCOMPARE(entries[2].tokens, 5 + 3);
        QCOMPARE(entries[3].tokens, 4);
        int sum = 0;
        for (const auto& entry : entries) sum += entry.tokens;
        QCOMPARE(sum, static_cast<int>(prompt.ledger.tokens.size()));
        QVERIFY(entries[4].kind == Ledger::Entry::Kind::template_text && entries[4].tokens > 0);
        QCOMPARE(prompt.ledger.reply_room, 1000 - sum);
        QCOMPARE(kWords.decode(prompt.ledger.tokens, true), prompt.ledger.rendered);
    }

    void tools_are_counted_apart() {
        const auto set =
            maker_for("{% if tools %}TOOLS {{ tools[0].name }}|{% endif %}{{ messages[0].content }}");
        auto request = ask({message(Role::user, "hi")});
        std::get<Conversation>(request.input).tools =
            nlohmann::ordered_json::parse("[{\"name\": \"weather\"}]");
        const auto prompt = *make_prompt(set.maker, request);
        QCOMPARE(prompt.ledger.rendered, std::string("TOOLS weather|hi"));
        QVERIFY(prompt.ledger.entries.back().kind == Ledger::Entry::Kind::tools);
        QCOMPARE(prompt.ledger.entries.back().tokens, 14);
    }

    void messages_have_the_shape_that_templates_read() {
        ChatMessage call = message(Role::assistant, "", "Look it up.");
        call.tool_calls = {{"7", "weather", "{\"city\": \"Wien\"}"}, {"", "odd", "not json"}};
        ChatMessage result = message(Role::tool, "rain");
        result.tool_call_id = "7";
        const auto json = to_template_messages(std::vector<ChatMessage>{call, result});
        QCOMPARE(json[0]["reasoning_content"].get<std::string>(), std::string("Look it up."));
        QCOMPARE(json[0]["tool_calls"][0]["function"]["arguments"]["city"].get<std::string>(),
                 std::string("Wien"));
        QCOMPARE(json[0]["tool_calls"][1]["function"]["arguments"].get<std::string>(),
                 std::string("not json"));
        QCOMPARE(json[1]["role"].get<std::string>(), std::string("tool"));
        QCOMPARE(json[1]["tool_call_id"].get<std::string>(), std::string("7"));
    }

    void what_cannot_be_is_said() {
        auto set = maker_for(test::kTinyTemplate);
        QVERIFY(make_prompt(set.maker, ask({})).error().code == ErrorCode::invalid_argument);
        Request ids;
        ids.input = std::vector<TokenId>{1, 300};
        QVERIFY(make_prompt(set.maker, ids).error().what.find("300") != std::string::npos);
        ids.input = std::vector<TokenId>{};
        QVERIFY(make_prompt(set.maker, ids).error().code == ErrorCode::invalid_argument);
        set.maker.chat_template = nullptr;
        QVERIFY(make_prompt(set.maker, ask({message(Role::user, "hi")})).error().code ==
                ErrorCode::unsupported);
        set.maker.template_error = Error{ErrorCode::template_failed, "broken template", ""};
        QVERIFY(make_prompt(set.maker, ask({message(Role::user, "hi")})).error().code ==
                ErrorCode::template_failed);
        set.maker.tokenizer = nullptr;
        QVERIFY(make_prompt(set.maker, ask({message(Role::user, "hi")})).error().code ==
                ErrorCode::unsupported);
        ids.input = std::vector<TokenId>{1, 2};
        QVERIFY(make_prompt(set.maker, ids).ok());
        Ledger full;
        full.tokens.resize(12);
        full.context_length = 12;
        const auto refused = check_room(full);
        QVERIFY(!refused.ok() && refused.error().code == ErrorCode::context_overflow);
        QVERIFY(refused.error().what.find("12") != std::string::npos);
    }
};

QTEST_APPLESS_MAIN(TestPrompt)
#include "test_prompt.moc"
