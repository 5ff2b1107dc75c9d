#include "app/cli/perplexity.h"

#include <cmath>
#include <cstdio>
#include <memory>
#include <optional>

#include "app/cli/command.h"
#include "engine/sampling/distribution.h"

namespace pellucid::cli {

const char* const kPerplexityMethod =
    "The text is tokenised once, without BOS or EOS, and cut into windows of N tokens that do not overlap "
    "(the rest is left "
    "out). Each window starts from an empty context; its first token is replaced by BOS where the tokenizer "
    "adds one. The "
    "second half is scored: tokens N/2 + 1 to N - 1 (counted from 0), each given all before it in the "
    "window. Perplexity is "
    "exp of the mean negative log-likelihood; its standard error is the perplexity times the standard error "
    "of that mean.";

Result<Perplexity> measure_perplexity(LocalModel& model, const std::string& text,
                                      const std::string& name, int window_tokens) {
    const Tokenizer* tokenizer = model.tokenizer();
    if (!tokenizer) {
        if (model.text().tokenizer_error) return fail(*model.text().tokenizer_error);
        return fail(ErrorCode::unsupported, "the model file holds no tokenizer, so it cannot read text",
                    "use a complete model file");
    }
    const auto tokens = tokenizer->encode(text, {.parse_special = false, .add_special = false});
    const auto window = static_cast<std::size_t>(window_tokens);
    Perplexity result;
    result.windows = tokens.size() / window;
    if (result.windows == 0)
        return fail(ErrorCode::invalid_argument,
                    name + " has " + std::to_string(tokens.size()) + " tokens, less than one window of " +
                        std::to_string(window),
                    "give a longer text or a smaller --context");
    double sum = 0, squares = 0;
    for (std::size_t w = 0; w < result.windows; ++w) {
        std::vector<TokenId> part(tokens.begin() + static_cast<std::ptrdiff_t>(w * window),
                                  tokens.begin() + static_cast<std::ptrdiff_t>((w + 1) * window));
        if (tokenizer->special().add_bos && tokenizer->special().bos) part[0] = *tokenizer->special().bos;
        std::optional<Error> broken;
        const int first = static_cast<int>(window / 2);
        PELLUCID_CHECK(model.evaluate(part, first, [&](int position, std::span<const float> row) {
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
            ++result.scored_tokens;
        }));
        if (broken) return fail(*broken);
        progress_line("window " + std::to_string(w + 1) + " of " + std::to_string(result.windows) +
                          ", perplexity " +
                          std::to_string(std::exp(sum / static_cast<double>(result.scored_tokens))),
                      w + 1 == result.windows);
    }
    const double n = static_cast<double>(result.scored_tokens);
    result.mean_loss = sum / n;
    const double variance =
        n > 1 ? std::max(0.0, (squares - n * result.mean_loss * result.mean_loss) / (n - 1)) : 0;
    result.value = std::exp(result.mean_loss);
    result.standard_error = result.value * std::sqrt(variance / n);
    return result;
}

namespace {

struct PerplexityArguments {
    ModelArguments model;
    std::string file;
    int window = 512;
    bool json = false;
};

Result<void> perplexity(const PerplexityArguments& arguments) {
    PELLUCID_TRY(const std::string text, read_text_file(arguments.file));
    PELLUCID_TRY(const auto model, arguments.model.open(arguments.window));
    PELLUCID_TRY(const Perplexity result, measure_perplexity(*model, text, arguments.file, arguments.window));
    if (arguments.json) {
        auto line = ModelArguments::in_force(*model);
        line["perplexity"] = result.value;
        line["standard_error"] = result.standard_error;
        line["mean_negative_log_likelihood"] = result.mean_loss;
        line["scored_tokens"] = result.scored_tokens;
        line["windows"] = result.windows;
        line["window"] = arguments.window;
        line["stride"] = arguments.window;
        line["bos"] = model->tokenizer()->special().add_bos;
        line["method"] = kPerplexityMethod;
        std::printf("%s\n", line.dump().c_str());
    } else {
        std::printf("perplexity %.4f +- %.4f (%zu tokens in %zu windows of %d)\n", result.value,
                    result.standard_error, result.scored_tokens, result.windows, arguments.window);
        std::fprintf(stderr, "%s\n", kPerplexityMethod);
    }
    return {};
}

}  // namespace

Command add_perplexity(CLI::App& root) {
    auto arguments = std::make_shared<PerplexityArguments>();
    CLI::App* app = root.add_subcommand("perplexity", "Perplexity of a text, with its standard error");
    app->footer(kPerplexityMethod);
    arguments->model.add_to(*app);
    app->add_option("--file", arguments->file, "the text")->required();
    app->add_option("--context", arguments->window, "tokens in a window")
        ->capture_default_str()
        ->check(CLI::Range(4, 1 << 24));
    app->add_flag("--json", arguments->json, "one line with every value in force");
    return {app, [arguments] { return perplexity(*arguments); }};
}

}  // namespace pellucid::cli
