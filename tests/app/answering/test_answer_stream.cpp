// A reply of the scripted engine to a question about documents: text, marks, what the thought uses, each
// sentence checked, and what became of the question.
#include <QtTest>

#include "app/answering/answer_stream.h"
#include "app/answering/nearest_words.h"
#include "engine/runtime/mock_engine.h"

using namespace pellucid;
using namespace pellucid::answering;
using namespace std::chrono_literals;

namespace {

std::vector<Passage> passages() {
    Passage pump, filter;
    pump.title = "handbook.pdf";
    pump.text =
        "The pump of the Lanark works holds 40 litres and must not be opened under pressure. It was built in "
        "1987.";
    pump.last = static_cast<std::uint32_t>(pump.text.size());
    filter.title = "handbook.pdf";
    filter.first = 200;
    filter.text = "The filter is cleaned once a month with warm water.";
    filter.last = filter.first + static_cast<std::uint32_t>(filter.text.size());
    return {pump, filter};
}

struct Heard {
    std::string thought, answer;
    std::vector<int> mentions, marks;
    std::vector<long> unknown;
    CheckedAnswer checked;
};

Heard ask(const std::string& thought, const std::string& reply) {
    MockScript script;
    script.models = {mock_model()};
    script.models[0].load_seconds = 0;
    MockReplyScript one;
    one.thought = thought;
    one.answer = reply;
    one.tokens_per_second = 0;
    one.prompt_seconds = 0;
    script.models[0].replies = {one};
    MockEngine engine(script);
    const auto model = engine.open("any", {});
    const auto session = (*model)->new_session();
    const auto all = passages();
    const auto prompt = make_document_prompt("How much does the pump hold?", all, {}, counter_of(**model));
    Request request;
    Conversation conversation;
    conversation.messages = {{Role::user, prompt->content}};
    request.input = conversation;
    const auto running = (*session)->generate(request);
    AnswerStream stream(prompt->passages());
    Heard heard;
    const auto take = [&](const std::vector<AnswerEvent>& events) {
        for (const AnswerEvent& event : events) {
            if (const auto* text = std::get_if<ThoughtText>(&event)) heard.thought += text->text;
            if (const auto* text = std::get_if<AnswerText>(&event)) heard.answer += text->text;
            if (const auto* mark = std::get_if<CitationMark>(&event)) heard.marks.push_back(mark->number);
            if (const auto* mark = std::get_if<UnknownMark>(&event)) heard.unknown.push_back(mark->number);
            if (const auto* mention = std::get_if<Mention>(&event)) heard.mentions.push_back(mention->number);
        }
    };
    for (;;) {
        const auto event = (*running)->next(10s);
        if (!event || std::holds_alternative<Finish>(*event)) break;
        if (const auto* delta = std::get_if<Delta>(&*event)) take(stream.take(*delta));
    }
    take(stream.finish());
    heard.checked = stream.check();
    return heard;
}

std::string words(const CheckedAnswer& answer, Span span) {
    return answer.text.substr(span.first, span.size());
}

}  // namespace

class TestAnswerStream : public QObject {
    Q_OBJECT

private slots:
    void an_answer_with_marks() {
        const Heard heard = ask(
            "Passage 1 is about the pump. Good.",
            "The pump holds 40 litres [1]. The filter is cleaned once a week [citation:2]. It is red 【7】.");
        QCOMPARE(heard.thought, std::string("Passage 1 is about the pump. Good."));
        QCOMPARE(heard.mentions, std::vector<int>{1});
        QCOMPARE(
            heard.answer,
            std::string("The pump holds 40 litres [1]. The filter is cleaned once a week [2]. It is red ."));
        QCOMPARE(heard.answer, heard.checked.text);
        QCOMPARE(heard.marks, (std::vector<int>{1, 2}));
        QCOMPARE(heard.unknown, std::vector<long>{7});
        const CheckedAnswer& checked = heard.checked;
        QCOMPARE(checked.sentences.size(), std::size_t(3));
        QCOMPARE(words(checked, checked.sentences[0].span), std::string("The pump holds 40 litres [1]."));
        QCOMPARE(checked.sentences[0].check.verdict, Verdict::supported);
        QCOMPARE(checked.sentences[1].check.doubt, Doubt::unit);
        QCOMPARE(checked.citations.size(), std::size_t(2));
        QCOMPARE(words(checked, checked.citations[1].mark), std::string("[2]"));
        QCOMPARE(checked.citations[1].sentence, std::size_t(1));
        const auto all = passages();
        QVERIFY(all[0]
                    .text.substr(checked.citations[0].evidence.first, checked.citations[0].evidence.size())
                    .find("40 litres") != std::string::npos);
        QCOMPARE(checked.outcome, Outcome::partly);
    }

    void a_mark_behind_the_full_stop_belongs_to_its_sentence() {
        const CheckedAnswer checked =
            ask("", "The pump holds 40 litres.[1] The filter is cleaned once a month. [2]").checked;
        QCOMPARE(checked.sentences.size(), std::size_t(2));
        QCOMPARE(checked.citations.size(), std::size_t(2));
        QCOMPARE(checked.citations[0].sentence, std::size_t(0));
        QCOMPARE(checked.citations[1].sentence, std::size_t(1));
        QCOMPARE(words(checked, checked.sentences[0].span), std::string("The pump holds 40 litres.[1]"));
        QCOMPARE(checked.outcome, Outcome::answered);
    }

    void a_sentence_without_a_mark_finds_its_passage() {
        const CheckedAnswer checked =
            ask("", "The filter is cleaned once a month with warm water. The pump was built in 1999.")
                .checked;
        QCOMPARE(checked.citations.size(), std::size_t(1));
        QVERIFY(checked.citations[0].found);
        QCOMPARE(checked.citations[0].number, 2);
        QVERIFY(checked.citations[0].mark.empty());
        QVERIFY(!checked.sentences[1].cited);
        QCOMPARE(checked.sentences[1].check.verdict, Verdict::unsupported);
    }

    void not_in_your_documents_is_an_outcome() {
        QCOMPARE(ask("", "This is not in your documents.").checked.outcome, Outcome::not_in_documents);
        QCOMPARE(ask("", "The passages do not mention the price of the pump.").checked.outcome,
                 Outcome::not_in_documents);
        QCOMPARE(ask("", "您的文档中没有这方面的内容。").checked.outcome, Outcome::not_in_documents);
        QCOMPARE(ask("", "The text above is not in the document.").checked.outcome,
                 Outcome::not_in_documents);
        QCOMPARE(ask("", "Bananas ripen in paper bags within 5 days.").checked.outcome, Outcome::unsupported);
        QCOMPARE(ask("Only a thought.", "").checked.outcome, Outcome::no_answer);
        QCOMPARE(check_answer("No idea.", {}, {}).outcome, Outcome::nothing_found);
        QCOMPARE(
            ask("", "The pump holds 40 litres [1]. The passages do not mention its price.").checked.outcome,
            Outcome::answered);
    }

    // A model of 135M parameters did all of these.
    void what_a_small_model_repeats_is_no_answer() {
        const CheckedAnswer marks =
            ask("", "[file content begin]\n[passage 1 begin]\nThe pump holds 40 litres.\n[passage 1 end]\n")
                .checked;
        QCOMPARE(marks.text, std::string("The pump holds 40 litres.\n"));
        QCOMPARE(marks.outcome, Outcome::answered);

        auto all = passages();
        all[0].headings = "3 Care of the pump";
        all[0].text = "3 Care of the pump\n\n" + all[0].text;
        CheckSettings settings;
        settings.question = "Who built the pump of the Lanark works?";
        const auto outcome = [&](std::string_view text) {
            return check_answer(text, {}, all, settings).outcome;
        };
        QCOMPARE(outcome("3 Care of the pump"), Outcome::unsupported);
        QCOMPARE(outcome("handbook.pdf"), Outcome::unsupported);
        QCOMPARE(outcome("Who built the pump of the Lanark works?"), Outcome::unsupported);
        QCOMPARE(outcome("The pump of the Lanark works was built."), Outcome::unsupported);
        QCOMPARE(outcome("The pump of the Lanark works was built by the Lanark works."),
                 Outcome::unsupported);
        QCOMPARE(outcome("The pump of the Lanark works was built by Siemens."), Outcome::unsupported);
        QCOMPARE(outcome("The pump of the Lanark works was built in 1987."), Outcome::answered);
        QCOMPARE(outcome("The Lanark works built the pump with great care and patience."),
                 Outcome::unsupported);
        // Whether something is so is answered in the words of the question.
        settings.question = "Must the pump be opened under pressure?";
        QCOMPARE(outcome("The pump must not be opened under pressure."), Outcome::answered);
        QCOMPARE(outcome("The pump must be opened under pressure."), Outcome::unsupported);
        settings.question = "When was the pump of the Lanark works built?";
        QCOMPARE(outcome("1987."), Outcome::answered);
        QCOMPARE(outcome("1978."), Outcome::unsupported);
        // Numbers of sections, one after the other: each stands in the passages somewhere.
        all[1].text += " 1. 1. 3.2.1 It is told. 2. 2. 3.2.2 It is told.";
        QCOMPARE(outcome("1. 1. 3.2.1 2. 2. 3.2.2 3. 3.2.1"), Outcome::unsupported);
        const auto listed = check_answer("1. 1. 1. 1.", {}, all, settings);
        QVERIFY(std::none_of(
            listed.sentences.begin(), listed.sentences.end(),
            [](const CheckedSentence& one) { return one.check.verdict == Verdict::unsupported; }));
        settings.question = "泵是谁造的？";
        QCOMPARE(outcome("泵是谁造的。"), Outcome::unsupported);
    }

    void a_likeness_in_meaning_alone_finds_no_citation() {
        CheckSettings settings;
        settings.meaning = [](std::string_view, std::string_view) { return 0.97; };
        settings.question = "How much does the pump hold?";
        const auto all = passages();
        QCOMPARE(check_answer("It is a marvel of early steam engineering.", {}, all, settings).outcome,
                 Outcome::unsupported);
    }

    void the_documents_own_words_where_the_model_has_none() {
        const auto all = passages();
        auto near = nearest_words("How much does the pump hold?", all);
        QCOMPARE(near.size(), std::size_t(1));
        QCOMPARE(near[0].number, 1);
        QVERIFY(all[0].text.substr(near[0].span.first, near[0].span.size()).find("40 litres") !=
                std::string::npos);
        near = nearest_words("How often is the filter cleaned?", all);
        QCOMPARE(near.at(0).number, 2);
        QVERIFY(nearest_words("What is the capital of France?", all).empty());
        QVERIFY(nearest_words("", all).empty());
        QVERIFY(nearest_words("How much does the pump hold?", {}).empty());
    }

    void what_is_near_enough_to_be_read() {
        QVERIFY(is_near({true, 0.5, false, 0}));
        QVERIFY(!is_near({true, 0.2, false, 0}));
        QVERIFY(is_near({true, 0.2, true, 0.84}));
        QVERIFY(!is_near({false, 0, true, 0.75}));
        QVERIFY(!is_near({}));
    }
};

QTEST_APPLESS_MAIN(TestAnswerStream)
#include "test_answer_stream.moc"
