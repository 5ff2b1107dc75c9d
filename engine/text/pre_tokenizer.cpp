#include "engine/text/pre_tokenizer.h"

#include <algorithm>

namespace pellucid {

namespace {

/// A stretch of a word: a match of the step's pattern, or what lies between two.
struct Piece {
    ByteSpan span;
    bool matched;
};

void add(std::vector<ByteSpan>& out, ByteSpan span) {
    if (span.end > span.begin) out.push_back(span);
}

/// Applies a behavior to the pieces of one word.
void arrange(const std::vector<Piece>& pieces, SplitBehavior behavior, std::vector<ByteSpan>& out) {
    switch (behavior) {
        case SplitBehavior::isolated:
            for (const Piece& piece : pieces) add(out, piece.span);
            return;
        case SplitBehavior::removed:
            for (const Piece& piece : pieces)
                if (!piece.matched) add(out, piece.span);
            return;
        case SplitBehavior::contiguous: {
            bool before = false;
            for (std::size_t i = 0; i < pieces.size(); ++i) {
                if (i > 0 && pieces[i].matched == before)
                    out.back().end = pieces[i].span.end;
                else
                    out.push_back(pieces[i].span);
                before = pieces[i].matched;
            }
            return;
        }
        case SplitBehavior::merged_with_previous: {
            bool before = false;
            for (std::size_t i = 0; i < pieces.size(); ++i) {
                if (i > 0 && pieces[i].matched && !before)
                    out.back().end = pieces[i].span.end;
                else
                    out.push_back(pieces[i].span);
                before = pieces[i].matched;
            }
            return;
        }
        case SplitBehavior::merged_with_next: {
            const std::size_t start = out.size();
            bool after = false;
            for (std::size_t i = pieces.size(); i-- > 0;) {
                if (i + 1 < pieces.size() && pieces[i].matched && !after)
                    out.back().begin = pieces[i].span.begin;
                else
                    out.push_back(pieces[i].span);
                after = pieces[i].matched;
            }
            std::reverse(out.begin() + static_cast<std::ptrdiff_t>(start), out.end());
            return;
        }
    }
}

/// Punctuation, but not what came after Unicode 8.0: the `tokenizers` library, with which models are made,
/// has the tables of that version.
constexpr std::string_view kBertPunctuation =
    "(?!["
    "\\x{61D}\\x{9FD}\\x{A76}\\x{C77}\\x{C84}\\x{1B7D}\\x{1B7E}\\x{2E43}-\\x{2E4F}\\x{2E52}-\\x{2E5D}"
    "\\x{10EAD}\\x{10F55}-\\x{10F59}\\x{10F86}-\\x{10F89}\\x{1144B}-\\x{1144F}\\x{1145A}\\x{1145B}"
    "\\x{1145D}\\x{11660}-\\x{1166C}\\x{116B9}\\x{1183B}\\x{11944}-\\x{11946}\\x{119E2}"
    "\\x{11A3F}-\\x{11A46}\\x{11A9A}-\\x{11A9C}\\x{11A9E}-\\x{11AA2}\\x{11C41}-\\x{11C45}\\x{11C70}"
    "\\x{11C71}\\x{11EF7}\\x{11EF8}\\x{11FFF}\\x{12FF1}\\x{12FF2}\\x{16E97}-\\x{16E9A}\\x{16FE2}"
    "\\x{1E95E}\\x{1E95F}"
    "])[\\p{P}$+<=>^`|~]";

}  // namespace

std::size_t PreTokenizer::next_character(std::string_view text, std::size_t at) {
    do ++at;
    while (at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0) == 0x80);
    return at;
}

std::vector<ByteSpan> PreTokenizer::spans(std::string_view text) const {
    std::string storage;
    const std::string_view subject = with_known_characters(text, storage);
    std::vector<ByteSpan> words = {{0, text.size()}}, cut;
    std::vector<Piece> pieces;
    for (const SplitStep& step : steps_) {
        Regex::Search search(step.regex);
        cut.clear();
        for (const ByteSpan word : words) {
            // Each word is a subject of its own: `^`, `$` and lookarounds end at its edges.
            const std::string_view part = subject.substr(word.begin, word.end - word.begin);
            pieces.clear();
            std::size_t done = 0, from = 0;
            while (from <= part.size()) {
                const auto match = search.next(part, from);
                if (!match) break;
                if (match->begin > done)
                    pieces.push_back({{word.begin + done, word.begin + match->begin}, step.invert});
                if (match->end > match->begin)
                    pieces.push_back({{word.begin + match->begin, word.begin + match->end}, !step.invert});
                done = match->end;
                from = match->end > match->begin ? match->end : next_character(part, match->end);
            }
            if (done < part.size()) pieces.push_back({{word.begin + done, word.end}, step.invert});
            arrange(pieces, step.behavior, cut);
        }
        std::swap(words, cut);
    }
    return words;
}

Result<std::vector<SplitStep>> bert_pre_tokenizer() {
    PELLUCID_TRY(Regex space, Regex::compile("\\s"));
    PELLUCID_TRY(Regex punctuation, Regex::compile(kBertPunctuation));
    return std::vector<SplitStep>{{std::move(space), SplitBehavior::removed},
                                  {std::move(punctuation), SplitBehavior::isolated}};
}

}  // namespace pellucid
