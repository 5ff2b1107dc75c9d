#include "app/answering/untrusted_text.h"

#include <algorithm>
#include <array>

#include "app/answering/folded_text.h"
#include "app/answering/instruction_patterns.h"
#include "engine/text/utf8.h"

namespace pellucid::answering {

namespace {

constexpr std::size_t kLongestToken = 64;
constexpr std::size_t kLongestSentence = 700;
constexpr std::size_t kShownWords = 160;

/// Control tokens that are not of the form <|…|>.
constexpr std::array kTokens = {"<s>",
                                "</s>",
                                "<bos>",
                                "<eos>",
                                "<pad>",
                                "<unk>",
                                "<start_of_turn>",
                                "<end_of_turn>",
                                "<start_of_image>",
                                "<think>",
                                "</think>",
                                "<tool_call>",
                                "</tool_call>",
                                "<tool_response>",
                                "</tool_response>",
                                "<<SYS>>",
                                "<</SYS>>",
                                "[INST]",
                                "[/INST]",
                                "[SYSTEM_PROMPT]",
                                "[/SYSTEM_PROMPT]",
                                "[AVAILABLE_TOOLS]",
                                "[/AVAILABLE_TOOLS]",
                                "[TOOL_CALLS]",
                                "[TOOL_RESULTS]",
                                "[/TOOL_RESULTS]",
                                "[THINK]",
                                "[/THINK]"};
/// Also HTML: made harmless, not worth a word.
constexpr std::array kQuietTokens = {"<s>", "</s>", "<pad>", "<unk>", "<bos>", "<eos>"};

template <std::size_t n>
bool is_one_of(std::string_view text, const std::array<const char*, n>& list) {
    return std::any_of(list.begin(), list.end(), [&](const char* one) { return text == one; });
}

/// The length of a control token's spelling that begins at text[at]; 0: none does.
std::size_t token_at(std::string_view text, std::size_t at, const IsSpecial& is_special) {
    const char open = text[at];
    if (open != '<' && open != '[') return 0;
    const std::string_view rest = text.substr(at, kLongestToken);
    for (const std::string_view bar : {"<|", "<｜"}) {
        if (!rest.starts_with(bar)) continue;
        const std::string closing(bar == "<|" ? "|>" : "｜>");
        const auto end = rest.find(closing, bar.size());
        if (end != rest.npos && end > bar.size() && rest.substr(0, end).find('\n') == rest.npos)
            return end + closing.size();
    }
    for (const std::string_view token : kTokens)
        if (rest.starts_with(token)) return token.size();
    const auto end = rest.find(open == '<' ? '>' : ']');
    if (end == rest.npos || end < 2) return 0;
    const std::string_view whole = rest.substr(0, end + 1);
    if (whole.find_first_of(" \n\t") != whole.npos) return 0;
    if (whole.starts_with("<unused") || whole.starts_with("<extra_id_")) return whole.size();
    return is_special && is_special(whole) ? whole.size() : 0;
}

/// The length of an imitation of our marks ("[file content end]") that begins at text[at]; 0: none does.
std::size_t fence_at(std::string_view text, std::size_t at) {
    if (text[at] != '[') return 0;
    const auto end = text.substr(at, kLongestToken).find(']');
    if (end == text.npos) return 0;
    return is_prompt_mark(text.substr(at + 1, end - 1)) ? end + 1 : 0;
}

/// The length of a reference like "[12]" or "[3, 4]" that stands apart from a name before it; 0: none does.
std::size_t reference_at(std::string_view text, std::size_t at) {
    if (text[at] != '[') return 0;
    if (at > 0) {
        const char before = text[at - 1];
        if (is_letter_or_digit(static_cast<unsigned char>(before)) || before == '_' || before == ')' ||
            before == ']')
            return 0;
    }
    std::size_t end = at + 1;
    bool digits = false;
    for (; end < text.size() && end < at + 24; ++end) {
        const char c = text[end];
        if (c >= '0' && c <= '9')
            digits = true;
        else if (c != ',' && c != ' ' && c != '-' && c != ';')
            break;
    }
    return digits && end < text.size() && text[end] == ']' ? end + 1 - at : 0;
}

std::string shortened(std::string_view words) {
    if (words.size() <= kShownWords) return std::string(words);
    std::size_t end = kShownWords;
    while (end > 0 && (static_cast<unsigned char>(words[end]) & 0xC0) == 0x80) --end;
    return std::string(words.substr(0, end)) + "…";
}

bool is_tag(char32_t c) {
    return c >= 0xE0000 && c <= 0xE007F;
}
bool is_override(char32_t c) {
    return c == 0x202D || c == 0x202E;
}
bool is_zero_width(char32_t c) {
    return c == 0x200B || c == 0x200C || c == 0x200D || c == 0x2060 || c == 0xFEFF ||
           (c >= 0x2061 && c <= 0x2064);
}

/// Runs of characters that nobody sees and no writing system needs there.
void find_hidden(std::string_view text, std::vector<Flag>& flags) {
    char32_t before = 0;
    for (std::size_t at = 0; at < text.size();) {
        const Utf8Char c = decode_utf8(text, at);
        if (!is_tag(c.code_point) && !is_override(c.code_point) && !is_zero_width(c.code_point)) {
            before = c.code_point;
            at += c.length;
            continue;
        }
        const std::size_t first = at;
        std::string spelled;
        int tags = 0, overrides = 0, zero_widths = 0;
        char32_t next = 0;
        for (; at < text.size(); at += decode_utf8(text, at).length) {
            next = decode_utf8(text, at).code_point;
            if (is_tag(next)) {
                ++tags;
                if (next > 0xE001F && next < 0xE007F) spelled += static_cast<char>(next - 0xE0000);
            } else if (is_override(next))
                ++overrides;
            else if (is_zero_width(next))
                ++zero_widths;
            else
                break;
            next = 0;
        }
        const bool flag_of_a_region = before == 0x1F3F4;  // England's flag and the like are spelled in tags
        const bool in_a_word = zero_widths > 0 && first > 0 && before < 0x250 && next < 0x250 && next != 0 &&
                               is_letter_or_digit(before) && is_letter_or_digit(next);
        if ((tags > 0 && !flag_of_a_region) || overrides > 0 || zero_widths > 3 || in_a_word)
            flags.push_back({FlagKind::hidden_text, {first, at}, shortened(spelled)});
    }
}

/// "System: … User: …", "### Instruction:", "<system>": a conversation that the document plays.
void find_roles(std::string_view text, std::vector<Flag>& flags) {
    struct Line {
        Span span;
        enum { person, model, heading } who;
    };
    std::vector<Line> lines;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t end = std::min(text.find('\n', at), text.size());
        const FoldedText line = fold(text.substr(at, std::min<std::size_t>(end - at, 40)));
        std::string_view words = line.text;
        while (!words.empty() && (words[0] == ' ' || words[0] == '*')) words.remove_prefix(1);
        const std::size_t stop = std::min(end, at + 40);
        const auto is = [&](std::string_view role) { return words.starts_with(std::string(role) + ":"); };
        const bool hashes = words.starts_with("##");
        while (!words.empty() && (words[0] == '#' || words[0] == ' ')) words.remove_prefix(1);
        if ((hashes &&
             (is("system") || is("instruction") || is("response") || is("human") || is("assistant"))) ||
            words.starts_with("<system>") || words.starts_with("</system>"))
            lines.push_back({{at, stop}, Line::heading});
        else if (is("assistant") || is("助手"))
            lines.push_back({{at, stop}, Line::model});
        else if (is("system") || is("user") || is("human") || is("系统") || is("用户"))
            lines.push_back({{at, stop}, Line::person});
        at = end + 1;
    }
    for (std::size_t i = 0; i < lines.size(); ++i) {
        bool played = lines[i].who == Line::heading;
        for (std::size_t j = 0; j < lines.size() && !played; ++j)
            played = lines[i].who != lines[j].who && lines[j].span.first < lines[i].span.last + 1200 &&
                     lines[i].span.first < lines[j].span.last + 1200;
        if (played) {
            std::size_t last = lines[i].span.last;
            while (last > lines[i].span.first &&
                   (static_cast<unsigned char>(text[last - 1]) & 0xC0) == 0x80 && last < text.size() &&
                   (static_cast<unsigned char>(text[last]) & 0xC0) == 0x80)
                --last;
            while (last < text.size() && (static_cast<unsigned char>(text[last]) & 0xC0) == 0x80) ++last;
            flags.push_back({FlagKind::role_marker,
                             {lines[i].span.first, last},
                             shortened(text.substr(lines[i].span.first, last - lines[i].span.first))});
        }
    }
}

/// Ends of sentences for this purpose: marks before a blank, ideographic ones anywhere, empty lines.
void find_orders(std::string_view text, std::vector<Flag>& flags) {
    const auto judge = [&](std::size_t first, std::size_t last) {
        while (first < last && static_cast<unsigned char>(text[first]) <= ' ') ++first;
        while (last > first && static_cast<unsigned char>(text[last - 1]) <= ' ') --last;
        if (last - first < 6) return;
        const std::string_view words = text.substr(first, last - first);
        if (orders_a_model(fold(words).text))
            flags.push_back({FlagKind::instruction, {first, last}, shortened(words)});
    };
    std::size_t first = 0;
    for (std::size_t at = 0; at < text.size();) {
        const Utf8Char c = decode_utf8(text, at);
        const std::size_t next = at + c.length;
        const bool blank_follows = next >= text.size() || static_cast<unsigned char>(text[next]) <= ' ';
        const bool ends =
            c.code_point == 0x3002 || c.code_point == 0xFF01 || c.code_point == 0xFF1F ||
            ((c.code_point == '.' || c.code_point == '!' || c.code_point == '?') && blank_follows) ||
            (c.code_point == '\n' && next < text.size() && text[next] == '\n') ||
            (next - first > kLongestSentence && blank_follows) || next - first > 2 * kLongestSentence;
        at = next;
        if (ends) {
            judge(first, at);
            first = at;
        }
    }
    judge(first, text.size());
}

/// Without control characters and those that nobody sees. Joiners stay where scripts and emoji need them:
/// not beside ASCII.
std::string only_visible(std::string_view text) {
    std::string visible;
    visible.reserve(text.size());
    for (std::size_t at = 0; at < text.size();) {
        const Utf8Char c = decode_utf8(text, at);
        at += c.length;
        const bool joins = c.code_point == 0x200C || c.code_point == 0x200D ||
                           (c.code_point >= 0xFE00 && c.code_point <= 0xFE0F);
        const bool beside_ascii = visible.empty() || static_cast<unsigned char>(visible.back()) < 0x80;
        const bool control =
            (c.code_point < ' ' && c.code_point != '\n' && c.code_point != '\t') || c.code_point == 0x7F;
        if (!control && (!is_invisible(c.code_point) || (joins && !beside_ascii)))
            append_utf8(visible, c.code_point);
    }
    return visible;
}

/// One pass over visible text.
std::string rewritten_once(std::string_view text, const IsSpecial& is_special) {
    std::string safe;
    safe.reserve(text.size());
    const auto rewritten = [&](std::string_view piece, std::string_view open, std::string_view close) {
        for (const char c : piece) {
            if (c == '<' || c == '[')
                safe += open;
            else if (c == '>' || c == ']')
                safe += close;
            else
                safe += c;
        }
    };
    for (std::size_t at = 0; at < text.size();) {
        if (const std::size_t token = token_at(text, at, is_special)) {
            // A token in square brackets keeps its letters in ⟦ ⟧, as an imitated fence does.
            const bool angle = text[at] == '<';
            rewritten(text.substr(at, token), angle ? "‹" : "⟦", angle ? "›" : "⟧");
            at += token;
            continue;
        }
        if (const std::size_t fence = fence_at(text, at)) {
            rewritten(text.substr(at, fence), "⟦", "⟧");
            at += fence;
            continue;
        }
        if (const std::size_t reference = reference_at(text, at)) {
            rewritten(text.substr(at, reference), "(", ")");
            at += reference;
            continue;
        }
        safe += text[at++];
    }
    return safe;
}

}  // namespace

std::vector<Flag> find_flags(std::string_view text, const IsSpecial& is_special) {
    std::vector<Flag> flags;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t token = token_at(text, at, is_special), fence = token ? 0 : fence_at(text, at);
        const std::string_view words = text.substr(at, std::max(token, fence));
        if (token && !is_one_of(words, kQuietTokens))
            flags.push_back({FlagKind::special_token, {at, at + token}, std::string(words)});
        if (fence) flags.push_back({FlagKind::fence, {at, at + fence}, std::string(words)});
        at += std::max<std::size_t>({token, fence, 1});
    }
    find_hidden(text, flags);
    find_roles(text, flags);
    find_orders(text, flags);
    std::stable_sort(flags.begin(), flags.end(),
                     [](const Flag& a, const Flag& b) { return a.span.first < b.span.first; });
    for (Flag& flag : flags) flag.words = to_well_formed_utf8(flag.words);
    return flags;
}

std::string neutralise(std::string_view source, const IsSpecial& is_special) {
    std::string text = only_visible(source);  // first: what is left out may have parted a token
    // A reference within an imitated fence hides it from the first pass. Every pass that changes something
    // takes brackets away, so there is a last one.
    for (;;) {
        std::string safe = rewritten_once(text, is_special);
        if (safe == text) return safe;
        text = std::move(safe);
    }
}

bool is_prompt_mark(std::string_view inside) {
    std::string words = fold(inside).text;
    while (words.ends_with(' ')) words.pop_back();
    words.erase(0, std::min(words.find_first_not_of(' '), words.size()));
    const auto begins = [&](std::string_view with) { return words.starts_with(with); };
    return (begins("file") || begins("passage") || begins("webpage") || begins("document") ||
            begins("段落")) &&
           (words.ends_with("begin") || words.ends_with("end") || words.ends_with("name"));
}

std::string_view to_string(FlagKind kind) {
    switch (kind) {
        case FlagKind::instruction:
            return "gives orders to the model";
        case FlagKind::hidden_text:
            return "holds text that is not shown";
        case FlagKind::role_marker:
            return "plays a conversation with the model";
        case FlagKind::special_token:
            return "spells a control token";
        case FlagKind::fence:
            return "imitates the marks around passages";
    }
    return {};
}

}  // namespace pellucid::answering
