// A tokenizer of a few named special tokens; everything else is one token a byte.
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "engine/text/tokenizer.h"

/// Bytes are ids 0 to 255, `special` follow as user-defined tokens from 256 on.
class WordsTokenizer final : public pellucid::Tokenizer {
public:
    explicit WordsTokenizer(std::vector<std::string> special, std::vector<std::string> ends = {})
        : words_(std::move(special)) {
        for (const auto& end : ends) special_.end_of_generation.push_back(*find(end));
        std::sort(special_.end_of_generation.begin(), special_.end_of_generation.end());
    }
    std::vector<pellucid::TokenId> encode(std::string_view text,
                                          const pellucid::EncodeOptions& options) const override {
        std::vector<pellucid::TokenId> ids;
        while (!text.empty()) {
            std::size_t length = 1;
            auto id = static_cast<pellucid::TokenId>(static_cast<unsigned char>(text[0]));
            for (std::size_t w = 0; options.parse_special && w < words_.size(); ++w)
                if (text.starts_with(words_[w]))
                    length = words_[w].size(), id = static_cast<pellucid::TokenId>(256 + w);
            ids.push_back(id);
            text.remove_prefix(length);
        }
        return ids;
    }
    std::string bytes_of(pellucid::TokenId id, bool) const override {
        if (id < 0 || static_cast<std::size_t>(id) >= vocabulary_size()) return {};
        return id < 256 ? std::string(1, static_cast<char>(id)) : words_[static_cast<std::size_t>(id) - 256];
    }
    std::string decode(std::span<const pellucid::TokenId> ids, bool) const override {
        std::string text;
        for (const auto id : ids) text += bytes_of(id, true);
        return text;
    }
    std::size_t vocabulary_size() const override { return 256 + words_.size(); }
    pellucid::TokenType type_of(pellucid::TokenId id) const override {
        return id < 256 ? pellucid::TokenType::byte : pellucid::TokenType::user_defined;
    }
    std::string_view piece_of(pellucid::TokenId) const override { return {}; }
    std::optional<pellucid::TokenId> find(std::string_view text) const override {
        const auto it = std::find(words_.begin(), words_.end(), text);
        if (it == words_.end()) return {};
        return static_cast<pellucid::TokenId>(256 + (it - words_.begin()));
    }
    const pellucid::SpecialTokens& special() const override { return special_; }
    std::string description() const override { return "words"; }

private:
    std::vector<std::string> words_;
    pellucid::SpecialTokens special_;
};
