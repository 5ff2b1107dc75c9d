// A message that does not fit: said before sending, with every way out that there is, in the window.
#include <QtTest>

#include "tests/ui/kit/ui_bench.h"
#include "tests/ui/kit/walk.h"

using namespace pellucid;
using namespace pellucid::ui;

class TestUiOverflow : public QObject {
    Q_OBJECT

    static MockScript smallContext() {
        MockScript what = script({say("", "It fits now.")});
        what.models[0].context_length = 160;
        what.models[0].info.trained_context = 4096;
        what.models[0].memory = {1ull << 30, 1ull << 30, 0, 4ull << 30};
        return what;
    }
    /// A short exchange and a long one, then a draft that fits only without the long one.
    static bool fill(UiBench& bench) {
        if (!bench.load() || !bench.show()) return false;
        if (!bench.ask(QStringLiteral("alpha ").repeated(40)) ||
            !bench.ask(QStringLiteral("beta ").repeated(30)))
            return false;
        bench.workspace->chat().setDraft(QStringLiteral("gamma ").repeated(60));
        return QTest::qWaitFor([&] {
            return bench.workspace->chat().overflowChoices().size() == 2 &&
                   bench.called(bench.workspace->chat().overflowText());
        });
    }

private slots:
    void theOldestIsLeftOut() {
        UiBench bench(smallContext());
        QVERIFY(fill(bench));
        app::ChatController& chat = bench.workspace->chat();
        QVERIFY2(!chat.send(), "said before sending");
        QQuickItem* button = nullptr;
        QTRY_VERIFY((button = bench.called(chat.overflowChoices()[0].toMap().value("label").toString())));
        QVERIFY(bench.settle());
        bench.click(button);
        QTRY_VERIFY(!chat.overflow());
        QTRY_VERIFY(!chat.busy());
        QCOMPARE(chat.contextLength(), 160);
        QVERIFY(chat.draft().isEmpty());
    }

    void theModelIsOpenedWithALongerContext() {
        UiBench bench(smallContext());
        bench.setLanguage(QStringLiteral("zh_CN"));
        QVERIFY(fill(bench));
        app::ChatController& chat = bench.workspace->chat();
        const QString label = chat.overflowChoices()[1].toMap().value("label").toString();
        QVERIFY(!label.contains("Reload"));
        QQuickItem* button = nullptr;
        QTRY_VERIFY((button = bench.called(label)));
        QVERIFY(bench.settle());
        bench.click(button);
        QTRY_COMPARE(chat.contextLength(), 320);
        QTRY_VERIFY(!chat.busy());
        QVERIFY(!chat.overflow());
        QVERIFY(chat.draft().isEmpty());
    }

    void backToTheText() {
        UiBench bench(smallContext());
        QVERIFY(fill(bench));
        app::ChatController& chat = bench.workspace->chat();
        bench.press(Qt::Key_Escape);
        QTRY_VERIFY(!chat.overflow());
        QVERIFY(chat.draft().startsWith("gamma"));
    }

    void noWarnings() { QCOMPARE(UiBench::warnings(), QStringList()); }
};

int main(int argc, char** argv) {
    beforeApplication();
    QGuiApplication app(argc, argv);
    afterApplication();
    TestUiOverflow test;
    return QTest::qExec(&test, argc, argv);
}

#include "test_ui_overflow.moc"
