// What a reader gives of a file, whatever its format: one text in reading order, and where each byte of it
// came from.
//
// Everything above (chunks, the index, citations, the page view) speaks in TextRanges of this text and never
// of the source. `check` holds every Document to the promises written here; what comes over the pipe from the
// reader process is believed only after it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/error.h"

namespace pellucid::reading {

/// Bytes [first, last) of Document::text, at code point boundaries.
struct TextRange {
    std::uint32_t first = 0, last = 0;

    std::uint32_t size() const { return last - first; }
    bool empty() const { return first == last; }
    bool contains(TextRange other) const { return first <= other.first && other.last <= last; }
    bool operator==(const TextRange&) const = default;
};

enum class BlockKind : std::uint8_t { heading, paragraph, list_item, table, code, caption, quote, note };

/// A piece of the text with one role. Blocks are in the order of the text and do not overlap; a paragraph
/// that goes on over a page's end is one block, whose range then reaches into the next Page's. A table has a
/// row a line and a tab between cells; its first line is its header where `level` is 1 (0: no header).
struct Block {
    BlockKind kind = BlockKind::paragraph;
    int level = 0;           ///< heading 1..6; list_item depth from 1; table 1 with a header; else 0
    TextRange range;         ///< without the line ends around it
    std::uint32_t page = 0;  ///< index into pages of its first byte
    std::string symbol;      ///< code: the function, class or section it is ("Scheduler::step"); else empty

    bool operator==(const Block&) const = default;
};

/// Where a run of text stands on its page, in points (1/72 inch) from the page's top left as the page is
/// shown (after its rotation). A run is a word or a few: enough to box any quote. In the order of the text,
/// not overlapping. Where a hyphenated line end was joined, both halves have their own run.
struct LineBox {
    TextRange range;
    std::uint32_t page = 0;
    float x = 0, y = 0, width = 0, height = 0;

    bool operator==(const LineBox&) const = default;
};

/// A page, a slide, a sheet, or the whole of a source without pages (then width and height are 0).
/// Pages' ranges follow each other without a gap and cover the whole text.
struct Page {
    TextRange range;
    float width = 0, height = 0;  ///< points; 0: the source has no page geometry
    std::string label;            ///< what the document calls it ("iv", "Sheet1"); empty: its number
    bool text_layer = true;       ///< false: a picture of text, or nothing
    bool recognised = false;      ///< its text was read by OCR

    bool operator==(const Page&) const = default;
};

/// What a person should know of how a document was read. `what` says it in English; the code is for
/// translating.
enum class NoticeCode : std::uint8_t {
    sandbox,                ///< which confinement the reader ran under; always there once
    no_text_layer,          ///< pages: pictures of text; OCR could read them
    recognised,             ///< pages: read by OCR, so expect mistakes
    running_lines_dropped,  ///< pages: running heads or page numbers left out of the text
    wrong_extension,        ///< the content is of another type than the name says
    encoding_guessed,       ///< the text's encoding was not declared
    undecodable,            ///< bytes or glyphs without a meaning, replaced by U+FFFD or left out
    text_cut,               ///< max_text_bytes reached: the rest is missing
    pages_cut,              ///< max_pages reached: the rest is missing
    table_cut,              ///< a table with more rows or columns than are read
    part_skipped,        ///< a part of an archive or message that was not read (attachment, damaged chapter)
    damaged,             ///< the source contradicts itself; what could be read was
    navigation_dropped,  ///< menus, banners and the like of a web page left out
    hidden_dropped,      ///< text that the source hides from its readers, left out
};

struct Notice {
    NoticeCode code = NoticeCode::damaged;
    std::string what;
    std::vector<std::uint32_t> pages;  ///< indices, ascending; empty: the document as a whole

    bool operator==(const Notice&) const = default;
};

struct Document {
    std::string title, author;
    std::string language;  ///< BCP 47 where the source declares one ("en", "zh-CN"), else empty
    std::string mime;      ///< by content: "application/pdf", "text/markdown", …
    std::string
        text;  ///< UTF-8, NFC; compatibility forms (ligatures, radicals) folded where a PDF gives them
    std::vector<Page> pages;  ///< at least one
    std::vector<Block> blocks;
    std::vector<LineBox> lines;  ///< empty where no page has geometry
    std::vector<Notice> notices;

    std::string_view of(TextRange range) const {
        return std::string_view(text).substr(range.first, range.size());
    }
    bool operator==(const Document&) const = default;
};

/// The index of the page that holds byte `at` (the last page for at == text.size()). PRECONDITION: pages not
/// empty.
std::uint32_t page_of(const Document& document, std::uint32_t at);

/// Holds a document to what this header promises: UTF-8, ranges inside the text, ordered and at code point
/// boundaries, pages without gaps, finite boxes on pages that exist. Error corrupt names the first breach.
Result<void> check(const Document& document);

/// "3", "3-9, 12": page indices as people count them, for sentences.
std::string page_list(const std::vector<std::uint32_t>& pages);

}  // namespace pellucid::reading
