#include "storage/search_query.h"

#include <unicode/utf8.h>

#include <algorithm>

namespace pellucid::storage {
namespace {

/// More than anyone types; keeps a pasted page from becoming a query of thousands of terms.
constexpr std::size_t kMostTerms = 24;
constexpr std::size_t kLongestQuery = 2000;  // bytes

struct Word {
    std::string text;
    bool excluded = false, quoted = false, open_ended = false;
};

/// The length of a quotation mark at `at`, 0 if there is none.
std::size_t quote_at(std::string_view text, std::size_t at) {
    for (const std::string_view mark : {"\"", "“", "”", "„", "«", "»", "「", "」", "『", "』", "＂"})
        if (text.substr(at).starts_with(mark)) return mark.size();
    return 0;
}

std::size_t blank_at(std::string_view text, std::size_t at) {
    const char c = text[at];
    if (c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' || c == '\v') return 1;
    for (const std::string_view blank : {"\u3000", "\u00a0", "\u2009", "\u200a", "\u202f"})
        if (text.substr(at).starts_with(blank)) return blank.size();
    return 0;
}

std::vector<Word> split(std::string_view typed) {
    std::vector<Word> words;
    Word word;
    bool inside = false;
    const auto finish = [&](bool open_ended) {
        word.open_ended = open_ended;
        if (!word.text.empty()) words.push_back(word);
        word = Word{};
    };
    for (std::size_t at = 0; at < typed.size();) {
        if (const auto size = quote_at(typed, at)) {
            if (inside) {
                finish(false);
            } else {
                if (!word.text.empty()) finish(false);
                word.quoted = true;  // keeps a minus that stood before it
            }
            inside = !inside;
            at += size;
            continue;
        }
        if (const auto size = blank_at(typed, at); size != 0 && !inside) {
            finish(false);
            at += size;
            continue;
        }
        if (typed[at] == '-' && word.text.empty() && !word.quoted && !inside && at + 1 < typed.size() &&
            blank_at(typed, at + 1) == 0) {
            word.excluded = true;
            ++at;
            continue;
        }
        word.text += typed[at++];
    }
    // A quotation still open is being typed: its last word too.
    finish(true);
    return words;
}

std::string quote_token(std::string_view token) {
    std::string text = "\"";
    for (const char c : token) {
        if (c == '"') text += '"';
        text += c;
    }
    return text + '"';
}

std::string term_expression(const SearchTerm& term) {
    // Marked verbatim: these are tokens already, and folding is not always the same twice (½ becomes 1⁄2).
    std::string text;
    for (std::size_t i = 0; i < term.tokens.size(); ++i) {
        const bool last = i + 1 == term.tokens.size();
        if (i > 0) text += " + ";
        const auto characters = [&] {
            int count = 0;
            const auto& token = term.tokens[i];
            for (int at = 0; at < static_cast<int>(token.size()); ++count)
                U8_FWD_1(token.data(), at, static_cast<int>(token.size()));
            return count;
        };
        if (!last || !term.beginning)
            text += quote_token(kVerbatimMark + term.tokens[i]);
        else if (characters() <= kMarkedPrefixes)
            text += quote_token(kPrefixMark + term.tokens[i]);
        else
            text += quote_token(kVerbatimMark + term.tokens[i]) + " *";
    }
    return text;
}

}  // namespace

bool SearchTerms::empty() const {
    return std::none_of(terms.begin(), terms.end(), [](const SearchTerm& term) { return !term.excluded; });
}

std::string SearchTerms::expression() const {
    if (empty()) return {};
    std::string wanted, unwanted;
    for (const auto& term : terms) {
        auto& side = term.excluded ? unwanted : wanted;
        if (!side.empty()) side += term.excluded ? " OR " : " AND ";
        side += term_expression(term);
    }
    return unwanted.empty() ? wanted : "(" + wanted + ") NOT (" + unwanted + ")";
}

SearchTerms parse_search(std::string_view typed, SearchTokenizer& tokenizer) {
    if (typed.size() > kLongestQuery) {
        int cut = static_cast<int>(kLongestQuery);
        U8_SET_CP_START(reinterpret_cast<const std::uint8_t*>(typed.data()), 0, cut);
        typed = typed.substr(0, static_cast<std::size_t>(cut));
    }
    SearchTerms result;
    for (const auto& word : split(typed)) {
        SearchTerm term;
        term.excluded = word.excluded;
        bool whole = false;
        std::string text = word.text;
        std::erase_if(text, [](char c) { return c == kPrefixMark || c == kVerbatimMark; });
        tokenizer.tokenize(text, SearchTokenizer::Mode::query, [&](const SearchToken& token) {
            term.tokens.emplace_back(token.text);
            whole = token.whole;
            // A word that ends in punctuation is whole: "the." is not "there".
            term.beginning = token.end == static_cast<int>(text.size());
            return true;
        });
        if (term.tokens.empty()) continue;
        term.beginning = term.beginning && word.open_ended && !word.excluded && !whole;
        result.terms.push_back(std::move(term));
        if (result.terms.size() == kMostTerms) break;
    }
    return result;
}

}  // namespace pellucid::storage
