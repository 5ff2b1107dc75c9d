// models list, and the names that --model takes.
#include "app/cli/model_library.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <map>

#include "app/catalogue/model_name.h"
#include "app/cli/command.h"
#include "engine/model/gguf_parts.h"
#ifdef PELLUCID_HAS_STORAGE
#include "app/library/mover.h"
#include "storage/model_presets.h"
#include "storage/models.h"
#include "storage/store.h"
#endif

namespace pellucid::cli {

namespace fs = std::filesystem;

namespace {

void add(std::map<std::string, LibraryModel>& models, const fs::path& path) {
    std::error_code trouble;
    LibraryModel model{path.stem().string(), path, fs::file_size(path, trouble), {}, {}, {}, {}};
    if (trouble) model.bytes = 0;
    models.emplace(path.string(), std::move(model));
}

#ifdef PELLUCID_HAS_STORAGE
/// Null: there is none yet.
Result<std::unique_ptr<storage::Database>> open_to_read(const fs::path& folder) {
    storage::DatabaseOptions options;
    options.path = folder / "pellucid.db";
    options.read_only = true;
    std::error_code trouble;
    if (!fs::exists(options.path, trouble)) return std::unique_ptr<storage::Database>();
    auto database = storage::Database::open(options);
    if (!database)
        return fail(ErrorCode::io, "the model library cannot be read: " + database.error().what,
                    "give the path of a .gguf file");
    return *std::move(database);
}

template <typename T>
Result<T> read(const storage::Result<T>& result) {
    if (!result)
        return fail(ErrorCode::io, "the model library cannot be read: " + result.error().what,
                    "give the path of a .gguf file");
    return *result;
}
#endif

/// `models_folder` becomes the place that the library was moved to, if it was.
Result<void> add_stored(std::map<std::string, LibraryModel>& models, const fs::path& folder,
                        fs::path& models_folder) {
#ifdef PELLUCID_HAS_STORAGE
    PELLUCID_TRY(const auto database, open_to_read(folder));
    if (!database) return {};
    PELLUCID_TRY(const auto stored, read(storage::Models(*database).list()));
    for (const storage::ModelRecord& record : stored) {
        add(models, record.path);
        LibraryModel& model = models.at(record.path);
        model.id = library_name(record);
        model.source = record.source;
        model.repository = record.repository;
        model.revision = record.revision;
        model.licence = record.licence;
    }
    models_folder = library::models_folder(*database, folder);
#else
    (void)models;
    (void)folder;
    (void)models_folder;
#endif
    return {};
}

std::string listed(const std::vector<LibraryModel>& models) {
    std::string text;
    for (const auto& model : models) text += (text.empty() ? "" : ", ") + model.id;
    return text;
}

}  // namespace

#ifdef PELLUCID_HAS_STORAGE
std::string library_name(const storage::ModelRecord& model) {
    // Ollama names files by their digest.
    const auto origin = library::origin_from(model.source);
    const bool named = origin && !library::app_name(*origin).empty() && !model.title.empty();
    return named ? model.title : fs::path(model.path).stem().string();
}
#endif

Result<std::vector<AdapterStrength>> library_adapters(const std::string& path, const fs::path& folder) {
    std::vector<AdapterStrength> adapters;
#ifdef PELLUCID_HAS_STORAGE
    std::error_code trouble;
    PELLUCID_TRY(const auto database, open_to_read(folder));
    if (!database) return adapters;
    PELLUCID_TRY(const auto model, read(storage::Models(*database).find_by_path(
                                       fs::absolute(path, trouble).lexically_normal().string())));
    if (!model) return adapters;
    PELLUCID_TRY(const auto kept, read(storage::ModelPresets(*database).adapters(model->id)));
    for (const storage::ModelAdapter& adapter : kept)
        if (adapter.enabled) adapters.push_back({adapter.path, static_cast<float>(adapter.strength)});
#else
    (void)path;
    (void)folder;
#endif
    return adapters;
}

fs::path data_folder(const std::string& chosen) {
    if (!chosen.empty()) return chosen;
    if (const char* home = std::getenv("XDG_DATA_HOME"); home != nullptr && *home == '/')
        return fs::path(home) / "pellucid";
    const char* home = std::getenv("HOME");
    return fs::path(home != nullptr ? home : "") / ".local/share/pellucid";
}

void add_data_dir(CLI::App& app, std::string& chosen) {
    app.add_option("--data-dir", chosen, "folder of the model library (the app's own)");
}

Result<std::vector<LibraryModel>> library_models(const fs::path& folder) {
    std::map<std::string, LibraryModel> by_path;
    fs::path models_folder = folder / "models";
    PELLUCID_CHECK(add_stored(by_path, folder, models_folder));
    std::error_code trouble;
    for (fs::directory_iterator entry(models_folder, trouble), end; !trouble && entry != end;
         entry.increment(trouble))
        if (is_listed(entry->path().filename().string())) add(by_path, entry->path());
    std::vector<LibraryModel> models;
    for (auto& [path, model] : by_path) models.push_back(std::move(model));
    // The starter that came with the program, until the app has taken it into its folder.
    const fs::path program = fs::read_symlink("/proc/self/exe", trouble);
    for (fs::directory_iterator entry(program.parent_path() / "../share/pellucid/starter", trouble), end;
         !trouble && entry != end; entry.increment(trouble)) {
        const std::string id = entry->path().stem().string();
        if (entry->path().extension() != ".gguf" ||
            std::any_of(models.begin(), models.end(),
                        [&](const LibraryModel& model) { return model.id == id; }))
            continue;
        models.push_back(
            {id, entry->path().lexically_normal(), entry->file_size(trouble), "starter", {}, {}, {}});
    }
    std::stable_sort(models.begin(), models.end(),
                     [](const LibraryModel& a, const LibraryModel& b) { return a.id < b.id; });
    return models;
}

Result<std::string> resolve_model(const std::string& wanted, const fs::path& folder) {
    std::error_code trouble;
    if (fs::exists(wanted, trouble)) return wanted;
    if (wanted.find('/') != std::string::npos || wanted.find_first_not_of(" .-_") == std::string::npos)
        return wanted;  // a path: opening it says why not
    PELLUCID_TRY(const auto models, library_models(folder));
    std::vector<std::string> ids;
    for (const auto& model : models) ids.push_back(model.id);
    std::vector<LibraryModel> found;
    for (const std::size_t place : catalogue::named(ids, wanted)) found.push_back(models[place]);
    if (found.size() == 1) return found.front().path.string();
    if (found.size() > 1)
        return fail(ErrorCode::invalid_argument, "\"" + wanted + "\" may be " + listed(found),
                    "give one of these, or the path of a .gguf file");
    return fail(ErrorCode::not_found, "there is no file and no model in the library named \"" + wanted + "\"",
                models.empty()
                    ? "give the path of a .gguf file; the library in " + folder.string() + " is empty"
                    : "the library has " + listed(models));
}

}  // namespace pellucid::cli
