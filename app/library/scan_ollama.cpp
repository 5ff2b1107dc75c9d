// Ollama. Source: its manifest package (manifest/manifest.go, manifest/paths.go, types/model/name.go) and
// server/internal/manifest documentation, read 2026.
//
//   MODELS/manifests/HOST/NAMESPACE/MODEL/TAG   a manifest as JSON; since "manifest-v2" in
//   MODELS/manifest-v2,
//                                               where the file is a link to, or a copy of, a blob
//   MODELS/blobs/sha256-HEX                     what it names: layers, named by their own digest
//
// A manifest is {schemaVersion, mediaType, config, layers: [{mediaType, digest: "sha256:HEX", size}]}; the
// model is the layer of type …image.model, a GGUF; …image.adapter a LoRA for it, …image.system its system
// prompt, …image.params a JSON object of sampling parameters. Left aside: …image.template, a Go template
// where the GGUF has a chat template of its own; …image.messages and …image.license. A manifest list has
// "manifests": children, each a manifest or, with "digest", a reference to a blob that is one; "runner" says
// what they are for.
#include <algorithm>
#include <cmath>
#include <map>

#include "app/library/scan.h"
#include "engine/text/utf8.h"

namespace pellucid::library {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view kModel = "application/vnd.ollama.image.model";
constexpr std::string_view kAdapter = "application/vnd.ollama.image.adapter";
constexpr std::string_view kSystem = "application/vnd.ollama.image.system";
constexpr std::string_view kParameters = "application/vnd.ollama.image.params";
constexpr std::string_view kList = "application/vnd.ollama.manifest.list.v2+json";
constexpr const char* kPullAgain = "Pull the model again in Ollama.";

/// The blob of a digest, where it is there and as long as its manifest says. Made of the digest's own digits,
/// so no manifest names a path.
Result<FoundFile> blob(const fs::path& root, const nlohmann::json& layer) {
    const std::string sha256 = plain_sha256(text_of(layer, "digest"));
    if (sha256.empty())
        return fail(ErrorCode::corrupt, "a layer of this Ollama model has no SHA-256 digest", kPullAgain);
    const fs::path path = root / "blobs" / ("sha256-" + sha256);
    const auto size = regular_size(path);
    if (!size)
        return fail(ErrorCode::not_found, path.string() + " is missing: a part of this Ollama model",
                    kPullAgain);
    const auto claimed = count_of(layer, "size");
    if (!claimed || *claimed != *size)
        return fail(ErrorCode::corrupt, path.string() + " is not as long as its Ollama manifest says",
                    kPullAgain);
    return FoundFile{path, *size, sha256};
}

/// The manifest that can be run here: itself, or of a list the child for a runner that reads GGUF.
Result<nlohmann::json> runnable(const fs::path& root, nlohmann::json manifest) {
    if (text_of(manifest, "mediaType") != kList) return manifest;
    const auto children = manifest.find("manifests");
    if (children != manifest.end() && children->is_array())
        for (const char* runner : {"ollama", "llamacpp"})
            for (const nlohmann::json& child : *children) {
                if (text_of(child, "runner") != runner) continue;
                if (child.contains("layers")) return child;
                const std::string sha256 = plain_sha256(text_of(child, "digest"));
                const fs::path file = root / "blobs" / ("sha256-" + sha256);
                if (sha256.empty() || !regular_size(file))
                    return fail(ErrorCode::not_found, "a manifest of this Ollama model is missing",
                                kPullAgain);
                return small_json(file);
            }
    return fail(ErrorCode::unsupported, "this Ollama model has no GGUF file",
                "Choose one that runs with Ollama's own or llama.cpp's runner.");
}

/// "qwen3:0.6b"; with the namespace where it is not Ollama's own, with the host where it is another's.
std::string name_of(const fs::path& relative) {
    std::vector<std::string> parts;
    for (const fs::path& part : relative) parts.push_back(part.string());
    if (parts.size() != 4) return {};
    std::string name;
    if (parts[0] != "registry.ollama.ai" && parts[0] != "ollama.com") name = parts[0] + "/";
    if (!name.empty() || parts[1] != "library") name += parts[1] + "/";
    return shown(name + parts[2] + ":" + parts[3]);
}

/// Numbers of a params layer; lists (stop strings, which the chat template has) and words are left out.
std::map<std::string, double> numbers_of(const nlohmann::json& object) {
    std::map<std::string, double> numbers;
    if (object.is_object())
        for (const auto& [name, value] : object.items())
            if (value.is_number() && std::isfinite(value.get<double>()) && numbers.size() < 100)
                numbers[name] = value.get<double>();
    return numbers;
}

Result<FoundModel> read_manifest(const fs::path& root, const fs::path& path) {
    PELLUCID_TRY(nlohmann::json named, small_json(path));
    PELLUCID_TRY(const nlohmann::json manifest, runnable(root, std::move(named)));
    const auto layers = manifest.find("layers");
    if (layers == manifest.end() || !layers->is_array())
        return fail(ErrorCode::corrupt, path.string() + " is not an Ollama manifest", kPullAgain);
    FoundModel model;
    model.origin = Origin::ollama;
    FoundBehaviour behaviour;
    for (const nlohmann::json& layer : *layers) {
        const std::string type = text_of(layer, "mediaType");
        if (type == kModel) {
            if (!model.files.empty())
                return fail(ErrorCode::unsupported, path.string() + ": the model is in several files",
                            "Use the model's GGUF files from elsewhere.");
            PELLUCID_TRY(FoundFile file, blob(root, layer));
            model.path = file.path;
            model.files.push_back(std::move(file));
        } else if (type == kAdapter) {
            PELLUCID_TRY(FoundFile file, blob(root, layer));
            model.adapters.push_back(std::move(file));
        } else if (type == kSystem) {
            PELLUCID_TRY(const FoundFile file, blob(root, layer));
            PELLUCID_TRY(const std::string text, small_file(file.path));
            behaviour.system = to_well_formed_utf8(text);
        } else if (type == kParameters) {
            PELLUCID_TRY(const FoundFile file, blob(root, layer));
            PELLUCID_TRY(const nlohmann::json object, small_json(file.path));
            behaviour.parameters = numbers_of(object);
        }
    }
    if (!behaviour.system.empty() || !behaviour.parameters.empty())
        model.behaviours.push_back(std::move(behaviour));
    if (model.files.empty())
        return fail(ErrorCode::unsupported, path.string() + ": no GGUF file belongs to this Ollama model",
                    "It may run on Ollama's own service, or be of another format.");
    return model;
}

/// Whether `a` names a model better than `b`: "8b" says more than "latest".
bool says_more(const std::string& a, const std::string& b) {
    const bool latest_a = a.ends_with(":latest"), latest_b = b.ends_with(":latest");
    return latest_a != latest_b ? latest_b : a < b;
}

}  // namespace

void scan_ollama(Scan& scan) {
    const fs::path& root = scan.folder.path;
    // Tags of one blob are one model, unless an adapter makes another of it.
    std::map<std::vector<fs::path>, FoundModel> models;
    for (const char* tree : {"manifest-v2", "manifests"})
        walk(scan, root / tree, 3, [&](const fs::path& path) {
            const fs::path relative = path.lexically_relative(root / tree);
            const std::string name = name_of(relative);
            if (name.empty()) return;
            auto model = read_manifest(root, path);
            if (!model) return scan.skip(path, model.error());
            model->name = name;
            model->revision = shown(relative.filename().string());
            model->repository = name.substr(0, name.rfind(':'));
            std::vector<fs::path> key{model->path};
            for (const FoundFile& adapter : model->adapters) key.push_back(adapter.path);
            for (FoundBehaviour& behaviour : model->behaviours) behaviour.name = name;
            const auto [place, first] = models.try_emplace(key, *model);
            if (first) return;
            FoundModel& known = place->second;
            auto behaviours = std::move(known.behaviours);
            for (FoundBehaviour& behaviour : model->behaviours)
                if (std::ranges::find(behaviours, behaviour.name, &FoundBehaviour::name) == behaviours.end())
                    behaviours.push_back(std::move(behaviour));
            if (says_more(model->name, known.name)) known = *std::move(model);
            known.behaviours = std::move(behaviours);
        });
    for (auto& [key, model] : models) {
        const std::string sha256 = model.files.front().sha256;
        std::ranges::sort(model.behaviours, {}, &FoundBehaviour::name);
        add_gguf(scan, std::move(model), sha256);
    }
}

}  // namespace pellucid::library
