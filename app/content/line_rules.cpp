#include "app/content/line_rules.h"

#include <algorithm>
#include <array>
#include <cctype>

namespace pellucid::app {
namespace {

bool isSpace(char c) {
    return c == ' ' || c == '\t';
}
bool isDigit(char c) {
    return c >= '0' && c <= '9';
}

constexpr std::array<std::string_view, 22> kEnvironments = {
    "equation", "equation*", "align",    "align*", "aligned", "alignat",    "alignat*", "gather",
    "gather*",  "gathered",  "multline", "split",  "cases",   "matrix",     "pmatrix",  "bmatrix",
    "Bmatrix",  "vmatrix",   "Vmatrix",  "array",  "CD",      "smallmatrix"};

}  // namespace

int LineCursor::indent() const {
    int columns = spare_;
    int column = column_ + spare_;
    for (std::size_t i = at_; i < line_.size() && columns < 64; ++i) {
        const int step = line_[i] == ' ' ? 1 : line_[i] == '\t' ? 4 - column % 4 : 0;
        if (step == 0) break;
        columns += step;
        column += step;
    }
    return columns;
}

void LineCursor::skip(int columns) {
    while (columns > 0) {
        if (spare_ == 0) {
            if (at_ >= line_.size() || !isSpace(line_[at_])) return;
            spare_ = line_[at_] == ' ' ? 1 : 4 - column_ % 4;
            ++at_;
        }
        const int step = std::min(columns, spare_);
        spare_ -= step;
        column_ += step;
        columns -= step;
    }
}

void LineCursor::take(std::size_t bytes) {
    bytes = std::min(bytes, line_.size() - at_);
    at_ += bytes;
    column_ += static_cast<int>(bytes) + spare_;
    spare_ = 0;
}

bool LineCursor::blank() const {
    return trimmed().empty();
}

std::string_view LineCursor::trimmed() const {
    std::size_t i = at_;
    while (i < line_.size() && isSpace(line_[i])) ++i;
    return line_.substr(i);
}

std::string LineCursor::rest() const {
    return std::string(static_cast<std::size_t>(spare_), ' ').append(line_.substr(at_));
}

std::string_view trimEnd(std::string_view text) {
    while (!text.empty() && isSpace(text.back())) text.remove_suffix(1);
    return text;
}

std::string_view trim(std::string_view text) {
    while (!text.empty() && isSpace(text.front())) text.remove_prefix(1);
    return trimEnd(text);
}

std::optional<FenceOpening> fenceOpening(std::string_view line) {
    if (line.size() < 3 || (line[0] != '`' && line[0] != '~')) return {};
    const std::size_t end = line.find_first_not_of(line[0]);
    const std::size_t length = end == line.npos ? line.size() : end;
    if (length < 3) return {};
    std::string_view info = trim(line.substr(length));
    if (line[0] == '`' && info.find('`') != info.npos) return {};
    // "python title=x", "{.python}", "cpp:main.cpp": the first word is the language.
    while (!info.empty() && (info.front() == '{' || info.front() == '.')) info.remove_prefix(1);
    std::string language(info.substr(0, info.find_first_of(" \t{},:")));
    std::transform(language.begin(), language.end(), language.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return FenceOpening{line[0], static_cast<int>(length), language.substr(0, 40)};
}

bool closesFence(std::string_view line, char mark, int length) {
    line = trimEnd(line);
    return static_cast<int>(line.size()) >= length && line.find_first_not_of(mark) == line.npos;
}

std::optional<ListMarker> listMarker(std::string_view line) {
    if (line.empty()) return {};
    ListMarker marker;
    std::size_t end = 0;
    if (line[0] == '-' || line[0] == '+' || line[0] == '*') {
        marker.delimiter = line[0];
        end = 1;
    } else {
        while (end < line.size() && end < 9 && isDigit(line[end]))
            marker.number = marker.number * 10 + (line[end++] - '0');
        if (end == 0 || end >= line.size() || (line[end] != '.' && line[end] != ')')) return {};
        marker.ordered = true;
        marker.delimiter = line[end++];
    }
    if (end < line.size() && !isSpace(line[end])) return {};
    marker.width = static_cast<int>(end);
    marker.empty = trim(line.substr(end)).empty();
    return marker;
}

std::optional<AtxHeading> atxHeading(std::string_view line) {
    std::size_t level = 0;
    while (level < line.size() && line[level] == '#') ++level;
    if (level < 1 || level > 6 || (level < line.size() && !isSpace(line[level]))) return {};
    std::string_view text = trim(line.substr(level));
    std::size_t hashes = 0;
    while (hashes < text.size() && text[text.size() - 1 - hashes] == '#') ++hashes;
    if (hashes == text.size())
        text = {};
    else if (hashes > 0 && isSpace(text[text.size() - 1 - hashes]))
        text = trimEnd(text.substr(0, text.size() - hashes));
    return AtxHeading{static_cast<int>(level), text};
}

bool isThematicBreak(std::string_view line) {
    if (line.empty() || (line[0] != '-' && line[0] != '*' && line[0] != '_')) return false;
    int marks = 0;
    for (const char c : line) {
        if (c == line[0])
            ++marks;
        else if (!isSpace(c))
            return false;
    }
    return marks >= 3;
}

int setextLevel(std::string_view line) {
    line = trimEnd(line);
    if (line.empty() || (line[0] != '=' && line[0] != '-')) return 0;
    return line.find_first_not_of(line[0]) != line.npos ? 0 : line[0] == '=' ? 1 : 2;
}

int delimiterColumns(std::string_view line) {
    line = trim(line);
    if (line.find('|') == line.npos || line.find('-') == line.npos) return 0;
    if (line.front() == '|') line.remove_prefix(1);
    if (!line.empty() && line.back() == '|') line.remove_suffix(1);
    int columns = 0;
    while (true) {
        const std::size_t bar = line.find('|');
        std::string_view cell = trim(line.substr(0, bar));
        if (!cell.empty() && cell.front() == ':') cell.remove_prefix(1);
        if (!cell.empty() && cell.back() == ':') cell.remove_suffix(1);
        if (cell.empty() || cell.find_first_not_of('-') != cell.npos) return 0;
        ++columns;
        if (bar == line.npos) return columns;
        line.remove_prefix(bar + 1);
    }
}

std::optional<MathOpening> mathOpening(std::string_view line) {
    if (line.starts_with("$$")) return MathOpening{line.substr(2), "$$", false};
    if (line.starts_with("\\[")) return MathOpening{line.substr(2), "\\]", false};
    if (line.starts_with("\\begin{")) {
        const std::string_view name = line.substr(7, line.find('}') - 7);
        if (std::find(kEnvironments.begin(), kEnvironments.end(), name) == kEnvironments.end()) return {};
        return MathOpening{line, "\\end{" + std::string(name) + "}", true};
    }
    return {};
}

std::size_t findMathCloser(std::string_view line, std::string_view closer) {
    for (std::size_t i = 0; i + closer.size() <= line.size(); ++i) {
        if (line.substr(i, closer.size()) == closer) return i;
        if (line[i] == '\\') ++i;  // \$ and \\] do not close
    }
    return line.npos;
}

bool isAmbiguousStart(std::string_view line) {
    while (!line.empty() && (isSpace(line.front()) || line.front() == '>')) line.remove_prefix(1);
    if (line.empty()) return true;
    const std::string_view bare = trimEnd(line);
    const auto only = [&](std::string_view set) { return bare.find_first_not_of(set) == bare.npos; };
    if (only("-*_+ \t") || only("=") || only("#") || only("|:- \t") || only("$")) return true;
    if (bare == "\\" || bare == "\\[" || bare == "\\(") return true;
    if (bare.starts_with("```") || bare.starts_with("~~~")) return bare.find('`', 3) == bare.npos;
    if (only("`") || only("~")) return true;
    if (std::string_view("\\begin{").starts_with(bare) ||
        (bare.starts_with("\\begin{") && bare.find('}') == bare.npos))
        return true;
    std::size_t digits = 0;
    while (digits < bare.size() && isDigit(bare[digits])) ++digits;
    if (digits > 0 && digits <= 9 &&
        (digits == bare.size() ||
         (digits + 1 == bare.size() && (bare[digits] == '.' || bare[digits] == ')'))))
        return true;
    // "- [", "1. [x": the box of a task is not text yet.
    if (const auto marker = listMarker(line)) {
        const std::string_view after = trim(line.substr(static_cast<std::size_t>(marker->width)));
        return after.size() <= 3 && (after.starts_with("[ ") || after.starts_with("[x") ||
                                     after.starts_with("[X") || after == "[");
    }
    return false;
}

bool isBalanced(std::string_view text) {
    bool strong = false;
    int ticks = 0;
    bool dollar = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '`') {
            std::size_t end = i;
            while (end < text.size() && text[end] == '`') ++end;
            const int run = static_cast<int>(end - i);
            if (ticks == 0)
                ticks = run;
            else if (ticks == run)
                ticks = 0;
            i = end - 1;
        } else if (ticks == 0 && text[i] == '\\') {
            ++i;
        } else if (ticks == 0 && text[i] == '$') {
            dollar = !dollar;
        } else if (ticks == 0 && text[i] == '*') {
            std::size_t end = i;
            while (end < text.size() && text[end] == '*') ++end;
            if (end - i >= 2) strong = !strong;
            i = end - 1;
        }
    }
    return !strong && ticks == 0 && !dollar;
}

}  // namespace pellucid::app
