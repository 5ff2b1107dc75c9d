#include "engine/text/spm_tokenizer.h"

#include <sentencepiece_processor.h>

#include "engine/text/bpe_tokenizer.h"
#include "engine/text/sentencepiece_proto.h"
#include "engine/text/utf8.h"

namespace pellucid {

namespace {

constexpr std::string_view kSpace = "\xE2\x96\x81";  // U+2581, SentencePiece's visible space
constexpr std::size_t kStretch = 1024;

class SpmTokenizer final : public Tokenizer {
public:
    explicit SpmTokenizer(SpmParts parts) : parts_(std::move(parts)) {}

    Result<void> start();
    /// How much of `text` the library gets at once: its merging is five times faster on a thousand bytes than
    /// on a million (2-core Xeon 2.6 GHz, 2026-11: 3.7 against 0.7 MB/s). Cuts lie before a space that
    /// follows something else, and only where no piece goes across such a place.
    std::size_t stretch(std::string_view text) const;

    std::vector<TokenId> encode(std::string_view text, const EncodeOptions& options) const override;
    std::string bytes_of(TokenId id, bool render_special) const override;
    std::string decode(std::span<const TokenId> ids, bool render_special) const override;
    std::size_t vocabulary_size() const override { return parts_.vocabulary.size(); }
    TokenType type_of(TokenId id) const override {
        return parts_.vocabulary.contains(id) ? parts_.vocabulary.type(id) : TokenType::unused;
    }
    std::string_view piece_of(TokenId id) const override {
        return parts_.vocabulary.contains(id) ? parts_.vocabulary.piece(id) : std::string_view();
    }
    std::optional<TokenId> find(std::string_view text) const override {
        const TokenId id = parts_.vocabulary.find(text);
        return id >= 0 ? std::optional(id) : std::nullopt;
    }
    const SpecialTokens& special() const override { return parts_.special; }
    std::string description() const override {
        return "SentencePiece BPE, " + std::to_string(vocabulary_size()) + " tokens" +
               (parts_.special.add_space_prefix ? ", space before text" : "") +
               (byte_fallback_ ? ", byte fallback" : "");
    }

private:
    SpmParts parts_;
    AddedTokens added_;
    sentencepiece::SentencePieceProcessor processor_;
    bool byte_fallback_ = false;
    bool cut_before_spaces_ = false;
};

/// The library must not meet control and user-defined tokens under their texts: it would merge into them.
/// They keep their places in the id space under names that no text contains (U+FFFF is a noncharacter).
std::string placeholder(std::size_t id) {
    return "\xEF\xBF\xBF" + std::to_string(id);
}

std::size_t SpmTokenizer::stretch(std::string_view text) const {
    if (!cut_before_spaces_) return text.size();
    for (std::size_t at = kStretch; at < text.size(); ++at)
        if (text[at] == ' ' && text[at - 1] != ' ' && !text.substr(0, at).ends_with(kSpace)) return at;
    return text.size();
}

Result<void> SpmTokenizer::start() {
    const Vocabulary& vocabulary = parts_.vocabulary;
    const std::size_t size = vocabulary.size();
    unsigned bytes = 0;
    for (unsigned byte = 0; byte < 256; ++byte) {
        const TokenId id = vocabulary.find(byte_piece(static_cast<unsigned char>(byte)));
        bytes += id >= 0 && vocabulary.type(id) == TokenType::byte;
    }
    byte_fallback_ = bytes == 256;

    TokenId unknown = parts_.special.unk.value_or(-1);
    for (std::size_t i = 0; unknown < 0 && i < size; ++i)
        if (vocabulary.type(static_cast<TokenId>(i)) == TokenType::unknown) unknown = static_cast<TokenId>(i);
    if (unknown < 0)
        return fail(ErrorCode::corrupt, "the SentencePiece vocabulary has no unknown token",
                    "use another conversion of this model");

    SentencePieceProto proto;
    std::vector<AddedToken> added;
    for (std::size_t i = 0; i < size; ++i) {
        const auto id = static_cast<TokenId>(i);
        const std::string_view piece = vocabulary.piece(id);
        const TokenType type = vocabulary.type(id);
        const float score = parts_.scores[i];
        const bool shadowed = piece.empty() || vocabulary.find(piece) != id;
        if (type == TokenType::control || type == TokenType::user_defined || type == TokenType::unknown) {
            const bool special = type != TokenType::user_defined;
            if (!shadowed)
                added.push_back({id, std::string(piece), special, false, false,
                                 special && parts_.strip_after_special && piece != "<unk>" &&
                                     piece != "<s>" && piece != "<|endoftext|>"});
        }
        if (id == unknown)
            proto.add(placeholder(i), score, PieceType::unknown);
        else if (type == TokenType::normal && !shadowed && is_utf8(piece))
            proto.add(piece, score, PieceType::normal);
        else if (type == TokenType::unused && !shadowed && is_utf8(piece))
            proto.add(piece, score, PieceType::unused);
        else if (type == TokenType::byte && !shadowed && byte_fallback_)
            proto.add(piece, score, PieceType::byte);
        else
            proto.add(placeholder(i), score, PieceType::control);
    }
    added_ = AddedTokens(std::move(added));
    cut_before_spaces_ = !parts_.remove_extra_whitespaces && parts_.precompiled_charsmap.empty() &&
                         vocabulary.find(kSpace) >= 0 &&
                         vocabulary.type(vocabulary.find(kSpace)) == TokenType::normal;
    for (std::size_t i = 0; cut_before_spaces_ && i < size; ++i) {
        const std::string_view piece = vocabulary.piece(static_cast<TokenId>(i));
        if (vocabulary.type(static_cast<TokenId>(i)) != TokenType::normal) continue;
        for (std::size_t at = piece.find(kSpace, 1); at != std::string_view::npos;
             at = piece.find(kSpace, at + 1))
            cut_before_spaces_ = cut_before_spaces_ && piece.substr(0, at).ends_with(kSpace);
    }
    // The library's own dummy prefix would go before every stretch, so encode() adds the space where it cuts.
    const std::string model =
        proto.finish({byte_fallback_, parts_.special.add_space_prefix && !cut_before_spaces_,
                      parts_.remove_extra_whitespaces, parts_.precompiled_charsmap});
    if (const auto status = processor_.LoadFromSerializedProto(model); !status.ok())
        return fail(ErrorCode::corrupt,
                    "SentencePiece refused the vocabulary: " + std::string(status.error_message()),
                    "use another conversion of this model");
    std::vector<float>().swap(parts_.scores);
    return {};
}

std::vector<TokenId> SpmTokenizer::encode(std::string_view text, const EncodeOptions& options) const {
    std::string repaired;
    if (!is_utf8(text)) {
        repaired = to_well_formed_utf8(text);
        text = repaired;
    }
    std::vector<TokenId> ids;
    ids.reserve(text.size() / 3 + 8);
    const SpecialTokens& special = parts_.special;
    if (options.add_special && special.add_bos && special.bos) ids.push_back(*special.bos);
    std::vector<TextPart> between;
    added_.split(text, options.parse_special, between);
    std::vector<int> pieces;
    for (const TextPart& part : between) {
        if (part.token >= 0) {
            ids.push_back(part.token);
            continue;
        }
        std::string prefixed;
        std::string_view rest = part.text;
        if (special.add_space_prefix && cut_before_spaces_) rest = prefixed = " " + std::string(rest);
        while (!rest.empty()) {
            const std::size_t length = stretch(rest);
            pieces.clear();
            // It fails only on a processor without a model, and start() loaded one.
            if (processor_.Encode(rest.substr(0, length), &pieces).ok())
                ids.insert(ids.end(), pieces.begin(), pieces.end());
            rest.remove_prefix(length);
        }
    }
    if (options.add_special && special.add_eos && special.eos) ids.push_back(*special.eos);
    return ids;
}

std::string SpmTokenizer::bytes_of(TokenId id, bool render_special) const {
    if (!parts_.vocabulary.contains(id)) return {};
    std::string piece(parts_.vocabulary.piece(id));
    switch (parts_.vocabulary.type(id)) {
        case TokenType::control:
        case TokenType::unknown:
            return render_special ? piece : std::string();
        case TokenType::unused:
            return {};
        case TokenType::user_defined:
            return piece;
        case TokenType::byte:
            if (const int byte = byte_of_piece(piece); byte >= 0)
                return std::string(1, static_cast<char>(byte));
            return piece;
        case TokenType::normal:
            break;
    }
    for (std::size_t at = piece.find(kSpace); at != std::string::npos; at = piece.find(kSpace, at + 1))
        piece.replace(at, kSpace.size(), " ");
    return piece;
}

std::string SpmTokenizer::decode(std::span<const TokenId> ids, bool render_special) const {
    std::string text;
    for (const TokenId id : ids) text += bytes_of(id, render_special);
    if (parts_.special.add_space_prefix && text.starts_with(' ')) text.erase(0, 1);
    return is_utf8(text) ? text : to_well_formed_utf8(text);
}

}  // namespace

Result<std::shared_ptr<const Tokenizer>> make_spm_tokenizer(SpmParts parts) {
    if (parts.scores.size() != parts.vocabulary.size())
        return fail(ErrorCode::corrupt,
                    "the vocabulary has " + std::to_string(parts.vocabulary.size()) + " tokens but " +
                        std::to_string(parts.scores.size()) + " scores",
                    "download the model file again");
    auto tokenizer = std::make_shared<SpmTokenizer>(std::move(parts));
    PELLUCID_CHECK(tokenizer->start());
    return std::shared_ptr<const Tokenizer>(std::move(tokenizer));
}

}  // namespace pellucid
