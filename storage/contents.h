// What documents say: text, pages with the places of their lines, and the chunks that are searched.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "storage/database.h"

namespace pellucid::storage {

using ContentId = std::int64_t;
using ChunkId = std::int64_t;

/// Bytes of a content's text, half open, at code point boundaries.
struct TextSpan {
    std::uint32_t first = 0, last = 0;

    std::uint32_t size() const { return last - first; }
    bool operator==(const TextSpan&) const = default;
};

/// A run of text on a page, in points from the page's top left.
struct TextBox {
    TextSpan range;
    float x = 0, y = 0, width = 0, height = 0;

    bool operator==(const TextBox&) const = default;
};

struct ContentPage {
    TextSpan range;
    float width = 0, height = 0;  ///< points; 0: the source has no pages
    std::string label;
    bool text_layer = true;
    bool recognised = false;  ///< by OCR
    std::vector<TextBox> boxes;

    bool operator==(const ContentPage&) const = default;
};

/// A passage: what is found and cited.
struct ChunkRow {
    ChunkId id = 0;
    ContentId content = 0;
    int ordinal = 0;
    TextSpan range;
    TextSpan header;  ///< a table's header, repeated before the text for the index; empty: none
    std::uint32_t page = 0, last_page = 0;
    std::string headings;  ///< "A > B"
    int kind = 0;          ///< reading::BlockKind
    int tokens = 0;

    bool operator==(const ChunkRow&) const = default;
};

/// What is known of a content but its text.
struct ContentFacts {
    ContentId id = 0;
    std::array<std::byte, 32> sha256{};
    std::string kind;  ///< the name's ending
    int version = 0;   ///< of reading and cutting
    std::string mime, title, author, language;
    std::string notices;  ///< JSON, as the importer writes it
    std::uint32_t text_bytes = 0;
    int pages = 0, chunks = 0;
};

struct NewContent {
    ContentFacts facts;  ///< id, text_bytes, pages and chunks are not read
    std::string text;    ///< UTF-8
    std::vector<ContentPage> pages;
    std::vector<ChunkRow> chunks;  ///< in order; ids, content and ordinal are not read
};

/// What the index and the embedding model see of a chunk.
struct ChunkText {
    std::string headings;  ///< the content's title and the headings
    std::string text;      ///< a table's header and the passage
};

class Connection;

/// Thread safe. Errors: not_found, corrupt (a stored piece that cannot be unpacked) and those of Database.
class Contents {
public:
    explicit Contents(Database& database);

    /// That of the same bytes, kind and version.
    Result<std::optional<ContentId>> find(const std::array<std::byte, 32>& sha256, const std::string& kind,
                                          int version) const;
    Result<ContentFacts> facts(ContentId id) const;
    /// invalid_argument: not within the text.
    Result<std::string> text(ContentId id, TextSpan range) const;
    Result<ContentPage> page(ContentId id, std::uint32_t number) const;
    /// In order; without their boxes.
    Result<std::vector<ContentPage>> pages(ContentId id) const;
    /// In the order asked; those that are no longer there are left out.
    Result<std::vector<ChunkRow>> chunks(const std::vector<ChunkId>& ids) const;
    Result<std::vector<ChunkRow>> chunks_of(ContentId id) const;
    Result<std::vector<ChunkText>> chunk_texts(const std::vector<ChunkRow>& chunks) const;

    /// Deletes contents that no document says any more, at most `limit` of them; returns their ids. Each goes
    /// in a transaction of its own, with its index rows and vectors.
    Result<std::vector<ContentId>> sweep(int limit);

    // ---- for this room ----
    static ContentId insert(Connection& connection, const NewContent& content, Millis now);
    static void erase(Connection& connection, ContentId id);
    static void each_chunk(Connection& connection, ContentId id,
                           const std::function<void(const ChunkRow&, const ChunkText&)>& visit);

private:
    Database& database_;
};

}  // namespace pellucid::storage
