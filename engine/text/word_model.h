// What turns a word into tokens where a tokenizer does not merge pairs of bytes: WordPiece, unigram.
#pragma once

#include <string_view>
#include <vector>

#include "engine/base/token.h"
#include "engine/text/vocabulary.h"

namespace pellucid {

/// Immutable and thread safe.
class WordModel {
public:
    virtual ~WordModel() = default;
    /// Appends the tokens of `word`. PRECONDITION: well-formed UTF-8, not empty; the vocabulary that the
    /// model was made for.
    virtual void encode(const Vocabulary& vocabulary, std::string_view word,
                        std::vector<TokenId>& ids) const = 0;
};

}  // namespace pellucid
