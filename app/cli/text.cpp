// tokenize: text to ids and back. template: messages to the prompt a model reads. Neither runs a model.
#include <cstdio>
#include <memory>

#include "app/cli/command.h"
#include "app/cli/model_library.h"
#include "app/cli/text_source.h"

namespace pellucid::cli {

namespace {

using Json = nlohmann::ordered_json;

struct TokenizeArguments {
    std::string model, data_dir, text, file;
    bool bos = false, literal = false, lines = false, detokenize = false;
};

Result<void> tokenize(const TokenizeArguments& arguments) {
    std::string text = arguments.text;
    if (!arguments.file.empty()) {
        PELLUCID_TRY(text, read_text_file(arguments.file));
    }
    PELLUCID_TRY(const std::string model, resolve_model(arguments.model, data_folder(arguments.data_dir)));
    PELLUCID_TRY(const TextSource source, open_text_source(model, true));
    const Tokenizer& tokenizer = *source.tokenizer;
    std::fprintf(stderr, "tokenizer: %s\n", tokenizer.description().c_str());
    std::vector<std::string> parts;
    if (arguments.lines) {
        for (std::size_t at = 0; at < text.size();) {
            const auto end = std::min(text.find('\n', at), text.size());
            parts.push_back(text.substr(at, end - at));
            at = end + 1;
        }
    } else {
        parts.push_back(text);
    }
    for (const auto& part : parts) {
        std::string out;
        if (arguments.detokenize) {
            PELLUCID_TRY(const auto ids, parse_tokens(part));
            for (const TokenId id : ids)
                if (id < 0 || static_cast<std::size_t>(id) >= tokenizer.vocabulary_size())
                    return fail(ErrorCode::invalid_argument, "token id " + std::to_string(id) +
                                                                 " is outside the vocabulary of " +
                                                                 std::to_string(tokenizer.vocabulary_size()));
            out = tokenizer.decode(ids, true);
            if (arguments.lines) out += '\n';
        } else {
            out = join_tokens(tokenizer.encode(
                      part, {.parse_special = !arguments.literal, .add_special = arguments.bos})) +
                  '\n';
        }
        if (std::fwrite(out.data(), 1, out.size(), stdout) != out.size())
            return fail(ErrorCode::io, "the output cannot be written", "check the disk or the pipe");
    }
    return {};
}

struct TemplateArguments {
    std::string model, data_dir, messages, tools;
    std::vector<std::string> variables;
    bool no_generation_prompt = false;
};

Result<Json> read_json(const std::string& path) {
    PELLUCID_TRY(const std::string text, read_text_file(path));
    Json json = Json::parse(text, nullptr, false);
    if (json.is_discarded())
        return fail(ErrorCode::corrupt, path + " is not valid JSON", "check it with a JSON validator");
    return json;
}

Result<void> render(const TemplateArguments& arguments) {
    TemplateInput input;
    for (const auto& variable : arguments.variables) {
        const auto equals = variable.find('=');
        Json value = equals == std::string::npos ? Json(Json::value_t::discarded)
                                                 : Json::parse(variable.substr(equals + 1), nullptr, false);
        if (value.is_discarded()) throw UsageError("--set: " + variable + " is not NAME=JSON");
        input.extra[variable.substr(0, equals)] = std::move(value);
    }
    PELLUCID_TRY(input.messages, read_json(arguments.messages));
    if (!input.messages.is_array())
        return fail(ErrorCode::invalid_argument, arguments.messages + " is not a JSON array of messages",
                    "give [{\"role\": \"user\", \"content\": \"…\"}]");
    if (!arguments.tools.empty()) {
        PELLUCID_TRY(input.tools, read_json(arguments.tools));
        if (!input.tools.is_array())
            return fail(ErrorCode::invalid_argument, arguments.tools + " is not a JSON array of tools");
    }
    PELLUCID_TRY(const std::string model, resolve_model(arguments.model, data_folder(arguments.data_dir)));
    PELLUCID_TRY(const TextSource source, open_text_source(model, false));
    if (source.template_source.empty())
        return fail(ErrorCode::unsupported, arguments.model + " holds no chat template",
                    "it is a base model: use run --complete");
    PELLUCID_TRY(const auto parsed, ChatTemplate::parse(source.template_source));
    input.add_generation_prompt = !arguments.no_generation_prompt;
    input.bos_token = source.bos_token;
    input.eos_token = source.eos_token;
    PELLUCID_TRY(const std::string text, parsed->render(input));
    if (std::fwrite(text.data(), 1, text.size(), stdout) != text.size())
        return fail(ErrorCode::io, "the output cannot be written", "check the disk or the pipe");
    return {};
}

}  // namespace

Command add_tokenize(CLI::App& root) {
    auto arguments = std::make_shared<TokenizeArguments>();
    CLI::App* app = root.add_subcommand("tokenize", "Text to token ids, or back");
    app->add_option("--model", arguments->model,
                    "GGUF file, model of the library, or folder with tokenizer.json")
        ->required();
    add_data_dir(*app, arguments->data_dir);
    auto* source = app->add_option_group("text");
    source->add_option("--text", arguments->text, "the text (with --detokenize: ids)");
    source->add_option("--file", arguments->file, "the same in a file");
    source->require_option(1);
    app->add_flag("--bos", arguments->bos, "add the special tokens that the tokenizer adds to a text");
    app->add_flag("--literal", arguments->literal, "read the text of special tokens as ordinary text");
    app->add_flag("--lines", arguments->lines, "one line of ids for each line");
    app->add_flag("--detokenize", arguments->detokenize, "ids to text");
    return {app, [arguments] { return tokenize(*arguments); }};
}

Command add_template(CLI::App& root) {
    auto arguments = std::make_shared<TemplateArguments>();
    CLI::App* app = root.add_subcommand("template", "The prompt that a conversation becomes, byte for byte");
    app->add_option("--model", arguments->model,
                    "GGUF file, model of the library, or folder with tokenizer_config.json")
        ->required();
    add_data_dir(*app, arguments->data_dir);
    app->add_option("--messages", arguments->messages, "JSON array of messages")->required();
    app->add_option("--tools", arguments->tools, "JSON array of tools");
    app->add_option("--set", arguments->variables,
                    "NAME=JSON, a further variable, e.g. enable_thinking=false");
    app->add_flag("--no-generation-prompt", arguments->no_generation_prompt, "end after the last message");
    return {app, [arguments] { return render(*arguments); }};
}

}  // namespace pellucid::cli
