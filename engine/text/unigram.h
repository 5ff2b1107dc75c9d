// The unigram language model: of all ways to cut a word into pieces, the one whose scores (log-probabilities)
// sum highest (Kudo 2018, arXiv 1804.10959), by Viterbi's algorithm.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "engine/text/word_model.h"

namespace pellucid {

class Unigram final : public WordModel {
public:
    /// scores: [vocabulary]; only pieces of type normal and user_defined are used. A character in no piece is
    /// `unknown`, at the lowest score less 10; neighbouring ones are one token.
    Unigram(const Vocabulary& vocabulary, std::vector<double> scores, TokenId unknown);

    void encode(const Vocabulary& vocabulary, std::string_view word,
                std::vector<TokenId>& ids) const override;

private:
    TokenId unknown_;
    double unknown_score_ = 0;
    std::vector<double> scores_;              // [vocabulary]
    std::vector<TokenId> sorted_;             // by piece, bytewise
    std::array<std::uint32_t, 257> first_{};  // where pieces that begin with a byte begin in sorted_
};

}  // namespace pellucid
