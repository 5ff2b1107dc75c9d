// What every command of pellucid-cli shares: exit codes, where text goes, and the options of a model that
// runs.
#pragma once

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <functional>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "engine/base/error.h"
#include "engine/runtime/local_engine.h"

namespace pellucid::cli {

constexpr int kDone = 0, kFailed = 1, kUsage = 2;

/// A subcommand, and what it does once its options are read.
struct Command {
    CLI::App* app = nullptr;
    std::function<Result<void>()> run;
};

/// A wrong use that only shows after parsing (exit code 2 instead of 1).
struct UsageError : std::runtime_error {
    using std::runtime_error::runtime_error;
};

/// --lora: "FILE:0.5", or FILE alone; a name that ends in a colon and a number is read as such.
AdapterStrength parse_adapter(const std::string& text);

/// Options of every command that runs a model.
struct ModelArguments {
    std::string model, data_dir, device = "cpu", kv = "f16", placement = "auto", speculate = "off";
    int threads = 0, context = 0;
    std::vector<std::string> lora;
    bool deterministic = false, fine = false;

    void add_to(CLI::App& app);
    /// --speculate, for commands that write more than one token.
    void add_speculation_to(CLI::App& app);
    /// UsageError for what this version does not do. `least_context`: what the command itself needs.
    ModelOptions options(int least_context = 0) const;
    /// Opens the model, prints load progress and the device chosen on stderr.
    Result<std::shared_ptr<LocalModel>> open(int least_context = 0) const;
    /// Of a model over several devices, what each takes of a token: measured on some of its layers before it
    /// is opened. Empty of a model on one.
    Result<std::vector<TurnTime>> predict(int least_context = 0) const;
    /// What would run the model without this device.
    Result<std::vector<PlacementOffer>> offers(const std::string& failed) const;
    /// Every value in force, for --json.
    static nlohmann::ordered_json in_force(const LocalModel& model);
};

/// What each device of a placed model takes; empty for a model on one.
nlohmann::ordered_json devices_json(const MemoryPlan& plan);

/// What each device takes of a token.
nlohmann::ordered_json turns_json(const std::vector<TurnTime>& turns);

/// The text of a file. not_found, io.
Result<std::string> read_text_file(const std::string& path);
/// Token ids separated by commas or white space. invalid_argument names the first word that is none.
Result<std::vector<TokenId>> parse_tokens(const std::string& text);
std::string join_tokens(const std::vector<TokenId>& tokens);

/// Writes a progress line on stderr, in place where that is a terminal.
void progress_line(const std::string& text, bool last);

std::string to_text(FinishReason reason);
std::string to_text(Delta::Channel channel);
nlohmann::ordered_json to_json(const Timings& timings);
nlohmann::ordered_json to_json(const SamplingSpec& spec);

Command add_run(CLI::App& root);
Command add_chat(CLI::App& root);
Command add_logits(CLI::App& root);
Command add_tokenize(CLI::App& root);
Command add_template(CLI::App& root);
Command add_bench(CLI::App& root);
Command add_perplexity(CLI::App& root);
Command add_inspect(CLI::App& root);
Command add_models(CLI::App& root);
Command add_quantize(CLI::App& root);
Command add_embed(CLI::App& root);
#ifdef PELLUCID_HAS_STORAGE
Command add_docs(CLI::App& root);
#endif

}  // namespace pellucid::cli
