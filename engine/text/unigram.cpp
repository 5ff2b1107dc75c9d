#include "engine/text/unigram.h"

#include <algorithm>

#include "engine/text/utf8.h"

namespace pellucid {

namespace {
constexpr double kUnknownPenalty = 10;  // SentencePiece's kUnkPenalty

/// The best way to a place in the word: its score, where the last piece begins and which it is.
struct Node {
    double score = 0;
    std::size_t begin = 0;
    TokenId id = -1;
    bool reached = false;
};
}  // namespace

Unigram::Unigram(const Vocabulary& vocabulary, std::vector<double> scores, TokenId unknown)
    : unknown_(unknown), scores_(std::move(scores)) {
    double lowest = 0;
    for (std::size_t i = 0; i < vocabulary.size(); ++i) {
        const auto id = static_cast<TokenId>(i);
        const TokenType type = vocabulary.type(id);
        const std::string_view piece = vocabulary.piece(id);
        if ((type != TokenType::normal && type != TokenType::user_defined) || piece.empty() ||
            vocabulary.find(piece) != id || !is_utf8(piece))
            continue;
        lowest = std::min(lowest, scores_[i]);
        sorted_.push_back(id);
    }
    unknown_score_ = lowest - kUnknownPenalty;
    std::sort(sorted_.begin(), sorted_.end(),
              [&](TokenId a, TokenId b) { return vocabulary.piece(a) < vocabulary.piece(b); });
    std::size_t at = 0;
    for (unsigned byte = 0; byte < 256; ++byte) {
        first_[byte] = static_cast<std::uint32_t>(at);
        while (at < sorted_.size() && static_cast<unsigned char>(vocabulary.piece(sorted_[at])[0]) == byte)
            ++at;
    }
    first_[256] = static_cast<std::uint32_t>(at);
}

void Unigram::encode(const Vocabulary& vocabulary, std::string_view word, std::vector<TokenId>& ids) const {
    std::vector<Node> best(word.size() + 1);
    const auto offer = [&](std::size_t begin, std::size_t end, double score, TokenId id) {
        Node& node = best[end];
        if (!node.reached || score > node.score) node = {score, begin, id, true};
    };
    for (std::size_t begin = 0; begin < word.size();) {
        const double score = best[begin].score;
        const std::size_t character = decode_utf8(word, begin).length;
        bool single = false;
        // The pieces that share the word's next `length` bytes lie together; each byte more narrows them.
        const auto lead = static_cast<unsigned char>(word[begin]);
        auto low = sorted_.begin() + first_[lead], high = sorted_.begin() + first_[lead + 1u];
        for (std::size_t length = 1; low != high; ++length) {
            if (vocabulary.piece(*low).size() == length) {
                offer(begin, begin + length, score + scores_[static_cast<std::size_t>(*low)], *low);
                single = single || length == character;
                ++low;
            }
            if (begin + length >= word.size()) break;
            const auto next = static_cast<unsigned char>(word[begin + length]);
            const auto byte_at = [&](TokenId id) {
                return static_cast<unsigned char>(vocabulary.piece(id)[length]);
            };
            low = std::lower_bound(low, high, next,
                                   [&](TokenId id, unsigned char byte) { return byte_at(id) < byte; });
            high = std::upper_bound(low, high, next,
                                    [&](unsigned char byte, TokenId id) { return byte < byte_at(id); });
        }
        if (!single) offer(begin, begin + character, score + unknown_score_, unknown_);
        begin += character;
    }
    const std::size_t before = ids.size();
    for (std::size_t end = word.size(); end > 0; end = best[end].begin) {
        const TokenId id = best[end].id;
        if (id == unknown_ && ids.size() > before && ids.back() == unknown_) continue;
        ids.push_back(id);
    }
    std::reverse(ids.begin() + static_cast<std::ptrdiff_t>(before), ids.end());
}

}  // namespace pellucid
