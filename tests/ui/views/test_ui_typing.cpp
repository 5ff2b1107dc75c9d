// Input methods: text that is being composed is shown, is no draft yet, and Enter belongs to the composition.
#include <QInputMethodEvent>
#include <QtTest>

#include "tests/ui/kit/ui_bench.h"
#include "tests/ui/kit/walk.h"

using namespace pellucid;
using namespace pellucid::ui;

class TestUiTyping : public QObject {
    Q_OBJECT

    static void compose(UiBench &bench, const QString &preedit) {
        QList<QInputMethodEvent::Attribute> attributes;
        if (!preedit.isEmpty()) attributes.append({QInputMethodEvent::Cursor, static_cast<int>(preedit.size()), 1, {}});
        QInputMethodEvent event(preedit, attributes);
        QCoreApplication::sendEvent(bench.focused(), &event);
    }
    static void commit(UiBench &bench, const QString &text) {
        QInputMethodEvent event;
        event.setCommitString(text);
        QCoreApplication::sendEvent(bench.focused(), &event);
    }

private slots:
    void enterDuringCompositionNeverSends() {
        UiBench bench(script({say("", "好。")}));
        QVERIFY(bench.load());
        QVERIFY(bench.show());
        app::ChatController &chat = bench.workspace->chat();
        QTRY_COMPARE(bench.focused() ? bench.focused()->objectName() : QString(), QStringLiteral("composerText"));
        commit(bench, QStringLiteral("你好"));
        compose(bench, QStringLiteral("shijie"));
        QVERIFY(bench.focused()->property("inputMethodComposing").toBool());
        QCOMPARE(bench.focused()->property("preeditText").toString(), QStringLiteral("shijie"));
        QCOMPARE(chat.draft(), QStringLiteral("你好"));  // not yet part of it
        bench.press(Qt::Key_Return);
        QVERIFY(!chat.busy());
        QVERIFY(chat.empty());
        compose(bench, QString());
        commit(bench, QStringLiteral("世界"));
        QCOMPARE(chat.draft(), QStringLiteral("你好世界"));
        bench.press(Qt::Key_Return);
        QTRY_VERIFY(!chat.busy() && !chat.empty());
        QCOMPARE(chat.questionText(chat.lastQuestionId()), QStringLiteral("你好世界"));
    }

    void escapeAndUpBelongToTheCompositionToo() {
        MockReplyScript slow = say("", "word word word word word word word word word word word word word word word word");
        slow.tokens_per_second = 5;
        UiBench bench(script({slow}), {1440, 900}, std::make_shared<ManualMockClock>());
        QVERIFY(bench.load());
        QVERIFY(bench.show());
        app::ChatController &chat = bench.workspace->chat();
        commit(bench, QStringLiteral("问"));
        bench.press(Qt::Key_Return);
        QVERIFY(bench.drive([&] { return chat.state() == app::ChatController::Answering; }));
        compose(bench, QStringLiteral("ni"));
        bench.press(Qt::Key_Escape);
        QCOMPARE(chat.state(), app::ChatController::Answering);  // not even stopping
        compose(bench, QString());
        bench.press(Qt::Key_Escape);
        QTRY_VERIFY(!chat.busy());  // the clock stands: only the key can have ended it
    }

    void composingHidesThePlaceholder() {
        UiBench bench(script({say("", "好。")}));
        QVERIFY(bench.load());
        QVERIFY(bench.show());
        const auto placeholderShown = [&] {
            for (QQuickItem *item : bench.all(bench.named("composer")))
                if (item->property("text").toString() == QLatin1String("Ask anything")) return true;
            return false;
        };
        QTRY_VERIFY(placeholderShown());
        compose(bench, QStringLiteral("ni"));
        QTRY_VERIFY(!placeholderShown());
        compose(bench, QString());
        QTRY_VERIFY(placeholderShown());
    }

    void editingAQuestionComposesToo() {
        UiBench bench(script({say("", "一。"), say("", "二。")}));
        QVERIFY(bench.load());
        QVERIFY(bench.show());
        QVERIFY(bench.ask(QStringLiteral("旧")));
        app::ChatController &chat = bench.workspace->chat();
        bench.named("composerText")->forceActiveFocus();
        bench.press(Qt::Key_Up);
        QTRY_COMPARE(nameOf(bench.focused()), QStringLiteral("Edit the question"));
        compose(bench, QStringLiteral("xin"));
        bench.press(Qt::Key_Return);
        QCOMPARE(nameOf(bench.focused()), QStringLiteral("Edit the question"));
        compose(bench, QString());
        commit(bench, QStringLiteral("新"));
        bench.press(Qt::Key_Return);
        QTRY_VERIFY(!chat.busy() && chat.questionText(chat.lastQuestionId()) == QStringLiteral("旧新"));
    }

    void searchTakesComposedText() {
        UiBench bench(script({say("", "注意力机制。")}));
        QVERIFY(bench.load());
        QVERIFY(bench.show());
        QVERIFY(bench.ask(QStringLiteral("注意力是什么")));
        bench.press(Qt::Key_K, Qt::ControlModifier);
        QTRY_COMPARE(nameOf(bench.focused()), QStringLiteral("Search chats"));
        compose(bench, QStringLiteral("zhuyi"));
        QCOMPARE(bench.focused()->property("preeditText").toString(), QStringLiteral("zhuyi"));
        QVERIFY(!bench.workspace->conversations().searching());
        compose(bench, QString());
        commit(bench, QStringLiteral("注意"));
        QTRY_VERIFY(bench.workspace->conversations().searching() && bench.workspace->conversations().count() == 1);
    }

    void noWarnings() { QCOMPARE(UiBench::warnings(), QStringList()); }
};

int main(int argc, char **argv) {
    beforeApplication();
    QGuiApplication app(argc, argv);
    afterApplication();
    TestUiTyping test;
    return QTest::qExec(&test, argc, argv);
}

#include "test_ui_typing.moc"
