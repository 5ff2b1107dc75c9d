// Where a text may be cut: between sentences, between lines, or where it has neither.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "app/reading/document.h"

namespace pellucid::documents {

/// Not thread safe (ICU's break iterators are not).
class TextCuts {
public:
    TextCuts();
    ~TextCuts();

    /// The sentences of text[range], without the blanks around them, in order; a line end does not end one
    /// (app/prose/sentences.h).
    std::vector<reading::TextRange> sentences(std::string_view text, reading::TextRange range);
    /// The lines of text[range] that are not blank, without the blanks behind them.
    static std::vector<reading::TextRange> lines(std::string_view text, reading::TextRange range);
    /// A place in text[range] near `wanted` where a line could be broken, else between code points; strictly
    /// within the range. PRECONDITION: the range holds two code points or more.
    std::uint32_t cut_near(std::string_view text, reading::TextRange range, std::uint32_t wanted);

private:
    struct State;
    std::unique_ptr<State> state_;
};

/// Without the blanks (Unicode White_Space) around it.
reading::TextRange trimmed(std::string_view text, reading::TextRange range);

}  // namespace pellucid::documents
