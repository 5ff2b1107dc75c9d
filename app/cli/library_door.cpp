#ifdef PELLUCID_HAS_STORAGE
#include "app/cli/library_door.h"

#include "app/catalogue/model_name.h"
#include "app/cli/model_library.h"
#include "app/library/mover.h"
#include "app/library/storage_error.h"
#include "engine/base/ascii.h"
#include "engine/model/model_file.h"

namespace pellucid::cli {

namespace fs = std::filesystem;

Result<std::unique_ptr<LibraryDoor>> LibraryDoor::open(const fs::path& data_folder) {
    auto door = std::make_unique<LibraryDoor>();
    storage::DatabaseOptions options;
    options.path = data_folder / "pellucid.db";
    auto store = storage::Store::open(options);
    if (!store) {
        const Error error = library::from_storage(store.error());
        if (error.code == ErrorCode::busy)
            return fail(ErrorCode::busy, error.what, "close the window of Pellucid, then try again");
        return fail(error);
    }
    door->store_ = *std::move(store);
    storage::Database& database = door->store_->database();
    door->library_ =
        std::make_unique<library::Library>(database, library::models_folder(database, data_folder));
    return door;
}

Result<library::NewModel> new_model_at(const std::string& path) {
    PELLUCID_TRY(const ModelFile file, open_model_file(path, GgufRead::header_only));
    std::error_code trouble;
    library::NewModel model;
    model.path = fs::absolute(path, trouble).lexically_normal();
    model.facts.path = model.path.string();
    model.facts.name = file.facts.name;
    model.facts.architecture = file.facts.architecture;
    model.facts.quantization = file.facts.quantization;
    model.facts.file_bytes = file.facts.file_bytes;
    model.facts.parameters = static_cast<std::uint64_t>(file.facts.parameters);
    model.facts.trained_context = file.spec->trained_context;
    return model;
}

Result<library::NewModel> new_model_of(const std::string& wanted) {
    std::error_code trouble;
    if (fs::exists(wanted, trouble)) return new_model_at(wanted);
    PELLUCID_TRY(const auto found, library::find_models(library::Surroundings::of_this_process()));
    std::vector<const library::FoundModel*> named;
    for (const library::FoundModel& model : found.models)
        if (same_word(model.name, wanted)) named.push_back(&model);
    if (named.empty()) return new_model_at(wanted);  // which says that it is not there
    if (named.size() > 1)
        return fail(ErrorCode::invalid_argument,
                    "\"" + wanted + "\" may be " + named[0]->path.string() + " or " + named[1]->path.string(),
                    "give one of these");
    library::NewModel model = library::new_model(*named.front());
    PELLUCID_TRY(const library::NewModel read, new_model_at(model.path.string()));
    model.facts = read.facts;
    return model;
}

Result<storage::ModelRecord> find_record(const std::vector<storage::ModelRecord>& models,
                                         const std::string& wanted) {
    std::error_code trouble;
    const std::string path = fs::absolute(wanted, trouble).lexically_normal().string();
    std::vector<std::string> ids;
    for (const auto& model : models) {
        if (model.path == path || model.path == wanted) return model;
        ids.push_back(library_name(model));
    }
    const auto places = catalogue::named(ids, wanted);
    if (places.size() == 1) return models[places.front()];
    std::string list;
    for (const std::size_t place : places) list += (list.empty() ? "" : ", ") + ids[place];
    if (!places.empty())
        return fail(ErrorCode::invalid_argument, "\"" + wanted + "\" may be " + list,
                    "give one of these, or its path");
    return fail(ErrorCode::not_found, "the library has no model named \"" + wanted + "\"",
                "pellucid-cli models list shows what it has; models add enters a file");
}

}  // namespace pellucid::cli
#endif
