#include "app/cli/perplexity.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <memory>
#include <optional>

#include "app/cli/command.h"
#include "engine/backend/kv_cost.h"
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

Result<Perplexity> measure_perplexity(LocalModel& model, const std::string& text, const std::string& name,
                                      int window_tokens) {
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
            result.losses.push_back(static_cast<float>(loss));
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

PairedDifference paired_difference(const Perplexity& base, const Perplexity& other) {
    const std::size_t n = base.losses.size();
    const std::size_t groups = base.windows > 1 ? base.windows : n, each = n / groups;
    double sum = 0, squares = 0;
    for (std::size_t g = 0; g < groups; ++g) {
        double own = 0;
        for (std::size_t i = g * each; i < (g + 1) * each; ++i)
            own += static_cast<double>(other.losses[i]) - static_cast<double>(base.losses[i]);
        own /= static_cast<double>(each);
        sum += own;
        squares += own * own;
    }
    const double count = static_cast<double>(groups), mean = sum / count;
    const double variance = groups > 1 ? std::max(0.0, (squares - count * mean * mean) / (count - 1)) : 0;
    return {mean, std::sqrt(variance / count)};
}

namespace {

struct PerplexityArguments {
    ModelArguments model;
    std::string file;
    int window = 512;
    bool json = false;
};

std::vector<std::string> split(const std::string& list) {
    std::vector<std::string> parts(1);
    for (const char c : list)
        if (c == ',')
            parts.emplace_back();
        else
            parts.back() += c;
    return parts;
}

/// The same windows once for each KV format, each compared with the first, token by token.
Result<void> compare_kv(const PerplexityArguments& arguments, const std::vector<std::string>& formats,
                        const std::string& text) {
    std::vector<Perplexity> results;
    auto line = nlohmann::ordered_json::array();
    double first_bytes = 0;
    for (const std::string& format : formats) {
        ModelArguments own = arguments.model;
        own.kv = format;
        PELLUCID_TRY(const auto model, own.open(arguments.window));
        PELLUCID_TRY(Perplexity result, measure_perplexity(*model, text, arguments.file, arguments.window));
        const double bytes = static_cast<double>(kv_bytes_per_token(model->spec(), *find_kv_format(format)));
        if (results.empty()) first_bytes = bytes;
        results.push_back(std::move(result));
        const Perplexity& mine = results.back();
        const PairedDifference cost = paired_difference(results.front(), mine);
        if (arguments.json) {
            auto entry = ModelArguments::in_force(*model);
            entry["perplexity"] = mine.value;
            entry["standard_error"] = mine.standard_error;
            entry["scored_tokens"] = mine.scored_tokens;
            entry["windows"] = mine.windows;
            entry["window"] = arguments.window;
            entry["kv_bytes_per_token"] = bytes;
            entry["times_smaller"] = first_bytes / bytes;
            entry["difference_of_mean_loss"] = cost.mean;
            entry["standard_error_of_difference"] = cost.standard_error;
            entry["perplexity_change"] = std::exp(cost.mean) - 1;
            line.push_back(std::move(entry));
        } else {
            if (results.size() == 1)
                std::printf("%-4s %12s %8s %22s %26s %10s\n", "kv", "bytes/token", "smaller", "perplexity",
                            "paired loss difference", "perplexity");
            std::printf("%-4s %12.0f %7.2fx %11.4f +- %7.4f %+14.6f +- %.6f %+9.3f %%\n", format.c_str(),
                        bytes, first_bytes / bytes, mine.value, mine.standard_error, cost.mean,
                        cost.standard_error, 100 * std::expm1(cost.mean));
            std::fflush(stdout);
        }
    }
    if (arguments.json) {
        std::printf("%s\n", line.dump().c_str());
    } else {
        std::printf("%zu tokens in %zu windows of %d, the same for every format\n", results[0].scored_tokens,
                    results[0].windows, arguments.window);
        std::fprintf(
            stderr, "%s\n%s\n", kPerplexityMethod,
            "Differences are those of the same tokens to the first format; their standard error is that "
            "of the windows' means.");
    }
    return {};
}

Result<void> perplexity(const PerplexityArguments& arguments) {
    const std::vector<std::string> formats = split(arguments.model.kv);
    for (const std::string& format : formats) {
        ModelArguments own = arguments.model;
        own.kv = format;
        (void)own.options();  // throws before anything is loaded
    }
    PELLUCID_TRY(const std::string text, read_text_file(arguments.file));
    if (formats.size() > 1) return compare_kv(arguments, formats, text);
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
    app->footer(
        std::string(kPerplexityMethod) +
        "\nWith several formats (--kv f16,q8,q4) each is compared with the first on the same tokens.");
    arguments->model.add_to(*app);
    app->add_option("--file", arguments->file, "the text")->required();
    app->add_option("--context", arguments->window, "tokens in a window")
        ->capture_default_str()
        ->check(CLI::Range(4, 1 << 24));
    app->add_flag("--json", arguments->json, "one line with every value in force");
    return {app, [arguments] { return perplexity(*arguments); }};
}

}  // namespace pellucid::cli
