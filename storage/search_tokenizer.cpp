#include "storage/search_tokenizer.h"

#include <unicode/brkiter.h>
#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>
#include <unicode/uscript.h>
#include <unicode/utext.h>
#include <unicode/utf8.h>

#include <algorithm>
#include <cstdint>
#include <utility>

namespace pellucid::storage {
namespace {

/// A longer word is cut (Base64, hashes): it is still found by its beginning.
constexpr std::size_t kLongestToken = 96;

enum class Kind : std::uint8_t { gap, word, dictionary, ideograph, emoji, mark };

bool is_ideographic_script(UChar32 c) {
    if (c >= 0x4E00 && c <= 0x9FFF) return true;
    if (c == 0x30FC || c == 0xFF70 || c == 0x3005 || c == 0x3006) return true;  // ー ｰ 々 〆
    UErrorCode status = U_ZERO_ERROR;
    switch (uscript_getScript(c, &status)) {
        case USCRIPT_HAN:
        case USCRIPT_HIRAGANA:
        case USCRIPT_KATAKANA:
        case USCRIPT_HANGUL:
        case USCRIPT_BOPOMOFO:
            return true;
        default:
            return false;
    }
}

bool is_medial_or_final_jamo(UChar32 c) {
    return c >= 0x1160 && c <= 0x11FF;
}

Kind kind_of(UChar32 c) {
    if (c < 0x80)
        return (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') ? Kind::word : Kind::gap;
    switch (u_charType(c)) {
        case U_NON_SPACING_MARK:
        case U_COMBINING_SPACING_MARK:
        case U_ENCLOSING_MARK:
            return Kind::mark;
        case U_MODIFIER_LETTER:
            if (c == 0xFF9E || c == 0xFF9F) return Kind::mark;  // half-width voicing marks
            [[fallthrough]];
        case U_UPPERCASE_LETTER:
        case U_LOWERCASE_LETTER:
        case U_TITLECASE_LETTER:
        case U_OTHER_LETTER:
        case U_DECIMAL_DIGIT_NUMBER:
        case U_LETTER_NUMBER:
        case U_OTHER_NUMBER:
            if (c >= 0x1100 && is_ideographic_script(c)) return Kind::ideograph;
            return u_getIntPropertyValue(c, UCHAR_LINE_BREAK) == U_LB_COMPLEX_CONTEXT ? Kind::dictionary
                                                                                      : Kind::word;
        case U_FORMAT_CHAR:
            return u_hasBinaryProperty(c, UCHAR_DEFAULT_IGNORABLE_CODE_POINT) ? Kind::mark : Kind::gap;
        default:
            break;
    }
    // Radicals (⼒) are symbols by category and characters by nature: PDF text is full of them.
    if (c >= 0x2E80 && c <= 0x2FDF) return Kind::ideograph;
    if (c >= 0x2190 && u_hasBinaryProperty(c, UCHAR_EXTENDED_PICTOGRAPHIC)) return Kind::emoji;
    return Kind::gap;
}

/// A stretch of the input: a word, or one character of a script without spaces.
struct Piece {
    int begin = 0, end = 0;
    Kind kind = Kind::gap;
};

int length_of_first(std::string_view text, int characters) {
    int at = 0;
    for (int i = 0; i < characters && at < static_cast<int>(text.size()); ++i)
        U8_FWD_1(text.data(), at, static_cast<int>(text.size()));
    return at;
}

}  // namespace

struct SearchTokenizer::State {
    const icu::Normalizer2* fold = nullptr;       // NFKC_Casefold
    const icu::Normalizer2* decompose = nullptr;  // NFD
    const icu::Normalizer2* compose = nullptr;    // NFC
    std::unique_ptr<icu::BreakIterator> words;    // made when the first dictionary script is met
    std::string folded, next_folded, pair, marked;

    State() {
        UErrorCode status = U_ZERO_ERROR;
        fold = icu::Normalizer2::getNFKCCasefoldInstance(status);
        decompose = icu::Normalizer2::getNFDInstance(status);
        compose = icu::Normalizer2::getNFCInstance(status);
    }

    /// NFKC case fold into `out`, marks over Latin and Greek dropped. Empty where nothing is left.
    void fold_into(std::string_view text, std::string& out) {
        out.clear();
        bool ascii = true;
        for (const char c : text)
            if (static_cast<unsigned char>(c) >= 0x80) {
                ascii = false;
                break;
            }
        if (ascii) {
            const auto size = std::min(text.size(), kLongestToken);
            for (std::size_t i = 0; i < size; ++i)
                out += text[i] >= 'A' && text[i] <= 'Z' ? static_cast<char>(text[i] + 32) : text[i];
            return;
        }
        UErrorCode status = U_ZERO_ERROR;
        const auto wide =
            icu::UnicodeString::fromUTF8(icu::StringPiece(text.data(), static_cast<int>(text.size())));
        const auto folded_text = decompose->normalize(fold->normalize(wide, status), status);
        icu::UnicodeString kept;
        bool drop_marks = false;
        for (int i = 0; i < folded_text.length(); i = folded_text.moveIndex32(i, 1)) {
            const UChar32 c = folded_text.char32At(i);
            if (u_charType(c) == U_NON_SPACING_MARK) {
                if (drop_marks) continue;
            } else {
                UErrorCode ignored = U_ZERO_ERROR;
                const auto script = uscript_getScript(c, &ignored);
                drop_marks = script == USCRIPT_LATIN || script == USCRIPT_GREEK;
            }
            kept.append(c);
        }
        compose->normalize(kept, status).toUTF8String(out);
        if (out.size() > kLongestToken) {
            int cut = static_cast<int>(kLongestToken);
            U8_SET_CP_START(reinterpret_cast<const std::uint8_t*>(out.data()), 0, cut);
            out.resize(static_cast<std::size_t>(cut));
        }
    }

    bool emit_word(std::string_view text, const Piece& piece, Mode mode, const Sink& sink) {
        fold_into(text.substr(static_cast<std::size_t>(piece.begin),
                              static_cast<std::size_t>(piece.end - piece.begin)),
                  folded);
        if (folded.empty()) return true;
        if (!sink({folded, piece.begin, piece.end, false, piece.kind == Kind::emoji})) return false;
        if (mode != Mode::document || piece.kind == Kind::emoji) return true;
        for (int characters = 1, last = 0; characters <= kMarkedPrefixes; ++characters) {
            const int length = length_of_first(folded, characters);
            if (length == last) break;
            last = length;
            marked.assign(1, kPrefixMark);
            marked.append(folded, 0, static_cast<std::size_t>(length));
            if (!sink({marked, piece.begin, piece.end, true, false})) return false;
        }
        return true;
    }

    /// A run of letters of a script whose words only a dictionary can part.
    bool emit_dictionary_run(std::string_view text, const Piece& run, Mode mode, const Sink& sink) {
        UErrorCode status = U_ZERO_ERROR;
        if (!words) words.reset(icu::BreakIterator::createWordInstance(icu::Locale::getRoot(), status));
        if (U_FAILURE(status) || !words) return emit_word(text, run, mode, sink);
        UText* utext = utext_openUTF8(nullptr, text.data() + run.begin, run.end - run.begin, &status);
        words->setText(utext, status);
        bool more = true;
        int from = words->first();
        for (int to = words->next(); more && U_SUCCESS(status) && to != icu::BreakIterator::DONE;
             from = to, to = words->next())
            more = emit_word(text, {run.begin + from, run.begin + to, Kind::dictionary}, mode, sink);
        utext_close(utext);
        return more;
    }

    bool emit_ideographs(std::string_view text, const std::vector<Piece>& run, bool ends_text, Mode mode,
                         const Sink& sink) {
        const auto piece_text = [&](const Piece& piece) {
            return text.substr(static_cast<std::size_t>(piece.begin),
                               static_cast<std::size_t>(piece.end - piece.begin));
        };
        fold_into(piece_text(run.front()), folded);
        for (std::size_t i = 0; i < run.size(); ++i) {
            const bool last = i + 1 == run.size();
            if (!last) fold_into(piece_text(run[i + 1]), next_folded);
            pair.assign(folded);
            if (!last) pair += next_folded;
            // In a query the last character says nothing that the pair before it did not, unless something
            // follows and its place has to be held.
            const bool single = mode != Mode::query || (last && (run.size() == 1 || !ends_text));
            if (single && !sink({folded, run[i].begin, run[i].end, false, true})) return false;
            if (!last && !sink({pair, run[i].begin, run[i + 1].end, mode != Mode::query, true}))
                return false;
            folded.swap(next_folded);
        }
        return true;
    }
};

SearchTokenizer::SearchTokenizer() : state_(std::make_unique<State>()) {}
SearchTokenizer::~SearchTokenizer() = default;
SearchTokenizer::SearchTokenizer(SearchTokenizer&&) noexcept = default;

void SearchTokenizer::tokenize(std::string_view text, Mode mode, const Sink& sink) {
    const int size = static_cast<int>(std::min<std::size_t>(text.size(), INT32_MAX));
    const char* bytes = text.data();
    if (mode == Mode::query && size > 1 && (bytes[0] == kPrefixMark || bytes[0] == kVerbatimMark)) {
        sink({bytes[0] == kPrefixMark ? text : text.substr(1), 0, size, false, false});
        return;
    }
    std::vector<Piece> ideographs;
    Piece word;
    const auto flush_word = [&] {
        if (word.kind == Kind::gap) return true;
        const Piece done = std::exchange(word, Piece{});
        return done.kind == Kind::dictionary ? state_->emit_dictionary_run(text, done, mode, sink)
                                             : state_->emit_word(text, done, mode, sink);
    };
    const auto flush_ideographs = [&](bool ends_text) {
        if (ideographs.empty()) return true;
        const bool more = state_->emit_ideographs(text, ideographs, ends_text, mode, sink);
        ideographs.clear();
        return more;
    };
    for (int at = 0; at < size;) {
        const int begin = at;
        UChar32 c;
        U8_NEXT(bytes, at, size, c);
        const Kind kind = c < 0 ? Kind::gap : kind_of(c);
        if (kind == Kind::mark || (kind == Kind::ideograph && is_medial_or_final_jamo(c))) {
            if (word.kind != Kind::gap) {
                word.end = at;
                continue;
            }
            if (!ideographs.empty() && ideographs.back().end == begin) {
                ideographs.back().end = at;
                continue;
            }
            if (kind == Kind::mark) continue;
        }
        if (kind == Kind::ideograph || kind == Kind::gap || kind == Kind::emoji ||
            (word.kind != Kind::gap && word.kind != kind))
            if (!flush_word()) return;
        if (kind != Kind::ideograph && !flush_ideographs(false)) return;
        switch (kind) {
            case Kind::ideograph:
                ideographs.push_back({begin, at, kind});
                break;
            case Kind::emoji:
                if (!state_->emit_word(text, {begin, at, kind}, mode, sink)) return;
                break;
            case Kind::word:
            case Kind::dictionary:
                if (word.kind == Kind::gap) word = {begin, at, kind};
                word.end = at;
                break;
            case Kind::gap:
            case Kind::mark:
                break;
        }
    }
    if (!flush_word()) return;
    flush_ideographs(true);
}

}  // namespace pellucid::storage
