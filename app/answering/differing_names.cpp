// Names in a claim that are not its passage's.
#include <algorithm>
#include <set>

#include "app/answering/claim_comparison.h"
#include "app/answering/term_match.h"

namespace pellucid::answering {

namespace {

using Sentence = Comparison::Sentence;

/// Capitals that begin a sentence say nothing; inside another one they do.
bool is_name_elsewhere(const Comparison& c, const Term& word) {
    return std::any_of(c.sentences.begin(), c.sentences.end(), [&](const Sentence& sentence) {
        return sentence.terms.has(Term::Kind::name, word.text);
    });
}

bool parts_stand_there(const Comparison& c, const Term& term) {
    std::string part;
    int parts = 0;
    const auto there = [&](const std::string& text) {
        if (text.empty()) return true;
        ++parts;
        if (stands_in(c.around, text)) return true;
        Term word;
        word.text = text;
        for (const Sentence& sentence : c.sentences)
            if (has(sentence.terms, word)) return true;
        return false;
    };
    for (const char letter : term.text) {
        if (letter == '-' || letter == '/' || letter == '.' || letter == '_') {
            if (!there(part)) return false;
            part.clear();
        } else {
            part += letter;
        }
    }
    return there(part) && parts > 1 && term.text.find_first_of("0123456789_") == term.text.npos;
}

/// The clause of the sentence that has most of what the claim says beside the term; -1: none has
/// anything.
int clause_of_rest(const Comparison& c, const Sentence& sentence, const Term& term) {
    const int own = c.own_clause(term);
    int best = -1;
    double most = 0;
    for (int clause = 0; clause < sentence.terms.clauses; ++clause) {
        double found = 0;
        for (const Term& other : c.claim.all) {
            if (!is_content(other) || same_term(other, term) || (own >= 0 && other.clause != own)) continue;
            for (const Term& mine : sentence.terms.all)
                if (mine.clause == clause && same_term(mine, other)) {
                    found += other.kind == Term::Kind::name ? 2 : other.weight;
                    break;
                }
        }
        if (found > most) most = found, best = clause;
    }
    return best;
}

bool has_in_clause(const Sentence& sentence, int clause, const Term& term) {
    return std::any_of(sentence.terms.all.begin(), sentence.terms.all.end(),
                       [&](const Term& mine) { return mine.clause == clause && same_term(mine, term); });
}

}  // namespace

std::optional<Difference> differing_name(const Comparison& c) {
    static const std::set<std::string_view> kNaming = {
        "named",   "called",  "package", "function", "command", "file", "variable", "option",  "directory",
        "program", "library", "module",  "class",    "method",  "tool", "by",       "entitled"};
    for (std::size_t i = 0; i < c.claim.all.size(); ++i) {
        const Term& term = c.claim.all[i];
        const bool word = term.kind == Term::Kind::word && is_content(term);
        if (term.kind != Term::Kind::name && !word) continue;
        bool there = stands_in(c.around, term.text);
        for (const Sentence& sentence : c.sentences) there = there || has(sentence.terms, term);
        if (term.kind == Term::Kind::name && !there && !parts_stand_there(c, term)) {
            const Sentence& near = c.sentences[c.best_sentence(-1, &term)];
            const Term* other = c.rival(near, -1, i, false);
            return Difference{Doubt::name,
                              c.words_of_claim(term),
                              other ? c.words_of_passage(near, *other) : std::string(),
                              {}};
        }
        if (c.other_language && word) continue;
        const Sentence& near = c.sentences[c.best_sentence(c.own_clause(term), &term)];
        const int clause = clause_of_rest(c, near, term);
        if (clause < 0 || has_in_clause(near, clause, term)) continue;
        if (term.kind != Term::Kind::name && has(near.terms, term)) continue;
        const Term* other = c.rival(near, clause, i, false);
        if (!other) continue;
        const bool naming = [&] {
            for (long j = static_cast<long>(i) - 1; j >= 0 && j >= static_cast<long>(i) - 1; --j)
                if (kNaming.contains(c.claim.all[static_cast<std::size_t>(j)].text)) return true;
            return false;
        }();
        const bool named = term.kind == Term::Kind::name ? other->kind == Term::Kind::name
                                                         : other->kind == Term::Kind::name && naming;
        const bool first_word = word && term.capital && !there &&
                                (other->kind == Term::Kind::name || is_name_elsewhere(c, *other));
        const bool both_words =
            word && other->kind == Term::Kind::word && naming && !there && other->text.size() > 2;
        if (!named && !both_words && !first_word) continue;
        return Difference{Doubt::name, c.words_of_claim(term), c.words_of_passage(near, *other), {}};
    }
    return std::nullopt;
}

}  // namespace pellucid::answering
