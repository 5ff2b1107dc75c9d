// How channels become one order, which passages step back, and what a judge may change.
#include <QTemporaryDir>
#include <QtTest>

#include "app/documents/likelihood_reranker.h"
#include "app/documents/plain_texts.h"
#include "engine/runtime/devices.h"
#include "engine/runtime/local_engine.h"
#include "engine/sampling/distribution.h"
#include "tests/app/documents/shelf.h"
#include "tests/engine/runtime/tiny_model.h"

using namespace pellucid;
using namespace pellucid::documents;
using namespace pellucid::documents::test;
namespace fs = std::filesystem;

namespace {

struct Shelf {
    QTemporaryDir folder;
    PlainReader reader;
    std::unique_ptr<DocumentLibrary> library;

    fs::path docs() const { return fs::path(folder.path().toStdString()) / "docs"; }
    void write(const std::string& name, const std::string& text) {
        fs::create_directories(docs());
        std::ofstream(docs() / name) << text;
    }
    void open() {
        DocumentLibrary::Options options;
        options.data_folder = folder.path().toStdString();
        options.importer.low_priority = false;
        options.importer.chunks = {64, 96, true};
        auto opened = DocumentLibrary::open(options, reader);
        QVERIFY2(opened.ok(), opened.ok() ? "" : opened.error().message().c_str());
        library = *std::move(opened);
        QVERIFY(library->use(std::make_shared<WordSource>(256)).ok());
        QVERIFY(library->start(false).ok());
        QVERIFY(library->add(*library->collections().named("Papers"), {docs()}, false).ok());
        QVERIFY(library->importer().wait_until_idle(std::chrono::seconds(60)));
    }
    std::vector<FoundPassage> find(const std::string& query, const RetrieveOptions& how = {}) {
        auto found = library->retriever().find(query, how);
        return found.ok() ? std::move(found->passages) : std::vector<FoundPassage>();
    }
};

/// Gives each passage what is said of the first word in its text that is known.
struct Judge : Reranker {
    std::vector<std::pair<std::string, float>> marks;
    std::size_t judged = 0;
    std::string name() const override { return "judge"; }
    Result<std::vector<float>> score(const std::string&, std::span<const std::string> passages,
                                     CancelToken) override {
        judged = passages.size();
        std::vector<float> scores(passages.size());
        for (std::size_t i = 0; i < passages.size(); ++i)
            for (const auto& [word, mark] : marks)
                if (passages[i].find(word) != std::string::npos) scores[i] = mark;
        return scores;
    }
};

}  // namespace

class TestRetriever : public QObject {
    Q_OBJECT

private slots:
    void a_score_is_words_and_meaning_as_shares() {
        Shelf shelf;
        shelf.write("a.txt", "the moon pulls the tide twice a day");
        shelf.write("b.txt", "a tide table of the harbour");
        shelf.write("c.txt", "bread and salt and flour");
        shelf.open();
        RetrieveOptions how;
        const auto found = shelf.find("moon tide", how);
        QVERIFY(found.size() >= 2);
        QVERIFY(found[0].text.starts_with("the moon"));
        double best = 0;
        for (const auto& one : found)
            if (one.words) best = std::max(best, one.words->score);
        for (const auto& one : found) {
            QVERIFY(one.vectors);
            const double expected = how.words_weight * (one.words ? one.words->score / best : 0) +
                                    how.vectors_weight * one.vectors->score;
            QVERIFY2(std::abs(one.score - expected) < 1e-9, qPrintable(QString::number(one.score)));
        }
        for (std::size_t i = 1; i < found.size(); ++i) QVERIFY(found[i - 1].score >= found[i].score);
        // Without one of the channels the other one's order.
        const auto words = shelf.find("moon tide", {.vectors = false});
        for (std::size_t i = 0; i < words.size(); ++i)
            QCOMPARE(words[i].words->rank, static_cast<int>(i) + 1);
        const auto vectors = shelf.find("moon tide", {.words = false});
        for (std::size_t i = 0; i < vectors.size(); ++i)
            QCOMPARE(vectors[i].vectors->rank, static_cast<int>(i) + 1);
    }

    void what_words_found_is_weighed_by_meaning_however_far() {
        Shelf shelf;
        for (int i = 0; i < 30; ++i)
            shelf.write("n" + std::to_string(i) + ".txt", "tide tide tide number" + std::to_string(i));
        shelf.write("far.txt", "harbour " + std::string("many other words that are far away from it all"));
        shelf.open();
        RetrieveOptions how;
        how.candidates = 3;  // of each channel
        how.limit = 10;
        const auto found = shelf.find("tide harbour", how);
        bool there = false;
        for (const auto& one : found) {
            if (!one.text.starts_with("harbour")) continue;
            there = true;
            QVERIFY(one.words && !one.vectors);  // not among the nearest three
            QVERIFY(one.meaning > 0);
            QVERIFY(one.score < how.words_weight + one.meaning);
        }
        QVERIFY(there);
    }

    void one_of_a_page_comes_before_a_second_of_it() {
        Shelf shelf;
        std::string page;  // of several passages
        for (int i = 0; i < 60; ++i)
            page += "The tide of this page is tide number " + std::to_string(i) + ". ";
        shelf.write("long.txt", page + "\f" + page);
        shelf.write("other.txt", "bread, and once a tide");
        shelf.open();
        const auto found = shelf.find("tide", {.limit = 20, .vectors = false});
        QVERIFY(found.size() > 4);
        std::set<std::pair<storage::ContentId, std::uint32_t>> first;
        for (std::size_t i = 0; i < 3; ++i) first.insert({found[i].chunk.content, found[i].chunk.page});
        QCOMPARE(first.size(), std::size_t{3});
        QCOMPARE(found[3].document.path, found[4].document.path);
    }

    void a_judge_counts_beside_the_score() {
        Shelf shelf;
        shelf.write("a.txt", "tide apple");
        shelf.write("b.txt", "tide and more pear");
        shelf.write("c.txt", "a tide with some more words and a plum");
        shelf.open();
        Judge judge;
        judge.marks = {{"apple", -3}, {"pear", -2.9f}, {"plum", -0.1f}};
        RetrieveOptions how;
        how.reranker = &judge;
        const auto before = shelf.find("tide");
        QVERIFY(before[0].text.find("apple") != std::string::npos);
        const auto found = shelf.find("tide", how);
        QVERIFY(found[0].text.find("plum") != std::string::npos);  // much better to the judge
        QCOMPARE(found[0].rerank->rank, 1);
        for (const auto& one : found) {
            QVERIFY(one.rerank);
            if (one.text.find("apple") != std::string::npos) QCOMPARE(one.rerank->rank, 3);
        }
        // A shade is not enough.
        judge.marks = {{"apple", -3}, {"pear", -2.999f}, {"plum", -3}};
        QVERIFY(shelf.find("tide", how)[0].text.find("apple") != std::string::npos);
        // Only as many as it is given.
        how.reranked = 2;
        how.limit = 1;
        QCOMPARE(shelf.find("tide", how).size(), std::size_t{1});
        QCOMPARE(judge.judged, std::size_t{2});
    }

    void likelihood_is_that_of_the_question_behind_the_passage() {
        QTemporaryDir folder;
        LocalEngine engine(host_devices());
        ModelOptions options;
        options.threads = 1;
        auto model = engine.open_local(pellucid::test::write_tiny_model(folder), options, {});
        QVERIFY2(model.ok(), model.ok() ? "" : model.error().message().c_str());
        LikelihoodReranker judge(*model);
        const std::vector<std::string> passages = {"tide", "bread and salt", "", std::string(9000, 'x')};
        const auto scores = judge.score("why?", passages, {});
        if (!scores.ok() && scores.error().code == ErrorCode::context_overflow)
            QSKIP("the tiny model's context is shorter than a passage");
        QVERIFY2(scores.ok(), scores.ok() ? "" : scores.error().message().c_str());
        QCOMPARE(scores->size(), passages.size());
        for (const float score : *scores) QVERIFY(std::isfinite(score) && score < 0);
        QVERIFY((*scores)[0] != (*scores)[1]);
        // By hand, for one of them.
        const std::string text = passages[1] + LikelihoodReranker::kBetween + "why?";
        const auto ids = (*model)->tokenizer()->encode(text, {.parse_special = false, .add_special = false});
        double sum = 0;
        QVERIFY((*model)
                    ->evaluate(ids, static_cast<int>(ids.size()) - 5,
                               [&](int position, std::span<const float> row) {
                                   const auto next = static_cast<std::size_t>(position) + 1;
                                   if (next >= ids.size()) return;
                                   sum += row[static_cast<std::size_t>(ids[next])] - measure(row)->log_sum;
                               })
                    .ok());
        QVERIFY2(std::abs(double((*scores)[1]) - sum / 4) < 1e-3, qPrintable(QString::number(sum / 4)));
        // Nothing is asked, and it is stopped.
        const auto nothing = judge.score("", passages, {});
        QVERIFY(nothing.ok() && (*nothing)[0] == 0);
        CancelToken stop;
        stop.cancel();
        const auto stopped = judge.score("why?", passages, stop);
        QVERIFY(!stopped.ok() && stopped.error().code == ErrorCode::cancelled);
    }

    void plain_texts_are_the_same_in_number() {
        for (const PlainTexts& texts : plain_texts()) {
            QVERIFY(texts.questions.size() >= 20);
            QCOMPARE(texts.questions.size(), texts.passages.size());
            QCOMPARE(texts.questions.size(), plain_texts()[0].questions.size());
        }
    }
};

QTEST_APPLESS_MAIN(TestRetriever)
#include "test_retriever.moc"
