// A sentence taken apart for comparison: words that carry meaning, names, quantities, what is negated.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "app/answering/passage.h"

namespace pellucid::answering {

struct Term {
    enum class Kind {
        word,    ///< of a script with words; function words too (`weight` 0)
        name,    ///< a proper name, an identifier, a file: compared literally
        number,  ///< `text` is its value, in digits: "2000000000" for two billion, "1.8", "month:6"
        unit,    ///< `text` is its canonical name ("week"), `dimension` what it measures
        pair,    ///< two neighbouring ideographs
        negator,
    };
    Kind kind = Kind::word;
    std::string text;  ///< folded
    std::string dimension;
    double weight = 1;     ///< in coverage; 0: carries no meaning of its own
    bool capital = false;  ///< begins with a capital letter
    bool negated = false;  ///< stands right behind a negator of its clause
    int clause = 0;
    Span span;  ///< bytes of the sentence
};

struct Terms {
    std::vector<Term> all;  ///< in the order of the sentence
    int clauses = 1;
    bool chinese = false;  ///< ideographs carry it

    bool has(Term::Kind kind, std::string_view text) const;
    bool negates() const { return has_negator; }
    bool has_negator = false;
};

/// PRECONDITION: one sentence. Any bytes.
Terms terms_of(std::string_view sentence);

}  // namespace pellucid::answering
