// Bytes to UTF-8, whatever wrote them. ICU converts (its tables are inside its library: nothing is opened).
#include <uchardet.h>
#include <unicode/ucnv.h>
#include <unicode/unistr.h>

#include <algorithm>
#include <cctype>
#include <memory>

#include "app/reading/formats/format.h"
#include "engine/text/utf8.h"

namespace pellucid::reading {

namespace {

using namespace std::string_view_literals;

std::string guessed_charset(std::string_view bytes) {
    // NULs on one side: UTF-16 without a mark.
    const std::string_view head = bytes.substr(0, 4096);
    std::size_t even = 0, odd = 0;
    for (std::size_t i = 0; i < head.size(); ++i)
        if (head[i] == '\0') ++(i % 2 == 0 ? even : odd);
    if (odd > head.size() / 10 && even == 0) return "UTF-16LE";
    if (even > head.size() / 10 && odd == 0) return "UTF-16BE";
    const std::unique_ptr<uchardet, decltype(&uchardet_delete)> detector(uchardet_new(), &uchardet_delete);
    std::string name;
    if (uchardet_handle_data(detector.get(), bytes.data(), std::min<std::size_t>(bytes.size(), 1 << 20)) ==
        0) {
        uchardet_data_end(detector.get());
        name = uchardet_get_charset(detector.get());
    }
    return name;
}

/// The superset that browsers read a label as.
std::string widened(std::string_view charset) {
    std::string name(charset);
    for (char& c : name) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    if (name == "GB2312" || name == "GBK" || name == "HZ-GB-2312" || name == "X-GBK")
        return name == "HZ-GB-2312" ? "HZ" : "GB18030";
    if (name == "ISO-8859-1" || name == "ASCII" || name == "US-ASCII" || name == "LATIN1")
        return "windows-1252";
    if (name == "BIG5") return "Big5-HKSCS";
    if (name == "SHIFT_JIS" || name == "SJIS") return "windows-31j";
    return std::string(charset);
}

}  // namespace

std::string from_charset(std::string_view bytes, std::string_view charset) {
    UErrorCode status = U_ZERO_ERROR;
    std::unique_ptr<UConverter, decltype(&ucnv_close)> converter(ucnv_open(widened(charset).c_str(), &status),
                                                                 &ucnv_close);
    if (U_FAILURE(status)) {
        status = U_ZERO_ERROR;
        converter.reset(ucnv_open("windows-1252", &status));
        if (U_FAILURE(status)) return to_well_formed_utf8(bytes);
    }
    std::string out;
    // By pieces, so that UTF-16 of a long file is never held whole.
    std::vector<UChar> buffer(1 << 15);
    const char* source = bytes.data();
    const char* const end = source + bytes.size();
    for (;;) {
        UChar* target = buffer.data();
        ucnv_toUnicode(converter.get(), &target, buffer.data() + buffer.size(), &source, end, nullptr, true,
                       &status);
        icu::UnicodeString(false, buffer.data(), static_cast<int32_t>(target - buffer.data()))
            .toUTF8String(out);
        if (status != U_BUFFER_OVERFLOW_ERROR) break;
        status = U_ZERO_ERROR;
    }
    return to_well_formed_utf8(out);
}

std::string declared_charset(std::string_view bytes) {
    const std::string_view head = bytes.substr(0, 4096);
    const auto word = [](std::string_view text) {
        std::size_t end = 0;
        while (end < text.size() &&
               (std::isalnum(static_cast<unsigned char>(text[end])) || text[end] == '-' || text[end] == '_'))
            ++end;
        return std::string(text.substr(0, end));
    };
    for (std::string_view mark : {"charset="sv, "encoding="sv}) {
        const std::size_t at = head.find(mark);
        if (at == head.npos) continue;
        std::string_view rest = head.substr(at + mark.size());
        if (!rest.empty() && (rest[0] == '"' || rest[0] == '\'')) rest.remove_prefix(1);
        if (std::string found = word(rest); !found.empty()) return found;
    }
    return {};
}

std::string decode_text(std::string_view bytes, std::string_view declared, DocumentBuilder& out) {
    if (bytes.starts_with("\xef\xbb\xbf"sv)) return to_well_formed_utf8(bytes.substr(3));
    if (bytes.starts_with("\xff\xfe\0\0"sv)) return from_charset(bytes.substr(4), "UTF-32LE");
    if (bytes.starts_with("\0\0\xfe\xff"sv)) return from_charset(bytes.substr(4), "UTF-32BE");
    if (bytes.starts_with("\xff\xfe"sv)) return from_charset(bytes.substr(2), "UTF-16LE");
    if (bytes.starts_with("\xfe\xff"sv)) return from_charset(bytes.substr(2), "UTF-16BE");
    // Whatever is declared, what is UTF-8 beyond ASCII is no accident. A cut last character does not count
    // against it.
    const std::size_t good = well_formed_prefix(bytes);
    if (bytes.size() - good < 4 && bytes.find('\0') == bytes.npos) return to_well_formed_utf8(bytes);
    if (!declared.empty()) return from_charset(bytes, declared);
    const std::string guess = guessed_charset(bytes);
    // Mostly UTF-8 with a few broken bytes stays UTF-8.
    if (guess.empty() || guess == "UTF-8") return to_well_formed_utf8(bytes);
    out.notice(NoticeCode::encoding_guessed, "the text does not say its encoding; it was read as " + guess);
    return from_charset(bytes, guess);
}

}  // namespace pellucid::reading
