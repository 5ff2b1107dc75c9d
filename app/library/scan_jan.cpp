// Jan. Source: its documentation, "Data folder", and extensions/llamacpp-extension/src/index.ts
// (ModelConfig): DATA/llamacpp/models/…/model.yml with model_path (relative to DATA, or absolute for a file
// that was imported in place), name, size_bytes (of all files), model_size_bytes and model_sha256 (of the
// model's file). Before 2025: DATA/models/…/model.yml with "files:".
#include <algorithm>
#include <map>

#include "app/library/scan.h"

namespace pellucid::library {

namespace fs = std::filesystem;

namespace {

std::string_view trimmed(std::string_view text) {
    const auto blank = [](char c) { return c == ' ' || c == '\t' || c == '\r'; };
    while (!text.empty() && blank(text.front())) text.remove_prefix(1);
    while (!text.empty() && blank(text.back())) text.remove_suffix(1);
    return text;
}

/// A plain, a 'single' or a "double" quoted scalar on one line; escapes of the latter: \" and \\.
std::string scalar(std::string_view text) {
    text = trimmed(text);
    if (text.size() >= 2 && (text.front() == '"' || text.front() == '\'') && text.back() == text.front()) {
        const char quote = text.front();
        text = text.substr(1, text.size() - 2);
        std::string out;
        for (std::size_t i = 0; i < text.size(); ++i) {
            if (quote == '"' && text[i] == '\\' && i + 1 < text.size()) ++i;
            if (quote == '\'' && text[i] == '\'' && i + 1 < text.size() && text[i + 1] == '\'') ++i;
            out += text[i];
        }
        return out;
    }
    if (const std::size_t comment = text.find(" #"); comment != std::string_view::npos)
        text = trimmed(text.substr(0, comment));
    return std::string(text);
}

/// The scalars at the top of a YAML file as Jan writes it, and the first item of "files:". No more of YAML.
std::map<std::string, std::string> top_level(std::string_view text) {
    std::map<std::string, std::string> values;
    std::string list;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        const std::string_view line = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
        const std::string_view plain = trimmed(line);
        if (plain.empty() || plain.front() == '#') continue;
        if (plain.starts_with("- ")) {
            if (!list.empty()) values.try_emplace(list, scalar(plain.substr(2)));
            continue;
        }
        if (line.front() == ' ' || line.front() == '\t') continue;
        const std::size_t colon = line.find(':');
        if (colon == std::string_view::npos) continue;
        const std::string key(trimmed(line.substr(0, colon)));
        const std::string value = scalar(line.substr(colon + 1));
        list = value.empty() ? key : std::string();
        if (!value.empty()) values.try_emplace(key, value);
    }
    return values;
}

std::optional<std::uint64_t> number(const std::string& text) {
    if (text.empty() || text.size() > 18 || text.find_first_not_of("0123456789") != std::string::npos)
        return {};
    return std::stoull(text);
}

void read_model(Scan& scan, const fs::path& data, const fs::path& yml) {
    const auto text = small_file(yml);
    if (!text) return scan.skip(yml, text.error());
    auto values = top_level(*text);
    std::string named = values["model_path"];
    if (named.empty()) named = values["files"];
    if (named.empty() || named.find('\0') != std::string::npos)
        return scan.skip(yml, ErrorCode::unsupported, yml.string() + " names no file of a model",
                         "Download the model again in Jan.");
    const fs::path path = fs::path(named).is_absolute() ? fs::path(named).lexically_normal()
                                                        : (data / named).lexically_normal();
    // A relative path is Jan's own; one that leaves Jan's folder was not written by Jan.
    if (!fs::path(named).is_absolute() && !lies_in(path, data))
        return scan.skip(yml, ErrorCode::corrupt, yml.string() + " names a file outside of Jan's folder",
                         "Download the model again in Jan.");
    const auto size = regular_size(path);
    if (!size)
        return scan.skip(yml, ErrorCode::not_found,
                         path.string() + " is missing: Jan's model " + shown(values["name"]),
                         "Download the model again in Jan.");
    const auto model_bytes = number(values["model_size_bytes"]), all_bytes = number(values["size_bytes"]);
    if (model_bytes && *model_bytes != 0 && *model_bytes != *size)
        return scan.skip(yml, ErrorCode::corrupt, path.string() + " is not as long as Jan's model.yml says",
                         "Let Jan finish, or download the model again.");
    FoundModel model;
    model.origin = Origin::jan;
    model.path = path;
    model.name = shown(values["name"]);
    if (model.name.empty()) model.name = model_name_of(path);
    // Jan's models lie in folders of their repository's name.
    const fs::path relative = yml.parent_path().lexically_relative(scan.folder.path);
    if (std::distance(relative.begin(), relative.end()) >= 2)
        model.repository = shown((*relative.begin() / *std::next(relative.begin())).string());
    // A digest is only believed with the length that it was given for.
    const bool sized = model_bytes == size || (!model_bytes && all_bytes == size);
    add_gguf(scan, std::move(model), sized ? plain_sha256(values["model_sha256"]) : std::string());
}

}  // namespace

void scan_jan(Scan& scan) {
    // DATA/llamacpp/models and DATA/models: paths in model.yml begin at DATA.
    fs::path data = scan.folder.path.parent_path();
    if (data.filename() == "llamacpp" || data.filename() == "cortexcpp") data = data.parent_path();
    std::vector<fs::path> manifests;
    walk(scan, scan.folder.path, 6, [&](const fs::path& file) {
        if (file.filename() == "model.yml") manifests.push_back(file);
    });
    for (const fs::path& yml : manifests) read_model(scan, data, yml);
}

}  // namespace pellucid::library
