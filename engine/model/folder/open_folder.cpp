#include "engine/model/folder/open_folder.h"

#include <algorithm>
#include <filesystem>
#include <map>

#include "engine/format/json_file.h"
#include "engine/model/folder/config.h"
#include "engine/model/folder/folder_source.h"
#include "engine/model/folder/folder_weights.h"
#include "engine/model/header_digest.h"

namespace pellucid {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

bool is_there(const fs::path& path) {
    std::error_code trouble;
    return fs::exists(path, trouble);
}

/// The folder's own name; of a download cache ("models--ORG--NAME/snapshots/HASH") the model's.
std::string model_name(const std::string& folder) {
    std::error_code trouble;
    fs::path path = fs::absolute(folder, trouble).lexically_normal();
    if (!path.has_filename()) path = path.parent_path();
    if (path.parent_path().filename() == "snapshots") {
        const std::string cached = path.parent_path().parent_path().filename().string();
        if (cached.starts_with("models--") && cached.rfind("--") > 6)
            return cached.substr(cached.rfind("--") + 2);
    }
    return path.filename().string();
}

/// One template, or several by name of which "default" counts.
std::string template_of(const json& config) {
    const auto found = config.find("chat_template");
    if (found == config.end()) return {};
    if (found->is_string()) return found->get<std::string>();
    if (found->is_array())
        for (const json& entry : *found)
            if (entry.is_object() && entry.contains("name") && entry["name"] == "default" &&
                entry.contains("template") && entry["template"].is_string())
                return entry["template"].get<std::string>();
    return {};
}

/// eos_token_id of generation_config.json or config.json: a number or several.
std::vector<std::int64_t> end_tokens(const json& config) {
    std::vector<std::int64_t> ids;
    const auto found = config.find("eos_token_id");
    if (found == config.end()) return ids;
    const auto take = [&](const json& id) {
        if (id.is_number_unsigned() && id.get<std::uint64_t>() < (1u << 24))
            ids.push_back(id.get<std::int64_t>());
    };
    if (found->is_array())
        for (const json& id : *found) take(id);
    else
        take(*found);
    return ids;
}

Result<void> add_text(const fs::path& folder, const json& config, Metadata& metadata) {
    const auto set = [&](const char* key, std::string text) {
        metadata.set(key, MetaValue{std::move(text)});
    };
    std::string chat_template;
    if (is_there(folder / "tokenizer_config.json")) {
        PELLUCID_TRY(std::string text, read_small_file((folder / "tokenizer_config.json").string()));
        PELLUCID_TRY(const json tokenizer,
                     parse_json_object(text, (folder / "tokenizer_config.json").string(), 32));
        chat_template = template_of(tokenizer);
        set("tokenizer.huggingface.config", std::move(text));
    }
    if (is_there(folder / "chat_template.jinja")) {
        PELLUCID_TRY(chat_template, read_small_file((folder / "chat_template.jinja").string()));
    }
    if (is_there(folder / "tokenizer.json")) {
        PELLUCID_TRY(std::string text, read_small_file((folder / "tokenizer.json").string(), 256u << 20));
        set("tokenizer.huggingface.json", std::move(text));
    } else {
        set("tokenizer.ggml.model", "none");
    }
    if (!chat_template.empty()) set("tokenizer.chat_template", std::move(chat_template));
    std::vector<std::int64_t> ends = end_tokens(config);
    if (is_there(folder / "generation_config.json")) {
        PELLUCID_TRY(const json generation, read_json_file((folder / "generation_config.json").string(), 32));
        if (const auto own = end_tokens(generation); !own.empty()) ends = own;
        for (const auto& [name, key] :
             {std::pair("temperature", "general.sampling.temp"), std::pair("top_p", "general.sampling.top_p"),
              std::pair("min_p", "general.sampling.min_p")})
            if (generation.contains(name) && generation[name].is_number())
                metadata.set(key, MetaValue{static_cast<double>(generation[name].get<float>())});
        if (generation.contains("top_k") && generation["top_k"].is_number_unsigned() &&
            generation["top_k"].get<std::uint64_t>() < (1u << 24))
            metadata.set("general.sampling.top_k", MetaValue{generation["top_k"].get<std::int64_t>()});
    }
    if (!ends.empty()) metadata.set("tokenizer.huggingface.eos_token_ids", MetaValue{std::move(ends)});
    return {};
}

std::string most_common_type(const FolderWeights& weights) {
    std::map<std::string_view, std::uint64_t> bytes;
    for (const auto& [name, tensor] : weights.tensors()) bytes[tensor->dtype] += tensor->size;
    const auto most = std::max_element(bytes.begin(), bytes.end(),
                                       [](const auto& a, const auto& b) { return a.second < b.second; });
    return most == bytes.end() ? std::string{} : std::string(most->first);
}

}  // namespace

std::string folder_of(const std::string& path) {
    std::error_code trouble;
    if (fs::is_directory(path, trouble)) return path;
    const std::string name = fs::path(path).filename().string();
    if (name == "config.json" || name.ends_with(".safetensors") ||
        name.ends_with(".safetensors.index.json")) {
        const std::string parent = fs::path(path).parent_path().string();
        return parent.empty() ? "." : parent;
    }
    return {};
}

Result<ModelSource> open_folder(const std::string& folder_path) {
    const fs::path folder(folder_path);
    const std::string config_path = (folder / "config.json").string();
    if (!is_there(config_path))
        return fail(ErrorCode::not_found, folder_path + " holds no config.json",
                    "choose the folder of a model as it was published, or a GGUF file");
    PELLUCID_TRY(const json tree, read_json_file(config_path));
    PELLUCID_TRY(FolderConfig config, read_config(tree, config_path));
    PELLUCID_TRY(auto weights, FolderWeights::open(folder_path));
    PELLUCID_TRY(auto source, FolderSource::make(weights, config, folder_path));
    PELLUCID_CHECK(add_text(folder, tree, config.metadata));
    config.metadata.set("general.name", MetaValue{model_name(folder_path)});
    ModelSource model;
    model.path = folder_path;
    model.quantization =
        config.quantization.label.empty() ? most_common_type(*weights) : config.quantization.label;
    model.file_bytes = weights->bytes();
    HeaderDigest digest;
    digest.add(config.metadata);
    for (const auto& [name, tensor] : weights->tensors()) {
        digest.add(name);
        digest.add(tensor->dtype);
        for (const std::int64_t extent : tensor->shape) digest.add(static_cast<std::uint64_t>(extent));
        digest.add(tensor->offset);
    }
    digest.add(model.file_bytes);
    model.digest = digest.hex();
    model.notices = source->notices();
    model.metadata = std::make_shared<const Metadata>(std::move(config.metadata));
    model.weights = std::move(source);
    return model;
}

}  // namespace pellucid
