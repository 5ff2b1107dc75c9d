#include "app/library/scan.h"

#include <sys/stat.h>

#include <algorithm>
#include <cstdio>
#include <set>

#include "app/digest/sha256.h"
#include "engine/format/json_file.h"
#include "engine/model/gguf_parts.h"
#include "engine/text/utf8.h"

namespace pellucid::library {

namespace fs = std::filesystem;

namespace {

using Visited = std::set<std::pair<dev_t, ino_t>>;

void walk_below(Scan& scan, const fs::path& folder, int levels, Visited& visited,
                const std::function<void(const fs::path&)>& file) {
    struct stat status {};
    // A folder that a link leads back to is walked once.
    if (stat(folder.c_str(), &status) != 0 || !visited.emplace(status.st_dev, status.st_ino).second) return;
    std::vector<fs::path> files, folders;
    std::error_code trouble;
    for (fs::directory_iterator entry(folder, trouble), end; !trouble && entry != end;
         entry.increment(trouble)) {
        if (scan.cancel.cancelled()) return;
        if (scan.entries_left-- <= 0) {
            if (scan.entries_left == -1)
                scan.skip(folder, ErrorCode::unsupported,
                          folder.string() + " holds more files than are looked at",
                          "Add the models that are missing by their files.");
            return;
        }
        std::error_code ignored;
        const auto kind = entry->status(ignored).type();
        if (kind == fs::file_type::regular)
            files.push_back(entry->path());
        else if (kind == fs::file_type::directory)
            folders.push_back(entry->path());
    }
    std::ranges::sort(files);
    std::ranges::sort(folders);
    for (const fs::path& path : files) file(path);
    if (levels > 0)
        for (const fs::path& path : folders) walk_below(scan, path, levels - 1, visited, file);
}

/// The place and number in "…-00002-of-00003.gguf".
struct PartName {
    std::string before;
    int part = 0, count = 0;
};

std::optional<PartName> part_name(const std::string& name) {
    constexpr std::size_t length = 20;  // "-00002-of-00003.gguf"
    if (name.size() <= length) return {};
    PartName parsed;
    int used = 0;
    if (std::sscanf(name.c_str() + name.size() - length, "-%5d-of-%5d.gguf%n", &parsed.part, &parsed.count,
                    &used) != 2 ||
        used != static_cast<int>(length) || parsed.part < 1 || parsed.count < 1 || parsed.part > parsed.count)
        return {};
    parsed.before = name.substr(0, name.size() - length);
    return parsed;
}

}  // namespace

void walk(Scan& scan, const fs::path& top, int levels, const std::function<void(const fs::path&)>& file) {
    Visited visited;
    walk_below(scan, top, levels, visited, file);
}

std::optional<std::uint64_t> regular_size(const fs::path& path) {
    struct stat status {};
    if (stat(path.c_str(), &status) != 0 || !S_ISREG(status.st_mode)) return {};
    return static_cast<std::uint64_t>(status.st_size);
}

Result<std::string> small_file(const fs::path& path, std::size_t most) {
    const auto size = regular_size(path);
    if (!size) return fail(ErrorCode::not_found, path.string() + " is not there");
    return read_small_file(path.string(), most);
}

Result<nlohmann::json> small_json(const fs::path& path) {
    PELLUCID_TRY(const std::string text, small_file(path));
    return parse_json_object(text, path.string());
}

std::string text_of(const nlohmann::json& object, const char* key) {
    if (!object.is_object()) return {};
    const auto found = object.find(key);
    return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

std::optional<std::uint64_t> count_of(const nlohmann::json& object, const char* key) {
    if (!object.is_object()) return {};
    const auto found = object.find(key);
    if (found == object.end() || !found->is_number_integer()) return {};
    if (!found->is_number_unsigned() && found->get<std::int64_t>() < 0) return {};
    return found->get<std::uint64_t>();
}

std::string plain_sha256(std::string_view text) {
    const auto hash = digest::from_hex(text);
    return hash ? digest::to_hex(*hash) : std::string();
}

std::string shown(std::string_view name) {
    std::string text = to_well_formed_utf8(name.substr(0, 512));
    std::erase_if(text, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
    return text;
}

std::string model_name_of(const fs::path& file) {
    const std::string name = file.filename().string();
    if (const auto part = part_name(name)) return shown(part->before);
    return shown(file.stem().string());
}

bool lies_in(const fs::path& path, const fs::path& folder) {
    const fs::path plain = path.lexically_normal();
    fs::path top = folder.lexically_normal();
    if (top.filename().empty()) top = top.parent_path();  // "/models/"
    const auto [end, ignored] = std::mismatch(top.begin(), top.end(), plain.begin(), plain.end());
    return end == top.end() && plain != top;
}

Result<std::vector<FoundFile>> files_of(const fs::path& path) {
    std::error_code trouble;
    std::vector<FoundFile> files;
    if (fs::is_directory(path, trouble)) {
        for (fs::directory_iterator entry(path, trouble), end; !trouble && entry != end;
             entry.increment(trouble))
            if (const auto size = regular_size(entry->path()); size && files.size() < 10'000)
                files.push_back({entry->path(), *size, {}});
        if (trouble)
            return fail(ErrorCode::io, "could not read " + path.string() + ": " + trouble.message(),
                        "Check that the folder may be read.");
        std::ranges::sort(files, {}, &FoundFile::path);
        return files;
    }
    const auto size = regular_size(path);
    if (!size)
        return fail(ErrorCode::not_found, path.string() + " is not there",
                    "It may have been moved, or its disk removed.");
    const auto part = part_name(path.filename().string());
    if (!part) return std::vector<FoundFile>{{path, *size, {}}};
    for (int i = 1; i <= part->count; ++i) {
        char ending[32];
        std::snprintf(ending, sizeof ending, "-%05d-of-%05d.gguf", i, part->count);
        const fs::path file = path.parent_path() / (part->before + ending);
        if (const auto bytes = regular_size(file)) files.push_back({file, *bytes, {}});
    }
    return files;
}

bool add_gguf(Scan& scan, FoundModel model, const std::string& sha256) {
    const std::string name = model.path.filename().string();
    if (!is_listed(name) && model.origin != Origin::ollama) return false;
    auto files = files_of(model.path);
    if (!files) {
        scan.skip(model.path, files.error());
        return false;
    }
    if (const auto part = part_name(name); part && files->size() != static_cast<std::size_t>(part->count)) {
        scan.skip(model.path, ErrorCode::not_found,
                  model.path.string() + ": " + std::to_string(files->size()) + " of " +
                      std::to_string(part->count) + " parts of this model are there",
                  "Let the app that downloads it finish.");
        return false;
    }
    // Every GGUF is longer than this; a file being made is empty at first.
    if (files->front().bytes < 32) {
        scan.skip(model.path, ErrorCode::corrupt, model.path.string() + " is too short for a model",
                  "Let the app that downloads it finish.");
        return false;
    }
    model.files = *std::move(files);
    if (!sha256.empty()) model.files.front().sha256 = sha256;
    scan.found.models.push_back(std::move(model));
    return true;
}

}  // namespace pellucid::library
