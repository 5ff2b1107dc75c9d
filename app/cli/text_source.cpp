#include "app/cli/text_source.h"

#include <filesystem>

#include "app/cli/command.h"
#include "engine/model/gguf_parts.h"

namespace pellucid::cli {

namespace {

using Json = nlohmann::ordered_json;

/// A special token in tokenizer_config.json: a string, or an object with its text in "content".
std::string token_text(const Json& config, const char* name) {
    const auto it = config.find(name);
    if (it == config.end()) return {};
    if (it->is_string()) return it->get<std::string>();
    if (it->is_object() && it->contains("content") && (*it)["content"].is_string())
        return (*it)["content"].get<std::string>();
    return {};
}

/// One template, or several by name of which "default" counts.
std::string template_text(const Json& config) {
    const auto it = config.find("chat_template");
    if (it == config.end()) return {};
    if (it->is_string()) return it->get<std::string>();
    if (it->is_array())
        for (const auto& entry : *it)
            if (entry.is_object() && entry.value("name", "") == "default") return entry.value("template", "");
    return {};
}

Result<TextSource> open_folder(const std::string& folder, bool need_tokenizer) {
    namespace fs = std::filesystem;
    TextSource source;
    std::string config_text;
    if (fs::exists(fs::path(folder) / "tokenizer_config.json")) {
        PELLUCID_TRY(config_text, read_text_file((fs::path(folder) / "tokenizer_config.json").string()));
        const Json config = Json::parse(config_text, nullptr, false);
        if (!config.is_object())
            return fail(ErrorCode::corrupt, folder + "/tokenizer_config.json is not a JSON object",
                        "fetch the folder again");
        source.template_source = template_text(config);
        source.bos_token = token_text(config, "bos_token");
        source.eos_token = token_text(config, "eos_token");
    }
    if (fs::exists(fs::path(folder) / "chat_template.jinja")) {
        PELLUCID_TRY(source.template_source,
                     read_text_file((fs::path(folder) / "chat_template.jinja").string()));
    }
    if (need_tokenizer) {
        PELLUCID_TRY(const std::string json, read_text_file((fs::path(folder) / "tokenizer.json").string()));
        PELLUCID_TRY(source.tokenizer, make_tokenizer_from_json(json, config_text));
    }
    return source;
}

Result<TextSource> open_gguf(const std::string& path, bool need_tokenizer) {
    PELLUCID_TRY(const auto parts, open_gguf_parts(path, GgufRead::header_only));
    const auto& file = parts.front();
    TextSource source;
    if (file->metadata().contains("tokenizer.chat_template")) {
        PELLUCID_TRY(source.template_source, file->metadata().string("tokenizer.chat_template"));
    }
    auto tokenizer = make_tokenizer(file->metadata());
    if (!tokenizer && need_tokenizer) return tokenizer.failure();
    if (tokenizer) {
        source.tokenizer = *std::move(tokenizer);
        const auto& special = source.tokenizer->special();
        if (special.bos) source.bos_token = source.tokenizer->bytes_of(*special.bos, true);
        if (special.eos) source.eos_token = source.tokenizer->bytes_of(*special.eos, true);
    }
    return source;
}

}  // namespace

Result<TextSource> open_text_source(const std::string& model, bool need_tokenizer) {
    if (std::filesystem::is_directory(model)) return open_folder(model, need_tokenizer);
    return open_gguf(model, need_tokenizer);
}

}  // namespace pellucid::cli
