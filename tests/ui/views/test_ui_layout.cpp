// No word is cut, covered or outside, in any scene: both languages, wide and narrow, desktop scales and zoom. Sizes of
// the look.
#include <QtTest>

#include "tests/ui/kit/scenes.h"
#include "tests/ui/kit/text_boxes.h"
#include "tests/ui/kit/walk.h"

using namespace pellucid;
using namespace pellucid::ui;

class TestUiLayout : public QObject {
    Q_OBJECT

    // The lowest (or highest) row with ink in it, from the top of `box`, in the window's units.
    static double inkRow(const QImage &image, const QRectF &box, double scale, bool lowest) {
        const QRect area(qRound(box.x() * scale), qRound(box.y() * scale), qRound(box.width() * scale), qRound(box.height() * scale));
        const int ground = qGray(image.pixel(area.topLeft()));
        double found = -100;
        for (int y = area.top(); y < area.bottom(); ++y)
            for (int x = area.left(); x < area.right(); ++x)
                if (qAbs(qGray(image.pixel(x, y)) - ground) > 60) {
                    found = (y + (lowest ? 1 : 0) - area.top()) / scale;
                    if (!lowest) return found;
                    break;
                }
        return found;
    }
    static double inkBelow(const QImage &image, const QRectF &box, double scale) { return inkRow(image, box, scale, true); }
    static double inkAbove(const QImage &image, const QRectF &box, double scale) { return inkRow(image, box, scale, false); }

private slots:
    // The scale is the desktop's (QT_SCALE_FACTOR): ctest runs this program at 1, 1.5 and 2.
    void theScaleIsInForce() {
        UiBench bench(script({}));
        QVERIFY(bench.show());
        const double wanted = qEnvironmentVariableIsSet("QT_SCALE_FACTOR") ? qEnvironmentVariable("QT_SCALE_FACTOR").toDouble() : 1;
        QCOMPARE(bench.window->devicePixelRatio(), wanted);
        const QImage image = bench.grab();
        QCOMPARE(image.width(), qRound(bench.window->width() * wanted));
    }

    void nothingIsCut_data() {
        QTest::addColumn<QString>("scene");
        QTest::addColumn<bool>("chinese");
        QTest::addColumn<int>("zoom");
        QTest::addColumn<QSize>("size");
        const bool plain = qEnvironmentVariable("QT_SCALE_FACTOR", "1") == "1";
        for (const Scene &scene : scenes())
            for (bool chinese : {false, true}) {
                const auto row = [&](int zoom, QSize size) {
                    QTest::addRow("%s %s %d%% %dx%d", qPrintable(scene.name), chinese ? "zh" : "en", zoom, size.width(), size.height())
                        << scene.name << chinese << zoom << size;
                };
                row(100, {1440, 900});
                row(100, {420, 860});
                // The app's own zoom moves type and space together, and the window between wide and narrow.
                if (plain && scene.picture) {
                    row(100, {1000, 700});
                    row(150, {1440, 900});
                    row(200, {1440, 900});
                }
            }
    }
    void nothingIsCut() {
        QFETCH(QString, scene);
        QFETCH(bool, chinese);
        QFETCH(int, zoom);
        QFETCH(QSize, size);
        const auto found = std::find_if(scenes().begin(), scenes().end(), [&](const Scene &one) { return one.name == scene; });
        const auto bench = stage(*found, size, chinese, [&](UiBench &made) { made.workspace->settings().setZoom(zoom); });
        QVERIFY2(bench, "the scene did not come about");
        // A text may still be set (a formula, a row that was just made): wait until nothing is wrong.
        QStringList faults;
        const bool good = QTest::qWaitFor([&] { return (faults = layoutFaults(*bench)).isEmpty(); }, 3000);
        QVERIFY2(good, qPrintable(faults.join('\n')));
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

    // A line's letters stand where the look has them, whatever glyphs are in it: the first baseline of a text that wraps
    // is line/2 + 0.364 x size below its top, and a field's Chinese is as far from its upper edge as from its lower.
    void baselines() {
        for (const bool chinese : {false, true}) {
            UiBench bench(script({}), {1440, 900});
            bench.setLanguage(chinese ? "zh_CN" : "en");
            bench.workspace->start();
            QVERIFY(bench.show());
            QQuickItem *head = nullptr;
            QTRY_VERIFY((head = bench.called(chinese ? QStringLiteral("看清它如何思考。") : QStringLiteral("See how it thinks."))));
            const QRectF box(head->parentItem()->mapToScene(head->position()), QSizeF(head->width(), 44));
            const double scale = bench.window->devicePixelRatio();
            // The feet of its letters: Latin stands on the line at 35.1; Chinese goes 0.07 of its size below it.
            QTRY_VERIFY2(qAbs(inkBelow(bench.grab(), box, scale) - (chinese ? 37.5 : 35.1)) <= 1.5,
                         qPrintable(QString::number(inkBelow(bench.grab(), box, scale))));
        }
    }
    void chineseInAField() {
        UiBench bench(script({say("", "x")}));
        bench.setLanguage("zh_CN");
        QVERIFY(bench.load());
        QVERIFY(bench.show());
        bench.press(Qt::Key_K, Qt::ControlModifier);
        QTRY_VERIFY(bench.focused()->inherits("QQuickTextField"));
        QQuickItem *field = bench.focused();
        bench.type(QStringLiteral("国国国"));
        const double scale = bench.window->devicePixelRatio();
        const QRectF inside(field->mapToScene({32, 4}), QSizeF(36, field->height() - 8));
        const auto off = [&] {
            const QImage image = bench.grab();
            return inkBelow(image, inside, scale) - (inside.height() - inkAbove(image, inside, scale));
        };
        QTRY_VERIFY2(qAbs(off()) <= 2, qPrintable(QString::number(off())));
    }

    // It grows to 40 % of the window, its tools included.
    void theComposerGrowsToItsLimit() {
        UiBench bench(script({say("", "x")}));
        QVERIFY(bench.load());
        QVERIFY(bench.show());
        bench.workspace->chat().setDraft(QStringLiteral("word ").repeated(4000));
        QTRY_COMPARE(bench.named("composer")->height(), 360.0);
    }

    // A title has the whole row where no time stands beside it.
    void aTitleTakesTheRoomThatIsThere() {
        UiBench bench(script({say("", "x")}));
        QVERIFY(bench.load());
        fillSidebar(bench, false);
        bench.workspace->conversations().reload();
        QVERIFY(bench.show());
        const auto title = [&](const QString &text) {
            for (QQuickItem *item : bench.all())
                if (item->property("truncated").isValid() && item->property("text") == text && item->property("style").isValid()) return item;
            return static_cast<QQuickItem *>(nullptr);
        };
        QTRY_VERIFY(title("Translate the abstract into Chinese"));
        QTRY_VERIFY(!title("Translate the abstract into Chinese")->property("truncated").toBool());
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
