// What a claim denies and its passage says, or the other way round; a word and its opposite.
#include <algorithm>
#include <set>

#include "app/answering/claim_comparison.h"
#include "app/answering/opposites.h"
#include "app/answering/term_match.h"

namespace pellucid::answering {

namespace {

using Sentence = Comparison::Sentence;

double coverage_of(const Comparison& c, const Sentence& sentence, int clause) {
    double all = 0, found = 0;
    for (const Term& term : c.claim.all)
        if (term.clause == clause && (term.kind == Term::Kind::name || term.kind == Term::Kind::number)) {
            all += 1;
            found += has(sentence.terms, term);
        }
    return all > 0 ? found / all : 0;
}

/// Somewhere the passage negates what the clause negates, or where it is nearest something that it says.
bool anything_negated_alike(const Comparison& c, int clause) {
    const std::size_t best = c.best_sentence(clause);
    for (std::size_t i = 0; i < c.sentences.size(); ++i) {
        const Terms& terms = c.sentences[i].terms;
        if (!terms.has_negator) continue;
        if (c.other_language) return true;
        for (const Term& mine : c.claim.all)
            if (mine.clause == clause && (mine.negated || i == best))
                for (const Term& theirs : terms.all)
                    if (theirs.negated && same_term(mine, theirs)) return true;
    }
    return false;
}

/// The sentence has what the clause negates, and does not negate it.
bool says_plainly(const Comparison& c, const Sentence& sentence, int clause) {
    int negated = 0, found = 0;
    for (const Term& term : c.claim.all)
        if (term.clause == clause && term.negated && is_content(term)) {
            ++negated;
            found += has(sentence.terms, term);
        }
    return negated > 0 && found * 2 >= negated;
}

/// The sentence negates something that the clause says.
bool negates_what_is_claimed(const Comparison& c, const Sentence& sentence, int clause) {
    if (c.other_language) return coverage_of(c, sentence, clause) >= 0.5;
    int negated = 0, shared = 0;  // behind one negator
    const auto denies = [&] { return shared > 0 && shared * 2 >= negated; };
    for (const Term& theirs : sentence.terms.all) {
        if (theirs.kind == Term::Kind::negator) {
            if (denies()) return true;
            negated = shared = 0;
        }
        if (!theirs.negated || !is_content(theirs)) continue;
        ++negated;
        // Said plainly in another clause ("A does not …; B does …"): it is about something else.
        const bool plainly =
            std::any_of(sentence.terms.all.begin(), sentence.terms.all.end(), [&](const Term& other) {
                return !other.negated && other.clause != theirs.clause && other.text == theirs.text;
            });
        shared += !plainly && std::any_of(c.claim.all.begin(), c.claim.all.end(), [&](const Term& mine) {
            return mine.clause == clause && same_term(mine, theirs);
        });
    }
    return denies();
}

/// The sentence nearest to the clause, or one about as near that negates something in it.
const Sentence& denying_sentence(const Comparison& c, int clause) {
    const std::size_t best = c.best_sentence(clause);
    const double most = c.coverage(best, best + 1, clause);
    if (!c.other_language)
        for (std::size_t i = 0; i < c.sentences.size(); ++i)
            if (c.sentences[i].terms.has_negator && c.coverage(i, i + 1, clause) >= most - 0.1 &&
                negates_what_is_claimed(c, c.sentences[i], clause))
                return c.sentences[i];
    return c.sentences[best];
}

}  // namespace

std::optional<Difference> differing_negation(const Comparison& c) {
    std::set<int> clauses;
    for (const Term& term : c.claim.all) clauses.insert(term.clause);
    for (const int clause : clauses) {
        int content = 0;
        bool negates = false;
        for (const Term& term : c.claim.all)
            if (term.clause == clause) {
                content += is_content(term);
                negates = negates || term.kind == Term::Kind::negator;
            }
        if (content < 3 && clauses.size() > 1) continue;
        const Sentence& near = negates ? c.sentences[c.best_sentence(clause)] : denying_sentence(c, clause);
        const bool differs = negates ? !anything_negated_alike(c, clause) && says_plainly(c, near, clause)
                                     : near.terms.has_negator && !c.claim.has_negator &&
                                           negates_what_is_claimed(c, near, clause);
        const std::string_view near_text =
            std::string_view(c.passage.text).substr(near.span.first, near.span.size());
        const Opposites opposite = c.other_language || c.coverage(c.window.first, c.window.last) < 0.4
                                       ? Opposites{}
                                       : opposites(c.claim, c.claim_text, near.terms, near_text);
        if (differs == opposite.found()) continue;  // neither, or one undoes the other
        if (opposite.found())
            return Difference{Doubt::opposite, opposite.in_claim, opposite.in_passage, near.span};
        const auto negator_in = [](const Terms& terms) -> const Term* {
            for (const Term& term : terms.all)
                if (term.kind == Term::Kind::negator) return &term;
            return nullptr;
        };
        const Term *mine = negates ? negator_in(c.claim) : nullptr,
                   *theirs = negates ? nullptr : negator_in(near.terms);
        return Difference{Doubt::negation, mine ? c.words_of_claim(*mine) : std::string(),
                          theirs ? c.words_of_passage(near, *theirs) : std::string(), near.span};
    }
    return std::nullopt;
}

}  // namespace pellucid::answering
