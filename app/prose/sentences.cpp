#include "app/prose/sentences.h"

#include <unicode/brkiter.h>
#include <unicode/uchar.h>
#include <unicode/utext.h>

#include <algorithm>
#include <array>

#include "engine/text/utf8.h"

namespace pellucid::prose {

namespace {

/// Words whose full stop ends no sentence when something follows in the line.
constexpr std::array kAbbreviations = {"e.g",  "i.e", "etc",  "cf",  "vs",  "fig",  "figs", "eq",     "eqs",
                                       "sec",  "no",  "nos",  "vol", "pp",  "p",    "ch",   "dr",     "mr",
                                       "mrs",  "ms",  "prof", "st",  "jr",  "sr",   "al",   "approx", "ca",
                                       "dept", "est", "inc",  "ltd", "co",  "corp", "u.s",  "u.k",    "a.m",
                                       "p.m",  "gen", "rev",  "ed",  "eds", "ref",  "refs", "art"};

constexpr std::size_t kLongestAbbreviation = 12;  // bytes

bool is_letter(char32_t c) {
    return u_isalnum(static_cast<UChar32>(c)) != 0;
}

bool is_space(char c) {
    return static_cast<unsigned char>(c) <= ' ';
}

/// The text up to `end` closes with an abbreviation or an initial.
bool ends_with_abbreviation(std::string_view text, std::size_t end) {
    if (end == 0 || text[end - 1] != '.') return false;
    std::size_t first = end - 1;
    while (first > 0 && end - first <= kLongestAbbreviation &&
           (static_cast<unsigned char>(text[first - 1]) >= 0x80 ||
            is_letter(static_cast<unsigned char>(text[first - 1])) || text[first - 1] == '.'))
        --first;
    std::string word;
    for (const char c : text.substr(first, end - 1 - first))
        word += c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
    if (word.size() == 1 && text[first] >= 'A' && text[first] <= 'Z') return true;  // an initial
    return std::any_of(kAbbreviations.begin(), kAbbreviations.end(),
                       [&](const char* known) { return word == known; });
}

/// What follows begins like a sentence's middle.
bool goes_on(std::string_view text, std::size_t at) {
    while (at < text.size() && (text[at] == ' ' || text[at] == '\t')) ++at;
    if (at >= text.size()) return false;
    const char32_t c = decode_utf8(text, at).code_point;
    return c >= 'a' && c <= 'z';
}

/// ICU counts an opening quote among the marks that close a sentence; it belongs to the next one.
std::size_t before_opening(std::string_view text, std::size_t end) {
    for (const std::string_view quote : {"“", "‘", "「", "『", "（", "【", "《", "(", "["})
        if (text.substr(0, end).ends_with(quote) && end > quote.size() && end < text.size())
            return end - quote.size();
    return end;
}

/// A line end that is a wrap of running text: the line before is no heading or item, and the next begins no
/// item.
bool is_wrap(std::string_view text, std::size_t newline) {
    std::size_t next = newline + 1;
    while (next < text.size() && (text[next] == ' ' || text[next] == '\t')) ++next;
    if (next >= text.size() || text[next] == '\n') return false;
    const std::string_view rest = text.substr(next);
    if (rest.starts_with("- ") || rest.starts_with("* ") || rest.starts_with("+ ") || rest.starts_with("#") ||
        rest.starts_with("|") || rest.starts_with("•") || rest.starts_with("```"))
        return false;
    std::size_t digits = 0;
    while (digits < rest.size() && rest[digits] >= '0' && rest[digits] <= '9') ++digits;
    if (digits > 0 && digits < 4 && digits < rest.size() && (rest[digits] == '.' || rest[digits] == ')') &&
        digits + 1 < rest.size() && rest[digits + 1] == ' ')
        return false;
    const std::size_t begin = text.rfind('\n', newline == 0 ? 0 : newline - 1);
    const std::string_view line =
        text.substr(begin == text.npos ? 0 : begin + 1, newline - (begin == text.npos ? 0 : begin + 1));
    return !line.starts_with("#") && line.find('\t') == line.npos && !line.starts_with("|") &&
           line.size() > 40;
}

/// The last character of a text is a letter or a digit.
bool ends_in_a_word(std::string_view text) {
    std::size_t at = text.size();
    while (at > 0 && (static_cast<unsigned char>(text[--at]) & 0xC0) == 0x80) {
    }
    const char32_t c = at < text.size() ? decode_utf8(text, at).code_point : U' ';
    // Ideographs stand in no fragment that ICU would part.
    return c < 0x2E80 && is_letter(c);
}

}  // namespace

struct Sentences::State {
    std::unique_ptr<icu::BreakIterator> breaks;  // null without ICU's data: then lines alone end sentences
    std::string flat;                            // a paragraph with its line ends as blanks
};

Sentences::Sentences() : state_(std::make_unique<State>()) {
    UErrorCode status = U_ZERO_ERROR;
    state_->breaks.reset(icu::BreakIterator::createSentenceInstance(icu::Locale::getRoot(), status));
    if (U_FAILURE(status)) state_->breaks.reset();
}
Sentences::~Sentences() = default;

std::vector<Span> Sentences::of(std::string_view text, LineEnds line_ends) {
    const bool structure = line_ends == LineEnds::structure;
    if (!structure && text.find('\n') != text.npos) {
        state_->flat.assign(text);
        std::replace(state_->flat.begin(), state_->flat.end(), '\n', ' ');
        text = state_->flat;
    }
    std::vector<std::size_t> ends;
    if (state_->breaks) {
        UErrorCode status = U_ZERO_ERROR;
        UText* wide = utext_openUTF8(nullptr, text.data(), static_cast<std::int64_t>(text.size()), &status);
        state_->breaks->setText(wide, status);
        if (U_SUCCESS(status)) {
            state_->breaks->first();
            for (auto end = state_->breaks->next(); end != icu::BreakIterator::DONE;
                 end = state_->breaks->next())
                ends.push_back(before_opening(text, static_cast<std::size_t>(end)));
        }
        utext_close(wide);
    }
    if (structure)
        for (std::size_t at = text.find('\n'); at != text.npos; at = text.find('\n', at + 1))
            ends.push_back(at + 1);
    ends.push_back(text.size());
    std::sort(ends.begin(), ends.end());
    std::vector<Span> sentences;
    std::size_t first = 0;
    for (const std::size_t end : ends) {
        if (end <= first) continue;
        std::size_t last = end;
        while (last > first && is_space(text[last - 1])) --last;
        const std::size_t blank_line_end = text.substr(last, end - last).find('\n');
        const bool line_ends_here = structure && blank_line_end != text.npos;
        const std::size_t newline = last + (line_ends_here ? blank_line_end : 0);
        if (end < text.size() && last > first) {
            const bool closed = [&] {  // by a mark of its own
                std::size_t at = last;
                while (at > first && (text[at - 1] == ')' || text[at - 1] == '"' || text[at - 1] == '\''))
                    --at;
                return at > first && (text[at - 1] == '.' || text[at - 1] == '!' || text[at - 1] == '?');
            }();
            const std::string_view shown = text.substr(first, last - first);
            const bool cjk_closed = shown.ends_with("。") || shown.ends_with("！") || shown.ends_with("？") ||
                                    shown.ends_with("；") || shown.ends_with("。”") ||
                                    shown.ends_with("」") || shown.ends_with("！”") || shown.ends_with("？”");
            if (line_ends_here) {
                if (is_wrap(text, newline) && !closed && !cjk_closed) continue;
                if (is_wrap(text, newline) && ends_with_abbreviation(text, last)) continue;
            } else if (ends_with_abbreviation(text, last) || (closed && goes_on(text, end))) {
                continue;
            } else if (!closed && !cjk_closed && ends_in_a_word(shown)) {
                continue;  // a fragment: ICU ends at marks and line ends alone
            }
        }
        std::size_t begin = first;
        while (begin < last && is_space(text[begin])) ++begin;
        if (begin < last) sentences.push_back({begin, last});
        first = end;
    }
    return sentences;
}

}  // namespace pellucid::prose
