// A passage's sentence with one word put in the place of another.
#include <algorithm>
#include <span>

#include "app/answering/claim_comparison.h"
#include "app/answering/folded_text.h"
#include "app/answering/term_match.h"
#include "app/answering/word_forms.h"

namespace pellucid::answering {

namespace {

/// What the passage has between the same neighbours.
std::optional<std::string> swapped_at(std::string_view folded, std::span<const Word> mine, std::size_t first,
                                      std::size_t last, std::size_t left, std::size_t right,
                                      std::span<const Word> theirs) {
    for (std::size_t at = left; at < theirs.size(); ++at) {
        bool same = true;
        for (std::size_t i = 1; i <= left && same; ++i) same = mine[first - i].text == theirs[at - i].text;
        if (!same) continue;
        for (std::size_t end = at + 1; end <= std::min(at + 4, theirs.size()); ++end) {
            if (theirs[end - 1].kind == Word::Kind::sign) break;
            bool closes = right == 0 ? end == theirs.size() || theirs[end].kind == Word::Kind::sign
                                     : end + right <= theirs.size();
            for (std::size_t i = 0; i < right && closes; ++i)
                closes = mine[last + i].text == theirs[end + i].text;
            if (!closes) continue;
            const std::string said(
                folded.substr(theirs[at].span.first, theirs[end - 1].span.last - theirs[at].span.first));
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

}  // namespace

std::optional<Difference> swapped_word(const Comparison& c) {
    if (c.other_language) return std::nullopt;
    const std::string claim = fold(c.claim_text).text;
    const auto mine = words_of(claim), theirs = words_of(c.folded);
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
            if (c.folded.find(swap) != c.folded.npos) continue;
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
            if (!ideographs && std::any_of(c.sentences.begin(), c.sentences.end(),
                                           [&](const Comparison::Sentence& s) { return has(s.terms, word); }))
                continue;
            if (const auto said = swapped_at(c.folded, mine, first, last, left, ends ? 0 : right, theirs)) {
                return Difference{Doubt::name, std::string(swap), *said, {}};
            }
        }
    }
    return std::nullopt;
}

}  // namespace pellucid::answering
