// Tokens that are found in the text before anything else is done to it: control tokens and user-defined ones.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/token.h"

namespace pellucid {

/// One such token, with the behaviours that tokenizer.json declares.
struct AddedToken {
    TokenId id = 0;
    std::string text;
    bool special = false;      ///< a control token: not recognised when text is read literally
    bool single_word = false;  ///< only where no word character touches it
    bool lstrip = false;       ///< takes the white space before it
    bool rstrip = false;       ///< takes the white space after it
};

/// A stretch of text: an added token (`token` >= 0), or text between two.
struct TextPart {
    std::string_view text;
    TokenId token = -1;
};

/// Finds added tokens, leftmost and longest first, by a byte trie. Tokens that are no UTF-8 are left out: no
/// text has them, and its parts stay well-formed. Immutable and thread safe.
class AddedTokens {
public:
    AddedTokens() = default;
    explicit AddedTokens(std::vector<AddedToken> tokens);

    bool empty() const { return tokens_.empty(); }
    const std::vector<AddedToken>& tokens() const { return tokens_; }

    /// Appends the parts of `text` in order; empty stretches are left out. PRECONDITION: well-formed UTF-8.
    void split(std::string_view text, bool parse_special, std::vector<TextPart>& parts) const;

private:
    struct Node {
        std::int32_t token = -1;                                   // index into tokens_
        std::vector<std::pair<unsigned char, std::int32_t>> next;  // sorted by byte
    };
    std::int32_t child(std::int32_t node, unsigned char byte) const;
    /// Index of the longest token at text[at], or -1.
    std::int32_t longest(std::string_view text, std::size_t at, bool parse_special) const;

    std::vector<AddedToken> tokens_;
    std::vector<Node> nodes_;
    bool begins_[256] = {};
};

}  // namespace pellucid
