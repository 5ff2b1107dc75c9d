#include "app/documents/folder_scan.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <map>
#include <set>
#include <unordered_map>
#include <unordered_set>

#include "app/library/storage_error.h"

namespace pellucid::documents {

namespace fs = std::filesystem;
using library::from_storage;

namespace {

FileLook look_of(const struct stat& info) {
    FileLook look;
    look.stamp.bytes = static_cast<std::uint64_t>(info.st_size);
    look.stamp.modified_ns = std::int64_t{info.st_mtim.tv_sec} * 1'000'000'000 + info.st_mtim.tv_nsec;
    look.stamp.inode = info.st_ino;
    look.device = info.st_dev;
    return look;
}

std::uint64_t device_of(const fs::path& path) {
    struct stat info {};
    return stat(path.c_str(), &info) == 0 ? info.st_dev : 0;
}

struct Found {
    std::vector<storage::SeenFile> files;
    std::vector<std::string> unreadable;
    bool cut = false, cancelled = false;
};

class Walker {
public:
    Walker(const ScanOptions& options, const CancelToken& cancel, Found& found, std::uint64_t device)
        : options_(options), cancel_(cancel), found_(found), device_(device) {}

    void walk(const std::string& folder, int depth) {
        if (cancel_.cancelled()) found_.cancelled = true;
        if (found_.cancelled || found_.cut) return;
        DIR* list = depth > options_.max_depth ? nullptr : opendir(folder.c_str());
        if (list == nullptr) {
            found_.unreadable.push_back(folder);
            return;
        }
        std::vector<std::string> below;
        errno = 0;
        for (dirent* entry = readdir(list); entry != nullptr; errno = 0, entry = readdir(list)) {
            const std::string name = entry->d_name;
            if (name == "." || name == ".." || (!options_.hidden && name[0] == '.')) continue;
            std::string path = folder;
            if (!path.ends_with('/')) path += '/';
            path += name;
            struct stat info {};
            if (lstat(path.c_str(), &info) != 0) continue;  // gone between
            if (S_ISDIR(info.st_mode)) {
                if (!skipped(name)) below.push_back(path);
                continue;
            }
            // A link to a file is as good as the file; one to a folder may lead round in a circle.
            if (S_ISLNK(info.st_mode) && stat(path.c_str(), &info) != 0) continue;
            if (!S_ISREG(info.st_mode) || !is_document_name(name)) continue;
            if (found_.files.size() >= options_.max_files) {
                found_.cut = true;
                break;
            }
            const FileLook look = look_of(info);
            found_.files.push_back({path, look.stamp, look.device != device_});
        }
        // A listing that broke off says nothing of what it did not come to.
        if (errno != 0) found_.unreadable.push_back(folder);
        closedir(list);
        std::sort(below.begin(), below.end());
        for (const std::string& path : below) walk(path, depth + 1);
    }

private:
    static bool skipped(const std::string& name) {
        static const std::set<std::string> kMachineMade = {"node_modules", "__pycache__", "CMakeFiles",
                                                           "lost+found"};
        return kMachineMade.contains(name);
    }

    const ScanOptions& options_;
    const CancelToken& cancel_;
    Found& found_;
    std::uint64_t device_;
};

bool lies_in(const std::string& path, const std::string& folder) {
    return path.size() > folder.size() && path.starts_with(folder) &&
           (folder.ends_with('/') || path[folder.size()] == '/');
}

/// The folder above `path` that is there.
fs::path nearest_folder(fs::path path) {
    std::error_code trouble;
    do path = path.parent_path();
    while (path.has_relative_path() && !fs::is_directory(path, trouble));
    return path;
}

}  // namespace

bool is_document_name(const std::string& name) {
    static const std::unordered_set<std::string> kEndings = {
        // documents
        "pdf", "docx", "docm", "pptx", "pptm", "xlsx", "xlsm", "odt", "ods", "odp", "epub", "rtf", "html",
        "htm", "xhtml", "md", "markdown", "txt", "text", "rst", "adoc", "org", "tex", "log", "csv", "tsv",
        "eml", "mbox", "json", "jsonl", "xml", "yaml", "yml", "toml", "ini", "cfg", "conf", "srt", "vtt",
        // code
        "c", "h", "cc", "cpp", "cxx", "hpp", "hh", "cu", "cuh", "py", "js", "mjs", "ts", "tsx", "jsx", "java",
        "kt", "rs", "go", "rb", "php", "pl", "lua", "swift", "cs", "scala", "hs", "ml", "r", "jl", "sh",
        "bash", "zsh", "sql", "qml", "cmake", "css", "scss", "proto", "f90", "asm", "s", "el", "lisp",
        // pictures of text
        "png", "jpg", "jpeg", "tif", "tiff", "bmp", "webp"};
    static const std::unordered_set<std::string> kNames = {"readme",     "license", "licence", "copying",
                                                           "changelog",  "news",    "authors", "makefile",
                                                           "dockerfile", "todo"};
    std::string lower = name;
    for (char& c : lower)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
    const auto dot = lower.rfind('.');
    if (dot == std::string::npos) return kNames.contains(lower);
    return kEndings.contains(lower.substr(dot + 1));
}

std::optional<FileLook> look_at(const fs::path& file) {
    struct stat info {};
    if (stat(file.c_str(), &info) != 0 || !S_ISREG(info.st_mode)) return {};
    return look_of(info);
}

std::string filesystem_of(const fs::path& folder) {
    struct statfs info {};
    if (statfs(folder.c_str(), &info) != 0) return {};
    std::uint32_t id[2] = {};
    static_assert(sizeof id == sizeof info.f_fsid);
    std::memcpy(id, &info.f_fsid, sizeof id);
    char text[64];
    std::snprintf(text, sizeof text, "%lx:%08x%08x", static_cast<unsigned long>(info.f_type), id[0], id[1]);
    return text;
}

Result<ScanResult> scan_folder(storage::Database& database, const storage::CollectionFolder& folder,
                               const ScanOptions& options, CancelToken cancel) {
    ScanResult result;
    storage::Collections collections(database);
    storage::Documents documents(database);
    PELLUCID_TRY(const auto known, from_storage(documents.in_folder(folder.id)));

    std::error_code trouble;
    const std::string filesystem =
        fs::is_directory(folder.path, trouble) ? options.filesystem(folder.path) : std::string();
    const auto stay_away = [&]() -> Result<ScanResult> {
        PELLUCID_CHECK(from_storage(collections.set_away(folder.id, true)));
        result.folder_away = true;
        result.away = static_cast<std::int64_t>(known.size());
        return result;
    };
    if (filesystem.empty()) return stay_away();

    Found found;
    const std::uint64_t device = device_of(folder.path);
    Walker(options, cancel, found, device).walk(folder.path, 0);
    if (found.cancelled) return fail(ErrorCode::cancelled, "the search was stopped");
    std::unordered_map<std::string, const storage::SeenFile*> at_path;
    for (const auto& file : found.files) at_path.emplace(file.path, &file);
    const bool any_known =
        std::any_of(known.begin(), known.end(), [&](const auto& row) { return at_path.contains(row.path); });
    // An empty mount point, or another disk under the same name.
    if (!known.empty() && !any_known && !folder.filesystem.empty() && folder.filesystem != filesystem)
        return stay_away();
    if (!known.empty() && found.files.empty() && !found.unreadable.empty()) return stay_away();

    // Renamed: not at its path, and the same file is at one that was not known.
    std::unordered_set<std::string> known_paths;
    for (const auto& row : known) known_paths.insert(row.path);
    std::map<std::tuple<std::uint64_t, std::uint64_t, std::int64_t>, const storage::SeenFile*> fresh;
    for (const auto& file : found.files)
        if (!known_paths.contains(file.path))
            fresh.emplace(std::tuple(file.stamp.inode, file.stamp.bytes, file.stamp.modified_ns), &file);
    std::vector<storage::DocumentId> gone, away;
    for (const auto& row : known) {
        if (at_path.contains(row.path)) continue;
        const auto same = fresh.find({row.stamp.inode, row.stamp.bytes, row.stamp.modified_ns});
        if (same != fresh.end() && row.stamp.inode != 0) {
            PELLUCID_CHECK(from_storage(documents.rename(row.id, same->second->path)));
            fresh.erase(same);
            ++result.renamed;
            continue;
        }
        const bool hidden_from_us =
            found.cut || std::any_of(found.unreadable.begin(), found.unreadable.end(),
                                     [&](const std::string& path) { return lies_in(row.path, path); });
        // It lay on a disk of its own below this folder, and no such disk is there.
        const bool unplugged = row.mounted && device_of(nearest_folder(row.path)) == device;
        (hidden_from_us || unplugged ? away : gone).push_back(row.id);
    }
    if (!gone.empty()) PELLUCID_CHECK(from_storage(documents.remove(gone)));
    if (!away.empty()) PELLUCID_CHECK(from_storage(documents.set_away(away, true)));
    PELLUCID_TRY(result.waiting, from_storage(documents.see(folder.collection, folder.id, found.files)));
    PELLUCID_CHECK(from_storage(collections.set_scanned(folder.id, filesystem)));
    result.seen = static_cast<std::int64_t>(found.files.size());
    result.removed = static_cast<std::int64_t>(gone.size());
    result.away = static_cast<std::int64_t>(away.size());
    result.unreadable = std::move(found.unreadable);
    result.cut = found.cut;
    return result;
}

}  // namespace pellucid::documents
