// The order of reading, and what repeats on every page.
#include <algorithm>
#include <cctype>
#include <cmath>
#include <map>
#include <numeric>

#include "app/reading/formats/pdf_layout.h"

namespace pellucid::reading {

namespace {

/// A line cut where blanks wider than two characters part it: columns and cells.
std::vector<PdfLine> pieces_of(const PdfLine& line) {
    std::vector<PdfLine> pieces;
    for (const PdfWord& word : line.words) {
        const float gap = pieces.empty() ? 0 : word.box.x - pieces.back().box.right();
        if (pieces.empty() || (gap > std::max(9.0f, 1.6f * line.size) && word.space_before)) {
            pieces.emplace_back();
            pieces.back().size = line.size;
            pieces.back().contents = line.contents;
            pieces.back().box = word.box;
        }
        PdfLine& piece = pieces.back();
        const float right = std::max(piece.box.right(), word.box.right()),
                    bottom = std::max(piece.box.bottom(), word.box.bottom());
        piece.box.x = std::min(piece.box.x, word.box.x);
        piece.box.y = std::min(piece.box.y, word.box.y);
        piece.box.width = right - piece.box.x;
        piece.box.height = bottom - piece.box.y;
        piece.words.push_back(word);
    }
    if (!pieces.empty()) pieces.back().hyphenated = line.hyphenated;
    return pieces;
}

/// The x of a gutter that parts the page's text in two columns, or 0.
float gutter_of(const std::vector<PdfLine>& pieces, float page_width) {
    if (pieces.size() < 16) return 0;
    float best = 0, best_score = 0;
    for (float x = page_width * 0.3f; x < page_width * 0.7f; x += 2) {
        float left = 0, right = 0, crossing = 0;
        std::size_t left_lines = 0, right_lines = 0;
        for (const PdfLine& piece : pieces) {
            if (piece.box.right() <= x + 1)
                left += piece.box.width, ++left_lines;
            else if (piece.box.x >= x - 1)
                right += piece.box.width, ++right_lines;
            else
                crossing += piece.box.width;
        }
        const float all = left + right + crossing;
        // Columns are filled: their lines are nearly as wide as they are.
        if (left_lines < 8 || right_lines < 8 || crossing > 0.35f * all) continue;
        if (left / static_cast<float>(left_lines) < 0.22f * page_width ||
            right / static_cast<float>(right_lines) < 0.22f * page_width)
            continue;
        const float score = std::min(left, right) - crossing;
        if (score > best_score) {
            best_score = score;
            best = x;
        }
    }
    return best;
}

std::string shape_of(const PdfLine& line) {
    std::string shape;
    for (const char c : line.text()) {
        if (std::isdigit(static_cast<unsigned char>(c))) {
            if (shape.empty() || shape.back() != '#') shape += '#';
        } else {
            shape += c;
        }
    }
    return shape;
}

bool roman(std::string_view word) {
    return !word.empty() && word.size() < 9 && word.find_first_not_of("ivxlcdm") == word.npos;
}

/// Numbers in a line, for finding the page's own.
std::vector<long> numbers_of(const PdfLine& line) {
    std::vector<long> numbers;
    for (const PdfWord& word : line.words) {
        std::string_view digits = word.text;
        while (!digits.empty() && !std::isdigit(static_cast<unsigned char>(digits.front())))
            digits.remove_prefix(1);
        std::size_t end = 0;
        while (end < digits.size() && std::isdigit(static_cast<unsigned char>(digits[end]))) ++end;
        if (end > 0 && end < 6) numbers.push_back(std::stol(std::string(digits.substr(0, end))));
    }
    return numbers;
}

}  // namespace

std::vector<PdfLine> in_reading_order(std::vector<PdfLine> lines, float page_width) {
    std::vector<PdfLine> pieces;
    for (const PdfLine& line : lines)
        for (PdfLine& piece : pieces_of(line)) pieces.push_back(std::move(piece));
    const float gutter = gutter_of(pieces, page_width);
    if (gutter == 0) {
        // The order of drawing is that of reading nearly always. Where most lines go up instead of down, it
        // is not.
        std::size_t up = 0;
        for (std::size_t i = 1; i < lines.size(); ++i)
            up += lines[i].box.middle() < lines[i - 1].box.y - lines[i - 1].box.height;
        if (lines.size() > 3 && up * 3 > lines.size())
            std::stable_sort(lines.begin(), lines.end(), [](const PdfLine& a, const PdfLine& b) {
                return a.box.middle() < b.box.middle();
            });
        return lines;
    }
    // What crosses the gutter parts the page in bands; in each the left column comes before the right one.
    std::stable_sort(pieces.begin(), pieces.end(),
                     [](const PdfLine& a, const PdfLine& b) { return a.box.bottom() < b.box.bottom(); });
    std::vector<PdfLine> out, left, right;
    const auto flush = [&] {
        for (auto* column : {&left, &right}) {
            for (PdfLine& piece : *column) {
                // Pieces of one line in one column are one line again.
                if (!out.empty() && column == &left && &piece != &column->front() &&
                    std::abs(out.back().box.bottom() - piece.box.bottom()) < 2 &&
                    piece.box.x > out.back().box.right()) {
                    piece.words.front().space_before = true;
                    out.back().words.insert(out.back().words.end(), piece.words.begin(), piece.words.end());
                    out.back().box.width = piece.box.right() - out.back().box.x;
                    out.back().hyphenated = piece.hyphenated;
                } else {
                    out.push_back(std::move(piece));
                }
            }
            column->clear();
        }
    };
    for (PdfLine& piece : pieces) {
        if (piece.box.right() <= gutter + 1)
            left.push_back(std::move(piece));
        else if (piece.box.x >= gutter - 1)
            right.push_back(std::move(piece));
        else {
            flush();
            out.push_back(std::move(piece));
        }
    }
    flush();
    return out;
}

std::vector<std::vector<std::size_t>> running_lines(const std::vector<std::vector<PdfLine>>& pages,
                                                    const std::vector<RawPage>& raw) {
    std::vector<std::vector<std::size_t>> running(pages.size());
    if (pages.size() < 3) return running;
    struct Candidate {
        std::size_t page, line;
        bool top;
        float y;
        std::string shape;
    };
    std::vector<Candidate> candidates;
    for (std::size_t page = 0; page < pages.size(); ++page) {
        const auto& lines = pages[page];
        // What is set larger than the page's text is a title, wherever it stands and however often.
        std::vector<float> sizes;
        for (const PdfLine& line : lines) sizes.push_back(line.size);
        std::nth_element(sizes.begin(), sizes.begin() + static_cast<std::ptrdiff_t>(sizes.size() / 2),
                         sizes.end());
        const float usual = sizes.empty() ? 0 : sizes[sizes.size() / 2];
        std::vector<std::size_t> order(lines.size());
        std::iota(order.begin(), order.end(), 0);
        std::sort(order.begin(), order.end(),
                  [&](std::size_t a, std::size_t b) { return lines[a].box.y < lines[b].box.y; });
        for (std::size_t i = 0; i < order.size(); ++i) {
            const bool top = i<2, bottom = i + 3> order.size() && !(top && order.size() < 3);
            if (!top && !bottom) continue;
            const PdfLine& line = lines[order[i]];
            if (lines.size() > 4 && line.size > 1.25f * usual) continue;
            // Heads and feet stand in the outer parts of the page.
            const float height = raw[page].height;
            if (height <= 0 || (line.box.y > 0.16f * height && line.box.bottom() < 0.84f * height)) continue;
            candidates.push_back({page, order[i], line.box.y < height / 2, line.box.y, shape_of(line)});
        }
    }
    // Said again at the same height on other pages.
    std::map<std::pair<bool, std::string>, std::vector<const Candidate*>> by_shape;
    for (const Candidate& candidate : candidates)
        by_shape[{candidate.top, candidate.shape}].push_back(&candidate);
    const auto drop = [&](const Candidate& candidate) {
        auto& list = running[candidate.page];
        if (std::find(list.begin(), list.end(), candidate.line) == list.end()) list.push_back(candidate.line);
    };
    for (const auto& [key, alike] : by_shape)
        for (const Candidate* one : alike) {
            const auto same = std::count_if(alike.begin(), alike.end(), [&](const Candidate* other) {
                return std::abs(other->y - one->y) < 4;
            });
            if (same >= 3 || (same >= 2 && pages.size() < 6)) drop(*one);
        }
    // Holds the page's number: the same distance from the page's index on most pages, at the same height.
    std::map<std::pair<bool, long>, std::size_t> offsets;
    std::map<std::pair<bool, int>, std::size_t> heights;
    for (const Candidate& candidate : candidates) {
        for (const long number : numbers_of(pages[candidate.page][candidate.line]))
            ++offsets[{candidate.top, number - static_cast<long>(candidate.page)}];
        ++heights[{candidate.top, static_cast<int>(candidate.y / 4)}];
    }
    for (const Candidate& candidate : candidates) {
        const PdfLine& line = pages[candidate.page][candidate.line];
        const bool usual_height =
            heights[{candidate.top, static_cast<int>(candidate.y / 4)}] * 4 > pages.size();
        if (!usual_height || line.words.size() > 16) continue;
        bool numbered = line.words.size() == 1 && roman(line.words[0].text);
        for (const long number : numbers_of(line))
            numbered = numbered || offsets[{candidate.top, number - static_cast<long>(candidate.page)}] * 3 >
                                       pages.size();
        if (numbered) drop(candidate);
    }
    return running;
}

}  // namespace pellucid::reading
