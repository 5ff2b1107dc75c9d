#include "engine/model/folder/folder_weights.h"

#include <algorithm>
#include <charconv>
#include <filesystem>

#include "engine/format/json_file.h"

namespace pellucid {
namespace {

namespace fs = std::filesystem;
using Files = std::vector<std::shared_ptr<const SafetensorsFile>>;

constexpr const char* kIndex = "model.safetensors.index.json";
constexpr const char* kWholeFolder = "download the whole folder again";

Result<std::shared_ptr<const SafetensorsFile>> open_part(const fs::path& path) {
    auto file = SafetensorsFile::open(path.string());
    if (!file && file.error().code == ErrorCode::not_found)
        return fail(ErrorCode::not_found, path.string() + " is missing: a part of this model", kWholeFolder);
    return file;
}

Result<std::shared_ptr<const FolderWeights>> open_indexed(const fs::path& folder) {
    const std::string index_path = (folder / kIndex).string();
    PELLUCID_TRY(const std::string index, read_small_file(index_path));
    PELLUCID_TRY(const auto places, read_weight_map(index, index_path));
    Files files;
    std::map<std::string, const SafetensorsFile*> by_name;
    for (const auto& [tensor, name] : places) {
        if (by_name.contains(name)) continue;
        PELLUCID_TRY(auto file, open_part(folder / name));
        by_name[name] = file.get();
        files.push_back(std::move(file));
    }
    for (const auto& [tensor, name] : places)
        if (!by_name.at(name)->find(tensor))
            return fail(ErrorCode::corrupt,
                        by_name.at(name)->path() + " lacks tensor " + tensor.substr(0, 200) + ", which " +
                            kIndex + " places there",
                        kWholeFolder);
    return FolderWeights::join(std::move(files));
}

/// N of "model-00001-of-0000N.safetensors"; 0: another name.
int parts_of(std::string_view name) {
    constexpr std::string_view begin = "model-00001-of-", end = ".safetensors";
    if (!name.starts_with(begin) || !name.ends_with(end) || name.size() != begin.size() + 5 + end.size())
        return 0;
    int count = 0;
    const char* const digits = name.data() + begin.size();
    return std::from_chars(digits, digits + 5, count).ptr == digits + 5 ? count : 0;
}

}  // namespace

Result<std::map<std::string, std::string>> read_weight_map(std::string_view text, const std::string& path) {
    PELLUCID_TRY(const auto index, parse_json_object(text, path, 3));
    const auto map = index.find("weight_map");
    if (map == index.end() || !map->is_object() || map->empty())
        return fail(ErrorCode::corrupt, path + " has no weight_map", kWholeFolder);
    std::map<std::string, std::string> places;
    for (const auto& [tensor, file] : map->items()) {
        const std::string name = file.is_string() ? file.get<std::string>() : "";
        if (name.empty() || name.size() > 255 || name.find('/') != std::string::npos ||
            name.find('\0') != std::string::npos || !name.ends_with(".safetensors"))
            return fail(ErrorCode::corrupt,
                        path + " places " + tensor.substr(0, 200) +
                            " in something else than a safetensors file of this folder",
                        kWholeFolder);
        places.emplace(tensor, name);
    }
    return places;
}

bool is_pickle_name(std::string_view name) {
    for (const std::string_view end : {".bin", ".pt", ".pth", ".ckpt", ".pkl", ".pickle"})
        if (name.ends_with(end)) return true;
    return false;
}

Failure pickle_refused(const std::string& path) {
    return fail(ErrorCode::unsupported,
                path + " is a Python pickle (a PyTorch checkpoint); reading one runs whatever code it holds",
                "use the model's safetensors files, or a GGUF file; both hold numbers only");
}

Result<std::shared_ptr<const FolderWeights>> FolderWeights::open(const std::string& folder_path) {
    const fs::path folder(folder_path);
    std::error_code trouble;
    if (fs::exists(folder / kIndex, trouble)) return open_indexed(folder);
    if (fs::exists(folder / "model.safetensors", trouble)) {
        PELLUCID_TRY(auto file, open_part(folder / "model.safetensors"));
        return join({std::move(file)});
    }
    int parts = 0;
    std::string pickle;
    for (fs::directory_iterator entry(folder, trouble), end; !trouble && entry != end;
         entry.increment(trouble)) {
        const std::string name = entry->path().filename().string();
        parts = std::max(parts, parts_of(name));
        if (is_pickle_name(name) && (pickle.empty() || name < pickle)) pickle = name;
    }
    if (parts > 0) {
        Files files;
        for (int i = 1; i <= parts; ++i) {
            char name[64];
            std::snprintf(name, sizeof name, "model-%05d-of-%05d.safetensors", i, parts);
            PELLUCID_TRY(auto file, open_part(folder / name));
            files.push_back(std::move(file));
        }
        return join(std::move(files));
    }
    if (!pickle.empty()) return pickle_refused((folder / pickle).string());
    return fail(ErrorCode::not_found, folder_path + " holds no model.safetensors",
                "download the folder with its safetensors files, or choose a GGUF file");
}

Result<std::shared_ptr<const FolderWeights>> FolderWeights::join(Files files) {
    auto weights = std::make_shared<FolderWeights>();
    weights->files_ = std::move(files);
    for (const auto& file : weights->files_)
        for (const FileTensor& tensor : file->tensors())
            if (!weights->tensors_.emplace(tensor.name, &tensor).second)
                return fail(ErrorCode::corrupt,
                            file->path() + ": tensor " + tensor.name.substr(0, 200) +
                                " is in another file of the folder too",
                            kWholeFolder);
    return std::shared_ptr<const FolderWeights>(std::move(weights));
}

const FileTensor* FolderWeights::find(std::string_view name) const {
    const auto found = tensors_.find(name);
    return found == tensors_.end() ? nullptr : found->second;
}

std::uint64_t FolderWeights::bytes() const {
    std::uint64_t bytes = 0;
    for (const auto& [name, tensor] : tensors_) bytes += tensor->size;
    return bytes;
}

void FolderWeights::release(std::span<const std::byte> part) const {
    for (const auto& file : files_)
        if (file->mapping()) file->mapping()->release(part);
}

std::uint64_t FolderWeights::resident_bytes() const {
    std::uint64_t bytes = 0;
    for (const auto& file : files_)
        if (file->mapping()) bytes += file->mapping()->resident_bytes();
    return bytes;
}

}  // namespace pellucid
