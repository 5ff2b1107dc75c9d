#include "app/cli/hub_arguments.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>

#include "app/catalogue/catalogue.h"
#include "app/catalogue/model_name.h"
#include "app/hub/plain_url.h"
#include "app/network/curl_client.h"
#include "app/network/ledger.h"
#include "app/network/offline_switch.h"
#include "engine/base/ascii.h"

namespace pellucid::cli {

struct CommandNetwork::Parts {
    network::OfflineSwitch offline;
    network::MemoryLedger ledger;
    network::CurlClient client{offline, ledger};
};

CommandNetwork::CommandNetwork() : parts_(std::make_unique<Parts>()) {}
CommandNetwork::~CommandNetwork() = default;
network::HttpClient& CommandNetwork::client() {
    return parts_->client;
}

void HubArguments::add_to(CLI::App& app) {
    app.add_option("--hub", hub, "huggingface (hf) or modelscope (ms)")->capture_default_str();
    app.add_option("--endpoint", endpoint, "address of the hub or of a mirror of it (the hub's own)");
    app.add_option("--token-file", token_file,
                   "file with your access token, for gated and private models; without it the environment's "
                   "HF_TOKEN or MODELSCOPE_API_TOKEN is used");
}

namespace {

Result<std::string> token_of(const std::string& file, const std::string& hub) {
    const bool scope = hub == "modelscope" || hub == "ms";
    if (file.empty()) {
        const char* kept = std::getenv(scope ? "MODELSCOPE_API_TOKEN" : "HF_TOKEN");
        return std::string(kept != nullptr ? kept : "");
    }
    PELLUCID_TRY(std::string token, read_text_file(file));
    while (!token.empty() && std::isspace(static_cast<unsigned char>(token.back()))) token.pop_back();
    const bool word = !token.empty() && std::none_of(token.begin(), token.end(), [](char c) {
        return static_cast<unsigned char>(c) <= ' ' || static_cast<unsigned char>(c) >= 0x7f;
    });
    if (!word)
        return fail(ErrorCode::invalid_argument, file + " does not hold a token",
                    "put the token alone into the file");
    return token;
}

}  // namespace

Result<std::unique_ptr<hub::Hub>> HubArguments::open(network::HttpClient& client) const {
    return open(client, hub);
}

Result<std::unique_ptr<hub::Hub>> HubArguments::open(network::HttpClient& client,
                                                     const std::string& id) const {
    hub::HubOptions options;
    options.endpoint = endpoint;
    PELLUCID_TRY(options.token, token_of(token_file, id));
    return hub::make_hub(id, client, std::move(options));
}

Result<WantedModel> find_wanted(const std::string& wanted, const HubArguments& arguments,
                                network::HttpClient& client) {
    WantedModel model;
    std::error_code trouble;
    if (std::filesystem::exists(wanted, trouble)) {
        model.path = wanted;
        return model;
    }
    if (wanted.starts_with("https://") || wanted.starts_with("http://")) {
        PELLUCID_TRY(hub::Variant variant, hub::look_at_url(client, wanted, {}));
        model.title = variant.name;
        model.hub = "url";
        model.variants.push_back(std::move(variant));
        return model;
    }
    std::string repository = wanted, hub_id = arguments.hub;
    if (wanted.find('/') == std::string::npos) {
        const auto entries = catalogue::built_in();
        std::vector<std::string> ids;
        for (const auto& entry : entries) ids.push_back(entry.id);
        const auto places = catalogue::named(ids, wanted);
        if (places.size() != 1) {
            std::string list;
            for (const std::size_t place : places) list += (list.empty() ? "" : ", ") + ids[place];
            return fail(
                places.empty() ? ErrorCode::not_found : ErrorCode::invalid_argument,
                places.empty() ? "the catalogue has no model \"" + wanted + "\""
                               : "\"" + wanted + "\" may be " + list,
                "give owner/name of a repository, an address, or an id of the catalogue (models search)");
        }
        const catalogue::Entry& entry = entries[places.front()];
        model.title = entry.name;
        model.licence = entry.licence;
        const auto asked = hub_id == "ms" ? "modelscope" : hub_id == "hf" ? "huggingface" : hub_id;
        const auto source = std::find_if(entry.sources.begin(), entry.sources.end(),
                                         [&](const catalogue::Source& one) { return one.hub == asked; });
        const catalogue::Source& chosen = source != entry.sources.end() ? *source : entry.sources.front();
        repository = chosen.repository;
        hub_id = chosen.hub;
    }
    PELLUCID_TRY(const auto hub, arguments.open(client, hub_id));
    PELLUCID_TRY(hub::Repository found, hub->look(repository, {}, {}));
    if (found.variants.empty())
        return fail(
            ErrorCode::not_found,
            repository + " publishes no GGUF model (" + std::to_string(found.other_files) + " other files)",
            "search for its name with GGUF, or download the folder and give its path");
    model.repository = found.about.repository;
    model.revision = found.revision;
    if (model.licence.empty()) model.licence = found.about.licence;
    if (model.title.empty()) model.title = found.about.name;
    model.gate = found.about.gate;
    model.hub = hub->id();
    model.headers = hub->headers(found.variants.front().files.front().url);
    model.variants = std::move(found.variants);
    return model;
}

Result<std::size_t> find_variant(const std::vector<hub::Variant>& variants, const std::string& quantization) {
    std::string list;
    for (std::size_t i = 0; i < variants.size(); ++i) {
        const hub::Variant& variant = variants[i];
        if (same_word(variant.quantization, quantization) || same_word(variant.name, quantization)) return i;
        list +=
            (list.empty() ? "" : ", ") + (variant.quantization.empty() ? variant.name : variant.quantization);
    }
    return fail(ErrorCode::invalid_argument, "there is no quantisation \"" + quantization + "\" here",
                "choose one of: " + list);
}

}  // namespace pellucid::cli
