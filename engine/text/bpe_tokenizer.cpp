#include "engine/text/bpe_tokenizer.h"

#include "engine/text/byte_alphabet.h"
#include "engine/text/utf8.h"

namespace pellucid {

std::string byte_piece(unsigned char byte) {
    constexpr std::string_view kDigits = "0123456789ABCDEF";
    return {'<', '0', 'x', kDigits[byte >> 4], kDigits[byte & 15], '>'};
}

int byte_of_piece(std::string_view piece) {
    if (piece.size() != 6 || !piece.starts_with("<0x") || piece[5] != '>') return -1;
    int value = 0;
    for (const char c : piece.substr(3, 2)) {
        const int digit = c >= '0' && c <= '9'   ? c - '0'
                          : c >= 'A' && c <= 'F' ? c - 'A' + 10
                          : c >= 'a' && c <= 'f' ? c - 'a' + 10
                                                 : -1;
        if (digit < 0) return -1;
        value = value * 16 + digit;
    }
    return value;
}

BpeTokenizer::BpeTokenizer(BpeParts parts) : parts_(std::move(parts)) {
    for (unsigned byte = 0; byte < 256; ++byte) {
        const auto value = static_cast<unsigned char>(byte);
        byte_ids_[byte] = parts_.byte_level ? parts_.vocabulary.find(byte_letter(value))
                                            : parts_.vocabulary.find(byte_piece(value));
    }
}

std::vector<TokenId> BpeTokenizer::encode(std::string_view text, const EncodeOptions& options) const {
    std::string repaired;
    if (!is_utf8(text)) {
        repaired = to_well_formed_utf8(text);
        text = repaired;
    }
    std::vector<TokenId> ids;
    ids.reserve(text.size() / 3 + 8);
    if (options.add_special) ids.insert(ids.end(), parts_.prefix.begin(), parts_.prefix.end());
    std::vector<TextPart> between;
    parts_.raw_tokens.split(text, options.parse_special, between);
    for (const TextPart& part : between) {
        if (part.token >= 0)
            ids.push_back(part.token);
        else
            encode_between(part.text, part.text.data() == text.data(), options.parse_special, ids);
    }
    if (options.add_special) ids.insert(ids.end(), parts_.suffix.begin(), parts_.suffix.end());
    return ids;
}

void BpeTokenizer::encode_between(std::string_view text, bool first, bool parse_special,
                                  std::vector<TokenId>& ids) const {
    std::string normal_storage;
    const std::string_view normal = parts_.normalizer.rewrite(text, first, normal_storage);
    std::vector<TextPart> between;
    if (parts_.normalized_tokens.empty())
        between.push_back({normal});
    else
        parts_.normalized_tokens.split(normal, parse_special, between);
    std::vector<TokenId> symbols;
    for (const TextPart& part : between) {
        if (part.token >= 0) {
            ids.push_back(part.token);
            continue;
        }
        std::string word_storage;
        const bool part_first = first && part.text.data() == normal.data();
        const std::string_view words = parts_.word_rewriter.rewrite(part.text, part_first, word_storage);
        cut_words(words, part_first, symbols, ids);
    }
}

void BpeTokenizer::cut_words(std::string_view text, bool first, std::vector<TokenId>& symbols,
                             std::vector<TokenId>& ids) const {
    const bool late = !parts_.late_rewriter.empty() || !parts_.late_pre_tokenizer.steps().empty();
    parts_.pre_tokenizer.split(text, [&](std::string_view word) {
        if (!late) return encode_word(word, symbols, ids);
        std::string storage;
        const std::string_view rewritten =
            parts_.late_rewriter.rewrite(word, first && word.data() == text.data(), storage);
        parts_.late_pre_tokenizer.split(rewritten,
                                        [&](std::string_view part) { encode_word(part, symbols, ids); });
    });
}

void BpeTokenizer::characters_of(std::string_view word, std::vector<TokenId>& symbols) const {
    bool after_unknown = false;
    for (std::size_t at = 0; at < word.size();) {
        const std::string_view character = word.substr(at, decode_utf8(word, at).length);
        at += character.size();
        if (const TokenId id = parts_.vocabulary.find(character); id >= 0) {
            symbols.push_back(id);
            after_unknown = false;
            continue;
        }
        if (parts_.byte_fallback) {
            bool all = true;
            for (const char byte : character) all = all && byte_ids_[static_cast<unsigned char>(byte)] >= 0;
            if (all) {
                for (const char byte : character)
                    symbols.push_back(byte_ids_[static_cast<unsigned char>(byte)]);
                after_unknown = false;
                continue;
            }
        }
        if (parts_.unknown >= 0 && !(parts_.fuse_unknown && after_unknown)) symbols.push_back(parts_.unknown);
        after_unknown = true;
    }
}

void BpeTokenizer::encode_word(std::string_view word, std::vector<TokenId>& symbols,
                               std::vector<TokenId>& ids) const {
    if (parts_.word_model) return parts_.word_model->encode(parts_.vocabulary, word, ids);
    if (parts_.ignore_merges) {
        const TokenId whole =
            parts_.vocabulary.find(parts_.byte_level ? spell_bytes(word) : std::string(word));
        if (whole >= 0 && parts_.vocabulary.type(whole) == TokenType::normal) {
            ids.push_back(whole);
            return;
        }
    }
    symbols.clear();
    if (parts_.byte_level) {
        for (const char byte : word) {
            const TokenId id = byte_ids_[static_cast<unsigned char>(byte)];
            if (id >= 0)
                symbols.push_back(id);
            else if (parts_.unknown >= 0)
                symbols.push_back(parts_.unknown);
        }
    } else {
        characters_of(word, symbols);
        if (parts_.joints.size() > 0) return merge_stretches(symbols, ids);
    }
    merge_symbols(parts_.merges, symbols);
    ids.insert(ids.end(), symbols.begin(), symbols.end());
}

void BpeTokenizer::merge_stretches(const std::vector<TokenId>& symbols, std::vector<TokenId>& ids) const {
    std::vector<TokenId> stretch;
    for (std::size_t i = 0; i < symbols.size(); ++i) {
        stretch.push_back(symbols[i]);
        if (i + 1 < symbols.size() && parts_.joints.find(symbols[i], symbols[i + 1])) continue;
        merge_symbols(parts_.merges, stretch);
        ids.insert(ids.end(), stretch.begin(), stretch.end());
        stretch.clear();
    }
}

std::string BpeTokenizer::bytes_of(TokenId id, bool render_special) const {
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
    if (parts_.byte_level) {
        if (auto bytes = unspell_bytes(piece)) return *std::move(bytes);
        return piece;
    }
    if (!parts_.continuation.empty())
        return piece.starts_with(parts_.continuation) ? piece.substr(parts_.continuation.size())
                                                      : " " + piece;
    for (const auto& [from, to] : parts_.piece_replacements) {
        for (std::size_t at = piece.find(from); at != std::string::npos;
             at = piece.find(from, at + to.size()))
            piece.replace(at, from.size(), to);
    }
    return piece;
}

std::string BpeTokenizer::decode(std::span<const TokenId> ids, bool render_special) const {
    std::string text;
    for (const TokenId id : ids) text += bytes_of(id, render_special);
    unsigned spaces = 0;
    while (spaces < parts_.strip_leading_spaces && spaces < text.size() && text[spaces] == ' ') ++spaces;
    text.erase(0, spaces);
    return is_utf8(text) ? text : to_well_formed_utf8(text);
}

TokenType BpeTokenizer::type_of(TokenId id) const {
    return parts_.vocabulary.contains(id) ? parts_.vocabulary.type(id) : TokenType::unused;
}

std::string_view BpeTokenizer::piece_of(TokenId id) const {
    return parts_.vocabulary.contains(id) ? parts_.vocabulary.piece(id) : std::string_view();
}

std::optional<TokenId> BpeTokenizer::find(std::string_view text) const {
    const TokenId id = parts_.vocabulary.find(text);
    return id >= 0 ? std::optional(id) : std::nullopt;
}

}  // namespace pellucid
