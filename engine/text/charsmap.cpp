#include "engine/text/charsmap.h"

#include <algorithm>

#include "engine/text/utf8.h"

namespace pellucid {

namespace {

constexpr std::size_t kLongestCluster = 5;  // bytes

/// A unit of Darts-clone's double array.
struct Unit {
    std::uint32_t bits;
    bool has_value() const { return (bits >> 8 & 1) != 0; }
    std::uint32_t value() const { return bits & 0x7FFFFFFFu; }
    std::uint32_t label() const { return bits & 0x800000FFu; }
    std::uint32_t offset() const { return bits >> 10 << ((bits & 0x200u) >> 6); }
};

Failure broken(const std::string& what) {
    return fail(ErrorCode::corrupt, "the tokenizer's character map " + what, "download the tokenizer again");
}

}  // namespace

Result<Charsmap> Charsmap::parse(std::string_view bytes) {
    const auto number = [&](std::size_t at) {
        std::uint32_t value = 0;
        for (unsigned i = 0; i < 4; ++i)
            value |= std::uint32_t{static_cast<unsigned char>(bytes[at + i])} << 8 * i;
        return value;
    };
    if (bytes.size() < 4) return broken("is too short");
    const std::size_t trie = number(0);
    if (trie % 4 != 0 || trie == 0 || trie > bytes.size() - 4)
        return broken("claims a trie of " + std::to_string(trie) + " bytes, but there are " +
                      std::to_string(bytes.size() - 4));
    PELLUCID_TRY(Regex cluster, Regex::compile("\\X"));
    Charsmap map(std::move(cluster));
    map.units_.reserve(trie / 4);
    for (std::size_t at = 4; at < 4 + trie; at += 4) map.units_.push_back(number(at));
    map.replacements_ = bytes.substr(4 + trie);
    return map;
}

std::optional<std::string_view> Charsmap::find(std::string_view text) const {
    std::uint32_t at = Unit{units_[0]}.offset();
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        at ^= byte;
        if (byte == 0 || at >= units_.size() || Unit{units_[at]}.label() != byte) return {};
        const Unit unit{units_[at]};
        at ^= unit.offset();
        if (!unit.has_value()) continue;
        if (at >= units_.size()) return {};
        const std::size_t begin = Unit{units_[at]}.value();
        if (begin >= replacements_.size()) return {};
        const std::size_t end = std::min(replacements_.find('\0', begin), replacements_.size());
        const std::string_view found = std::string_view(replacements_).substr(begin, end - begin);
        return is_utf8(found) ? std::optional(found) : std::nullopt;
    }
    return {};
}

bool Charsmap::rewrite(std::string_view text, std::string& out) const {
    std::string storage;
    const std::string_view subject = with_known_characters(text, storage);
    std::optional<Regex::Search> search;  // most texts have no cluster of several characters
    const auto is_ascii = [&](std::size_t at) { return static_cast<unsigned char>(text[at]) < 0x80; };
    bool changed = false;
    out.reserve(text.size() + 16);
    for (std::size_t at = 0; at < text.size();) {
        std::size_t end = at + 1;
        const bool alone = is_ascii(at) && (end == text.size() || (is_ascii(end) && text[at] != '\r'));
        if (!alone) {
            if (!search) search.emplace(cluster_);
            const auto match = search->next(subject, at);
            end = match && match->begin == at && match->end > at ? match->end
                                                                 : at + decode_utf8(text, at).length;
        }
        if (end - at <= kLongestCluster)
            if (const auto found = find(text.substr(at, end - at))) {
                out += *found;
                changed = true;
                at = end;
                continue;
            }
        while (at < end) {
            const std::string_view character = text.substr(at, decode_utf8(text, at).length);
            const auto found = find(character);
            out += found ? *found : character;
            changed = changed || found;
            at += character.size();
        }
    }
    return changed;
}

std::optional<std::string> decode_base64(std::string_view text) {
    while (text.ends_with('=')) text.remove_suffix(1);
    if (text.size() % 4 == 1) return {};
    std::string out;
    out.reserve(text.size() / 4 * 3 + 3);
    std::uint32_t bits = 0;
    unsigned held = 0;
    for (const char c : text) {
        const int digit = c >= 'A' && c <= 'Z'   ? c - 'A'
                          : c >= 'a' && c <= 'z' ? c - 'a' + 26
                          : c >= '0' && c <= '9' ? c - '0' + 52
                          : c == '+'             ? 62
                          : c == '/'             ? 63
                                                 : -1;
        if (digit < 0) return {};
        bits = bits << 6 | static_cast<std::uint32_t>(digit);
        held += 6;
        if (held < 8) continue;
        held -= 8;
        out += static_cast<char>(bits >> held & 0xFF);
    }
    return out;
}

}  // namespace pellucid
