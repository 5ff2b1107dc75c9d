#include "app/answering/term_match.h"

#include <algorithm>

#include "app/answering/folded_text.h"
#include "app/answering/word_forms.h"

namespace pellucid::answering {

bool is_content(const Term& term) {
    return term.weight > 0;
}

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

}  // namespace pellucid::answering
