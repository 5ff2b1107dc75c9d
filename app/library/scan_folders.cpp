// Programs that keep GGUF files under their own names: LM Studio, GPT4All, llama.cpp, the Hugging Face cache.
#include <algorithm>
#include <map>

#include "app/library/scan.h"
#include "engine/model/gguf_parts.h"

namespace pellucid::library {

namespace fs = std::filesystem;

// LM Studio. Source: its documentation, "Import models" (models/PUBLISHER/MODEL/FILE.gguf).
void scan_lm_studio(Scan& scan) {
    walk(scan, scan.folder.path, 4, [&](const fs::path& file) {
        FoundModel model;
        model.origin = Origin::lm_studio;
        model.path = file;
        model.name = model_name_of(file);
        const fs::path relative = file.lexically_relative(scan.folder.path).parent_path();
        if (std::distance(relative.begin(), relative.end()) == 2) model.repository = shown(relative.string());
        add_gguf(scan, std::move(model));
    });
}

// GPT4All. Source: gpt4all-chat/src/modellist.cpp and mysettings.cpp: all models in one folder, a download
// that is not finished as "incomplete-NAME".
void scan_gpt4all(Scan& scan) {
    walk(scan, scan.folder.path, 0, [&](const fs::path& file) {
        if (file.filename().string().starts_with("incomplete-")) return;
        FoundModel model;
        model.origin = Origin::gpt4all;
        model.path = file;
        model.name = model_name_of(file);
        add_gguf(scan, std::move(model));
    });
}

// llama.cpp's own cache. Source: common/download.cpp and the description of LLAMA_CACHE: files as
// ORG_REPO_FILE.gguf; the answer of the hub about a tag as manifest=ORG=REPO=TAG.json, with {"ggufFile":
// {"rfilename", "size", "lfs":
// {"sha256"}}}.
void scan_llama_cpp(Scan& scan) {
    struct Known {
        std::string repository, revision, sha256;
        std::optional<std::uint64_t> bytes;
    };
    std::map<std::string, Known> by_name;          // of a file
    std::map<std::string, std::string> by_prefix;  // "ORG_REPO_" to "ORG/REPO"
    std::vector<fs::path> files;
    walk(scan, scan.folder.path, 0, [&](const fs::path& file) {
        const std::string name = file.filename().string();
        if (name.ends_with(".gguf")) files.push_back(file);
        if (!name.starts_with("manifest=") || !name.ends_with(".json")) return;
        std::vector<std::string> parts;
        for (std::size_t at = 9; at <= name.size() - 5;) {
            const std::size_t end = std::min(name.find('=', at), name.size() - 5);
            parts.push_back(name.substr(at, end - at));
            at = end + 1;
        }
        if (parts.size() != 3) return;
        Known known{shown(parts[0] + "/" + parts[1]), shown(parts[2]), {}, {}};
        const std::string prefix = parts[0] + "_" + parts[1] + "_";
        by_prefix[prefix] = known.repository;
        const auto manifest = small_json(file);
        if (!manifest) return scan.skip(file, manifest.error());
        const auto gguf = manifest->find("ggufFile");
        if (gguf == manifest->end() || !gguf->is_object()) return;
        std::string remote = text_of(*gguf, "rfilename");
        std::ranges::replace(remote, '/', '_');
        known.bytes = count_of(*gguf, "size");
        if (const auto lfs = gguf->find("lfs"); lfs != gguf->end())
            known.sha256 = plain_sha256(text_of(*lfs, "sha256"));
        by_name[prefix + remote] = std::move(known);
    });
    for (const fs::path& file : files) {
        FoundModel model;
        model.origin = Origin::llama_cpp;
        model.path = file;
        model.name = model_name_of(file);
        const std::string name = file.filename().string();
        for (const auto& [prefix, repository] : by_prefix)
            if (name.starts_with(prefix)) {
                model.repository = repository;
                model.name = model_name_of(name.substr(prefix.size()));
            }
        std::string sha256;
        if (const auto known = by_name.find(name); known != by_name.end()) {
            model.revision = known->second.revision;
            // A digest is only believed with the length that it was given for.
            if (known->second.bytes && known->second.bytes == regular_size(file))
                sha256 = known->second.sha256;
        }
        add_gguf(scan, std::move(model), sha256);
    }
}

// The Hugging Face hub's cache. Source: huggingface_hub, "Understand caching":
// models--ORG--NAME/snapshots/COMMIT/… are links to ../../blobs/ETAG, where the etag of a large file is its
// SHA-256; refs/BRANCH holds a commit.
void scan_hugging_face(Scan& scan) {
    std::error_code trouble;
    std::vector<fs::path> repositories;
    for (fs::directory_iterator entry(scan.folder.path, trouble), end; !trouble && entry != end;
         entry.increment(trouble)) {
        if (scan.cancel.cancelled() || scan.entries_left-- <= 0) break;
        if (entry->path().filename().string().starts_with("models--")) repositories.push_back(entry->path());
    }
    std::ranges::sort(repositories);
    for (const fs::path& top : repositories) {
        std::string repository = top.filename().string().substr(8);
        for (std::size_t at = repository.find("--"); at != std::string::npos;
             at = repository.find("--", at + 1))
            repository.replace(at, 2, "/");
        std::string main;
        if (const auto ref = small_file(top / "refs" / "main", 256)) main = *ref;
        while (!main.empty() && (main.back() == '\n' || main.back() == ' ')) main.pop_back();

        struct Snapshot {
            std::vector<fs::path> models, weights;
            std::vector<fs::path> configs;
        };
        std::map<fs::path, Snapshot> snapshots;
        walk(scan, top / "snapshots", 4, [&](const fs::path& file) {
            const fs::path relative = file.lexically_relative(top / "snapshots");
            Snapshot& snapshot = snapshots[*relative.begin()];
            const std::string name = file.filename().string();
            if (name.ends_with(".gguf")) snapshot.models.push_back(file);
            if (name.ends_with(".safetensors")) snapshot.weights.push_back(file);
            if (name == "config.json") snapshot.configs.push_back(file);
        });
        // The commit that refs/main names first: of one blob in several commits, its name is the one offered.
        std::vector<fs::path> commits;
        for (const auto& [commit, snapshot] : snapshots) commits.push_back(commit);
        std::ranges::stable_sort(commits, {},
                                 [&](const fs::path& commit) { return commit.string() != main; });
        std::map<fs::path, bool> offered;
        for (const fs::path& commit : commits) {
            const auto offer_once = [&](const fs::path& file) {
                std::error_code ignored;
                return offered.emplace(fs::canonical(file, ignored), true).second;
            };
            for (const fs::path& file : snapshots[commit].models) {
                if (!is_listed(file.filename().string()) || !offer_once(file)) continue;
                FoundModel model;
                model.origin = Origin::hugging_face;
                model.path = file;
                model.name = model_name_of(file);
                model.repository = shown(repository);
                model.revision = shown(commit.string());
                if (!add_gguf(scan, std::move(model))) continue;
                for (FoundFile& part : scan.found.models.back().files) {
                    std::error_code ignored;
                    part.sha256 = plain_sha256(fs::canonical(part.path, ignored).filename().string());
                }
            }
            for (const fs::path& config : snapshots[commit].configs) {
                const fs::path folder = config.parent_path();
                const auto weights =
                    std::ranges::find(snapshots[commit].weights, folder, &fs::path::parent_path);
                if (weights == snapshots[commit].weights.end() || !offer_once(*weights)) continue;
                auto files = files_of(folder);
                if (!files) {
                    scan.skip(folder, files.error());
                    continue;
                }
                FoundModel model;
                model.origin = Origin::hugging_face;
                model.path = folder;
                model.name = shown(repository);
                model.repository = model.name;
                model.revision = shown(commit.string());
                model.files = *std::move(files);
                for (FoundFile& part : model.files) {
                    std::error_code ignored;
                    part.sha256 = plain_sha256(fs::canonical(part.path, ignored).filename().string());
                }
                scan.found.models.push_back(std::move(model));
            }
        }
    }
}

}  // namespace pellucid::library
