#include "app/answering/quote_check.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <set>

#include "app/answering/claim_terms.h"
#include "app/answering/folded_text.h"
#include "app/answering/sentences.h"

namespace pellucid::answering {

namespace {

/// Of what a sentence adds to the question, how much must be found around the evidence.
constexpr double kLeastNew = 0.4;
/// What is left of the bars where a model of meaning finds the two alike. Not nothing: two sentences about
/// one thing are alike, whatever they say of it.
constexpr double kAlike = 0.55;
constexpr double kLeastUnmarked = 0.6;  // coverage

struct Sentence {
    Span span;
    Terms terms;
};

/// It asks for something that it does not name itself; the others are answered by yes or no.
bool is_open_question(std::string_view question) {
    static const std::set<std::string_view> kAsking = {"who",  "whom",  "whose", "what", "which",
                                                       "when", "where", "why",   "how"};
    const std::string folded = fold(question).text;
    for (const Word& word : words_of(folded))
        if (word.kind == Word::Kind::letters && kAsking.contains(word.text)) return true;
    for (const std::string_view asking :
         {"什么", "谁", "哪", "何", "怎", "多少", "几", "多长", "多大", "多久"})
        if (folded.find(asking) != folded.npos) return true;
    return false;
}

bool is_content(const Term& term) {
    return term.weight > 0;
}

/// The same thing said: forms of a word, parts of a joined name, equal numbers.
bool same_term(const Term& a, const Term& b) {
    const auto literal = [](const Term& term) {
        return term.kind == Term::Kind::number || term.kind == Term::Kind::unit ||
               term.kind == Term::Kind::pair;
    };
    if (literal(a) || literal(b)) return a.kind == b.kind && a.text == b.text;
    if (a.kind == Term::Kind::negator || b.kind == Term::Kind::negator) return a.kind == b.kind;
    if (a.kind == Term::Kind::name && b.kind == Term::Kind::name) {
        if (a.text == b.text) return true;
        const bool identifier = a.text.find_first_of("_./\\-0123456789") != a.text.npos ||
                                b.text.find_first_of("_./\\-0123456789") != b.text.npos;
        return !identifier && same_word(a.text, b.text);
    }
    return same_word(a.text, b.text);
}

bool has(const Terms& terms, const Term& wanted) {
    return std::any_of(terms.all.begin(), terms.all.end(),
                       [&](const Term& term) { return same_term(term, wanted); });
}

/// Text for literal look-ups of names: folded, so that "LaTeX" is "LATEX".
bool stands_in(std::string_view folded, std::string_view name) {
    for (auto at = folded.find(name); at != folded.npos; at = folded.find(name, at + 1)) {
        const auto inside = [&](std::size_t i) {
            const auto c = static_cast<unsigned char>(folded[i]);
            return c < 0x80 && is_letter_or_digit(c);
        };
        const bool left = at > 0 && inside(at - 1) && inside(at);
        const std::size_t end = at + name.size();
        const bool right = end < folded.size() && inside(end) && inside(end - 1);
        if (!left && !right) return true;
    }
    return false;
}

/// Function words that still name things literally when they are capitals or counted.
bool counted(const Term& term) {
    return term.kind == Term::Kind::unit;
}

class Checker {
public:
    Checker(std::string_view claim, const Passage& passage, const CheckSettings& settings)
        : claim_text_(claim),
          passage_(passage),
          settings_(settings),
          claim_(terms_of(claim)),
          question_(terms_of(settings.question)) {
        for (const Span& span : sentences_of(passage.text)) {
            const std::string_view text = std::string_view(passage.text).substr(span.first, span.size());
            sentences_.push_back({span, terms_of(text)});
        }
        folded_ = fold(passage.text).text;
        around_ = folded_ + " " + fold(passage.title).text + " " + fold(passage.file).text + " " +
                  fold(passage.headings).text;
        int chinese = 0;
        for (const Sentence& sentence : sentences_) chinese += sentence.terms.chinese ? 1 : -1;
        other_language_ = (chinese > 0) != claim_.chinese;
    }

    ClaimCheck check() {
        if (asks() || is_heading() || repeats_question()) return result_;
        if (is_verbatim()) return result_;
        double weight = 0;
        for (const Term& term : claim_.all) weight += term.weight;
        if (weight < 1.2 || sentences_.empty()) return result_;  // nothing to compare
        find_evidence();
        const bool differs = numbers() || names() || units() || negation() || swapped();
        if (differs) {
            result_.verdict = Verdict::unsupported;
            return result_;
        }
        judge_coverage();
        return result_;
    }

private:
    void doubt(Doubt doubt, std::string claimed, std::string said) {
        result_.doubt = doubt;
        result_.claimed = std::move(claimed);
        result_.said = std::move(said);
    }
    std::string words_of_claim(const Term& term) const {
        return std::string(claim_text_.substr(term.span.first, term.span.size()));
    }
    std::string words_of_passage(const Sentence& sentence, const Term& term) const {
        return passage_.text.substr(sentence.span.first + term.span.first, term.span.size());
    }

    // ---- what states nothing ----

    bool asks() const {
        std::string_view claim = claim_text_;
        while (!claim.empty() && (claim.back() == ' ' || claim.back() == '"' || claim.back() == ')'))
            claim.remove_suffix(1);
        return claim.ends_with("?") || claim.ends_with("？");
    }

    /// All that it says is in the document's title or in the passage's headings.
    bool is_heading() const {
        const Terms headings = terms_of(passage_.title + " ; " + passage_.file + " ; " + passage_.headings);
        bool any = false;
        for (const Term& term : claim_.all) {
            if (!is_content(term) && term.kind != Term::Kind::negator) continue;
            if (!has(headings, term)) return false;
            any = true;
        }
        return any;
    }

    bool is_new(const Term& term) const { return is_content(term) && !has(question_, term); }

    bool repeats_question() const {
        if (!is_open_question(settings_.question)) return false;
        return std::none_of(claim_.all.begin(), claim_.all.end(),
                            [&](const Term& term) { return is_new(term); });
    }

    bool is_verbatim() {
        const FoldedText passage = fold(passage_.text);
        std::string claim = fold(claim_text_).text;
        while (!claim.empty() &&
               (claim.back() == '.' || claim.back() == ' ' || claim.back() == '!' || claim.back() == '?'))
            claim.pop_back();
        for (const std::string_view stop : {"。", "!", "?"})
            if (claim.ends_with(stop)) claim.resize(claim.size() - stop.size());
        while (!claim.empty() && claim.front() == ' ') claim.erase(0, 1);
        if (claim.size() < 12) return false;
        const auto at = passage.text.find(claim);
        if (at == passage.text.npos) return false;
        // "supported" in "unsupported", or a sentence whose "not" stands before it, is another sentence.
        const auto letter = [&](std::size_t i) {
            return static_cast<unsigned char>(passage.text[i]) < 0x80 &&
                   is_letter_or_digit(static_cast<unsigned char>(passage.text[i]));
        };
        if (at > 0 && letter(at - 1) && letter(at)) return false;
        if (at + claim.size() < passage.text.size() && letter(at + claim.size()) &&
            letter(at + claim.size() - 1))
            return false;
        const std::string_view before = std::string_view(passage.text).substr(0, at);
        const auto stop = before.find_last_of(".!?");
        if (terms_of(
                before.substr(stop == before.npos ? (before.size() > 60 ? before.size() - 60 : 0) : stop))
                .has_negator)
            return false;
        result_.verdict = Verdict::supported;
        result_.verbatim = true;
        result_.coverage = 1;
        result_.evidence = passage.source(at, at + claim.size());
        return true;
    }

    /// Share of the claim's terms (those of one clause, or all) that sentences [first, last) have.
    double coverage(std::size_t first, std::size_t last, int clause = -1, const Term* without = nullptr,
                    bool only_new = false) const {
        double all = 0, found = 0;
        for (const Term& term : claim_.all) {
            if (!is_content(term) || counted(term) || &term == without ||
                (clause >= 0 && term.clause != clause) || (only_new && !is_new(term)))
                continue;
            all += term.weight;
            for (std::size_t i = first; i < last; ++i)
                if (has(sentences_[i].terms, term)) {
                    found += term.weight;
                    break;
                }
        }
        return all > 0 ? found / all : 0;
    }

    std::size_t best_sentence(int clause = -1, const Term* without = nullptr) const {
        std::size_t best = 0;
        double most = -1;
        for (std::size_t i = 0; i < sentences_.size(); ++i)
            if (const double here = coverage(i, i + 1, clause, without); here > most) most = here, best = i;
        return best;
    }

    void find_evidence() {
        double most = -1;
        for (std::size_t size = 1; size <= 3; ++size)
            for (std::size_t i = 0; i + size <= sentences_.size(); ++i) {
                const double here = coverage(i, i + size) - 0.04 * static_cast<double>(size - 1);
                if (here > most) {
                    most = here;
                    window_ = {i, i + size};
                }
            }
        result_.coverage = coverage(window_.first, window_.last);
        result_.evidence = {sentences_[window_.first].span.first, sentences_[window_.last - 1].span.last};
    }

    // ---- numbers ----

    /// What the terms beside `at` are, skipping function words: the next one that carries meaning.
    static const Term* neighbour(const Terms& terms, std::size_t at, int step) {
        for (long i = static_cast<long>(at) + step; i >= 0 && i < static_cast<long>(terms.all.size());
             i += step) {
            const Term& term = terms.all[static_cast<std::size_t>(i)];
            if (term.kind == Term::Kind::unit || is_content(term)) return &term;
        }
        return nullptr;
    }

    /// A term in the sentence (in one clause of it, or with -1 in all) that takes the place which
    /// claim_.all[at] has in the claim: beside the same neighbour, and itself not in the claim.
    const Term* rival(const Sentence& sentence, int clause, std::size_t at, bool of_kind) const {
        const Term& mine = claim_.all[at];
        for (const int step : {1, -1}) {
            const Term* beside = neighbour(claim_, at, step);
            if (!beside) continue;
            for (std::size_t i = 0; i < sentence.terms.all.size(); ++i) {
                if (!same_term(sentence.terms.all[i], *beside)) continue;
                if (clause >= 0 && sentence.terms.all[i].clause != clause) continue;
                const Term* other = neighbour(sentence.terms, i, -step);
                if (!other || has(claim_, *other) || (clause >= 0 && other->clause != clause)) continue;
                if (of_kind ? other->kind == mine.kind &&
                                  other->text.starts_with("month") == mine.text.starts_with("month")
                            : other->kind == Term::Kind::name || other->kind == Term::Kind::word)
                    return other;
            }
        }
        return nullptr;
    }

    bool numbers() {
        for (std::size_t i = 0; i < claim_.all.size(); ++i) {
            const Term& term = claim_.all[i];
            if (term.kind != Term::Kind::number) continue;
            bool there = false;
            for (const Sentence& sentence : sentences_) there = there || has(sentence.terms, term);
            there = there || stands_in(around_, term.text);
            const std::size_t at = best_sentence(-1, &term);
            const Sentence& near = sentences_[at];
            const Term* place = rival(near, -1, i, true);
            // In the passage, and nothing else stands in its place where the rest of the claim is.
            if (there && (has(near.terms, term) || !place ||
                          (has_in_window(term) && coverage(at, at + 1, -1, &term) < 0.75)))
                continue;
            const Term* other = place;
            for (const Term& candidate : near.terms.all)
                if (candidate.kind == Term::Kind::number && !has(claim_, candidate) && !other)
                    other = &candidate;
            // Few things that the passage lists may be counted by whoever writes about them.
            const bool few = term.text == "2" || term.text == "3" || term.text == "4" || term.text == "1";
            if (!there && few && !other && term.weight >= 1) continue;
            if (!there && term.weight < 1 && !other) continue;  // an ordinal
            doubt(Doubt::number, words_of_claim(term),
                  other ? words_of_passage(near, *other) : std::string());
            return true;
        }
        return false;
    }

    // ---- names ----

    bool names() {
        static const std::set<std::string_view> kNaming = {
            "named",    "called", "package",   "function", "command", "file",
            "variable", "option", "directory", "program",  "library", "module",
            "class",    "method", "tool",      "by",       "entitled"};
        for (std::size_t i = 0; i < claim_.all.size(); ++i) {
            const Term& term = claim_.all[i];
            const bool word = term.kind == Term::Kind::word && is_content(term);
            if (term.kind != Term::Kind::name && !word) continue;
            bool there = stands_in(around_, term.text);
            for (const Sentence& sentence : sentences_) there = there || has(sentence.terms, term);
            if (term.kind == Term::Kind::name && !there && !parts_stand_there(term)) {
                const Sentence& near = sentences_[best_sentence(-1, &term)];
                const Term* other = rival(near, -1, i, false);
                doubt(Doubt::name, words_of_claim(term),
                      other ? words_of_passage(near, *other) : std::string());
                return true;
            }
            if (other_language_ && word) continue;
            const Sentence& near = sentences_[best_sentence(own_clause(term), &term)];
            const int clause = clause_of_rest(near, term);
            if (clause < 0 || has_in_clause(near, clause, term)) continue;
            if (term.kind != Term::Kind::name && has(near.terms, term)) continue;
            const Term* other = rival(near, clause, i, false);
            if (!other) continue;
            const bool naming = [&] {
                for (long j = static_cast<long>(i) - 1; j >= 0 && j >= static_cast<long>(i) - 1; --j)
                    if (kNaming.contains(claim_.all[static_cast<std::size_t>(j)].text)) return true;
                return false;
            }();
            const bool named = term.kind == Term::Kind::name ? other->kind == Term::Kind::name
                                                             : other->kind == Term::Kind::name && naming;
            const bool first_word = word && term.capital && !there &&
                                    (other->kind == Term::Kind::name || is_name_elsewhere(*other));
            const bool both_words =
                word && other->kind == Term::Kind::word && naming && !there && other->text.size() > 2;
            if (!named && !both_words && !first_word) continue;
            doubt(Doubt::name, words_of_claim(term), words_of_passage(near, *other));
            return true;
        }
        return false;
    }

    /// Capitals that begin a sentence say nothing; inside another one they do.
    bool is_name_elsewhere(const Term& word) const {
        return std::any_of(sentences_.begin(), sentences_.end(), [&](const Sentence& sentence) {
            return sentence.terms.has(Term::Kind::name, word.text);
        });
    }

    bool parts_stand_there(const Term& term) const {
        std::string part;
        int parts = 0;
        const auto there = [&](const std::string& text) {
            if (text.empty()) return true;
            ++parts;
            if (stands_in(around_, text)) return true;
            Term word;
            word.text = text;
            for (const Sentence& sentence : sentences_)
                if (has(sentence.terms, word)) return true;
            return false;
        };
        for (const char c : term.text) {
            if (c == '-' || c == '/' || c == '.' || c == '_') {
                if (!there(part)) return false;
                part.clear();
            } else {
                part += c;
            }
        }
        return there(part) && parts > 1 && term.text.find_first_of("0123456789_") == term.text.npos;
    }

    /// The claim's clause to look for beside a term: its own, or all of them (-1) where that says too little.
    int own_clause(const Term& term) const {
        int others = 0;
        for (const Term& other : claim_.all)
            others += &other != &term && is_content(other) && other.clause == term.clause;
        return others >= 2 ? term.clause : -1;
    }

    /// The clause of the sentence that has most of what the claim says beside the term; -1: none has
    /// anything.
    int clause_of_rest(const Sentence& sentence, const Term& term) const {
        const int own = own_clause(term);
        int best = -1;
        double most = 0;
        for (int clause = 0; clause < sentence.terms.clauses; ++clause) {
            double found = 0;
            for (const Term& other : claim_.all) {
                if (!is_content(other) || same_term(other, term) || (own >= 0 && other.clause != own))
                    continue;
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

    static bool has_in_clause(const Sentence& sentence, int clause, const Term& term) {
        return std::any_of(sentence.terms.all.begin(), sentence.terms.all.end(),
                           [&](const Term& mine) { return mine.clause == clause && same_term(mine, term); });
    }

    // ---- units ----

    bool units() {
        for (std::size_t i = 0; i < claim_.all.size(); ++i) {
            const Term& term = claim_.all[i];
            if (term.kind != Term::Kind::unit) continue;
            if (has(sentences_[best_sentence()].terms, term)) continue;
            const Term* other = nullptr;
            std::size_t where = 0;
            for (std::size_t j = window_.first; j < window_.last; ++j)
                for (const Term& candidate : sentences_[j].terms.all)
                    if (candidate.kind == Term::Kind::unit && candidate.dimension == term.dimension &&
                        !has(claim_, candidate))
                        other = &candidate, where = j;
            bool there = false;
            for (const Sentence& sentence : sentences_) there = there || has(sentence.terms, term);
            if (!other && (there || i == 0 || claim_.all[i - 1].kind != Term::Kind::number)) continue;
            if (other && there && has_in_window(term)) continue;
            doubt(Doubt::unit, words_of_claim(term),
                  other ? words_of_passage(sentences_[where], *other) : std::string());
            return true;
        }
        return false;
    }

    bool has_in_window(const Term& term) const {
        for (std::size_t i = window_.first; i < window_.last; ++i)
            if (has(sentences_[i].terms, term)) return true;
        return false;
    }

    // ---- negation and opposites ----

    bool negation() {
        std::set<int> clauses;
        for (const Term& term : claim_.all) clauses.insert(term.clause);
        for (const int clause : clauses) {
            int content = 0;
            bool negates = false;
            for (const Term& term : claim_.all)
                if (term.clause == clause) {
                    content += is_content(term);
                    negates = negates || term.kind == Term::Kind::negator;
                }
            if (content < 3 && clauses.size() > 1) continue;
            const Sentence& near = negates ? sentences_[best_sentence(clause)] : denying_sentence(clause);
            const bool differs = negates ? !anything_negated_alike(clause) && says_plainly(near, clause)
                                         : near.terms.has_negator && !claim_.has_negator &&
                                               negates_what_is_claimed(near, clause);
            const std::string_view near_text =
                std::string_view(passage_.text).substr(near.span.first, near.span.size());
            const Opposites opposite = other_language_ || coverage(window_.first, window_.last) < 0.4
                                           ? Opposites{}
                                           : opposites(claim_, claim_text_, near.terms, near_text);
            if (differs == opposite.found()) continue;  // neither, or one undoes the other
            result_.evidence = near.span;
            if (opposite.found()) {
                doubt(Doubt::opposite, opposite.in_claim, opposite.in_passage);
            } else {
                const auto negator_in = [](const Terms& terms) -> const Term* {
                    for (const Term& term : terms.all)
                        if (term.kind == Term::Kind::negator) return &term;
                    return nullptr;
                };
                const Term *mine = negates ? negator_in(claim_) : nullptr,
                           *theirs = negates ? nullptr : negator_in(near.terms);
                doubt(Doubt::negation, mine ? words_of_claim(*mine) : std::string(),
                      theirs ? words_of_passage(near, *theirs) : std::string());
            }
            return true;
        }
        return false;
    }

    /// Somewhere the passage negates what the clause negates, or where it is nearest something that it says.
    bool anything_negated_alike(int clause) const {
        const std::size_t best = best_sentence(clause);
        for (std::size_t i = 0; i < sentences_.size(); ++i) {
            const Terms& terms = sentences_[i].terms;
            if (!terms.has_negator) continue;
            if (other_language_) return true;
            for (const Term& mine : claim_.all)
                if (mine.clause == clause && (mine.negated || i == best))
                    for (const Term& theirs : terms.all)
                        if (theirs.negated && same_term(mine, theirs)) return true;
        }
        return false;
    }

    /// The sentence has what the clause negates, and does not negate it.
    bool says_plainly(const Sentence& sentence, int clause) const {
        int negated = 0, found = 0;
        for (const Term& term : claim_.all)
            if (term.clause == clause && term.negated && is_content(term)) {
                ++negated;
                found += has(sentence.terms, term);
            }
        return negated > 0 && found * 2 >= negated;
    }

    /// The sentence negates something that the clause says.
    bool negates_what_is_claimed(const Sentence& sentence, int clause) const {
        if (other_language_) return coverage_of(sentence, clause) >= 0.5;
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
            shared += !plainly && std::any_of(claim_.all.begin(), claim_.all.end(), [&](const Term& mine) {
                return mine.clause == clause && same_term(mine, theirs);
            });
        }
        return denies();
    }

    /// The sentence nearest to the clause, or one about as near that negates something in it.
    const Sentence& denying_sentence(int clause) const {
        const std::size_t best = best_sentence(clause);
        const double most = coverage(best, best + 1, clause);
        if (!other_language_)
            for (std::size_t i = 0; i < sentences_.size(); ++i)
                if (sentences_[i].terms.has_negator && coverage(i, i + 1, clause) >= most - 0.1 &&
                    negates_what_is_claimed(sentences_[i], clause))
                    return sentences_[i];
        return sentences_[best];
    }

    double coverage_of(const Sentence& sentence, int clause) const {
        double all = 0, found = 0;
        for (const Term& term : claim_.all)
            if (term.clause == clause && (term.kind == Term::Kind::name || term.kind == Term::Kind::number)) {
                all += 1;
                found += has(sentence.terms, term);
            }
        return all > 0 ? found / all : 0;
    }

    // ---- one word for another ----

    /// The passage word for word but for one word or two: "licensed under the MIT licence" for "… the BSD
    /// licence".
    bool swapped() {
        if (other_language_) return false;
        const std::string claim = fold(claim_text_).text;
        const auto mine = words_of(claim), theirs = words_of(folded_);
        constexpr std::size_t kBeside = 2, kWidest = 4;
        const auto beside = [](const Word& word) { return word.kind == Word::Kind::ideograph ? 3u : 2u; };
        for (std::size_t first = kBeside; first < mine.size(); ++first) {
            const bool ideographs = mine[first].kind == Word::Kind::ideograph;
            if (mine[first].kind == Word::Kind::sign) continue;
            const std::size_t widest = ideographs ? kWidest : 1;
            for (std::size_t last = first + 1; last <= std::min(first + widest, mine.size()); ++last) {
                const std::size_t left = beside(mine[first - 1]);
                const std::size_t right = last < mine.size() ? beside(mine[last]) : 0;
                const bool ends = last + 1 >= mine.size();  // nothing but a full stop behind it
                if (first < left || (!ends && last + right > mine.size())) continue;
                const std::string_view swap = std::string_view(claim).substr(
                    mine[first].span.first, mine[last - 1].span.last - mine[first].span.first);
                if (ends && (ideographs || last - first > 1)) continue;
                if (folded_.find(swap) != folded_.npos) continue;
                // Neighbours that only bind ("of the …") stand everywhere.
                const auto carries = [&](std::size_t from, std::size_t to) {
                    const Terms beside_it = terms_of(std::string_view(claim).substr(
                        mine[from].span.first, mine[to - 1].span.last - mine[from].span.first));
                    return std::any_of(beside_it.all.begin(), beside_it.all.end(), is_content);
                };
                if (!carries(first - left, first) && (ends || !carries(last, last + right))) continue;
                const Terms meant = terms_of(swap);  // no function words, none that bind
                if (ideographs && last - first < 2) continue;
                if (meant.has_negator || !std::any_of(meant.all.begin(), meant.all.end(), is_content) ||
                    std::any_of(meant.all.begin(), meant.all.end(),
                                [](const Term& term) { return !is_content(term); }))
                    continue;
                Term word;
                word.text = swap;
                if (!ideographs && std::any_of(sentences_.begin(), sentences_.end(),
                                               [&](const Sentence& s) { return has(s.terms, word); }))
                    continue;
                if (const auto said = swapped_at(mine, first, last, left, ends ? 0 : right, theirs)) {
                    doubt(Doubt::name, std::string(swap), *said);
                    return true;
                }
            }
        }
        return false;
    }

    /// What the passage has between the same neighbours.
    std::optional<std::string> swapped_at(std::span<const Word> mine, std::size_t first, std::size_t last,
                                          std::size_t left, std::size_t right,
                                          std::span<const Word> theirs) const {
        for (std::size_t at = left; at < theirs.size(); ++at) {
            bool same = true;
            for (std::size_t i = 1; i <= left && same; ++i)
                same = mine[first - i].text == theirs[at - i].text;
            if (!same) continue;
            for (std::size_t end = at + 1; end <= std::min(at + 4, theirs.size()); ++end) {
                if (theirs[end - 1].kind == Word::Kind::sign) break;
                bool closes = right == 0 ? end == theirs.size() || theirs[end].kind == Word::Kind::sign
                                         : end + right <= theirs.size();
                for (std::size_t i = 0; i < right && closes; ++i)
                    closes = mine[last + i].text == theirs[end + i].text;
                if (!closes) continue;
                const std::string said =
                    folded_.substr(theirs[at].span.first, theirs[end - 1].span.last - theirs[at].span.first);
                // As many words as it replaces, of as much meaning, and no form of it.
                if (end - at != last - first || same_word(said, mine[first].text)) continue;
                const Terms meant = terms_of(said);
                if (meant.has_negator || meant.all.empty() ||
                    !std::all_of(meant.all.begin(), meant.all.end(), is_content))
                    continue;
                bool shares = false;
                for (std::size_t i = first; i < last; ++i)
                    shares = shares || said.find(mine[i].text) != said.npos;
                if (!shares) return said;
            }
        }
        return std::nullopt;
    }

    // ---- everything else ----

    void judge_coverage() {
        double likeness = 0;
        if (settings_.meaning) {
            const std::string_view window =
                std::string_view(passage_.text).substr(result_.evidence.first, result_.evidence.size());
            likeness = settings_.meaning(claim_text_, window).value_or(0);
        }
        const bool alike = settings_.meaning && likeness >= settings_.alike;
        if (other_language_) {
            int literal = 0;
            for (const Term& term : claim_.all)
                literal += term.kind == Term::Kind::name || term.kind == Term::Kind::number;
            result_.verdict =
                alike || (!settings_.meaning && literal >= 2) ? Verdict::supported : Verdict::not_checkable;
            return;
        }
        const bool helps = alike && !settings_.unmarked;
        const double least = settings_.unmarked ? std::max(settings_.least_coverage, kLeastUnmarked)
                                                : settings_.least_coverage * (helps ? kAlike : 1);
        const double least_new = kLeastNew * (helps ? kAlike : 1);
        const std::size_t before = window_.first - std::min<std::size_t>(window_.first, 1);
        const std::size_t behind = std::min(window_.last + 1, sentences_.size());
        const bool adds = !settings_.question.empty() &&
                          std::any_of(claim_.all.begin(), claim_.all.end(),
                                      [&](const Term& term) { return is_new(term) && !counted(term); });
        const bool adds_what_is_there = !adds || coverage(before, behind, -1, nullptr, true) >= least_new;
        if ((helps && likeness >= settings_.same) || (result_.coverage >= least && adds_what_is_there)) {
            result_.verdict = Verdict::supported;
            return;
        }
        result_.verdict = Verdict::unsupported;
        doubt(Doubt::not_found, {}, {});
    }

    const std::string_view claim_text_;
    const Passage& passage_;
    const CheckSettings& settings_;
    Terms claim_, question_;
    std::vector<Sentence> sentences_;
    std::string folded_, around_;
    bool other_language_ = false;
    Span window_{0, 0};  // of sentences_
    ClaimCheck result_;
};

}  // namespace

ClaimCheck check_claim(std::string_view claim, const Passage& passage, const CheckSettings& settings) {
    return Checker(claim, passage, settings).check();
}

CitedCheck check_claim(std::string_view claim, std::span<const Passage* const> passages,
                       const CheckSettings& settings) {
    CitedCheck best;
    if (passages.empty()) return best;
    const auto rank = [](const ClaimCheck& check) {
        return (check.verdict == Verdict::supported       ? 2.0
                : check.verdict == Verdict::not_checkable ? 1.0
                                                          : 0.0) +
               check.coverage / 2;
    };
    for (std::size_t i = 0; i < passages.size(); ++i) {
        const ClaimCheck check = check_claim(claim, *passages[i], settings);
        if (i == 0 || rank(check) > rank(best.check)) best = {check, i};
    }
    if (best.check.verdict != Verdict::unsupported || passages.size() == 1) return best;
    Passage all;
    for (const Passage* passage : passages) {
        all.text += (all.text.empty() ? "" : "\n\n") + passage->text;
        all.title += " " + passage->title;
        all.headings += " " + passage->headings;
    }
    const ClaimCheck together = check_claim(claim, all, settings);
    if (together.verdict == Verdict::supported) {
        best.check.verdict = Verdict::supported;
        best.check.doubt = Doubt::none;
        best.check.coverage = together.coverage;
    }
    return best;
}

std::string explain(const ClaimCheck& check) {
    const std::string has = check.said.empty() ? std::string() : ", which has “" + check.said + "”";
    switch (check.doubt) {
        case Doubt::none:
            return check.verdict == Verdict::supported ? check.verbatim ? "word for word" : "supported"
                                                       : "cannot be checked by its words";
        case Doubt::not_found:
            return "the passage says nothing like it";
        case Doubt::number:
            return "the number “" + check.claimed + "” is not the passage's" + has;
        case Doubt::unit:
            return "the unit “" + check.claimed + "” is not the passage's" + has;
        case Doubt::name:
            return "the name “" + check.claimed + "” is not the passage's" + has;
        case Doubt::negation:
            return check.claimed.empty() ? "the passage denies it (“" + check.said + "”)"
                                         : "it denies (“" + check.claimed + "”) what the passage says";
        case Doubt::opposite:
            return "it says “" + check.claimed + "” where the passage says “" + check.said + "”";
    }
    return {};
}

}  // namespace pellucid::answering
