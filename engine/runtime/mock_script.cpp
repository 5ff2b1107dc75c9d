#include "engine/runtime/mock_script.h"

#include <algorithm>
#include <functional>
#include <map>

namespace pellucid {

namespace {

using Json = nlohmann::ordered_json;

/// Reads the fields of one JSON object by name; an unknown name or a wrong kind is an Error that names it.
class FieldReader {
public:
    FieldReader(const Json& json, std::string where) : json_(json), where_(std::move(where)) {
        if (!json.is_object()) problem_ = where_ + " is not an object";
    }

    template <typename T>
    FieldReader& field(const char* name, T& target) {
        return custom(name, [&](const Json& value) -> std::string {
            if (!kind_fits<T>(value)) return "has the wrong kind";
            target = value.get<T>();
            return {};
        });
    }

    FieldReader& custom(const char* name, const std::function<std::string(const Json&)>& read) {
        known_.push_back(name);
        if (!problem_.empty()) return *this;
        if (const auto it = json_.find(name); it != json_.end())
            if (const auto why = read(*it); !why.empty()) problem_ = where_ + "." + name + ": " + why;
        return *this;
    }

    /// Empty, or the first thing that was wrong.
    std::string done() {
        if (!problem_.empty()) return problem_;
        for (const auto& [name, value] : json_.items())
            if (std::find(known_.begin(), known_.end(), name) == known_.end())
                return where_ + "." + name + " is not a known field";
        return {};
    }

private:
    template <typename T>
    static bool kind_fits(const Json& value) {
        if constexpr (std::is_same_v<T, bool>)
            return value.is_boolean();
        else if constexpr (std::is_same_v<T, std::string>)
            return value.is_string();
        else if constexpr (std::is_unsigned_v<T>)
            return value.is_number_unsigned();
        else if constexpr (std::is_integral_v<T>)
            return value.is_number_integer();
        else
            return value.is_number();
    }

    const Json& json_;
    std::string where_, problem_;
    std::vector<std::string> known_;
};

std::string read_error(const Json& json, std::optional<Error>& error) {
    std::string code = "internal";
    Error read;
    const auto why = FieldReader(json, "failure")
                         .field("code", code)
                         .field("what", read.what)
                         .field("hint", read.hint)
                         .done();
    if (!why.empty()) return why;
    for (int i = 0; i <= static_cast<int>(ErrorCode::internal); ++i) {
        if (to_string(static_cast<ErrorCode>(i)) != code) continue;
        read.code = static_cast<ErrorCode>(i);
        error = read;
        return {};
    }
    return "code \"" + code + "\" is not an error code";
}

std::string read_reason(const Json& json, FinishReason& reason) {
    static const std::map<std::string, FinishReason> kReasons = {
        {"end_of_turn", FinishReason::end_of_turn}, {"stop_string", FinishReason::stop_string},
        {"length", FinishReason::length},           {"context_full", FinishReason::context_full},
        {"cancelled", FinishReason::cancelled},     {"failed", FinishReason::failed}};
    const auto it = json.is_string() ? kReasons.find(json.get<std::string>()) : kReasons.end();
    if (it == kReasons.end()) return "is not a finish reason";
    reason = it->second;
    return {};
}

/// Reads each item of a JSON array into `out` with `read`.
template <typename T>
std::string read_list(const Json& json, std::vector<T>& out,
                      const std::function<std::string(const Json&, T&)>& read, const T& initial = {}) {
    if (!json.is_array()) return "is not an array";
    for (const auto& item : json) {
        T value = initial;
        if (const auto why = read(item, value); !why.empty()) return why;
        out.push_back(std::move(value));
    }
    return {};
}

std::string read_tool_call(const Json& json, ToolCall& call) {
    return FieldReader(json, "tool_call")
        .field("id", call.id)
        .field("name", call.name)
        .field("arguments_json", call.arguments_json)
        .done();
}

std::string read_reply(const Json& json, MockReplyScript& reply) {
    return FieldReader(json, "reply")
        .field("when", reply.when)
        .field("thought", reply.thought)
        .field("answer", reply.answer)
        .custom("tool_calls",
                [&](const Json& j) { return read_list<ToolCall>(j, reply.tool_calls, read_tool_call); })
        .field("tokens_per_second", reply.tokens_per_second)
        .field("prompt_seconds", reply.prompt_seconds)
        .custom("reason", [&](const Json& j) { return read_reason(j, reply.reason); })
        .custom("failure", [&](const Json& j) { return read_error(j, reply.failure); })
        .field("fail_after_tokens", reply.fail_after_tokens)
        .field("hang", reply.hang)
        .done();
}

std::string read_capabilities(const Json& json, Capabilities& can) {
    return FieldReader(json, "capabilities")
        .field("chat", can.chat)
        .field("thinking", can.thinking)
        .field("thinking_switch", can.thinking_switch)
        .field("tools", can.tools)
        .field("end_thought", can.end_thought)
        .field("pause", can.pause)
        .field("set_budget", can.set_budget)
        .field("alternatives", can.alternatives)
        .done();
}

std::string read_model(const Json& json, MockModelScript& model) {
    auto& info = model.info;
    model.replies.clear();
    const auto why =
        FieldReader(json, "model")
            .field("path", info.path)
            .field("name", info.name)
            .field("architecture", info.architecture)
            .field("quantization", info.quantization)
            .field("parameters", info.parameters)
            .field("file_bytes", info.file_bytes)
            .field("trained_context", info.trained_context)
            .field("layers", info.layers)
            .field("vocabulary", info.vocabulary)
            .field("digest", info.digest)
            .field("device", info.device)
            .custom("capabilities", [&](const Json& j) { return read_capabilities(j, model.capabilities); })
            .custom("memory",
                    [&](const Json& j) {
                        return FieldReader(j, "memory")
                            .field("weights", model.memory.weights)
                            .field("kv", model.memory.kv)
                            .field("scratch", model.memory.scratch)
                            .field("available", model.memory.available)
                            .done();
                    })
            .field("context_length", model.context_length)
            .field("load_seconds", model.load_seconds)
            .custom("open_failure", [&](const Json& j) { return read_error(j, model.open_failure); })
            .field("open_failure_at", model.open_failure_at)
            .custom("replies",
                    [&](const Json& j) { return read_list<MockReplyScript>(j, model.replies, read_reply); })
            .done();
    if (model.replies.empty()) model.replies = mock_model().replies;
    return why;
}

std::string read_device(const Json& json, Engine::Device& device) {
    return FieldReader(json, "device")
        .field("id", device.id)
        .field("description", device.description)
        .field("memory_total", device.memory_total)
        .field("memory_available", device.memory_available)
        .done();
}

}  // namespace

std::vector<std::string_view> mock_tokens(std::string_view text) {
    std::vector<std::string_view> pieces;
    constexpr std::size_t kMostBytes = 8;
    std::size_t begin = 0, at = 0;
    const auto character = [&](std::size_t i) {  // bytes of the character at i, cut at the end of the text
        const auto lead = static_cast<unsigned char>(text[i]);
        const std::size_t length = lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
        return std::min(length, text.size() - i);
    };
    const auto is_space = [](char c) { return c == ' ' || c == '\n' || c == '\t'; };
    while (at < text.size()) {
        const std::size_t length = character(at);
        const bool word_ends = at > begin && is_space(text[at]) && !is_space(text[at - 1]);
        if (at > begin && (word_ends || at - begin + length > kMostBytes)) {
            pieces.push_back(text.substr(begin, at - begin));
            begin = at;
        }
        at += length;
    }
    if (begin < text.size()) pieces.push_back(text.substr(begin));
    return pieces;
}

MockModelScript mock_model() {
    MockModelScript model;
    model.info.name = "Demo";
    model.info.architecture = "mock";
    model.info.quantization = "none";
    model.info.parameters = 1'500'000'000;
    model.info.file_bytes = 1'100'000'000;
    model.info.trained_context = 32768;
    model.info.layers = 28;
    model.info.vocabulary = 150000;
    model.info.digest = "mock";
    model.capabilities.chat = model.capabilities.thinking = model.capabilities.thinking_switch = true;
    model.capabilities.tools = true;
    model.capabilities.end_thought = model.capabilities.pause = model.capabilities.set_budget = true;
    model.capabilities.alternatives = true;
    model.memory = {1'100'000'000, 240'000'000, 90'000'000, 8ull << 30};
    MockReplyScript reply;
    reply.thought =
        "The person wants to see what I can do, so a short answer with a little of everything is best.\n\n"
        "First a sentence, then a list, then some code. Let me check the sum: 17 + 25 is 42. Yes.\n";
    reply.answer =
        "Here is a little of everything.\n\n"
        "- **17 + 25 = 42**, which is $6 \\times 7$\n"
        "- Characters of every kind: naïve, 你好, مرحبا, 👋🏽\n\n"
        "```python\nfor i in range(3):\n    print(i ** 2)\n```\n\n"
        "| n | n² |\n|---|----|\n| 2 | 4 |\n| 3 | 9 |\n\n"
        "$$\\sum_{k=1}^{n} k = \\frac{n(n+1)}{2}$$\n";
    model.replies = {reply};
    return model;
}

Result<MockScript> parse_mock_script(std::string_view json) {
    const Json document = Json::parse(json, nullptr, false);
    if (document.is_discarded())
        return fail(ErrorCode::corrupt, "the script is not valid JSON", "check it with a JSON validator");
    MockScript script;
    const auto why =
        FieldReader(document, "script")
            .custom("models",
                    [&](const Json& j) {
                        return read_list<MockModelScript>(j, script.models, read_model, mock_model());
                    })
            .custom("devices",
                    [&](const Json& j) { return read_list<Engine::Device>(j, script.devices, read_device); })
            .done();
    if (!why.empty()) return fail(ErrorCode::invalid_argument, why, "correct the script");
    return script;
}

}  // namespace pellucid
