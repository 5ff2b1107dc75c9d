// Which family a model belongs to, where its reply begins, and how its tags are written.
#include <QtTest>

#include "engine/segment/thought_format.h"
#include "tests/engine/segment/words_tokenizer.h"

using namespace pellucid;

namespace {

const std::vector<std::string> kHarmonyWords = {"<|start|>",     "<|channel|>", "<|message|>", "<|end|>",
                                                "<|constrain|>", "<|call|>",    "<|return|>"};

}  // namespace

class TestThoughtFormat : public QObject {
    Q_OBJECT

private slots:
    void the_family_is_found() {
        const auto family = [](std::vector<std::string> words, const char* source) {
            return detect_thought_format(WordsTokenizer(std::move(words)), source);
        };
        QVERIFY(family({}, "{{ messages }}").family == ThoughtFamily::none);
        const auto tokens = family({"<think>", "</think>"}, "{{ content.split('</think>')[-1] }}");
        QVERIFY(tokens.family == ThoughtFamily::tags && tokens.open.id && tokens.close.id);
        const auto spelled = family({}, "{{ content.split('</think>')[-1] }}");
        QVERIFY(spelled.family == ThoughtFamily::tags && !spelled.open.id && !spelled.close.id);
        QCOMPARE(spelled.open.text, std::string("<think>"));
        QVERIFY(family({"<think>", "</think>"}, "").family == ThoughtFamily::tags);
        QVERIFY(family({"<think>"}, "").family == ThoughtFamily::none);
        QVERIFY(!family({"<think>"}, "</think>").open.id);  // both by token or both by text
        QCOMPARE(family({"<think>", "</think>"}, "x [THINK]a[/THINK]").open.text, std::string("[THINK]"));
        QVERIFY(family(kHarmonyWords, "").family == ThoughtFamily::harmony);
    }

    void the_prompt_decides_where_the_reply_begins() {
        const auto tags = detect_thought_format(WordsTokenizer({}), "</think>");
        QVERIFY(reply_start(tags, "<|user|>hi<|assistant|>") == ReplyStart::open);
        QVERIFY(reply_start(tags, "<|user|>hi<|assistant|><think>\n") == ReplyStart::thought);
        QVERIFY(reply_start(tags, "<|assistant|><think>\n\n</think>\n\n") == ReplyStart::answer);
        QVERIFY(reply_start(tags, "<|user|>what is <think>?<|assistant|>") == ReplyStart::open);
        QVERIFY(reply_start(tags, "") == ReplyStart::open);
        QVERIFY(reply_start({}, "<think>") == ReplyStart::answer);
        const auto harmony = detect_thought_format(WordsTokenizer(kHarmonyWords), "");
        QVERIFY(reply_start(harmony, "<|end|><|start|>assistant") == ReplyStart::open);
        QVERIFY(reply_start(harmony, "<|start|>assistant<|channel|>analysis<|message|>") ==
                ReplyStart::thought);
        QVERIFY(reply_start(harmony, "<|start|>assistant<|channel|>final<|message|>") == ReplyStart::answer);
    }

    void spacing_is_learned_from_a_rendered_turn() {
        auto format = detect_thought_format(WordsTokenizer({}), "</think>");
        learn_spacing(format, "<|im_start|>assistant\n<think>\nTHOUGHT\n</think>\n\nANSWER<|im_end|>\n",
                      "THOUGHT", "ANSWER");
        QCOMPARE(format.closing_text(), std::string("\n</think>\n\n"));
        learn_spacing(format, "A:<think>THOUGHT</think>ANSWER", "THOUGHT", "ANSWER");
        QCOMPARE(format.closing_text(), std::string("</think>"));
        QCOMPARE(format.opening_text(), std::string("<think>"));
        learn_spacing(format, "A:ANSWER", "THOUGHT",
                      "ANSWER");  // the template drops thoughts: nothing to learn
        QCOMPARE(format.closing_text(), std::string("</think>"));
        const auto harmony = detect_thought_format(WordsTokenizer(kHarmonyWords), "");
        QCOMPARE(harmony.closing_text(), std::string("<|end|><|start|>assistant<|channel|>final<|message|>"));
    }

    void ends_of_reply() {
        const WordsTokenizer words(kHarmonyWords, {"<|end|>", "<|return|>"});
        const auto harmony = detect_thought_format(words, "");
        QVERIFY(!ends_reply(harmony, words, *words.find("<|end|>")));
        QVERIFY(ends_reply(harmony, words, *words.find("<|return|>")));
        QVERIFY(ends_reply(harmony, words, *words.find("<|call|>")));
        QVERIFY(!ends_reply(harmony, words, 65));
        QVERIFY(ends_reply({}, words, *words.find("<|end|>")));
    }
};

QTEST_APPLESS_MAIN(TestThoughtFormat)
#include "test_thought_format.moc"
