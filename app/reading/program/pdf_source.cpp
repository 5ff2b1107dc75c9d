#include "app/reading/program/pdf_source.h"

#include <QBuffer>
#include <QFile>
#include <QImage>
#include <QPdfDocument>
#include <QPdfLink>
#include <QPdfSearchModel>
#include <QPdfSelection>
#include <algorithm>
#include <map>
#include <set>

#include "app/reading/formats/pdf_layout.h"
#include "app/reading/program/grey_picture.h"
#include "app/reading/program/page_drawing.h"

namespace pellucid::reading {

namespace {

std::string utf8(const QString& text) {
    return folded_space(text.toUtf8().toStdString());
}

/// A page's text layer that is there, but says nothing: a scanner's empty one.
bool blank(const RawPage& page) {
    return std::none_of(page.text.begin(), page.text.end(),
                        [](char16_t c) { return c > 0x20 && c != 0xFFFE && c != 0xFFFD; });
}

/// Qt Pdf gives no character's place but that of search results: so the places of one character, all over the
/// page, are those of the results of searching it.
void find_anchors(QPdfDocument& pdf, int index, char16_t character, RawPage& page) {
    std::vector<std::size_t> at;
    const QChar wanted = QChar(character).toLower();
    for (std::size_t i = 0; i < page.text.size(); ++i)
        if (QChar(page.text[i]).toLower() == wanted) at.push_back(i);
    // A result's cost grows with the page's characters.
    if (at.empty() || at.size() * page.text.size() > 4'000'000) return;
    QPdfSearchModel search;
    search.setDocument(&pdf);
    search.setSearchString(QString(QChar(character)));
    const QList<QPdfLink> results = search.resultsOnPage(index);
    if (results.size() != static_cast<qsizetype>(at.size()))
        return;  // it counts otherwise: nothing is certain
    for (qsizetype i = 0; i < results.size(); ++i) {
        const QList<QRectF> boxes = results[i].rectangles();
        if (boxes.size() != 1) continue;
        const QRectF& box = boxes.front();
        page.anchors.emplace_back(at[static_cast<std::size_t>(i)],
                                  Box{static_cast<float>(box.x()), static_cast<float>(box.y()),
                                      static_cast<float>(box.width()), static_cast<float>(box.height())});
    }
}

/// Ends of sentences first, for they are where passages begin and end; then whatever character stands in most
/// of the lines that have no anchor yet. Each costs about as much as reading the page.
void choose_anchors(QPdfDocument& pdf, int index, RawPage& page) {
    std::vector<std::set<char16_t>> lines(1);
    for (const char16_t c : page.text) {
        if (c == '\n' || c == 0xFFFE)
            lines.emplace_back();
        else if (c > 0x20 && (c < 0xD800 || c >= 0xE000) && c < 0xFFF0)
            lines.back().insert(QChar(c).toLower().unicode());
    }
    std::erase_if(lines, [](const auto& line) { return line.empty(); });
    const std::size_t all = lines.size();
    std::set<char16_t> done;
    for (int round = 0; round < 3 && lines.size() * 20 > all; ++round) {
        std::map<char16_t, std::size_t> counts;
        for (const auto& line : lines)
            for (const char16_t c : line) ++counts[c];
        char16_t best = 0;
        if (round == 0) best = counts[u'\u3002'] > counts[u'.'] ? u'\u3002' : u'.';
        if (round > 0 || counts[best] == 0) {
            std::size_t most = 0;
            for (const auto& [c, count] : counts)
                if (count > most && !done.contains(c)) best = c, most = count;
        }
        if (best == 0 || !done.insert(best).second) return;
        find_anchors(pdf, index, best, page);
        std::erase_if(lines, [&](const auto& line) { return line.contains(best); });
    }
}

void recognise(QPdfDocument& pdf, int index, RawPage& page, Recogniser& recogniser) {
    constexpr int kDots = 300;
    const double scale =
        std::min({kDots / 72.0, 5000.0 / std::max(page.width, 1.0f), 5000.0 / std::max(page.height, 1.0f)});
    const QSize size(std::max(1, static_cast<int>(page.width * scale)),
                     std::max(1, static_cast<int>(page.height * scale)));
    const QImage image = pdf.render(index, size);
    if (image.isNull()) return;
    const QImage grey = grey_on_white(image);
    const auto read = recogniser.pixels(grey.constBits(), grey.width(), grey.height(),
                                        static_cast<int>(grey.bytesPerLine()), static_cast<int>(72 * scale));
    if (!read) return;
    for (const Recogniser::Line& line : read->lines) {
        const auto to_points = [&](float pixels) { return pixels / static_cast<float>(scale); };
        page.recognised.emplace_back(
            Box{to_points(line.x), to_points(line.y), to_points(line.width), to_points(line.height)},
            folded_space(line.text));
    }
}

}  // namespace

namespace {

Result<void> load(QPdfDocument& pdf, QFile& file, int descriptor) {
    if (!file.open(descriptor, QIODevice::ReadOnly, QFileDevice::DontCloseHandle))
        return fail(ErrorCode::io, "it could not be read");
    pdf.load(&file);
    switch (pdf.error()) {
        case QPdfDocument::Error::None:
            break;
        case QPdfDocument::Error::IncorrectPassword:
        case QPdfDocument::Error::UnsupportedSecurityScheme:
            return fail(ErrorCode::encrypted, "it is protected by a password",
                        "save it without a password, then add it again");
        default:
            return fail(ErrorCode::corrupt, "the PDF is damaged", "get the file again from where it came");
    }
    if (pdf.pageCount() < 1)
        return fail(ErrorCode::corrupt, "the PDF has no pages that can be read",
                    "get the file again from where it came");
    return {};
}

}  // namespace

Result<PagePicture> draw_pdf(int descriptor, std::uint32_t page, float scale) {
    QFile file;
    QPdfDocument pdf;
    PELLUCID_CHECK(load(pdf, file, descriptor));
    if (page >= static_cast<std::uint32_t>(pdf.pageCount()))
        return fail(ErrorCode::not_found, "it has no such page");
    PELLUCID_TRY(const QSize size, pixels_of(pdf.pagePointSize(static_cast<int>(page)), scale));
    const QImage image = pdf.render(static_cast<int>(page), size);
    if (image.isNull())
        return fail(ErrorCode::corrupt, "the page cannot be drawn", "get the file again from where it came");
    return on_paper(image, size);
}

Result<Document> read_pdf(int descriptor, const FormatContext& context) {
    QFile file;
    QPdfDocument pdf;
    PELLUCID_CHECK(load(pdf, file, descriptor));
    Document about;
    about.mime = "application/pdf";
    about.title = utf8(pdf.metaData(QPdfDocument::MetaDataField::Title).toString());
    about.author = utf8(pdf.metaData(QPdfDocument::MetaDataField::Author).toString());
    const auto count = static_cast<std::uint32_t>(pdf.pageCount());
    const std::uint32_t reads = std::min(count, context.limits.max_pages);
    if (reads < count)
        about.notices.push_back(
            {NoticeCode::pages_cut,
             "only the first " + std::to_string(reads) + " of " + std::to_string(count) + " pages were read",
             {}});
    std::vector<RawPage> pages;
    std::vector<std::uint32_t> recognised;
    std::uint64_t characters = 0;
    for (std::uint32_t i = 0; i < reads; ++i) {
        RawPage page;
        const QSizeF size = pdf.pagePointSize(static_cast<int>(i));
        const auto bounded = [](double value) {
            return static_cast<float>(value > 0 && value < 2'000'000 ? value : 0);
        };
        page.width = bounded(size.width());
        page.height = bounded(size.height());
        page.label = utf8(pdf.pageLabel(static_cast<int>(i)));
        if (page.label == std::to_string(i + 1)) page.label.clear();
        if (characters < context.limits.max_text_bytes) {
            const QPdfSelection all = pdf.getAllText(static_cast<int>(i));
            page.text = all.text().toStdU16String();
            characters += page.text.size();
            for (const QPolygonF& polygon : all.bounds()) {
                const QRectF box = polygon.boundingRect();
                const auto good = [](double value) { return value > -1e6 && value < 1e6; };
                if (good(box.x()) && good(box.y()) && good(box.width()) && good(box.height()))
                    page.boxes.push_back({static_cast<float>(box.x()), static_cast<float>(box.y()),
                                          static_cast<float>(box.width()), static_cast<float>(box.height())});
            }
        }
        choose_anchors(pdf, static_cast<int>(i), page);
        std::sort(page.anchors.begin(), page.anchors.end(),
                  [](const auto& a, const auto& b) { return a.first < b.first; });
        if (context.recogniser != nullptr && blank(page)) {
            recognise(pdf, static_cast<int>(i), page, *context.recogniser);
            if (!page.recognised.empty()) recognised.push_back(i);
        }
        pages.push_back(std::move(page));
        context.progress(i + 1, reads);
    }
    if (!recognised.empty())
        about.notices.push_back({NoticeCode::recognised,
                                 std::string(recognised.size() == 1 ? "page " : "pages ") +
                                     page_list(recognised) + " read by OCR: expect mistakes",
                                 recognised});
    return layout(std::move(pages), context.limits, std::move(about));
}

}  // namespace pellucid::reading
