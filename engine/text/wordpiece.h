// WordPiece: a word is its longest prefix in the vocabulary, then the longest continuation, and so on (Wu et
// al. 2016, arXiv 1609.08144, section 4.1; BERT's tokenizer).
#pragma once

#include <cstddef>
#include <string>

#include "engine/text/word_model.h"

namespace pellucid {

class WordPiece final : public WordModel {
public:
    /// A word of which some part is in no piece, or with more than `longest_word` characters, is the unknown
    /// token as a whole. Pieces that continue a word begin with `continuation` ("##").
    WordPiece(TokenId unknown, std::string continuation, std::size_t longest_word)
        : unknown_(unknown), continuation_(std::move(continuation)), longest_word_(longest_word) {}

    void encode(const Vocabulary& vocabulary, std::string_view word,
                std::vector<TokenId>& ids) const override;

private:
    TokenId unknown_;
    std::string continuation_;
    std::size_t longest_word_;
};

}  // namespace pellucid
