// logits: what the model says about every position, as numbers.
#include <cstdio>
#include <memory>

#include "app/cli/command.h"
#include "engine/format/safetensors_file.h"

namespace pellucid::cli {

namespace {

struct LogitsArguments {
    ModelArguments model;
    std::string tokens, tokens_file, out;
};

Result<void> logits(const LogitsArguments& arguments) {
    std::string text = arguments.tokens;
    if (!arguments.tokens_file.empty()) {
        PELLUCID_TRY(text, read_text_file(arguments.tokens_file));
    }
    PELLUCID_TRY(const auto tokens, parse_tokens(text));
    if (tokens.empty())
        return fail(ErrorCode::invalid_argument, "there are no token ids", "give at least one");
    PELLUCID_TRY(const auto model, arguments.model.open());
    const auto vocabulary = static_cast<std::size_t>(model->spec().vocabulary);
    std::vector<float> all(tokens.size() * vocabulary);  // [n, vocab]
    PELLUCID_CHECK(model->evaluate(tokens, 0, [&](int position, std::span<const float> row) {
        std::copy(row.begin(), row.end(),
                  all.begin() + static_cast<std::ptrdiff_t>(static_cast<std::size_t>(position) * vocabulary));
    }));
    SafetensorsWriter writer;
    const auto values = ModelArguments::in_force(*model);
    for (const auto& [name, value] : values.items())
        writer.metadata()[name] = value.is_string() ? value.get<std::string>() : value.dump();
    PELLUCID_CHECK(
        writer.add_tensor("logits", TensorType::f32,
                          {static_cast<std::int64_t>(tokens.size()), static_cast<std::int64_t>(vocabulary)},
                          std::as_bytes(std::span(all))));
    PELLUCID_CHECK(writer.write(arguments.out));
    std::fprintf(stderr, "%s: logits [%zu, %zu]\n", arguments.out.c_str(), tokens.size(), vocabulary);
    return {};
}

}  // namespace

Command add_logits(CLI::App& root) {
    auto arguments = std::make_shared<LogitsArguments>();
    CLI::App* app = root.add_subcommand("logits", "Logits of every position, as safetensors");
    arguments->model.add_to(*app);
    auto* source = app->add_option_group("tokens");
    source->add_option("--tokens", arguments->tokens, "token ids, separated by commas");
    source->add_option("--tokens-file", arguments->tokens_file, "the same in a file");
    source->require_option(1);
    app->add_option("--out", arguments->out, "float32 tensor `logits` [n, vocab]")->required();
    return {app, [arguments] { return logits(*arguments); }};
}

}  // namespace pellucid::cli
