// Options of the commands that ask a hub, and the network they ask it through.
#pragma once

#include <memory>
#include <string>

#include "app/cli/command.h"
#include "app/hub/hub.h"
#include "app/network/http_client.h"

namespace pellucid::cli {

/// The one way out for one command.
class CommandNetwork {
public:
    CommandNetwork();
    ~CommandNetwork();
    network::HttpClient& client();

private:
    struct Parts;
    std::unique_ptr<Parts> parts_;
};

struct HubArguments {
    std::string hub = "huggingface", endpoint, token_file;

    void add_to(CLI::App& app);
    /// Errors: those of make_hub; a token file that cannot be read or holds no single word.
    Result<std::unique_ptr<hub::Hub>> open(network::HttpClient& client) const;
    /// Another hub than --hub names, with the same token rules: where the catalogue says so.
    Result<std::unique_ptr<hub::Hub>> open(network::HttpClient& client, const std::string& id) const;
};

/// What a person asks for: a file or folder here, an address, a repository of a hub, or a catalogue's id.
struct WantedModel {
    std::string path;        ///< here; then nothing else is filled in
    std::string repository;  ///< empty: a plain address
    std::string revision, licence, title;
    std::vector<hub::Variant> variants;
    std::vector<std::pair<std::string, std::string>> headers;  ///< of its hub, for the files
    std::string hub;                                           ///< its id; "url" for a plain address
    hub::Gate gate = hub::Gate::open;
};
Result<WantedModel> find_wanted(const std::string& wanted, const HubArguments& arguments,
                                network::HttpClient& client);
/// The variant named "Q4_K_M" (any case), or by its whole name. invalid_argument lists them.
Result<std::size_t> find_variant(const std::vector<hub::Variant>& variants, const std::string& quantization);

}  // namespace pellucid::cli
