// From what PDFium says of a page (its text in the order of drawing, a box for each text object) to a
// Document: lines with positions, columns in reading order, running heads dropped, hyphens joined, headings,
// lists, tables.
//
// No Qt and no PDF here: pages come in as plain values, so that all of it is tested and fuzzed without
// either.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "app/reading/formats/document_builder.h"

namespace pellucid::reading {

struct Box {
    float x = 0, y = 0, width = 0, height = 0;  ///< points from the page's top left

    float right() const { return x + width; }
    float bottom() const { return y + height; }
    float middle() const { return y + height / 2; }
};

/// A page as PDFium's text page gives it. Lines end with "\r\n"; U+FFFE stands for a hyphen at a line's end
/// that broke a word. `boxes` has one box for each text object, in the order of the text, none for what shows
/// no ink.
struct RawPage {
    std::u16string text;
    std::vector<Box> boxes;
    float width = 0, height = 0;
    std::string label;
    /// Where single characters stand exactly: index into `text`, box. In the order of the text; may be empty.
    std::vector<std::pair<std::size_t, Box>> anchors;
    std::vector<std::pair<Box, std::string>> recognised;  ///< lines read by OCR instead of `text`
};

/// A run of characters with its place: a word, or a few CJK characters.
struct PdfWord {
    std::string text;
    Box box;
    bool space_before = false;
};
struct PdfLine {
    std::vector<PdfWord> words;
    Box box;
    float size = 0;           ///< font size, points, estimated from widths
    bool hyphenated = false;  ///< its last word goes on in the next line
    bool contents = false;    ///< an entry of a table of contents: dots led to its last word

    std::string text() const;
};

/// The page's lines in the order of drawing, with their words placed (pdf_lines.cpp).
std::vector<PdfLine> lines_of(const RawPage& page);
/// Lines in the order of reading: columns one after the other, bands between them from top to bottom.
std::vector<PdfLine> in_reading_order(std::vector<PdfLine> lines, float page_width);
/// For each page the indices of lines that are running heads, running feet or page numbers.
std::vector<std::vector<std::size_t>> running_lines(const std::vector<std::vector<PdfLine>>& pages,
                                                    const std::vector<RawPage>& raw);

/// The whole document. Pages may have been read in part: `out.about()` holds title and author already.
Document layout(std::vector<RawPage> pages, const BuildLimits& limits, Document about);

}  // namespace pellucid::reading
