// PDFs through the sandboxed reader: what is written here with QPdfWriter comes back as text in reading
// order, with pages, places, headings and notices. Real ones are held against pdftotext where some are at
// hand.
#include <QFontDatabase>
#include <QImage>
#include <QPainter>
#include <QPdfWriter>
#include <QProcess>
#include <QTemporaryDir>
#include <QtTest>

#include "app/reading/ocr_process.h"
#include "app/reading/sandboxed_reader.h"

using namespace pellucid;
using namespace pellucid::reading;

namespace {

/// A page being drawn, in points from its top left.
class Paper {
public:
    explicit Paper(const QString& file) : writer_(file) {
        writer_.setResolution(72);
        writer_.setPageSize(QPageSize(QPageSize::A4));
        writer_.setPageMargins({});
        writer_.setTitle("About rivers");
        painter_.begin(&writer_);
    }
    ~Paper() { painter_.end(); }
    void text(double x, double y, const QString& words, double size = 10) {
        QFont font("Inter");
        font.setPointSizeF(size);
        painter_.setFont(font);
        painter_.drawText(QPointF(x, y), words);
    }
    void picture(const QImage& image, const QRectF& where) { painter_.drawImage(where, image); }
    void next() { writer_.newPage(); }

private:
    QPdfWriter writer_;
    QPainter painter_;
};

QImage scan_of(const QString& words) {
    QImage image(1400, 300, QImage::Format_RGB32);
    image.fill(Qt::white);
    QPainter painter(&image);
    QFont font("Inter");
    font.setPixelSize(60);
    painter.setFont(font);
    painter.drawText(QPointF(60, 160), words);
    return image;
}

bool has(const Document& document, NoticeCode code, const std::vector<std::uint32_t>& pages) {
    return std::any_of(document.notices.begin(), document.notices.end(),
                       [&](const Notice& notice) { return notice.code == code && notice.pages == pages; });
}

}  // namespace

class TestPdf : public QObject {
    Q_OBJECT

private slots:
    void a_report() {
        const QString file = folder_.filePath("report.pdf");
        {
            Paper paper(file);
            for (int page = 1; page <= 4; ++page) {
                paper.text(72, 40, "A report about rivers");
                paper.text(290, 810, QString::number(page));
                paper.text(72, 100, QString("%1 Part number %1").arg(page), 18);
                for (int line = 0; line < 12; ++line)
                    paper.text(72, 140 + 14 * line,
                               QString("Line %1 of page %2 tells of water that runs to the far sea and")
                                   .arg(line)
                                   .arg(page));
                paper.text(72, 140 + 14 * 12, "ends in the del-");
                paper.text(72, 140 + 14 * 13, QString("ta of the river number %1.").arg(page));
                if (page < 4) paper.next();
            }
        }
        const auto document = reader_.read(file.toStdString(), {}, {});
        QVERIFY2(document.ok(), document.ok() ? "" : document.error().what.c_str());
        QCOMPARE(document->title, std::string("About rivers"));
        QCOMPARE(document->pages.size(), 4u);
        QVERIFY(document->text.find("A report about rivers") == std::string::npos);
        QVERIFY(has(*document, NoticeCode::running_lines_dropped, {0, 1, 2, 3}));
        for (std::uint32_t page = 0; page < 4; ++page) {
            std::vector<const Block*> blocks;
            for (const Block& block : document->blocks)
                if (block.page == page) blocks.push_back(&block);
            QCOMPARE(blocks.size(), 2u);
            QVERIFY(blocks[0]->kind == BlockKind::heading);
            QCOMPARE(std::string(document->of(blocks[0]->range)),
                     std::to_string(page + 1) + " Part number " + std::to_string(page + 1));
            const std::string_view body = document->of(blocks[1]->range);
            QVERIFY2(
                body.ends_with("ends in the delta of the river number " + std::to_string(page + 1) + "."),
                std::string(body).c_str());
        }
        // Where a word is: "delta" is in two places.
        const std::size_t delta = document->text.find("delta");
        std::vector<LineBox> boxes;
        for (const LineBox& line : document->lines)
            if (line.range.first < delta + 5 && line.range.last > delta) boxes.push_back(line);
        QCOMPARE(boxes.size(), 2u);
        QVERIFY(std::abs(boxes[0].y + boxes[0].height - 308) < 4 &&
                std::abs(boxes[1].y + boxes[1].height - 322) < 4);
        QVERIFY(std::abs(boxes[1].x - 72) < 3 && boxes[0].x > 100);
    }

    void two_columns() {
        const QString file = folder_.filePath("columns.pdf");
        {
            Paper paper(file);
            paper.text(60, 80, "Rivers of the north and of the south, and where they run to", 16);
            // Drawn line by line over both columns, as some programs do.
            for (int line = 0; line < 30; ++line) {
                paper.text(60, 120 + 13 * line, QString("left line %1 goes on about the water").arg(line));
                paper.text(320, 120 + 13 * line, QString("right line %1 goes on about the land").arg(line));
            }
        }
        const auto document = reader_.read(file.toStdString(), {}, {});
        QVERIFY(document.ok());
        const std::string& text = document->text;
        QVERIFY(text.find("left line 29") < text.find("right line 0 "));
        QVERIFY(text.find("left line 0 goes on about the water left line 1 goes") != std::string::npos);
        QVERIFY(text.find("Rivers of the north") < text.find("left line 0"));
    }

    void a_table() {
        const QString file = folder_.filePath("table.pdf");
        {
            Paper paper(file);
            const char* const rows[4][3] = {{"River", "Length", "Country"},
                                            {"Rhine", "1233", "Germany"},
                                            {"Elbe", "1094", "Czechia"},
                                            {"Po", "652", "Italy"}};
            for (int row = 0; row < 4; ++row)
                for (int cell = 0; cell < 3; ++cell)
                    paper.text(80 + 140 * cell, 100 + 16 * row, rows[row][cell]);
            for (int line = 0; line < 12; ++line)
                paper.text(72, 300 + 14 * line,
                           "Some rivers are long and others are short, as the table above shows.");
        }
        const auto document = reader_.read(file.toStdString(), {}, {});
        QVERIFY(document.ok());
        QVERIFY2(document->text.starts_with(
                     "River\tLength\tCountry\nRhine\t1233\tGermany\nElbe\t1094\tCzechia\nPo\t652\tItaly\n\n"),
                 document->text.c_str());
        QVERIFY(document->blocks.at(0).kind == BlockKind::table);
    }

    void pages_without_text() {
        const QString file = folder_.filePath("scan.pdf");
        {
            Paper paper(file);
            paper.text(72, 100, "This page has a text layer.");
            for (int page = 0; page < 3; ++page) {
                paper.next();
                // Not thrice the same: that would be a running head.
                constexpr const char* kWords[] = {"Water runs down the hill", "Stones lie in the river",
                                                  "Trees stand on the bank"};
                paper.picture(scan_of(kWords[page]), QRectF(50, 100, 400, 86));
            }
        }
        const auto document = reader_.read(file.toStdString(), {}, {});
        QVERIFY(document.ok());
        QVERIFY(has(*document, NoticeCode::no_text_layer, {1, 2, 3}));
        QVERIFY(document->pages[0].text_layer && !document->pages[1].text_layer);
        if (tesseract_program().empty()) QSKIP("tesseract is not installed: OCR was not tried");
        ReadOptions options;
        options.recognise = true;
        options.languages = {"eng"};
        const auto read = reader_.read(file.toStdString(), options, {});
        QVERIFY(read.ok());
        QVERIFY2(has(*read, NoticeCode::recognised, {1, 2, 3}), read->text.c_str());
        QVERIFY(read->pages[2].recognised && !read->pages[0].recognised);
        const std::size_t water = read->text.find("Water runs down the hill");
        QVERIFY2(water != std::string::npos, read->text.c_str());
        const auto box = std::find_if(read->lines.begin(), read->lines.end(),
                                      [&](const LineBox& line) { return line.range.first == water; });
        QVERIFY(box != read->lines.end());
        QVERIFY(box->page == 1 && box->x > 55 && box->x < 80 && box->y > 115 && box->y < 150);
    }

    void a_picture() {
        const QString file = folder_.filePath("photo.png");
        QVERIFY(scan_of("Stones lie in the river").save(file));
        const auto unread = reader_.read(file.toStdString(), {}, {});
        QVERIFY(unread.ok() && unread->text.empty());
        QVERIFY(has(*unread, NoticeCode::no_text_layer, {0}));
        if (tesseract_program().empty()) QSKIP("tesseract is not installed: OCR was not tried");
        ReadOptions options;
        options.recognise = true;
        options.languages = {"eng"};
        const auto read = reader_.read(file.toStdString(), options, {});
        QVERIFY(read.ok());
        QCOMPARE(read->text, std::string("Stones lie in the river"));
        // A language without data costs the text, not the document, and is said.
        options.languages = {"zzz"};
        const auto without = reader_.read(file.toStdString(), options, {});
        QVERIFY(without.ok() && without->text.empty());
        QVERIFY(std::any_of(without->notices.begin(), without->notices.end(), [](const Notice& notice) {
            return notice.what.find("zzz") != std::string::npos;
        }));
    }

    void lines_of_tesseract() {
        const auto lines = lines_from_tsv(
            "level\tpage_num\tblock_num\tpar_num\tline_num\tword_num\tleft\ttop\twidth\theight\tconf\ttext\n"
            "4\t1\t1\t1\t1\t0\t10\t20\t30\t40\t-1\t\n5\t1\t1\t1\t1\t1\t10\t20\t9\t9\t96."
            "1\tOne\n5\t1\t1\t1\t1\t2\t10\t20\t9\t9\t91\tword\n"
            "4\t1\t1\t1\t2\t0\t10\t60\t30\t40\t-"
            "1\t\n5\t1\t1\t1\t2\t1\t1\t1\t1\t1\t90\t\xE6\xB2\xB3\n5\t1\t1\t1\t2\t2\t1\t1\t1\t1\t90\t\xE6\xB5"
            "\x81\n"
            "4\t1\t2\t1\t1\t0\t1\t1\t1\t1\t-1\t\n5\t1\t2\t1\t1\t1\t1\t1\t1\t1\t3\tspeck\nbroken\trow\n");
        QCOMPARE(lines.size(), 2u);
        QCOMPARE(lines[0], (RecognisedLine{"One word", 10, 20, 30, 40, 1}));
        QCOMPARE(lines[1].text, std::string("\xE6\xB2\xB3\xE6\xB5\x81"));
        QCOMPARE(lines[1].block, 1u);
    }

    // PELLUCID_PDFS: a folder of real PDFs. Pages and places of their text are those that pdftotext sees.
    void real_ones_against_pdftotext() {
        const QString folder = qEnvironmentVariable("PELLUCID_PDFS");
        if (folder.isEmpty())
            QSKIP("PELLUCID_PDFS names no folder of PDFs: places were not held against pdftotext");
        QStringList arguments{PELLUCID_CHECK_SPANS, PELLUCID_READ_DOCUMENT, PELLUCID_READER};
        for (const QString& name : QDir(folder).entryList({"*.pdf"})) arguments.append(folder + "/" + name);
        QProcess check;
        check.start("python3", arguments);
        QVERIFY(check.waitForFinished(1'200'000));
        qInfo("%s", check.readAllStandardOutput().constData());
        if (check.exitCode() == 77) QSKIP("pdftotext (package poppler-utils) is not installed");
        QCOMPARE(check.exitCode(), 0);
    }

    void cleanup() {
        if (QTest::currentTestFailed()) folder_.setAutoRemove(false);
    }

private:
    QTemporaryDir folder_;
    SandboxedReader reader_{PELLUCID_READER};
};

QTEST_MAIN(TestPdf)
#include "test_pdf.moc"
