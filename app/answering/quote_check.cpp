#include "app/answering/quote_check.h"

#include <algorithm>
#include <set>

#include "app/answering/claim_comparison.h"
#include "app/answering/folded_text.h"
#include "app/answering/term_match.h"

namespace pellucid::answering {

namespace {

/// Of what a sentence adds to the question, how much must be found around the evidence.
constexpr double kLeastNew = 0.4;
/// What is left of the bars where a model of meaning finds the two alike. Not nothing: two sentences about
/// one thing are alike, whatever they say of it.
constexpr double kAlike = 0.55;
constexpr double kLeastUnmarked = 0.6;  // coverage

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

class Checker {
public:
    Checker(std::string_view claim, const Passage& passage, const CheckSettings& settings)
        : settings_(settings), c_(claim, passage, settings.question) {}

    ClaimCheck check() {
        if (asks() || is_heading() || repeats_question()) return result_;
        if (is_verbatim()) return result_;
        double weight = 0;
        for (const Term& term : c_.claim.all) weight += term.weight;
        if (weight < 1.2 || c_.sentences.empty()) return result_;  // nothing to compare
        result_.coverage = c_.coverage(c_.window.first, c_.window.last);
        result_.evidence = c_.evidence();
        for (const auto differing :
             {differing_number, differing_name, differing_unit, differing_negation, swapped_word})
            if (auto difference = differing(c_)) {
                result_.verdict = Verdict::unsupported;
                result_.doubt = difference->doubt;
                result_.claimed = std::move(difference->claimed);
                result_.said = std::move(difference->said);
                if (!difference->evidence.empty()) result_.evidence = difference->evidence;
                return result_;
            }
        judge_coverage();
        return result_;
    }

private:
    bool asks() const {
        std::string_view claim = c_.claim_text;
        while (!claim.empty() && (claim.back() == ' ' || claim.back() == '"' || claim.back() == ')'))
            claim.remove_suffix(1);
        return claim.ends_with("?") || claim.ends_with("？");
    }

    /// All that it says is in the document's title or in the passage's headings.
    bool is_heading() const {
        const Terms headings =
            terms_of(c_.passage.title + " ; " + c_.passage.file + " ; " + c_.passage.headings);
        bool any = false;
        for (const Term& term : c_.claim.all) {
            if (!is_content(term) && term.kind != Term::Kind::negator) continue;
            if (!has(headings, term)) return false;
            any = true;
        }
        return any;
    }

    bool repeats_question() const {
        if (!is_open_question(settings_.question)) return false;
        return std::none_of(c_.claim.all.begin(), c_.claim.all.end(),
                            [&](const Term& term) { return c_.is_new(term); });
    }

    bool is_verbatim() {
        const FoldedText passage = fold(c_.passage.text);
        std::string claim = fold(c_.claim_text).text;
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

    void judge_coverage() {
        if (c_.other_language) {
            int literal = 0;
            for (const Term& term : c_.claim.all)
                literal += term.kind == Term::Kind::name || term.kind == Term::Kind::number;
            const bool supported = settings_.meaning ? likeness() >= settings_.alike : literal >= 2;
            result_.verdict = supported ? Verdict::supported : Verdict::not_checkable;
            return;
        }
        if (says_enough(1) || is_alike()) {
            result_.verdict = Verdict::supported;
            return;
        }
        result_.verdict = Verdict::unsupported;
        result_.doubt = Doubt::not_found;
    }

    /// Enough of its words near together; `share`: of the bars.
    bool says_enough(double share) const {
        const double least = settings_.unmarked ? std::max(settings_.least_coverage, kLeastUnmarked)
                                                : settings_.least_coverage;
        const std::size_t before = c_.window.first - std::min<std::size_t>(c_.window.first, 1);
        const std::size_t behind = std::min(c_.window.last + 1, c_.sentences.size());
        const bool adds = !settings_.question.empty() &&
                          std::any_of(c_.claim.all.begin(), c_.claim.all.end(), [&](const Term& term) {
                              return c_.is_new(term) && term.kind != Term::Kind::unit;
                          });
        return result_.coverage >= least * share &&
               (!adds || c_.coverage(before, behind, -1, nullptr, true) >= kLeastNew * share);
    }

    /// What words leave open a model of meaning may say; it is slow, so it is asked last.
    bool is_alike() const {
        if (settings_.unmarked || !settings_.meaning) return false;
        const double alike = likeness();
        return alike >= settings_.same || (alike >= settings_.alike && says_enough(kAlike));
    }

    double likeness() const {
        const std::string_view window =
            std::string_view(c_.passage.text).substr(result_.evidence.first, result_.evidence.size());
        return settings_.meaning(c_.claim_text, window).value_or(-1);
    }

    const CheckSettings& settings_;
    const Comparison c_;
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
