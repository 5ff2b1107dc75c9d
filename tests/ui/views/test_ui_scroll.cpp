// The conversation follows its end until the person scrolls up; the pill leads back; what is above stays still.
#include <QtTest>

#include "tests/ui/kit/ui_bench.h"
#include "tests/ui/kit/walk.h"

using namespace pellucid;
using namespace pellucid::ui;

class TestUiScroll : public QObject {
    Q_OBJECT

    static QByteArray paragraphs(int count) {
        QByteArray text;
        for (int i = 0; i < count; ++i)
            text += "Paragraph " + QByteArray::number(i) + " with enough words to fill a line or two of the column, so that the view scrolls.\n\n";
        return text;
    }
    static qreal toEnd(QQuickItem *list) {
        return list->property("originY").toReal() + list->property("contentHeight").toReal() - list->height() -
               list->property("contentY").toReal();
    }
    static void wheel(UiBench &bench, QQuickItem *list, int delta) {
        const QPointF at = list->mapToScene({list->width() / 2, 200});
        QWheelEvent event(at, bench.window->mapToGlobal(at.toPoint()), {}, {0, delta}, Qt::NoButton, Qt::NoModifier,
                          Qt::NoScrollPhase, false);
        static quint64 now = 1000;
        event.setTimestamp(now += 40);  // without time passing a Flickable takes no wheel
        QCoreApplication::sendEvent(bench.window, &event);
    }

private slots:
    void itFollowsTheEnd() {
        const QByteArray answer = paragraphs(60);
        UiBench bench(script({say("", answer)}));
        QVERIFY(bench.load());
        QVERIFY(bench.show());
        QVERIFY(bench.ask("Question"));
        QVERIFY(bench.settle(200));
        QQuickItem *list = bench.named("chatRows");
        QVERIFY(list->property("contentHeight").toReal() > 2000);
        QVERIFY2(qAbs(toEnd(list)) < 3, qPrintable(QString::number(toEnd(list))));
        QVERIFY(!bench.called("Latest"));
    }

    void scrollingUpWinsOverAutoScroll() {
        const QByteArray answer = paragraphs(160);
        MockReplyScript slow = say("", answer);
        slow.tokens_per_second = 900;
        UiBench bench(script({slow}));
        QVERIFY(bench.load());
        QVERIFY(bench.show());
        QVERIFY(bench.workspace->chat().sendText("Question"));
        QQuickItem *list = nullptr;
        QVERIFY(QTest::qWaitFor([&] {
            list = bench.named("chatRows");
            return list && list->property("contentHeight").toReal() > 2200;
        }));
        for (int i = 0; i < 4; ++i) wheel(bench, list, 240);
        QVERIFY(QTest::qWaitFor([&] { return !list->property("moving").toBool(); }));
        QVERIFY(bench.workspace->chat().busy());
        const qreal there = list->property("contentY").toReal();
        const qreal height = list->property("contentHeight").toReal();
        QVERIFY(QTest::qWaitFor([&] { return list->property("contentHeight").toReal() > height + 300; }));
        QVERIFY(bench.settle());
        QCOMPARE(list->property("contentY").toReal(), there);  // it grew below and nothing moved
        QQuickItem *pill = bench.called("Latest");
        QVERIFY(pill);
        bench.click(pill);
        // Text goes on arriving, and the view goes to its end only once the new rows have heights: wait for that moment.
        QTRY_VERIFY2(toEnd(list) < 3, qPrintable(QString::number(toEnd(list))));
        QVERIFY(QTest::qWaitFor([&] { return !bench.workspace->chat().busy(); }, 20000));
        QVERIFY(bench.settle(200));
        QVERIFY2(qAbs(toEnd(list)) < 3, qPrintable(QString::number(toEnd(list))));  // it follows again
    }

    void theSettingTurnsItOff() {
        const QByteArray answer = paragraphs(60);
        UiBench bench(script({say("", answer)}));
        bench.workspace->settings().setAutoScroll(false);
        QVERIFY(bench.load());
        QVERIFY(bench.show());
        QVERIFY(bench.ask("Question"));
        QVERIFY(bench.settle(200));
        QVERIFY(toEnd(bench.named("chatRows")) > 500);
        QVERIFY(bench.called("Latest"));
    }

    void rowsAreVirtualised() {
        const QByteArray answer = paragraphs(400);
        UiBench bench(script({say("", answer)}));
        QVERIFY(bench.load());
        QVERIFY(bench.show());
        QVERIFY(bench.ask("Question"));
        QVERIFY(bench.settle(200));
        QVERIFY(bench.workspace->chat().rows()->rowCount() > 400);
        QVERIFY2(bench.all().size() < 2500, qPrintable(QString::number(bench.all().size())));
    }

    void pageKeysScroll() {
        const QByteArray answer = paragraphs(60);
        UiBench bench(script({say("", answer)}));
        QVERIFY(bench.load());
        QVERIFY(bench.show());
        QVERIFY(bench.ask("Question"));
        QVERIFY(bench.settle(200));
        QQuickItem *list = bench.named("chatRows");
        list->forceActiveFocus(Qt::TabFocusReason);
        bench.press(Qt::Key_Home);
        QVERIFY(bench.settle());
        QVERIFY(list->property("atYBeginning").toBool());
        const qreal top = list->property("contentY").toReal();
        bench.press(Qt::Key_PageDown);
        QVERIFY(list->property("contentY").toReal() > top + 300);
        bench.press(Qt::Key_End);
        QVERIFY(bench.settle());
        QVERIFY(qAbs(toEnd(list)) < 3);
    }

    void noWarnings() { QCOMPARE(UiBench::warnings(), QStringList()); }
};

int main(int argc, char **argv) {
    beforeApplication();
    QGuiApplication app(argc, argv);
    afterApplication();
    TestUiScroll test;
    return QTest::qExec(&test, argc, argv);
}

#include "test_ui_scroll.moc"
