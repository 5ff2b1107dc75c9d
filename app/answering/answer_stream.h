// An answer from documents as it streams: text with marks, what the thought is using, and at the end each
// sentence checked against what it cites.
#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "app/answering/citation_marks.h"
#include "app/answering/document_prompt.h"
#include "app/answering/outcome.h"
#include "app/answering/passage_watch.h"
#include "app/answering/quote_check.h"

namespace pellucid::answering {

struct AnswerText {
    std::string text;
};
struct ThoughtText {
    std::string text;
};
using AnswerEvent = std::variant<ThoughtText, AnswerText, CitationMark, UnknownMark, Mention>;

/// A citation of the finished answer.
struct Citation {
    Span mark;       ///< "[3]" in the answer; empty where `found`: stands at the sentence's end
    int number = 0;  ///< of the passage, from 1
    /// The model gave no mark; the sentence was matched to this passage by what it says.
    bool found = false;
    std::size_t sentence = 0;  ///< index into CheckedAnswer::sentences
    Span evidence;             ///< bytes of the passage's text that it rests on; empty: none
};

struct CheckedSentence {
    Span span;  ///< of the answer, with its marks
    ClaimCheck check;
    bool cited = false;  ///< it has a citation, the model's own or a found one
};

struct CheckedAnswer {
    std::string text;  ///< with marks [n] of passages that there are
    std::vector<Citation> citations;
    std::vector<CheckedSentence> sentences;
    std::vector<UnknownMark> unknown;
    Outcome outcome = Outcome::no_answer;
};

/// Checks a whole answer as CitationMarks leaves it. A sentence without a mark that some passage supports
/// gets a found citation; one that nothing supports is marked only where it states something (numbers, names,
/// four words).
CheckedAnswer check_answer(std::string_view text, std::span<const CitationMark> marks,
                           std::span<const Passage> passages, const CheckSettings& settings = {});

/// Not thread safe.
class AnswerStream {
public:
    explicit AnswerStream(std::vector<Passage> passages, CheckSettings settings = {});

    /// A delta of the reply; tool calls give nothing.
    std::vector<AnswerEvent> take(const Delta& delta);
    /// What was held back. Once, when the reply has ended.
    std::vector<AnswerEvent> finish();
    /// PRECONDITION: finish() was called.
    CheckedAnswer check() const;

    const std::vector<Passage>& passages() const { return passages_; }

private:
    std::vector<AnswerEvent> answered(const std::vector<MarkEvent>& events);

    std::vector<Passage> passages_;
    CheckSettings settings_;
    CitationMarks marks_;
    PassageWatch watch_;
    bool thought_ends_ = true;  // the watch has nothing left
    std::vector<CitationMark> found_;
    std::vector<UnknownMark> unknown_;
};

}  // namespace pellucid::answering
