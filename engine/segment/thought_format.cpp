#include "engine/segment/thought_format.h"

#include <algorithm>

namespace pellucid {

namespace {

struct TagNames {
    std::string_view open, close;
};

/// Families seen in released models' templates.
constexpr TagNames kTags[] = {
    {"<think>", "</think>"},                     // DeepSeek-R1 and V3.1, Qwen3, SmolLM3, GLM-4.5, MiniMax
    {"[THINK]", "[/THINK]"},                     // Magistral
    {"<thinking>", "</thinking>"},               // Granite-like fine-tunes
    {"<thought>", "</thought>"},                 // EXAONE Deep
    {"<seed:think>", "</seed:think>"},           // Seed-OSS
    {"<|START_THINKING|>", "<|END_THINKING|>"},  // Command A Reasoning
    {"◁think▷", "◁/think▷"},                     // Kimi
};

constexpr std::string_view kHarmony[] = {"<|start|>",     "<|channel|>", "<|message|>", "<|end|>",
                                         "<|constrain|>", "<|call|>",    "<|return|>"};

/// The id of a tag that is a token of its own kind; nullopt for one that would be spelled with ordinary
/// tokens.
std::optional<TokenId> tag_token(const Tokenizer& tokenizer, std::string_view text) {
    const auto id = tokenizer.find(text);
    if (!id) return {};
    const TokenType type = tokenizer.type_of(*id);
    return type == TokenType::control || type == TokenType::user_defined ? id : std::nullopt;
}

std::string_view trim_end(std::string_view text) {
    const auto last = text.find_last_not_of(" \t\r\n");
    return last == std::string_view::npos ? std::string_view() : text.substr(0, last + 1);
}

}  // namespace

std::string ThoughtFormat::opening_text() const {
    switch (family) {
        case ThoughtFamily::none:
            return {};
        case ThoughtFamily::tags:
            return open.text + after_open;
        case ThoughtFamily::harmony:
            return harmony[channel].text + "analysis" + harmony[message].text;
    }
    return {};
}

std::string ThoughtFormat::closing_text() const {
    switch (family) {
        case ThoughtFamily::none:
            return {};
        case ThoughtFamily::tags:
            return before_close + close.text + after_close;
        case ThoughtFamily::harmony:
            return harmony[end].text + harmony[start].text + "assistant" + harmony[channel].text + "final" +
                   harmony[message].text;
    }
    return {};
}

ThoughtFormat detect_thought_format(const Tokenizer& tokenizer, std::string_view template_source) {
    ThoughtFormat format;
    if (tokenizer.find(kHarmony[ThoughtFormat::channel]) &&
        tokenizer.find(kHarmony[ThoughtFormat::message])) {
        format.family = ThoughtFamily::harmony;
        for (int i = 0; i < ThoughtFormat::harmony_marks; ++i)
            format.harmony[i] = {std::string(kHarmony[i]), tag_token(tokenizer, kHarmony[i])};
        return format;
    }
    const TagNames* found = nullptr;
    for (const auto& tags :
         kTags)  // what the template writes says more than what the vocabulary happens to hold
        if (!found && template_source.find(tags.close) != std::string_view::npos) found = &tags;
    for (const auto& tags : kTags)
        if (!found && tag_token(tokenizer, tags.open) && tag_token(tokenizer, tags.close)) found = &tags;
    if (!found) return format;
    format.family = ThoughtFamily::tags;
    format.open = {std::string(found->open), tag_token(tokenizer, found->open)};
    format.close = {std::string(found->close), tag_token(tokenizer, found->close)};
    if (!format.open.id || !format.close.id)
        format.open.id = format.close.id = std::nullopt;  // both or neither
    return format;
}

void learn_spacing(ThoughtFormat& format, std::string_view rendered, std::string_view thought,
                   std::string_view answer) {
    if (format.family != ThoughtFamily::tags) return;
    const auto open = rendered.rfind(format.open.text);
    const auto close = rendered.rfind(format.close.text);
    const auto said = rendered.rfind(thought), answered = rendered.rfind(answer);
    if (open == rendered.npos || close == rendered.npos || said == rendered.npos || answered == rendered.npos)
        return;
    const auto open_end = open + format.open.text.size(), close_end = close + format.close.text.size();
    if (!(open_end <= said && said + thought.size() <= close && close_end <= answered)) return;
    format.after_open = rendered.substr(open_end, said - open_end);
    format.before_close = rendered.substr(said + thought.size(), close - said - thought.size());
    format.after_close = rendered.substr(close_end, answered - close_end);
}

ReplyStart reply_start(const ThoughtFormat& format, std::string_view rendered_prompt) {
    if (format.family == ThoughtFamily::none) return ReplyStart::answer;
    if (format.family == ThoughtFamily::tags) {
        const auto prompt = trim_end(rendered_prompt);
        if (prompt.ends_with(format.open.text)) return ReplyStart::thought;
        if (prompt.ends_with(format.close.text)) return ReplyStart::answer;
        return ReplyStart::open;
    }
    const auto& marks = format.harmony;
    if (!rendered_prompt.ends_with(marks[ThoughtFormat::message].text)) return ReplyStart::open;
    const auto header = rendered_prompt.rfind(marks[ThoughtFormat::channel].text);
    if (header == rendered_prompt.npos) return ReplyStart::answer;
    const auto name = rendered_prompt.substr(header + marks[ThoughtFormat::channel].text.size());
    return name.starts_with("analysis") ? ReplyStart::thought : ReplyStart::answer;
}

bool ends_reply(const ThoughtFormat& format, const Tokenizer& tokenizer, TokenId id) {
    if (format.family == ThoughtFamily::harmony && id == format.harmony[ThoughtFormat::end].id) return false;
    if (format.family == ThoughtFamily::harmony &&
        (id == format.harmony[ThoughtFormat::finish].id || id == format.harmony[ThoughtFormat::call].id))
        return true;
    const auto& ends = tokenizer.special().end_of_generation;
    return std::binary_search(ends.begin(), ends.end(), id);
}

}  // namespace pellucid
