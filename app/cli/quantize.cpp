// quantize: a model again, with its weights in other types, and what that cost.
#include <cmath>
#include <cstdio>
#include <memory>
#include <optional>

#include "app/cli/command.h"
#include "app/cli/perplexity.h"
#include "engine/base/thread_pool.h"
#include "engine/cpu/cpu_backend.h"
#include "engine/model/importance.h"
#include "engine/model/quantizer.h"
#include "engine/runtime/collect_importance.h"
#include "engine/runtime/local_model.h"

namespace pellucid::cli {

namespace {

using Json = nlohmann::ordered_json;

struct QuantizeArguments {
    std::string in, out, type, text, imatrix_text, imatrix, imatrix_save;
    int threads = 0, window = 512;
    bool json = false;
};

std::string all_recipes() {
    std::string list;
    for (const std::string_view name : recipe_names()) list += (list.empty() ? "" : ", ") + std::string(name);
    return list;
}

Result<Perplexity> perplexity_of(const std::string& path, const std::string& text,
                                 const QuantizeArguments& arguments) {
    ModelArguments model;
    model.model = path;
    model.threads = arguments.threads;
    PELLUCID_TRY(const auto open, model.open(arguments.window));
    return measure_perplexity(*open, text, arguments.text, arguments.window);
}

Json to_json(const Perplexity& perplexity) {
    return {{"perplexity", perplexity.value},
            {"standard_error", perplexity.standard_error},
            {"scored_tokens", perplexity.scored_tokens}};
}

/// The importance matrix that the arguments ask for, from a file or a text.
Result<std::optional<ImportanceMatrix>> importance(const QuantizeArguments& arguments,
                                                   const ModelFile& model) {
    if (!arguments.imatrix.empty()) {
        PELLUCID_TRY(ImportanceMatrix loaded, load_importance(arguments.imatrix));
        return std::optional(std::move(loaded));
    }
    if (arguments.imatrix_text.empty()) return std::optional<ImportanceMatrix>();
    PELLUCID_TRY(const std::string text, read_text_file(arguments.imatrix_text));
    const ModelText tools = read_model_text(*model.metadata);
    if (!tools.tokenizer) {
        if (tools.tokenizer_error) return fail(*tools.tokenizer_error);
        return fail(ErrorCode::unsupported, "the model file holds no tokenizer, so it cannot read text",
                    "use a complete model file");
    }
    const auto tokens = tools.tokenizer->encode(text, {.parse_special = false, .add_special = false});
    CollectOptions options;
    options.window = arguments.window;
    const auto& special = tools.tokenizer->special();
    if (special.add_bos) options.bos = special.bos;
    options.progress = [](int window, int windows) {
        progress_line("importance: window " + std::to_string(window) + " of " + std::to_string(windows),
                      window == windows);
    };
    const auto cpu = make_cpu_backend(std::make_shared<ThreadPool>(arguments.threads));
    PELLUCID_TRY(ImportanceMatrix collected, collect_importance(model, *cpu, tokens, options));
    collected.text = arguments.imatrix_text;
    if (!arguments.imatrix_save.empty()) PELLUCID_CHECK(save_importance(collected, arguments.imatrix_save));
    return std::optional(std::move(collected));
}

void print(const std::vector<QuantizedTensor>& report, const QuantizeArguments& arguments,
           std::uint64_t before, std::uint64_t after, const std::optional<Perplexity>& old_text,
           const std::optional<Perplexity>& new_text) {
    if (arguments.json) {
        Json line = {{"in", arguments.in},     {"out", arguments.out}, {"type", arguments.type},
                     {"bytes_before", before}, {"bytes_after", after}, {"tensors", Json::array()}};
        for (const QuantizedTensor& tensor : report)
            line["tensors"].push_back({{"name", tensor.name},
                                       {"from", std::string(to_string(tensor.from))},
                                       {"to", std::string(to_string(tensor.to))},
                                       {"bytes", tensor.bytes},
                                       {"relative_error", tensor.relative_error}});
        if (old_text) line["before"] = to_json(*old_text);
        if (new_text) line["after"] = to_json(*new_text);
        if (old_text && new_text) {
            const PairedDifference cost = paired_difference(*old_text, *new_text);
            line["difference_of_mean_loss"] = cost.mean;
            line["standard_error_of_difference"] = cost.standard_error;
        }
        std::printf("%s\n", line.dump().c_str());
        return;
    }
    for (const QuantizedTensor& tensor : report)
        if (tensor.from == tensor.to)
            std::printf("%-40s %-8s kept\n", tensor.name.c_str(),
                        std::string(to_string(tensor.from)).c_str());
        else
            std::printf("%-40s %-8s -> %-8s error %.3f %%\n", tensor.name.c_str(),
                        std::string(to_string(tensor.from)).c_str(),
                        std::string(to_string(tensor.to)).c_str(), 100 * tensor.relative_error);
    std::printf("%s: %.1f MiB, was %.1f MiB\n", arguments.out.c_str(), static_cast<double>(after) / 1048576,
                static_cast<double>(before) / 1048576);
    if (old_text && new_text) {
        const PairedDifference cost = paired_difference(*old_text, *new_text);
        std::printf("perplexity %.4f +- %.4f, was %.4f +- %.4f\n", new_text->value, new_text->standard_error,
                    old_text->value, old_text->standard_error);
        std::printf("on the same tokens %+.2f %% (loss %+.5f +- %.5f)\n", 100 * std::expm1(cost.mean),
                    cost.mean, cost.standard_error);
    } else {
        std::fprintf(stderr, "pellucid-cli: give --text FILE to measure the perplexity before and after\n");
    }
}

Result<void> quantize(const QuantizeArguments& arguments) {
    const auto recipe = find_recipe(arguments.type);
    if (!recipe)
        throw UsageError("there is no type '" + arguments.type + "'; the types are " + all_recipes());
    std::string text;
    if (!arguments.text.empty()) {
        PELLUCID_TRY(text, read_text_file(arguments.text));
    }
    if (!arguments.imatrix_save.empty() && arguments.imatrix_text.empty())
        throw UsageError("--imatrix-save needs --imatrix-text");
    PELLUCID_TRY(const ModelFile model, open_model_file(arguments.in));
    PELLUCID_TRY(const auto matrix, importance(arguments, model));
    ThreadPool pool(arguments.threads);
    QuantizeOptions options;
    options.recipe = *recipe;
    if (matrix) options.importance = matrix->means();
    options.progress = [](std::string_view tensor, double fraction) {
        char line[160];
        std::snprintf(line, sizeof line, "%3.0f %% %.*s", 100 * fraction, static_cast<int>(tensor.size()),
                      tensor.data());
        progress_line(line, fraction >= 1);
    };
    for (const std::string_view name : model.weights->names()) {
        const TensorView& tensor = *model.weights->find(name);
        if (tensor.shape.size() > 1 && tensor.type != TensorType::f32 && tensor.type != TensorType::f16 &&
            tensor.type != TensorType::bf16) {
            std::fprintf(
                stderr,
                "pellucid-cli: %s is quantised already; quantising it again adds to its errors (better "
                "start from F16 or BF16)\n",
                arguments.in.c_str());
            break;
        }
    }
    PELLUCID_TRY(const auto report, quantize_model(model, arguments.out, pool, options));
    PELLUCID_TRY(const auto written, GgufFile::open(arguments.out, GgufRead::header_only));
    std::optional<Perplexity> before, after;
    if (!text.empty()) {
        PELLUCID_TRY(before, perplexity_of(arguments.in, text, arguments));
        PELLUCID_TRY(after, perplexity_of(arguments.out, text, arguments));
    }
    print(report, arguments, model.facts.file_bytes, written->file_size(), before, after);
    return {};
}

}  // namespace

Command add_quantize(CLI::App& root) {
    auto arguments = std::make_shared<QuantizeArguments>();
    CLI::App* app = root.add_subcommand("quantize", "Writes a model again with its weights in another type");
    app->footer("Types: " + all_recipes() +
                ".\nThe error of a tensor is the root of the squared difference over the squared weights.");
    app->add_option("in", arguments->in,
                    "the model, a GGUF file or a Hugging Face folder, best in F32, F16 or BF16")
        ->required();
    app->add_option("out", arguments->out, "the file to write")->required();
    app->add_option("type", arguments->type, "Q4_K_M, Q6_K …, see below")->required();
    app->add_option("--text", arguments->text, "measures the perplexity of this file before and after");
    app->add_option("--imatrix-text", arguments->imatrix_text,
                    "weighs errors by what the model reads from this text (importance matrix)");
    app->add_option("--imatrix-save", arguments->imatrix_save, "keeps that importance matrix, a GGUF file");
    app->add_option("--imatrix", arguments->imatrix, "uses a kept importance matrix instead")
        ->excludes("--imatrix-text");
    app->add_option("--context", arguments->window, "tokens in a window of that text")
        ->check(CLI::Range(8, 1 << 20));
    app->add_option("--threads", arguments->threads, "0: as many as the machine has cores")
        ->check(CLI::Range(0, 1024));
    app->add_flag("--json", arguments->json, "one JSON line");
    return {app, [arguments] { return quantize(*arguments); }};
}

}  // namespace pellucid::cli
