#include "app/services/page_service.h"

#include <QFile>
#include <QFileInfo>
#include <QSet>
#include <algorithm>

#include "app/base/wording.h"
#include "app/library/storage_error.h"

namespace pellucid::app {

namespace {

constexpr std::size_t kMostFound = 500;

/// A text's paragraphs: its lines, those of a table or of code together.
std::vector<DocumentParagraph> paragraphsOf(const std::string& text,
                                            const std::vector<storage::ChunkRow>& chunks) {
    std::vector<DocumentParagraph> all;
    std::size_t next = 0;
    QSet<QString> headings;
    for (const storage::ChunkRow& chunk : chunks)
        for (const QString& heading : QString::fromStdString(chunk.headings).split(QStringLiteral(" > ")))
            headings.insert(heading);
    const auto add = [&](std::size_t first, std::size_t last, DocumentParagraph::Kind kind) {
        while (last > first && (text[last - 1] == '\n' || text[last - 1] == ' ')) --last;
        if (last <= first) return;
        DocumentParagraph paragraph;
        paragraph.kind = kind;
        paragraph.text = QString::fromUtf8(text.data() + first, static_cast<qsizetype>(last - first));
        paragraph.span = {static_cast<quint32>(first), static_cast<quint32>(last)};
        if (kind == DocumentParagraph::Text && paragraph.text.size() < 200 &&
            headings.contains(paragraph.text)) {
            paragraph.kind = DocumentParagraph::Heading;
            paragraph.level = 2;
        }
        all.push_back(std::move(paragraph));
    };
    std::size_t chunk = 0;
    while (next < text.size()) {
        while (chunk < chunks.size() && chunks[chunk].range.last <= next) ++chunk;
        const bool inside = chunk < chunks.size() && chunks[chunk].range.first <= next;
        const auto kind =
            inside ? static_cast<reading::BlockKind>(chunks[chunk].kind) : reading::BlockKind::paragraph;
        if (kind == reading::BlockKind::code || kind == reading::BlockKind::table) {
            add(next, chunks[chunk].range.last,
                kind == reading::BlockKind::code ? DocumentParagraph::Code : DocumentParagraph::Table);
            next = chunks[chunk].range.last;
            continue;
        }
        const std::size_t end = std::min(text.find('\n', next), text.size());
        add(next, end, DocumentParagraph::Text);
        next = end + 1;
    }
    return all;
}

QImage imageOf(const reading::PagePicture& picture) {
    QImage image(static_cast<int>(picture.width), static_cast<int>(picture.height), QImage::Format_RGB32);
    if (image.isNull()) return image;
    const auto* from = reinterpret_cast<const uchar*>(picture.pixels.data());
    for (int y = 0; y < image.height(); ++y) {
        auto* to = reinterpret_cast<QRgb*>(image.scanLine(y));
        for (int x = 0; x < image.width(); ++x, from += 3) to[x] = qRgb(from[0], from[1], from[2]);
    }
    return image;
}

}  // namespace

PageService::PageService(documents::DocumentLibrary& library, std::filesystem::path reader)
    : library_(library),
      reader_(std::move(reader)),
      texts_(QStringLiteral("documents")),
      pictures_(QStringLiteral("pages")) {}

PageService::~PageService() {
    closing_.cancel();
}

void PageService::open(const QString& document, QObject* context,
                       std::function<void(OpenedDocument, Problem)> then) {
    texts_.run([this, id = document.toLongLong()] { return read(id); }, context,
               [then = std::move(then)](Opened opened) { then(std::move(opened.document), opened.problem); });
}

PageService::Opened PageService::read(storage::DocumentId id) {
    Opened opened;
    const auto refused = [&](const auto& error) {
        const Error said = library::from_storage(error);
        opened.problem = {whatOf(said), hintOf(said)};
        return opened;
    };
    const auto row = library_.documents().get(id);
    if (!row) return refused(row.error());
    opened.document.path = QFile::decodeName(QByteArray::fromStdString(row->path));
    opened.document.name = QFileInfo(opened.document.path).fileName();
    const auto pages = library_.contents().pages(row->content);
    if (!pages) return refused(pages.error());
    bool paged = false;
    for (const storage::ContentPage& page : *pages) paged = paged || page.width > 0;
    if (paged) {
        for (const storage::ContentPage& page : *pages)
            opened.document.pages.push_back(
                {QSizeF(page.width > 0 ? page.width : 595, page.height > 0 ? page.height : 842),
                 QString::fromStdString(page.label)});
        return opened;
    }
    const auto facts = library_.contents().facts(row->content);
    if (!facts) return refused(facts.error());
    const auto text = library_.contents().text(row->content, {0, facts->text_bytes});
    if (!text) return refused(text.error());
    const auto chunks = library_.contents().chunks_of(row->content);
    opened.document.paragraphs = paragraphsOf(*text, chunks ? *chunks : std::vector<storage::ChunkRow>());
    return opened;
}

void PageService::picture(const QString& document, int page, double scale, QObject* context,
                          std::function<void(QImage, Problem)> then) {
    struct Drawn {
        QImage image;
        Problem problem;
    };
    pictures_.run(
        [this, id = document.toLongLong(), page, scale] {
            Drawn drawn;
            const auto row = library_.documents().get(id);
            if (!row) return drawn;
            const auto picture = reader_.picture(row->path, static_cast<std::uint32_t>(std::max(0, page)),
                                                 static_cast<float>(scale), {}, closing_);
            if (picture)
                drawn.image = imageOf(*picture);
            else
                drawn.problem = {whatOf(picture.error()), hintOf(picture.error())};
            return drawn;
        },
        context, [then = std::move(then)](Drawn drawn) { then(std::move(drawn.image), drawn.problem); });
}

void PageService::runs(const QString& document, DocumentSpan span, QObject* context,
                       std::function<void(std::vector<TextRun>)> then) {
    texts_.run([this, id = document.toLongLong(), span] { return readRuns(id, span); }, context,
               std::move(then));
}

std::vector<TextRun> PageService::readRuns(storage::DocumentId id, DocumentSpan span) {
    std::vector<TextRun> runs;
    const auto row = library_.documents().get(id);
    if (!row) return runs;
    const auto pages = library_.contents().pages(row->content);
    if (!pages) return runs;
    for (std::size_t i = 0; i < pages->size(); ++i) {
        const storage::TextSpan range = (*pages)[i].range;
        if (range.first >= span.last || span.first >= range.last) continue;
        const auto page = library_.contents().page(row->content, static_cast<std::uint32_t>(i));
        if (!page) continue;
        for (const storage::TextBox& box : page->boxes)
            runs.push_back({{box.range.first, box.range.last},
                            static_cast<int>(i),
                            QRectF(box.x, box.y, box.width, box.height)});
    }
    return runs;
}

void PageService::find(const QString& document, const QString& text, QObject* context,
                       std::function<void(std::vector<DocumentSpan>)> then) {
    texts_.run([this, id = document.toLongLong(), text] { return readFind(id, text); }, context,
               std::move(then));
}

std::vector<DocumentSpan> PageService::readFind(storage::DocumentId id, const QString& text) {
    std::vector<DocumentSpan> found;
    const auto row = library_.documents().get(id);
    if (!row || text.isEmpty()) return found;
    const auto facts = library_.contents().facts(row->content);
    if (!facts) return found;
    const auto bytes = library_.contents().text(row->content, {0, facts->text_bytes});
    if (!bytes) return found;
    const QString all = QString::fromStdString(*bytes);
    qsizetype counted = 0;
    quint32 byte = 0;  // of the character `counted`
    for (qsizetype at = all.indexOf(text, 0, Qt::CaseInsensitive); at >= 0 && found.size() < kMostFound;
         at = all.indexOf(text, at + text.size(), Qt::CaseInsensitive)) {
        byte += static_cast<quint32>(QStringView(all).sliced(counted, at - counted).toUtf8().size());
        counted = at;
        const auto length = static_cast<quint32>(QStringView(all).sliced(at, text.size()).toUtf8().size());
        found.push_back({byte, byte + length});
    }
    return found;
}

}  // namespace pellucid::app
