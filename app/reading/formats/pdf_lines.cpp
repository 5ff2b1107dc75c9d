// Which boxes belong to which line of a page's text, and where in them each word stands.
//
// PDFium gives text and boxes apart. Both are in the order of drawing, and a line of text ends where a text
// object ends; so the boxes are cut into as many runs as there are lines, by dynamic programming over how
// well a run looks like a line (one baseline, left to right, as wide as its characters should be). Within a
// line words are placed by the widths that characters usually have, held to the boxes' edges.
#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "app/reading/formats/pdf_layout.h"
#include "engine/text/utf8.h"

namespace pellucid::reading {

namespace {

/// Widths of ASCII's printable characters in thousandths of an em: the average of Times and Helvetica
/// (Adobe's core font metrics), close enough to any text face to place words between known edges.
constexpr std::array<std::uint16_t, 95> kWidths = {
    264, 306, 381, 528, 528, 861, 722, 186, 333, 333, 444, 574, 264, 333, 264, 278, 528, 528, 528,
    528, 528, 528, 528, 528, 528, 528, 278, 278, 574, 574, 574, 500, 968, 694, 667, 694, 722, 639,
    583, 750, 722, 306, 444, 694, 583, 861, 722, 750, 611, 750, 694, 611, 611, 722, 694, 944, 694,
    694, 611, 306, 278, 306, 469, 528, 333, 500, 528, 472, 528, 500, 306, 528, 528, 250, 250, 500,
    250, 806, 528, 528, 528, 528, 333, 444, 278, 528, 500, 722, 500, 500, 472, 407, 230, 407, 560};

bool wide(char32_t c) {
    return (c >= 0x1100 && c <= 0x115F) || (c >= 0x2E80 && c <= 0xA4CF) || (c >= 0xAC00 && c <= 0xD7A3) ||
           (c >= 0xF900 && c <= 0xFAFF) || (c >= 0xFE30 && c <= 0xFE4F) || (c >= 0xFF00 && c <= 0xFF60) ||
           (c >= 0x20000 && c <= 0x3FFFF);
}

float em_width(char32_t c) {
    if (c >= 0x20 && c < 0x7f) return kWidths[c - 0x20] / 1000.0f;
    if (c < 0x20) return 0;
    if (wide(c)) return 1;
    if ((c >= 0x300 && c < 0x370) || c == 0x200B || c == 0xFEFF) return 0;
    return c == 0x2014 ? 1.0f : 0.52f;
}

/// One line's characters before they have a place.
struct RawLine {
    std::u32string text;
    std::vector<std::size_t> at;  // of each character, in the page's text
    bool hyphenated = false;
    std::vector<Box> anchors;  // places known exactly, the first few
    float ems = 0;             // width of all, in em
    std::size_t ink = 0;
};

std::vector<RawLine> split(const std::u16string& text) {
    std::vector<RawLine> lines(1);
    for (std::size_t i = 0; i < text.size(); ++i) {
        const std::size_t here = i;
        char32_t c = text[i];
        if (c >= 0xD800 && c < 0xDC00 && i + 1 < text.size() && text[i + 1] >= 0xDC00 && text[i + 1] < 0xE000)
            c = 0x10000 + ((c - 0xD800) << 10) + (static_cast<char32_t>(text[++i]) - 0xDC00);
        if (c == '\r' || c == '\n' || c == 0xFFFE || c == 2) {
            if (c == 0xFFFE || c == 2) lines.back().hyphenated = true;
            if (!lines.back().text.empty()) lines.emplace_back();
            continue;
        }
        if (c == 0 || (c >= 0xD800 && c < 0xE000)) c = 0xFFFD;
        if (c == 0xA0 || c == '\t') c = ' ';
        if (c == 0xAD) c = '-';
        lines.back().text += c;
        lines.back().at.push_back(here);
    }
    if (lines.back().text.empty()) lines.pop_back();
    for (RawLine& line : lines) {
        while (!line.text.empty() && line.text.back() == ' ') line.text.pop_back();
        const std::size_t blanks = std::min(line.text.find_first_not_of(U' '), line.text.size());
        line.text.erase(0, blanks);
        line.at.erase(line.at.begin(), line.at.begin() + static_cast<std::ptrdiff_t>(blanks));
        line.at.resize(line.text.size());
        for (const char32_t c : line.text) {
            line.ems += em_width(c);
            line.ink += c != ' ';
        }
        if (line.hyphenated) line.ems += 0.33f;
    }
    std::erase_if(lines, [](const RawLine& line) { return line.ink == 0; });
    return lines;
}

/// Whether `b` goes on where `a` ends: same baseline, further right.
bool goes_on(const Box& a, const Box& b) {
    const float height = std::max(a.height, b.height);
    const float overlap = std::min(a.bottom(), b.bottom()) - std::max(a.y, b.y);
    // Points and dashes are low, quotes high: what lies within the other's reach counts.
    const bool level =
        overlap > 0.2f * std::min(a.height, b.height) || std::abs(a.bottom() - b.bottom()) < 0.35f * height;
    return level && b.x > a.x - 0.3f * height && b.x > a.right() - 1.5f * height;
}

/// Cuts `boxes` into one run for each line. Entry i is where line i's run begins; one more at the end.
std::vector<std::size_t> assign(const std::vector<RawLine>& lines, const std::vector<Box>& boxes) {
    const std::size_t n = lines.size(), m = boxes.size();
    std::vector<std::size_t> begins(n + 1, m);
    if (n == 0) return begins;
    begins[0] = 0;
    // Nearly always every break of the drawing is a line's end: then nothing is left to choose.
    std::vector<std::size_t> breaks{0};
    for (std::size_t j = 1; j < m; ++j)
        if (!goes_on(boxes[j - 1], boxes[j])) breaks.push_back(j);
    const auto width_error = [&](std::size_t line, float left, float right, float height) {
        // A line should be as wide as its characters are at a size near its height.
        const float size = std::max(2.0f, height * 1.15f);
        const float ratio = std::max(right - left, 0.5f) / std::max(lines[line].ems * size, 0.5f);
        return std::abs(std::log(ratio));
    };
    // Characters of the line that are known to stand outside these boxes.
    const auto strangers = [&](std::size_t line, const Box* run, std::size_t count) {
        std::size_t outside = 0;
        for (const Box& anchor : lines[line].anchors)
            outside += std::none_of(run, run + count, [&](const Box& box) {
                return anchor.x + anchor.width / 2 > box.x - 1 &&
                       anchor.x + anchor.width / 2 < box.right() + 1 && anchor.middle() > box.y - 1.5f &&
                       anchor.middle() < box.bottom() + 1.5f;
            });
        return outside;
    };
    if (breaks.size() == n) {
        bool good = true;
        for (std::size_t i = 0; i < n && good; ++i) {
            const std::size_t end = i + 1 < n ? breaks[i + 1] : m;
            float left = 1e9f, right = -1e9f, height = 0;
            for (std::size_t j = breaks[i]; j < end; ++j) {
                left = std::min(left, boxes[j].x);
                right = std::max(right, boxes[j].right());
                height = std::max(height, boxes[j].height);
            }
            good = (lines[i].ink < 4 || width_error(i, left, right, height) < 0.9f) &&
                   strangers(i, boxes.data() + breaks[i], end - breaks[i]) == 0;
        }
        if (good) {
            std::copy(breaks.begin(), breaks.end(), begins.begin());
            return begins;
        }
    }
    // cost[i][j]: the first i lines hold the first j boxes. Runs are bounded, and so is the whole table.
    constexpr std::size_t kLongestRun = 160;
    if (n * m > 4'000'000) {
        for (std::size_t i = 0; i <= n; ++i) begins[i] = i * m / n;
        return begins;
    }
    constexpr float kNever = std::numeric_limits<float>::max() / 4;
    std::vector<float> cost((n + 1) * (m + 1), kNever);
    std::vector<std::uint16_t> run((n + 1) * (m + 1), 0);
    cost[0] = 0;
    for (std::size_t i = 0; i < n; ++i) {
        for (std::size_t j = 0; j <= m; ++j) {
            const float so_far = cost[i * (m + 1) + j];
            if (so_far >= kNever) continue;
            const auto offer = [&](std::size_t length, float price) {
                const std::size_t at = (i + 1) * (m + 1) + j + length;
                if (so_far + price < cost[at]) {
                    cost[at] = so_far + price;
                    run[at] = static_cast<std::uint16_t>(length);
                }
            };
            offer(0, 4.0f + 0.5f * static_cast<float>(
                                       std::min<std::size_t>(lines[i].ink, 40)));  // a line without any box
            float left = 1e9f, right = -1e9f, height = 0, breach = 0;
            for (std::size_t length = 1; length <= kLongestRun && j + length <= m; ++length) {
                const Box& box = boxes[j + length - 1];
                if (length > 1 && !goes_on(boxes[j + length - 2], box)) breach += 2.5f;
                if (breach > 12) break;
                left = std::min(left, box.x);
                right = std::max(right, box.right());
                height = std::max(height, box.height);
                // PDFium had a reason to end the line: what follows does not go on from it.
                float price = breach + 3.0f * width_error(i, left, right, height);
                if (j + length < m && goes_on(box, boxes[j + length])) price += 2.0f;
                price += 4.0f * static_cast<float>(strangers(i, &boxes[j], length));
                offer(length, price);
            }
        }
    }
    // Boxes that no line wants, at the end: dearer the more they are.
    std::size_t at = m;
    float best = kNever;
    for (std::size_t j = 0; j <= m; ++j)
        if (const float price = cost[n * (m + 1) + j] + 3.0f * static_cast<float>(m - j); price < best) {
            best = price;
            at = j;
        }
    begins[n] = at;
    for (std::size_t i = n; i-- > 0;) begins[i] = at -= run[(i + 1) * (m + 1) + at];
    return begins;
}

/// Where each character begins and ends, from the boxes of its line.
class Placement {
public:
    Placement(const std::u32string& text, bool hyphenated, const Box* boxes, std::size_t count)
        : count_(count), boxes_(boxes), of_(text.size(), 0), from_(text.size()), to_(text.size()) {
        float ems = hyphenated ? 0.33f : 0, width = 0;
        for (const char32_t c : text) ems += em_width(c);
        for (std::size_t k = 0; k < count; ++k) width += boxes[k].width;
        scale_ = width / std::max(ems, 0.1f);
        const std::vector<std::size_t> cuts =
            count > 1 ? cut(text, hyphenated) : std::vector<std::size_t>{0, text.size()};
        for (std::size_t k = 0; k < count; ++k) {
            // Blanks at a box's edges are not in it.
            std::size_t first = cuts[k], last = cuts[k + 1];
            const std::size_t begin = first, end = last;
            while (first < last && text[first] == ' ') ++first;
            while (last > first && text[last - 1] == ' ') --last;
            float total = 0;
            for (std::size_t i = first; i < last; ++i) total += em_width(text[i]);
            if (hyphenated && k + 1 == count) total += 0.33f;
            const float unit = boxes[k].width / std::max(total, 0.01f);
            float x = boxes[k].x;
            for (std::size_t i = begin; i < end; ++i) {
                of_[i] = k;
                from_[i] = x;
                if (i >= first && i < last) x += em_width(text[i]) * unit;
                to_[i] = x;
            }
        }
    }

    Box hull(std::size_t first, std::size_t last) const {
        float left = 1e9f, right = -1e9f, top = 1e9f, bottom = -1e9f;
        for (std::size_t i = first; i < last; ++i) {
            const Box& box = boxes_[of_[i]];
            left = std::min(left, from_[i]);
            right = std::max(right, to_[i]);
            top = std::min(top, box.y);
            bottom = std::max(bottom, box.bottom());
        }
        return {left, top, std::max(0.0f, right - left), std::max(0.0f, bottom - top)};
    }
    std::size_t box_of(std::size_t i) const { return of_[i]; }

    /// Moves characters so that those with a known place stand there: between two of them all is stretched
    /// alike.
    void hold(const std::vector<std::pair<std::size_t, Box>>& known) {
        if (known.empty() || from_.empty()) return;
        std::vector<std::pair<float, float>> moves{{from_.front(), from_.front()}};  // from where, to where
        const float end = to_.back();
        for (const auto& [i, box] : known) {
            const float middle = (from_[i] + to_[i]) / 2;
            // What would turn the order of the line around, or lead out of it, is a mistake.
            if (middle > moves.back().first + 0.01f && box.x + box.width / 2 > moves.back().second &&
                box.x + box.width / 2 < end + 1 && middle < end)
                moves.emplace_back(middle, box.x + box.width / 2);
        }
        if (end > moves.back().first + 0.01f && end > moves.back().second) moves.emplace_back(end, end);
        const auto moved = [&](float x) {
            const auto after = std::upper_bound(moves.begin(), moves.end(), x,
                                                [](float at, const auto& move) { return at < move.first; });
            if (after == moves.begin()) return x;
            if (after == moves.end()) return x - moves.back().first + moves.back().second;
            const auto& [x0, y0] = *(after - 1);
            const auto& [x1, y1] = *after;
            return y0 + (x - x0) * (y1 - y0) / (x1 - x0);
        };
        for (std::size_t i = 0; i < from_.size(); ++i) {
            from_[i] = moved(from_[i]);
            to_[i] = std::max(from_[i], moved(to_[i]));
        }
    }

private:
    /// The character with which each box begins, by least squares of widths; a gap before a box wants a blank
    /// there.
    std::vector<std::size_t> cut(const std::u32string& text, bool hyphenated) const {
        const std::size_t length = text.size();
        std::vector<float> ems(length + 1, 0);
        for (std::size_t i = 0; i < length; ++i) ems[i + 1] = ems[i] + em_width(text[i]);
        constexpr float kNever = std::numeric_limits<float>::max() / 4;
        std::vector<float> cost((count_ + 1) * (length + 1), kNever);
        std::vector<std::size_t> back((count_ + 1) * (length + 1), 0);
        cost[0] = 0;
        std::vector<std::size_t> even(count_ + 1);
        for (std::size_t k = 0; k <= count_; ++k) even[k] = k * length / count_;
        if (count_ * length * 64 > 8'000'000) return even;
        for (std::size_t k = 0; k < count_; ++k) {
            const float want = boxes_[k].width / std::max(scale_, 0.1f);
            const float height = std::max(boxes_[k].height, 4.0f);
            const float gap = k == 0 ? 0 : boxes_[k].x - boxes_[k - 1].right();
            for (std::size_t i = 0; i <= length; ++i) {
                float so_far = cost[k * (length + 1) + i];
                if (so_far >= kNever) continue;
                const bool blank = i > 0 && i < length && (text[i - 1] == ' ' || text[i] == ' ');
                if (k > 0 && gap > 0.13f * height && !blank) so_far += 1.0f;
                if (k > 0 && gap < 0.08f * height && blank) so_far += 0.6f;
                // Only ends near the wanted width are worth a look.
                for (std::size_t end = i; end <= length; ++end) {
                    float have = ems[end] - ems[i];
                    if (i < end && text[end - 1] == ' ') have -= 0.264f;
                    if (i < end && text[i] == ' ') have -= 0.264f;
                    if (hyphenated && end == length && k + 1 == count_) have += 0.33f;
                    const float off = have - want;
                    const float price = so_far + off * off / (0.3f + 0.15f * want) + (end == i ? 2.0f : 0.0f);
                    const std::size_t at = (k + 1) * (length + 1) + end;
                    if (price < cost[at]) {
                        cost[at] = price;
                        back[at] = i;
                    }
                    if (off > 3 + 0.6f * want) break;
                }
            }
        }
        if (cost[count_ * (length + 1) + length] >= kNever) return even;
        std::vector<std::size_t> cuts(count_ + 1, length);
        for (std::size_t k = count_; k-- > 0;) cuts[k] = back[(k + 1) * (length + 1) + cuts[k + 1]];
        cuts[0] = 0;
        return cuts;
    }

    std::size_t count_;
    const Box* boxes_;
    float scale_ = 10;
    std::vector<std::size_t> of_;
    std::vector<float> from_, to_;
};

std::string utf8(std::u32string_view text) {
    std::string out;
    for (const char32_t c : text) append_utf8(out, c);
    return out;
}

/// How much of an em the ink of this text is high: letters with ascenders, descenders, both or none.
float ink_height(std::u32string_view text) {
    bool up = false, down = false;
    for (const char32_t c : text) {
        if (wide(c)) return 0.92f;
        constexpr std::u32string_view kDown = U"gjpqy,;()[]{}|Q@_/$";
        constexpr std::u32string_view kUp = U"bdfhijklt()[]{}|/\\'\"@$&%!?";
        down = down || kDown.find(c) != kDown.npos;
        up = up || kUp.find(c) != kUp.npos || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c > 0x7f;
    }
    return up && down ? 0.92f : up ? 0.70f : down ? 0.66f : 0.46f;
}

PdfLine place(const RawLine& raw, const Box* boxes, std::size_t count,
              const std::vector<std::pair<std::size_t, Box>>& anchors = {}) {
    PdfLine line;
    line.hyphenated = raw.hyphenated;
    Placement placement(raw.text, raw.hyphenated, boxes, count);
    if (!anchors.empty() && !raw.at.empty()) {
        const Box all = placement.hull(0, raw.text.size());
        std::vector<std::pair<std::size_t, Box>> known;
        auto next = std::lower_bound(anchors.begin(), anchors.end(), raw.at.front(),
                                     [](const auto& anchor, std::size_t at) { return anchor.first < at; });
        for (std::size_t i = 0; i < raw.at.size() && next != anchors.end(); ++i)
            if (raw.at[i] == next->first) {
                const Box& box = next->second;
                if (box.width > 0 && box.middle() > all.y - 2 && box.middle() < all.bottom() + 2)
                    known.emplace_back(i, box);
                ++next;
            }
        placement.hold(known);
    }
    const std::u32string_view text = raw.text;
    for (std::size_t i = 0; i < text.size();) {
        if (text[i] == ' ') {
            ++i;
            continue;
        }
        std::size_t end = i + 1;
        if (wide(text[i])) {
            while (end < text.size() && end - i < 4 && wide(text[end]) &&
                   placement.box_of(end) == placement.box_of(i))
                ++end;
        } else {
            while (end < text.size() && text[end] != ' ' && !wide(text[end])) ++end;
        }
        const bool space = i > 0 && text[i - 1] == ' ';
        line.words.push_back(
            {fold_compatibility(utf8(text.substr(i, end - i))), placement.hull(i, end), space});
        i = end;
    }
    line.box = placement.hull(0, text.size());
    // Dots that lead the eye from a title to its page are no words.
    const auto dots = [](const PdfWord& word) {
        return word.text.find_first_not_of('.') == std::string::npos;
    };
    std::size_t leaders = 0;
    for (const PdfWord& word : line.words) leaders += dots(word) ? word.text.size() : 0;
    if (leaders >= 4) {
        line.contents = true;
        std::erase_if(line.words, dots);
        for (PdfWord& word : line.words)
            while (word.text.size() > 2 && word.text.ends_with(". .")) word.text.resize(word.text.size() - 2);
    }
    // Fixed-width faces are wide for their size: the ink's height holds the estimate down.
    line.size =
        std::min(line.box.width / std::max(raw.ems, 0.1f), 1.08f * line.box.height / ink_height(raw.text));
    return line;
}

/// On sparse pages PDFium takes every letter for a line of vertical writing, and cells of a table for lines.
/// What stands on one baseline, one after the other, is one line; letters without a gap are one word.
std::vector<PdfLine> rejoined(std::vector<PdfLine> lines) {
    std::vector<PdfLine> out;
    for (PdfLine& line : lines) {
        if (line.words.empty()) continue;
        if (!out.empty() && !out.back().words.empty() && !out.back().hyphenated && !line.contents &&
            !out.back().contents) {
            PdfLine& before = out.back();
            const float height = std::max(before.box.height, line.box.height),
                        gap = line.box.x - before.box.right();
            const float overlap =
                std::min(before.box.bottom(), line.box.bottom()) - std::max(before.box.y, line.box.y);
            const bool level = line.box.width > 0 && before.box.width > 0 &&
                               overlap > 0.6f * std::min(before.box.height, line.box.height) &&
                               std::abs(before.box.bottom() - line.box.bottom()) < 0.4f * height;
            if (level && gap > -0.2f * height) {
                const auto before_length = static_cast<float>(before.text().size()),
                           length = static_cast<float>(line.text().size());
                before.size = (before.size * before_length + line.size * length) / (before_length + length);
                const bool same_word = gap < 0.33f * height &&
                                       before.words.back().text.size() + line.words.front().text.size() < 200;
                line.words.front().space_before = !same_word;
                if (same_word) {
                    PdfWord &a = before.words.back(), &b = line.words.front();
                    const float top = std::min(a.box.y, b.box.y),
                                bottom = std::max(a.box.bottom(), b.box.bottom());
                    a.text += b.text;
                    a.box = {a.box.x, top, std::max(a.box.right(), b.box.right()) - a.box.x, bottom - top};
                    line.words.erase(line.words.begin());
                }
                before.words.insert(before.words.end(), line.words.begin(), line.words.end());
                const float top = std::min(before.box.y, line.box.y),
                            bottom = std::max(before.box.bottom(), line.box.bottom());
                before.box = {before.box.x, top,
                              std::max(before.box.right(), line.box.right()) - before.box.x, bottom - top};
                before.hyphenated = line.hyphenated;
                continue;
            }
        }
        out.push_back(std::move(line));
    }
    return out;
}

}  // namespace

std::string PdfLine::text() const {
    std::string out;
    for (const PdfWord& word : words) out += (word.space_before && !out.empty() ? " " : "") + word.text;
    return out;
}

std::vector<PdfLine> lines_of(const RawPage& page) {
    std::vector<PdfLine> lines;
    if (!page.recognised.empty()) {
        for (const auto& [box, text] : page.recognised) {
            RawLine raw;
            for (std::size_t at = 0; at < text.size();) {
                const Utf8Char next = decode_utf8(text, at);
                raw.text += next.code_point;
                raw.ems += em_width(next.code_point);
                at += next.length;
            }
            if (!raw.text.empty()) lines.push_back(place(raw, &box, 1));
        }
        return lines;
    }
    std::vector<RawLine> raw = split(page.text);
    auto anchor = page.anchors.begin();
    for (RawLine& line : raw)
        for (const std::size_t at : line.at) {
            while (anchor != page.anchors.end() && anchor->first < at) ++anchor;
            if (anchor != page.anchors.end() && anchor->first == at && anchor->second.width > 0 &&
                line.anchors.size() < 6)
                line.anchors.push_back(anchor->second);
        }
    const std::vector<std::size_t> begins = assign(raw, page.boxes);
    for (std::size_t i = 0; i < raw.size(); ++i) {
        if (begins[i + 1] > begins[i]) {
            lines.push_back(place(raw[i], &page.boxes[begins[i]], begins[i + 1] - begins[i], page.anchors));
        } else {  // text that shows no ink: kept beside the line before it, without a place of its own
            const Box nowhere = lines.empty()
                                    ? Box{}
                                    : Box{lines.back().box.x, lines.back().box.y, 0, lines.back().box.height};
            lines.push_back(place(raw[i], &nowhere, 1));
        }
    }
    return rejoined(std::move(lines));
}

}  // namespace pellucid::reading
