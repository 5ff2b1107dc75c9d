#include "engine/text/byte_alphabet.h"

#include <array>
#include <cstdint>

#include "engine/text/utf8.h"

namespace pellucid {

namespace {

constexpr bool stands_for_itself(unsigned byte) {
    return (byte >= 0x21 && byte <= 0x7E) || (byte >= 0xA1 && byte <= 0xAC) || byte >= 0xAE;
}

constexpr unsigned kLetters = 0x100 + 68;

struct Tables {
    std::array<char, 256 * 2> text{};           // [byte, 2]
    std::array<std::uint8_t, 256> length{};     // [byte]
    std::array<std::int16_t, kLetters> byte{};  // [code point] -> byte, -1: none
};

constexpr Tables make_tables() {
    Tables tables;
    for (auto& byte : tables.byte) byte = -1;
    unsigned next = 0x100;
    for (unsigned byte = 0; byte < 256; ++byte) {
        const unsigned code = stands_for_itself(byte) ? byte : next++;
        tables.byte[code] = static_cast<std::int16_t>(byte);
        if (code < 0x80) {
            tables.length[byte] = 1;
            tables.text[byte * 2] = static_cast<char>(code);
        } else {
            tables.length[byte] = 2;
            tables.text[byte * 2] = static_cast<char>(0xC0 | code >> 6);
            tables.text[byte * 2 + 1] = static_cast<char>(0x80 | (code & 0x3F));
        }
    }
    return tables;
}

constexpr Tables kTables = make_tables();

}  // namespace

std::string_view byte_letter(unsigned char byte) {
    return {&kTables.text[byte * 2u], kTables.length[byte]};
}

std::string spell_bytes(std::string_view bytes) {
    std::string out;
    out.reserve(bytes.size() * 2);
    for (const char byte : bytes) out.append(byte_letter(static_cast<unsigned char>(byte)));
    return out;
}

std::optional<std::string> unspell_bytes(std::string_view spelling) {
    std::string out;
    out.reserve(spelling.size());
    for (std::size_t at = 0; at < spelling.size();) {
        const Utf8Char letter = decode_utf8(spelling, at);
        if (!letter.well_formed || letter.code_point >= kLetters || kTables.byte[letter.code_point] < 0)
            return {};
        out.push_back(static_cast<char>(kTables.byte[letter.code_point]));
        at += letter.length;
    }
    return out;
}

}  // namespace pellucid
