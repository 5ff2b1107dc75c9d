#include "app/catalogue/catalogue.h"

#include <algorithm>

namespace pellucid::catalogue {

/// Made by the build from resources/catalogue/models.json.
extern const std::string_view kModelsJson;

namespace {

using Json = nlohmann::json;

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

Entry entry_of(const Json& value) {
    Entry entry;
    entry.id = value.at("id").get<std::string>();
    entry.name = value.at("name").get<std::string>();
    entry.licence = value.at("licence").get<std::string>();
    entry.header_names = value.at("header_names").get<std::vector<std::string>>();
    if (value.contains("starter")) {
        const Json& starter = value.at("starter");
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

Result<std::vector<Entry>> parse(std::string_view json) {
    std::vector<Entry> entries;
    try {
        const Json root = Json::parse(json);
        for (const Json& value : root.at("models")) entries.push_back(entry_of(value));
    } catch (const std::exception& problem) {
        return fail(ErrorCode::corrupt, std::string("the model catalogue cannot be read: ") + problem.what(),
                    "Install Pellucid again.");
    }
    for (const Entry& entry : entries) PELLUCID_CHECK(check(entry.sampling));
    return entries;
}

std::vector<Entry> built_in() {
    auto entries = parse(kModelsJson);
    return entries ? *std::move(entries) : std::vector<Entry>();
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
