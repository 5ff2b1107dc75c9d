#include "storage/contents.h"

#include <unicode/utf8.h>

#include <algorithm>
#include <cstring>

#include "storage/connection.h"
#include "storage/packed.h"
#include "storage/passage_index.h"

namespace pellucid::storage {

namespace {

constexpr std::size_t kPieceBytes = 32 << 10;

constexpr const char* kFactsColumns =
    "SELECT id, sha256, kind, version, mime, title, author, language, notices, text_bytes, pages, chunks "
    "FROM "
    "contents WHERE id = ?1";
constexpr const char* kChunkColumns =
    "SELECT id, content_id, ordinal, first, last, header_first, header_last, page, last_page, headings, "
    "kind, "
    "tokens FROM chunks ";

std::uint32_t word(const Query& row, int column) {
    return static_cast<std::uint32_t>(row.integer(column));
}

ChunkRow chunk_of(const Query& row) {
    ChunkRow chunk;
    chunk.id = row.integer(0);
    chunk.content = row.integer(1);
    chunk.ordinal = row.small(2);
    chunk.range = {word(row, 3), word(row, 4)};
    chunk.header = {word(row, 5), word(row, 6)};
    chunk.page = word(row, 7);
    chunk.last_page = word(row, 8);
    chunk.headings = row.text(9);
    chunk.kind = row.small(10);
    chunk.tokens = row.small(11);
    return chunk;
}

ContentFacts read_facts(Connection& connection, ContentId id) {
    auto row = connection.query(kFactsColumns);
    row.bind(id);
    if (!row.step())
        refuse(ErrorCode::not_found, "This document is no longer in the index.", "Add it again.");
    ContentFacts facts;
    facts.id = id;
    const auto digest = row.bytes(1);
    std::memcpy(facts.sha256.data(), digest.data(), std::min(digest.size(), facts.sha256.size()));
    facts.kind = row.text(2);
    facts.version = row.small(3);
    facts.mime = row.text(4);
    facts.title = row.text(5);
    facts.author = row.text(6);
    facts.language = row.text(7);
    facts.notices = row.text(8);
    facts.text_bytes = word(row, 9);
    facts.pages = row.small(10);
    facts.chunks = row.small(11);
    return facts;
}

/// The pieces of one content, unpacked as they are asked for; the last one is kept, as chunks follow each
/// other.
class TextReader {
public:
    TextReader(Connection& connection, ContentId id) : connection_(connection), id_(id) {}

    std::string text(TextSpan range) {
        std::string out;
        while (range.first < range.last) {
            if (range.first < first_ || range.first >= first_ + piece_.size()) load(range.first);
            const std::size_t from = range.first - first_;
            const std::size_t size = std::min<std::size_t>(range.size(), piece_.size() - from);
            out.append(piece_, from, size);
            range.first += static_cast<std::uint32_t>(size);
        }
        return out;
    }

private:
    void load(std::uint32_t at) {
        auto row = connection_.query(
            "SELECT first, bytes, data FROM content_texts WHERE content_id = ?1 AND first <= ?2 ORDER BY "
            "first "
            "DESC LIMIT 1");
        row.bind(id_, at);
        if (!row.step() || row.integer(0) + row.integer(1) <= at)
            refuse(ErrorCode::invalid_argument, "This passage does not lie within its document's text.",
                   "Add the document again.");
        piece_ = unpack(row.bytes(2), kPieceBytes);
        first_ = word(row, 0);
        if (static_cast<std::int64_t>(piece_.size()) != row.integer(1))
            refuse(ErrorCode::corrupt, "A stored page of a document is damaged",
                   "Remove the document and add it again; its file is not touched.");
    }

    Connection& connection_;
    ContentId id_;
    std::uint32_t first_ = 0;
    std::string piece_;
};

std::string titled(const std::string& title, const std::string& headings) {
    if (title.empty() || headings.starts_with(title)) return headings;
    return headings.empty() ? title : title + " > " + headings;
}

ChunkText text_of(TextReader& reader, const std::string& title, const ChunkRow& chunk) {
    ChunkText text;
    text.headings = titled(title, chunk.headings);
    text.text = reader.text(chunk.header);
    if (!text.text.empty() && text.text.back() != '\n') text.text += '\n';
    text.text += reader.text(chunk.range);
    return text;
}

std::vector<ChunkRow> read_chunks(Connection& connection, ContentId id) {
    static const std::string kSql = std::string(kChunkColumns) + "WHERE content_id = ?1 ORDER BY ordinal";
    std::vector<ChunkRow> all;
    auto row = connection.query(kSql.c_str());
    row.bind(id);
    while (row.step()) all.push_back(chunk_of(row));
    return all;
}

ContentPage page_of(const Query& row) {
    ContentPage page;
    page.range = {word(row, 0), word(row, 1)};
    page.width = static_cast<float>(row.real(2));
    page.height = static_cast<float>(row.real(3));
    page.label = row.text(4);
    page.text_layer = (row.integer(5) & 1) != 0;
    page.recognised = (row.integer(5) & 2) != 0;
    return page;
}

void check_span(TextSpan range, std::size_t size, const char* what) {
    if (range.first > range.last || range.last > size)
        refuse(ErrorCode::invalid_argument,
               std::string("A ") + what + " of this document lies outside of its text.",
               "Please report this.");
}

}  // namespace

Contents::Contents(Database& database) : database_(database) {}

ContentId Contents::insert(Connection& connection, const NewContent& content, Millis now) {
    const ContentFacts& facts = content.facts;
    if (content.text.size() > INT32_MAX)
        refuse(ErrorCode::invalid_argument, "This document's text is longer than 2 GB.", "Split the file.");
    connection
        .query(
            "INSERT INTO contents (sha256, kind, version, mime, title, author, language, text_bytes, pages, "
            "chunks, notices, created_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)")
        .bind(Blob{{reinterpret_cast<const char*>(facts.sha256.data()), facts.sha256.size()}}, facts.kind,
              facts.version, facts.mime, facts.title, facts.author, facts.language, content.text.size(),
              content.pages.size(), content.chunks.size(), facts.notices, now)
        .run();
    const ContentId id = connection.last_insert_id();
    const auto size = content.text.size();
    for (std::size_t at = 0; at < size; at += kPieceBytes) {
        const auto piece = std::string_view(content.text).substr(at, kPieceBytes);
        const std::string packed = pack(piece);
        connection.query("INSERT INTO content_texts (content_id, first, bytes, data) VALUES (?1, ?2, ?3, ?4)")
            .bind(id, at, piece.size(), Blob{packed})
            .run();
    }
    for (std::size_t number = 0; number < content.pages.size(); ++number) {
        const ContentPage& page = content.pages[number];
        check_span(page.range, size, "page");
        const std::string boxes = pack_boxes(page.boxes);
        connection
            .query(
                "INSERT INTO content_pages (content_id, number, first, last, width, height, label, flags, "
                "boxes) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)")
            .bind(id, number, page.range.first, page.range.last, double(page.width), double(page.height),
                  page.label, (page.text_layer ? 1 : 0) | (page.recognised ? 2 : 0), Blob{boxes})
            .run();
    }
    PassageIndex index(connection);
    for (std::size_t ordinal = 0; ordinal < content.chunks.size(); ++ordinal) {
        const ChunkRow& chunk = content.chunks[ordinal];
        check_span(chunk.range, size, "passage");
        check_span(chunk.header, size, "passage");
        connection
            .query(
                "INSERT INTO chunks (content_id, ordinal, first, last, header_first, header_last, page, "
                "last_page, headings, kind, tokens) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)")
            .bind(id, ordinal, chunk.range.first, chunk.range.last, chunk.header.first, chunk.header.last,
                  chunk.page, chunk.last_page, chunk.headings, chunk.kind, chunk.tokens)
            .run();
        ChunkText text;
        text.headings = titled(facts.title, chunk.headings);
        text.text.assign(content.text, chunk.header.first, chunk.header.size());
        if (!text.text.empty() && text.text.back() != '\n') text.text += '\n';
        text.text.append(content.text, chunk.range.first, chunk.range.size());
        index.add(connection.last_insert_id(), text);
    }
    return id;
}

void Contents::each_chunk(Connection& connection, ContentId id,
                          const std::function<void(const ChunkRow&, const ChunkText&)>& visit) {
    const std::string title = read_facts(connection, id).title;
    TextReader reader(connection, id);
    for (const ChunkRow& chunk : read_chunks(connection, id)) visit(chunk, text_of(reader, title, chunk));
}

void Contents::erase(Connection& connection, ContentId id) {
    PassageIndex index(connection);
    each_chunk(connection, id,
               [&](const ChunkRow& chunk, const ChunkText& text) { index.remove(chunk.id, text); });
    connection.query("DELETE FROM contents WHERE id = ?1").bind(id).run();
}

Result<std::optional<ContentId>> Contents::find(const std::array<std::byte, 32>& sha256,
                                                const std::string& kind, int version) const {
    return reading(database_, [&](Connection& connection) -> std::optional<ContentId> {
        auto row =
            connection.query("SELECT id FROM contents WHERE sha256 = ?1 AND kind = ?2 AND version = ?3");
        row.bind(Blob{{reinterpret_cast<const char*>(sha256.data()), sha256.size()}}, kind, version);
        if (!row.step()) return {};
        return row.integer(0);
    });
}

Result<ContentFacts> Contents::facts(ContentId id) const {
    return reading(database_, [&](Connection& connection) { return read_facts(connection, id); });
}

Result<std::string> Contents::text(ContentId id, TextSpan range) const {
    return reading(database_, [&](Connection& connection) {
        check_span(range, read_facts(connection, id).text_bytes, "passage");
        return TextReader(connection, id).text(range);
    });
}

Result<ContentPage> Contents::page(ContentId id, std::uint32_t number) const {
    return reading(database_, [&](Connection& connection) {
        auto row = connection.query(
            "SELECT first, last, width, height, label, flags, boxes FROM content_pages WHERE content_id = ?1 "
            "AND number = ?2");
        row.bind(id, number);
        if (!row.step())
            refuse(ErrorCode::not_found, "This document is no longer in the index.", "Add it again.");
        ContentPage page = page_of(row);
        page.boxes = unpack_boxes(row.bytes(6));
        return page;
    });
}

Result<std::vector<ContentPage>> Contents::pages(ContentId id) const {
    return reading(database_, [&](Connection& connection) {
        std::vector<ContentPage> all;
        auto row = connection.query(
            "SELECT first, last, width, height, label, flags FROM content_pages WHERE content_id = ?1 ORDER "
            "BY number");
        row.bind(id);
        while (row.step()) all.push_back(page_of(row));
        return all;
    });
}

Result<std::vector<ChunkRow>> Contents::chunks(const std::vector<ChunkId>& ids) const {
    static const std::string kSql = std::string(kChunkColumns) + "WHERE id = ?1";
    return reading(database_, [&](Connection& connection) {
        std::vector<ChunkRow> all;
        for (const ChunkId id : ids) {
            auto row = connection.query(kSql.c_str());
            row.bind(id);
            if (row.step()) all.push_back(chunk_of(row));
        }
        return all;
    });
}

Result<std::vector<ChunkRow>> Contents::chunks_of(ContentId id) const {
    return reading(database_, [&](Connection& connection) { return read_chunks(connection, id); });
}

Result<std::vector<ChunkText>> Contents::chunk_texts(const std::vector<ChunkRow>& chunks) const {
    return reading(database_, [&](Connection& connection) {
        std::vector<ChunkText> texts;
        ContentId open = 0;
        std::string title;
        std::optional<TextReader> reader;
        for (const ChunkRow& chunk : chunks) {
            if (chunk.content != open) {
                title = read_facts(connection, chunk.content).title;
                reader.emplace(connection, chunk.content);
                open = chunk.content;
            }
            texts.push_back(text_of(*reader, title, chunk));
        }
        return texts;
    });
}

Result<std::vector<ContentId>> Contents::sweep(int limit) {
    std::vector<ContentId> gone;
    STORAGE_TRY(const auto ids, reading(database_, [&](Connection& connection) {
                    std::vector<ContentId> unused;
                    auto row = connection.query(
                        "SELECT id FROM contents c WHERE NOT EXISTS (SELECT 1 FROM documents d WHERE "
                        "d.content_id = c.id) LIMIT ?1");
                    row.bind(limit);
                    while (row.step()) unused.push_back(row.integer(0));
                    return unused;
                }));
    for (const ContentId id : ids) {
        STORAGE_TRY(const bool erased, writing(database_, [&](Connection& connection) {
                        // It may have been added again meanwhile.
                        auto used = connection.query("SELECT count(*) FROM documents WHERE content_id = ?1");
                        if (used.bind(id).first() > 0) return false;
                        erase(connection, id);
                        return true;
                    }));
        if (erased) gone.push_back(id);
    }
    return gone;
}

}  // namespace pellucid::storage
