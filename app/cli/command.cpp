#include "app/cli/command.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <sstream>

#include "app/cli/model_library.h"
#include "engine/runtime/devices.h"

namespace pellucid::cli {

void ModelArguments::add_to(CLI::App& app) {
    app.add_option("--model", model,
                   "GGUF file, Hugging Face folder, or a model of the library (pellucid-cli models list)")
        ->required();
    add_data_dir(app, data_dir);
    app.add_option("--device", device, "reference, cpu, cuda[:N] or vulkan[:N]")->capture_default_str();
    app.add_option("--threads", threads, "processor threads (0: chosen from the machine)")
        ->check(CLI::Range(0, 4096));
    app.add_option("--ctx", context,
                   "context length in tokens (0: what the model was trained for, if memory allows)")
        ->check(CLI::Range(0, 1 << 30));
    app.add_option("--kv", kv, "number format of the context's keys and values: f16, f32, q8, fp8, q4, q3")
        ->capture_default_str();
    app.add_option("--lora", lora,
                   "FILE[:STRENGTH], an adapter: a GGUF file or a PEFT folder; may be given several times");
    app.add_option(
           "--placement", placement,
           "which layers run where: auto, whole, or items such as cuda:0-15,cpu:16-31 (3a and 3f are a "
           "layer's attention and feed-forward) and experts=cpu[:LAYERS]; what no item names runs on "
           "--device")
        ->capture_default_str();
    app.add_flag("--deterministic", deterministic, "one sequence at a time, in steps of one size");
    app.add_flag(
        "--fine", fine,
        "quantised weights meet activations of 16 bits instead of 8: slower, nearer to the reference");
}

void ModelArguments::add_speculation_to(CLI::App& app) {
    app.add_option("--speculate", speculate,
                   "guess tokens ahead and check them at once: off, lookup, mtp or draft:MODEL, each with ,K "
                   "for the most guesses; changes the speed, not the reply")
        ->capture_default_str();
}

AdapterStrength parse_adapter(const std::string& text) {
    const std::size_t colon = text.rfind(':');
    if (colon != std::string::npos && colon > 0) {
        float strength = 0;
        const char* const end = text.data() + text.size();
        const auto [stopped, problem] = std::from_chars(text.data() + colon + 1, end, strength);
        if (problem == std::errc() && stopped == end) return {text.substr(0, colon), strength};
    }
    return {text, 1};
}

namespace {

nlohmann::ordered_json adapters_json(const std::vector<AdapterStrength>& adapters) {
    auto list = nlohmann::ordered_json::array();
    for (const AdapterStrength& adapter : adapters)
        list.push_back({{"path", adapter.path}, {"strength", adapter.strength}});
    return list;
}

}  // namespace

ModelOptions ModelArguments::options(int least_context) const {
    const auto refuse = [](const std::string& what) { throw UsageError(what + " is not in this version"); };
    if (!find_kv_format(kv)) throw UsageError("--kv: " + kv + " is not one of f16, f32, q8, fp8, q4, q3");
    const std::string kind = device.substr(0, device.find(':'));
    if (kind == "vulkan") refuse("--device " + device);
    if (kind != "cuda" && (kind != device || (kind != "cpu" && kind != "reference")))
        throw UsageError("--device: " + device + " is not one of reference, cpu, cuda[:N], vulkan[:N]");
    ModelOptions options;
    options.device = device == "cuda" ? "cuda:0" : device;
    options.placement = placement;
    options.threads = threads;
    options.context_length = std::max(context, least_context);
    options.kv_format = kv;
    options.deterministic = deterministic;
    options.fine = fine;
    auto speculation = parse_speculation(speculate);
    if (!speculation) throw UsageError("--speculate: " + speculation.error().message());
    options.speculation = *std::move(speculation);
    for (const std::string& text : lora) options.adapters.push_back(parse_adapter(text));
    return options;
}

Result<std::shared_ptr<LocalModel>> ModelArguments::open(int least_context) const {
    ModelOptions wanted = options(least_context);
    PELLUCID_TRY(const std::string path, resolve_model(model, data_folder(data_dir)));
    if (lora.empty()) {
        // A file can be run whatever became of the library.
        if (auto kept = library_adapters(path, data_folder(data_dir)))
            wanted.adapters = *std::move(kept);
        else
            std::fprintf(stderr, "note: without adapters: %s\n", kept.error().message().c_str());
        for (const AdapterStrength& adapter : wanted.adapters)
            std::fprintf(stderr, "adapter: %s, strength %g\n", adapter.path.c_str(),
                         static_cast<double>(adapter.strength));
    }
    LocalEngine engine(host_devices());
    const bool terminal = isatty(STDERR_FILENO);
    auto opened = engine.open_local(path, wanted, [&](double fraction, const std::string& what) {
        if (terminal)
            progress_line(what + " " + std::to_string(static_cast<int>(fraction * 100)) + " %", false);
    });
    if (terminal) progress_line("", true);
    if (!opened) return opened.failure();
    const auto& info = (*opened)->info();
    std::fprintf(stderr, "model: %s, %s %s, context %d\ndevice: %s\n", info.name.c_str(),
                 info.architecture.c_str(), info.quantization.c_str(), (*opened)->options().context_length,
                 info.device.c_str());
    const MemoryPlan& memory = (*opened)->memory();
    if (memory.devices.size() > 1)
        std::fprintf(stderr, "placement: %s\n", (*opened)->options().placement.c_str());
    for (const DeviceShare& share : memory.devices)
        std::fprintf(stderr, "  %s: %s, %s of %s free\n", share.device.c_str(), share.part.c_str(),
                     bytes_text(share.memory.total()).c_str(), bytes_text(share.available).c_str());
    for (const std::string& notice : info.notices) std::fprintf(stderr, "note: %s\n", notice.c_str());
    return opened;
}

Result<std::vector<TurnTime>> ModelArguments::predict(int least_context) const {
    const ModelOptions wanted = options(least_context);
    PELLUCID_TRY(const std::string path, resolve_model(model, data_folder(data_dir)));
    LocalEngine engine(host_devices());
    PELLUCID_TRY(const MemoryPlan plan, engine.plan(path, wanted));
    if (plan.devices.size() < 2) return std::vector<TurnTime>();
    return engine.measure_turns(path, wanted);
}

Result<std::vector<PlacementOffer>> ModelArguments::offers(const std::string& failed) const {
    PELLUCID_TRY(const std::string path, resolve_model(model, data_folder(data_dir)));
    LocalEngine engine(host_devices());
    const std::string without[] = {failed};
    return engine.offers(path, options(), without);
}

nlohmann::ordered_json turns_json(const std::vector<TurnTime>& turns) {
    auto list = nlohmann::ordered_json::array();
    for (const TurnTime& turn : turns)
        list.push_back({{"device", turn.device}, {"turns", turn.turns}, {"seconds_per_token", turn.seconds}});
    return list;
}

nlohmann::ordered_json devices_json(const MemoryPlan& plan) {
    auto list = nlohmann::ordered_json::array();
    for (const DeviceShare& share : plan.devices)
        list.push_back({{"device", share.device},
                        {"part", share.part},
                        {"weights", share.memory.weights},
                        {"kv", share.memory.kv},
                        {"scratch", share.memory.scratch},
                        {"available", share.available},
                        {"bytes_per_token", share.bytes_per_token}});
    return list;
}

nlohmann::ordered_json ModelArguments::in_force(const LocalModel& model) {
    const auto& info = model.info();
    const auto& options = model.options();
    return {{"model", info.path},
            {"name", info.name},
            {"architecture", info.architecture},
            {"quantization", info.quantization},
            {"digest", info.digest},
            {"device", options.device},
            {"device_path", info.device},
            {"threads", options.threads},
            {"ctx", options.context_length},
            {"kv", options.kv_format},
            {"lora", adapters_json(options.adapters)},
            {"placement", options.placement},
            {"placement_devices", devices_json(model.memory())},
            {"deterministic", options.deterministic},
            {"fine", options.fine},
            {"speculate", to_string(options.speculation)},
            {"version", PELLUCID_VERSION}};
}

Result<std::string> read_text_file(const std::string& path) {
    std::ifstream in(path, std::ios::binary);
    if (!in)
        return fail(errno == ENOENT ? ErrorCode::not_found : ErrorCode::io,
                    path + ": " + std::strerror(errno), "check the path");
    std::ostringstream text;
    text << in.rdbuf();
    if (in.bad()) return fail(ErrorCode::io, path + ": cannot be read", "check that it is a file");
    return std::move(text).str();
}

Result<std::vector<TokenId>> parse_tokens(const std::string& text) {
    std::vector<TokenId> tokens;
    const char* at = text.data();
    const char* const end = at + text.size();
    const auto separates = [](char c) { return c == ',' || c == ' ' || c == '\n' || c == '\t' || c == '\r'; };
    while (true) {
        while (at < end && separates(*at)) ++at;
        if (at == end) return tokens;
        TokenId id = 0;
        const auto [stopped, problem] = std::from_chars(at, end, id);
        if (problem != std::errc() || (stopped < end && !separates(*stopped)))
            return fail(ErrorCode::invalid_argument,
                        "\"" + std::string(at, std::find_if(at, end, separates)) + "\" is not a token id",
                        "give whole numbers separated by commas");
        tokens.push_back(id);
        at = stopped;
    }
}

std::string join_tokens(const std::vector<TokenId>& tokens) {
    std::string text;
    for (const TokenId id : tokens) {
        if (!text.empty()) text += ',';
        text += std::to_string(id);
    }
    return text;
}

void progress_line(const std::string& text, bool last) {
    if (!isatty(STDERR_FILENO)) {
        if (!text.empty() && last) std::fprintf(stderr, "%s\n", text.c_str());
        return;
    }
    std::fprintf(stderr, "\r\033[K%s%s", text.c_str(), last && !text.empty() ? "\n" : "");
    std::fflush(stderr);
}

std::string to_text(FinishReason reason) {
    switch (reason) {
        case FinishReason::end_of_turn:
            return "end_of_turn";
        case FinishReason::stop_string:
            return "stop_string";
        case FinishReason::length:
            return "length";
        case FinishReason::context_full:
            return "context_full";
        case FinishReason::cancelled:
            return "cancelled";
        case FinishReason::failed:
            return "failed";
    }
    return "unknown";
}

std::string to_text(Delta::Channel channel) {
    switch (channel) {
        case Delta::Channel::thought:
            return "thought";
        case Delta::Channel::answer:
            return "answer";
        case Delta::Channel::tool_call:
            return "tool_call";
    }
    return "unknown";
}

nlohmann::ordered_json to_json(const Timings& timings) {
    return {{"prompt_tokens", timings.prompt_tokens},     {"cached_tokens", timings.cached_tokens},
            {"thought_tokens", timings.thought_tokens},   {"answer_tokens", timings.answer_tokens},
            {"prompt_seconds", timings.prompt_seconds},   {"generate_seconds", timings.generate_seconds},
            {"thought_seconds", timings.thought_seconds}, {"tokens_per_second", timings.tokens_per_second()},
            {"drafted_tokens", timings.drafted_tokens},   {"accepted_tokens", timings.accepted_tokens},
            {"acceptance", timings.acceptance()}};
}

nlohmann::ordered_json to_json(const SamplingSpec& spec) {
    return {{"temperature", spec.temperature},
            {"top_k", spec.top_k},
            {"top_p", spec.top_p},
            {"min_p", spec.min_p},
            {"typical_p", spec.typical_p},
            {"repetition_penalty", spec.repetition_penalty},
            {"presence_penalty", spec.presence_penalty},
            {"frequency_penalty", spec.frequency_penalty},
            {"penalty_window", spec.penalty_window},
            {"dry_multiplier", spec.dry_multiplier},
            {"dry_base", spec.dry_base},
            {"dry_allowed_length", spec.dry_allowed_length},
            {"dry_window", spec.dry_window},
            {"seed", spec.seed}};
}

}  // namespace pellucid::cli
