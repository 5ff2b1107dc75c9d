// Questions made to stand alone, taken apart, searched for; and what happens where the model does not help.
#include <QtTest>

#include "app/answering/question_rewriter.h"
#include "engine/runtime/mock_engine.h"

using namespace pellucid;
using namespace pellucid::answering;

namespace {

RewrittenQuestion rewrite(const std::string& question, const std::vector<Turn>& history,
                          MockReplyScript reply, RewriteSettings settings = {}) {
    MockScript script;
    script.models = {mock_model()};
    script.models[0].load_seconds = 0;
    reply.tokens_per_second = 0;
    reply.prompt_seconds = 0;
    script.models[0].replies = {reply};
    MockEngine engine(script);
    const auto model = engine.open("any", {});
    const auto session = (*model)->new_session();
    return rewrite_question(question, history, **session, counter_of(**model), settings);
}

MockReplyScript says(const std::string& text) {
    MockReplyScript reply;
    reply.answer = text;
    return reply;
}

const std::vector<Turn> kPump = {
    {"How often is the filter of the pump cleaned?", "The filter is cleaned once a month."}};

}  // namespace

class TestQuestionRewriter : public QObject {
    Q_OBJECT

private slots:
    void what_leans_on_history_data() {
        QTest::addColumn<QString>("question");
        QTest::addColumn<bool>("leans");
        for (const char* question :
             {"And in winter?", "Why?", "How long does it last?", "What about the valve?", "Who made them?",
              "那冬天呢？", "它多久清洗一次？", "为什么？", "阀门呢"})
            QTest::newRow(question) << question << true;
        for (const char* question : {"How often is the filter of the pump cleaned?",
                                     "When was SQLite first released?", "水泵的过滤器多久清洗一次？"})
            QTest::newRow(question) << question << false;
    }
    void what_leans_on_history() {
        QFETCH(QString, question);
        QFETCH(bool, leans);
        QCOMPARE(leans_on_history(question.toStdString()), leans);
    }

    void parts() {
        QCOMPARE(
            parts_of("When was the pump built, and how often is its filter cleaned?"),
            (std::vector<std::string>{"When was the pump built", "and how often is its filter cleaned"}));
        QCOMPARE(parts_of("水泵什么时候建成的？过滤器多久清洗一次？"),
                 (std::vector<std::string>{"水泵什么时候建成的", "过滤器多久清洗一次"}));
        QVERIFY(parts_of("When was the pump built?").empty());
        QVERIFY(parts_of("Why?").empty());
        QVERIFY(parts_of("").empty());
        QCOMPARE(
            parts_of("What is red wine? What is white wine? What is green tea? What is black tea?").size(),
            std::size_t(3));
    }

    void a_question_that_leans_is_rewritten() {
        const auto made =
            rewrite("And in winter?", kPump, says("How often is the filter of the pump cleaned in winter?"));
        QCOMPARE(made.reason, RewriteReason::rewritten);
        QCOMPARE(made.question, std::string("How often is the filter of the pump cleaned in winter?"));
        QVERIFY(made.tokens > 0);
        QCOMPARE(rewrite("And in winter?", kPump,
                         says("Question: \"How often is the pump's filter cleaned in winter?\"\nMore."))
                     .question,
                 std::string("How often is the pump's filter cleaned in winter?"));
    }

    void without_use_the_question_itself_is_searched_for() {
        const std::string fallback = "And in winter? How often is the filter of the pump cleaned?";
        for (const char* reply : {"", "Bananas are yellow fruits of the tropics.",
                                  "In winter, once a week, because leaves and twigs clog valves."}) {
            const auto made = rewrite("And in winter?", kPump, says(reply));
            QCOMPARE(made.reason, RewriteReason::refused);
            QCOMPARE(made.question, fallback);
        }
        MockReplyScript broken = says("How");
        broken.failure = Error{ErrorCode::device_lost, "gone", ""};
        QCOMPARE(rewrite("And in winter?", kPump, broken).reason, RewriteReason::failed);
        MockReplyScript silent = says("x");
        silent.hang = true;
        RewriteSettings hasty;
        hasty.patience = std::chrono::milliseconds(50);
        const auto made = rewrite("And in winter?", kPump, silent, hasty);
        QCOMPARE(made.reason, RewriteReason::failed);
        QCOMPARE(made.question, fallback);
    }

    void the_model_is_not_asked_without_need() {
        QCOMPARE(rewrite("And in winter?", {}, says("x")).reason, RewriteReason::no_history);
        const auto alone = rewrite("When was SQLite first released to the public?", kPump, says("x"));
        QCOMPARE(alone.reason, RewriteReason::stands_alone);
        QCOMPARE(alone.question, std::string("When was SQLite first released to the public?"));
        QCOMPARE(alone.tokens, 0);
    }

    void the_history_shown_is_bounded() {
        std::vector<Turn> history;
        for (int i = 0; i < 50; ++i)
            history.push_back({"Question " + std::to_string(i) + "?", std::string(400, 'a')});
        const TokenCounter bytes = [](std::string_view text) { return static_cast<int>(text.size()); };
        RewriteSettings settings;
        settings.history_tokens = 1000;
        const auto conversation = rewrite_request("And then?", history, settings, bytes);
        QCOMPARE(conversation.messages.size(), std::size_t(1));
        QVERIFY(conversation.messages[0].content.size() < 1500);
        QVERIFY(conversation.messages[0].content.find("Question 49?") != std::string::npos);
        QVERIFY(conversation.messages[0].content.find("Question 10?") == std::string::npos);
    }

    void parts_are_searched_for_and_fused() {
        std::vector<std::string> asked;
        const FindPassages find = [&](const std::string& query, int) -> Result<std::vector<Passage>> {
            asked.push_back(query);
            std::vector<Passage> found;
            const auto add = [&](std::uint32_t first, const std::string& text) {
                Passage passage;
                passage.document = 1;
                passage.first = first;
                passage.last = first + 10;
                passage.text = text;
                found.push_back(passage);
            };
            if (query.find("built") != query.npos) add(0, "The pump by Lanark was built.");
            add(100, "Both of Lanark.");
            if (query.find("filter") != query.npos) add(200, "The filter by Lanark.");
            return found;
        };
        RewrittenQuestion question;
        question.question = "When was the pump built, and how often is the filter cleaned?";
        question.parts = parts_of(question.question);
        const auto gathered = gather_passages(question, find, 5);
        QVERIFY(gathered.ok());
        QCOMPARE(gathered->passages.size(), std::size_t(3));
        QCOMPARE(gathered->passages[0].text, std::string("Both of Lanark."));  // in every list
        QCOMPARE(gathered->queries, asked);
        QCOMPARE(asked.size(),
                 std::size_t(4));  // the question, its two parts, and again with the name in them
        QVERIFY(asked.back().find("lanark") != std::string::npos);
        QCOMPARE(gather_passages(question, find, 1)->passages.size(), std::size_t(1));
        const FindPassages broken = [](const std::string&, int) -> Result<std::vector<Passage>> {
            return fail(ErrorCode::io, "gone");
        };
        QCOMPARE(gather_passages(question, broken, 1).error().code, ErrorCode::io);
    }
};

QTEST_APPLESS_MAIN(TestQuestionRewriter)
#include "test_question_rewriter.moc"
