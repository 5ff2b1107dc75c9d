// A model's chat template: typed messages to the prompt text the model was trained on.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "engine/base/error.h"

namespace pellucid {

/// What a template reads. `messages` and `tools` are JSON arrays in the Hugging Face shape
/// ([{"role", "content", "reasoning_content"?, "tool_calls"?, …}]), so nothing a template may ask for is
/// lost.
struct TemplateInput {
    nlohmann::ordered_json messages = nlohmann::ordered_json::array();
    nlohmann::ordered_json tools;  ///< null: none
    nlohmann::ordered_json extra =
        nlohmann::ordered_json::object();  ///< further variables, e.g. enable_thinking
    bool add_generation_prompt = true;
    std::string bos_token, eos_token;
    std::function<std::chrono::system_clock::time_point()> clock;  ///< for strftime_now; empty: the system's
};

/// Bounds on a hostile template. Exceeding one is template_failed naming the bound.
struct TemplateLimits {
    std::size_t max_steps = 5'000'000;
    std::size_t max_output_bytes = 64u << 20;
    std::size_t max_depth = 200;
};

/// A parsed template. Immutable and thread safe.
class ChatTemplate {
public:
    static Result<std::shared_ptr<const ChatTemplate>> parse(std::string source, TemplateLimits limits = {});
    virtual ~ChatTemplate() = default;

    /// The prompt, byte for byte what jinja2 (as transformers sets it up) renders; where jinja2 raises,
    /// template_failed with the template's own words, line and what to do.
    virtual Result<std::string> render(const TemplateInput& input) const = 0;

    virtual const std::string& source() const = 0;
    /// True if the template's text reads this variable (e.g. "tools", "enable_thinking",
    /// "reasoning_content").
    virtual bool mentions(std::string_view name) const = 0;
};

}  // namespace pellucid
