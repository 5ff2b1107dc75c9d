// No word is cut and nothing leaves the window: both languages, three sizes, wide and narrow. Sizes of the look.
#include <QtTest>

#include "tests/ui/kit/ui_bench.h"
#include "tests/ui/kit/walk.h"

using namespace pellucid;
using namespace pellucid::ui;

class TestUiLayout : public QObject {
    Q_OBJECT

    // A text is cut when it is elided where it must not be (buttons, numbers, labels of settings), or when its glyphs
    // are higher than the item that clips it.
    static QStringList cutTexts(UiBench &bench, const QString &where) {
        QStringList wrong;
        const QRectF window(0, 0, bench.window->width(), bench.window->height());
        for (QQuickItem *item : bench.all()) {
            if (!item->inherits("QQuickText")) continue;
            const QString text = item->property("text").toString();
            if (text.isEmpty() || item->property("opacity").toReal() == 0) continue;
            // Titles, names and paths may end in an ellipsis: they have a tooltip. Buttons and figures may not.
            bool inButton = false;
            for (QQuickItem *up = item->parentItem(); up; up = up->parentItem())
                inButton |= up->inherits("QQuickAbstractButton") && !up->inherits("QQuickItemDelegate");
            const bool figures = item->property("font").value<QFont>().family() == QLatin1String("Pellucid Figures");
            if ((inButton || figures) && item->property("truncated").toBool()) wrong.append(where + ": cut: " + text);
            if (item->property("elide").toInt() == Qt::ElideNone &&
                item->property("contentWidth").toReal() > item->width() + 1 && item->width() > 0)
                wrong.append(where + ": too wide: " + text);
        }
        return wrong;
    }

    // Controls that stick out of the window cannot be reached by pointer.
    static QStringList lostControls(UiBench &bench, const QString &where) {
        QStringList wrong;
        for (QQuickItem *item : bench.all()) {
            if (!item->inherits("QQuickAbstractButton") || item->width() <= 0 || item->opacity() == 0) continue;
            const QRectF box = item->mapRectToScene({0, 0, item->width(), item->height()});
            if (box.left() < -1 || box.right() > bench.window->width() + 1)
                wrong.append(where + ": outside: " + nameOf(item));
        }
        return wrong;
    }

private slots:
    void nothingIsCut_data() {
        QTest::addColumn<QString>("language");
        QTest::addColumn<int>("zoom");
        QTest::addColumn<QSize>("size");
        for (const char *language : {"en", "zh_CN"})
            for (int zoom : {100, 150, 200})
                for (QSize size : {QSize(1440, 900), QSize(1000, 700), QSize(420, 860)}) {
                    // A window that would be narrower than the minimum at this zoom is not offered.
                    if (size.width() * 100 / zoom < 360) continue;
                    QTest::addRow("%s %d%% %dx%d", language, zoom, size.width(), size.height()) << language << zoom << size;
                }
    }
    void nothingIsCut() {
        QFETCH(QString, language);
        QFETCH(int, zoom);
        QFETCH(QSize, size);
        UiBench bench(script({say("First a thought.", "An answer.\n\n| a | b |\n|---|--:|\n| x | 1 |\n"), say("", "Again.")}), size);
        bench.workspace->settings().setZoom(zoom);
        bench.setLanguage(language);
        QVERIFY(bench.load());
        QVERIFY(bench.show());
        QStringList wrong = cutTexts(bench, "new chat") + lostControls(bench, "new chat");
        QVERIFY(bench.ask("Question"));
        wrong += cutTexts(bench, "chat") + lostControls(bench, "chat");
        bench.workspace->modelSettings().setContextLength(4096);
        bench.workspace->modelSettings().setTemperature(0.3);
        for (const char *page : {"general", "appearance", "thinking", "shortcuts", "model"}) {
            bench.named("shell")->setProperty("settingsPage", page);
            bench.named("shell")->setProperty("page", 2);
            bench.settle();
            wrong += cutTexts(bench, page) + lostControls(bench, page);
        }
        bench.named("shell")->setProperty("page", 1);
        bench.settle();
        wrong += cutTexts(bench, "models") + lostControls(bench, "models");
        QVERIFY2(wrong.isEmpty(), qPrintable(wrong.join('\n')));
    }

    // Measures of the look at 1440 x 900.
    void measures() {
        UiBench bench(script({say("A thought.", "An answer.")}));
        QVERIFY(bench.load());
        QVERIFY(bench.show());
        QVERIFY(bench.ask("Question"));
        QTRY_COMPARE(bench.named("sidebar")->width(), 264.0);
        QQuickItem *composer = bench.named("composer");
        QTRY_COMPARE(composer->width(), 880.0);
        QTRY_COMPARE(composer->height(), 92.0);
        QTRY_COMPARE(bench.window->height() - composer->mapToScene({0, composer->height()}).y(), 16.0);
        QTRY_VERIFY(bench.called("Send") && bench.called("Copy answer"));
        const auto size = [](QQuickItem *item) { return QSizeF(item->width(), item->height()); };
        QTRY_COMPARE(size(bench.called("Send")), QSizeF(32, 32));
        QTRY_COMPARE(size(bench.called("Copy answer")), QSizeF(28, 28));
    }

    // Hit targets are at least 28 (24 for the two arrows of a branch switcher and the clear mark).
    void targetsAreLargeEnough() {
        UiBench bench(script({say("A thought.", "An answer.")}));
        QVERIFY(bench.load());
        QVERIFY(bench.show());
        QVERIFY(bench.ask("Question"));
        QStringList small;
        for (QQuickItem *item : bench.all())
            if (item->inherits("QQuickAbstractButton") && qMin(item->width(), item->height()) < 24)
                small.append(nameOf(item));
        small.removeAll(QString());
        QVERIFY2(small.isEmpty(), qPrintable(small.join('\n')));
    }

    void noWarnings() { QCOMPARE(UiBench::warnings(), QStringList()); }
};

int main(int argc, char **argv) {
    beforeApplication();
    QGuiApplication app(argc, argv);
    afterApplication();
    TestUiLayout test;
    return QTest::qExec(&test, argc, argv);
}

#include "test_ui_layout.moc"
