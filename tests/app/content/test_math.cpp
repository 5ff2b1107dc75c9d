// Formulas: 13 lines of real maths have the sizes KaTeX gives them, ink and no missing glyphs; bad TeX has an
// error.
#include <QImage>
#include <QPainter>
#include <QQmlComponent>
#include <QQmlEngine>
#include <QSignalSpy>
#include <QtTest>

#include "app/content/content_services.h"
#include "app/content/math_typesetter.h"
#include "app/content/math_worker.h"

using namespace pellucid::app;

namespace {

MathLayoutPtr set(MathTypesetter& typesetter, const QString& tex, bool display = true) {
    MathLayoutPtr layout = typesetter.layout(tex, display);
    QSignalSpy finished(&typesetter, &MathTypesetter::finished);
    while (!layout && finished.wait(10000)) layout = typesetter.layout(tex, display);
    return layout;
}

QImage painted(const MathLayout& layout, qreal pixelSize) {
    QImage image(
        QSize(qCeil(layout.width * pixelSize) + 4, qCeil((layout.height + layout.depth) * pixelSize) + 4),
        QImage::Format_ARGB32_Premultiplied);
    image.fill(Qt::transparent);
    QPainter painter(&image);
    painter.translate(2, 2 + layout.height * pixelSize);
    layout.paint(painter, pixelSize, Qt::black);
    return image;
}

/// Ink in a part of the image given in fractions.
qreal ink(const QImage& image, QRectF part = {0, 0, 1, 1}) {
    qreal sum = 0;
    const QRect area(qRound(part.x() * image.width()), qRound(part.y() * image.height()),
                     qRound(part.width() * image.width()), qRound(part.height() * image.height()));
    for (int y = area.top(); y <= area.bottom() && y < image.height(); ++y)
        for (int x = area.left(); x <= area.right() && x < image.width(); ++x)
            sum += qAlpha(image.pixel(x, y)) / 255.0;
    return sum;
}

}  // namespace

class TestMath : public QObject {
    Q_OBJECT

private:
    ContentServices services_;
    MathTypesetter& typesetter_ = services_.typesetter();

private slots:
    void formulas_data() {
        QTest::addColumn<QString>("tex");
        QTest::addColumn<qreal>("width");   // em
        QTest::addColumn<qreal>("height");  // em above the baseline
        QTest::addColumn<qreal>("depth");
        const auto row = [](const char* name, const char* tex, qreal w, qreal h, qreal d) {
            QTest::newRow(name) << QString::fromUtf8(tex) << w << h << d;
        };
#include "math_golden.inc"
    }
    void formulas() {
        QFETCH(QString, tex);
        QFETCH(qreal, width);
        QFETCH(qreal, height);
        QFETCH(qreal, depth);
        const MathLayoutPtr layout = set(typesetter_, tex);
        QVERIFY(layout);
        QCOMPARE(layout->error, QString());
        QCOMPARE(layout->missing, 0);
        const QByteArray measured = QString("%1, %2, %3")
                                        .arg(layout->width, 0, 'f', 3)
                                        .arg(layout->height, 0, 'f', 3)
                                        .arg(layout->depth, 0, 'f', 3)
                                        .toUtf8();
        // 0.12 em is 2 px at the size of answers.
        QVERIFY2(qAbs(layout->width - width) < 0.12 && qAbs(layout->height - height) < 0.12 &&
                     qAbs(layout->depth - depth) < 0.12,
                 measured);
        const QImage image = painted(*layout, 20);
        QVERIFY(ink(image) > 40);
        QVERIFY2(ink(image, {0, 0, 0.25, 1}) > 2 && ink(image, {0.75, 0, 0.25, 1}) > 2, "a side is empty");
    }

    void a_fraction_stands_around_its_line() {
        const MathLayoutPtr layout = set(typesetter_, "\\frac{aaaa}{b}");
        const QImage image = painted(*layout, 40);
        // The longest dark row is the line; it spans the numerator's width, and the denominator is centred
        // below.
        int best = 0, row = 0;
        for (int y = 0; y < image.height(); ++y) {
            int dark = 0;
            for (int x = 0; x < image.width(); ++x) dark += qAlpha(image.pixel(x, y)) > 128;
            if (dark > best) {
                best = dark;
                row = y;
            }
        }
        QVERIFY(best > 0.85 * layout->width * 40 - 12);
        QVERIFY(row > 0.3 * image.height() && row < 0.7 * image.height());
        const qreal left = ink(image, {0, 0.6, 0.4, 0.4}), middle = ink(image, {0.4, 0.6, 0.2, 0.4}),
                    right = ink(image, {0.6, 0.6, 0.4, 0.4});
        QVERIFY(middle > 5 * (left + right));
    }

    void bad_input_data() {
        QTest::addColumn<QString>("tex");
        QTest::addColumn<QString>("says");
        QTest::newRow("unknown command") << "\\undefinedthing x"
                                         << "Undefined control sequence";
        QTest::newRow("open brace") << "\\frac{a}{b"
                                    << "expected '}'";
        QTest::newRow("lone right") << "\\right)"
                                    << "";
        QTest::newRow("macro loop") << "\\def\\a{\\a\\a}\\a"
                                    << "Too many expansions";
        QTest::newRow("deep") << QString("{").repeated(5000) + QString("}").repeated(5000) << "longer than";
        QTest::newRow("deep enough") << QString("{").repeated(900) + "x" + QString("}").repeated(900)
                                     << "deeper than";
        QTest::newRow("deep left") << QString("\\left(").repeated(150) + "x" +
                                          QString("\\right)").repeated(150)
                                   << "deeper than";
        QTest::newRow("sqrt tower") << QString("\\sqrt ").repeated(300) + "x"
                                    << "";
        QTest::newRow("scripts") << QString("x^").repeated(500) << "";
        QTest::newRow("long") << QString("x").repeated(2001) << "longer than";
        QTest::newRow("untrusted") << "\\href{javascript:alert(1)}{x}"
                                   << "";
        QTest::newRow("html") << "\\htmlClass{a}{x}"
                              << "";
        QTest::newRow("include") << "\\includegraphics{/etc/passwd}"
                                 << "";
        QTest::newRow("control characters") << QString("a\x01\x02 b") << "";
        QTest::newRow("huge rule") << "\\rule{1000000em}{1000000em}"
                                   << "";
        QTest::newRow("lone surrogate") << QString(QChar(0xD800)) << "";
    }
    void bad_input() {
        QFETCH(QString, tex);
        QFETCH(QString, says);
        const MathLayoutPtr layout = set(typesetter_, tex);
        QVERIFY(layout);
        if (!says.isEmpty()) QVERIFY2(layout->error.contains(says), qPrintable(layout->error));
        if (!layout->error.isEmpty()) QVERIFY(layout->shapes.empty());
        QVERIFY(layout->width < 200 && layout->height < 200 && layout->depth < 200);
        QCOMPARE(set(typesetter_, "x")->error, QString());  // the worker lives on
    }

    void chemistry() {
        const MathLayoutPtr layout = set(typesetter_, "\\ce{2H2 + O2 -> 2H2O}", false);
        QCOMPARE(layout->error, QString());
        QCOMPARE(layout->missing, 0);
        QVERIFY(layout->width > 7 && layout->width < 11);
    }

    void results_are_kept() {
        QVERIFY(set(typesetter_, "k_1"));
        QVERIFY(typesetter_.layout("k_1", true));
        QVERIFY(!typesetter_.layout("k_1", false));
    }

    void a_formula_costs_places_not_outlines() {
        const MathLayoutPtr plain = set(typesetter_, "x_{12}^2 + 34\\,y = z - 56");
        QVERIFY2(plain->bytes() < 1000, QByteArray::number(plain->bytes()));
        const MathLayoutPtr root = set(typesetter_, "\\frac{1}{2} + \\sqrt{r + 56}");
        QVERIFY2(root->bytes() < 4000, QByteArray::number(root->bytes()));
    }

    void what_is_kept_is_bounded_but_what_is_shown_stays() {
        MathTypesetter typesetter;
        const MathLayoutPtr shown = set(typesetter, "s_0");
        for (int i = 0; i < 400; ++i) QVERIFY(set(typesetter, QString("\\sqrt{x_{%1}}").arg(i)));
        QVERIFY2(typesetter.alive() < 200, QByteArray::number(typesetter.alive()));
        QCOMPARE(typesetter.layout("s_0", true), shown);
        QVERIFY(typesetter.layout("\\sqrt{x_{399}}", true));
        QVERIFY(!typesetter.layout("\\sqrt{x_{0}}", true));
    }

    void one_text_may_hold_more_formulas_than_are_kept() {
        // Each is set once: were those that stand there forgotten, they would push each other out for ever.
        QString source;
        for (int i = 0; i < 150; ++i) source += QString("a $\\sqrt{q_{%1}}$ ").arg(i);
        QQmlEngine engine;
        services_.install(engine);
        QQmlComponent component(&engine);
        component.setData("import QtQuick; import Pellucid.Content; RichTextBlock { width: 600 }", QUrl());
        std::unique_ptr<QObject> block(component.create());
        QVERIFY2(block, qPrintable(component.errorString()));
        QSignalSpy finished(&typesetter_, &MathTypesetter::finished);
        block->setProperty("source", source);
        QTRY_COMPARE_WITH_TIMEOUT(finished.count(), 150, 30000);
        QTest::qWait(50);
        QCOMPARE(finished.count(), 150);
        for (int i = 0; i < 150; ++i) QVERIFY(typesetter_.layout(QString("\\sqrt{q_{%1}}").arg(i), false));
    }

    void a_formula_that_takes_too_long_is_interrupted() {
        QSemaphore done;
        QString error;
        MathWorker worker(
            [&](const QString&, bool, const MathLayoutPtr& layout) {
                error = layout->error;
                done.release();
            },
            0);  // no time at all
        worker.enqueue(QString("\\frac{x^2}{\\sqrt{y}}").repeated(90), true);
        QVERIFY(done.tryAcquire(1, 20000));
        QVERIFY2(error.contains("too long"), qPrintable(error));
    }

    void leaving_while_work_waits_is_safe() {
        for (int i = 0; i < 3; ++i) {
            MathTypesetter other;
            for (int k = 0; k < 20; ++k) other.layout(QString("x_{%1}").arg(k), true);
        }
    }
};

QTEST_MAIN(TestMath)
#include "test_math.moc"
