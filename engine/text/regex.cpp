#include "engine/text/regex.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include <algorithm>
#include <array>
#include <bitset>
#include <cstdint>
#include <cstring>

#include "engine/text/unicode_gap_table.h"
#include "engine/text/utf8.h"

namespace pellucid {

namespace {

/// Oniguruma's \w in Unicode (with its six Latin-1 numbers); PCRE2's leaves out marks and connectors and has
/// all numbers.
constexpr std::string_view kWordClass =
    "\\p{Alphabetic}\\p{M}\\p{Nd}\\p{Pc}\\x{B2}\\x{B3}\\x{B9}\\x{BC}-\\x{BE}";

Failure cannot(std::string_view pattern, const std::string& why) {
    return fail(ErrorCode::unsupported, "the tokenizer's pattern /" + std::string(pattern) + "/ " + why,
                "use another conversion of this model, or report the pattern");
}

/// True if PCRE2 knows a script of this name.
bool is_script(std::string_view name) {
    for (const char c : name)
        if (!(c >= 'a' && c <= 'z') && !(c >= 'A' && c <= 'Z') && c != '_') return false;
    if (name.size() < 3 || name.size() > 40) return false;  // general categories have one letter or two
    const std::string pattern = "\\p{sc:" + std::string(name) + "}";
    int error = 0;
    PCRE2_SIZE where = 0;
    pcre2_code* code = pcre2_compile(reinterpret_cast<PCRE2_SPTR>(pattern.data()), pattern.size(), PCRE2_UTF,
                                     &error, &where, nullptr);
    pcre2_code_free(code);
    return code != nullptr;
}

/// Rewrites what Oniguruma and PCRE2 spell alike and mean differently.
Result<std::string> translate(std::string_view pattern) {
    std::string out;
    bool in_class = false, class_is_fresh = false;
    const std::string word = "[" + std::string(kWordClass) + "]";
    for (std::size_t i = 0; i < pattern.size(); ++i) {
        const char c = pattern[i];
        if (c == '\\' && i + 1 < pattern.size()) {
            const char escaped = pattern[++i];
            class_is_fresh = false;
            switch (escaped) {
                case 'w':
                    out += in_class ? std::string(kWordClass) : word;
                    break;
                case 'h':
                    out += in_class ? "0-9a-fA-F" : "[0-9a-fA-F]";
                    break;
                case 'W':
                    if (in_class) return cannot(pattern, "has \\W inside a class");
                    out += "[^" + std::string(kWordClass) + "]";
                    break;
                case 'H':
                    if (in_class) return cannot(pattern, "has \\H inside a class");
                    out += "[^0-9a-fA-F]";
                    break;
                case 'b':
                    out += in_class
                               ? "\\b"
                               : "(?:(?<=" + word + ")(?!" + word + ")|(?<!" + word + ")(?=" + word + "))";
                    break;
                case 'B':
                    out += "(?:(?<=" + word + ")(?=" + word + ")|(?<!" + word + ")(?!" + word + "))";
                    break;
                default:
                    out += {c, escaped};
            }
            // \p{L}, \x{41}: these braces are no repeat.
            if (std::string_view("pPxo").find(escaped) != std::string_view::npos &&
                pattern.substr(i + 1, 1) == "{") {
                const auto end = pattern.find('}', i);
                if (end == std::string_view::npos) return cannot(pattern, "has an unfinished brace");
                const std::string_view name = pattern.substr(i + 2, end - i - 2);
                // PCRE2 reads \p{Han} as the script and its extensions, Oniguruma as the script alone.
                if ((escaped == 'p' || escaped == 'P') && is_script(name))
                    out += "{sc:" + std::string(name) + "}";
                else
                    out += pattern.substr(i + 1, end - i);
                i = end;
            }
            continue;
        }
        if (in_class) {
            if (c == '[' && pattern.substr(i, 2) != "[:")
                return cannot(pattern, "has a class inside a class");
            if (pattern.substr(i, 2) == "&&") return cannot(pattern, "has a class intersection");
            if (pattern.substr(i, 2) == "[:") {
                const auto end = pattern.find(":]", i);
                if (end == std::string_view::npos) return cannot(pattern, "has an unfinished class");
                out += pattern.substr(i, end + 2 - i);
                i = end + 1;
                continue;
            }
            if (c == ']' && !class_is_fresh) in_class = false;
            if (c != '^' || !class_is_fresh) class_is_fresh = false;
            out += c;
            continue;
        }
        if (c == '[') in_class = class_is_fresh = true;
        if (c == '}' && i + 1 < pattern.size() && pattern[i + 1] == '+')
            return cannot(pattern, "repeats a counted repeat ({n,m}+)");
        out += c;
    }
    return out;
}

std::string pcre_error(int code) {
    std::array<PCRE2_UCHAR, 200> text{};
    pcre2_get_error_message(code, text.data(), text.size());
    return reinterpret_cast<const char*>(text.data());
}

pcre2_code* code_of(const std::shared_ptr<void>& code) {
    return static_cast<pcre2_code*>(code.get());
}
pcre2_match_data* match_of(void* match) {
    return static_cast<pcre2_match_data*>(match);
}

constexpr std::size_t kGapPages = 0x110000 >> 8;

/// Which 256-character pages hold a code point of the gap table at all.
const std::bitset<kGapPages>& gap_pages() {
    static const std::bitset<kGapPages> kPages = [] {
        std::bitset<kGapPages> pages;
        for (const auto& range : unicode_gap::kRanges)
            for (char32_t page = range.first >> 8; page <= range.last >> 8; ++page) pages.set(page);
        return pages;
    }();
    return kPages;
}

char32_t stand_in(char32_t code) {
    const auto& ranges = unicode_gap::kRanges;
    const auto after =
        std::upper_bound(ranges.begin(), ranges.end(), code,
                         [](char32_t value, const auto& range) { return value < range.first; });
    if (after == ranges.begin() || code > std::prev(after)->last) return code;
    return std::prev(after)->stand_in;
}

}  // namespace

Result<Regex> Regex::compile(std::string_view pattern) {
    if (!is_utf8(pattern)) return cannot(to_well_formed_utf8(pattern), "is not UTF-8");
    PELLUCID_TRY(const std::string translated, translate(pattern));
    const std::unique_ptr<pcre2_compile_context, decltype(&pcre2_compile_context_free)> context(
        pcre2_compile_context_create(nullptr), pcre2_compile_context_free);
    pcre2_set_newline(context.get(), PCRE2_NEWLINE_LF);
    int error = 0;
    PCRE2_SIZE where = 0;
    // MULTILINE: `^` and `$` match at every line in Ruby syntax.
    pcre2_code* code = pcre2_compile(reinterpret_cast<PCRE2_SPTR>(translated.data()), translated.size(),
                                     PCRE2_UTF | PCRE2_UCP | PCRE2_MULTILINE | PCRE2_NEVER_BACKSLASH_C,
                                     &error, &where, context.get());
    if (!code) return cannot(pattern, "cannot be compiled: " + pcre_error(error));
    Regex regex;
    regex.pattern_ = pattern;
    regex.code_ =
        std::shared_ptr<void>(code, [](void* held) { pcre2_code_free(static_cast<pcre2_code*>(held)); });
    pcre2_match_context* limits = pcre2_match_context_create(nullptr);
    pcre2_set_match_limit(limits, 2'000'000);
    pcre2_set_heap_limit(limits, 64 * 1024);  // KiB
    regex.limits_ = std::shared_ptr<void>(
        limits, [](void* held) { pcre2_match_context_free(static_cast<pcre2_match_context*>(held)); });
    regex.jit_ = pcre2_jit_compile(code, PCRE2_JIT_COMPLETE) == 0;
    return regex;
}

void Regex::Search::FreeMatch::operator()(void* match) const {
    pcre2_match_data_free(match_of(match));
}

Regex::Search::Search(const Regex& regex)
    : regex_(&regex), match_(pcre2_match_data_create_from_pattern(code_of(regex.code_), nullptr)) {}

std::optional<ByteSpan> Regex::Search::next(std::string_view subject, std::size_t from) {
    const auto* text = reinterpret_cast<PCRE2_SPTR>(subject.data());
    const pcre2_code* code = code_of(regex_->code_);
    pcre2_match_data* match = match_of(match_.get());
    auto* limits = static_cast<pcre2_match_context*>(regex_->limits_.get());
    const std::uint32_t checked = PCRE2_NO_UTF_CHECK;
    int found = regex_->jit_ ? pcre2_jit_match(code, text, subject.size(), from, checked, match, limits)
                             : pcre2_match(code, text, subject.size(), from, checked, match, limits);
    // The JIT's 32 KiB of stack can run out where the interpreter, which uses the heap, does not.
    if (found == PCRE2_ERROR_JIT_STACKLIMIT)
        found = pcre2_match(code, text, subject.size(), from, checked | PCRE2_NO_JIT, match, limits);
    if (found < 0) return {};
    const PCRE2_SIZE* ends = pcre2_get_ovector_pointer(match);
    // \K can put the start behind the end; a pre-tokenizer has no use for such a match.
    if (ends[0] > ends[1] || ends[0] < from) return {};
    return ByteSpan{ends[0], ends[1]};
}

std::string_view with_known_characters(std::string_view text, std::string& storage) {
    const auto& pages = gap_pages();
    bool copied = false;
    for (std::size_t at = 0; at < text.size();) {
        std::uint64_t eight;
        while (at + sizeof eight <= text.size()) {
            std::memcpy(&eight, text.data() + at, sizeof eight);
            if (eight & 0x8080808080808080ull) break;
            at += sizeof eight;
        }
        if (at >= text.size()) break;
        const Utf8Char character = decode_utf8(text, at);
        if (pages.test(character.code_point >> 8)) {
            if (const char32_t instead = stand_in(character.code_point); instead != character.code_point) {
                if (!copied) storage.assign(text), copied = true;
                std::string bytes;
                append_utf8(bytes, instead);
                storage.replace(at, bytes.size(), bytes);
            }
        }
        at += character.length;
    }
    return copied ? std::string_view(storage) : text;
}

}  // namespace pellucid
