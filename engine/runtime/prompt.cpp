#include "engine/runtime/prompt.h"

#include <algorithm>

namespace pellucid {

namespace {

using Json = nlohmann::ordered_json;

std::string_view name_of(Role role) {
    switch (role) {
        case Role::system:
            return "system";
        case Role::user:
            return "user";
        case Role::assistant:
            return "assistant";
        case Role::tool:
            return "tool";
    }
    return "user";
}

std::string_view trim(std::string_view text) {
    const auto first = text.find_first_not_of(" \t\r\n"), last = text.find_last_not_of(" \t\r\n");
    return first == text.npos ? std::string_view() : text.substr(first, last - first + 1);
}

std::string special_text(const Tokenizer& tokenizer, std::optional<TokenId> id) {
    return id ? tokenizer.bytes_of(*id, true) : std::string();
}

/// Renders, and takes care of thinking switches, continued turns and forced beginnings.
class Renderer {
public:
    Renderer(const PromptMaker& maker, const Conversation& conversation, const ThinkingPolicy& thinking)
        : maker_(maker), conversation_(conversation), thinking_(thinking) {}

    Result<void> render(Prompt& prompt) {
        std::span<const ChatMessage> messages = conversation_.messages;
        const ChatMessage* open = nullptr;
        if (conversation_.continue_last) {
            if (messages.empty() || messages.back().role != Role::assistant)
                return fail(ErrorCode::invalid_argument,
                            "there is no reply to go on with: the last message is not the assistant's");
            open = &messages.back();
            messages = messages.first(messages.size() - 1);
        }
        if (messages.empty())
            return fail(ErrorCode::invalid_argument, "the conversation is empty", "write a message first");
        PELLUCID_TRY(std::string text, render_turns(messages, conversation_.tools));
        auto start = reply_start(maker_.format, text);
        if (open && (!open->thought.empty() || !open->content.empty()))
            start = append_open_turn(text, *open, start);
        else if (maker_.format.family != ThoughtFamily::none)
            start = force(text, start);
        prompt.start = start;
        prompt.ledger.rendered = std::move(text);
        if (open && maker_.tokenizer)
            prompt.thought_tokens_before =
                static_cast<int>(maker_.tokenizer->encode(open->thought, {.parse_special = false}).size());
        return {};
    }

    Result<std::string> render_turns(std::span<const ChatMessage> messages, const Json& tools) const {
        TemplateInput input;
        input.messages = to_template_messages(messages);
        input.tools = tools;
        const auto& special = maker_.tokenizer->special();
        input.bos_token = special_text(*maker_.tokenizer, special.bos);
        input.eos_token = special_text(*maker_.tokenizer, special.eos);
        if (thinking_.mode != ThinkingMode::automatic)
            for (const char* name : {"enable_thinking", "thinking"})
                if (maker_.chat_template->mentions(name))
                    input.extra[name] = thinking_.mode == ThinkingMode::always;
        return maker_.chat_template->render(input);
    }

private:
    /// Where the template has no switch (or the model must be held to it), the beginning of the reply is
    /// written for it.
    ReplyStart force(std::string& text, ReplyStart start) const {
        const auto& format = maker_.format;
        const bool harmony = format.family == ThoughtFamily::harmony;
        if (thinking_.mode == ThinkingMode::always && start == ReplyStart::open) {
            text += format.opening_text();
            return ReplyStart::thought;
        }
        if (thinking_.mode == ThinkingMode::never && start != ReplyStart::answer) {
            if (harmony && start == ReplyStart::open)
                text += format.harmony[ThoughtFormat::channel].text + "final" +
                        format.harmony[ThoughtFormat::message].text;
            else
                text += (start == ReplyStart::open ? format.opening_text() : std::string()) +
                        format.closing_text();
            return ReplyStart::answer;
        }
        return start;
    }

    /// Writes the interrupted turn as the model itself would have, up to where it stopped.
    ReplyStart append_open_turn(std::string& text, const ChatMessage& open, ReplyStart start) const {
        const auto& format = maker_.format;
        if (format.family == ThoughtFamily::none) {
            text += open.content;
            return ReplyStart::answer;
        }
        const bool still_thinking = open.content.empty();
        if (start == ReplyStart::open && !open.thought.empty())
            text += format.opening_text(), start = ReplyStart::thought;
        if (start == ReplyStart::thought) {
            text += open.thought;
            if (still_thinking) return ReplyStart::thought;
            std::string closing = format.closing_text();
            if (text.ends_with("\n") && closing.starts_with("\n")) closing.erase(0, 1);
            text += closing;
        } else if (format.family == ThoughtFamily::harmony && start == ReplyStart::open) {
            text += format.harmony[ThoughtFormat::channel].text + "final" +
                    format.harmony[ThoughtFormat::message].text;
        }
        text += open.content;
        return ReplyStart::answer;
    }

    const PromptMaker& maker_;
    const Conversation& conversation_;
    const ThinkingPolicy& thinking_;
};

/// Which tokens of the prompt each message's own text became; everything else is the template's.
void count_parts(const Tokenizer& tokenizer, std::span<const ChatMessage> messages, Ledger& ledger) {
    const std::string_view text = ledger.rendered;
    std::vector<std::size_t> ends;  // byte offset in the text at which each token ends
    std::size_t offset = 0;
    for (const TokenId id : ledger.tokens) ends.push_back(offset += tokenizer.bytes_of(id, true).size());
    // A tokenizer that adds or folds bytes shifts every offset alike at worst; the sum stays exact all the
    // same.
    const auto tokens_before = [&](std::size_t byte) {
        return static_cast<int>(std::upper_bound(ends.begin(), ends.end(), byte) - ends.begin());
    };
    std::size_t cursor = 0;
    int counted = 0;
    for (std::size_t i = 0; i < messages.size(); ++i) {
        Ledger::Entry entry{Ledger::Entry::Kind::message, static_cast<int>(i), 0};
        for (const std::string_view part : {trim(messages[i].thought), trim(messages[i].content)}) {
            const auto at = part.empty() ? text.npos : text.find(part, cursor);
            if (at == text.npos) continue;  // the template left it out (old thoughts) or rewrote it
            cursor = at + part.size();
            entry.tokens += tokens_before(cursor) - tokens_before(at);
        }
        counted += entry.tokens;
        ledger.entries.push_back(entry);
    }
    ledger.entries.push_back(
        {Ledger::Entry::Kind::template_text, -1, static_cast<int>(ledger.tokens.size()) - counted});
}

}  // namespace

Json to_template_messages(std::span<const ChatMessage> messages) {
    Json list = Json::array();
    for (const auto& message : messages) {
        Json entry = {{"role", name_of(message.role)}, {"content", message.content}};
        if (!message.thought.empty()) entry["reasoning_content"] = message.thought;
        if (!message.tool_call_id.empty()) entry["tool_call_id"] = message.tool_call_id;
        for (const auto& call : message.tool_calls) {
            Json arguments = Json::parse(call.arguments_json, nullptr, false);
            if (arguments.is_discarded()) arguments = call.arguments_json;
            Json made = {{"type", "function"},
                         {"function", {{"name", call.name}, {"arguments", std::move(arguments)}}}};
            if (!call.id.empty()) made["id"] = call.id;
            entry["tool_calls"].push_back(std::move(made));
        }
        list.push_back(std::move(entry));
    }
    return list;
}

Result<Prompt> make_prompt(const PromptMaker& maker, const Request& request) {
    Prompt prompt;
    Ledger& ledger = prompt.ledger;
    ledger.context_length = maker.context_length;
    ledger.thinking_supported = maker.format.family != ThoughtFamily::none;
    if (const auto* ids = std::get_if<std::vector<TokenId>>(&request.input)) {
        for (const TokenId id : *ids)
            if (id < 0 || id >= maker.vocabulary)
                return fail(ErrorCode::invalid_argument,
                            "token id " + std::to_string(id) + " is outside the vocabulary of " +
                                std::to_string(maker.vocabulary),
                            "give ids that this model's tokenizer made");
        ledger.tokens = *ids;
        if (maker.tokenizer) ledger.rendered = maker.tokenizer->decode(*ids, true);
        prompt.start = maker.tokenizer ? reply_start(maker.format, ledger.rendered) : ReplyStart::answer;
        ledger.entries.push_back({Ledger::Entry::Kind::message, 0, static_cast<int>(ids->size())});
    } else if (!maker.tokenizer) {
        if (maker.tokenizer_error) return fail(*maker.tokenizer_error);
        return fail(ErrorCode::unsupported, "the model file holds no tokenizer, so it cannot read text",
                    "give token ids, or use a complete model file");
    } else if (const auto* text = std::get_if<std::string>(&request.input)) {
        ledger.rendered = *text;
        ledger.tokens = maker.tokenizer->encode(*text, {.parse_special = true, .add_special = true});
        prompt.start = reply_start(maker.format, *text);
        ledger.entries.push_back({Ledger::Entry::Kind::message, 0, static_cast<int>(ledger.tokens.size())});
    } else {
        const auto& conversation = std::get<Conversation>(request.input);
        if (!maker.chat_template && maker.template_error) return fail(*maker.template_error);
        if (!maker.chat_template)
            return fail(ErrorCode::unsupported, "the model is a base model: its file holds no chat template",
                        "use plain completion, or choose a model that was trained to chat");
        Renderer renderer(maker, conversation, request.thinking);
        PELLUCID_CHECK(renderer.render(prompt));
        ledger.tokens =
            maker.tokenizer->encode(ledger.rendered, {.parse_special = true, .add_special = false});
        count_parts(*maker.tokenizer, conversation.messages, ledger);
        if (!conversation.tools.is_null() && !conversation.tools.empty() && !conversation.continue_last) {
            PELLUCID_TRY(const std::string bare, renderer.render_turns(conversation.messages, {}));
            const auto without =
                maker.tokenizer->encode(bare, {.parse_special = true, .add_special = false}).size();
            const int cost = std::max(0, static_cast<int>(ledger.tokens.size()) - static_cast<int>(without));
            ledger.entries.back().tokens -= std::min(cost, ledger.entries.back().tokens);
            ledger.entries.push_back({Ledger::Entry::Kind::tools, -1, cost});
        }
    }
    if (ledger.tokens.empty())
        return fail(ErrorCode::invalid_argument, "the prompt is empty", "write something first");
    ledger.starts_in_thought = prompt.start == ReplyStart::thought;
    ledger.reply_room = maker.context_length - static_cast<int>(ledger.tokens.size());
    return prompt;
}

Result<void> check_room(const Ledger& ledger) {
    if (ledger.reply_room > 0) return {};
    return fail(ErrorCode::context_overflow,
                "the prompt has " + std::to_string(ledger.tokens.size()) + " tokens and the context holds " +
                    std::to_string(ledger.context_length),
                "remove earlier messages or open the model with a longer context");
}

}  // namespace pellucid
