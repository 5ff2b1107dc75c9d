#include "engine/text/added_tokens.h"

#include <unicode/uchar.h>

#include <algorithm>

#include "engine/text/utf8.h"

namespace pellucid {

namespace {

/// The character that ends at text[end]. PRECONDITION: end > 0.
char32_t character_before(std::string_view text, std::size_t end) {
    std::size_t at = end - 1;
    while (at > 0 && (static_cast<unsigned char>(text[at]) & 0xC0) == 0x80) --at;
    return decode_utf8(text, at).code_point;
}

bool is_word(char32_t code) {
    const auto mask = U_MASK(u_charType(static_cast<UChar32>(code)));
    return (mask & (U_GC_L_MASK | U_GC_M_MASK | U_GC_ND_MASK | U_GC_PC_MASK)) != 0;
}

bool is_space(char32_t code) {
    return u_isUWhiteSpace(static_cast<UChar32>(code));
}

}  // namespace

AddedTokens::AddedTokens(std::vector<AddedToken> tokens) : tokens_(std::move(tokens)) {
    // A token that begins or ends within a character would cut one in two.
    std::erase_if(tokens_,
                  [](const AddedToken& token) { return token.text.empty() || !is_utf8(token.text); });
    nodes_.emplace_back();
    for (std::size_t i = 0; i < tokens_.size(); ++i) {
        begins_[static_cast<unsigned char>(tokens_[i].text[0])] = true;
        std::int32_t node = 0;
        for (const char c : tokens_[i].text) {
            const auto byte = static_cast<unsigned char>(c);
            std::int32_t next = child(node, byte);
            if (next < 0) {
                next = static_cast<std::int32_t>(nodes_.size());
                auto& list = nodes_[static_cast<std::size_t>(node)].next;
                list.insert(std::lower_bound(list.begin(), list.end(), std::pair{byte, std::int32_t{-1}}),
                            {byte, next});
                nodes_.emplace_back();
            }
            node = next;
        }
        if (auto& token = nodes_[static_cast<std::size_t>(node)].token; token < 0)
            token = static_cast<std::int32_t>(i);
    }
}

std::int32_t AddedTokens::child(std::int32_t node, unsigned char byte) const {
    const auto& list = nodes_[static_cast<std::size_t>(node)].next;
    const auto found = std::lower_bound(list.begin(), list.end(), std::pair{byte, std::int32_t{-1}});
    return found != list.end() && found->first == byte ? found->second : -1;
}

std::int32_t AddedTokens::longest(std::string_view text, std::size_t at, bool parse_special) const {
    std::int32_t best = -1, node = 0;
    for (; at < text.size(); ++at) {
        node = child(node, static_cast<unsigned char>(text[at]));
        if (node < 0) break;
        const std::int32_t token = nodes_[static_cast<std::size_t>(node)].token;
        if (token >= 0 && (parse_special || !tokens_[static_cast<std::size_t>(token)].special)) best = token;
    }
    return best;
}

void AddedTokens::split(std::string_view text, bool parse_special, std::vector<TextPart>& parts) const {
    std::size_t done = 0;
    for (std::size_t at = 0; !tokens_.empty() && at < text.size();) {
        if (!begins_[static_cast<unsigned char>(text[at])]) {
            ++at;
            continue;
        }
        const std::int32_t found = longest(text, at, parse_special);
        if (found < 0) {
            ++at;
            continue;
        }
        const AddedToken& token = tokens_[static_cast<std::size_t>(found)];
        std::size_t begin = at, end = at + token.text.size();
        at = end;
        if (token.single_word && ((begin > 0 && is_word(character_before(text, begin))) ||
                                  (end < text.size() && is_word(decode_utf8(text, end).code_point))))
            continue;
        while (token.lstrip && begin > done && is_space(character_before(text, begin))) {
            do --begin;
            while ((static_cast<unsigned char>(text[begin]) & 0xC0) == 0x80);
        }
        while (token.rstrip && end < text.size()) {
            const Utf8Char next = decode_utf8(text, end);
            if (!is_space(next.code_point)) break;
            end += next.length;
        }
        if (begin > done) parts.push_back({text.substr(done, begin - done)});
        parts.push_back({text.substr(begin, end - begin), token.id});
        // The search goes on right after the token's own text: white space that rstrip took may still be an
        // added token of its own, and then counts twice. So it is in the `tokenizers` library, with which
        // models are trained.
        done = end;
    }
    if (done < text.size()) parts.push_back({text.substr(done)});
}

}  // namespace pellucid
