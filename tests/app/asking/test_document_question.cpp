// From a library of documents to a prompt and back to the page: the whole or passages, nothing near,
// follow-up questions, where a citation stands.
#include <QTemporaryDir>
#include <QtTest>

#include "app/answering/answer_stream.h"
#include "app/asking/document_question.h"
#include "engine/runtime/mock_engine.h"
#include "tests/app/documents/shelf.h"

using namespace pellucid;
using namespace pellucid::asking;
using namespace pellucid::answering;
namespace shelf = pellucid::documents::test;

namespace {

std::string filler(int paragraphs, const std::string& word) {
    std::string text;
    for (int i = 0; i < paragraphs; ++i) {
        for (int j = 0; j < 30; ++j) text += word + std::to_string(i) + "x" + std::to_string(j) + " ";
        text += "ends here.\n\n";
    }
    return text;
}

}  // namespace

class TestDocumentQuestion : public QObject {
    Q_OBJECT

    QTemporaryDir folder_;
    shelf::PlainReader reader_;
    std::unique_ptr<documents::DocumentLibrary> library_;
    std::unique_ptr<MockEngine> engine_;
    std::shared_ptr<Model> model_;

    void open_model(int context, std::vector<MockReplyScript> replies = {}) {
        MockScript script;
        script.models = {mock_model()};
        script.models[0].load_seconds = 0;
        script.models[0].context_length = context;
        for (auto& reply : replies) {
            reply.tokens_per_second = 0;
            reply.prompt_seconds = 0;
        }
        script.models[0].replies = std::move(replies);
        engine_ = std::make_unique<MockEngine>(script);
        model_ = *engine_->open("any", {});
    }

    documents::DocumentFilter only(const std::string& name) {
        documents::DocumentFilter filter;
        const auto rows = library_->documents().list();
        for (const auto& row : *rows)
            if (row.path.ends_with(name)) filter.documents.push_back(row.id);
        return filter;
    }

private slots:
    void initTestCase() {
        const std::filesystem::path home = folder_.path().toStdString();
        shelf::write(home / "docs/pump.txt",
                     "The Lanark pump was built in 1987.\fThe Lanark pump holds 40 litres of water.\n\nIts "
                     "filter is cleaned once a month.");
        shelf::write(
            home / "docs/long.txt",
            filler(120, "gneiss") + "The Dumfries kettle boils in 3 minutes.\n\n" + filler(20, "schist"));
        auto opened = documents::DocumentLibrary::open(shelf::options_of(home / "data"), reader_);
        QVERIFY(opened.ok());
        library_ = *std::move(opened);
        const auto collection = library_->collections().named("Test");
        QVERIFY(collection.ok());
        QVERIFY(library_->start(false).ok());
        QVERIFY(library_->add(*collection, {home / "docs"}).ok());
        QVERIFY(library_->importer().wait_until_idle(std::chrono::seconds(60)));
    }
    void cleanupTestCase() { library_.reset(); }

    void a_short_document_is_read_whole() {
        open_model(4096);
        AskSettings settings;
        settings.scope = only("pump.txt");
        const auto prepared =
            prepare_question("How much does the pump hold?", {}, *library_, *model_, nullptr, settings);
        QVERIFY(prepared.ok());
        QCOMPARE(prepared->choice.way, ContextWay::whole);
        QCOMPARE(prepared->choice.reason, ContextReason::fits);
        QVERIFY(prepared->prompt.content.find("40 litres") != std::string::npos);
        QVERIFY(prepared->prompt.content.find("once a month") != std::string::npos);
        QVERIFY(prepared->queries.empty());
        settings.way = ContextWay::passages;
        const auto searched = prepare_question("How much water does the Lanark pump hold?", {}, *library_,
                                               *model_, nullptr, settings);
        QCOMPARE(searched->choice.way, ContextWay::passages);
        QCOMPARE(searched->queries.size(), std::size_t(1));
        QCOMPARE(searched->why.size(), searched->prompt.placed.size());
        QVERIFY(!searched->why.empty() && !searched->why[0].empty());
    }

    void a_long_document_is_searched() {
        open_model(2048);
        AskSettings settings;
        const auto prepared = prepare_question("How fast does the Dumfries kettle boil?", {}, *library_,
                                               *model_, nullptr, settings);
        QVERIFY(prepared.ok());
        QCOMPARE(prepared->choice.way, ContextWay::passages);
        QCOMPARE(prepared->choice.reason, ContextReason::too_long);
        QVERIFY(prepared->prompt.content.find("3 minutes") != std::string::npos);
        QVERIFY(prepared->prompt.tokens <= 2048);
    }

    void nothing_near_is_nothing_found() {
        open_model(2048);
        const auto prepared = prepare_question("Who painted the ceiling of the Sistine chapel?", {},
                                               *library_, *model_, nullptr, {});
        QVERIFY(prepared.ok());
        QVERIFY(prepared->nothing_found());
    }

    void a_follow_up_question_is_rewritten_before_the_search() {
        MockReplyScript reply;
        reply.answer = "How much water does the Lanark pump hold?";
        open_model(2048, {reply});
        const auto session = *model_->new_session();
        const std::vector<Turn> history = {
            {"When was the Lanark pump built?", "It was built in 1987, and it holds water."}};
        const auto prepared =
            prepare_question("And how much does it hold?", history, *library_, *model_, session.get(), {});
        QVERIFY(prepared.ok());
        QCOMPARE(prepared->question.reason, RewriteReason::rewritten);
        QCOMPARE(prepared->queries[0], reply.answer);
        QVERIFY(prepared->prompt.content.find("40 litres") != std::string::npos);
        // What the person asked is what the model answers.
        QVERIFY(prepared->prompt.content.ends_with("And how much does it hold?"));
    }

    void a_citation_stands_on_its_page() {
        open_model(4096);
        AskSettings settings;
        settings.scope = only("pump.txt");
        const auto prepared =
            prepare_question("How much does the pump hold?", {}, *library_, *model_, nullptr, settings);
        QVERIFY(prepared.ok());
        AnswerStream stream(prepared->prompt.passages());
        Delta delta;
        int number = 0;
        for (std::size_t i = 0; i < stream.passages().size(); ++i)
            if (stream.passages()[i].text.find("40 litres") != std::string::npos)
                number = static_cast<int>(i) + 1;
        QVERIFY(number > 0);
        delta.text = "The Lanark pump holds 40 litres of water [" + std::to_string(number) + "].";
        stream.take(delta);
        stream.finish();
        const CheckedAnswer answer = stream.check();
        QCOMPARE(answer.outcome, Outcome::answered);
        QCOMPARE(answer.citations.size(), std::size_t(1));
        const Passage& passage = stream.passages()[static_cast<std::size_t>(number - 1)];
        const auto place = cited_place(*library_, passage, answer.citations[0].evidence);
        QVERIFY(place.ok());
        QVERIFY(place->path.ends_with("pump.txt"));
        QCOMPARE(place->page, std::uint32_t(1));
        QVERIFY(place->width > 0);
        QVERIFY(!place->boxes.empty());
        const auto words = library_->contents().text(
            passage.content,
            {static_cast<std::uint32_t>(place->range.first), static_cast<std::uint32_t>(place->range.last)});
        QVERIFY(words.ok());
        QVERIFY2(words->find("40 litres") != std::string::npos && words->find("1987") == std::string::npos,
                 words->c_str());
        for (const auto& box : place->boxes)
            QVERIFY(box.range.first < place->range.last && place->range.first < box.range.last);
    }
};

QTEST_APPLESS_MAIN(TestDocumentQuestion)
#include "test_document_question.moc"
