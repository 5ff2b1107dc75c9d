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
#include "storage/models.h"
#include "storage/store.h"
#endif

namespace pellucid::cli {

namespace fs = std::filesystem;

namespace {

void add(std::map<std::string, LibraryModel>& models, const fs::path& path) {
    std::error_code trouble;
    LibraryModel model{path.stem().string(), path, fs::file_size(path, trouble)};
    if (trouble) model.bytes = 0;
    models.emplace(path.string(), std::move(model));
}

/// `models_folder` becomes the place that the library was moved to, if it was.
Result<void> add_stored(std::map<std::string, LibraryModel>& models, const fs::path& folder,
                        fs::path& models_folder) {
#ifdef PELLUCID_HAS_STORAGE
    storage::DatabaseOptions options;
    options.path = folder / "pellucid.db";
    options.read_only = true;
    std::error_code trouble;
    if (!fs::exists(options.path, trouble)) return {};
    const auto database = storage::Database::open(options);
    if (!database)
        return fail(ErrorCode::io, "the model library cannot be read: " + database.error().what,
                    "give the path of a .gguf file");
    const auto stored = storage::Models(**database).list();
    if (!stored)
        return fail(ErrorCode::io, "the model library cannot be read: " + stored.error().what,
                    "give the path of a .gguf file");
    for (const auto& model : *stored) add(models, model.path);
    models_folder = library::models_folder(**database, folder);
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
        models.push_back({id, entry->path().lexically_normal(), entry->file_size(trouble)});
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
