#include "app/documents/chunker.h"

#include <unicode/utf8.h>

#include <algorithm>

#include "app/documents/text_cuts.h"
#include "app/reading/document.h"

namespace pellucid::documents {

namespace {

using reading::Block;
using reading::Document;

/// A heading longer than this is no heading; a path longer than that says nothing more.
constexpr std::size_t kLongestHeading = 120, kLongestPath = 360;

std::string clipped(std::string_view text, std::size_t most) {
    std::string out;
    for (const char c : text) out += c == '\n' || c == '\t' ? ' ' : c;
    if (out.size() <= most) return out;
    auto cut = static_cast<std::int32_t>(most);
    U8_SET_CP_START(reinterpret_cast<const std::uint8_t*>(out.data()), 0, cut);
    out.resize(static_cast<std::size_t>(cut));
    return out + "…";
}

/// What is never cut: a sentence, a row, a line, or a piece of one that is too long.
struct Unit {
    TextRange range;
    BlockKind kind = BlockKind::paragraph;
    std::size_t section = 0;
    TextRange header;  // table: its first row, unless this is it
    int header_tokens = 0;
    int tokens = 0;
    bool begins = false;  // its block
    bool large = false;   // of a table or of code that stands by itself
};

using Path = std::vector<std::string>;

/// Everything of the document as units, in order.
class Units {
public:
    Units(const Document& document, const TokenCounter& count, const ChunkOptions& options)
        : document_(document), count_(count), options_(options) {
        sections_.emplace_back();
        std::uint32_t at = 0;
        const auto size = static_cast<std::uint32_t>(document.text.size());
        for (const Block& block : document.blocks) {
            // What no block claims is text all the same.
            add_between({at, std::max(at, block.range.first)});
            add(block);
            at = std::max(at, block.range.last);
        }
        add_between({at, std::max(at, size)});
    }

    std::vector<Unit>& units() { return units_; }
    const Path& path(std::size_t section) const { return sections_[section]; }

private:
    void add_between(TextRange range) {
        if (trimmed(document_.text, range).empty()) return;
        add({BlockKind::paragraph, 0, range, 0, {}});
    }

    void add(const Block& block) {
        const TextRange range = trimmed(document_.text, block.range);
        if (range.empty()) return;
        const std::size_t before = units_.size();
        switch (block.kind) {
            case BlockKind::heading:
                enter(block, range);
                add_pieces(range, block.kind);
                break;
            case BlockKind::table:
                add_rows(block, range);
                break;
            case BlockKind::code: {
                if (!block.symbol.empty()) {
                    Path path = outline();
                    path.push_back(clipped(block.symbol, kLongestHeading));
                    sections_.push_back(std::move(path));
                    section_ = sections_.size() - 1;
                }
                for (const TextRange line : TextCuts::lines(document_.text, range))
                    add_pieces(line, block.kind);
                break;
            }
            default:
                for (const TextRange sentence : cuts_.sentences(document_.text, range))
                    add_pieces(sentence, block.kind);
        }
        if (before == units_.size()) return;
        units_[before].begins = true;
        int tokens = 0;
        for (std::size_t i = before; i < units_.size(); ++i) tokens += units_[i].tokens;
        const bool large = (block.kind == BlockKind::table || block.kind == BlockKind::code) &&
                           tokens > options_.target_tokens / 4;
        for (std::size_t i = before; i < units_.size(); ++i) units_[i].large = large;
        // What follows a function is of the section again.
        if (block.kind == BlockKind::code && !block.symbol.empty()) {
            sections_.push_back(outline());
            section_ = sections_.size() - 1;
        }
    }

    void add_rows(const Block& block, TextRange range) {
        const auto rows = TextCuts::lines(document_.text, range);
        TextRange header;
        int header_tokens = 0;
        for (std::size_t i = 0; i < rows.size(); ++i) {
            const std::size_t before = units_.size();
            add_pieces(rows[i], block.kind);
            if (i == 0 && block.level > 0 && units_.size() == before + 1 &&
                units_[before].tokens <= options_.target_tokens / 3) {
                header = units_[before].range;
                header_tokens = units_[before].tokens;
            } else {
                for (std::size_t u = before; u < units_.size(); ++u) {
                    units_[u].header = header;
                    units_[u].header_tokens = header_tokens;
                }
            }
        }
    }

    /// As one unit, or as several where it is longer than a chunk may be (a table's header comes on top).
    void add_pieces(TextRange range, BlockKind kind) {
        const int most = kind == BlockKind::table ? options_.most_tokens - options_.target_tokens / 3
                                                  : options_.most_tokens;
        // Seldom has a text fewer than a token for eight bytes: counting all of a very long one would be in
        // vain.
        const auto bytes = static_cast<std::uint32_t>(most) * 8;
        while (range.size() > bytes) {
            const std::uint32_t at = cuts_.cut_near(document_.text, range, range.first + bytes);
            add_pieces_of_sized({range.first, at}, kind, most);
            range.first = at;
        }
        add_pieces_of_sized(range, kind, most);
    }
    void add_pieces_of_sized(TextRange range, BlockKind kind, int most) {
        range = trimmed(document_.text, range);
        if (range.empty()) return;
        const int tokens = count_(document_.of(range));
        std::int32_t second = static_cast<std::int32_t>(range.first);
        U8_FWD_1(reinterpret_cast<const std::uint8_t*>(document_.text.data()), second,
                 static_cast<std::int32_t>(range.last));
        if (tokens <= most || second >= static_cast<std::int32_t>(range.last)) {
            Unit unit;
            unit.range = range;
            unit.kind = kind;
            unit.section = section_;
            unit.tokens = std::max(1, tokens);
            units_.push_back(unit);
            return;
        }
        const std::uint32_t at = cuts_.cut_near(document_.text, range, range.first + range.size() / 2);
        add_pieces_of_sized({range.first, at}, kind, most);
        add_pieces_of_sized({at, range.last}, kind, most);
    }

    void enter(const Block& block, TextRange range) {
        const int level = std::clamp(block.level, 1, 6);
        while (!open_.empty() && open_.back().first >= level) open_.pop_back();
        open_.emplace_back(level, clipped(document_.of(range), kLongestHeading));
        sections_.push_back(outline());
        section_ = sections_.size() - 1;
    }
    Path outline() const {
        Path path;
        for (const auto& [level, text] : open_) path.push_back(text);
        return path;
    }

    const Document& document_;
    const TokenCounter& count_;
    const ChunkOptions& options_;
    TextCuts cuts_;
    std::vector<std::pair<int, std::string>> open_;  // headings above
    std::vector<Path> sections_;
    std::size_t section_ = 0;
    std::vector<Unit> units_;
};

/// A chunk being filled.
struct Draft {
    std::size_t first = 0, last = 0;  // units, half open
    int tokens = 0;
    bool body = false;      // more than headings
    bool overflow = false;  // begun because the one before was full
    bool empty() const { return first == last; }
};

class Packer {
public:
    Packer(const Document& document, Units& units, const ChunkOptions& options)
        : document_(document), source_(units), units_(units.units()), options_(options) {}

    std::vector<Chunk> pack() {
        Draft draft;
        for (std::size_t i = 0; i < units_.size(); ++i) {
            if (!draft.empty() && breaks_by_structure(draft, units_[i], units_[i - 1])) {
                close(draft);
                draft = {i, i, 0, false, false};
            } else if (!draft.empty() && is_full(draft, units_[i])) {
                close(draft);
                Draft next{i, i, 0, false, true};
                if (repeats(draft, i)) {
                    next.first = i - 1;
                    next.tokens = units_[i - 1].tokens;
                    next.body = true;
                }
                draft = next;
            }
            if (draft.empty()) draft.tokens += units_[i].header_tokens;
            draft.last = i + 1;
            draft.tokens += units_[i].tokens;
            draft.body = draft.body || units_[i].kind != BlockKind::heading;
        }
        if (!draft.empty()) close(draft);
        return std::move(chunks_);
    }

private:
    bool breaks_by_structure(const Draft& draft, const Unit& unit, const Unit& before) const {
        if (!draft.body || !unit.begins) return false;
        if (unit.large || before.large)
            // Code goes on with code where both are short.
            return !(unit.kind == BlockKind::code && before.kind == BlockKind::code &&
                     draft.tokens < options_.target_tokens / 3);
        const bool new_section = unit.section != before.section;
        return new_section && draft.tokens >= options_.target_tokens / 3;
    }

    bool is_full(const Draft& draft, const Unit& unit) const {
        const int sum = draft.tokens + unit.tokens;
        // Headings stay with what follows them.
        return sum > (draft.body ? options_.target_tokens : options_.most_tokens);
    }

    /// Whether the chunk that begins at unit i begins with the one before it.
    bool repeats(const Draft& draft, std::size_t i) const {
        if (!options_.overlap || i < 1 || draft.last - draft.first < 2) return false;
        const Unit& last = units_[i - 1];
        const bool words =
            last.kind != BlockKind::table && last.kind != BlockKind::code && last.kind != BlockKind::heading;
        return words && last.section == units_[i].section && last.tokens <= options_.target_tokens / 5 &&
               last.tokens + units_[i].tokens <= options_.target_tokens;
    }

    void close(const Draft& draft) {
        const Unit& first = units_[draft.first];
        const TextRange range{first.range.first, units_[draft.last - 1].range.last};
        // A few words that were left over stay with what they belong to.
        if (draft.overflow && draft.tokens < options_.target_tokens / 8 && !chunks_.empty() &&
            chunks_.back().tokens + draft.tokens <= options_.most_tokens) {
            Chunk& before = chunks_.back();
            int more = 0;
            for (std::size_t i = draft.first; i < draft.last; ++i)
                if (units_[i].range.first >= before.range.last) more += units_[i].tokens;
            before.tokens += more;
            before.range.last = range.last;
            before.last_page = page_of_end(range);
            return;
        }
        Chunk chunk;
        chunk.range = range;
        chunk.header = first.header;
        chunk.page = reading::page_of(document_, range.first);
        chunk.last_page = page_of_end(range);
        chunk.tokens = draft.tokens;
        chunk.kind = first.kind;
        // The path that all of it has in common; a heading alone is under itself.
        Path common;
        bool any = false;
        for (std::size_t i = draft.first; i < draft.last; ++i) {
            const Unit& unit = units_[i];
            if (unit.kind == BlockKind::heading && draft.body) continue;
            if (!any) {
                chunk.kind = unit.kind;
                common = source_.path(unit.section);
                any = true;
                continue;
            }
            const Path& path = source_.path(unit.section);
            std::size_t same = 0;
            while (same < common.size() && same < path.size() && common[same] == path[same]) ++same;
            common.resize(same);
        }
        for (const std::string& heading : common)
            chunk.headings += (chunk.headings.empty() ? "" : " > ") + heading;
        chunk.headings = clipped(chunk.headings, kLongestPath);
        chunks_.push_back(std::move(chunk));
    }

    std::uint32_t page_of_end(TextRange range) const {
        return reading::page_of(document_, range.last > range.first ? range.last - 1 : range.last);
    }

    const Document& document_;
    const Units& source_;
    const std::vector<Unit>& units_;
    const ChunkOptions& options_;
    std::vector<Chunk> chunks_;
};

}  // namespace

int estimated_tokens(std::string_view text) {
    // Tokens of multilingual vocabularies: some four letters, two digits, one and a half ideographs each.
    int quarters = 0, letters = 0;
    const auto* bytes = reinterpret_cast<const std::uint8_t*>(text.data());
    const auto size = static_cast<std::int32_t>(text.size());
    const auto flush = [&] {
        if (letters > 0) quarters += std::max(4, letters);
        letters = 0;
    };
    for (std::int32_t at = 0; at < size;) {
        UChar32 c = 0;
        U8_NEXT(bytes, at, size, c);
        const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= 0xC0 && c < 0x2000);
        if (letter) {
            ++letters;
            continue;
        }
        flush();
        if (c == ' ' || c == '\n' || c == '\t' || c == '\r') continue;
        quarters += c >= 0x2E80 ? 3 : (c >= '0' && c <= '9' ? 2 : 4);
    }
    flush();
    return (quarters + 3) / 4;
}

std::vector<Chunk> cut(const Document& document, const TokenCounter& count, const ChunkOptions& options) {
    Units units(document, count, options);
    return Packer(document, units, options).pack();
}

}  // namespace pellucid::documents
