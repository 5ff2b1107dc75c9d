#include "app/reading/formats/document_builder.h"

#include <unicode/bytestream.h>
#include <unicode/normalizer2.h>
#include <unicode/uchar.h>

#include <algorithm>

#include "engine/text/utf8.h"

namespace pellucid::reading {

namespace {

/// Characters that no text needs and that hide things: controls but tab and line end, NUL above all.
std::string without_controls(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    for (std::size_t at = 0; at < text.size();) {
        const Utf8Char next = decode_utf8(text, at);
        const char32_t c = next.code_point;
        const bool control = (c < 0x20 && c != '\n' && c != '\t') || (c >= 0x7f && c < 0xa0) || c == 0xFEFF ||
                             c == 0x200B || c == 0xAD;
        if (c == '\r') {
            if (at + 1 >= text.size() || text[at + 1] != '\n') out += '\n';
        } else if (c == 0x2028 || c == 0x2029 || c == 0x85 || c == 0x0c) {
            out += '\n';
        } else if (!control) {
            out.append(text.substr(at, next.length));
        }
        at += next.length;
    }
    return out;
}

bool ascii(std::string_view text) {
    return std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

bool is_space(char32_t c) {
    return c == ' ' || c == '\t' || c == '\n' || c == 0xA0 || c == 0x3000 || (c >= 0x2000 && c <= 0x200A) ||
           c == 0x202F;
}

}  // namespace

std::string to_nfc(std::string_view text) {
    if (ascii(text)) return std::string(text);
    UErrorCode status = U_ZERO_ERROR;
    const icu::Normalizer2* nfc = icu::Normalizer2::getNFCInstance(status);
    if (U_FAILURE(status)) return std::string(text);
    std::string out;
    icu::StringByteSink<std::string> sink(&out);
    nfc->normalizeUTF8(0, icu::StringPiece(text.data(), static_cast<int32_t>(text.size())), sink, nullptr,
                       status);
    return U_FAILURE(status) ? std::string(text) : out;
}

std::string fold_compatibility(std::string_view text) {
    if (ascii(text)) return std::string(text);
    UErrorCode status = U_ZERO_ERROR;
    const icu::Normalizer2* nfkc = icu::Normalizer2::getNFKCInstance(status);
    if (U_FAILURE(status)) return to_nfc(text);
    std::string out;
    for (std::size_t at = 0; at < text.size();) {
        const Utf8Char next = decode_utf8(text, at);
        const auto c = next.code_point;
        const bool folds = (c >= 0xFB00 && c <= 0xFB06) || (c >= 0x2E80 && c <= 0x2FDF) ||
                           (c >= 0xF900 && c <= 0xFAFF) || (c >= 0x2F800 && c <= 0x2FA1F) ||
                           (c >= 0x1D400 && c <= 0x1D7FF) ||
                           (c >= 0xFF10 && c <= 0xFF5A && u_isalnum(static_cast<UChar32>(c)));
        if (folds) {
            icu::UnicodeString folded = nfkc->normalize(icu::UnicodeString(static_cast<UChar32>(c)), status);
            if (U_SUCCESS(status)) folded.toUTF8String(out);
        } else {
            out.append(text.substr(at, next.length));
        }
        at += next.length;
    }
    return to_nfc(out);
}

std::string folded_space(std::string_view text, bool keep_lines) {
    std::string out;
    out.reserve(text.size());
    bool space = false, line = false;
    for (std::size_t at = 0; at < text.size();) {
        const Utf8Char next = decode_utf8(text, at);
        if (is_space(next.code_point)) {
            space = true;
            line = line || next.code_point == '\n';
        } else {
            if (space && !out.empty()) out += line && keep_lines ? '\n' : ' ';
            space = line = false;
            out.append(text.substr(at, next.length));
        }
        at += next.length;
    }
    return out;
}

bool DocumentBuilder::begin_page(std::string label, float width, float height) {
    if (document_.pages.size() >= limits_.max_pages) {
        if (!full_)
            notice(NoticeCode::pages_cut,
                   "only the first " + std::to_string(limits_.max_pages) + " pages were read");
        full_ = true;
        return false;
    }
    Page page;
    page.label = to_nfc(folded_space(to_well_formed_utf8(label)));
    page.width = width;
    page.height = height;
    document_.pages.push_back(std::move(page));
    page_begun_.push_back(false);
    return true;
}

bool DocumentBuilder::add(BlockKind kind, int level, std::string_view raw, std::string symbol,
                          bool keep_lines) {
    if (full_) return false;
    if (document_.pages.empty()) begin_page();
    std::string text = without_controls(to_well_formed_utf8(raw));
    if (kind == BlockKind::code || kind == BlockKind::table) {
        while (!text.empty() && (text.back() == '\n' || text.back() == ' ')) text.pop_back();
        text.erase(0, std::min(text.find_first_not_of('\n'), text.size()));
        if (text.find_first_not_of(" \t\n") == std::string::npos) return true;
    } else {
        text = folded_space(text, keep_lines);
    }
    text = to_nfc(text);
    if (text.empty()) return true;
    undecodable_ = undecodable_ || text.find("\xEF\xBF\xBD") != std::string::npos;

    std::string_view parting = document_.text.empty() ? "" : "\n\n";
    if (!document_.blocks.empty()) {
        const BlockKind last = document_.blocks.back().kind;
        if ((kind == BlockKind::list_item && last == kind) ||
            (kind == BlockKind::code && last == kind && !symbol.empty()))
            parting = "\n";
    }
    const std::uint64_t room =
        limits_.max_text_bytes - std::min<std::uint64_t>(limits_.max_text_bytes, document_.text.size());
    if (parting.size() + text.size() > room) {
        full_ = true;
        notice(NoticeCode::text_cut, "the document is longer than " +
                                         std::to_string(limits_.max_text_bytes >> 10) +
                                         " KiB of text: the rest was not read");
        if (parting.size() >= room) return false;
        std::size_t keep = static_cast<std::size_t>(room) - parting.size();
        while (keep > 0 && (static_cast<unsigned char>(text[keep]) & 0xC0) == 0x80) --keep;
        text.resize(keep);
        if (text.empty()) return false;
    }
    document_.text += parting;
    Block block;
    block.kind = kind;
    block.level = kind == BlockKind::heading ? std::clamp(level, 1, 6) : std::clamp(level, 0, 255);
    block.range.first = static_cast<std::uint32_t>(document_.text.size());
    document_.text += text;
    block.range.last = static_cast<std::uint32_t>(document_.text.size());
    block.page = page();
    block.symbol = to_nfc(folded_space(to_well_formed_utf8(symbol)));
    if (!page_begun_.back()) {
        document_.pages.back().range.first = block.range.first;
        page_begun_.back() = true;
    }
    document_.blocks.push_back(std::move(block));
    return !full_;
}

bool DocumentBuilder::table(const std::vector<std::vector<std::string>>& rows, bool header) {
    std::string text;
    bool any = false;
    for (const auto& row : rows) {
        std::size_t used = row.size();
        while (used > 0 && folded_space(row[used - 1]).empty()) --used;
        if (used == 0) continue;
        if (any) text += '\n';
        any = true;
        for (std::size_t i = 0; i < used; ++i) {
            if (i > 0) text += '\t';
            text += folded_space(to_well_formed_utf8(row[i]));
        }
    }
    return add(BlockKind::table, header ? 1 : 0, text);
}

void DocumentBuilder::notice(NoticeCode code, std::string what, std::vector<std::uint32_t> pages) {
    if (document_.notices.size() < 500)
        document_.notices.push_back({code, to_well_formed_utf8(what), std::move(pages)});
}

Document DocumentBuilder::finish() && {
    if (document_.pages.empty()) begin_page();
    if (undecodable_)
        notice(NoticeCode::undecodable, "some characters could not be decoded and are shown as \xEF\xBF\xBD");
    std::uint32_t next = static_cast<std::uint32_t>(document_.text.size());
    for (std::size_t i = document_.pages.size(); i-- > 0;) {
        TextRange& range = document_.pages[i].range;
        range.last = next;
        range.first = i == 0 ? 0 : page_begun_[i] ? range.first : next;
        next = range.first;
    }
    for (std::string* words : {&document_.title, &document_.author, &document_.language, &document_.mime})
        *words = to_nfc(folded_space(without_controls(to_well_formed_utf8(*words))));
    return std::move(document_);
}

}  // namespace pellucid::reading
