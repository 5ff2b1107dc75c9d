// Icons draw within their grid at every size; the fonts have the figures and the separate arrows we built
// them for.
#include <QFontMetricsF>
#include <QPainter>
#include <QRawFont>
#include <QTextLayout>
#include <QtTest>

#include "app/content/fonts.h"
#include "app/content/icon.h"

using namespace pellucid::app;

namespace {

QImage drawn(const QString& name, int size, qreal scale = 1) {
    Icon icon;
    icon.setName(name);
    icon.setSize(size);
    icon.setWidth(size);
    icon.setHeight(size);
    icon.setColor(Qt::black);
    icon.setAccent(Qt::red);
    QImage image(QSize(size, size) * scale, QImage::Format_ARGB32_Premultiplied);
    image.fill(Qt::transparent);
    QPainter painter(&image);
    painter.scale(scale, scale);
    icon.paint(&painter);
    return image;
}

qreal ink(const QImage& image) {
    qreal sum = 0;
    for (int y = 0; y < image.height(); ++y)
        for (int x = 0; x < image.width(); ++x) sum += qAlpha(image.pixel(x, y)) / 255.0;
    return sum / (image.width() * image.height());
}

}  // namespace

class TestIconsFonts : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() {
        QElapsedTimer timer;
        timer.start();
        QCOMPARE(registerFonts(), QStringList());
        qInfo("registerFonts: %lld ms", timer.elapsed());
    }

    void every_icon_draws_within_its_grid() {
        QVERIFY(iconNames().size() >= 36);
        for (const QString& name : iconNames()) {
            const auto shape = iconShape(name);
            QVERIFY2(shape, qPrintable(name));
            const qreal margin = shape->strokeWidth / 2;
            const QRectF grid(0, 0, shape->grid, shape->grid);
            if (!shape->stroke.isEmpty())
                QVERIFY2(grid.contains(shape->stroke.boundingRect()
                                           .adjusted(-margin, -margin, margin, margin)
                                           .adjusted(0.3, 0.3, -0.3, -0.3)),
                         qPrintable(name));
            for (const int size : {10, 12, 14, 16, 44}) {
                const qreal covered = ink(drawn(name, size));
                QVERIFY2(covered > 0.02 && covered < 0.6,
                         qPrintable(QString("%1 at %2: %3").arg(name).arg(size).arg(covered)));
            }
        }
        QVERIFY(!iconShape(u"no such icon"));
    }

    void arcs_end_where_they_should() {
        const QPainterPath circle = pathFromSvg(u"M7 2.6A4.4 4.4 0 1 0 7 11.4A4.4 4.4 0 1 0 7 2.6Z");
        QVERIFY(qAbs(circle.boundingRect().width() - 8.8) < 0.05);
        QVERIFY(qAbs(circle.boundingRect().center().x() - 7) < 0.05);
        QVERIFY(pathFromSvg(u"M1 1L2 2Xgarbage").elementCount() == 2);
        QVERIFY(pathFromSvg(u"A L . - 1 e").elementCount() < 8);
    }

    void send_side_icons_are_mirrored_right_to_left() {
        const QImage before = drawn("right", 16);
        const QImage check = drawn("check", 16);
        QGuiApplication::setLayoutDirection(Qt::RightToLeft);
        const QImage after = drawn("right", 16);
        const QImage checkAfter = drawn("check", 16);
        QGuiApplication::setLayoutDirection(Qt::LeftToRight);
        QVERIFY(before != after);
        QCOMPARE(checkAfter, check);
    }

    void figures_are_tabular_and_arrows_stay_apart() {
        for (const int weight : {400, 500, 600}) {
            QFont font("Pellucid Figures");
            font.setWeight(QFont::Weight(weight));
            font.setPixelSize(100);
            const QFontMetricsF metrics(font);
            for (const QChar digit : QStringLiteral("0123456789"))
                QCOMPARE(metrics.horizontalAdvance(digit), metrics.horizontalAdvance(u'0'));
            QVERIFY(metrics.horizontalAdvance(u',') < metrics.horizontalAdvance(u'0'));
        }
        QFont mono("Pellucid Mono");
        mono.setPixelSize(100);
        QTextLayout layout("->!=fi==", mono);
        layout.beginLayout();
        layout.createLine();
        layout.endLayout();
        const QRawFont raw = QRawFont::fromFont(mono);
        const auto runs = layout.glyphRuns();
        QCOMPARE(runs.size(), 1);
        QCOMPARE(runs[0].glyphIndexes(), raw.glyphIndexesForString("->!=fi=="));
    }

    void chinese_is_drawn_by_the_simplified_face() {
        for (const char* family : {"Inter", "Pellucid Figures", "Pellucid Mono", "Inter Display"}) {
            QFont font((QLatin1String(family)));
            font.setPixelSize(20);
            QFontMetricsF(font).horizontalAdvance("Latin first");
            QTextLayout layout(QStringLiteral("直骨"), font);
            layout.beginLayout();
            layout.createLine();
            layout.endLayout();
            const auto runs = layout.glyphRuns();
            QVERIFY(!runs.isEmpty());
            QVERIFY2(runs[0].rawFont().familyName().contains("CJK SC"),
                     qPrintable(runs[0].rawFont().familyName()));
            QCOMPARE(runs[0].rawFont().styleName(), "Regular");
            QVERIFY2(runs[0].rawFont().weight() == QFont::Normal,
                     qPrintable(QString::number(runs[0].rawFont().weight())));
            for (const quint32 glyph : runs[0].glyphIndexes()) QVERIFY(glyph != 0);
        }
    }
};

QTEST_MAIN(TestIconsFonts)
#include "test_icons_fonts.moc"
