// models pull: a model from a hub or an address into the library; goes on where it was stopped.
#ifdef PELLUCID_HAS_STORAGE
#include <csignal>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <thread>

#include "app/cli/hub_arguments.h"
#include "app/cli/library_door.h"
#include "app/cli/model_library.h"
#include "app/cli/models.h"
#include "app/cli/progress_bar.h"
#include "app/download/clock.h"
#include "app/download/disk.h"
#include "app/download/downloads.h"
#include "app/hub/fit.h"
#include "app/hub/memory_speed.h"
#include "app/hub/remote_header.h"
#include "app/network/curl_client.h"
#include "app/transfers/stored_downloads.h"
#include "app/transfers/stored_ledger.h"
#include "engine/memory/memory_plan.h"

namespace pellucid::cli {

namespace fs = std::filesystem;

namespace {

struct Arguments {
    HubArguments hub;
    std::string wanted, quantization, data_dir;
    double limit_mb = 0;
    int connections = 4;
    bool licence_accepted = false;
};

/// Set by the first Ctrl-C: the download stops where it stands and can go on later.
volatile std::sig_atomic_t stop_asked = 0;
void ask_to_stop(int) {
    stop_asked = 1;
}

std::string folder_name(std::string text) {
    for (char& c : text)
        if (!std::isalnum(static_cast<unsigned char>(c)) && c != '-' && c != '_' && c != '.') c = '_';
    while (text.starts_with('.')) text.erase(0, 1);
    return text.empty() ? "model" : text;
}

/// The quantisation asked for, or the best for this machine from the smallest one's header.
Result<std::size_t> choose(const WantedModel& wanted, const Arguments& arguments,
                           network::HttpClient& client) {
    if (!arguments.quantization.empty()) return find_variant(wanted.variants, arguments.quantization);
    if (wanted.variants.size() == 1) return std::size_t{0};
    std::size_t smallest = 0;
    while (smallest + 1 < wanted.variants.size() && !wanted.variants[smallest].complete()) ++smallest;
    PELLUCID_TRY(const auto remote,
                 hub::read_remote_header(client, wanted.variants[smallest], wanted.headers, {}));
    hub::KeptSpeeds speeds(data_folder(arguments.data_dir) / "speeds.json");
    std::vector<DeviceFactory> devices = host_devices();
    std::erase_if(devices, [](const DeviceFactory& device) { return device.id == "reference"; });
    if (auto kept = speeds.measure(devices); !kept)
        std::fprintf(stderr, "note: %s\n", kept.error().message().c_str());
    const hub::Fit fit(std::move(devices), &speeds);
    std::vector<hub::DeviceFit> bests;
    for (const hub::Variant& variant : wanted.variants) {
        const auto fits = fit.on_devices(remote.model, variant.bytes().value_or(0), {});
        bests.push_back(fits[hub::best_device(fits)]);
    }
    const auto best = hub::best_variant(wanted.variants, bests);
    if (!best)
        return fail(ErrorCode::unsupported, "none of the quantisations can be chosen by itself",
                    "name one with --quant (models plan lists them)");
    return best->variant;
}

Result<void> pull(const Arguments& arguments) {
    const fs::path folder = data_folder(arguments.data_dir);
    PELLUCID_TRY(const auto door, LibraryDoor::open(folder));
    transfers::StoredLedger ledger(door->store().ledger());
    network::OfflineSwitch offline;
    network::CurlClient client(offline, ledger);
    PELLUCID_TRY(const WantedModel wanted, find_wanted(arguments.wanted, arguments.hub, client));
    if (!wanted.path.empty())
        return fail(ErrorCode::invalid_argument, wanted.path + " is on this machine already",
                    "models add enters it into the library");
    PELLUCID_TRY(const std::size_t chosen, choose(wanted, arguments, client));
    const hub::Variant& variant = wanted.variants[chosen];
    if (!variant.complete())
        return fail(ErrorCode::not_found, variant.name + ": parts of it are not published",
                    "choose another quantisation or publisher");
    const auto bytes = variant.bytes();
    std::fprintf(stderr, "%s, %s, licence %s\n", variant.name.c_str(),
                 bytes ? bytes_text(*bytes).c_str() : "size not known",
                 wanted.licence.empty() ? "not stated" : wanted.licence.c_str());

    download::ItemSpec spec;
    spec.title = variant.name;
    spec.folder = fs::absolute(door->library().models_folder()) /
                  folder_name(wanted.repository.empty() ? variant.name : wanted.repository);
    for (const hub::HubFile& file : variant.files) {
        download::FileSpec one;
        one.name = fs::path(file.path).filename().string();
        one.urls = {file.url};
        one.bytes = file.bytes;
        one.sha256 = file.sha256;
        spec.files.push_back(std::move(one));
    }
    spec.note = nlohmann::json{{"hub", wanted.hub},
                               {"repository", wanted.repository},
                               {"revision", wanted.revision},
                               {"licence", wanted.licence}}
                    .dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);

    download::PosixDisk disk;
    download::SystemClock clock;
    transfers::StoredDownloads store(door->store().downloads());
    download::DownloadSettings settings;
    settings.connections = arguments.connections;
    settings.bytes_per_second = static_cast<std::uint64_t>(arguments.limit_mb * 1e6);
    // The token goes to the hub's own host only, and is asked for at each request.
    PELLUCID_TRY(const auto asked,
                 arguments.hub.open(client, wanted.hub == "url" ? arguments.hub.hub : wanted.hub));
    download::Downloads downloads(
        {client, offline, disk, clock, store, [&](const std::string& url) { return asked->headers(url); }},
        settings);
    PELLUCID_TRY(const download::ItemId id, downloads.add(spec));
    for (const auto& other : downloads.items())
        if (other.id != id && other.state != download::State::complete) downloads.pause(other.id);
    downloads.resume(id);

    const auto before = std::signal(SIGINT, ask_to_stop);
    download::ItemStatus status;
    {
        ProgressBar bar;
        for (;; std::this_thread::sleep_for(std::chrono::milliseconds(100))) {
            const auto now = downloads.item(id);
            if (!now) break;
            status = *now;
            std::string more;
            if (status.state == download::State::checking)
                more = "checking " + bytes_text(status.bytes_checked);
            else if (status.state == download::State::waiting)
                more = download::sentence(status.reason, status.detail);
            else if (status.bytes_per_second > 0)
                more = bytes_text(static_cast<std::uint64_t>(status.bytes_per_second)) + "/s";
            if (status.seconds_left && status.state == download::State::fetching)
                more += ", " + duration_text(*status.seconds_left) + " left";
            bar.show(status.bytes_done, status.bytes_total, more);
            if (status.state == download::State::complete || status.state == download::State::paused) break;
            if (stop_asked != 0) {
                downloads.pause(id);
                std::signal(SIGINT, before);
                return fail(ErrorCode::cancelled, "stopped at " + bytes_text(status.bytes_done),
                            "the same command goes on from there");
            }
        }
    }
    std::signal(SIGINT, before);
    if (status.state != download::State::complete)
        return fail(ErrorCode::io, download::sentence(status.reason, status.detail),
                    "the same command goes on from where it stands");
    PELLUCID_TRY(const auto files, downloads.completed(id));
    PELLUCID_TRY(library::NewModel model, new_model_at(files.front().path.string()));
    model.origin = library::Origin::download;
    model.title = wanted.title;
    model.repository = wanted.repository;
    model.revision = wanted.revision;
    model.licence = wanted.licence;
    model.licence_accepted = arguments.licence_accepted;
    for (const download::CompletedFile& file : files)
        model.files.push_back({file.path, digest::to_hex(file.sha256), file.url, file.etag,
                               file.blocks.block_bytes, digest::to_bytes(file.blocks.blocks), true});
    PELLUCID_TRY(const auto entered, door->library().add(model));
    (void)entered;
    downloads.forget(id);
    std::printf("%s\n", model.path.stem().c_str());
    std::fprintf(stderr, "in the library: %s\n", model.path.c_str());
    return {};
}

}  // namespace

void add_models_pull(CLI::App& models, Subcommands& commands) {
    auto arguments = std::make_shared<Arguments>();
    CLI::App* app =
        models.add_subcommand("pull", "Downloads a model into the library; goes on where it was stopped");
    app->add_option("model", arguments->wanted, "a catalogue id, owner/name on a hub, or an https:// address")
        ->required();
    app->add_option("--quant", arguments->quantization,
                    "this quantisation (Q4_K_M …); none: the best for this machine");
    app->add_option("--connections", arguments->connections)->capture_default_str()->check(CLI::Range(1, 16));
    app->add_option("--limit", arguments->limit_mb, "at most so many MB a second (0: no limit)")
        ->check(CLI::Range(0.0, 1e6));
    app->add_flag("--accept-licence", arguments->licence_accepted,
                  "keeps with the model that you accepted its licence");
    add_data_dir(*app, arguments->data_dir);
    arguments->hub.add_to(*app);
    commands[app] = [arguments] { return pull(*arguments); };
}

}  // namespace pellucid::cli
#endif
