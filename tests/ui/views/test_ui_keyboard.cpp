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

    static bool tabTo(UiBench &bench, const QString &name) {
        for (int step = 0; step < 120; ++step) {
            if (bench.focused() && nameOf(bench.focused()) == name) return true;
            bench.press(Qt::Key_Tab);
        }
        return false;
    }
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
        QCOMPARE(bench.focused()->objectName(), QStringLiteral("composerText"));
        bench.press(Qt::Key_Return);
        QVERIFY(chat.empty());  // nothing to send
        bench.type("first");
        bench.press(Qt::Key_Return, Qt::ShiftModifier);
        bench.type("second");
        QCOMPARE(chat.draft(), QStringLiteral("first\nsecond"));
        bench.press(Qt::Key_Return);
        QVERIFY(QTest::qWaitFor([&] { return !chat.busy() && !chat.empty(); }));
        QCOMPARE(chat.draft(), QString());
        QCOMPARE(chat.questionText(chat.lastQuestionId()), QStringLiteral("first\nsecond"));
    }

    void escapeStopsAndControlEnterAnswersNow() {
        const QByteArray longThought = QByteArray("word ").repeated(400);
        UiBench bench(script({slowly(longThought, "The answer.", 100), slowly("", longThought, 100)}));
        QVERIFY(bench.load());
        QVERIFY(bench.show());
        ChatController &chat = bench.workspace->chat();
        bench.type("Why");
        bench.press(Qt::Key_Return);
        QVERIFY(QTest::qWaitFor([&] { return chat.state() == ChatController::Thinking; }));
        bench.press(Qt::Key_Return, Qt::ControlModifier);
        QVERIFY(QTest::qWaitFor([&] { return !chat.busy(); }));
        QVERIFY(bench.settle());
        QVERIFY(bench.called("Copy answer"));
        bench.type("And");
        bench.press(Qt::Key_Return);
        QVERIFY(QTest::qWaitFor([&] { return chat.state() == ChatController::Answering; }));
        bench.press(Qt::Key_Escape);
        QVERIFY(QTest::qWaitFor([&] { return !chat.busy(); }, 2000));
    }

    void upEditsTheLastQuestionAndMakesABranch() {
        UiBench bench(script({say("", "One."), say("", "Two.")}));
        QVERIFY(bench.load());
        QVERIFY(bench.show());
        QVERIFY(bench.ask("Old words"));
        ChatController &chat = bench.workspace->chat();
        bench.press(Qt::Key_F6);  // wherever the focus is …
        bench.called("Message") ? bench.named("composerText")->forceActiveFocus() : void();
        bench.press(Qt::Key_Up);
        QCOMPARE(nameOf(bench.focused()), QStringLiteral("Edit the question"));
        bench.press(Qt::Key_A, Qt::ControlModifier);
        bench.type("New words");
        bench.press(Qt::Key_Return);
        QVERIFY(QTest::qWaitFor([&] { return !chat.busy() && chat.questionText(chat.lastQuestionId()) == "New words"; }));
        QVERIFY(bench.settle());
        QCOMPARE(chat.rows()->data(chat.rows()->index(0), app::ChatRowModel::BranchCountRole).toInt(), 2);
        QVERIFY(tabTo(bench, "Earlier version"));
        bench.press(Qt::Key_Space);
        QVERIFY(bench.settle());
        QCOMPARE(chat.questionText(chat.lastQuestionId()), QStringLiteral("Old words"));
        // Esc leaves an edit as it was.
        bench.named("composerText")->forceActiveFocus();
        bench.press(Qt::Key_Up);
        bench.type("x");
        bench.press(Qt::Key_Escape);
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
        QVERIFY(!thought->open());
        bench.named("composerText")->forceActiveFocus();
        QVERIFY(tabTo(bench, thought->headline() + ". Unfold"));
        bench.press(Qt::Key_Space);
        QVERIFY(thought->open());
        QVERIFY(bench.settle());
        bench.press(Qt::Key_Return);
        QVERIFY(!thought->open());
    }

    void theSidebar() {
        UiBench bench(script({say("", "One."), say("", "Two.")}));
        QVERIFY(bench.load());
        QVERIFY(bench.show());
        app::ConversationListModel &list = bench.workspace->conversations();
        QVERIFY(bench.ask("Alpha question"));
        bench.press(Qt::Key_N, Qt::ControlModifier);
        QVERIFY(bench.workspace->chat().empty());
        QVERIFY(bench.ask("Beta question"));
        QCOMPARE(list.count(), 2);
        // Search, from anywhere; Down goes to the hits, Enter opens one, Esc clears.
        bench.press(Qt::Key_K, Qt::ControlModifier);
        QCOMPARE(nameOf(bench.focused()), QStringLiteral("Search chats"));
        bench.type("alpha");
        QVERIFY(QTest::qWaitFor([&] { return list.count() == 1 && list.searching(); }));
        bench.press(Qt::Key_Down);
        bench.press(Qt::Key_Return);
        QVERIFY(QTest::qWaitFor([&] { return bench.workspace->chat().title().contains("Alpha"); }));
        bench.press(Qt::Key_K, Qt::ControlModifier);
        bench.press(Qt::Key_Escape);
        QVERIFY(QTest::qWaitFor([&] { return list.count() == 2; }));
        // F2 renames in place.
        bench.press(Qt::Key_Down);
        bench.press(Qt::Key_F2);
        QCOMPARE(nameOf(bench.focused()), QStringLiteral("Name of the chat"));
        bench.type("Renamed");
        bench.press(Qt::Key_Return);
        QVERIFY(QTest::qWaitFor([&] {
            for (int i = 0; i < list.count(); ++i)
                if (list.data(list.index(i), app::ConversationListModel::TitleRole) == "Renamed") return true;
            return false;
        }));
        // Delete goes at once and can be undone from the toast.
        bench.press(Qt::Key_Delete);
        QCOMPARE(list.count(), 1);
        QVERIFY(bench.workspace->toasts().visible());
        QVERIFY(tabTo(bench, bench.workspace->toasts().actionLabel()));
        bench.press(Qt::Key_Space);
        QCOMPARE(list.count(), 2);
    }

    void f6GoesRound() {
        UiBench bench(script({say("", "One.")}));
        QVERIFY(bench.load());
        QVERIFY(bench.show());
        QVERIFY(bench.ask("Question"));
        bench.named("composerText")->forceActiveFocus();
        QStringList visited;
        for (int i = 0; i < 3; ++i) {
            bench.press(Qt::Key_F6);
            visited.append(nameOf(bench.focused()));
        }
        QCOMPARE(visited, QStringList({"Question", "Messages", "Message"}));
    }

    void menusOpenAndCloseByKey() {
        UiBench bench(script({say("A thought.", "One.")}));
        QVERIFY(bench.load());
        QVERIFY(bench.show());
        bench.press(Qt::Key_T, Qt::ControlModifier);
        QVERIFY(bench.settle());
        QVERIFY2(nameOf(bench.focused()) == "Auto", qPrintable(nameOf(bench.focused())));
        bench.press(Qt::Key_Down);
        bench.press(Qt::Key_Return);
        QCOMPARE(bench.workspace->chat().thinkingMode(), ChatController::Always);
        QVERIFY(bench.settle(100));
        bench.press(Qt::Key_M, Qt::ControlModifier);
        QVERIFY(bench.settle());
        QCOMPARE(nameOf(bench.focused()), QStringLiteral("DeepSeek-R1 Distill Qwen 7B"));
        bench.press(Qt::Key_Escape);
        QVERIFY(bench.settle(100));
        QVERIFY2(nameOf(bench.focused()).startsWith("Model:"), qPrintable(nameOf(bench.focused())));
    }

    void settingsAreOperated() {
        UiBench bench(script({say("A thought.", "One.")}));
        QVERIFY(bench.load());
        QVERIFY(bench.show());
        bench.press(Qt::Key_Comma, Qt::ControlModifier);
        QVERIFY(bench.settle());
        const bool before = bench.workspace->settings().showStatistics();
        QVERIFY(tabTo(bench, "Show statistics under answers"));
        bench.press(Qt::Key_Space);
        QCOMPARE(bench.workspace->settings().showStatistics(), !before);
        QVERIFY(tabTo(bench, "Appearance"));
        bench.press(Qt::Key_Return);
        QVERIFY(bench.settle());
        QVERIFY(tabTo(bench, "Theme: Match system"));
        bench.press(Qt::Key_Right);
        QCOMPARE(bench.workspace->settings().theme(), app::SettingsBackend::Light);
        bench.press(Qt::Key_Right);
        QCOMPARE(bench.workspace->settings().theme(), app::SettingsBackend::Dark);
        QVERIFY(tabTo(bench, "Size in per cent"));
        bench.press(Qt::Key_Right);
        QCOMPARE(bench.workspace->settings().zoom(), 110);
        bench.named("shell")->setProperty("settingsPage", "model");
        QVERIFY(bench.settle());
        const double temperature = bench.workspace->modelSettings().temperature();
        QVERIFY(tabTo(bench, "Temperature"));
        bench.press(Qt::Key_Left);
        QVERIFY(bench.workspace->modelSettings().temperature() < temperature);
        bench.press(Qt::Key_Tab);
        QCOMPARE(nameOf(bench.focused()), QStringLiteral("Temperature"));  // its number
        bench.press(Qt::Key_A, Qt::ControlModifier);
        bench.type("1.25");
        bench.press(Qt::Key_Return);
        QCOMPARE(bench.workspace->modelSettings().temperature(), 1.25);
        bench.press(Qt::Key_Escape);
        QVERIFY(bench.settle());
        QCOMPARE(bench.named("shell")->property("page").toInt(), 0);
    }

    void narrowSidebarClosesWithEscape() {
        UiBench bench(script({say("", "One.")}), {700, 800});
        QVERIFY(bench.load());
        QVERIFY(bench.show());
        QVERIFY(!bench.named("sidebar"));
        bench.press(Qt::Key_B, Qt::ControlModifier);
        QVERIFY(bench.settle());
        QVERIFY(bench.named("sidebar"));
        bench.press(Qt::Key_Escape);
        QVERIFY(bench.settle());
        QVERIFY(!bench.named("sidebar"));
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
