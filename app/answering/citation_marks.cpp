#include "app/answering/citation_marks.h"

#include <algorithm>
#include <array>
#include <utility>

#include "app/answering/folded_text.h"
#include "app/answering/untrusted_text.h"
#include "engine/text/utf8.h"

namespace pellucid::answering {

namespace {

constexpr std::size_t kLongest = 64;  // bytes of a mark
constexpr long kYears = 100;          // a bare number in brackets from here on is no mark ("[1999]")
constexpr long kWidestRange = 50;

constexpr std::array<std::string_view, 3> kOpen = {"[", "【", "［"};
constexpr std::array<std::string_view, 3> kClose = {"]", "】", "］"};

/// Words that may stand in a mark before or between its numbers.
constexpr std::array<std::string_view, 22> kWords = {
    "citation", "citations", "cite",       "passage", "passages", "source",   "sources", "ref",
    "refs",     "reference", "references", "webpage", "doc",      "document", "and",     "to",
    "段落",     "来源",      "引用",       "参考",    "文献",     "第"};
constexpr std::array<std::string_view, 4> kMoreWords = {"段", "和", "与", "至"};

bool is_known_word(std::string_view word) {
    return std::find(kWords.begin(), kWords.end(), word) != kWords.end() ||
           std::find(kMoreWords.begin(), kMoreWords.end(), word) != kMoreWords.end();
}

struct Numbers {
    std::vector<long> all;
    bool bare = true;  ///< nothing but numbers and what parts them
};

/// The numbers of a mark's inside, or none where it is no mark.
Numbers numbers_of(std::string_view inside) {
    const FoldedText folded = fold(inside);
    Numbers numbers;
    long range_from = 0;
    bool range = false, after_dagger = false, number_before = false;
    std::string han;  // a run of ideographs
    const auto no = [] { return Numbers{}; };
    const auto words = words_of(folded.text);
    for (std::size_t i = 0; i < words.size(); ++i) {
        const Word& word = words[i];
        if (after_dagger) continue;  // 【4†source】, 【4:0†file.pdf】: what follows names the file
        if (word.kind == Word::Kind::ideograph) {
            han += word.text;
            const bool run_goes_on = i + 1 < words.size() && words[i + 1].kind == Word::Kind::ideograph;
            if (run_goes_on && !is_known_word(han)) continue;
            if (run_goes_on && is_known_word(han + std::string(words[i + 1].text))) continue;
            if (!is_known_word(han)) return no();
            if (han == "至")
                range = number_before;
            else
                numbers.bare = numbers.bare && (han == "和" || han == "与");
            han.clear();
            continue;
        }
        if (word.kind == Word::Kind::letters) {
            if (!is_known_word(word.text)) return no();
            if (word.text == "to")
                range = number_before;
            else if (word.text != "and")
                numbers.bare = false;
            continue;
        }
        if (word.kind == Word::Kind::sign) {
            if (word.text == "-" || word.text == "~") {
                if (!number_before) return no();
                range = true;
            } else if (word.text == "†") {
                if (!number_before) return no();
                after_dagger = true;
                numbers.bare = false;
            } else if (word.text == "^" || word.text == "#") {
                if (word.text == "^" && !numbers.all.empty()) return no();
            } else if (word.text != "," && word.text != ";" && word.text != ":" && word.text != "、" &&
                       word.text != "&" && word.text != ".") {
                return no();
            } else if (word.text == ":" && i > 0 && words[i - 1].kind == Word::Kind::digits) {
                // [1:2] is a slice or a verse, 【4:0†…】 a place in a file.
                if (folded.text.find("†") == folded.text.npos) return no();
                ++i;  // the place
            } else if (word.text == "." && i > 0 && words[i - 1].kind == Word::Kind::digits &&
                       i + 1 < words.size()) {
                return no();  // [1.5]
            }
            continue;
        }
        if (word.text.size() > 6) return no();
        const long value = std::stol(std::string(word.text));
        if (range) {
            if (value < range_from || value - range_from > kWidestRange) return no();
            for (long n = range_from + 1; n <= value; ++n) numbers.all.push_back(n);
            range = false;
        } else {
            numbers.all.push_back(value);
        }
        range_from = value;
        number_before = true;
    }
    if (range || numbers.all.empty() || numbers.all.size() > 64) return no();
    return numbers;
}

}  // namespace

struct CitationMarks::Match {
    enum { no, mark, leftover, undecided } kind = no;
    std::size_t length = 0;
    std::vector<long> numbers;
    bool line = false;  // of a leftover: the rest of its line belongs to it
};

CitationMarks::CitationMarks(int passages) : passages_(passages) {}

/// The mark at the beginning of `text`.
CitationMarks::Match CitationMarks::match(std::string_view text, bool last) const {
    std::size_t bracket = kOpen.size();
    for (std::size_t i = 0; i < kOpen.size(); ++i)
        if (text.starts_with(kOpen[i])) bracket = i;
    if (bracket == kOpen.size() || text_.ends_with('\\')) return {};
    const auto close = text.substr(0, kLongest).find(kClose[bracket], kOpen[bracket].size());
    if (close == text.npos) {
        const bool may_come = text.size() < kLongest && text.find('\n') == text.npos;
        return {may_come && !last ? Match::undecided : Match::no, 0, {}, false};
    }
    const std::string_view inside = text.substr(kOpen[bracket].size(), close - kOpen[bracket].size());
    if (inside.find('\n') != inside.npos) return {};
    const std::size_t length = close + kClose[bracket].size();
    if (is_prompt_mark(inside))
        return {Match::leftover, length, {}, fold(inside).text.find("name") != std::string::npos};
    Numbers numbers = numbers_of(inside);
    if (numbers.all.empty()) return {};
    if (numbers.bare && std::any_of(numbers.all.begin(), numbers.all.end(),
                                    [&](long n) { return n >= kYears && n > passages_; }))
        return {};
    return {Match::mark, length, std::move(numbers.all), false};
}

void CitationMarks::give(std::string_view text, std::vector<MarkEvent>& events) {
    if (text.empty()) return;
    text_ += text;
    if (!events.empty())
        if (auto* before = std::get_if<std::string>(&events.back())) {
            *before += text;
            return;
        }
    events.emplace_back(std::string(text));
}

std::vector<MarkEvent> CitationMarks::advance(bool last) {
    std::vector<MarkEvent> events;
    std::size_t at = 0;
    while (at < held_.size()) {
        const std::string_view rest = std::string_view(held_).substr(at);
        const char c = rest[0];
        if (c == '\n') {
            // An empty line ends a paragraph, and with it a span of code that was never closed.
            if (code_ == Code::inline_span && blank_line_) code_ = Code::none;
            line_begins_ = blank_line_ = true;
            skip_line_ = false;
            if (!std::exchange(bare_line_, false)) give("\n", events);
            ++at;
            continue;
        }
        if (skip_line_ || (bare_line_ && (c == ' ' || c == '\t'))) {
            at += decode_utf8(rest, 0).length;
            continue;
        }
        if (c == '`' || c == '~') {
            const std::size_t run = std::min(rest.find_first_not_of(c), rest.size());
            if (run == rest.size() && !last) break;  // the run may go on
            take_run(c, run);
            give(rest.substr(0, run), events);
            at += run;
            continue;
        }
        const Match found = code_ == Code::none ? match(rest, last) : Match{};
        if (found.kind == Match::undecided) break;
        if (found.kind == Match::mark) {
            line_begins_ = blank_line_ = bare_line_ = false;
            cite(found.numbers, events);
            at += found.length;
            continue;
        }
        if (found.kind == Match::leftover) {
            bare_line_ = bare_line_ || blank_line_;
            skip_line_ = found.line;
            at += found.length;
            continue;
        }
        const Utf8Char character = decode_utf8(rest, 0);
        if (character.code_point != ' ' && character.code_point != '\t')
            line_begins_ = blank_line_ = bare_line_ = false;
        give(rest.substr(0, character.length), events);
        at += character.length;
    }
    held_.erase(0, at);
    return events;
}

/// A run of backticks or tildes: the beginning or end of code, or neither.
void CitationMarks::take_run(char c, std::size_t run) {
    if (code_ == Code::fence) {
        if (line_begins_ && c == fence_ && run >= ticks_) code_ = Code::none;
    } else if (line_begins_ && run >= 3) {
        code_ = Code::fence;
        fence_ = c;
        ticks_ = run;
    } else if (c == '`' && code_ == Code::inline_span) {
        if (run == ticks_) code_ = Code::none;
    } else if (c == '`') {
        code_ = Code::inline_span;
        ticks_ = run;
    }
    line_begins_ = blank_line_ = bare_line_ = false;
}

void CitationMarks::cite(const std::vector<long>& numbers, std::vector<MarkEvent>& events) {
    std::vector<long> told;
    for (const long number : numbers) {
        if (std::find(told.begin(), told.end(), number) != told.end()) continue;
        told.push_back(number);
        if (number < 1 || number > passages_) {
            events.emplace_back(UnknownMark{text_.size(), number});
            continue;
        }
        const std::size_t first = text_.size();
        give("[" + std::to_string(number) + "]", events);
        events.emplace_back(CitationMark{{first, text_.size()}, static_cast<int>(number)});
    }
}

std::vector<MarkEvent> CitationMarks::push(std::string_view delta) {
    held_ += utf8_.push(delta);
    return advance(false);
}

std::vector<MarkEvent> CitationMarks::finish() {
    held_ += utf8_.flush();
    return advance(true);
}

}  // namespace pellucid::answering
