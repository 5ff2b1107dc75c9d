// logits: what the model says about every position, as numbers. perplexity: how surprised it is by a text.
#include <cmath>
#include <cstdio>
#include <memory>

#include "app/cli/command.h"
#include "engine/format/safetensors_file.h"
#include "engine/sampling/distribution.h"

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

struct PerplexityArguments {
    ModelArguments model;
    std::string file;
    int window = 512;
    bool json = false;
};

constexpr const char* kMethod =
    "The text is tokenised once, without BOS or EOS, and cut into windows of N tokens that do not overlap "
    "(the rest is left "
    "out). Each window starts from an empty context; its first token is replaced by BOS where the tokenizer "
    "adds one. The "
    "second half is scored: tokens N/2 + 1 to N - 1 (counted from 0), each given all before it in the "
    "window. Perplexity is "
    "exp of the mean negative log-likelihood; its standard error is the perplexity times the standard error "
    "of that mean.";

Result<void> perplexity(const PerplexityArguments& arguments) {
    PELLUCID_TRY(const std::string text, read_text_file(arguments.file));
    PELLUCID_TRY(const auto model, arguments.model.open(arguments.window));
    const Tokenizer* tokenizer = model->tokenizer();
    if (!tokenizer) {
        if (model->text().tokenizer_error) return fail(*model->text().tokenizer_error);
        return fail(ErrorCode::unsupported, "the model file holds no tokenizer, so it cannot read text",
                    "use a complete model file");
    }
    const auto tokens = tokenizer->encode(text, {.parse_special = false, .add_special = false});
    const auto window = static_cast<std::size_t>(arguments.window);
    const std::size_t windows = tokens.size() / window;
    if (windows == 0)
        return fail(ErrorCode::invalid_argument,
                    arguments.file + " has " + std::to_string(tokens.size()) +
                        " tokens, less than one window of " + std::to_string(window),
                    "give a longer text or a smaller --context");
    double sum = 0, squares = 0;
    std::size_t count = 0;
    for (std::size_t w = 0; w < windows; ++w) {
        std::vector<TokenId> part(tokens.begin() + static_cast<std::ptrdiff_t>(w * window),
                                  tokens.begin() + static_cast<std::ptrdiff_t>((w + 1) * window));
        if (tokenizer->special().add_bos && tokenizer->special().bos) part[0] = *tokenizer->special().bos;
        std::optional<Error> broken;
        const int first = static_cast<int>(window / 2);
        PELLUCID_CHECK(model->evaluate(part, first, [&](int position, std::span<const float> row) {
            if (position + 1 >= static_cast<int>(window) || broken) return;
            const auto distribution = measure(row);
            if (!distribution) {
                broken = distribution.error();
                return;
            }
            const double loss = distribution->log_sum -
                                row[static_cast<std::size_t>(part[static_cast<std::size_t>(position) + 1])];
            sum += loss;
            squares += loss * loss;
            ++count;
        }));
        if (broken) return fail(*broken);
        progress_line("window " + std::to_string(w + 1) + " of " + std::to_string(windows) + ", perplexity " +
                          std::to_string(std::exp(sum / static_cast<double>(count))),
                      w + 1 == windows);
    }
    const double n = static_cast<double>(count), mean = sum / n;
    const double variance = n > 1 ? std::max(0.0, (squares - n * mean * mean) / (n - 1)) : 0;
    const double value = std::exp(mean), error = value * std::sqrt(variance / n);
    if (arguments.json) {
        auto line = ModelArguments::in_force(*model);
        line["perplexity"] = value;
        line["standard_error"] = error;
        line["mean_negative_log_likelihood"] = mean;
        line["scored_tokens"] = count;
        line["windows"] = windows;
        line["window"] = arguments.window;
        line["stride"] = arguments.window;
        line["bos"] = tokenizer->special().add_bos;
        line["method"] = kMethod;
        std::printf("%s\n", line.dump().c_str());
    } else {
        std::printf("perplexity %.4f +- %.4f (%zu tokens in %zu windows of %d)\n", value, error, count,
                    windows, arguments.window);
        std::fprintf(stderr, "%s\n", kMethod);
    }
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

Command add_perplexity(CLI::App& root) {
    auto arguments = std::make_shared<PerplexityArguments>();
    CLI::App* app = root.add_subcommand("perplexity", "Perplexity of a text, with its standard error");
    app->footer(kMethod);
    arguments->model.add_to(*app);
    app->add_option("--file", arguments->file, "the text")->required();
    app->add_option("--context", arguments->window, "tokens in a window")
        ->capture_default_str()
        ->check(CLI::Range(4, 1 << 24));
    app->add_flag("--json", arguments->json, "one line with every value in force");
    return {app, [arguments] { return perplexity(*arguments); }};
}

}  // namespace pellucid::cli
