// Numbers and units of a claim that are not its passage's.
#include <algorithm>

#include "app/answering/claim_comparison.h"
#include "app/answering/term_match.h"

namespace pellucid::answering {

std::optional<Difference> differing_number(const Comparison& c) {
    for (std::size_t i = 0; i < c.claim.all.size(); ++i) {
        const Term& term = c.claim.all[i];
        if (term.kind != Term::Kind::number) continue;
        bool there = false;
        for (const Comparison::Sentence& sentence : c.sentences) there = there || has(sentence.terms, term);
        there = there || stands_in(c.around, term.text);
        const std::size_t at = c.best_sentence(-1, &term);
        const Comparison::Sentence& near = c.sentences[at];
        const Term* place = c.rival(near, -1, i, true);
        // In the passage, and nothing else stands in its place where the rest of the claim is.
        if (there && (has(near.terms, term) || !place ||
                      (c.has_in_window(term) && c.coverage(at, at + 1, -1, &term) < 0.75)))
            continue;
        const Term* other = place;
        for (const Term& candidate : near.terms.all)
            if (candidate.kind == Term::Kind::number && !has(c.claim, candidate) && !other)
                other = &candidate;
        // Few things that the passage lists may be counted by whoever writes about them.
        const bool few = term.text == "2" || term.text == "3" || term.text == "4" || term.text == "1";
        if (!there && few && !other && term.weight >= 1) continue;
        if (!there && term.weight < 1 && !other) continue;  // an ordinal
        return Difference{Doubt::number,
                          c.words_of_claim(term),
                          other ? c.words_of_passage(near, *other) : std::string(),
                          {}};
    }
    return std::nullopt;
}

std::optional<Difference> differing_unit(const Comparison& c) {
    for (std::size_t i = 0; i < c.claim.all.size(); ++i) {
        const Term& term = c.claim.all[i];
        if (term.kind != Term::Kind::unit) continue;
        if (has(c.sentences[c.best_sentence()].terms, term)) continue;
        const Term* other = nullptr;
        std::size_t where = 0;
        for (std::size_t j = c.window.first; j < c.window.last; ++j)
            for (const Term& candidate : c.sentences[j].terms.all)
                if (candidate.kind == Term::Kind::unit && candidate.dimension == term.dimension &&
                    !has(c.claim, candidate))
                    other = &candidate, where = j;
        bool there = false;
        for (const Comparison::Sentence& sentence : c.sentences) there = there || has(sentence.terms, term);
        if (!other && (there || i == 0 || c.claim.all[i - 1].kind != Term::Kind::number)) continue;
        if (other && there && c.has_in_window(term)) continue;
        return Difference{Doubt::unit,
                          c.words_of_claim(term),
                          other ? c.words_of_passage(c.sentences[where], *other) : std::string(),
                          {}};
    }
    return std::nullopt;
}

}  // namespace pellucid::answering
