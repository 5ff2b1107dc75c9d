// embed: texts as vectors.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <memory>

#include "app/cli/command.h"
#include "app/cli/model_library.h"
#include "engine/format/safetensors_file.h"
#include "engine/runtime/embedder.h"

namespace pellucid::cli {

namespace {

struct EmbedArguments {
    std::string model, data_dir, device = "cpu", file, out, prefix, pooling;
    std::vector<std::string> texts;
    int threads = 0, max_tokens = 0;
    bool raw = false;
};

std::vector<std::string> lines_of(const std::string& text) {
    std::vector<std::string> lines;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t end = std::min(text.find('\n', at), text.size());
        lines.push_back(text.substr(at, end - at));
        if (lines.back().ends_with('\r')) lines.back().pop_back();
        at = end + 1;
    }
    return lines;
}

Result<void> write_file(const std::string& path, const std::vector<Embedding>& made, int dimensions,
                        const std::string& model) {
    std::vector<float> all;  // [n, dimensions]
    for (const Embedding& one : made) all.insert(all.end(), one.values.begin(), one.values.end());
    SafetensorsWriter writer;
    writer.metadata()["model"] = model;
    PELLUCID_CHECK(writer.add_tensor("embeddings", TensorType::f32,
                                     {static_cast<std::int64_t>(made.size()), dimensions},
                                     std::as_bytes(std::span(all))));
    PELLUCID_CHECK(writer.write(path));
    std::fprintf(stderr, "%s: embeddings [%zu, %d]\n", path.c_str(), made.size(), dimensions);
    return {};
}

Result<void> embed(const EmbedArguments& arguments) {
    EmbedderOptions options;
    options.device = arguments.device;
    options.threads = arguments.threads;
    options.max_tokens = arguments.max_tokens;
    if (!arguments.pooling.empty())
        options.pooling = arguments.pooling == "cls" ? Pooling::cls : Pooling::mean;
    if (arguments.raw) options.normalise = false;
    std::vector<std::string> texts = arguments.texts;
    if (!arguments.file.empty()) {
        PELLUCID_TRY(const std::string text, read_text_file(arguments.file));
        texts = lines_of(text);
    }
    if (texts.empty()) return fail(ErrorCode::invalid_argument, "there is no text", "give at least one line");
    for (std::string& text : texts) text.insert(0, arguments.prefix);

    PELLUCID_TRY(const std::string path, resolve_model(arguments.model, data_folder(arguments.data_dir)));
    PELLUCID_TRY(const auto embedder, Embedder::open(path, options));
    const EncoderSpec& spec = embedder->spec();
    std::fprintf(stderr, "model: %s, %s, %zu layers, %d dimensions\ndevice: %s\n",
                 spec.name.empty() ? path.c_str() : spec.name.c_str(), spec.architecture.c_str(),
                 spec.layers.size(), embedder->dimensions(), embedder->device().c_str());
    for (const std::string& notice : embedder->notices()) std::fprintf(stderr, "note: %s\n", notice.c_str());

    const auto start = std::chrono::steady_clock::now();
    PELLUCID_TRY(const auto made, embedder->embed(texts, {}, [&](std::size_t done) {
        progress_line(std::to_string(done) + " of " + std::to_string(texts.size()), false);
    }));
    progress_line("", true);
    const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    std::size_t cut = 0, tokens = 0;
    for (const Embedding& one : made) {
        cut += one.truncated;
        tokens += static_cast<std::size_t>(one.tokens);
    }
    std::fprintf(stderr, "%zu texts, %zu tokens in %.3f s: %.1f texts/s\n", made.size(), tokens, seconds,
                 static_cast<double>(made.size()) / seconds);
    if (cut > 0)
        std::fprintf(stderr, "note: %zu texts were longer than %d tokens, and their ends cut off\n", cut,
                     embedder->options().max_tokens);
    if (!arguments.out.empty()) return write_file(arguments.out, made, embedder->dimensions(), path);
    // One line a text, so that a long file can be read as it comes.
    for (const Embedding& one : made)
        std::printf("%s\n",
                    nlohmann::ordered_json{
                        {"tokens", one.tokens}, {"truncated", one.truncated}, {"embedding", one.values}}
                        .dump()
                        .c_str());
    return {};
}

}  // namespace

Command add_embed(CLI::App& root) {
    auto arguments = std::make_shared<EmbedArguments>();
    CLI::App* app = root.add_subcommand("embed", "Texts as vectors, by an encoder (BERT, XLM-RoBERTa)");
    app->add_option("--model", arguments->model,
                    "GGUF file of architecture bert, or a Hugging Face folder with model.safetensors")
        ->required();
    add_data_dir(*app, arguments->data_dir);
    auto* source = app->add_option_group("texts");
    source->add_option("--text", arguments->texts, "a text; may be given several times");
    source->add_option("--file", arguments->file, "a text a line");
    source->require_option(1);
    app->add_option("--prefix", arguments->prefix,
                    "goes before each text: E5 models want \"query: \" or \"passage: \"");
    app->add_option(
        "--out", arguments->out,
        "float32 tensor `embeddings` [n, dimensions] as safetensors; else one JSON object a line");
    app->add_option("--device", arguments->device, "cpu or reference")->capture_default_str();
    app->add_option("--threads", arguments->threads, "processor threads (0: chosen from the machine)")
        ->check(CLI::Range(0, 4096));
    app->add_option("--pooling", arguments->pooling, "mean or cls (the model's own)")
        ->check(CLI::IsMember({"mean", "cls"}));
    app->add_option("--max-tokens", arguments->max_tokens, "cut longer texts (the model's own)")
        ->check(CLI::Range(0, 1 << 20));
    app->add_flag("--raw", arguments->raw, "leave the vectors' lengths as they are");
    return {app, [arguments] { return embed(*arguments); }};
}

}  // namespace pellucid::cli
