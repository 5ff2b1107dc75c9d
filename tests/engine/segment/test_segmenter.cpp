// The segmenter loses nothing, shows nothing twice and cuts at the same places however the tokens fall.
#include <QtTest>
#include <random>

#include "engine/segment/segmenter.h"
#include "tests/engine/segment/words_tokenizer.h"

using namespace pellucid;

namespace {

struct Cut {
    std::string thought, answer, tool, raw;
    int tokens = 0, thought_tokens = 0, answer_tokens = 0;
};

void add(Cut& cut, const std::vector<Segment>& segments) {
    for (const auto& segment : segments) {
        cut.raw += segment.text;
        cut.tokens += segment.tokens;
        if (segment.channel == Segment::Channel::thought)
            cut.thought += segment.text, cut.thought_tokens += segment.tokens;
        if (segment.channel == Segment::Channel::answer)
            cut.answer += segment.text, cut.answer_tokens += segment.tokens;
        if (segment.channel == Segment::Channel::tool_call) cut.tool += segment.text;
    }
}

/// Feeds text by the tokenizer's tokens.
Cut by_tokens(const ThoughtFormat& format, const WordsTokenizer& words, ReplyStart start,
              std::string_view text) {
    Segmenter segmenter(format, start);
    Cut cut;
    int fed = 0;
    for (const auto id : words.encode(text, {}))
        add(cut, segmenter.feed(id, words.bytes_of(id, true))), ++fed;
    add(cut, segmenter.finish());
    if (cut.tokens != fed) qFatal("%d tokens fed, %d given out", fed, cut.tokens);
    return cut;
}

/// Feeds text as ordinary tokens cut at random.
Cut by_pieces(const ThoughtFormat& format, ReplyStart start, std::string_view text, std::mt19937& random) {
    Segmenter segmenter(format, start);
    Cut cut;
    int fed = 0;
    while (!text.empty()) {
        const auto length =
            std::min<std::size_t>(random() % 5, text.size());  // 0: a token that completed no character
        add(cut, segmenter.feed(1, text.substr(0, length)));
        text.remove_prefix(length);
        ++fed;
    }
    add(cut, segmenter.finish());
    if (cut.tokens != fed) qFatal("%d tokens fed, %d given out", fed, cut.tokens);
    return cut;
}

const WordsTokenizer kPlain({});
const WordsTokenizer kThink({"<think>", "</think>"});
const WordsTokenizer kHarmony({"<|start|>", "<|channel|>", "<|message|>", "<|end|>", "<|constrain|>",
                               "<|call|>", "<|return|>"});

}  // namespace

class TestSegmenter : public QObject {
    Q_OBJECT

private slots:
    void tags_data() {
        QTest::addColumn<QString>("text");
        QTest::addColumn<int>("start");
        QTest::addColumn<QString>("thought");
        QTest::addColumn<QString>("answer");
        const int open = static_cast<int>(ReplyStart::open), thought = static_cast<int>(ReplyStart::thought),
                  answer = static_cast<int>(ReplyStart::answer);
        QTest::newRow("model opens") << "<think>\nHm.\n</think>\n\nYes." << open << "Hm.\n"
                                     << "Yes.";
        QTest::newRow("space before") << "\n <think>Hm.</think>Yes." << open << "Hm."
                                      << "Yes.";
        QTest::newRow("prompt opened") << "Hm.\n</think>\n\nYes." << thought << "Hm.\n"
                                       << "Yes.";
        QTest::newRow("opened twice") << "<think>\nHm.</think>Yes." << thought << "Hm."
                                      << "Yes.";
        QTest::newRow("prompt closed") << "Yes." << answer << ""
                                       << "Yes.";
        QTest::newRow("no thought") << "  Yes." << open << ""
                                    << "  Yes.";
        QTest::newRow("empty thought") << "<think>\n\n</think>\n\nYes." << open << ""
                                       << "Yes.";
        QTest::newRow("never closed") << "<think>Hm. And" << open << "Hm. And"
                                      << "";
        QTest::newRow("nothing") << "" << open << ""
                                 << "";
        QTest::newRow("nothing but space") << "\n\n"
                                           << open << ""
                                           << "\n\n";
    }
    void tags() {
        QFETCH(QString, text);
        QFETCH(int, start);
        QFETCH(QString, thought);
        QFETCH(QString, answer);
        for (const auto* words : {&kPlain, &kThink}) {
            const auto format = detect_thought_format(*words, "</think>");
            QCOMPARE(format.open.id.has_value(), words == &kThink);
            const auto cut = by_tokens(format, *words, static_cast<ReplyStart>(start), text.toStdString());
            QCOMPARE(cut.raw, text.toStdString());
            QCOMPARE(cut.thought, thought.toStdString());
            QCOMPARE(cut.answer, answer.toStdString());
        }
    }

    void an_answer_may_talk_about_tags() {
        const auto format = detect_thought_format(kPlain, "</think>");
        const std::string text = "<think>a</think>Write <think> and </think> like that.";
        const auto cut = by_tokens(format, kPlain, ReplyStart::open, text);
        QCOMPARE(cut.answer, std::string("Write <think> and </think> like that."));
        const auto late = by_tokens(format, kPlain, ReplyStart::open, "See <think>x</think>");
        QCOMPARE(late.answer, std::string("See <think>x</think>"));
    }

    void with_token_marks_spelled_tags_are_text() {
        const auto format = detect_thought_format(kThink, "");
        Segmenter segmenter(format, ReplyStart::thought);
        Cut cut;
        add(cut, segmenter.feed(1, "the tag </think> is"));
        add(cut, segmenter.feed(257, "</think>"));
        add(cut, segmenter.feed(1, "Yes <think> no"));
        add(cut, segmenter.finish());
        QCOMPARE(cut.thought, std::string("the tag </think> is"));
        QCOMPARE(cut.answer, std::string("Yes <think> no"));
    }

    void a_thought_can_be_opened_again_by_token() {
        const auto format = detect_thought_format(kThink, "");
        const auto cut =
            by_tokens(format, kThink, ReplyStart::open, "<think>a</think>one<think>b</think>two");
        QCOMPARE(cut.thought, std::string("ab"));
        QCOMPARE(cut.answer, std::string("onetwo"));
        QCOMPARE(by_tokens(format, kThink, ReplyStart::answer, "a</think>b").answer,
                 std::string("ab"));  // a stray mark
    }

    void the_state_can_be_asked() {
        Segmenter segmenter(detect_thought_format(kThink, ""), ReplyStart::open);
        QVERIFY(!segmenter.in_thought() && !segmenter.thought_closed());
        segmenter.feed(256, "<think>");
        QVERIFY(segmenter.in_thought() && !segmenter.thought_closed());
        segmenter.feed(257, "</think>");
        QVERIFY(!segmenter.in_thought() && segmenter.thought_closed());
        QVERIFY(segmenter.is_mark(256) && !segmenter.is_mark(65));
    }

    void harmony_channels() {
        const auto format = detect_thought_format(kHarmony, "");
        const std::string text =
            "<|channel|>analysis<|message|>Think about it.<|end|><|start|>assistant<|channel|>commentary "
            "to=functions.weather "
            "<|constrain|>json<|message|>{\"city\":\"Vienna\"}<|call|>";
        Segmenter segmenter(format, ReplyStart::open);
        Cut cut;
        std::string recipient;
        for (const auto id : kHarmony.encode(text, {})) {
            add(cut, segmenter.feed(id, kHarmony.bytes_of(id, true)));
            if (!segmenter.recipient().empty()) recipient = segmenter.recipient();
        }
        add(cut, segmenter.finish());
        QCOMPARE(cut.raw, text);
        QCOMPARE(cut.thought, std::string("Think about it."));
        QCOMPARE(cut.tool, std::string("{\"city\":\"Vienna\"}"));
        QCOMPARE(cut.answer, std::string());
        QCOMPARE(recipient, std::string("functions.weather"));
        const auto final =
            by_tokens(format, kHarmony, ReplyStart::thought,
                      "Hm.<|end|><|start|>assistant<|channel|>commentary<|message|>I will look.<|end|>"
                      "<|start|>assistant<|channel|>final<|message|>42");
        QCOMPARE(final.thought, std::string("Hm."));
        QCOMPARE(final.answer, std::string("I will look.42"));
    }

    void text_is_never_shown_and_taken_back() {
        const auto format = detect_thought_format(kPlain, "</think>");
        Segmenter segmenter(format, ReplyStart::thought);
        Cut cut;
        add(cut, segmenter.feed(1, "a </thi"));
        QCOMPARE(cut.thought, std::string("a "));
        add(cut, segmenter.feed(1, "s"));
        QCOMPARE(cut.thought, std::string("a </this"));
        add(cut, segmenter.feed(1, "<</think"));
        add(cut, segmenter.feed(1, ">b"));
        add(cut, segmenter.finish());
        QCOMPARE(cut.thought, std::string("a </this<"));
        QCOMPARE(cut.answer, std::string("b"));
    }

    void tokens_are_counted_where_they_end() {
        const auto cut =
            by_tokens(detect_thought_format(kThink, ""), kThink, ReplyStart::open, "<think>abc</think>de");
        QCOMPARE(cut.thought_tokens, 3);
        QCOMPARE(cut.answer_tokens, 2);
        QCOMPARE(cut.tokens, 7);
    }

    /// Whatever comes, in whatever pieces: the channels and tags together are the raw text, and where text
    /// marks decide, the cuts do not move with the pieces.
    void every_split_gives_the_same_channels() {
        std::mt19937 random(17);
        const std::vector<std::string> parts = {
            "<think>", "</think>",  "<",        ">",     "/",         "think",       "</",
            " ",       "\n",        "a",        "好",    "<|",        "<|channel|>", "<|message|>",
            "<|end|>", "<|start|>", "analysis", "final", "assistant", "to=f",        "|>"};
        const auto tags = detect_thought_format(kPlain, "</think>");
        auto harmony = detect_thought_format(kHarmony, "");
        for (auto& mark : harmony.harmony) mark.id.reset();  // marks spelled out as text
        for (int round = 0; round < 4000; ++round) {
            std::string text;
            for (auto n = random() % 14; n > 0; --n) text += parts[random() % parts.size()];
            const auto& format = round % 2 ? tags : harmony;
            const auto start = static_cast<ReplyStart>(random() % 3);
            Segmenter whole(format, start);
            Cut once;
            add(once, whole.feed(1, text));
            add(once, whole.finish());
            QCOMPARE(once.raw, text);
            const auto cut = by_pieces(format, start, text, random);
            QCOMPARE(cut.raw, text);
            QCOMPARE(cut.thought, once.thought);
            QCOMPARE(cut.answer, once.answer);
            QCOMPARE(cut.tool, once.tool);
        }
        const auto with_tokens = detect_thought_format(kThink, "");
        for (int round = 0; round < 2000; ++round) {
            std::string text;
            for (auto n = random() % 14; n > 0; --n) text += parts[random() % 11];
            QCOMPARE(by_tokens(with_tokens, kThink, static_cast<ReplyStart>(random() % 3), text).raw, text);
        }
    }
};

QTEST_APPLESS_MAIN(TestSegmenter)
#include "test_segmenter.moc"
