#include "engine/text/text_rewriter.h"

#include <unicode/bytestream.h>
#include <unicode/normalizer2.h>
#include <unicode/stringpiece.h>
#include <unicode/uchar.h>

#include "engine/text/utf8.h"

namespace pellucid {

namespace {

/// Each returns true and fills `out` if the text changes.
bool apply(const NormalizeStep& step, std::string_view text, bool, std::string& out) {
    UErrorCode status = U_ZERO_ERROR;
    const icu::Normalizer2* normalizer = nullptr;
    switch (step.form) {
        case NormalizeStep::Form::nfc:
            normalizer = icu::Normalizer2::getNFCInstance(status);
            break;
        case NormalizeStep::Form::nfd:
            normalizer = icu::Normalizer2::getNFDInstance(status);
            break;
        case NormalizeStep::Form::nfkc:
            normalizer = icu::Normalizer2::getNFKCInstance(status);
            break;
        case NormalizeStep::Form::nfkd:
            normalizer = icu::Normalizer2::getNFKDInstance(status);
            break;
    }
    if (U_FAILURE(status))
        return false;  // only when ICU's own data is missing, and then it cannot start at all
    const icu::StringPiece piece(text.data(), static_cast<std::int32_t>(text.size()));
    if (normalizer->isNormalizedUTF8(piece, status) && U_SUCCESS(status)) return false;
    status = U_ZERO_ERROR;
    icu::StringByteSink<std::string> sink(&out);
    normalizer->normalizeUTF8(0, piece, sink, nullptr, status);
    return U_SUCCESS(status);
}

bool apply(const ReplaceStep& step, std::string_view text, bool, std::string& out) {
    if (step.regex) {
        std::string known;
        const std::string_view subject = with_known_characters(text, known);
        Regex::Search search(*step.regex);
        std::size_t done = 0, from = 0;
        bool changed = false;
        while (from <= text.size()) {
            const auto match = search.next(subject, from);
            if (!match) break;
            out.append(text.substr(done, match->begin - done)).append(step.with);
            changed = true;
            done = from = match->end;
            if (match->end > match->begin) continue;
            if (from >= text.size()) break;
            from += decode_utf8(text, from).length;
        }
        if (changed) out.append(text.substr(done));
        return changed;
    }
    if (step.text.empty()) return false;
    std::size_t at = text.find(step.text), done = 0;
    if (at == std::string_view::npos) return false;
    out.reserve(text.size() * 3 / 2);
    for (; at != std::string_view::npos; at = text.find(step.text, done)) {
        out.append(text.substr(done, at - done)).append(step.with);
        done = at + step.text.size();
    }
    out.append(text.substr(done));
    return true;
}

bool apply(const PrependStep& step, std::string_view text, bool first, std::string& out) {
    if (text.empty() || (step.only_first && !first) || (step.unless_there && text.starts_with(step.text)))
        return false;
    out.reserve(step.text.size() + text.size());
    out.append(step.text).append(text);
    return true;
}

template <typename Fn>
void each_character(std::string_view text, Fn&& fn) {
    for (std::size_t at = 0; at < text.size();) {
        const Utf8Char character = decode_utf8(text, at);
        fn(character.code_point, text.substr(at, character.length));
        at += character.length;
    }
}

bool apply(const LowercaseStep&, std::string_view text, bool, std::string& out) {
    out.reserve(text.size());
    each_character(text, [&](char32_t code, std::string_view) { append_lower_case(out, code); });
    return true;
}

bool apply(const StripMarksStep&, std::string_view text, bool, std::string& out) {
    out = without_marks(text);
    return out.size() != text.size();
}

bool apply(const BertStep& step, std::string_view text, bool, std::string& out) {
    out = step.normalizer.rewrite(text);
    return true;
}

bool apply(const CharsmapStep& step, std::string_view text, bool, std::string& out) {
    return step.map->rewrite(text, out);
}

bool apply(const StripStep& step, std::string_view text, bool, std::string& out) {
    std::size_t begin = 0, end = text.size();
    while (step.left && begin < end) {
        const Utf8Char character = decode_utf8(text, begin);
        if (!u_isUWhiteSpace(static_cast<UChar32>(character.code_point))) break;
        begin += character.length;
    }
    while (step.right && end > begin) {
        std::size_t last = end - 1;
        while (last > begin && (static_cast<unsigned char>(text[last]) & 0xC0) == 0x80) --last;
        if (!u_isUWhiteSpace(static_cast<UChar32>(decode_utf8(text, last).code_point))) break;
        end = last;
    }
    if (end - begin == text.size()) return false;
    out.assign(text.substr(begin, end - begin));
    return true;
}

}  // namespace

std::string_view TextRewriter::rewrite(std::string_view text, bool first, std::string& storage) const {
    for (const RewriteStep& step : steps_) {
        std::string out;
        const bool changed = std::visit([&](const auto& how) { return apply(how, text, first, out); }, step);
        if (!changed) continue;
        storage = std::move(out);
        text = storage;
    }
    return text;
}

}  // namespace pellucid
