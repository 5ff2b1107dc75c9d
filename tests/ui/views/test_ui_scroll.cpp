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
        QQuickItem *list = bench.named("chatRows");
        QVERIFY(list);
        QTRY_VERIFY(list->property("contentHeight").toReal() > 2000);
        QTRY_VERIFY(qAbs(toEnd(list)) < 3);
        QTRY_VERIFY(!bench.called("Latest"));
    }

    void scrollingUpWinsOverAutoScroll() {
        const QByteArray answer = paragraphs(160);
        MockReplyScript slow = say("", answer);
        slow.tokens_per_second = 900;
        UiBench bench(script({slow}), {1440, 900}, std::make_shared<ManualMockClock>());
        QVERIFY(bench.load());
        QVERIFY(bench.show());
        QVERIFY(bench.workspace->chat().sendText("Question"));
        QQuickItem *list = nullptr;
        QVERIFY(bench.drive([&] {
            list = bench.named("chatRows");
            return list && list->property("contentHeight").toReal() > 2200;
        }));
        // The clock stands while the wheel turns: the reply is surely still being written.
        QTRY_VERIFY(qAbs(toEnd(list)) < 3);
        for (int i = 0; i < 4; ++i) wheel(bench, list, 240);
        QTRY_VERIFY(!list->property("moving").toBool() && toEnd(list) > 100);
        QTRY_VERIFY(bench.called("Latest"));
        QVERIFY(bench.workspace->chat().busy());
        const qreal there = list->property("contentY").toReal();
        const qreal height = list->property("contentHeight").toReal();
        QVERIFY(bench.drive([&] { return list->property("contentHeight").toReal() > height + 300; }));
        QVERIFY(bench.settle());
        QCOMPARE(list->property("contentY").toReal(), there);  // it grew below and nothing moved
        QTRY_VERIFY(bench.called("Latest"));
        bench.click(bench.called("Latest"));
        QTRY_VERIFY(toEnd(list) < 3);
        const qreal again = list->property("contentHeight").toReal();
        QVERIFY(bench.drive([&] { return list->property("contentHeight").toReal() > again + 300; }));
        QTRY_VERIFY(qAbs(toEnd(list)) < 3);  // it follows again
        QVERIFY(bench.drive([&] { return !bench.workspace->chat().busy(); }, std::chrono::seconds(1)));
        QTRY_VERIFY(qAbs(toEnd(list)) < 3);
    }

    void theSettingTurnsItOff() {
        const QByteArray answer = paragraphs(60);
        UiBench bench(script({say("", answer)}));
        bench.workspace->settings().setAutoScroll(false);
        QVERIFY(bench.load());
        QVERIFY(bench.show());
        QVERIFY(bench.ask("Question"));
        QTRY_VERIFY(bench.named("chatRows") && toEnd(bench.named("chatRows")) > 500);
        QTRY_VERIFY(bench.called("Latest"));
    }

    void rowsAreVirtualised() {
        const QByteArray answer = paragraphs(400);
        UiBench bench(script({say("", answer)}));
        QVERIFY(bench.load());
        QVERIFY(bench.show());
        QVERIFY(bench.ask("Question"));
        QTRY_VERIFY(bench.workspace->chat().rows()->rowCount() > 400);
        QQuickItem *list = bench.named("chatRows");
        QTRY_VERIFY(list->property("count").toInt() > 400 && qAbs(toEnd(list)) < 3);
        QTRY_VERIFY2(bench.all().size() < 2500, qPrintable(QString::number(bench.all().size())));
    }

    void pageKeysScroll() {
        const QByteArray answer = paragraphs(60);
        UiBench bench(script({say("", answer)}));
        QVERIFY(bench.load());
        QVERIFY(bench.show());
        QVERIFY(bench.ask("Question"));
        QQuickItem *list = bench.named("chatRows");
        QTRY_VERIFY(list->property("contentHeight").toReal() > 2000 && qAbs(toEnd(list)) < 3);
        list->forceActiveFocus(Qt::TabFocusReason);
        // Rows above are measured when they are shown, so the top may be known only after a second look.
        QVERIFY(UiBench::until([&] {
            bench.press(Qt::Key_Home);
            return list->property("atYBeginning").toBool();
        }));
        QVERIFY(bench.settle());
        const qreal top = list->property("contentY").toReal();
        bench.press(Qt::Key_PageDown);
        QTRY_VERIFY(list->property("contentY").toReal() > top + 300);
        bench.press(Qt::Key_End);
        QTRY_VERIFY(qAbs(toEnd(list)) < 3);
    }

    void aDownloadWithTheFocusIsSeen() {
        UiBench bench(script({say("", "Yes.")}));
        for (int i = 0; i < 9; ++i) {
            app::DownloadState paused;
            paused.id = QString::number(i);
            paused.name = QStringLiteral("Model %1").arg(i);
            paused.phase = app::DownloadState::Paused;
            paused.total = 1'000'000'000;
            bench.sources.downloads.put(paused);
        }
        QVERIFY(bench.load());
        QVERIFY(bench.show());
        bench.named("shell")->setProperty("page", 1);
        QTRY_VERIFY(bench.named("downloadsDrawer"));
        QQuickItem *drawer = bench.named("downloadsDrawer");
        drawer->setProperty("open", true);
        QTRY_VERIFY(drawer->height() > 200 && drawer->height() == drawer->property("opened").toReal());
        for (const QString &name : {QStringLiteral("Cancel the download of Model 8"), QStringLiteral("Resume Model 0")}) {
            QVERIFY(bench.tabTo(name));
            QTRY_VERIFY(bench.focused() && nameOf(bench.focused()) == name);
            const auto inside = [&] {
                const QRectF at = bench.focused()->mapRectToItem(drawer, bench.focused()->boundingRect());
                return at.top() >= 47 && at.bottom() <= drawer->height();
            };
            QTRY_VERIFY2(inside(), qPrintable(name));
        }
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
