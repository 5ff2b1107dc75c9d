// Citation marks in an answer that is still being written.
//
// Models cite as [1], [1, 3], [2-4], [citation:1], [passage 2], [^1], 【1】, 【1†source】, ［1］, [段落1] and
// more. Here each becomes [n] for a passage that there is, at the place where it stood; a number without a
// passage is left out and told. Text that only looks alike stays: years in brackets, code (`a[1]` between
// backticks, fenced blocks), \[ of formulas. What a model repeats of the marks around passages ("[passage 2
// begin]", a whole line "[file name]: …") is left out: it says nothing.
#pragma once

#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "app/answering/passage.h"
#include "engine/text/utf8_stream.h"

namespace pellucid::answering {

/// "[3]" in the text that came out.
struct CitationMark {
    Span span;       ///< bytes of the text so far, brackets included
    int number = 0;  ///< 1 and up: DocumentPrompt::placed[number - 1]

    bool operator==(const CitationMark&) const = default;
};

/// A number for which there is no passage.
struct UnknownMark {
    std::size_t at = 0;  ///< byte of the text that came out, where the mark was left out
    long number = 0;

    bool operator==(const UnknownMark&) const = default;
};

using MarkEvent = std::variant<std::string, CitationMark, UnknownMark>;

/// Pure and incremental: the events of a text, strings joined, are the same however it is cut into pieces.
class CitationMarks {
public:
    /// `passages`: how many there are; marks 1 to `passages` are known.
    explicit CitationMarks(int passages);

    /// Text to append and marks in it, in order; a mark's own text comes in the string before it. What may be
    /// the beginning of a mark is held back (at most 64 bytes).
    std::vector<MarkEvent> push(std::string_view delta);
    /// The end of the answer. Nothing may be pushed after it.
    std::vector<MarkEvent> finish();

    /// Everything that came out so far.
    const std::string& text() const { return text_; }

private:
    struct Match;
    enum class Code { none, inline_span, fence };

    std::vector<MarkEvent> advance(bool last);
    Match match(std::string_view text, bool last) const;
    void take_run(char c, std::size_t run);
    void cite(const std::vector<long>& numbers, std::vector<MarkEvent>& events);
    void give(std::string_view text, std::vector<MarkEvent>& events);

    const int passages_;
    Utf8Stream utf8_;
    std::string held_;  // whole characters that are not decided
    std::string text_;
    Code code_ = Code::none;
    std::size_t ticks_ = 0;  // of the span or fence that is open
    char fence_ = 0;
    bool line_begins_ = true;  // only blanks since the last line end
    bool blank_line_ = true;   // nothing but blanks in this line
    bool bare_line_ = false;   // nothing but blanks and left-out marks of the prompt, one at least
    bool skip_line_ = false;   // the rest of a line "[file name]: …"
};

}  // namespace pellucid::answering
