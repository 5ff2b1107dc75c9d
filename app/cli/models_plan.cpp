// models plan: does it fit, how fast, which quantisation; before anything is downloaded.
#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <memory>

#include "app/cli/command.h"
#include "app/cli/hub_arguments.h"
#include "app/cli/model_library.h"
#include "app/cli/models.h"
#include "app/hub/fit.h"
#include "app/hub/memory_speed.h"
#include "app/hub/remote_header.h"

namespace pellucid::cli {

namespace {

using Json = nlohmann::ordered_json;

struct Arguments {
    HubArguments hub;
    std::string wanted, quantization, kv = "f16", data_dir, device, placement;
    int context = 0;
    bool json = false, measure = false;
};

std::string words_of(const hub::DeviceFit& fit) {
    switch (fit.verdict) {
        case hub::Verdict::fits:
            return "fits";
        case hub::Verdict::tight:
            return "fits, and leaves little for other programs";
        case hub::Verdict::shorter_context:
            return "fits with a context of " + std::to_string(fit.longest_context) + " tokens";
        case hub::Verdict::too_large:
            return "too large for this device";
        case hub::Verdict::cannot_run:
            return "cannot run: " + (fit.refused ? fit.refused->message() : std::string());
    }
    return "";
}

std::string words_of(hub::Reason reason) {
    switch (reason) {
        case hub::Reason::best_quality:
            return "the best for this machine: as good as the original to every eye, or the nearest that "
                   "fits";
        case hub::Reason::fast_enough:
            return "the best for this machine: nearer ones would fit and write slowly";
        case hub::Reason::only_tight:
            return "fits tightly; smaller ones lose more";
        case hub::Reason::smallest:
            return "none fits; this one is nearest to it";
    }
    return "";
}

Json to_json(const hub::DeviceFit& fit) {
    static constexpr const char* verdicts[] = {"fits", "tight", "shorter_context", "too_large", "cannot_run"};
    return {{"device", fit.device},
            {"verdict", verdicts[static_cast<int>(fit.verdict)]},
            {"words", words_of(fit)},
            {"context", fit.context},
            {"longest_context", fit.longest_context},
            {"trained_context", fit.trained_context},
            {"weights", fit.memory.weights},
            {"kv", fit.memory.kv},
            {"scratch", fit.memory.scratch},
            {"total", fit.memory.total()},
            {"available", fit.memory.available},
            {"tokens_per_second", fit.tokens_per_second},
            {"tokens_per_second_context_full", fit.tokens_per_second_far},
            {"estimated", fit.estimated}};
}

void print(const hub::DeviceFit& fit) {
    if (fit.verdict == hub::Verdict::cannot_run) {
        std::printf("  %-10s %s\n", fit.device.c_str(), words_of(fit).c_str());
        return;
    }
    std::printf("  %-10s %s: weights %s + context %s + working memory %s = %s of %s free\n",
                fit.device.c_str(), words_of(fit).c_str(), bytes_text(fit.memory.weights).c_str(),
                bytes_text(fit.memory.kv).c_str(), bytes_text(fit.memory.scratch).c_str(),
                bytes_text(fit.memory.total()).c_str(), bytes_text(fit.memory.available).c_str());
    if (fit.tokens_per_second > 0)
        std::printf("  %-10s about %.1f tokens a second, %.1f with %d in the context\n", "",
                    fit.tokens_per_second, fit.tokens_per_second_far, fit.context);
}

/// On several devices, or on one that was named: what each takes, and how fast it will be by running some of
/// its layers there.
Result<void> plan_placed(const Arguments& arguments, const std::string& path) {
    LocalEngine engine(host_devices());
    ModelOptions options;
    options.device = arguments.device == "cuda" ? "cuda:0" : arguments.device;
    if (options.device.empty()) options.device = "cpu";
    if (!arguments.placement.empty()) options.placement = arguments.placement;
    options.kv_format = arguments.kv;
    PELLUCID_TRY(const ModelInfo info, engine.inspect(path));
    options.context_length =
        arguments.context > 0 ? arguments.context : std::min(hub::usual_context, info.trained_context);
    PELLUCID_TRY(const MemoryPlan plan, engine.plan(path, options));
    PELLUCID_TRY(const std::vector<TurnTime> turns, engine.measure_turns(path, options));
    const double seconds = seconds_per_token(turns);
    if (arguments.json) {
        const Json out = {{"name", info.name},
                          {"path", path},
                          {"bytes", info.file_bytes},
                          {"context", options.context_length},
                          {"fits", plan.fits()},
                          {"weights", plan.weights},
                          {"kv", plan.kv},
                          {"scratch", plan.scratch},
                          {"total", plan.total()},
                          {"devices", devices_json(plan)},
                          {"turns", turns_json(turns)},
                          {"tokens_per_second", 1 / seconds}};
        std::printf("%s\n", out.dump().c_str());
        return {};
    }
    std::printf("%s, %s, %s; context %d; %s\n", info.name.c_str(), info.quantization.c_str(),
                bytes_text(info.file_bytes).c_str(), options.context_length,
                plan.fits() ? "fits" : "does not fit");
    const auto line = [](const std::string& device, const std::string& part, const DeviceMemory& memory,
                         std::uint64_t available) {
        std::printf("  %-10s %sweights %s + context %s + working memory %s = %s of %s free\n", device.c_str(),
                    part.empty() ? "" : (part + ": ").c_str(), bytes_text(memory.weights).c_str(),
                    bytes_text(memory.kv).c_str(), bytes_text(memory.scratch).c_str(),
                    bytes_text(memory.total()).c_str(), bytes_text(available).c_str());
    };
    for (const DeviceShare& share : plan.devices)
        line(share.device, share.part, share.memory, share.available);
    if (plan.devices.empty())
        line(turns.front().device, "", {plan.weights, plan.kv, plan.scratch}, plan.available);
    std::printf("  about %.1f tokens a second in an empty context, measured on some of its layers:\n",
                1 / seconds);
    for (const TurnTime& turn : turns)
        std::printf("  %-10s %.2f ms a token, in %d %s\n", turn.device.c_str(), 1e3 * turn.seconds,
                    turn.turns, turn.turns == 1 ? "turn" : "turns");
    return {};
}

Result<void> plan_here(const Arguments& arguments, const hub::Fit& fit, const hub::FitRequest& request,
                       const std::string& path) {
    PELLUCID_TRY(const ModelFile model, open_model_file(path, GgufRead::header_only));
    const auto fits = fit.on_devices(model, request);
    if (arguments.json) {
        Json out = {{"name", model.facts.name}, {"path", path}, {"bytes", model.facts.file_bytes}};
        out["devices"] = Json::array();
        for (const auto& one : fits) out["devices"].push_back(to_json(one));
        std::printf("%s\n", out.dump().c_str());
        return {};
    }
    std::printf("%s, %s, %s; context %d\n", model.facts.name.c_str(), model.facts.quantization.c_str(),
                bytes_text(model.facts.file_bytes).c_str(), fits.front().context);
    for (const auto& one : fits) print(one);
    return {};
}

Result<void> plan(const Arguments& arguments) {
    const auto format = find_kv_format(arguments.kv);
    if (!format) throw UsageError("--kv: " + arguments.kv + " is not one of f16, f32, q8, fp8, q4, q3");
    const bool placed = arguments.measure || !arguments.device.empty() || !arguments.placement.empty();
    if (placed && std::filesystem::exists(arguments.wanted)) return plan_placed(arguments, arguments.wanted);
    if (placed)
        throw UsageError("--measure, --device and --placement plan a file that is here, and " +
                         arguments.wanted + " is none");
    hub::FitRequest request{arguments.context, *format};
    hub::KeptSpeeds speeds(data_folder(arguments.data_dir) / "speeds.json");
    std::vector<DeviceFactory> devices = host_devices();
    std::erase_if(devices, [](const DeviceFactory& device) { return device.id == "reference"; });
    if (auto kept = speeds.measure(devices); !kept)
        std::fprintf(stderr, "note: %s\n", kept.error().message().c_str());
    const hub::Fit fit(std::move(devices), &speeds);

    CommandNetwork network;
    PELLUCID_TRY(const WantedModel wanted, find_wanted(arguments.wanted, arguments.hub, network.client()));
    if (!wanted.path.empty()) return plan_here(arguments, fit, request, wanted.path);

    // One header tells the shapes; other quantisations differ by their size.
    std::size_t chosen = 0;
    if (!arguments.quantization.empty()) {
        PELLUCID_TRY(chosen, find_variant(wanted.variants, arguments.quantization));
    } else {
        while (chosen + 1 < wanted.variants.size() && !wanted.variants[chosen].complete()) ++chosen;
    }
    const auto header = [&](std::size_t which) {
        std::fprintf(stderr, "reading the header of %s\n", wanted.variants[which].name.c_str());
        return hub::read_remote_header(network.client(), wanted.variants[which], wanted.headers, {});
    };
    PELLUCID_TRY(hub::RemoteModel remote, header(chosen));
    std::vector<std::vector<hub::DeviceFit>> fits;
    for (std::size_t i = 0; i < wanted.variants.size(); ++i)
        fits.push_back(i == chosen
                           ? fit.on_devices(remote.model, request)
                           : fit.on_devices(remote.model, wanted.variants[i].bytes().value_or(0), request));
    std::vector<hub::DeviceFit> bests;
    for (const auto& one : fits) bests.push_back(one[hub::best_device(one)]);
    const auto best = hub::best_variant(wanted.variants, bests);
    if (arguments.quantization.empty() && best && best->variant != chosen) {
        chosen = best->variant;  // what is offered is planned from its own header
        PELLUCID_TRY(remote, header(chosen));
        fits[chosen] = fit.on_devices(remote.model, request);
    }
    if (arguments.json) {
        Json out = {{"repository", wanted.repository},
                    {"licence", wanted.licence},
                    {"title", wanted.title},
                    {"header_bytes_fetched", remote.fetched_bytes}};
        out["variants"] = Json::array();
        for (std::size_t i = 0; i < fits.size(); ++i) {
            Json row = {{"name", wanted.variants[i].name},
                        {"quantization", wanted.variants[i].quantization},
                        {"complete", wanted.variants[i].complete()},
                        {"offered", best && best->variant == i}};
            if (const auto bytes = wanted.variants[i].bytes()) row["bytes"] = *bytes;
            row["devices"] = Json::array();
            for (const auto& one : fits[i]) row["devices"].push_back(to_json(one));
            out["variants"].push_back(std::move(row));
        }
        std::printf("%s\n", out.dump(-1, ' ', false, Json::error_handler_t::replace).c_str());
        return {};
    }
    std::printf("%s%s%s, licence %s; context %d\n", wanted.title.c_str(),
                wanted.repository.empty() ? "" : " from ", wanted.repository.c_str(),
                wanted.licence.empty() ? "not stated" : wanted.licence.c_str(), bests.front().context);
    for (std::size_t i = 0; i < fits.size(); ++i) {
        const hub::Variant& variant = wanted.variants[i];
        const auto bytes = variant.bytes();
        const hub::DeviceFit& one = fits[i][hub::best_device(fits[i])];
        char speed[48] = "";
        if (one.tokens_per_second > 0)
            std::snprintf(speed, sizeof speed, ", about %.1f tokens a second", one.tokens_per_second);
        std::printf("%c %-10s %9s  %s: %s%s%s\n", best && best->variant == i ? '*' : ' ',
                    variant.quantization.empty() ? variant.name.c_str() : variant.quantization.c_str(),
                    bytes ? bytes_text(*bytes).c_str() : "?", one.device.c_str(),
                    !variant.complete() ? "parts are missing"
                    : bytes             ? words_of(one).c_str()
                                        : "size not known",
                    variant.complete() && bytes ? speed : "",
                    one.estimated && variant.complete() ? " (by its size)" : "");
    }
    std::printf("%s:\n", wanted.variants[chosen].name.c_str());
    for (const auto& one : fits[chosen]) print(one);
    if (best && best->variant == chosen) std::printf("* %s\n", words_of(best->reason).c_str());
    if (wanted.gate != hub::Gate::open)
        std::fprintf(stderr, "note: its files are for people who accepted its terms on the model's page\n");
    return {};
}

}  // namespace

void add_models_plan(CLI::App& models, Subcommands& commands) {
    auto arguments = std::make_shared<Arguments>();
    CLI::App* app = models.add_subcommand(
        "plan",
        "Whether a model fits this machine and how fast it will be; reads its header, not its weights");
    app->add_option("model", arguments->wanted,
                    "a catalogue id, owner/name on a hub, an https:// address, or a file here")
        ->required();
    app->add_option("--quant", arguments->quantization,
                    "this quantisation (Q4_K_M …); none: the best for this machine");
    app->add_option("--ctx", arguments->context, "tokens of context (0: 8192, or what it was trained for)")
        ->check(CLI::Range(0, 1 << 30));
    app->add_option("--kv", arguments->kv, "number format of the context: f16, f32, q8, fp8, q4, q3")
        ->capture_default_str();
    app->add_flag("--measure", arguments->measure,
                  "of a file here: its speed by running some of its layers with made-up weights, in seconds");
    app->add_option("--device", arguments->device, "of a file here: on this device alone; measured");
    app->add_option("--placement", arguments->placement,
                    "of a file here: which layers run where, as run takes it; measured");
    add_data_dir(*app, arguments->data_dir);
    app->add_flag("--json", arguments->json, "as one JSON object");
    arguments->hub.add_to(*app);
    commands[app] = [arguments] { return plan(*arguments); };
}

}  // namespace pellucid::cli
