// Lines to blocks, and blocks to the text of a Document with a box for each word.
#include "app/reading/formats/pdf_layout.h"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <set>

#include "app/reading/formats/format.h"
#include "engine/text/utf8.h"

namespace pellucid::reading {

namespace {

bool cjk(char32_t c) {
    return (c >= 0x2E80 && c <= 0x9FFF) || (c >= 0xF900 && c <= 0xFAFF) || (c >= 0xFF00 && c <= 0xFF60) ||
           (c >= 0x20000 && c <= 0x3FFFF);
}

char32_t last_of(std::string_view text) {
    std::size_t at = text.size();
    while (at > 0 && (static_cast<unsigned char>(text[--at]) & 0xC0) == 0x80) {
    }
    return text.empty() ? 0 : decode_utf8(text, at).code_point;
}

bool ends_sentence(std::string_view text) {
    const char32_t c = last_of(text);
    return c == '.' || c == '!' || c == '?' || c == ':' || c == ';' || c == 0x3002 || c == 0xFF01 ||
           c == 0xFF1F || c == 0xFF1A || c == 0x201D;
}

bool lower_start(std::string_view text) {
    return !text.empty() &&
           (std::islower(static_cast<unsigned char>(text[0])) || cjk(decode_utf8(text, 0).code_point));
}

/// "2.3.1 " → 3; 0 where the line does not begin with a section's number. 第三章 counts as one level.
int section_depth(std::string_view text) {
    if (text.starts_with("\xE7\xAC\xAC") && (text.substr(0, 24).find("\xE7\xAB\xA0") != text.npos ||
                                             text.substr(0, 24).find("\xE8\x8A\x82") != text.npos))
        return 1;
    if (text.starts_with("Chapter ") || text.starts_with("Appendix ") || text.starts_with("Part ")) return 1;
    std::size_t at = 0;
    int depth = 0;
    while (at < text.size()) {
        std::size_t digits = at;
        while (digits < text.size() && digits - at < 3 &&
               std::isdigit(static_cast<unsigned char>(text[digits])))
            ++digits;
        if (digits == at && depth == 0 && at + 1 < text.size() &&
            std::isupper(static_cast<unsigned char>(text[at])) && text[at + 1] == '.')
            ++digits;
        if (digits == at) break;
        ++depth;
        at = digits;
        if (at >= text.size() || text[at] != '.') break;
        ++at;
    }
    return depth > 0 && at < text.size() && text[at] == ' ' && depth <= 6 ? depth : 0;
}

bool list_start(std::string_view text) {
    for (const char* mark : {"\xE2\x80\xA2", "\xE2\x97\xA6", "\xE2\x96\xAA", "\xE2\x80\x93 ", "- ", "* ",
                             "\xEF\x82\xB7", "\xC2\xB7 ", "\xE2\x97\x8F"})
        if (text.starts_with(mark)) return true;
    std::size_t at = 0;
    while (at < text.size() && at < 2 && std::isdigit(static_cast<unsigned char>(text[at]))) ++at;
    if (at == 0 && text.starts_with('(')) {
        at = text.find(')');
        return at != text.npos && at <= 3 && at >= 2 && text.substr(at + 1, 1) == " ";
    }
    return at > 0 && at + 1 < text.size() && (text[at] == '.' || text[at] == ')') && text[at + 1] == ' ';
}

bool caption_start(std::string_view text) {
    for (const std::string_view word : {"Figure ", "Fig. ", "Table ", "Listing ", "\xE5\x9B\xBE ",
                                        "\xE5\x9B\xBE", "\xE8\xA1\xA8 ", "\xE8\xA1\xA8"})
        if (text.starts_with(word) && text.size() > word.size() &&
            std::isdigit(static_cast<unsigned char>(text[word.size()])))
            return true;
    return false;
}

/// Median of `values` weighted by `weights`; 0 where there are none.
float weighted_median(std::vector<std::pair<float, float>> values) {
    std::sort(values.begin(), values.end());
    float total = 0, seen = 0;
    for (const auto& [_, weight] : values) total += weight;
    for (const auto& [value, weight] : values)
        if ((seen += weight) * 2 >= total) return value;
    return 0;
}

/// Columns of cells: the words of a line in groups parted by wide blanks.
std::vector<std::pair<std::size_t, float>> cells_of(const PdfLine& line) {
    std::vector<std::pair<std::size_t, float>> cells;  // first word, x
    for (std::size_t i = 0; i < line.words.size(); ++i) {
        const float gap = i == 0 ? 0 : line.words[i].box.x - line.words[i - 1].box.right();
        if (i == 0 || gap > std::max(11.0f, 1.9f * line.size)) cells.emplace_back(i, line.words[i].box.x);
    }
    return cells;
}

struct Piece {
    PdfLine line;
    std::uint32_t page;
    std::vector<std::pair<std::size_t, float>> cells;
};

/// Writes words into the text with their boxes.
class TextOut {
public:
    TextOut(Document& document, std::uint64_t limit) : document_(document), limit_(limit) {}

    bool full() const { return document_.text.size() >= limit_; }
    std::uint32_t at() const { return static_cast<std::uint32_t>(document_.text.size()); }
    void put(std::string_view text) { document_.text += text; }

    void word(const PdfWord& word, std::uint32_t page) {
        if (word.text.empty()) return;
        const std::uint32_t first = at();
        document_.text += word.text;
        if (word.box.width > 0 && word.box.height > 0)
            document_.lines.push_back(
                {{first, at()}, page, word.box.x, word.box.y, word.box.width, word.box.height});
    }

private:
    Document& document_;
    std::uint64_t limit_;
};

class Layout {
public:
    Layout(std::vector<RawPage> pages, const BuildLimits& limits, Document about)
        : raw_(std::move(pages)), limits_(limits), document_(std::move(about)) {}

    Document run() {
        std::vector<std::vector<PdfLine>> pages;
        for (const RawPage& page : raw_) pages.push_back(lines_of(page));
        const auto running = running_lines(pages, raw_);
        std::vector<std::uint32_t> dropped, without_text;
        for (std::uint32_t i = 0; i < pages.size(); ++i) {
            Page page;
            page.width = raw_[i].width;
            page.height = raw_[i].height;
            page.label = raw_[i].label;
            page.recognised = !raw_[i].recognised.empty();
            page.text_layer = !pages[i].empty() && !page.recognised;
            if (!page.text_layer && !page.recognised) without_text.push_back(i);
            document_.pages.push_back(page);
            std::vector<PdfLine> kept;
            for (std::size_t line = 0; line < pages[i].size(); ++line)
                if (std::find(running[i].begin(), running[i].end(), line) == running[i].end())
                    kept.push_back(std::move(pages[i][line]));
            if (kept.size() < pages[i].size()) dropped.push_back(i);
            for (PdfLine& line : in_reading_order(std::move(kept), raw_[i].width)) {
                if (line.words.empty()) continue;
                Piece piece{std::move(line), i, {}};
                piece.cells = cells_of(piece.line);
                pieces_.push_back(std::move(piece));
            }
        }
        measure();
        write();
        finish_pages();
        if (!dropped.empty())
            document_.notices.push_back({NoticeCode::running_lines_dropped,
                                         "running heads and page numbers were left out of the text",
                                         dropped});
        if (!without_text.empty())
            document_.notices.push_back({NoticeCode::no_text_layer,
                                         "no text layer on " +
                                             std::string(without_text.size() == 1 ? "page " : "pages ") +
                                             page_list(without_text) + ": OCR can read it",
                                         without_text});
        return std::move(document_);
    }

private:
    void measure() {
        std::vector<std::pair<float, float>> sizes, gaps;
        for (std::size_t i = 0; i < pieces_.size(); ++i) {
            const PdfLine& line = pieces_[i].line;
            const auto characters = static_cast<float>(line.text().size());
            if (characters > 20) sizes.emplace_back(line.size, characters);
            if (i > 0 && pieces_[i - 1].page == pieces_[i].page) {
                const float gap = line.box.bottom() - pieces_[i - 1].line.box.bottom();
                if (gap > 3 && gap < 60) gaps.emplace_back(gap, characters);
            }
            // Words that are written with a hyphen within a line keep it at a line's end too.
            for (const PdfWord& word : line.words)
                if (const std::size_t hyphen = word.text.find('-'); hyphen != word.text.npos && hyphen > 1 &&
                                                                    hyphen + 2 < word.text.size() &&
                                                                    hyphenated_.size() < 100'000)
                    hyphenated_.insert(word.text.substr(0, hyphen + 1));
        }
        body_ = sizes.empty() ? 10 : weighted_median(std::move(sizes));
        leading_ = gaps.empty() ? body_ * 1.2f : weighted_median(std::move(gaps));
    }

    /// The level of a heading, or 0.
    int heading_level(std::size_t i) const {
        const PdfLine& line = pieces_[i].line;
        const std::string text = line.text();
        if (text.size() < 2 || text.size() > 150 || pieces_[i].cells.size() > 2 || line.contents) return 0;
        if (std::none_of(text.begin(), text.end(), [](char c) {
                return std::isalpha(static_cast<unsigned char>(c)) || static_cast<unsigned char>(c) >= 0x80;
            }))
            return 0;
        const float relative = line.size / body_;
        const int depth = section_depth(text);
        const bool apart = i == 0 || pieces_[i - 1].page != pieces_[i].page ||
                           line.box.bottom() - pieces_[i - 1].line.box.bottom() > 1.35f * leading_;
        const bool short_line = line.box.width < 0.8f * raw_[pieces_[i].page].width;
        if (relative > 1.6f) return 1;
        if (relative > 1.28f) return depth > 0 ? std::min(depth, 6) : 2;
        if (relative > 1.1f && short_line && apart && !ends_sentence(text))
            return depth > 0 ? std::min(depth, 6) : 3;
        if (depth > 1 && apart && short_line && relative > 1.0f && text.size() < 90 && !ends_sentence(text))
            return std::min(depth, 6);
        return 0;
    }

    /// Whether line i goes on with the paragraph of line i-1.
    bool continues(std::size_t i) const {
        const Piece &before = pieces_[i - 1], &here = pieces_[i];
        const PdfLine &a = before.line, &b = here.line;
        const std::string text = b.text();
        if (a.hyphenated) return true;
        if (list_start(text) || caption_start(text) || a.contents || b.contents) return false;
        if (before.page != here.page)
            return here.page == before.page + 1 && !ends_sentence(a.text()) && lower_start(text) &&
                   a.box.width > 0.5f * b.box.width;
        const float gap = b.box.bottom() - a.box.bottom();
        if (gap < -0.5f * leading_) return !ends_sentence(a.text()) && lower_start(text);  // the next column
        if (gap > 1.4f * leading_ && gap > 1.4f * b.size) return false;
        const float ratio = b.size / std::max(a.size, 1.0f);
        if ((ratio > 1.35f || ratio < 0.74f) && text.size() > 12 && a.words.size() > 2) return false;
        // An indented first line begins a paragraph; a hanging one (of a list or bibliography) does not.
        if (b.box.x > a.box.x + 0.8f * body_ && a.box.right() < b.box.right() - 2 * body_ &&
            ends_sentence(a.text()))
            return false;
        if (b.box.x > a.box.x + 0.8f * body_ && ends_sentence(a.text()) && i + 1 < pieces_.size() &&
            pieces_[i + 1].line.box.x < b.box.x - 0.8f * body_)
            return false;
        // A short line that ends its sentence ends its paragraph.
        if (ends_sentence(a.text()) &&
            a.box.right() < b.box.right() - 0.25f * std::max(a.box.width, b.box.width))
            return false;
        return true;
    }

    /// Lines from i on that are rows of one table: how many, 0 where it is none.
    std::size_t table_rows(std::size_t i) const {
        std::size_t end = i;
        std::size_t rows = 0;
        while (end < pieces_.size() && pieces_[end].page == pieces_[i].page) {
            const auto& cells = pieces_[end].cells;
            if (end > i) {
                const float gap = pieces_[end].line.box.bottom() - pieces_[end - 1].line.box.bottom();
                if (gap < 0 || gap > 3.0f * leading_) break;
            }
            if (cells.size() >= 2 && !pieces_[end].line.contents) {
                ++rows;
                ++end;
            } else if (rows > 0 && end > i && aligned(cells[0].second, pieces_[end - 1].cells) &&
                       end + 1 < pieces_.size() && pieces_[end + 1].cells.size() >= 2 &&
                       pieces_[end + 1].page == pieces_[i].page) {
                ++end;  // a row whose other cells are empty
            } else {
                break;
            }
        }
        if (rows < 3) return 0;
        // Cells stand under each other.
        std::size_t under = 0, pairs = 0;
        for (std::size_t row = i + 1; row < end; ++row)
            for (std::size_t cell = 1; cell < pieces_[row].cells.size(); ++cell) {
                ++pairs;
                under += aligned(pieces_[row].cells[cell].second, pieces_[row - 1].cells) ? 1 : 0;
            }
        return under * 2 >= pairs ? end - i : 0;
    }
    static bool aligned(float x, const std::vector<std::pair<std::size_t, float>>& cells) {
        return std::any_of(cells.begin(), cells.end(),
                           [&](const auto& cell) { return std::abs(cell.second - x) < 12; });
    }

    void begin_block(TextOut& out, BlockKind kind, int level, std::uint32_t page) {
        if (!document_.blocks.empty()) {
            const Block& last = document_.blocks.back();
            out.put(kind == BlockKind::list_item && last.kind == kind ? "\n" : "\n\n");
        }
        page_start(out, page);
        document_.blocks.push_back({kind, level, {out.at(), out.at()}, page, {}});
    }
    void page_start(const TextOut& out, std::uint32_t page) {
        while (page_starts_.size() <= page) page_starts_.push_back(out.at());
    }

    void put_words(TextOut& out, const Piece& piece) {
        for (std::size_t i = 0; i < piece.line.words.size(); ++i) {
            if (i > 0 && piece.line.words[i].space_before) out.put(" ");
            out.word(piece.line.words[i], piece.page);
        }
    }

    /// Between two lines of one paragraph: nothing, a blank, or the hyphen that was there.
    void join(TextOut& out, const PdfLine& before, const Piece& next) {
        const std::string_view word = next.line.words.front().text;
        if (before.hyphenated) {
            const std::string_view text = document_.text;
            const std::size_t start = text.find_last_of(" \n\t") + 1;
            const bool keeps =
                hyphenated_.contains(std::string(text.substr(start)) + "-") || !lower_start(word);
            if (keeps) out.put("-");
        } else if (!document_.text.empty()) {
            const bool tight = cjk(last_of(document_.text)) && cjk(decode_utf8(word, 0).code_point);
            if (!tight) out.put(" ");
        }
        page_start(out, next.page);
    }

    void write() {
        TextOut out(document_, limits_.max_text_bytes);
        for (std::size_t i = 0; i < pieces_.size();) {
            if (out.full()) {
                document_.notices.push_back({NoticeCode::text_cut,
                                             "the document is longer than " +
                                                 std::to_string(limits_.max_text_bytes >> 10) +
                                                 " KiB of text: the rest was not read",
                                             {}});
                break;
            }
            if (const std::size_t rows = table_rows(i); rows > 0) {
                begin_block(out, BlockKind::table, 1, pieces_[i].page);
                for (std::size_t row = i; row < i + rows; ++row) {
                    if (row > i) out.put("\n");
                    const Piece& piece = pieces_[row];
                    for (std::size_t word = 0, cell = 1; word < piece.line.words.size(); ++word) {
                        const bool new_cell = cell < piece.cells.size() && piece.cells[cell].first == word;
                        if (new_cell) {
                            out.put("\t");
                            ++cell;
                        } else if (word > 0 && piece.line.words[word].space_before) {
                            out.put(" ");
                        }
                        out.word(piece.line.words[word], piece.page);
                    }
                }
                document_.blocks.back().range.last = out.at();
                i += rows;
                continue;
            }
            const std::string text = pieces_[i].line.text();
            const int level = heading_level(i);
            const BlockKind kind = level > 0                                      ? BlockKind::heading
                                   : list_start(text) || pieces_[i].line.contents ? BlockKind::list_item
                                   : caption_start(text)                          ? BlockKind::caption
                                                                                  : BlockKind::paragraph;
            begin_block(out, kind, kind == BlockKind::list_item ? 1 : level, pieces_[i].page);
            put_words(out, pieces_[i]);
            std::size_t end = i + 1;
            while (end < pieces_.size() && !out.full()) {
                if (kind == BlockKind::heading) {
                    // A heading of two lines: the same size right below, on the same page.
                    const PdfLine &a = pieces_[end - 1].line, &b = pieces_[end].line;
                    const float gap = b.box.bottom() - a.box.bottom();
                    if (end - i >= 3 || pieces_[end].page != pieces_[i].page || heading_level(end) != level ||
                        std::abs(a.size - b.size) > 0.12f * a.size || gap < 0 || gap > 1.6f * a.size ||
                        section_depth(b.text()) > 0)
                        break;
                } else if (heading_level(end) > 0 || table_rows(end) > 0 || !continues(end)) {
                    break;
                }
                join(out, pieces_[end - 1].line, pieces_[end]);
                put_words(out, pieces_[end]);
                ++end;
            }
            document_.blocks.back().range.last = out.at();
            i = end;
        }
    }

    void finish_pages() {
        const auto size = static_cast<std::uint32_t>(document_.text.size());
        while (page_starts_.size() < document_.pages.size()) page_starts_.push_back(size);
        for (std::size_t i = 0; i < document_.pages.size(); ++i)
            document_.pages[i].range = {i == 0 ? 0 : page_starts_[i],
                                        i + 1 < document_.pages.size() ? page_starts_[i + 1] : size};
        std::erase_if(document_.blocks, [](const Block& block) { return block.range.empty(); });
    }

    std::vector<RawPage> raw_;
    BuildLimits limits_;
    Document document_;
    std::vector<Piece> pieces_;
    std::vector<std::uint32_t> page_starts_;
    std::set<std::string> hyphenated_;
    float body_ = 10, leading_ = 12;
};

}  // namespace

Document layout(std::vector<RawPage> pages, const BuildLimits& limits, Document about) {
    return Layout(std::move(pages), limits, std::move(about)).run();
}

}  // namespace pellucid::reading
