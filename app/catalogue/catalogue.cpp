#include "app/catalogue/catalogue.h"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <set>
#include <stdexcept>
#include <utility>

namespace pellucid::catalogue {

/// Made by the build from resources/catalogue/models.json.
extern const std::string_view kModelsJson;

namespace {

using Json = nlohmann::json;

/// Of the list's JSON: grows when its keys change.
constexpr int kForm = 1;

SamplingSpec sampling_of(const Json& values) {
    SamplingSpec spec;
    // DRY for small models: they fall into loops at the low temperatures at which they say sensible things.
    for (const auto& [key, value] : values.items()) {
        const auto number = value.get<float>();
        if (key == "temperature")
            spec.temperature = number;
        else if (key == "top_p")
            spec.top_p = number;
        else if (key == "min_p")
            spec.min_p = number;
        else if (key == "top_k")
            spec.top_k = value.get<int>();
        else if (key == "dry_multiplier")
            spec.dry_multiplier = number;
        else if (key == "dry_allowed_length")
            spec.dry_allowed_length = value.get<int>();
        else
            throw std::out_of_range("sampling has no \"" + key + "\"");
    }
    return spec;
}

/// Refuses what this version does not know, so that a slip of the pen is no silent loss.
void check_keys(const Json& value, std::initializer_list<std::string_view> known) {
    for (const auto& [key, item] : value.items())
        if (std::find(known.begin(), known.end(), key) == known.end())
            throw std::out_of_range("there is no \"" + key + "\"");
}

constexpr std::pair<std::string_view, Strength> strength_names[] = {
    {"reasoning", Strength::reasoning},
    {"chat", Strength::chat},
    {"code", Strength::code},
    {"maths", Strength::maths},
    {"translation", Strength::translation},
    {"tools", Strength::tools},
    {"small_machines", Strength::small_machines},
};

Strength strength_of(const std::string& name) {
    for (const auto& [known, strength] : strength_names)
        if (known == name) return strength;
    throw std::out_of_range("there is no strength \"" + name + "\"");
}

double positive(const Json& value) {
    const auto number = value.get<double>();
    if (!(number > 0) || number > 1e6) throw std::out_of_range("a size of " + std::to_string(number));
    return number;
}

Quantization quantization_of(const Json& value) {
    check_keys(value, {"name", "bytes", "about_gb", "sha256"});
    Quantization quantization;
    quantization.name = value.at("name").get<std::string>();
    if (value.contains("bytes")) {
        quantization.bytes = value.at("bytes").get<std::uint64_t>();
        quantization.exact_bytes = true;
    } else if (value.contains("about_gb")) {
        quantization.bytes = static_cast<std::uint64_t>(std::llround(positive(value.at("about_gb")) * 1e9));
    }
    quantization.sha256 = value.value("sha256", "");
    const auto hex = [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); };
    if (!quantization.sha256.empty() &&
        (quantization.sha256.size() != 64 ||
         !std::all_of(quantization.sha256.begin(), quantization.sha256.end(), hex)))
        throw std::out_of_range("\"" + quantization.sha256 + "\" is no SHA-256");
    return quantization;
}

Entry entry_of(const Json& value) {
    check_keys(value, {"id", "name", "family", "licence", "licence_url", "terms_first", "parameters_billions",
                       "active_billions", "context", "thinks", "languages", "strengths", "sources",
                       "quantizations", "header_names", "starter", "sampling"});
    Entry entry;
    entry.id = value.at("id").get<std::string>();
    entry.name = value.at("name").get<std::string>();
    entry.family = value.at("family").get<std::string>();
    entry.licence = value.at("licence").get<std::string>();
    entry.licence_url = value.at("licence_url").get<std::string>();
    entry.licence_accepted_first = value.value("terms_first", false);
    entry.parameters_billions = positive(value.at("parameters_billions"));
    entry.active_billions =
        value.contains("active_billions") ? positive(value.at("active_billions")) : entry.parameters_billions;
    entry.context = static_cast<int>(positive(value.at("context")));
    entry.thinks = value.value("thinks", false);
    entry.languages = value.at("languages").get<std::vector<std::string>>();
    for (const Json& name : value.at("strengths")) entry.strengths.push_back(strength_of(name));
    for (const Json& source : value.at("sources")) {
        check_keys(source, {"hub", "repository"});
        entry.sources.push_back({source.at("hub"), source.at("repository")});
    }
    for (const Json& item : value.at("quantizations")) entry.quantizations.push_back(quantization_of(item));
    entry.header_names = value.at("header_names").get<std::vector<std::string>>();
    if (value.contains("starter")) {
        const Json& starter = value.at("starter");
        check_keys(starter, {"package", "file", "sha256"});
        entry.starter = {starter.at("package").get<std::string>(), starter.at("file").get<std::string>(),
                         starter.at("sha256").get<std::string>()};
    }
    entry.sampling = sampling_of(value.at("sampling"));
    return entry;
}

/// What a model asks for when its header says nothing.
bool says_nothing(const SamplingSpec& spec) {
    const SamplingSpec usual;
    return spec.temperature == usual.temperature && spec.top_k == usual.top_k && spec.top_p == usual.top_p &&
           spec.min_p == usual.min_p;
}

}  // namespace

std::string_view to_string(Strength strength) {
    for (const auto& [name, known] : strength_names)
        if (known == strength) return name;
    return "";
}

Result<Catalogue> parse_catalogue(std::string_view json) {
    Catalogue catalogue;
    const auto corrupt = [](const std::string& why) {
        return fail(ErrorCode::corrupt, "the model catalogue cannot be read: " + why,
                    "Install Pellucid again.");
    };
    try {
        const Json root = Json::parse(json);
        const int form = root.at("format").get<int>();
        if (form != kForm)
            return fail(ErrorCode::unsupported,
                        "the model catalogue has the form " + std::to_string(form) +
                            "; this program reads form " + std::to_string(kForm),
                        "Install Pellucid again.");
        catalogue.version = root.at("version").get<int>();
        std::set<std::string> ids;
        for (const Json& value : root.at("models")) {
            catalogue.entries.push_back(entry_of(value));
            if (!ids.insert(catalogue.entries.back().id).second)
                return corrupt("\"" + catalogue.entries.back().id + "\" is in it twice");
        }
    } catch (const std::exception& problem) {
        return corrupt(problem.what());
    }
    for (const Entry& entry : catalogue.entries) PELLUCID_CHECK(check(entry.sampling));
    return catalogue;
}

Result<std::vector<Entry>> parse(std::string_view json) {
    PELLUCID_TRY(Catalogue catalogue, parse_catalogue(json));
    return std::move(catalogue.entries);
}

std::vector<Entry> built_in() {
    auto entries = parse(kModelsJson);
    return entries ? *std::move(entries) : std::vector<Entry>();
}

int built_in_version() {
    const auto catalogue = parse_catalogue(kModelsJson);
    return catalogue ? catalogue->version : 0;
}

const Entry* find(const std::vector<Entry>& entries, const ModelInfo& info) {
    const auto known = std::find_if(entries.begin(), entries.end(), [&](const Entry& entry) {
        return std::find(entry.header_names.begin(), entry.header_names.end(), info.name) !=
               entry.header_names.end();
    });
    return known == entries.end() ? nullptr : &*known;
}

void complete(const std::vector<Entry>& entries, ModelInfo& info) {
    const Entry* entry = find(entries, info);
    if (entry != nullptr && says_nothing(info.recommended_sampling))
        info.recommended_sampling = entry->sampling;
}

}  // namespace pellucid::catalogue
