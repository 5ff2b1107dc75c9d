#include "app/reading/document.h"

#include <algorithm>
#include <cmath>

#include "engine/text/utf8.h"

namespace pellucid::reading {

namespace {

bool at_boundary(std::string_view text, std::uint32_t at) {
    return at == text.size() || (static_cast<unsigned char>(text[at]) & 0xC0) != 0x80;
}

bool good(std::string_view text, TextRange range) {
    return range.first <= range.last && range.last <= text.size() && at_boundary(text, range.first) &&
           at_boundary(text, range.last);
}

Failure breach(const char* what) {
    return fail(ErrorCode::corrupt, std::string("the reader's answer is not a document: ") + what);
}

/// Coordinates beyond this are no page: PDF's own limit is 14,400 points, and user units make it 75 times
/// that.
constexpr float kFarthest = 2'000'000;

bool on_paper(float value) {
    return std::isfinite(value) && std::abs(value) <= kFarthest;
}

}  // namespace

std::uint32_t page_of(const Document& document, std::uint32_t at) {
    const auto after =
        std::upper_bound(document.pages.begin(), document.pages.end(), at,
                         [](std::uint32_t byte, const Page& page) { return byte < page.range.first; });
    if (after == document.pages.begin()) return 0;
    auto page = static_cast<std::uint32_t>(after - document.pages.begin() - 1);
    // Pages without text begin where the page before them ends: the byte belongs to the one that holds it.
    while (page > 0 && document.pages[page].range.empty() && document.pages[page].range.first == at &&
           at == document.text.size())
        --page;
    return page;
}

Result<void> check(const Document& document) {
    const std::string_view text = document.text;
    if (text.size() > UINT32_MAX) return breach("the text is too long");
    for (const std::string* words :
         {&document.text, &document.title, &document.author, &document.language, &document.mime})
        if (!is_utf8(*words)) return breach("text that is not UTF-8");
    if (document.pages.empty()) return breach("no page");
    std::uint32_t at = 0;
    for (const Page& page : document.pages) {
        if (!good(text, page.range) || page.range.first != at) return breach("a page's range");
        if (!on_paper(page.width) || !on_paper(page.height) || page.width < 0 || page.height < 0)
            return breach("a page's size");
        if (!is_utf8(page.label)) return breach("a page's label");
        at = page.range.last;
    }
    if (at != text.size()) return breach("pages that do not cover the text");
    at = 0;
    for (const Block& block : document.blocks) {
        if (!good(text, block.range) || block.range.empty() || block.range.first < at)
            return breach("a block's range");
        if (block.kind > BlockKind::note || block.level < 0 || block.level > 255)
            return breach("a block's kind");
        if (block.kind == BlockKind::heading && (block.level < 1 || block.level > 6))
            return breach("a heading's level");
        if (block.page >= document.pages.size() ||
            !document.pages[block.page].range.contains({block.range.first, block.range.first + 1}))
            return breach("a block's page");
        if (!is_utf8(block.symbol)) return breach("a block's symbol");
        at = block.range.last;
    }
    at = 0;
    for (const LineBox& line : document.lines) {
        if (!good(text, line.range) || line.range.empty() || line.range.first < at)
            return breach("a line's range");
        if (line.page >= document.pages.size() || !document.pages[line.page].range.contains(line.range))
            return breach("a line's page");
        if (!on_paper(line.x) || !on_paper(line.y) || !on_paper(line.width) || !on_paper(line.height) ||
            line.width < 0 || line.height < 0)
            return breach("a line's box");
        at = line.range.last;
    }
    for (const Notice& notice : document.notices) {
        if (notice.code > NoticeCode::hidden_dropped || !is_utf8(notice.what)) return breach("a notice");
        for (std::size_t i = 0; i < notice.pages.size(); ++i)
            if (notice.pages[i] >= document.pages.size() || (i > 0 && notice.pages[i] <= notice.pages[i - 1]))
                return breach("a notice's pages");
    }
    return {};
}

std::string page_list(const std::vector<std::uint32_t>& pages) {
    std::string list;
    for (std::size_t i = 0; i < pages.size();) {
        std::size_t last = i;
        while (last + 1 < pages.size() && pages[last + 1] == pages[last] + 1) ++last;
        if (!list.empty()) list += ", ";
        list += std::to_string(pages[i] + 1);
        if (last > i) list += (last == i + 1 ? ", " : "-") + std::to_string(pages[last] + 1);
        i = last + 1;
    }
    return list;
}

}  // namespace pellucid::reading
