// Any bytes as a chat template: parse and render must end in text or a typed error, within the bounds given.
#include <cstdint>
#include <string>

#include "engine/text/chat_template.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace pellucid;
    using nlohmann::ordered_json;
    const TemplateLimits limits{20'000, 1u << 20, 60};
    auto parsed = ChatTemplate::parse(std::string(reinterpret_cast<const char*>(data), size), limits);
    if (!parsed.ok()) return 0;
    TemplateInput input;
    input.messages = {{{"role", "system"}, {"content", "S"}},
                      {{"role", "user"}, {"content", "Hi 你好"}},
                      {{"role", "assistant"}, {"content", "<think>x</think>y"}, {"reasoning_content", "r"}}};
    input.tools = {{{"type", "function"}, {"function", {{"name", "f"}, {"parameters", ordered_json::object()}}}}};
    input.extra = {{"l", {3, 1, 2}}, {"d", {{"a", 1}}}, {"s", "text"}, {"f", 2.5}, {"i", 7}, {"n", nullptr}};
    input.bos_token = "<s>";
    input.clock = [] { return std::chrono::system_clock::time_point{}; };
    (void)(*parsed)->render(input);
    return 0;
}
