// Sentences of a text, in Latin and CJK scripts alike.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace pellucid::prose {

/// Bytes [first, last) of some text, at code point boundaries.
struct Span {
    std::size_t first = 0, last = 0;

    std::size_t size() const { return last - first; }
    bool empty() const { return first == last; }
    bool overlaps(const Span& other) const { return first < other.last && other.first < last; }
    bool operator==(const Span&) const = default;
};

enum class LineEnds {
    blanks,     ///< like any blank: the text is one paragraph
    structure,  ///< the end of a heading, of a list's item or a table's row ends a sentence, a wrapped line
                ///< none
};

/// ICU's boundaries, mended: abbreviations ("e.g.", "Fig. 3", "Dr. Wu") and initials do not end a sentence,
/// an opening quote belongs to the sentence behind it. Not thread safe (ICU's break iterators are not).
class Sentences {
public:
    Sentences();
    ~Sentences();

    /// In order, without the blanks around them, none empty. Any bytes.
    std::vector<Span> of(std::string_view text, LineEnds line_ends);

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace pellucid::prose
