// Makes a Document out of what a format's parser meets, in order, and keeps the promises of document.h
// whatever that is: well-formed text in NFC, ordered ranges, limits. Blocks are parted by an empty line,
// items of a list and the pieces of a code file by one line end.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "app/reading/document.h"

namespace pellucid::reading {

struct BuildLimits {
    std::uint64_t max_text_bytes = 64ull << 20;
    std::uint32_t max_pages = 20'000;
};

class DocumentBuilder {
public:
    explicit DocumentBuilder(BuildLimits limits) : limits_(limits) {}

    /// What is added from now on stands on a new page. Without any call there is one page without geometry.
    /// False: there are as many pages as there may be (a notice says so), add nothing more.
    bool begin_page(std::string label = {}, float width = 0, float height = 0);

    /// Adds a block; text that is blank adds nothing. White space is folded to single spaces except in code
    /// and tables; a line end survives where `keep_lines`. False: the text is full.
    bool add(BlockKind kind, int level, std::string_view text, std::string symbol = {},
             bool keep_lines = false);
    bool heading(int level, std::string_view text) { return add(BlockKind::heading, level, text); }
    bool paragraph(std::string_view text) { return add(BlockKind::paragraph, 0, text); }
    /// Rows of cells: trailing empty cells and empty rows are left out.
    bool table(const std::vector<std::vector<std::string>>& rows, bool header);

    void notice(NoticeCode code, std::string what, std::vector<std::uint32_t> pages = {});
    bool full() const { return full_; }
    bool empty() const { return document_.blocks.empty(); }
    std::uint32_t page() const {
        return document_.pages.empty() ? 0 : static_cast<std::uint32_t>(document_.pages.size() - 1);
    }

    Document& about() { return document_; }  ///< for title, author, language, mime and flags of the last page
    Document finish() &&;

private:
    BuildLimits limits_;
    Document document_;
    std::vector<bool> page_begun_;  ///< a page that has text already
    bool full_ = false;
    bool undecodable_ = false;
};

/// Normalised to NFC. PRECONDITION: UTF-8. Text that ICU refuses comes back unchanged.
std::string to_nfc(std::string_view text);
/// NFC, and compatibility forms folded to what people search for: ligatures, full-width Latin, CJK radicals.
/// Superscripts and fractions stay apart from the digits beside them.
std::string fold_compatibility(std::string_view text);
/// Runs of white space as one space, none at either end; line ends kept where asked for.
std::string folded_space(std::string_view text, bool keep_lines = false);

}  // namespace pellucid::reading
