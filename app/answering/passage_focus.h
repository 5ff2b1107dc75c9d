// Which part of a passage a question is about: what is left of it where there is no room for the whole.
#pragma once

#include <map>
#include <span>
#include <string>
#include <string_view>

#include "app/answering/claim_terms.h"
#include "app/answering/document_prompt.h"

namespace pellucid::answering {

class PassageFocus {
public:
    /// `passages`: all that the model may be given; words that stand in most of their sentences count little.
    PassageFocus(std::string_view question, std::span<const Passage> passages);

    /// Whole sentences in a row, at most `tokens`, that have most of what the question asks about; where none
    /// has anything of it, the beginning. Empty: not even one sentence fits.
    Span part_of(std::string_view text, int tokens, const TokenCounter& count) const;
    /// 0 to 1: how much of what the question asks about a text has.
    double share_of(std::string_view text) const;

private:
    Terms question_;
    std::map<std::string, double> weights_;  // of the question's terms, by their text
};

}  // namespace pellucid::answering
