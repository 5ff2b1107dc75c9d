#include "app/answering/claim_comparison.h"

#include <algorithm>

#include "app/answering/folded_text.h"
#include "app/answering/sentences.h"
#include "app/answering/term_match.h"

namespace pellucid::answering {

namespace {

/// What the terms beside `at` are, skipping function words: the next one that carries meaning.
const Term* neighbour(const Terms& terms, std::size_t at, int step) {
    for (long i = static_cast<long>(at) + step; i >= 0 && i < static_cast<long>(terms.all.size());
         i += step) {
        const Term& term = terms.all[static_cast<std::size_t>(i)];
        if (term.kind == Term::Kind::unit || is_content(term)) return &term;
    }
    return nullptr;
}

}  // namespace

Comparison::Comparison(std::string_view claim_words, const Passage& against, std::string_view asked)
    : claim_text(claim_words), passage(against), claim(terms_of(claim_words)), question(terms_of(asked)) {
    int chinese = 0;
    for (const Span& span : sentences_of(passage.text)) {
        sentences.push_back({span, terms_of(std::string_view(passage.text).substr(span.first, span.size()))});
        chinese += sentences.back().terms.chinese ? 1 : -1;
    }
    folded = fold(passage.text).text;
    around = folded + " " + fold(passage.title).text + " " + fold(passage.file).text + " " +
             fold(passage.headings).text;
    other_language = (chinese > 0) != claim.chinese;
    find_window();
}

std::string Comparison::words_of_claim(const Term& term) const {
    return std::string(claim_text.substr(term.span.first, term.span.size()));
}
std::string Comparison::words_of_passage(const Sentence& sentence, const Term& term) const {
    return passage.text.substr(sentence.span.first + term.span.first, term.span.size());
}

bool Comparison::is_new(const Term& term) const {
    return is_content(term) && !has(question, term);
}

double Comparison::coverage(std::size_t first, std::size_t last, int clause, const Term* without,
                            bool only_new) const {
    double all = 0, found = 0;
    for (const Term& term : claim.all) {
        if (!is_content(term) || term.kind == Term::Kind::unit || &term == without ||
            (clause >= 0 && term.clause != clause) || (only_new && !is_new(term)))
            continue;
        all += term.weight;
        for (std::size_t i = first; i < last; ++i)
            if (has(sentences[i].terms, term)) {
                found += term.weight;
                break;
            }
    }
    return all > 0 ? found / all : 0;
}

std::size_t Comparison::best_sentence(int clause, const Term* without) const {
    std::size_t best = 0;
    double most = -1;
    for (std::size_t i = 0; i < sentences.size(); ++i)
        if (const double here = coverage(i, i + 1, clause, without); here > most) most = here, best = i;
    return best;
}

void Comparison::find_window() {
    double most = -1;
    for (std::size_t size = 1; size <= 3; ++size)
        for (std::size_t i = 0; i + size <= sentences.size(); ++i) {
            const double here = coverage(i, i + size) - 0.04 * static_cast<double>(size - 1);
            if (here > most) {
                most = here;
                window = {i, i + size};
            }
        }
}

Span Comparison::evidence() const {
    if (window.empty()) return {};
    return {sentences[window.first].span.first, sentences[window.last - 1].span.last};
}

bool Comparison::has_in_window(const Term& term) const {
    for (std::size_t i = window.first; i < window.last; ++i)
        if (has(sentences[i].terms, term)) return true;
    return false;
}

const Term* Comparison::rival(const Sentence& sentence, int clause, std::size_t at, bool of_kind) const {
    const Term& mine = claim.all[at];
    for (const int step : {1, -1}) {
        const Term* beside = neighbour(claim, at, step);
        if (!beside) continue;
        for (std::size_t i = 0; i < sentence.terms.all.size(); ++i) {
            if (!same_term(sentence.terms.all[i], *beside)) continue;
            if (clause >= 0 && sentence.terms.all[i].clause != clause) continue;
            const Term* other = neighbour(sentence.terms, i, -step);
            if (!other || has(claim, *other) || (clause >= 0 && other->clause != clause)) continue;
            if (of_kind ? other->kind == mine.kind &&
                              other->text.starts_with("month") == mine.text.starts_with("month")
                        : other->kind == Term::Kind::name || other->kind == Term::Kind::word)
                return other;
        }
    }
    return nullptr;
}

int Comparison::own_clause(const Term& term) const {
    int others = 0;
    for (const Term& other : claim.all)
        others += &other != &term && is_content(other) && other.clause == term.clause;
    return others >= 2 ? term.clause : -1;
}

}  // namespace pellucid::answering
