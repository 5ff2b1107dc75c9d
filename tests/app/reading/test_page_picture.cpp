// Pages as pictures: the answer's frames believed no further than they can be counted, and the real reader
// process.
#include <QTemporaryDir>
#include <QtTest>
#include <fstream>
#include <random>

#include "app/reading/page_picture.h"
#include "app/reading/sandboxed_reader.h"

using namespace pellucid;
using namespace pellucid::reading;

namespace {

PagePicture picture(std::uint32_t width, std::uint32_t height) {
    PagePicture made{width, height, std::string(std::size_t{width} * height * 3, '\0')};
    for (std::size_t i = 0; i < made.pixels.size(); ++i) made.pixels[i] = static_cast<char>(i * 7);
    return made;
}

Result<PagePicture> parsed(std::string_view bytes, std::size_t step) {
    PictureParser parser;
    for (std::size_t at = 0; at < bytes.size(); at += step) {
        if (auto fed = parser.feed(bytes.substr(at, step)); !fed) return fed.failure();
        if (parser.ended() && at + step < bytes.size()) {
            auto more = parser.feed(bytes.substr(at + step));
            if (!more) return more.failure();
            break;
        }
    }
    return std::move(parser).finish();
}

/// One page of 200 x 100 points; its left half is black, and it is 100 points high from the bottom.
std::string small_pdf(const std::string& drawing = "0 0 0 rg 0 0 100 100 re f",
                      const std::string& resources = "") {
    std::string out = "%PDF-1.4\n";
    std::vector<std::size_t> at;
    const auto object = [&](const std::string& body) {
        at.push_back(out.size());
        out += std::to_string(at.size()) + " 0 obj\n" + body + "\nendobj\n";
    };
    object("<< /Type /Catalog /Pages 2 0 R >>");
    object("<< /Type /Pages /Kids [3 0 R] /Count 1 >>");
    object("<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 100] /Contents 4 0 R /Resources << " + resources +
           " >> >>");
    object("<< /Length " + std::to_string(drawing.size()) + " >>\nstream\n" + drawing + "\nendstream");
    const std::size_t table = out.size();
    out += "xref\n0 5\n0000000000 65535 f \n";
    for (const std::size_t where : at) {
        std::string digits = std::to_string(where);
        out += std::string(10 - digits.size(), '0') + digits + " 00000 n \n";
    }
    return out + "trailer\n<< /Size 5 /Root 1 0 R >>\nstartxref\n" + std::to_string(table) + "\n%%EOF\n";
}

}  // namespace

class TestPagePicture : public QObject {
    Q_OBJECT

    QTemporaryDir folder_;

    std::string file(const char* name, const std::string& bytes) {
        const std::string path = folder_.filePath(QString::fromLatin1(name)).toStdString();
        std::ofstream(path, std::ios::binary) << bytes;
        return path;
    }

private slots:
    void thereAndBack() {
        for (const auto& [width, height] : {std::pair{1u, 1u}, {3u, 2u}, {700u, 600u}}) {
            const PagePicture made = picture(width, height);
            const std::string bytes = encode(made);
            for (const std::size_t step :
                 {std::size_t{1}, std::size_t{13}, std::size_t{65536}, bytes.size()}) {
                if (step == 1 && bytes.size() > 100'000) continue;
                const auto got = parsed(bytes, step);
                QVERIFY2(got.ok(), got.ok() ? "" : got.error().what.c_str());
                QVERIFY(*got == made);
            }
        }
    }
    void aFailureIsToldAsOne() {
        const auto got =
            parsed(encode(Error{ErrorCode::encrypted, "it is protected by a password", "save it"}), 3);
        QVERIFY(!got.ok());
        QCOMPARE(got.error().code, ErrorCode::encrypted);
    }
    void cutShortItIsRefused() {
        const std::string bytes = encode(picture(5, 4));
        for (std::size_t size = 0; size < bytes.size(); ++size)
            QVERIFY(!parsed(std::string_view(bytes).substr(0, size), 7).ok());
        QVERIFY(!parsed(bytes + "x", 4).ok());
    }
    void sizesThatCannotBeAreRefused() {
        for (const auto& [width, height] :
             {std::pair{0u, 5u}, {5u, 0u}, {0xFFFFFFFFu, 0xFFFFFFFFu}, {65536u, 65536u}, {40'000'001u, 1u}}) {
            PagePicture made{width, height, {}};
            QVERIFY(!parsed(encode(made), 64).ok());
        }
        PagePicture more = picture(2, 2);
        more.pixels += "xyz";
        QVERIFY(!parsed(encode(more), 64).ok());
        PagePicture less = picture(2, 2);
        less.pixels.pop_back();
        QVERIFY(!parsed(encode(less), 64).ok());
    }
    void damageNeverPasses() {
        const std::string good = encode(picture(6, 5));
        std::mt19937 random(7);
        int refused = 0;
        for (int round = 0; round < 2000; ++round) {
            std::string bytes = good;
            const std::size_t at = random() % bytes.size();
            bytes[at] = static_cast<char>(bytes[at] ^ (1 << random() % 8));
            const auto got = parsed(bytes, 1 + random() % 40);
            refused += !got.ok();
            // A pixel may differ; sizes and counts may not.
            if (got.ok()) QVERIFY(got->pixels.size() == std::size_t{got->width} * got->height * 3);
        }
        QVERIFY(refused > 100);
    }

    void theReaderDrawsIt() {
        SandboxedReader reader(PELLUCID_READER);
        const auto got = reader.picture(file("half.pdf", small_pdf()), 0, 2, {}, {});
        QVERIFY2(got.ok(), got.ok() ? "" : got.error().what.c_str());
        QCOMPARE(got->width, 400u);
        QCOMPARE(got->height, 200u);
        const auto at = [&](unsigned x, unsigned y) {
            return static_cast<std::uint8_t>(got->pixels[(y * got->width + x) * 3]);
        };
        QVERIFY(at(100, 100) < 20);
        QVERIFY(at(300, 100) > 235);  // nothing is drawn there: white paper
    }
    void lettersOfFontsThatItDoesNotBring() {
        // The reader may open no font of the system: standard ones are PDFium's own, others do not end it.
        SandboxedReader reader(PELLUCID_READER);
        const auto dark = [&](const char* font) {
            const auto got =
                reader.picture(file("font.pdf", small_pdf("BT /F 40 Tf 10 30 Td (Hill) Tj ET",
                                                          std::string("/Font << /F ") + font + " >>")),
                               0, 2, {}, {});
            if (!got.ok()) qWarning("%s", got.error().what.c_str());
            return got.ok() ? std::count_if(got->pixels.begin(), got->pixels.end(),
                                            [](char c) { return static_cast<std::uint8_t>(c) < 64; })
                            : -1;
        };
        QVERIFY(dark("<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>") > 500);
        QVERIFY(dark("<< /Type /Font /Subtype /TrueType /BaseFont /NobodyHasThisFont >>") >= 0);
        QVERIFY(dark("<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UCS2-H "
                     "/DescendantFonts [<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light "
                     "/CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 4 >> >>] >>") >= 0);
    }
    void aPictureIsAPage() {
        // 2 x 1 pixels, black and white, as PNG.
        const QByteArray png = QByteArray::fromBase64(
            "iVBORw0KGgoAAAANSUhEUgAAAAIAAAABCAAAAADRSSBWAAAAC0lEQVR4nGNg+A8AAQIBAEK+vGgAAAAASUVORK5CYII=");
        SandboxedReader reader(PELLUCID_READER);
        const std::string path = file("two.png", png.toStdString());
        const auto got = reader.picture(path, 0, 2, {}, {});
        QVERIFY2(got.ok(), got.ok() ? "" : got.error().what.c_str());
        QCOMPARE(got->width, 2u);
        QCOMPARE(got->height, 1u);
        QVERIFY(static_cast<std::uint8_t>(got->pixels[0]) < 20);
        QVERIFY(static_cast<std::uint8_t>(got->pixels[3]) > 235);
        QCOMPARE(reader.picture(path, 1, 2, {}, {}).error().code, ErrorCode::not_found);
        QCOMPARE(reader.picture(file("cut.png", png.left(40).toStdString()), 0, 1, {}, {}).error().code,
                 ErrorCode::corrupt);
    }
    void aHugeScaleIsMadeSmaller() {
        SandboxedReader reader(PELLUCID_READER);
        const auto got = reader.picture(file("half.pdf", small_pdf()), 0, 100, {}, {});
        QVERIFY2(got.ok(), got.ok() ? "" : got.error().what.c_str());
        QVERIFY(std::uint64_t{got->width} * got->height <= kMostPicturePixels);
        QVERIFY(std::abs(static_cast<double>(got->width) / got->height - 2) < 0.01);
    }
    void whatCannotBeDrawnIsSaid() {
        SandboxedReader reader(PELLUCID_READER);
        const auto code = [&](const std::string& path, std::uint32_t page, float scale) {
            const auto got = reader.picture(path, page, scale, {}, {});
            return got.ok() ? ErrorCode::internal : got.error().code;
        };
        const std::string good = file("half.pdf", small_pdf());
        QCOMPARE(code(good, 1, 1), ErrorCode::not_found);
        QCOMPARE(code(good, 0, 0), ErrorCode::invalid_argument);
        QCOMPARE(code(good, 0, std::numeric_limits<float>::quiet_NaN()), ErrorCode::invalid_argument);
        QCOMPARE(code(file("text.pdf", "no PDF at all"), 0, 1), ErrorCode::corrupt);
        QCOMPARE(code(file("cut.pdf", small_pdf().substr(0, 60)), 0, 1), ErrorCode::corrupt);
        QCOMPARE(code(folder_.filePath("none.pdf").toStdString(), 0, 1), ErrorCode::not_found);
    }
};

QTEST_GUILESS_MAIN(TestPagePicture)

#include "test_page_picture.moc"
