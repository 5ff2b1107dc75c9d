// CSV and TSV (RFC 4180, and what is written in practice: semicolons, bare quotes, line ends in cells).
#include <algorithm>
#include <array>

#include "app/reading/formats/format.h"

namespace pellucid::reading {

namespace {

/// The separator that most lines agree about, by count per line of the first 20.
char separator_of(std::string_view text) {
    char best = ',';
    std::size_t best_score = 0;
    for (const char candidate : {',', ';', '\t', '|'}) {
        std::size_t first = 0, agree = 0, line = 0;
        for (std::size_t at = 0; at < text.size() && line < 20; ++line) {
            const std::size_t end = std::min(text.find('\n', at), text.size());
            const std::string_view row = text.substr(at, end - at);
            const auto count = static_cast<std::size_t>(std::count(row.begin(), row.end(), candidate));
            if (line == 0) first = count;
            agree += count == first && count > 0;
            at = end + 1;
        }
        if (agree * 100 + std::min<std::size_t>(first, 99) > best_score && first > 0) {
            best_score = agree * 100 + std::min<std::size_t>(first, 99);
            best = candidate;
        }
    }
    return best;
}

bool number(std::string_view cell) {
    return !cell.empty() && cell.find_first_not_of("0123456789.,+-eE%$ ") == cell.npos;
}

}  // namespace

Result<void> read_delimited(std::string_view text, std::string_view extension, DocumentBuilder& out) {
    constexpr std::size_t kMostRows = 200'000, kMostColumns = 1'000;
    const char separator = extension == "tsv" || extension == "tab" ? '\t' : separator_of(text);
    std::vector<std::vector<std::string>> rows(1);
    rows.back().emplace_back();
    bool quoted = false, cut = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        std::string& cell = rows.back().back();
        if (quoted) {
            if (c != '"')
                cell += c;
            else if (i + 1 < text.size() && text[i + 1] == '"')
                cell += text[++i];
            else
                quoted = false;
        } else if (c == '"' && cell.empty()) {
            quoted = true;
        } else if (c == separator) {
            if (rows.back().size() < kMostColumns)
                rows.back().emplace_back();
            else
                cut = true;
        } else if (c == '\n') {
            if (rows.size() >= kMostRows) {
                cut = true;
                break;
            }
            rows.emplace_back();
            rows.back().emplace_back();
        } else if (c != '\r') {
            cell += c;
        }
    }
    // A header is a first row of names, none of them a number, over rows that have some.
    const auto& first = rows.front();
    const bool header =
        rows.size() > 1 && std::none_of(first.begin(), first.end(),
                                        [](const std::string& cell) { return cell.empty() || number(cell); });
    out.table(rows, header);
    if (cut)
        out.notice(NoticeCode::table_cut, "the table is longer than " + std::to_string(kMostRows) +
                                              " rows or wider than " + std::to_string(kMostColumns) +
                                              " columns: the rest was not read");
    return {};
}

}  // namespace pellucid::reading
