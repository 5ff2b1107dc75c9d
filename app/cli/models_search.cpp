// models search: the catalogue, then a hub.
#include <algorithm>
#include <cstdio>
#include <memory>

#include "app/catalogue/catalogue.h"
#include "app/cli/hub_arguments.h"
#include "app/cli/models.h"
#include "engine/base/ascii.h"
#include "engine/memory/memory_plan.h"

namespace pellucid::cli {

namespace {

using Json = nlohmann::ordered_json;

struct Arguments {
    HubArguments hub;
    std::string text, owner;
    int limit = 20;
    bool every_kind = false, catalogue = false, json = false;
};

std::string word_of(hub::Gate gate) {
    switch (gate) {
        case hub::Gate::open:
            return "open";
        case hub::Gate::terms:
            return "terms to accept";
        case hub::Gate::author:
            return "author lets in";
    }
    return "";
}

std::string count_text(std::uint64_t count) {
    char text[32];
    const auto value = static_cast<double>(count);
    if (count >= 1'000'000'000)
        std::snprintf(text, sizeof text, "%.1fB", value / 1e9);
    else if (count >= 1'000'000)
        std::snprintf(text, sizeof text, "%.1fM", value / 1e6);
    else if (count >= 10'000)
        std::snprintf(text, sizeof text, "%.0fk", value / 1e3);
    else
        std::snprintf(text, sizeof text, "%llu", static_cast<unsigned long long>(count));
    return text;
}

Json to_json(const hub::Listing& listing) {
    Json row = {{"repository", listing.repository},  {"licence", listing.licence},
                {"gate", word_of(listing.gate)},     {"private", listing.private_repository},
                {"downloads", listing.downloads},    {"likes", listing.likes},
                {"updated", listing.updated},        {"languages", listing.languages},
                {"base_models", listing.base_models}};
    if (listing.parameters > 0) row["parameters"] = listing.parameters;
    if (!listing.architecture.empty()) row["architecture"] = listing.architecture;
    if (listing.trained_context > 0) row["trained_context"] = listing.trained_context;
    return row;
}

Result<void> search_catalogue(const Arguments& arguments) {
    Json rows = Json::array();
    for (const auto& entry : catalogue::built_in()) {
        std::string words = entry.id + " " + entry.name + " " + entry.family;
        Json strengths = Json::array(), quantizations = Json::array();
        for (const auto strength : entry.strengths) {
            strengths.push_back(catalogue::to_string(strength));
            words += " " + std::string(catalogue::to_string(strength));
        }
        if (ascii_lower(words).find(ascii_lower(arguments.text)) == std::string::npos) continue;
        for (const auto& one : entry.quantizations) quantizations.push_back(one.name);
        rows.push_back({{"id", entry.id},
                        {"name", entry.name},
                        {"licence", entry.licence},
                        {"parameters_billions", entry.parameters_billions},
                        {"context", entry.context},
                        {"languages", entry.languages},
                        {"strengths", strengths},
                        {"repository", entry.sources.front().repository},
                        {"quantizations", quantizations}});
        if (!arguments.json)
            std::printf("%-34s %6.1fB  %-24.24s %s\n", entry.id.c_str(), entry.parameters_billions,
                        entry.licence.c_str(), entry.sources.front().repository.c_str());
    }
    if (arguments.json) std::printf("%s\n", rows.dump().c_str());
    if (rows.empty())
        std::fprintf(stderr, "nothing in the catalogue is named so; leave --catalogue out to ask a hub\n");
    return {};
}

Result<void> search(const Arguments& arguments) {
    if (arguments.catalogue) return search_catalogue(arguments);
    CommandNetwork network;
    PELLUCID_TRY(const auto hub, arguments.hub.open(network.client()));
    hub::Query query;
    query.text = arguments.text;
    query.owner = arguments.owner;
    query.page_size = std::min(arguments.limit, 100);
    query.gguf_only = !arguments.every_kind;
    PELLUCID_TRY(hub::Page page, hub->search(query, {}));
    Json rows = Json::array();
    int shown = 0;
    for (;;) {
        for (const hub::Listing& listing : page.listings) {
            if (shown++ >= arguments.limit) break;
            rows.push_back(to_json(listing));
            if (!arguments.json)
                std::printf("%-56s %7s %8s  %-16.16s %s\n", listing.repository.c_str(),
                            listing.parameters > 0 ? count_text(listing.parameters).c_str() : "",
                            count_text(listing.downloads).c_str(), listing.licence.c_str(),
                            listing.private_repository        ? "private"
                            : listing.gate == hub::Gate::open ? ""
                                                              : word_of(listing.gate).c_str());
        }
        if (shown >= arguments.limit || page.next.empty()) break;
        PELLUCID_TRY(page, hub->more(page.next, {}));
    }
    if (arguments.json)
        std::printf("%s\n", rows.dump(-1, ' ', false, Json::error_handler_t::replace).c_str());
    if (rows.empty())
        std::fprintf(stderr, "%s has nothing of that name\n", std::string(hub->title()).c_str());
    if (page.total && *page.total > static_cast<std::uint64_t>(arguments.limit))
        std::fprintf(stderr, "%llu in all; --limit shows more\n",
                     static_cast<unsigned long long>(*page.total));
    else if (!page.next.empty())
        std::fprintf(stderr, "there are more; --limit shows them\n");
    return {};
}

}  // namespace

void add_models_search(CLI::App& models, Subcommands& commands) {
    auto arguments = std::make_shared<Arguments>();
    CLI::App* app = models.add_subcommand("search", "Models that a hub publishes, the most downloaded first");
    app->add_option("text", arguments->text, "words of its name (none: everything)");
    app->add_option("--owner", arguments->owner, "only repositories of this person or organisation");
    app->add_option("--limit", arguments->limit)->capture_default_str()->check(CLI::Range(1, 1000));
    app->add_flag("--all", arguments->every_kind, "also repositories without GGUF files");
    app->add_flag("--catalogue", arguments->catalogue, "the built-in list instead of a hub; asks nobody");
    app->add_flag("--json", arguments->json, "one JSON array");
    arguments->hub.add_to(*app);
    commands[app] = [arguments] { return search(*arguments); };
}

}  // namespace pellucid::cli
