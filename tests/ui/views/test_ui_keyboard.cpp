// Everything by keyboard alone: sending, stopping, editing, branches, the sidebar, menus, settings.
#include <QtTest>

#include "app/chat/chat_row_model.h"
#include "app/chat/thought_state.h"
#include "tests/ui/kit/ui_bench.h"
#include "tests/ui/kit/walk.h"

using namespace pellucid;
using namespace pellucid::ui;
using app::ChatController;

class TestUiKeyboard : public QObject {
    Q_OBJECT

    static MockReplyScript slowly(const char *thought, const char *answer, double speed) {
        MockReplyScript reply = say(thought, answer);
        reply.tokens_per_second = speed;
        return reply;
    }

private slots:
    void enterSendsAndShiftEnterBreaks() {
        UiBench bench(script({say("", "One.")}));
        QVERIFY(bench.load());
        QVERIFY(bench.show());
        ChatController &chat = bench.workspace->chat();
        QTRY_COMPARE(bench.focused() ? bench.focused()->objectName() : QString(), QStringLiteral("composerText"));
        bench.press(Qt::Key_Return);
        QVERIFY(chat.empty());  // nothing to send
        bench.type("first");
        bench.press(Qt::Key_Return, Qt::ShiftModifier);
        bench.type("second");
        QCOMPARE(chat.draft(), QStringLiteral("first\nsecond"));
        bench.press(Qt::Key_Return);
        QTRY_VERIFY(!chat.busy() && !chat.empty());
        QTRY_COMPARE(chat.draft(), QString());
        QCOMPARE(chat.questionText(chat.lastQuestionId()), QStringLiteral("first\nsecond"));
    }

    void escapeStopsAndControlEnterAnswersNow() {
        const QByteArray longThought = QByteArray("word ").repeated(400);
        UiBench bench(script({slowly(longThought, "The answer.", 100), slowly("", longThought, 100)}), {1440, 900},
                      std::make_shared<ManualMockClock>());
        QVERIFY(bench.load());
        QVERIFY(bench.show());
        ChatController &chat = bench.workspace->chat();
        bench.type("Why");
        bench.press(Qt::Key_Return);
        QVERIFY(bench.drive([&] { return chat.state() == ChatController::Thinking && chat.canAnswerNow(); }));
        bench.press(Qt::Key_Return, Qt::ControlModifier);
        QVERIFY(bench.drive([&] { return !chat.busy(); }));
        const auto *thought = chat.rows()->data(chat.rows()->index(1), app::ChatRowModel::ThoughtRole).value<app::ThoughtState *>();
        QVERIFY(thought);
        QCOMPARE(thought->state(), app::ThoughtState::AnsweredEarly);
        QTRY_VERIFY(bench.called("Copy answer"));
        bench.type("And");
        bench.press(Qt::Key_Return);
        QVERIFY(bench.drive([&] { return chat.state() == ChatController::Answering; }));
        bench.press(Qt::Key_Escape);
        QTRY_VERIFY(!chat.busy());  // the clock stands: only the key can have ended it
    }

    void upEditsTheLastQuestionAndMakesABranch() {
        UiBench bench(script({say("", "One."), say("", "Two.")}));
        QVERIFY(bench.load());
        QVERIFY(bench.show());
        QVERIFY(bench.ask("Old words"));
        ChatController &chat = bench.workspace->chat();
        QTRY_VERIFY(bench.named("composerText"));
        bench.named("composerText")->forceActiveFocus();
        bench.press(Qt::Key_Up);
        QTRY_COMPARE(nameOf(bench.focused()), QStringLiteral("Edit the question"));
        bench.press(Qt::Key_A, Qt::ControlModifier);
        bench.type("New words");
        bench.press(Qt::Key_Return);
        QTRY_VERIFY(!chat.busy() && chat.questionText(chat.lastQuestionId()) == "New words");
        QTRY_COMPARE(chat.rows()->data(chat.rows()->index(0), app::ChatRowModel::BranchCountRole).toInt(), 2);
        QVERIFY(bench.tabTo("Earlier version"));
        bench.press(Qt::Key_Space);
        QTRY_COMPARE(chat.questionText(chat.lastQuestionId()), QStringLiteral("Old words"));
        // Esc leaves an edit as it was.
        bench.named("composerText")->forceActiveFocus();
        bench.press(Qt::Key_Up);
        QTRY_COMPARE(nameOf(bench.focused()), QStringLiteral("Edit the question"));
        bench.type("x");
        bench.press(Qt::Key_Escape);
        QTRY_VERIFY(!bench.called("Edit the question"));
        QCOMPARE(chat.questionText(chat.lastQuestionId()), QStringLiteral("Old words"));
    }

    void spaceFoldsAThought() {
        UiBench bench(script({say("A thought.", "An answer.")}));
        QVERIFY(bench.load());
        QVERIFY(bench.show());
        QVERIFY(bench.ask("Question"));
        app::ChatRowModel *rows = bench.workspace->chat().rows();
        auto *thought = rows->data(rows->index(1), app::ChatRowModel::ThoughtRole).value<app::ThoughtState *>();
        QVERIFY(thought);
        QTRY_VERIFY(!thought->open());
        bench.named("composerText")->forceActiveFocus();
        QVERIFY(bench.tabTo(thought->headline() + ". Unfold"));
        bench.press(Qt::Key_Space);
        QTRY_VERIFY(thought->open());
        QTRY_COMPARE(nameOf(bench.focused()), thought->headline() + ". Fold");
        bench.press(Qt::Key_Return);
        QTRY_VERIFY(!thought->open());
    }

    void theSidebar() {
        UiBench bench(script({say("", "One."), say("", "Two.")}));
        QVERIFY(bench.load());
        QVERIFY(bench.show());
        app::ConversationListModel &list = bench.workspace->conversations();
        QVERIFY(bench.ask("Alpha question"));
        bench.press(Qt::Key_N, Qt::ControlModifier);
        QTRY_VERIFY(bench.workspace->chat().empty());
        QVERIFY(bench.ask("Beta question"));
        QTRY_COMPARE(list.count(), 2);
        // Search, from anywhere; Down goes to the hits, Enter opens one, Esc clears.
        bench.press(Qt::Key_K, Qt::ControlModifier);
        QTRY_COMPARE(nameOf(bench.focused()), QStringLiteral("Search chats"));
        bench.type("alpha");
        QTRY_VERIFY(list.count() == 1 && list.searching());
        QQuickItem *rows = bench.called("Search results");
        QVERIFY(rows);
        QTRY_COMPARE(rows->property("count").toInt(), 1);  // the view has the rows of the model
        bench.press(Qt::Key_Down);
        QTRY_VERIFY(rows->hasActiveFocus() && rows->property("currentItem").value<QQuickItem *>());
        bench.press(Qt::Key_Return);
        QTRY_VERIFY(bench.workspace->chat().title().contains("Alpha"));
        bench.press(Qt::Key_K, Qt::ControlModifier);
        QTRY_COMPARE(nameOf(bench.focused()), QStringLiteral("Search chats"));
        bench.press(Qt::Key_Escape);
        QTRY_COMPARE(list.count(), 2);
        QTRY_COMPARE(rows->property("count").toInt(), 2);
        // F2 renames in place.
        bench.press(Qt::Key_Down);
        QTRY_VERIFY(rows->hasActiveFocus() && rows->property("currentItem").value<QQuickItem *>());
        bench.press(Qt::Key_F2);
        QTRY_COMPARE(nameOf(bench.focused()), QStringLiteral("Name of the chat"));
        bench.type("Renamed");
        bench.press(Qt::Key_Return);
        QVERIFY(UiBench::until([&] {
            for (int i = 0; i < list.count(); ++i)
                if (list.data(list.index(i), app::ConversationListModel::TitleRole) == "Renamed") return true;
            return false;
        }));
        QTRY_VERIFY(rows->hasActiveFocus() && rows->property("currentItem").value<QQuickItem *>());
        // Delete goes at once and can be undone from the toast.
        bench.workspace->toasts().setHeld(true);  // it stays for as long as the test takes
        bench.press(Qt::Key_Delete);
        QTRY_COMPARE(list.count(), 1);
        QTRY_VERIFY(bench.workspace->toasts().visible());
        QVERIFY(bench.tabTo(bench.workspace->toasts().actionLabel()));
        bench.press(Qt::Key_Space);
        QTRY_COMPARE(list.count(), 2);
    }

    void f6GoesRound() {
        UiBench bench(script({say("", "One.")}));
        QVERIFY(bench.load());
        QVERIFY(bench.show());
        QVERIFY(bench.ask("Question"));
        bench.named("composerText")->forceActiveFocus();
        // The sidebar's list, whose row "Question" has the keys; the conversation; the composer.
        for (const char *wanted : {"Question", "Messages", "Message"}) {
            bench.press(Qt::Key_F6);
            QTRY_COMPARE(nameOf(bench.focused()), QLatin1String(wanted));
        }
    }

    void menusOpenAndCloseByKey() {
        UiBench bench(script({say("A thought.", "One.")}));
        QVERIFY(bench.load());
        QVERIFY(bench.show());
        bench.press(Qt::Key_T, Qt::ControlModifier);
        QTRY_COMPARE(nameOf(bench.focused()), QStringLiteral("Auto"));
        bench.press(Qt::Key_Down);
        QTRY_COMPARE(nameOf(bench.focused()), QStringLiteral("Always"));
        bench.press(Qt::Key_Return);
        QTRY_COMPARE(bench.workspace->chat().thinkingMode(), ChatController::Always);
        QTRY_COMPARE(nameOf(bench.focused()), QStringLiteral("Think: Always"));  // the menu gave the focus back
        bench.press(Qt::Key_M, Qt::ControlModifier);
        QTRY_COMPARE(nameOf(bench.focused()), QStringLiteral("DeepSeek-R1 Distill Qwen 7B"));
        bench.press(Qt::Key_Escape);
        QTRY_COMPARE(nameOf(bench.focused()), QStringLiteral("Model: DeepSeek-R1 Distill Qwen 7B"));
    }

    void settingsAreOperated() {
        UiBench bench(script({say("A thought.", "One.")}));
        QVERIFY(bench.load());
        QVERIFY(bench.show());
        const auto page = [&] { return bench.named("shell")->property("page").toInt(); };
        bench.press(Qt::Key_Comma, Qt::ControlModifier);
        QTRY_COMPARE(page(), 2);
        const bool before = bench.workspace->settings().showStatistics();
        QVERIFY(bench.tabTo("Show statistics under answers"));
        bench.press(Qt::Key_Space);
        QTRY_COMPARE(bench.workspace->settings().showStatistics(), !before);
        QVERIFY(bench.tabTo("Appearance"));
        bench.press(Qt::Key_Return);
        QVERIFY(bench.tabTo("Theme: Match system"));
        bench.press(Qt::Key_Right);
        QTRY_COMPARE(bench.workspace->settings().theme(), app::SettingsBackend::Light);
        QTRY_COMPARE(nameOf(bench.focused()), QStringLiteral("Theme: Light"));
        bench.press(Qt::Key_Right);
        QTRY_COMPARE(bench.workspace->settings().theme(), app::SettingsBackend::Dark);
        QVERIFY(bench.tabTo("Size in per cent"));
        bench.press(Qt::Key_Right);
        QTRY_COMPARE(bench.workspace->settings().zoom(), 110);
        bench.named("shell")->setProperty("settingsPage", "model");
        const double temperature = bench.workspace->modelSettings().temperature();
        QVERIFY(bench.tabTo("Temperature"));
        bench.press(Qt::Key_Left);
        QTRY_VERIFY(bench.workspace->modelSettings().temperature() < temperature);
        QVERIFY(UiBench::until([&] {
            bench.press(Qt::Key_Tab);  // past "Reset Temperature", which has appeared, to its number
            return nameOf(bench.focused()) == "Temperature" && bench.focused()->inherits("QQuickTextField");
        }));
        bench.press(Qt::Key_A, Qt::ControlModifier);
        bench.type("1.25");
        bench.press(Qt::Key_Return);
        QTRY_COMPARE(bench.workspace->modelSettings().temperature(), 1.25);
        bench.press(Qt::Key_Escape);
        QTRY_COMPARE(page(), 0);
    }

    // What is wider than the column: reached by Tab, moved by the arrows and to both ends, said to screen readers.
    void wideBlocksScrollByKey_data() {
        QTest::addColumn<QByteArray>("answer");
        QTest::addColumn<QString>("name");
        QByteArray words, sum, row = "|", rule = "|";
        for (int i = 0; i < 60; ++i) {
            words += " word" + QByteArray::number(i);
            sum += (i ? "+a_{" : "a_{") + QByteArray::number(i) + "}";
            row += " column " + QByteArray::number(i) + " |";
            rule += "---|";
        }
        QTest::newRow("code") << "```cpp\nint" + words + ";\n```" << QStringLiteral("Code, cpp, scrolls sideways");
        QTest::newRow("table") << row + "\n" + rule + "\n" + row << QStringLiteral("Table, 60 column(s), scrolls sideways");
        QTest::newRow("formula") << "$$" + sum + "$$" << QStringLiteral("Formula: %1, scrolls sideways").arg(QString::fromLatin1(sum));
    }
    void wideBlocksScrollByKey() {
        QFETCH(QByteArray, answer);
        QFETCH(QString, name);
        UiBench bench(script({say("", answer)}));
        QVERIFY(bench.load());
        QVERIFY(bench.show());
        QVERIFY(bench.ask("Question"));
        QTRY_VERIFY(bench.called(name));
        QVERIFY(bench.tabTo(name));
        QQuickItem *view = bench.focused();
        const auto x = [&] { return view->property("contentX").toDouble(); };
        const auto end = [&] { return view->property("contentWidth").toDouble() - view->width(); };
        QVERIFY(end() > 200);
        QCOMPARE(x(), 0.0);
        bench.press(Qt::Key_Right);
        QTRY_COMPARE(x(), 60.0);
        bench.press(Qt::Key_Left);
        QTRY_COMPARE(x(), 0.0);
        bench.press(Qt::Key_End);
        QTRY_COMPARE(x(), end());
        bench.press(Qt::Key_Right);
        QCOMPARE(x(), end());
        bench.press(Qt::Key_Home);
        QTRY_COMPARE(x(), 0.0);
        QAccessibleInterface *node = QAccessible::queryAccessibleInterface(view);
        QVERIFY(node && node->actionInterface());
        node->actionInterface()->doAction(QAccessibleActionInterface::scrollRightAction());
        QTRY_VERIFY(x() > 100);
        // One that fits is no stop on the way.
        UiBench narrow(script({say("", "```cpp\nint x;\n```")}));
        QVERIFY(narrow.load());
        QVERIFY(narrow.show());
        QVERIFY(narrow.ask("Question"));
        QTRY_VERIFY(narrow.called("Copy code"));
        QVERIFY(narrow.called("Code, cpp, scrolls sideways"));
        QVERIFY(!narrow.called("Code, cpp, scrolls sideways")->activeFocusOnTab());
    }

    void narrowSidebarClosesWithEscape() {
        UiBench bench(script({say("", "One.")}), {700, 800});
        QVERIFY(bench.load());
        QVERIFY(bench.show());
        QTRY_VERIFY(!bench.named("sidebar"));
        bench.press(Qt::Key_B, Qt::ControlModifier);
        QTRY_VERIFY(bench.named("sidebar") && bench.named("sidebar")->hasActiveFocus());
        bench.press(Qt::Key_Escape);
        QTRY_VERIFY(!bench.named("sidebar"));
    }

    void noWarnings() { QCOMPARE(UiBench::warnings(), QStringList()); }
};

int main(int argc, char **argv) {
    beforeApplication();
    QGuiApplication app(argc, argv);
    afterApplication();
    TestUiKeyboard test;
    return QTest::qExec(&test, argc, argv);
}

#include "test_ui_keyboard.moc"
