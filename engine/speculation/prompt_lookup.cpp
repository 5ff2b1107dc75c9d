#include "engine/speculation/prompt_lookup.h"

namespace pellucid {

Result<std::vector<TokenId>> PromptLookup::propose(std::span<const TokenId> tokens, int most) {
    std::vector<TokenId> guess;
    if (most < 1 || tokens.size() < 2) return guess;
    const std::size_t end = tokens.size() - 1;  // the last token
    std::size_t best = 0, longest = 0;
    for (std::size_t at = end; at-- > 0 && longest < static_cast<std::size_t>(enough_);) {
        std::size_t length = 0;
        while (length <= at && length < static_cast<std::size_t>(enough_) &&
               tokens[at - length] == tokens[end - length])
            ++length;
        if (length > longest) longest = length, best = at;
    }
    if (longest < static_cast<std::size_t>(least_)) return guess;
    // A match that reaches the text's end repeats: it is continued with what was guessed of it.
    for (std::size_t from = best + 1; guess.size() < static_cast<std::size_t>(most); ++from)
        guess.push_back(from < tokens.size() ? tokens[from] : guess[from - tokens.size()]);
    return guess;
}

}  // namespace pellucid
