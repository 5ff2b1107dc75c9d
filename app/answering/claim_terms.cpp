#include "app/answering/claim_terms.h"

#include <unicode/uchar.h>

#include <algorithm>
#include <span>

#include "app/answering/claim_words.h"
#include "app/answering/folded_text.h"
#include "app/answering/quantities.h"
#include "engine/text/utf8.h"

namespace pellucid::answering {

namespace {

bool is_upper(std::string_view source, std::size_t at) {
    if (at >= source.size()) return false;
    return u_isupper(static_cast<UChar32>(decode_utf8(source, at).code_point));
}

class Reader {
public:
    explicit Reader(std::string_view sentence)
        : sentence_(sentence), folded_(fold(sentence)), words_(words_of(folded_.text)) {
        int ideographs = 0, letters = 0;
        for (const Word& word : words_) {
            ideographs += word.kind == Word::Kind::ideograph;
            letters += word.kind == Word::Kind::letters;
        }
        terms_.chinese = ideographs > letters;
    }

    Terms read() {
        for (at_ = 0; at_ < words_.size();) {
            const Word& word = words_[at_];
            if (word.kind == Word::Kind::ideograph)
                read_ideographs();
            else if (word.kind == Word::Kind::digits)
                read_digits();
            else if (word.kind == Word::Kind::letters)
                read_letters();
            else
                read_sign();
        }
        terms_.clauses = clause_ + 1;
        scope();
        return std::move(terms_);
    }

private:
    std::span<const Word> rest() const { return std::span(words_).subspan(at_); }
    bool touches(std::size_t i) const {
        return i > 0 && i < words_.size() && words_[i - 1].span.last == words_[i].span.first;
    }
    Span source(std::size_t first, std::size_t last) const {  // words
        return folded_.source(words_[first].span.first, words_[last - 1].span.last);
    }

    Term& add(Term::Kind kind, std::string text, double weight, std::size_t words) {
        Term term;
        term.kind = kind;
        term.text = std::move(text);
        term.weight = weight;
        term.clause = clause_;
        term.span = source(at_, at_ + words);
        term.capital = is_upper(sentence_, folded_.from[words_[at_].span.first]);
        at_ += words;
        terms_.all.push_back(std::move(term));
        return terms_.all.back();
    }

    void read_sign() {
        const std::string_view sign = words_[at_].text;
        // "/usr/share", "\footnote", ".changes", "--force", "$HOME": a name with its sign.
        const bool prefix =
            sign == "/" || sign == "\\" || sign == "." || sign == "$" || sign == "~" || sign == "@";
        if (prefix && at_ + 1 < words_.size() && touches(at_ + 1) && !(at_ > 0 && touches(at_)) &&
            words_[at_ + 1].kind == Word::Kind::letters) {
            read_chunk();
            return;
        }
        if ((sign == "$" || sign == "€") && at_ + 1 < words_.size() &&
            words_[at_ + 1].kind == Word::Kind::digits) {
            const auto unit = unit_at(rest(), true);
            ++at_;
            read_digits();
            add_unit(*unit);
            return;
        }
        if (sign == "%" && !terms_.all.empty() && terms_.all.back().kind == Term::Kind::number)
            add_unit({"percent", "share", 1});
        if (sign == "," || sign == ";" || sign == ":" || sign == "(" || sign == ")" || sign == "、" ||
            sign == "—") {
            if (sign != "、") ++clause_;
        }
        ++at_;
    }

    void add_unit(const Unit& unit) {
        Term term;
        term.kind = Term::Kind::unit;
        term.text = unit.name;
        term.dimension = unit.dimension;
        term.clause = clause_;
        if (!terms_.all.empty()) term.span = terms_.all.back().span;
        terms_.all.push_back(std::move(term));
    }

    /// What stands behind a number.
    void read_unit(bool year) {
        std::size_t skip = 0;
        if (at_ < words_.size() && words_[at_].text == "-") skip = 1;  // "30-day"
        const auto behind = rest().subspan(std::min(skip, rest().size()));
        if (const auto unit = unit_at(behind, true)) {
            const bool ideographs = behind[0].kind == Word::Kind::ideograph;
            // 2017年6月3日 is a date and no duration.
            const bool date = ideographs && (year || in_date_) &&
                              (unit->name == "year" || unit->name == "month" || unit->name == "day");
            in_date_ = date;
            at_ += skip;
            if (date && unit->name == "month" && !terms_.all.empty())
                terms_.all.back().text = "month:" + terms_.all.back().text;
            if (!date) {
                const std::size_t first = at_;
                add_unit(*unit);
                terms_.all.back().span = source(first, first + unit->words);
            }
            at_ += unit->words;
        } else {
            in_date_ = false;
        }
    }

    void read_digits() {
        // "3d", "64bit", "7z": letters touch and are no unit.
        const auto number = number_at(folded_.text, rest());
        const std::size_t next = at_ + number->words;
        if (next < words_.size() && touches(next) && words_[next].kind == Word::Kind::letters &&
            !number->ordinal && !unit_at(std::span(words_).subspan(next), true)) {
            read_chunk();
            return;
        }
        const bool year = number->value.size() == 4 && number->value.find('.') == std::string::npos;
        Term& term = add(Term::Kind::number, number->value, 1.5, number->words);
        if (at_ < words_.size() && words_[at_].text == "成" && touches(at_)) {  // 2成: twenty percent
            term.text += "0";
            add_unit({"percent", "share", 1});
            ++at_;
            return;
        }
        read_unit(year);
    }

    /// Letters, digits and the signs that join them into one name.
    void read_chunk() {
        std::size_t end = at_ + 1;
        while (end < words_.size() && touches(end)) {
            const Word& word = words_[end];
            if (word.kind == Word::Kind::ideograph) break;
            if (word.kind == Word::Kind::sign) {
                const bool joins = word.text == "-" || word.text == "_" || word.text == "." ||
                                   word.text == "/" || word.text == "+" || word.text == "@" ||
                                   word.text == "\\" || word.text == "'" || word.text == ":";
                const bool goes_on = end + 1 < words_.size() && touches(end + 1) &&
                                     (words_[end + 1].kind == Word::Kind::letters ||
                                      words_[end + 1].kind == Word::Kind::digits);
                const bool plus = word.text == "+" && end > at_;
                if (!((joins && goes_on) || plus)) break;
                if (word.text == ":" && words_[end + 1].kind == Word::Kind::letters &&
                    words_[at_].kind == Word::Kind::letters && end == at_ + 1 &&
                    !std::any_of(words_.begin() + static_cast<long>(at_),
                                 words_.begin() + static_cast<long>(end),
                                 [](const Word& w) { return w.text == "/"; }))
                    break;
            }
            ++end;
        }
        const Span bytes{words_[at_].span.first, words_[end - 1].span.last};
        std::string text = folded_.text.substr(bytes.first, bytes.size());
        const std::string_view original =
            sentence_.substr(folded_.from[bytes.first], folded_.from[bytes.last] - folded_.from[bytes.first]);
        int capitals = 0, digits = 0, letters = 0;
        bool inner_sign = false, hyphen = false;
        for (std::size_t i = 0; i < original.size();) {
            const Utf8Char c = decode_utf8(original, i);
            capitals += u_isupper(static_cast<UChar32>(c.code_point)) ? 1 : 0;
            digits += c.code_point >= '0' && c.code_point <= '9';
            letters += u_isalpha(static_cast<UChar32>(c.code_point)) ? 1 : 0;
            inner_sign = inner_sign || c.code_point == '_' || c.code_point == '.' || c.code_point == '\\' ||
                         c.code_point == '@' || c.code_point == '$';
            inner_sign = inner_sign || (c.code_point == '/' && i == 0);
            hyphen = hyphen || c.code_point == '-' || c.code_point == '/';
            i += c.length;
        }
        if (text.ends_with("'s")) text.resize(text.size() - 2);
        const bool acronym = capitals >= 2 && letters >= 2;
        const bool identifier = inner_sign || (digits > 0 && letters > 0) || acronym;
        if (!identifier && hyphen && !terms_.chinese) {  // "memory-mapped": words
            const std::size_t stop = end;
            while (at_ < stop) {
                if (words_[at_].kind == Word::Kind::letters)
                    read_word();
                else if (words_[at_].kind == Word::Kind::digits)
                    add(Term::Kind::number, std::string(words_[at_].text), 1.5, 1);
                else
                    ++at_;
            }
            return;
        }
        const bool capital = capitals > 0;
        const bool name = identifier || (capital && !terms_.all.empty()) || (terms_.chinese && letters > 1);
        const bool stop = !identifier && is_function_word(text);
        Term& term = add(name && !stop ? Term::Kind::name : Term::Kind::word, text,
                         stop   ? 0
                         : name ? 1.5
                                : 1,
                         end - at_);
        term.capital = capital;
    }

    void read_word() {
        const std::string_view text = words_[at_].text;
        const bool contraction = text.ends_with("n't");
        if (contraction || is_negator(text)) {
            const bool only = at_ + 1 < words_.size() && words_[at_ + 1].text == "only";
            const bool abbreviation = text == "no" && at_ + 1 < words_.size() && words_[at_ + 1].text == ".";
            const bool or_not = text == "not" && at_ > 0 && words_[at_ - 1].text == "or";
            if (!only && !abbreviation && !or_not) {
                add(Term::Kind::negator, std::string(text), 0, 1);
                return;
            }
        }
        if (text == "but") ++clause_;
        if (const int month = month_of(text);
            month > 0 && is_upper(sentence_, folded_.from[words_[at_].span.first])) {
            add(Term::Kind::number, "month:" + std::to_string(month), 1.5, 1);
            return;
        }
        if (const auto number = number_at(folded_.text, rest())) {
            add(Term::Kind::number, number->value, number->ordinal ? 0.5 : 1.5, number->words);
            read_unit(false);
            return;
        }
        if (const auto unit = unit_at(rest(), false)) {
            const std::size_t first = at_;
            add_unit(*unit);
            terms_.all.back().span = source(first, first + unit->words);
            at_ += unit->words;
            return;
        }
        const bool stop = is_function_word(text);
        add(Term::Kind::word, std::string(text), stop ? 0 : 1, 1);
    }

    void read_letters() {
        const bool joined =
            at_ + 1 < words_.size() && touches(at_ + 1) && words_[at_ + 1].kind != Word::Kind::ideograph;
        const Word& word = words_[at_];
        const bool capital = is_upper(sentence_, folded_.from[word.span.first]);
        const bool number = number_at(folded_.text, rest()).has_value() || month_of(word.text) > 0;
        const bool plain =
            word.text.ends_with("n't") || is_negator(word.text) || (unit_at(rest(), false) && !capital);
        if (number || plain || (!joined && !capital && !terms_.chinese))
            read_word();
        else
            read_chunk();
    }

    /// A run of ideographs: negators, numbers, units; the rest in pairs.
    void read_ideographs() {
        std::size_t end = at_;
        while (end < words_.size() && words_[end].kind == Word::Kind::ideograph) ++end;
        std::string run;
        std::vector<std::size_t> begin;  // byte of the run at which each ideograph begins
        for (std::size_t i = at_; i < end; ++i) begin.push_back(run.size()), run += words_[i].text;
        const std::size_t first = at_;
        std::size_t quiet_until = 0;  // word index: an idiom is passed over
        bool parted = true;           // no pair with the ideograph before
        while (at_ < end) {
            const std::string_view here = std::string_view(run).substr(begin[at_ - first]);
            const std::string_view before = at_ > first ? words_[at_ - 1].text : std::string_view();
            if (at_ >= quiet_until) {
                quiet_until = std::max(quiet_until, at_ + chinese_idiom_at(here).size() / 3);
            }
            if (at_ >= quiet_until) {
                const std::string_view found = chinese_negator_at(here);
                if (!found.empty()) {
                    add(Term::Kind::negator, std::string(found), 0, found.size() / 3);
                    parted = true;
                    continue;
                }
                if (here.starts_with("百分之")) {
                    at_ += 3;
                    const auto share = at_ < words_.size() && words_[at_].kind == Word::Kind::digits
                                           ? number_at(folded_.text, rest())
                                           : chinese_number_at(rest(), "第");
                    if (share) {
                        add(Term::Kind::number, share->value, 1.5, share->words);
                        add_unit({"percent", "share", 1});
                    }
                    if (at_ > end) return;
                    parted = true;
                    continue;
                }
                if (const auto number =
                        chinese_number_at(std::span(words_).subspan(at_, end - at_), before)) {
                    add(Term::Kind::number, number->value, number->ordinal ? 0.5 : 1.5, number->words);
                    if (at_ < words_.size() && words_[at_].text == "成") {
                        terms_.all.back().text += "0";
                        add_unit({"percent", "share", 1});
                        ++at_;
                    } else {
                        read_unit(number->value.size() == 4);
                    }
                    parted = true;
                    continue;
                }
                const bool counted = before == "每" || before == "几" || before == "数" || before == "半" ||
                                     before == "多" || before == "个";
                if (const auto unit = unit_at(std::span(words_).subspan(at_, end - at_), counted)) {
                    const std::size_t from = at_;
                    add_unit(*unit);
                    terms_.all.back().span = source(from, from + unit->words);
                    at_ += unit->words;
                    parted = true;
                    continue;
                }
            }
            if (!parted && at_ > first) {
                const std::string left(words_[at_ - 1].text), right(words_[at_].text);
                const bool binding = binds(left) || binds(right);
                --at_;
                add(Term::Kind::pair, left + right, binding ? 0 : 0.6, 2);
                --at_;
            }
            parted = false;
            ++at_;
        }
    }

    /// Which terms stand behind a negator: the next three that carry meaning, in its clause; behind 不 and
    /// 没 two pairs, behind other single ideographs (未满) one, behind longer ones (不能) five.
    void scope() {
        int left = 0, clause = -1;
        for (Term& term : terms_.all) {
            if (term.clause != clause) left = 0;
            clause = term.clause;
            if (term.kind == Term::Kind::negator) {
                left = static_cast<unsigned char>(term.text[0]) < 0x80 ? 3
                       : term.text.size() > 3                          ? 5
                       : term.text == "不" || term.text == "没"        ? 2
                                                                       : 1;
                terms_.has_negator = true;
            } else if (left > 0 && (term.weight > 0 || term.kind == Term::Kind::pair)) {
                term.negated = true;
                --left;
            }
        }
    }

    const std::string_view sentence_;
    const FoldedText folded_;
    const std::vector<Word> words_;
    Terms terms_;
    std::size_t at_ = 0;
    int clause_ = 0;
    bool in_date_ = false;
};

}  // namespace

bool Terms::has(Term::Kind kind, std::string_view text) const {
    return std::any_of(all.begin(), all.end(),
                       [&](const Term& term) { return term.kind == kind && term.text == text; });
}

Terms terms_of(std::string_view sentence) {
    return Reader(sentence).read();
}

}  // namespace pellucid::answering
