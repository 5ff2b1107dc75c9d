#include "app/answering/passage_focus.h"

#include <algorithm>
#include <cmath>
#include <set>
#include <vector>

#include "app/answering/sentences.h"
#include "app/answering/word_forms.h"

namespace pellucid::answering {

namespace {

constexpr std::size_t kMostPassages = 12;  // whose sentences are counted

bool stands_in(const Terms& terms, const Term& wanted) {
    return std::any_of(terms.all.begin(), terms.all.end(),
                       [&](const Term& term) { return same_word(term.text, wanted.text); });
}

}  // namespace

PassageFocus::PassageFocus(std::string_view question, std::span<const Passage> passages)
    : question_(terms_of(question)) {
    std::erase_if(question_.all, [](const Term& term) { return term.weight <= 0; });
    std::map<std::string, int> sentences_with;
    int sentences = 0;
    for (const Passage& passage : passages.first(std::min(passages.size(), kMostPassages)))
        for (const Span& sentence : sentences_of(passage.text)) {
            ++sentences;
            const Terms terms =
                terms_of(std::string_view(passage.text).substr(sentence.first, sentence.size()));
            for (const Term& term : question_.all) sentences_with[term.text] += stands_in(terms, term);
        }
    for (const Term& term : question_.all)
        weights_[term.text] =
            term.weight * std::log(1 + (sentences + 1.0) / (sentences_with[term.text] + 1.0));
}

Span PassageFocus::part_of(std::string_view text, int tokens, const TokenCounter& count) const {
    const auto sentences = sentences_of(text);
    std::vector<std::vector<bool>> has(sentences.size());  // [sentences, terms of the question]
    for (std::size_t i = 0; i < sentences.size(); ++i) {
        const Terms terms = terms_of(text.substr(sentences[i].first, sentences[i].size()));
        for (const Term& term : question_.all) has[i].push_back(stands_in(terms, term));
    }
    Span best;
    double most = 0, before = -1;
    Span one_earlier;
    for (std::size_t first = 0, last = 0; first < sentences.size(); ++first) {
        last = std::max(last, first);
        while (last < sentences.size() &&
               count(text.substr(sentences[first].first, sentences[last].last - sentences[first].first)) <=
                   tokens)
            ++last;
        double score = 0;
        for (std::size_t term = 0; term < question_.all.size() && last > first; ++term)
            for (std::size_t i = first; i < last; ++i)
                if (has[i][term]) {
                    score += weights_.at(question_.all[term].text);
                    break;
                }
        const Span here = last > first ? Span{sentences[first].first, sentences[last - 1].last} : Span{};
        if (first == 0) best = here;
        // Of parts that are as good the one that begins a sentence before what it was found for: what follows
        // is told more often than what comes before, and the sentence before says what it is about.
        if (!here.empty() && score > most) {
            most = score;
            best = here;
        } else if (!here.empty() && score > 0 && score == most && before == most &&
                   one_earlier.first > best.first) {
            best = one_earlier;
        }
        before = here.empty() ? -1 : score;
        one_earlier = here;
    }
    return best;
}

double PassageFocus::share_of(std::string_view text) const {
    std::set<std::string> found;
    for (const Span& sentence : sentences_of(text)) {
        const Terms terms = terms_of(text.substr(sentence.first, sentence.size()));
        for (const Term& term : question_.all)
            if (stands_in(terms, term)) found.insert(term.text);
    }
    double all = 0, here = 0;
    for (const auto& [term, weight] : weights_) {
        all += weight;
        here += found.contains(term) ? weight : 0;
    }
    return all > 0 ? here / all : 0;
}

}  // namespace pellucid::answering
