// The accessibility tree in process: whatever takes the focus has a name, a role and something to do.
#include <QtTest>

#include "tests/ui/kit/ui_bench.h"
#include "tests/ui/kit/walk.h"

using namespace pellucid;
using namespace pellucid::ui;

class TestUiAccessibility : public QObject {
    Q_OBJECT

    // Walks by Tab from control to control until the round is closed; returns the controls in order.
    static QList<QQuickItem *> tabRound(UiBench &bench) {
        QList<QQuickItem *> order;
        for (int step = 0; step < 200; ++step) {
            bench.press(Qt::Key_Tab);
            QQuickItem *item = bench.focused();
            if (!item || order.contains(item)) break;
            order.append(item);
        }
        return order;
    }

    static QStringList problems(UiBench &bench, const QString &where) {
        QStringList wrong;
        for (const Node &node : accessibleNodes(bench.window)) {
            auto *item = qobject_cast<QQuickItem *>(node.object);
            if (!item) continue;
            const bool control = node.role == QAccessible::Button || node.role == QAccessible::CheckBox ||
                                 node.role == QAccessible::Slider || node.role == QAccessible::EditableText ||
                                 node.role == QAccessible::ButtonMenu || node.role == QAccessible::RadioButton ||
                                 node.role == QAccessible::MenuItem || node.role == QAccessible::PageTab;
            const QString what = where + ": " + item->metaObject()->className() + " at " +
                                 QString::number(item->mapToScene({0, 0}).y());
            if (control && node.name.trimmed().isEmpty()) wrong.append("no name: " + what);
            const bool pressable = control && node.role != QAccessible::Slider && node.role != QAccessible::EditableText;
            QStringList actions = node.actions;
            actions.removeAll(QAccessibleActionInterface::setFocusAction());
            if (pressable && !node.state.disabled && actions.isEmpty()) wrong.append("no action: " + what + " " + node.name);
        }
        return wrong;
    }

private slots:
    void everyControlOfEveryPage() {
        UiBench bench(script({say("First a thought.", "Then **an** answer.\n\n```c\nint x;\n```\n"), say("", "Again.")}));
        QVERIFY(bench.load());
        QVERIFY(bench.show());
        QAccessible::setActive(true);
        QStringList wrong = problems(bench, "new chat");
        QVERIFY(bench.ask("Question"));
        wrong += problems(bench, "chat");
        for (const char *page : {"general", "appearance", "thinking", "shortcuts", "model"}) {
            bench.named("shell")->setProperty("settingsPage", page);
            bench.named("shell")->setProperty("page", 2);
            bench.settle();
            wrong += problems(bench, page);
        }
        bench.named("shell")->setProperty("page", 1);
        bench.settle();
        wrong += problems(bench, "models");
        QVERIFY2(wrong.isEmpty(), qPrintable(wrong.join('\n')));
    }

    void firstRun() {
        UiBench bench(script({}));
        QVERIFY(bench.show());
        bench.workspace->start();
        QTRY_VERIFY(bench.workspace->context().firstRun());
        QTRY_COMPARE(bench.focused() ? nameOf(bench.focused()) : QString(), QStringLiteral("Choose file"));
        const QStringList wrong = problems(bench, "first run");
        QVERIFY2(wrong.isEmpty(), qPrintable(wrong.join('\n')));
    }

    void whatTabReachesHasNameAndRole() {
        UiBench bench(script({say("A thought.", "An answer.")}));
        QVERIFY(bench.load());
        QVERIFY(bench.show());
        QAccessible::setActive(true);
        QVERIFY(bench.ask("Question"));
        QTRY_VERIFY(bench.called("Copy answer"));
        const QList<QQuickItem *> order = tabRound(bench);
        QVERIFY2(order.size() >= 12, qPrintable(QString::number(order.size())));
        QStringList names;
        for (QQuickItem *item : order) {
            QAccessibleInterface *node = QAccessible::queryAccessibleInterface(item);
            QVERIFY2(node, item->metaObject()->className());
            names.append(node->text(QAccessible::Name));
            QVERIFY2(!names.last().isEmpty(), item->metaObject()->className());
            QVERIFY2(node->role() != QAccessible::NoRole && node->role() != QAccessible::Client,
                     qPrintable(names.last() + " has no role"));
        }
        for (const char *wanted : {"Search chats", "New chat", "Models, 1", "Settings", "Copy answer", "Answer again", "More"})
            QVERIFY2(names.contains(QLatin1String(wanted)), wanted);
    }

    // What a screen reader is told a control is does not depend on when the screen reader appeared.
    void rolesAreOursBeforeAndAfter() {
        for (bool early : {true, false}) {
            QAccessible::setActive(early);
            UiBench bench(script({say("A thought.", "An answer.")}));
            QVERIFY(bench.load());
            QVERIFY(bench.show());
            QAccessible::setActive(true);
            const auto role = [&](const char *name) {
                QQuickItem *item = bench.called(QLatin1String(name));
                return item ? QAccessible::queryAccessibleInterface(item)->role() : QAccessible::NoRole;
            };
            QTRY_COMPARE(role("Models, 1"), QAccessible::PageTab);
            QCOMPARE(role("Think: Auto"), QAccessible::Button);
            bench.named("shell")->setProperty("page", 2);
            QTRY_COMPARE(role("Show statistics under answers"), QAccessible::CheckBox);
            bench.named("shell")->setProperty("settingsPage", "appearance");
            QTRY_COMPARE(role("Theme: Light"), QAccessible::RadioButton);
        }
    }

    // One status line says what happens, and never each token.
    void theLiveRegionIsTold() {
        UiBench bench(script({say("A long thought with a number of words in it.", "An answer of several words.")}));
        QVERIFY(bench.load());
        QVERIFY(bench.show());
        QStringList said;
        connect(&bench.workspace->chat(), &app::ChatController::announced, &bench, [&](const QString &text) { said.append(text); });
        QVERIFY(bench.ask("Question"));
        QVERIFY2(!said.isEmpty() && said.size() < 5, qPrintable(said.join(" | ")));
        QTRY_VERIFY(bench.called(said.last()));
    }

    void noWarnings() { QCOMPARE(UiBench::warnings(), QStringList()); }
};

int main(int argc, char **argv) {
    beforeApplication();
    QGuiApplication app(argc, argv);
    afterApplication();
    TestUiAccessibility test;
    return QTest::qExec(&test, argc, argv);
}

#include "test_ui_accessibility.moc"
