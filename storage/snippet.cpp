#include "storage/snippet.h"

#include <unicode/utf8.h>

#include <algorithm>
#include <bitset>

namespace pellucid::storage {
namespace {

/// In a longer text the first match will do: a snippet must not cost more than the search.
constexpr int kScannedBytes = 32 * 1024;

struct Match {
    int begin = 0, end = 0;
    std::size_t term = 0;
};

bool matches(const SearchTerm& term, std::size_t place, std::string_view token) {
    const auto& wanted = term.tokens[place];
    return term.beginning && place + 1 == term.tokens.size() ? token.starts_with(wanted) : token == wanted;
}

std::vector<Match> find_matches(std::string_view text, const SearchTerms& terms, SearchTokenizer& tokenizer) {
    struct Partial {
        std::size_t term, next;
        int place, begin;
    };
    std::vector<Match> found;
    std::vector<Partial> partial;
    int place = -1;
    tokenizer.tokenize(text, SearchTokenizer::Mode::document, [&](const SearchToken& token) {
        if (!token.colocated) ++place;
        if (token.text.front() == kPrefixMark) return true;
        // Phrases begun at the place before this one, then phrases that begin here.
        for (std::size_t i = 0, known = partial.size(); i < known; ++i) {
            const Partial p = partial[i];
            if (p.place + 1 != place || !matches(terms.terms[p.term], p.next, token.text)) continue;
            if (p.next + 1 == terms.terms[p.term].tokens.size())
                found.push_back({p.begin, token.end, p.term});
            else
                partial.push_back({p.term, p.next + 1, place, p.begin});
        }
        for (std::size_t t = 0; t < terms.terms.size(); ++t) {
            const auto& term = terms.terms[t];
            if (term.excluded || !matches(term, 0, token.text)) continue;
            if (term.tokens.size() == 1)
                found.push_back({token.begin, token.end, t});
            else
                partial.push_back({t, 1, place, token.begin});
        }
        if (!token.colocated) std::erase_if(partial, [&](const Partial& p) { return p.place + 1 < place; });
        return found.empty() || token.end < kScannedBytes;
    });
    std::sort(found.begin(), found.end(), [](const Match& a, const Match& b) { return a.begin < b.begin; });
    return found;
}

int width_of(UChar32 c) {
    return c >= 0x1100 && (c <= 0x115F || (c >= 0x2E80 && c <= 0xFFDC)) ? 2 : 1;
}

/// Moves `from` back (or on, with a negative width) by about `width`, never into a character.
int moved(std::string_view text, int from, int width) {
    const int size = static_cast<int>(text.size());
    int at = from;
    for (int done = 0; width > 0 ? (at > 0 && done < width) : (at < size && done < -width);) {
        UChar32 c;
        if (width > 0)
            U8_PREV(text.data(), 0, at, c);
        else
            U8_NEXT(text.data(), at, size, c);
        done += width_of(c);
    }
    return at;
}

bool is_blank(char c) {
    return c == ' ' || c == '\n' || c == '\t' || c == '\r';
}

/// A cut shall not fall into a word: the next blank within a few bytes is better.
int at_word_start(std::string_view text, int at, int limit) {
    if (at == 0 || is_blank(text[static_cast<std::size_t>(at) - 1])) return at;
    for (int next = at; next < std::min(limit, at + 16); ++next)
        if (is_blank(text[static_cast<std::size_t>(next)])) return next + 1;
    return at;
}

int at_word_end(std::string_view text, int at, int limit) {
    const int size = static_cast<int>(text.size());
    if (at >= size || is_blank(text[static_cast<std::size_t>(at)])) return at;
    for (int before = at; before > std::max(limit, at - 16); --before)
        if (is_blank(text[static_cast<std::size_t>(before) - 1])) return before - 1;
    return at;
}

}  // namespace

Snippet make_snippet(std::string_view text, const SearchTerms& terms, SearchTokenizer& tokenizer, int width) {
    const auto found = find_matches(text, terms, tokenizer);
    Snippet snippet;
    std::bitset<64> all;
    for (const auto& match : found) all.set(match.term % 64);
    snippet.terms_found = static_cast<int>(all.count());

    // The window that shows most different terms; of equals the first.
    int first = 0;
    std::size_t best = 0;
    const int lead = width / 4;
    for (std::size_t i = 0; i < found.size(); ++i) {
        const int reach = moved(text, found[i].begin, -(width - lead));
        std::bitset<64> seen;
        for (std::size_t k = i; k < found.size() && found[k].end <= reach; ++k) seen.set(found[k].term % 64);
        if (seen.count() > best) {
            best = seen.count();
            first = found[i].begin;
            if (best == all.count()) break;
        }
    }
    if (best == 0 && !found.empty()) first = found.front().begin;
    int begin = moved(text, first, lead);
    const int end_wanted = moved(text, begin, -width);
    if (end_wanted == static_cast<int>(text.size())) begin = moved(text, end_wanted, width);  // fill the line
    begin = at_word_start(text, begin, first);
    const int end = at_word_end(text, std::max(end_wanted, first), first);

    int cursor = begin;
    while (cursor < end && is_blank(text[static_cast<std::size_t>(cursor)])) ++cursor;
    if (cursor > 0 && begin > 0) snippet.text = "…";
    auto match = found.begin();
    bool blank = false;
    while (cursor < end) {
        while (match != found.end() && match->begin < cursor) ++match;
        const bool starts = match != found.end() && match->begin == cursor;
        const int stop =
            starts ? std::min(match->end, end) : std::min(end, match != found.end() ? match->begin : end);
        if (starts && blank) {
            snippet.text += ' ';
            blank = false;
        }
        const int from = static_cast<int>(snippet.text.size());
        for (; cursor < stop; ++cursor) {
            const char c = text[static_cast<std::size_t>(cursor)];
            if (is_blank(c)) {
                blank = true;
                continue;
            }
            if (blank) snippet.text += ' ';
            blank = false;
            snippet.text += c;
        }
        if (starts) snippet.matches.push_back({from, static_cast<int>(snippet.text.size()) - from});
    }
    bool more = false;
    for (int rest = end; rest < static_cast<int>(text.size()) && !more; ++rest)
        more = !is_blank(text[static_cast<std::size_t>(rest)]);
    if (more) snippet.text += "…";
    // Overlapping matches (a word found twice) are one range.
    std::vector<SearchHit::Range> merged;
    for (const auto& range : snippet.matches) {
        if (range.length == 0) continue;
        if (!merged.empty() && range.begin < merged.back().begin + merged.back().length)
            merged.back().length =
                std::max(merged.back().length, range.begin + range.length - merged.back().begin);
        else
            merged.push_back(range);
    }
    snippet.matches = std::move(merged);
    return snippet;
}

}  // namespace pellucid::storage
