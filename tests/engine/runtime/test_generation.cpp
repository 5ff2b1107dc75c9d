// A reply made from logits that the test writes: channels, ends, budgets, stop strings, half characters,
// figures.
#include <QtTest>
#include <limits>

#include "engine/runtime/generation.h"
#include "tests/engine/segment/words_tokenizer.h"

using namespace pellucid;

namespace {

const WordsTokenizer kWords({"<|im_end|>", "<think>", "</think>"}, {"<|im_end|>"});
constexpr TokenId kEnd = 256, kThink = 257, kUnthink = 258;
constexpr int kVocabulary = 259;

/// Plays a model that wants to say `script`, token by token.
struct Player {
    PromptMaker maker;
    Request request;
    Prompt prompt;
    std::shared_ptr<ReplyQueue> queue = std::make_shared<ReplyQueue>();
    std::shared_ptr<ReplyControls> controls = std::make_shared<ReplyControls>();
    std::unique_ptr<Generation> generation;

    explicit Player(ReplyStart start = ReplyStart::open, int context = 1000) {
        maker.tokenizer = &kWords;
        maker.format = detect_thought_format(kWords, "");
        maker.context_length = context;
        maker.vocabulary = kVocabulary;
        request.sampling.temperature = 0;
        prompt.start = start;
        prompt.ledger.tokens = {65, 66, 67};
    }
    void begin() {
        controls->budget = request.thinking.budget_tokens;
        auto made = Generation::make(maker, request, prompt, queue, controls);
        if (!made) qFatal("%s", made.error().message().c_str());
        generation = *std::move(made);
    }
    void want(TokenId id) {
        if (!generation) begin();
        std::vector<float> logits(kVocabulary, 0.0f);
        logits[static_cast<std::size_t>(id)] = 20;
        generation->advance(logits);
    }
    void want(std::string_view text) {
        for (const TokenId id : kWords.encode(text, {})) want(id);
    }

    struct Heard {
        std::string thought, answer;
        int tokens = 0;
        std::optional<Finish> finish;
    };
    Heard heard;
    const Heard& hear() {
        for (auto& event : queue->drain()) {
            if (auto* delta = std::get_if<Delta>(&event)) {
                (delta->channel == Delta::Channel::thought ? heard.thought : heard.answer) += delta->text;
                heard.tokens += static_cast<int>(delta->tokens.size());
            }
            if (auto* finish = std::get_if<Finish>(&event)) heard.finish = *finish;
        }
        return heard;
    }
};

}  // namespace

class TestGeneration : public QObject {
    Q_OBJECT

private slots:
    void thought_and_answer() {
        Player player;
        player.want("<think>\nHm.\n</think>\n\nYes.");
        player.want(kEnd);
        const auto& heard = player.hear();
        QCOMPARE(heard.thought, std::string("Hm.\n"));
        QCOMPARE(heard.answer, std::string("Yes."));
        QVERIFY(heard.finish->reason == FinishReason::end_of_turn && heard.finish->thought_closed);
        QCOMPARE(heard.finish->timings.thought_tokens + heard.finish->timings.answer_tokens, 13);
        QCOMPARE(heard.finish->timings.prompt_tokens, 3);
        QCOMPARE(heard.tokens, 8);  // the tokens of what is shown: tags and their white space are not
    }

    void a_reply_that_ends_inside_its_thought() {
        Player player(ReplyStart::thought);
        player.want("Hm");
        player.want(kEnd);
        QCOMPARE(player.hear().thought, std::string("Hm"));
        QVERIFY(!player.heard.finish->thought_closed);
    }

    void answer_now_writes_the_end_of_the_thought() {
        Player player(ReplyStart::thought);
        player.want("Hm, let me");
        player.controls->end_thought = true;
        const auto before = player.generation->tokens().size();
        player.want("X");  // what the model wanted next does not matter
        const auto& tokens = player.generation->tokens();
        QCOMPARE(kWords.decode(std::span(tokens).subspan(before), true), std::string("\n</think>\n\n"));
        player.want("Yes.");
        player.want(kEnd);
        QCOMPARE(player.hear().thought, std::string("Hm, let me\n"));
        QCOMPARE(player.heard.answer, std::string("Yes."));
        QVERIFY(player.heard.finish->answered_early && player.heard.finish->thought_closed);
    }

    void a_new_line_is_not_doubled_before_the_closing_tag() {
        Player player(ReplyStart::thought);
        player.want("Hm.\n");
        player.controls->end_thought = true;
        player.want("X");
        QCOMPARE(kWords.decode(player.generation->tokens(), true), std::string("ABCHm.\n</think>\n\n"));
    }

    void answer_now_outside_a_thought_changes_nothing() {
        Player player(ReplyStart::answer);
        player.begin();
        player.controls->end_thought = true;
        player.want("Yes");
        player.want(kEnd);
        QCOMPARE(player.hear().answer, std::string("Yes"));
        QVERIFY(!player.heard.finish->answered_early);
    }

    void a_budget_ends_the_thought_after_so_many_tokens() {
        Player player(ReplyStart::thought);
        player.request.thinking.budget_tokens = 5;
        player.want("abcdefgh");  // the sixth wish is met with the closing tag
        QCOMPARE(player.hear().thought.substr(0, 5), std::string("abcde"));
        QVERIFY(player.heard.thought.find('f') == std::string::npos);
        QCOMPARE(player.heard.answer, std::string("gh"));
        player.generation->end(FinishReason::cancelled);
        QVERIFY(player.hear().finish->answered_early);
    }

    void thoughts_of_a_continued_turn_count_against_the_budget() {
        Player player(ReplyStart::thought);
        player.prompt.thought_tokens_before = 4;
        player.request.thinking.budget_tokens = 5;
        player.want("abc");
        QVERIFY(player.hear().thought.starts_with("a\n"));
    }

    void a_budget_never_cuts_a_character() {
        Player player(ReplyStart::thought);
        player.request.thinking.budget_tokens = 1;
        player.want("好好");  // three bytes each
        player.hear();
        QCOMPARE(player.heard.thought, std::string("好\n"));
    }

    void stop_strings_end_the_answer_but_not_the_thought() {
        Player player;
        player.request.stop = {"STOP"};
        player.want("<think>a STOP b</think>");
        QVERIFY(!player.generation->ended());
        player.want("one ST");
        QCOMPARE(player.hear().answer, std::string("one "));
        player.want("OP two");
        QVERIFY(player.generation->ended());
        QCOMPARE(player.hear().answer, std::string("one "));
        QCOMPARE(player.heard.thought, std::string("a STOP b"));
        QVERIFY(player.heard.finish->reason == FinishReason::stop_string);
    }

    void limits_end_the_reply() {
        Player cut;
        cut.request.max_tokens = 3;
        cut.want("abcdef");
        QCOMPARE(cut.hear().answer, std::string("abc"));
        QVERIFY(cut.heard.finish->reason == FinishReason::length);
        Player full(ReplyStart::answer, 8);
        full.want("abcdefgh");
        QCOMPARE(full.hear().answer, std::string("abcde"));
        QVERIFY(full.heard.finish->reason == FinishReason::context_full);
    }

    void half_characters_wait_and_broken_ones_are_replaced() {
        Player player(ReplyStart::answer);
        player.want(0xE5);
        player.want(0xA5);
        QCOMPARE(player.hear().answer, std::string());
        player.want(0xBD);
        QCOMPARE(player.hear().answer, std::string("好"));
        player.want(0xE5);
        player.want(kEnd);
        QCOMPARE(player.hear().answer, std::string("好\xEF\xBF\xBD"));
        QCOMPARE(player.heard.tokens, 4);
    }

    void control_tokens_are_not_shown() {
        Player player(ReplyStart::answer);
        player.want("a</think>b");
        player.want(kEnd);
        QCOMPARE(player.hear().answer, std::string("ab"));
    }

    void broken_logits_fail_the_reply() {
        Player player(ReplyStart::answer);
        player.begin();
        std::vector<float> logits(kVocabulary, std::numeric_limits<float>::quiet_NaN());
        player.generation->advance(logits);
        QVERIFY(player.hear().finish->reason == FinishReason::failed);
        QVERIFY(player.heard.finish->error.has_value());
    }

    void settings_out_of_range_are_refused() {
        Player player;
        player.request.sampling.top_p = 2;
        QVERIFY(!Generation::make(player.maker, player.request, player.prompt, player.queue, player.controls)
                     .ok());
    }

    void without_a_tokenizer_the_ids_are_the_reply() {
        Player player(ReplyStart::answer);
        player.maker.tokenizer = nullptr;
        player.maker.format = {};
        player.want(5);
        player.want(kThink);
        player.want(kUnthink);
        player.generation->end(FinishReason::cancelled);
        QCOMPARE(player.hear().tokens, 3);
        QCOMPARE(player.heard.finish->timings.answer_tokens, 3);
    }

    void measurements_and_alternatives_come_with_the_text() {
        Player player(ReplyStart::answer);
        player.request.top_alternatives = 3;
        player.want("a");
        bool found = false;
        for (auto& event : player.queue->drain()) {
            const auto* delta = std::get_if<Delta>(&event);
            if (!delta) continue;
            found = true;
            QCOMPARE(delta->tokens.size(), 1u);
            QCOMPARE(delta->tokens[0].alternatives.size(), 3u);
            QCOMPARE(delta->tokens[0].alternatives[0].text, std::string("a"));
            QVERIFY(delta->tokens[0].logprob > -0.01f && delta->tokens[0].entropy < 0.01f);
        }
        QVERIFY(found);
    }
};

QTEST_APPLESS_MAIN(TestGeneration)
#include "test_generation.moc"
