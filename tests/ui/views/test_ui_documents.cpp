// From a question about documents to the passage on its page: by keyboard, by a click on a chip, wide and narrow.
#include <QClipboard>
#include <QMimeData>
#include <QtTest>

#include "app/chat/chat_row_model.h"
#include "tests/ui/kit/scene_documents.h"
#include "tests/ui/kit/walk.h"

using namespace pellucid;
using namespace pellucid::ui;

namespace {

const char *const kAnswer =
    "You may end the lease **from the end of month 18** with six months’ written notice [1]. The grant falls by one sixtieth a "
    "month [3].\n\nVAT is probably added to both.\n";

// An answer about the lease stands in the chat.
bool asked(UiBench &bench) {
    fillLibrary(bench.documents, false);
    bench.documents.asker.sources = leaseSources(bench.documents.pages, false);
    if (!bench.load() || !bench.show() || !UiBench::until([&] { return bench.workspace->library().count() > 0; })) return false;
    bench.workspace->scope().askAll();
    return bench.ask(QStringLiteral("When can we leave?")) && UiBench::until([&] { return !chipAt(bench, 1).isNull(); });
}

}  // namespace

class TestUiDocuments : public QObject {
    Q_OBJECT

private slots:
    void aQuestionIsAnsweredFromPassages() {
        UiBench bench(script({say("", kAnswer)}));
        QVERIFY(asked(bench));
        QCOMPARE(bench.documents.asker.questions.size(), 1u);
        QCOMPARE(bench.documents.asker.questions.front().text, QStringLiteral("When can we leave?"));
        QTRY_VERIFY(bench.called("Passages read"));
        QTRY_VERIFY(bench.called("Not in the document. Treat it as a guess."));
        QTRY_VERIFY(bench.called("Why these passages: 3 of 41 · all pages searched"));
        // What the person sees of the question is what was typed, not the prompt made of it.
        const app::ChatController &chat = bench.workspace->chat();
        QCOMPARE(chat.questionText(chat.lastQuestionId()), QStringLiteral("When can we leave?"));
    }

    void aChipOpensItsPage() {
        UiBench bench(script({say("", kAnswer)}));
        QVERIFY(asked(bench));
        QTest::mouseClick(bench.window, Qt::LeftButton, {}, chipAt(bench, 3));
        QTRY_VERIFY(bench.workspace->viewer().shown());
        QTRY_COMPARE(bench.workspace->viewer().page(), 11);
        QTRY_COMPARE(bench.named("documentPane")->width(), 640.0);
        QCOMPARE(bench.named("documentPane")->mapToScene({0, 0}).x(), 800.0);
        // The span is boxed, a third of the way down.
        QQuickItem *box = nullptr;
        QTRY_VERIFY([&] {
            for (QQuickItem *item : bench.all(bench.named("documentPane")))
                if (item->property("pageX").isValid() && item->property("open").toBool()) box = item;
            return box != nullptr;
        }());
        QQuickItem *pages = bench.named("documentPages");
        QTRY_VERIFY(qAbs(box->mapToItem(pages, {0, 0}).y() - pages->height() / 3) < 12);
        QTest::mouseClick(bench.window, Qt::LeftButton, {}, chipAt(bench, 1));
        QTRY_COMPARE(bench.workspace->viewer().page(), 6);
    }

    void byKeyboardAlone() {
        UiBench bench(script({say("", kAnswer)}));
        QVERIFY(asked(bench));
        bench.named("composerText")->forceActiveFocus();
        bench.press(Qt::Key_F8);
        QTRY_COMPARE(bench.workspace->viewer().number(), 1);
        QTRY_VERIFY(bench.named("documentPages"));
        bench.press(Qt::Key_F8);
        QTRY_COMPARE(bench.workspace->viewer().number(), 2);
        bench.press(Qt::Key_F8, Qt::ShiftModifier);
        bench.press(Qt::Key_F8, Qt::ShiftModifier);
        QTRY_COMPARE(bench.workspace->viewer().number(), 3);
        bench.press(Qt::Key_F6);
        QTRY_COMPARE(bench.focused(), bench.named("documentPages"));
        bench.press(Qt::Key_Home);
        QTRY_COMPARE(bench.workspace->viewer().page(), 0);
        bench.press(Qt::Key_Plus);
        QTRY_COMPARE(bench.workspace->viewer().zoom(), 125);
        bench.press(Qt::Key_Minus);
        QTRY_COMPARE(bench.workspace->viewer().zoom(), 100);
        bench.press(Qt::Key_F, Qt::ControlModifier);
        QTRY_VERIFY(bench.focused() && bench.focused()->inherits("QQuickTextField"));
        bench.type("Break Date");
        bench.press(Qt::Key_Return);
        QTRY_VERIFY(bench.workspace->viewer().foundCount() > 3);
        bench.press(Qt::Key_Escape);  // the search, then the document
        QTRY_VERIFY(bench.workspace->viewer().query().isEmpty());
        QVERIFY(bench.workspace->viewer().shown());
        bench.press(Qt::Key_Escape);
        QTRY_VERIFY(!bench.workspace->viewer().shown());
        QTRY_COMPARE(bench.focused(), bench.named("composerText"));
    }

    void withoutRoomItCoversTheChat() {
        UiBench bench(script({say("", kAnswer)}), {420, 860});
        QVERIFY(asked(bench));
        QTest::mouseClick(bench.window, Qt::LeftButton, {}, chipAt(bench, 1));
        QTRY_VERIFY(bench.called("Back to the chat"));
        QTRY_COMPARE(bench.named("documentPane")->width(), 420.0);
        QTRY_VERIFY(!bench.named("composer"));
        bench.click(bench.called("Back to the chat"));
        QTRY_VERIFY(bench.named("composer"));
        QVERIFY(!bench.workspace->viewer().shown());
    }

    void anotherChatClosesIt() {
        UiBench bench(script({say("", kAnswer)}));
        QVERIFY(asked(bench));
        bench.press(Qt::Key_F8);
        QTRY_VERIFY(bench.workspace->viewer().shown());
        bench.workspace->conversations().newChat();
        QTRY_VERIFY(!bench.workspace->viewer().shown());
    }

    void whatCannotBeFoundIsSaid() {
        UiBench bench(script({say("", kAnswer)}));
        fillLibrary(bench.documents, false);
        bench.documents.asker.refusal = Error{ErrorCode::io, "The index cannot be read.", "Check the disk."};
        QVERIFY(bench.load());
        QVERIFY(bench.show());
        QTRY_VERIFY(bench.workspace->library().count() > 0);
        bench.workspace->scope().askAll();
        QVERIFY(bench.workspace->chat().sendText("When?"));
        QTRY_COMPARE(bench.workspace->chat().state(), app::ChatController::Failed);
        QTRY_VERIFY(bench.called("The index cannot be read."));
    }

    void aChatThatAsksNothingIsAsBefore() {
        UiBench bench(script({say("", "Plain [1].")}));
        fillLibrary(bench.documents, false);
        QVERIFY(bench.load());
        QVERIFY(bench.show());
        QVERIFY(bench.ask("Hello"));
        QVERIFY(bench.documents.asker.questions.empty());
        QTRY_VERIFY(bench.called("Copy answer"));
        QVERIFY(!bench.called("Passages read"));
        QVERIFY(chipAt(bench, 1).isNull());
    }

    void pastedFilesAreAttached() {
        UiBench bench(script({say("", "x")}));
        QVERIFY(bench.load());
        QVERIFY(bench.show());
        auto *held = new QMimeData;
        held->setUrls({QUrl::fromLocalFile("/documents/notes.md")});
        QGuiApplication::clipboard()->setMimeData(held);
        bench.named("composerText")->forceActiveFocus();
        bench.press(Qt::Key_V, Qt::ControlModifier);
        QTRY_COMPARE(bench.workspace->scope().count(), 1);
        QTRY_VERIFY(bench.called("Remove notes.md from this chat"));
        QVERIFY(bench.workspace->chat().draft().isEmpty());
        QVERIFY(bench.settle());  // the field has made room for the chip
        bench.click(bench.called("Remove notes.md from this chat"));
        QTRY_COMPARE(bench.workspace->scope().count(), 0);
    }

    void whatWasAttachedGoesWithItsChat() {
        UiBench bench(script({say("", "x")}));
        app::ConversationSummary kept;
        kept.id = QStringLiteral("kept");
        bench.store.createConversation(kept);
        app::Message message;
        message.id = QStringLiteral("kept-1");
        message.text = QStringLiteral("Hello");
        bench.store.appendMessage(kept.id, message);
        auto &collections = bench.documents.library.state.collections;
        collections.push_back({QStringLiteral("1"), QStringLiteral("a"), kept.id, {}});
        collections.push_back({QStringLiteral("2"), QStringLiteral("b"), QStringLiteral("gone"), {}});
        collections.push_back({QStringLiteral("3"), QStringLiteral("c"), {}, {}});
        bench.documents.library.tell();
        QTRY_COMPARE(bench.workspace->library().state().collections.size(), 3u);
        QVERIFY(bench.load());
        QVERIFY(bench.show());
        QTRY_COMPARE(bench.documents.library.calls, QStringList("remove-collection 2"));
    }

    void theDocumentsPage() {
        UiBench bench(script({say("", "x")}));
        fillLibrary(bench.documents, false);
        QVERIFY(bench.load());
        QVERIFY(bench.show());
        QTRY_VERIFY(bench.called("Documents, 7"));
        bench.click(bench.called("Documents, 7"));
        QTRY_VERIFY(bench.called("Pause reading"));
        bench.click(bench.called("Pause reading"));
        QTRY_VERIFY(bench.called("Go on reading"));
        QTRY_VERIFY(bench.called("Recognise the text of Survey 2019 (scan).pdf"));
        bench.click(bench.called("Recognise the text of Survey 2019 (scan).pdf"));
        QTRY_VERIFY(bench.documents.library.calls.contains("recognise survey"));
        bench.click(bench.called("Read Bank statement.pdf again"));
        QTRY_VERIFY(bench.documents.library.calls.contains("retry bank"));
    }

    void noWarnings() { QCOMPARE(UiBench::warnings(), QStringList()); }
};

int main(int argc, char **argv) {
    beforeApplication();
    QGuiApplication app(argc, argv);
    afterApplication();
    TestUiDocuments test;
    return QTest::qExec(&test, argc, argv);
}

#include "test_ui_documents.moc"
