#include "engine/text/utf8.h"

#include <cstdint>
#include <cstring>

namespace pellucid {

namespace {

constexpr char32_t kReplacement = 0xFFFD;

/// Length that a lead byte announces, and the range its second byte must lie in (table 3-7). 0: not a lead
/// byte.
struct Lead {
    unsigned length;
    unsigned char second_from, second_to;
};

Lead lead_of(unsigned char byte) {
    if (byte < 0x80) return {1, 0, 0};
    if (byte < 0xC2) return {0, 0, 0};
    if (byte < 0xE0) return {2, 0x80, 0xBF};
    if (byte == 0xE0) return {3, 0xA0, 0xBF};
    if (byte == 0xED) return {3, 0x80, 0x9F};
    if (byte < 0xF0) return {3, 0x80, 0xBF};
    if (byte == 0xF0) return {4, 0x90, 0xBF};
    if (byte < 0xF4) return {4, 0x80, 0xBF};
    if (byte == 0xF4) return {4, 0x80, 0x8F};
    return {0, 0, 0};
}

/// Bytes of text[at…] that fit the shape of one character: `lead.length` when it is whole.
unsigned fitting(std::string_view text, std::size_t at, const Lead& lead) {
    unsigned taken = 1;
    while (taken < lead.length && at + taken < text.size()) {
        const auto byte = static_cast<unsigned char>(text[at + taken]);
        const bool fits =
            taken == 1 ? byte >= lead.second_from && byte <= lead.second_to : (byte & 0xC0) == 0x80;
        if (!fits) break;
        ++taken;
    }
    return taken;
}

}  // namespace

Utf8Char decode_utf8(std::string_view text, std::size_t at) {
    const auto first = static_cast<unsigned char>(text[at]);
    if (first < 0x80) return {first, 1, true};
    const Lead lead = lead_of(first);
    if (lead.length == 0) return {kReplacement, 1, false};
    const unsigned taken = fitting(text, at, lead);
    if (taken < lead.length) return {kReplacement, taken, false};
    char32_t code = first & (0x7Fu >> lead.length);
    for (unsigned i = 1; i < lead.length; ++i)
        code = code << 6 | (static_cast<unsigned char>(text[at + i]) & 0x3Fu);
    return {code, lead.length, true};
}

std::size_t well_formed_prefix(std::string_view text) {
    std::size_t at = 0;
    while (at < text.size()) {
        std::uint64_t eight;
        while (at + sizeof eight <= text.size()) {
            std::memcpy(&eight, text.data() + at, sizeof eight);
            if (eight & 0x8080808080808080ull) break;
            at += sizeof eight;
        }
        if (at == text.size()) break;
        const Utf8Char character = decode_utf8(text, at);
        if (!character.well_formed) return at;
        at += character.length;
    }
    return at;
}

std::string to_well_formed_utf8(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    while (!text.empty()) {
        const std::size_t good = well_formed_prefix(text);
        out.append(text.substr(0, good));
        text.remove_prefix(good);
        if (text.empty()) break;
        append_utf8(out, kReplacement);
        text.remove_prefix(decode_utf8(text, 0).length);
    }
    return out;
}

void append_utf8(std::string& out, char32_t code) {
    if (code > 0x10FFFF || (code >= 0xD800 && code < 0xE000)) code = kReplacement;
    const auto byte = [&](char32_t value) {
        out.push_back(static_cast<char>(static_cast<unsigned char>(value)));
    };
    if (code < 0x80) {
        byte(code);
    } else if (code < 0x800) {
        byte(0xC0 | code >> 6), byte(0x80 | (code & 0x3F));
    } else if (code < 0x10000) {
        byte(0xE0 | code >> 12), byte(0x80 | (code >> 6 & 0x3F)), byte(0x80 | (code & 0x3F));
    } else {
        byte(0xF0 | code >> 18), byte(0x80 | (code >> 12 & 0x3F)), byte(0x80 | (code >> 6 & 0x3F)),
            byte(0x80 | (code & 0x3F));
    }
}

bool is_utf8_beginning(std::string_view bytes) {
    if (bytes.empty()) return false;
    const Lead lead = lead_of(static_cast<unsigned char>(bytes[0]));
    return bytes.size() < lead.length && fitting(bytes, 0, lead) == bytes.size();
}

}  // namespace pellucid
