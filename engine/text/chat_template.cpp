#include "engine/text/chat_template.h"

#include <algorithm>

#include "engine/text/jinja/ast.h"
#include "engine/text/jinja/interpreter.h"

namespace pellucid {
namespace {

Failure failed(const jinja::TemplateFailure& failure) {
    const std::string where =
        failure.line > 0 ? " (line " + std::to_string(failure.line) + " of the template)" : "";
    return fail(ErrorCode::template_failed,
                "the model's chat template refused this conversation: " + failure.message + where,
                "Change the conversation as the message says, or choose another template for this model in "
                "its settings.");
}

class JinjaTemplate : public ChatTemplate {
public:
    JinjaTemplate(std::string source, jinja::Template tree, TemplateLimits limits)
        : source_(std::move(source)), tree_(std::move(tree)), limits_(limits) {}

    Result<std::string> render(const TemplateInput& input) const override {
        try {
            auto clock = input.clock ? input.clock : [] { return std::chrono::system_clock::now(); };
            jinja::Interpreter interpreter(
                tree_, {limits_.max_steps, limits_.max_output_bytes, limits_.max_depth}, std::move(clock));
            interpreter.set_global("messages", jinja::Value::from_json(input.messages));
            interpreter.set_global("tools", jinja::Value::from_json(input.tools));
            interpreter.set_global("documents", jinja::None{});
            interpreter.set_global("add_generation_prompt", input.add_generation_prompt);
            if (!input.bos_token.empty()) interpreter.set_global("bos_token", input.bos_token);
            if (!input.eos_token.empty()) interpreter.set_global("eos_token", input.eos_token);
            for (const auto& [name, value] : input.extra.items())
                interpreter.set_global(name, jinja::Value::from_json(value));
            return interpreter.render();
        } catch (const jinja::TemplateFailure& failure) {
            return failed(failure);
        } catch (const std::bad_alloc&) {
            return fail(ErrorCode::out_of_memory, "rendering the chat template ran out of memory",
                        "Shorten the conversation.");
        }
    }

    const std::string& source() const override { return source_; }
    bool mentions(std::string_view name) const override {
        return std::binary_search(tree_.words.begin(), tree_.words.end(), name);
    }

private:
    std::string source_;
    jinja::Template tree_;
    TemplateLimits limits_;
};

}  // namespace

Result<std::shared_ptr<const ChatTemplate>> ChatTemplate::parse(std::string source, TemplateLimits limits) {
    try {
        auto tree = jinja::parse(source, limits.max_depth);
        return std::shared_ptr<const ChatTemplate>(
            std::make_shared<JinjaTemplate>(std::move(source), std::move(tree), limits));
    } catch (const jinja::TemplateFailure& failure) {
        return fail(ErrorCode::template_failed,
                    "the model's chat template cannot be read: " + failure.message + " (line " +
                        std::to_string(failure.line) + " of the template)",
                    "Choose another template for this model in its settings.");
    }
}

}  // namespace pellucid
