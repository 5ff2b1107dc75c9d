// Everything by keyboard alone: the order of Tab, the window's shortcuts, the lists, the menus.
#include <QtTest>

#include "app/chat/chat_row_model.h"
#include "tests/ui/kit/ui_bench.h"
#include "tests/ui/kit/walk.h"

using namespace pellucid;
using namespace pellucid::ui;

class TestUiKeyboard : public QObject {
    Q_OBJECT

private slots:
    void enterSendsAndShiftEnterBreaks() {
        UiBench bench(script({say("", "One."), say("", "Two.")}));
        QVERIFY(bench.load());
        QVERIFY(bench.show());
        QCOMPARE(bench.focused()->objectName(), QStringLiteral("composerText"));
        bench.type("first");
        bench.press(Qt::Key_Return, Qt::ShiftModifier);
        bench.type("second");
        QCOMPARE(bench.workspace->chat().draft(), QStringLiteral("first\nsecond"));
        bench.press(Qt::Key_Return);
        QVERIFY(QTest::qWaitFor([&] { return !bench.workspace->chat().busy() && !bench.workspace->chat().empty(); }));
        QCOMPARE(bench.workspace->chat().draft(), QString());
        QCOMPARE(bench.workspace->chat().questionText(bench.workspace->chat().lastQuestionId()), QStringLiteral("first\nsecond"));
    }
};

int main(int argc, char **argv) {
    beforeApplication();
    QGuiApplication app(argc, argv);
    afterApplication();
    TestUiKeyboard test;
    return QTest::qExec(&test, argc, argv);
}

#include "test_ui_keyboard.moc"
