// A claim and a passage side by side: both taken apart, and where the passage comes nearest to the claim. The
// checks of what a paraphrase must not change work on it.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/answering/claim_terms.h"
#include "app/answering/quote_check.h"

namespace pellucid::answering {

/// What differs between a claim and its passage.
struct Difference {
    Doubt doubt = Doubt::none;
    std::string claimed, said;
    Span evidence;  ///< bytes of the passage's text; empty: where the passage comes nearest altogether
};

class Comparison {
public:
    struct Sentence {
        Span span;  ///< bytes of the passage's text
        Terms terms;
    };

    /// Both outlive it.
    Comparison(std::string_view claim_words, const Passage& against, std::string_view asked);

    const std::string_view claim_text;
    const Passage& passage;
    const Terms claim, question;
    std::vector<Sentence> sentences;  ///< of the passage
    std::string folded;               ///< the passage's text
    std::string around;               ///< and its title, file and headings
    bool other_language = false;
    Span window;  ///< of `sentences`: one to three that come nearest

    std::string words_of_claim(const Term& term) const;
    std::string words_of_passage(const Sentence& sentence, const Term& term) const;
    /// It carries meaning, and the question does not have it.
    bool is_new(const Term& term) const;

    /// Share of the claim's terms (those of one clause, or with -1 all; only those that are new to the
    /// question) that sentences [first, last) have.
    double coverage(std::size_t first, std::size_t last, int clause = -1, const Term* without = nullptr,
                    bool only_new = false) const;
    /// Index of the sentence that has most of them. PRECONDITION: there are sentences.
    std::size_t best_sentence(int clause = -1, const Term* without = nullptr) const;
    bool has_in_window(const Term& term) const;
    /// Bytes of the passage's text in the window.
    Span evidence() const;

    /// A term in the sentence (in one clause of it, or with -1 in all) that takes the place which
    /// claim.all[at] has in the claim: beside the same neighbour, and itself not in the claim.
    const Term* rival(const Sentence& sentence, int clause, std::size_t at, bool of_kind) const;
    /// The claim's clause to look for beside a term: its own, or all of them (-1) where that says too little.
    int own_clause(const Term& term) const;

private:
    void find_window();
};

/// A number that is not the passage's.
std::optional<Difference> differing_number(const Comparison& comparison);
/// A name, or a word that stands for one.
std::optional<Difference> differing_name(const Comparison& comparison);
std::optional<Difference> differing_unit(const Comparison& comparison);
/// What one denies and the other says, or a word and its opposite.
std::optional<Difference> differing_negation(const Comparison& comparison);
/// The passage word for word but for one word or two: "licensed under the MIT licence" for "… the BSD
/// licence".
std::optional<Difference> swapped_word(const Comparison& comparison);

}  // namespace pellucid::answering
