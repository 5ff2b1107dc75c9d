// The documents of the window on the real library, the real reader process and the real room that asks: only
// the model is scripted.
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QtTest>

#include "app/chat/document_asker.h"
#include "app/models/document_scope.h"
#include "app/services/document_services.h"
#include "engine/runtime/mock_engine.h"
#include "tests/app/services/small_pdf.h"

using namespace pellucid;
using namespace pellucid::app;

namespace {

constexpr int kPatience = 60000;  // milliseconds; a busy machine needs them

std::shared_ptr<Model> model(MockEngine& engine) {
    auto opened = engine.open("any", {});
    return opened ? *opened : nullptr;
}

MockScript script(int context) {
    MockScript script;
    script.models = {mock_model()};
    script.models[0].load_seconds = 0;
    script.models[0].context_length = context;
    return script;
}

}  // namespace

class TestDocumentServices : public QObject {
    Q_OBJECT

    QTemporaryDir folder_;
    std::unique_ptr<DocumentServices> services_;
    LibraryState state_;
    Problem told_;

    QString file(const QString& name, const QByteArray& bytes) {
        QDir(folder_.path()).mkpath(QFileInfo(QStringLiteral("files/") + name).path());
        QFile out(folder_.filePath(QStringLiteral("files/") + name));
        if (!out.open(QIODevice::WriteOnly)) return {};
        out.write(bytes);
        return out.fileName();
    }
    const LibraryDocument* named(const QString& name) const {
        for (const LibraryDocument& document : state_.documents)
            if (document.name == name) return &document;
        return nullptr;
    }
    bool rests(const QString& name) const {
        const LibraryDocument* document = named(name);
        return document &&
               (document->phase == LibraryDocument::Ready || document->phase == LibraryDocument::Failed);
    }
    void add(const QStringList& paths, const QString& conversation = {}) {
        bool done = false;
        services_->sources().library->add(paths, {}, conversation, this, [&](Problem problem) {
            told_ = problem;
            done = true;
        });
        QTRY_VERIFY_WITH_TIMEOUT(done, kPatience);
    }
    DocumentAsker::Prepared ask(const QString& text, const DocumentScope& scope, int context = 4096) {
        MockEngine engine(script(context));
        DocumentAsker* asker = services_->sources().asker;
        asker->useScope([scope](const QString&) { return scope; });
        DocumentAsker::Question question;
        question.conversation = QStringLiteral("c1");
        question.text = text;
        question.model = model(engine);
        std::optional<DocumentAsker::Prepared> prepared;
        asker->prepare(question, this, [&](DocumentAsker::Prepared made) { prepared = std::move(made); });
        [&] { QTRY_VERIFY_WITH_TIMEOUT(prepared.has_value(), kPatience); }();
        return prepared.value_or(DocumentAsker::Prepared());
    }

private slots:
    void initTestCase() {
        services_ = std::make_unique<DocumentServices>(folder_.filePath("data"), folder_.filePath("models"),
                                                       PELLUCID_READER);
        QVERIFY2(!services_->problem(), services_->problem() ? services_->problem()->what.c_str() : "");
        services_->sources().library->watch(this, [this](LibraryState state) { state_ = std::move(state); });
        services_->start();
        add({file("lease.pdf", test::pdf({{"The Tenant pays a deposit of 900 pounds.",
                                           "The roof is repaired by the Landlord."},
                                          {"Either party may end the lease with six months of notice.",
                                           "Notice is given in writing."}})),
             file("kettle.md",
                  "# Kettle\n\nThe Dumfries kettle boils in 3 minutes.\n\n## Care\n\nDescale it every "
                  "spring.\n"),
             file("broken.pdf", "%PDF-1.7\nnothing of it")});
        QVERIFY(!told_);
        QTRY_VERIFY_WITH_TIMEOUT(rests("lease.pdf") && rests("kettle.md") && rests("broken.pdf"), kPatience);
    }
    void cleanupTestCase() { services_.reset(); }

    void theLibraryTellsWhatBecameOfEachFile() {
        QCOMPARE(named("lease.pdf")->phase, LibraryDocument::Ready);
        QCOMPARE(named("lease.pdf")->pages, 2);
        QVERIFY(named("lease.pdf")->passages >= 1);
        QCOMPARE(named("kettle.md")->phase, LibraryDocument::Ready);
        QCOMPARE(named("kettle.md")->pages, 0);
        QCOMPARE(named("broken.pdf")->phase, LibraryDocument::Failed);
        QVERIFY(!named("broken.pdf")->problem.what.isEmpty());
        QVERIFY(!named("broken.pdf")->problem.hint.isEmpty());
        QVERIFY(!state_.import.note.isEmpty());  // no embedding model: that is said
        add({folder_.filePath("files/none.txt")});
        QVERIFY(told_);
    }

    void pagesTheirPicturesAndWhatStandsWhere() {
        PageSource* pages = services_->sources().pages;
        const QString id = named("lease.pdf")->id;
        std::optional<OpenedDocument> opened;
        pages->open(id, this, [&](OpenedDocument document, Problem problem) {
            QVERIFY2(!problem, qPrintable(problem.what));
            opened = std::move(document);
        });
        QTRY_VERIFY_WITH_TIMEOUT(opened.has_value(), kPatience);
        QCOMPARE(opened->name, QStringLiteral("lease.pdf"));
        QCOMPARE(opened->pages.size(), std::size_t{2});
        QCOMPARE(opened->pages[0].size, QSizeF(420, 300));
        std::optional<QImage> picture;
        pages->picture(id, 1, 2, this, [&](QImage image, Problem problem) {
            QVERIFY2(!problem, qPrintable(problem.what));
            picture = std::move(image);
        });
        QTRY_VERIFY_WITH_TIMEOUT(picture.has_value(), kPatience);
        QCOMPARE(picture->size(), QSize(840, 600));
        std::optional<std::vector<DocumentSpan>> places;
        pages->find(id, QStringLiteral("SIX MONTHS"), this,
                    [&](std::vector<DocumentSpan> found) { places = std::move(found); });
        QTRY_VERIFY_WITH_TIMEOUT(places.has_value(), kPatience);
        QCOMPARE(places->size(), std::size_t{1});
        std::optional<std::vector<TextRun>> runs;
        pages->runs(id, places->front(), this, [&](std::vector<TextRun> found) { runs = std::move(found); });
        QTRY_VERIFY_WITH_TIMEOUT(runs.has_value(), kPatience);
        QVERIFY(!runs->empty());
        // What is boxed is where the letters are drawn: dark there, and nothing but paper just beside it.
        bool touched = false;
        for (const TextRun& run : *runs) {
            if (run.span.first >= places->front().last || places->front().first >= run.span.last) continue;
            touched = true;
            QCOMPARE(run.page, 1);
            int dark = 0;
            const QRect box = QRectF(run.box.topLeft() * 2, run.box.size() * 2).toRect();
            for (int y = box.top(); y <= box.bottom(); ++y)
                for (int x = box.left(); x <= box.right(); ++x)
                    if (picture->rect().contains(x, y)) dark += qGray(picture->pixel(x, y)) < 100;
            QVERIFY(dark > 20);
        }
        QVERIFY(touched);
    }

    void aSourceWithoutPagesHasParagraphs() {
        std::optional<OpenedDocument> opened;
        services_->sources().pages->open(named("kettle.md")->id, this, [&](OpenedDocument document, Problem) {
            opened = std::move(document);
        });
        QTRY_VERIFY_WITH_TIMEOUT(opened.has_value(), kPatience);
        QVERIFY(opened->pages.empty());
        QStringList texts;
        for (const DocumentParagraph& paragraph : opened->paragraphs) texts.append(paragraph.text);
        QVERIFY2(texts.contains("The Dumfries kettle boils in 3 minutes."), qPrintable(texts.join(u'|')));
        for (const DocumentParagraph& paragraph : opened->paragraphs)
            if (paragraph.text == QStringLiteral("Kettle"))
                QCOMPARE(paragraph.kind, DocumentParagraph::Heading);
    }

    void whatIsGoneIsSaid() {
        Problem told;
        bool done = false;
        services_->sources().pages->open(QStringLiteral("987654"), this,
                                         [&](OpenedDocument, Problem problem) {
                                             told = problem;
                                             done = true;
                                         });
        QTRY_VERIFY_WITH_TIMEOUT(done, kPatience);
        QVERIFY(told);
    }

    void aQuestionFindsItsPassageAndTheAnswerIsChecked() {
        const QString question = QStringLiteral("How fast does the Dumfries kettle boil?");
        const auto prepared = ask(question, {.all = true});
        QVERIFY2(prepared.error.what.empty(), prepared.error.what.c_str());
        QVERIFY(prepared.answer.isEmpty());
        QVERIFY(prepared.content.contains("3 minutes"));
        QVERIFY(prepared.sources && !prepared.sources->passages.empty());
        int number = 0;
        for (const FoundPassage& passage : prepared.sources->passages)
            if (passage.text.contains("3 minutes")) number = passage.number;
        QVERIFY(number > 0);
        QVERIFY(prepared.sources->searched > 0);
        DocumentAsker* asker = services_->sources().asker;
        const auto marks = asker->marks(prepared.sources);
        const QString mark = QStringLiteral("[citation:%1]").arg(number);
        QString answer =
            marks(QStringLiteral("The Dumfries kettle boils in 3 minutes ") + mark.first(4), false);
        answer +=
            marks(mark.sliced(4) + QStringLiteral(". It weighs 40 kilograms and was made in Paris."), false);
        answer += marks({}, true);
        QVERIFY2(answer.contains(QStringLiteral("[%1]").arg(number)), qPrintable(answer));
        const auto check = [&](const QString& text) {
            std::optional<DocumentAsker::Checked> made;
            asker->check(question, text, prepared.sources, this,
                         [&](DocumentAsker::Checked done) { made = std::move(done); });
            [&] { QTRY_VERIFY_WITH_TIMEOUT(made.has_value(), kPatience); }();
            return made.value_or(DocumentAsker::Checked());
        };
        const AnswerSourcesPtr checked = check(answer).sources;
        QVERIFY(checked);
        QVERIFY(checked->checked);
        const FoundPassage* passage = checked->numbered(number);
        QVERIFY(passage && passage->cited);
        // What bears it out is a sentence of the passage, not all of it.
        QVERIFY(!passage->evidence.empty());
        QVERIFY(passage->evidence.front().last - passage->evidence.front().first <
                    passage->last - passage->first ||
                passage->text.size() < 60);
        QCOMPARE(checked->sentences.size(), std::size_t{1});
        QVERIFY(checked->sentences.front().text.contains("40 kilograms"));
        // A sentence that a passage bears out gets its mark, before its full stop.
        const auto unmarked = check(QStringLiteral("The Dumfries kettle boils in 3 minutes.\n"));
        QCOMPARE(unmarked.answer,
                 QStringLiteral("The Dumfries kettle boils in 3 minutes [%1].\n").arg(number));
        QVERIFY(unmarked.sources->numbered(number)->cited);
        QVERIFY(unmarked.sources->sentences.empty());
    }

    void aLongLibraryIsSearched() {
        QByteArray filler;
        for (int i = 0; i < 400; ++i)
            filler += "Line " + QByteArray::number(i) +
                      " speaks of gneiss, schist and other stones of the coast.\n\n";
        add({file("stones.txt", filler)});
        QTRY_VERIFY_WITH_TIMEOUT(rests("stones.txt"), kPatience);
        const auto prepared =
            ask(QStringLiteral("How fast does the Dumfries kettle boil?"), {.all = true}, 2048);
        QVERIFY(prepared.sources && !prepared.sources->whole);
        QVERIFY(prepared.sources->passages.front().text.contains("3 minutes"));
        QVERIFY(prepared.sources->passages.front().wordRank == 1);
        const auto nothing =
            ask(QStringLiteral("Who painted the ceiling of the Sistine chapel?"), {.all = true}, 2048);
        QVERIFY(nothing.sources && nothing.sources->passages.empty());
        QVERIFY(!nothing.answer.isEmpty());
    }

    void whatIsAttachedToAnotherChatIsNotAsked() {
        add({file("secret.txt", "The Wigtown lamp burns 12 litres of oil a week.")}, QStringLiteral("other"));
        QTRY_VERIFY_WITH_TIMEOUT(rests("secret.txt"), kPatience);
        QString attached;
        for (const LibraryCollection& collection : state_.collections)
            if (collection.conversation == QStringLiteral("other")) attached = collection.id;
        QVERIFY(!attached.isEmpty());
        const QString question = QStringLiteral("How much oil does the Wigtown lamp burn?");
        const auto holds = [](const DocumentAsker::Prepared& prepared) {
            return prepared.sources &&
                   std::ranges::any_of(prepared.sources->passages, [](const FoundPassage& passage) {
                       return passage.text.contains("Wigtown");
                   });
        };
        QVERIFY(!holds(ask(question, {.all = true})));
        QVERIFY(holds(ask(question, {.attached = attached})));
        QVERIFY(holds(ask(question, {.all = true, .attached = attached})));
        services_->sources().library->removeCollection(attached);
        QTRY_VERIFY_WITH_TIMEOUT(!named("secret.txt"), kPatience);
        QVERIFY(QFile::exists(folder_.filePath("files/secret.txt")));
    }
};

QTEST_GUILESS_MAIN(TestDocumentServices)

#include "test_document_services.moc"
