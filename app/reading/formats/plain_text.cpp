// Plain text: paragraphs are parted by blank lines; underlined lines are headings, marked lines list items.
#include <cctype>

#include "app/reading/formats/format.h"

namespace pellucid::reading {

namespace {

/// A line of one of these characters alone, at least three of them, under a line of text makes it a heading.
int underline_level(std::string_view line) {
    if (line.size() < 3) return 0;
    const char mark = line[0];
    if (mark != '=' && mark != '-' && mark != '~' && mark != '*') return 0;
    if (line.find_first_not_of(mark) != line.npos) return 0;
    return mark == '=' || mark == '*' ? 1 : mark == '-' ? 2 : 3;
}

/// Bytes of a list mark and the blanks after it; 0: no list item.
std::size_t list_mark(std::string_view line) {
    std::size_t at = 0;
    if (line.starts_with("\xE2\x80\xA2")) {
        at = 3;
    } else if (!line.empty() && (line[0] == '-' || line[0] == '*' || line[0] == '+')) {
        at = 1;
    } else {
        while (at < line.size() && at < 3 && std::isdigit(static_cast<unsigned char>(line[at]))) ++at;
        if (at == 0 || at >= line.size() || (line[at] != '.' && line[at] != ')')) return 0;
        ++at;
    }
    const std::size_t text = line.find_first_not_of(" \t", at);
    return text == line.npos || text == at ? 0 : text;
}

}  // namespace

Result<void> read_text(std::string_view text, DocumentBuilder& out) {
    std::string paragraph;
    int depth = 0;  // > 0: the paragraph is a list item
    const auto flush = [&] {
        if (!paragraph.empty())
            out.add(depth > 0 ? BlockKind::list_item : BlockKind::paragraph, depth, paragraph, {}, true);
        paragraph.clear();
        depth = 0;
    };
    std::string_view last;  // the line before, if it is the whole paragraph so far
    for (std::size_t at = 0; at < text.size() && !out.full();) {
        std::size_t end = text.find_first_of("\n\f\r", at);
        if (end == text.npos) end = text.size();
        std::string_view line = text.substr(at, end - at);
        at = end + 1;
        const std::size_t indent = std::min(line.find_first_not_of(" \t"), line.size());
        line.remove_prefix(indent);
        while (!line.empty() && (line.back() == ' ' || line.back() == '\t')) line.remove_suffix(1);
        if (line.empty()) {
            flush();
            last = {};
            continue;
        }
        if (const int level = underline_level(line); level > 0) {
            if (!last.empty() && last.size() <= 120) {
                paragraph.clear();
                depth = 0;
                out.heading(level, last);
            } else {
                flush();
            }
            last = {};
            continue;
        }
        if (const std::size_t mark = list_mark(line); mark > 0 && (paragraph.empty() || depth > 0)) {
            flush();
            depth = 1 + static_cast<int>(std::min<std::size_t>(indent / 4, 5));
            // The number or dash stays: it is part of what the person wrote.
            paragraph = line;
            last = {};
            continue;
        }
        last = paragraph.empty() ? line : std::string_view{};
        if (!paragraph.empty()) paragraph += '\n';
        paragraph += line;
    }
    flush();
    return {};
}

}  // namespace pellucid::reading
