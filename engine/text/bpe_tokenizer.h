// The tokenizer that tokenizer.json describes: byte-level BPE, character BPE with byte fallback, and, with a
// WordModel in place of merges, WordPiece and unigram.
#pragma once

#include <array>
#include <memory>
#include <string>
#include <vector>

#include "engine/text/added_tokens.h"
#include "engine/text/bpe.h"
#include "engine/text/pre_tokenizer.h"
#include "engine/text/text_rewriter.h"
#include "engine/text/tokenizer.h"
#include "engine/text/vocabulary.h"
#include "engine/text/word_model.h"

namespace pellucid {

/// All that such a tokenizer is made of, in the order in which text passes through it.
struct BpeParts {
    AddedTokens raw_tokens;         ///< found in the text as it is
    TextRewriter normalizer;        ///< applied between them
    AddedTokens normalized_tokens;  ///< found in the normalized text
    TextRewriter word_rewriter;     ///< after that, before cutting (Metaspace, add_prefix_space)
    PreTokenizer pre_tokenizer;
    TextRewriter late_rewriter;       ///< rewrites each word that pre_tokenizer cut
    PreTokenizer late_pre_tokenizer;  ///< cuts what that gave

    Vocabulary vocabulary;
    std::shared_ptr<const WordModel> word_model;  ///< null: the merges below
    MergeTable merges;
    /// Character BPE without a pre-tokenizer has whole texts for words. Holds (last symbol of left, first
    /// symbol of right) of every merge: where two neighbours are not in it no merge ever crosses, and the
    /// word can be cut. Empty: not known.
    MergeTable joints;
    bool byte_level = true;      ///< symbols are bytes in GPT-2's alphabet; else characters
    bool ignore_merges = false;  ///< a word that is a token is that token, whatever the merges say
    bool byte_fallback = false;  ///< characters without a token become <0xXX> tokens
    bool fuse_unknown = false;   ///< neighbouring unknown characters are one unknown token
    TokenId unknown = -1;        ///< -1: characters without a token are dropped

    std::vector<TokenId> prefix, suffix;  ///< what add_special adds
    /// Decoding of character BPE: texts replaced in each piece, and how many leading spaces decode() takes
    /// away.
    std::vector<std::pair<std::string, std::string>> piece_replacements;
    unsigned strip_leading_spaces = 0;
    /// WordPiece ("##"): a piece that begins with it continues a word, any other begins one after a space.
    std::string continuation;

    SpecialTokens special;
    std::string description;
};

class BpeTokenizer final : public Tokenizer {
public:
    explicit BpeTokenizer(BpeParts parts);

    std::vector<TokenId> encode(std::string_view text, const EncodeOptions& options) const override;
    std::string bytes_of(TokenId id, bool render_special) const override;
    std::string decode(std::span<const TokenId> ids, bool render_special) const override;
    std::size_t vocabulary_size() const override { return parts_.vocabulary.size(); }
    TokenType type_of(TokenId id) const override;
    std::string_view piece_of(TokenId id) const override;
    std::optional<TokenId> find(std::string_view text) const override;
    const SpecialTokens& special() const override { return parts_.special; }
    std::string description() const override { return parts_.description; }

private:
    void encode_between(std::string_view text, bool first, bool parse_special,
                        std::vector<TokenId>& ids) const;
    void cut_words(std::string_view text, bool first, std::vector<TokenId>& symbols,
                   std::vector<TokenId>& ids) const;
    void encode_word(std::string_view word, std::vector<TokenId>& symbols, std::vector<TokenId>& ids) const;
    void merge_stretches(const std::vector<TokenId>& symbols, std::vector<TokenId>& ids) const;
    void characters_of(std::string_view word, std::vector<TokenId>& symbols) const;

    BpeParts parts_;
    std::array<TokenId, 256>
        byte_ids_{};  // byte-level: the byte's own token; else its <0xXX> token; -1: none
};

/// The text of a byte token: "<0x0A>".
std::string byte_piece(unsigned char byte);
/// The byte of such a text, or -1.
int byte_of_piece(std::string_view piece);

}  // namespace pellucid
