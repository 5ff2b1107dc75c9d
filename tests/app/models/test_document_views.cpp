// Documents for the views: boxes of spans, the viewer, the library's rows, what a chat asks.
#include <QClipboard>
#include <QGuiApplication>
#include <QMimeData>
#include <QSignalSpy>
#include <QtTest>

#include "app/models/document_library.h"
#include "app/models/document_scope.h"
#include "app/models/document_viewer.h"
#include "app/models/scripted_documents.h"
#include "app/shell/toast_queue.h"

using namespace pellucid::app;

namespace {

TextRun run(quint32 first, quint32 last, double x, double y, double width, int page = 0) {
    return {{first, last}, page, {x, y, width, 10}};
}

ScriptedPages lease() {
    ScriptedPages pages;
    const QString filler =
        QStringLiteral("Words that fill the page so that it has several lines of text. ").repeated(4);
    pages.addPaged(
        QStringLiteral("a"), QStringLiteral("a.pdf"),
        {{{QStringLiteral("First heading"), 1}, {filler + QStringLiteral("The moon is round. ") + filler}},
         {{filler}, {QStringLiteral("The sun is far away.")}}},
        7);
    pages.addPaged(QStringLiteral("b"), QStringLiteral("b.pdf"), {{{QStringLiteral("Another document.")}}});
    pages.addText(QStringLiteral("t"), QStringLiteral("t.md"),
                  {{DocumentParagraph::Heading, 1, QStringLiteral("Title"), {}},
                   {DocumentParagraph::Text, 0, QStringLiteral("The moon again."), {}},
                   {DocumentParagraph::Text, 0, QStringLiteral("And the moon once more."), {}}});
    return pages;
}

FoundPassage passage(const ScriptedPages& pages, int number, const char* document, const char* words,
                     int page) {
    FoundPassage found;
    found.number = number;
    found.document = QString::fromLatin1(document);
    found.text = QString::fromLatin1(words);
    found.page = page;
    const DocumentSpan span = pages.spanOf(found.document, found.text);
    found.first = span.first;
    found.last = span.last;
    return found;
}

struct Opened {
    ScriptedPages pages = lease();
    MemorySettingStore store;
    std::shared_ptr<AnswerSources> sources = std::make_shared<AnswerSources>();
    DocumentViewer viewer{&pages, store};
    QSignalSpy place{&viewer, &DocumentViewer::placeWanted};

    Opened() {
        sources->passages = {passage(pages, 1, "a", "The moon is round.", 0),
                             passage(pages, 2, "a", "The sun is far away.", 1),
                             passage(pages, 3, "b", "Another document.", 0),
                             passage(pages, 4, "t", "The moon again.", -1)};
        viewer.setSourcesOf([this](const QString& message) -> AnswerSourcesPtr {
            return message == QLatin1String("m") ? sources : nullptr;
        });
        viewer.setLastAnswer([] { return QStringLiteral("m"); });
    }
};

QVariantList boxes(const DocumentPageList& pages, int page) {
    return pages.data(pages.index(page), DocumentPageList::BoxesRole).toList();
}

LibraryDocument document(const char* id, const char* collection,
                         LibraryDocument::Phase phase = LibraryDocument::Ready) {
    LibraryDocument made;
    made.id = QString::fromLatin1(id);
    made.collection = QString::fromLatin1(collection);
    made.name = made.id + QStringLiteral(".pdf");
    made.path = QStringLiteral("/docs/") + made.name;
    made.phase = phase;
    made.pages = 3;
    return made;
}

QStringList ids(const DocumentListModel& list) {
    QStringList all;
    for (int i = 0; i < list.count(); ++i)
        all.append(list.data(list.index(i), DocumentListModel::RowIdRole).toString());
    return all;
}

QString said(const DocumentListModel& list, const QString& id, int role) {
    for (int i = 0; i < list.count(); ++i)
        if (list.data(list.index(i), DocumentListModel::RowIdRole).toString() == id)
            return list.data(list.index(i), role).toString();
    return QStringLiteral("?");
}

}  // namespace

class TestDocumentViews : public QObject {
    Q_OBJECT

private slots:
    // ---- boxes ----
    void wholeLinesShareABox() {
        // A paragraph of three lines of two words each, and one before and after it.
        const std::vector<TextRun> runs = {run(0, 5, 50, 80, 200),     run(10, 15, 50, 100, 90),
                                           run(16, 20, 150, 100, 100), run(21, 25, 50, 114, 90),
                                           run(26, 30, 150, 114, 100), run(31, 35, 50, 128, 60),
                                           run(40, 45, 50, 150, 200)};
        const auto found = boxesOf(runs, {10, 35});
        QCOMPARE(found.size(), 1u);
        QCOMPARE(found[0].box, QRectF(50, 100, 200, 38));
    }
    void aLineSharedWithOtherTextHasItsOwn() {
        const std::vector<TextRun> runs = {
            run(0, 5, 50, 100, 90),   run(6, 10, 150, 100, 100),  // begins in the middle
            run(11, 15, 50, 114, 90), run(16, 20, 150, 114, 100),
            run(21, 25, 50, 128, 90), run(26, 30, 150, 128, 100)};  // ends in the middle
        const auto found = boxesOf(runs, {6, 25});
        QCOMPARE(found.size(), 3u);
        QCOMPARE(found[0].box, QRectF(150, 100, 100, 10));
        QVERIFY(found[0].part && found[2].part && !found[1].part);
        QCOMPARE(found[0].left, 50.0);  // its number stands before the line, not before the box
        QCOMPARE(found[1].box, QRectF(50, 114, 200, 10));
        QCOMPARE(found[2].box, QRectF(50, 128, 90, 10));
    }
    void columnsAndPagesHaveTheirOwn() {
        const std::vector<TextRun> runs = {
            run(0, 5, 50, 700, 200), run(6, 10, 50, 714, 200),  // end of the left column
            run(11, 15, 320, 100, 200), run(16, 20, 320, 114, 200), run(21, 25, 50, 80, 200, 1)};
        const auto found = boxesOf(runs, {0, 25});
        QCOMPARE(found.size(), 3u);
        QCOMPARE(found[0].box, QRectF(50, 700, 200, 24));
        QCOMPARE(found[1].box, QRectF(320, 100, 200, 24));
        QCOMPARE(found[2].page, 1);
    }
    void linesOfTwoColumnsAtOneHeightAreNotOneLine() {
        const std::vector<TextRun> runs = {run(0, 5, 50, 100, 200), run(6, 10, 320, 100, 200)};
        QCOMPARE(boxesOf(runs, {0, 5}).size(), 1u);
        QCOMPARE(boxesOf(runs, {0, 10}).size(), 2u);
    }
    void nothingWithinIsNothing() {
        QVERIFY(boxesOf({}, {0, 5}).empty());
        QVERIFY(boxesOf({run(0, 5, 1, 1, 9)}, {5, 9}).empty());
        QVERIFY(boxesOf({run(0, 5, 1, 1, 0)}, {0, 5}).empty());  // a run without ink
    }

    // ---- the viewer ----
    void aCitationOpensAtItsPlace() {
        Opened o;
        o.viewer.openCitation(QStringLiteral("m"), 1);
        QVERIFY(o.viewer.shown());
        QTRY_COMPARE(o.place.count(), 1);
        QCOMPARE(o.place[0][0].toInt(), 0);
        QVERIFY(o.place[0][1].toDouble() > 56);
        QVERIFY(o.place[0][2].toDouble() > 0);
        QCOMPARE(o.viewer.name(), QStringLiteral("a.pdf"));
        QCOMPARE(o.viewer.pageText(), QStringLiteral("7 of 2"));
        // Both spans of this document are marked, the open one as such; its number stands once.
        QTRY_VERIFY(!boxes(*o.viewer.pages(), 1).isEmpty());
        const QVariantMap first = boxes(*o.viewer.pages(), 0).at(0).toMap();
        QCOMPARE(first.value(QStringLiteral("number")).toInt(), 1);
        QVERIFY(first.value(QStringLiteral("open")).toBool() &&
                first.value(QStringLiteral("first")).toBool());
        QVERIFY(!boxes(*o.viewer.pages(), 1).at(0).toMap().value(QStringLiteral("open")).toBool());
    }
    void citationsGoRoundOverDocuments() {
        Opened o;
        o.viewer.stepCitation(1);  // nothing is open: the first one of the last answer
        QCOMPARE(o.viewer.number(), 1);
        QTRY_VERIFY(o.viewer.ready());
        o.viewer.stepCitation(1);
        QCOMPARE(o.viewer.number(), 2);
        QTRY_VERIFY(o.place.count() >= 2);
        QCOMPARE(o.place.last()[0].toInt(), 1);
        o.viewer.stepCitation(1);
        QCOMPARE(o.viewer.number(), 3);
        QTRY_COMPARE(o.viewer.name(), QStringLiteral("b.pdf"));
        QSignalSpy row(&o.viewer, &DocumentViewer::rowWanted);
        o.viewer.stepCitation(1);
        QTRY_COMPARE(row.count(), 1);  // a source without pages: its paragraph
        QCOMPARE(row[0][0].toInt(), 1);
        QVERIFY(!o.viewer.paged());
        QVERIFY(o.viewer.texts()->data(o.viewer.texts()->index(1), DocumentTextList::OpenRole).toBool());
        o.viewer.stepCitation(1);
        QCOMPARE(o.viewer.number(), 1);
        o.viewer.stepCitation(-1);
        QCOMPARE(o.viewer.number(), 4);
    }
    void whatIsNotThereIsSaid() {
        Opened o;
        o.viewer.openCitation(QStringLiteral("m"), 9);
        o.viewer.openCitation(QStringLiteral("other"), 1);
        QVERIFY(!o.viewer.shown());
        o.pages.problem = {QStringLiteral("It is gone."), QStringLiteral("Look.")};
        o.viewer.openCitation(QStringLiteral("m"), 1);
        QTRY_COMPARE(o.viewer.faultWhat(), QStringLiteral("It is gone."));
        QVERIFY(o.viewer.shown() && !o.viewer.ready());
        o.viewer.close();
        QVERIFY(!o.viewer.shown() && o.viewer.faultWhat().isEmpty());
    }
    void aClosedDocumentDoesNotComeBack() {
        Opened o;
        o.viewer.openCitation(QStringLiteral("m"), 1);
        o.viewer.close();  // before its answer
        QTest::qWait(20);
        QVERIFY(!o.viewer.ready());
        QCOMPARE(o.place.count(), 0);
    }
    void findGoesFromPlaceToPlace() {
        Opened o;
        o.viewer.openDocument(QStringLiteral("a"), QStringLiteral("a.pdf"));
        QTRY_VERIFY(o.viewer.ready());
        o.viewer.find(QStringLiteral("FILL"));
        QTRY_COMPARE(o.viewer.foundCount(), 12);
        QTRY_COMPARE(o.viewer.foundText(), QStringLiteral("1 of 12"));
        o.viewer.stepFound(-1);
        QCOMPARE(o.viewer.foundText(), QStringLiteral("12 of 12"));
        QTRY_VERIFY(!boxes(*o.viewer.pages(), 1).isEmpty());
        o.viewer.find(QStringLiteral("nowhere"));
        QTRY_COMPARE(o.viewer.foundText(), QStringLiteral("Nothing found"));
        o.viewer.find({});
        QVERIFY(o.viewer.foundText().isEmpty());
    }
    void picturesAreAskedOnceAndKeptWithinBounds() {
        Opened o;
        std::vector<std::vector<ScriptedPages::Piece>> many(40, {{QStringLiteral("x")}});
        o.pages.addPaged(QStringLiteral("long"), QStringLiteral("long.pdf"), many);
        o.viewer.openDocument(QStringLiteral("long"), {});
        QTRY_VERIFY(o.viewer.ready());
        DocumentPageList& pages = *o.viewer.pages();
        pages.want(0, 2);
        pages.want(0, 2);
        QTRY_VERIFY(!pages.data(pages.index(0), DocumentPageList::PictureRole).value<QImage>().isNull());
        pages.want(0, 2);
        QCOMPARE(pages.asked(), 1);
        // Another size: the old picture stays until the new one is there.
        pages.want(0, 1);
        QVERIFY(!pages.data(pages.index(0), DocumentPageList::PictureRole).value<QImage>().isNull());
        for (int page = 0; page < 40; ++page) pages.want(page, 2.5);
        QTRY_VERIFY(!pages.data(pages.index(39), DocumentPageList::PictureRole).value<QImage>().isNull());
        qsizetype kept = 0;
        for (int page = 0; page < 40; ++page)
            kept +=
                pages.data(pages.index(page), DocumentPageList::PictureRole).value<QImage>().sizeInBytes();
        QVERIFY2(kept > 0 && kept <= DocumentPageList::kKept, qPrintable(QString::number(kept)));
        pages.want(99, 2);  // no such page, no such size
        pages.want(0, -1);
        pages.want(0, qQNaN());
    }
    void aPictureThatCannotBeMadeIsSaid() {
        Opened o;
        o.pages.pictureProblem = {QStringLiteral("The page is damaged."), {}};
        o.viewer.openDocument(QStringLiteral("a"), {});
        QTRY_VERIFY(o.viewer.ready());
        o.viewer.pages()->want(0, 1);
        QTRY_COMPARE(
            o.viewer.pages()->data(o.viewer.pages()->index(0), DocumentPageList::FaultRole).toString(),
            QStringLiteral("The page is damaged."));
    }
    void widthAndDarknessAreKept() {
        Opened o;
        o.viewer.setPaneWidth(100);
        QCOMPARE(o.viewer.paneWidth(), DocumentViewer::kNarrowest);
        o.viewer.setPaneWidth(720);
        o.viewer.setDarkened(true);
        DocumentViewer again(&o.pages, o.store);
        QCOMPARE(again.paneWidth(), 720);
        QVERIFY(again.darkened());
        for (int i = 0; i < 20; ++i) again.zoomBy(1);
        QCOMPARE(again.zoom(), 400);
        for (int i = 0; i < 20; ++i) again.zoomBy(-1);
        QCOMPARE(again.zoom(), 50);
    }
    void withoutPagesNothingOpens() {
        MemorySettingStore store;
        DocumentViewer viewer(nullptr, store);
        QVERIFY(!viewer.available());
        viewer.openDocument(QStringLiteral("a"), {});
        viewer.stepCitation(1);
        QVERIFY(!viewer.shown());
    }

    // ---- the library ----
    void rowsAreCollectionsFoldersDocuments() {
        ScriptedLibrary source;
        ToastQueue toasts;
        source.state.collections = {
            {QStringLiteral("one"),
             QStringLiteral("One"),
             {},
             {{QStringLiteral("f"), QStringLiteral("/x"), true}}},
            {QStringLiteral("chat"), QStringLiteral("Chat"), QStringLiteral("c1"), {}}};
        source.state.documents = {document("a", "one"), document("b", "one", LibraryDocument::Failed),
                                  document("c", "one"), document("d", "chat")};
        source.state.documents[1].problem = {QStringLiteral("Needs a password"),
                                             QStringLiteral("Save it without.")};
        source.state.documents[2].scannedPages = QStringLiteral("3-9");
        DocumentLibrary library(&source, toasts);
        QTRY_VERIFY(library.ready());
        const DocumentListModel& list = *library.list();
        QCOMPARE(ids(list), QStringList({"one", "f", "a", "b", "c", "chat", "d"}));
        QCOMPARE(library.count(), 4);
        QCOMPARE(library.problems(), 2);
        QCOMPARE(said(list, "b", DocumentListModel::StatusRole), QStringLiteral("Needs a password"));
        QCOMPARE(said(list, "b", DocumentListModel::HintRole), QStringLiteral("Save it without."));
        QCOMPARE(said(list, "c", DocumentListModel::StatusRole), QStringLiteral("No text on pages 3-9"));
        QCOMPARE(said(list, "f", DocumentListModel::ConditionRole), QStringLiteral("away"));
        QVERIFY(
            said(list, "f", DocumentListModel::HintRole).contains(QStringLiteral("Nothing is forgotten")));
        library.setOnlyProblems(true);
        QCOMPARE(ids(list), QStringList({"one", "f", "b", "c"}));
        library.filter(QStringLiteral("B.PDF"));
        QCOMPARE(ids(list), QStringList({"one", "f", "b"}));
        // Only what differs changes, and in place.
        library.setOnlyProblems(false);
        library.filter({});
        QSignalSpy removed(&list, &QAbstractItemModel::rowsRemoved),
            inserted(&list, &QAbstractItemModel::rowsInserted), reset(&list, &QAbstractItemModel::modelReset);
        source.retry(QStringLiteral("b"));
        QTRY_COMPARE(said(list, "b", DocumentListModel::StatusRole), QStringLiteral("Waiting"));
        QCOMPARE(removed.count() + inserted.count() + reset.count(), 0);
        source.removeDocument(QStringLiteral("a"));
        QTRY_COMPARE(ids(list), QStringList({"one", "f", "b", "c", "chat", "d"}));
        QCOMPARE(removed.count(), 1);
        QCOMPARE(removed[0][1].toInt(), removed[0][2].toInt());
        // The collections that any chat may ask: not what belongs to one chat.
        QCOMPARE(library.collections().size(), 1);
    }
    void theWorkIsSaid() {
        ScriptedLibrary source;
        ToastQueue toasts;
        DocumentLibrary library(&source, toasts);
        QTRY_VERIFY(library.ready());
        QVERIFY(!library.importing() && library.importText().isEmpty());
        source.state.import = {12, 340, 95, false, QStringLiteral("a.pdf"), {}};
        source.tell();
        QTRY_COMPARE(library.importText(),
                     QStringLiteral("Reading documents · 12 of 340 · ≈ 1 min 35 s left"));
        QCOMPARE(library.importDetail(), QStringLiteral("a.pdf"));
        library.pause();
        QTRY_COMPARE(library.importText(), QStringLiteral("Reading is paused · 12 of 340"));
        source.state.import.problem = {QStringLiteral("The disk is full."),
                                       QStringLiteral("Free some space.")};
        source.tell();
        QTRY_VERIFY(library.importTroubled());
        QCOMPARE(library.importText(), QStringLiteral("The disk is full."));
        QCOMPARE(library.importDetail(), QStringLiteral("Free some space."));
        QCOMPARE(source.calls, QStringList("pause"));
    }
    void onlyFilesOfThisComputerAreAdded() {
        ScriptedLibrary source;
        ToastQueue toasts;
        DocumentLibrary library(&source, toasts);
        library.add({QUrl(QStringLiteral("https://example.org/a.pdf"))});
        QVERIFY(source.calls.isEmpty());
        library.add({QUrl::fromLocalFile(QStringLiteral("/a b.pdf")),
                     QUrl(QStringLiteral("https://example.org/a.pdf"))});
        QCOMPARE(source.calls, QStringList("add /a b.pdf"));
        source.refusal = {QStringLiteral("No."), QStringLiteral("Why.")};
        library.add({QUrl::fromLocalFile(QStringLiteral("/c.pdf"))});
        QTRY_VERIFY(toasts.error());
        auto* held = new QMimeData;
        held->setUrls({QUrl::fromLocalFile(QStringLiteral("/d.pdf"))});
        QGuiApplication::clipboard()->setMimeData(held);
        QVERIFY(library.paste());
        QCOMPARE(source.calls.last(), QStringLiteral("add /d.pdf"));
        QGuiApplication::clipboard()->setText(QStringLiteral("words"));
        QVERIFY(!library.paste());
    }

    // ---- what a chat asks ----
    void aChatAsksItsOwnOrACollectionOrAll() {
        ScriptedLibrary source;
        ToastQueue toasts;
        MemorySettingStore store;
        source.state.collections = {{QStringLiteral("one"), QStringLiteral("One"), {}, {}}};
        source.state.documents = {document("a", "one")};
        DocumentLibrary library(&source, toasts);
        ChatScope scope(library, store);
        scope.setConversation(QStringLiteral("c1"));
        QTRY_VERIFY(library.ready());
        QVERIFY(!scope.scopeOf(QStringLiteral("c1")).any());
        scope.attach({QUrl::fromLocalFile(QStringLiteral("/x.pdf"))});
        QTRY_COMPARE(scope.count(), 1);
        QCOMPARE(scope.attached(), 1);
        const DocumentScope own = scope.scopeOf(QStringLiteral("c1"));
        QVERIFY(own.any() && !own.all && !own.attached.isEmpty());
        scope.askCollection(QStringLiteral("one"));
        QCOMPARE(scope.count(), 2);
        QCOMPARE(scope.data(scope.index(1), ChatScope::NameRole).toString(), QStringLiteral("One"));
        scope.askAll();
        QCOMPARE(scope.count(), 2);
        QVERIFY(scope.scopeOf(QStringLiteral("c1")).all);
        // Another chat asks nothing; the first one still does what was chosen there.
        scope.setConversation(QStringLiteral("c2"));
        QCOMPARE(scope.count(), 0);
        scope.setConversation(QStringLiteral("c1"));
        QVERIFY(scope.all());
        scope.remove(QStringLiteral("all"));
        QVERIFY(!scope.all());
        scope.askCollection(QStringLiteral("one"));
        source.removeCollection(QStringLiteral("one"));
        QTRY_VERIFY(scope.collection().isEmpty());
        scope.remove(scope.data(scope.index(0), ChatScope::ChipIdRole).toString());
        QTRY_COMPARE(scope.count(), 0);
    }
};

int main(int argc, char** argv) {
    qputenv("QT_QPA_PLATFORM", "offscreen");
    QGuiApplication app(argc, argv);
    TestDocumentViews test;
    return QTest::qExec(&test, argc, argv);
}

#include "test_document_views.moc"
