#include "app/library/library.h"

#include <algorithm>

#include "app/library/file_tools.h"
#include "app/library/scan.h"
#include "app/library/storage_error.h"

namespace pellucid::library {

namespace fs = std::filesystem;

std::string FoundModel::id() const {
    std::string id = path.string();
    for (const FoundFile& adapter : adapters) id += '\n' + adapter.path.string();
    return id;
}

NewModel new_model(const FoundModel& found) {
    NewModel model;
    model.path = found.path;
    model.origin = found.origin;
    model.title = found.name;
    model.repository = found.repository;
    model.revision = found.revision;
    for (const FoundFile& file : found.files) {
        NewModel::File known;
        known.path = file.path;
        known.sha256 = file.sha256;
        model.files.push_back(std::move(known));
    }
    for (const FoundFile& adapter : found.adapters) model.adapters.push_back(adapter.path);
    return model;
}

bool CheckReport::whole() const {
    return std::ranges::all_of(
        files, [](const CheckedFile& checked) { return checked.file.state == storage::FileState::whole; });
}

std::uint64_t CheckReport::damaged_bytes() const {
    std::uint64_t sum = 0;
    for (const CheckedFile& checked : files) {
        if (checked.file.state != storage::FileState::damaged &&
            checked.file.state != storage::FileState::missing)
            continue;
        if (checked.damaged_blocks.empty()) sum += checked.file.bytes;
        for (const std::size_t block : checked.damaged_blocks)
            sum += digest::BlockMap{checked.file.bytes, checked.file.block_bytes, {}}.size(block);
    }
    return sum;
}

Library::Library(storage::Database& database, fs::path models_folder)
    : database_(database),
      models_(database),
      files_(database),
      presets_(database),
      folder_(std::move(models_folder)) {}

Result<ModelId> Library::add(const NewModel& model) {
    PELLUCID_TRY(const auto there, files_of(model.path));
    storage::ModelRecord record = model.facts;
    record.path = model.path.string();
    record.file_bytes = 0;
    std::vector<storage::ModelFile> files;
    for (const FoundFile& found : there) {
        storage::ModelFile file;
        file.path = found.path.string();
        file.bytes = found.bytes;
        record.file_bytes += found.bytes;
        if (const auto facts = facts_of(found.path)) file.modified_ns = facts->modified_ns;
        const auto known = std::ranges::find(model.files, found.path, &NewModel::File::path);
        if (known != model.files.end()) {
            file.sha256 = known->sha256;
            file.sha256_published = !known->sha256.empty();
            file.url = known->url;
            file.etag = known->etag;
            file.block_bytes = known->block_bytes;
            file.blocks = known->blocks;
            if (known->checked) file.state = storage::FileState::whole;
        }
        files.push_back(std::move(file));
    }
    if (files.empty())
        return fail(ErrorCode::unsupported, model.path.string() + " holds no model",
                    "Choose a model's file or folder.");
    // What is known of the same files from before, where nothing better is said now.
    if (const auto before = models_.find_by_path(record.path); before && *before) {
        if (record.architecture.empty()) {  // who enters it has not read its header
            record.name = (*before)->name;
            record.architecture = (*before)->architecture;
            record.quantization = (*before)->quantization;
            record.parameters = (*before)->parameters;
            record.trained_context = (*before)->trained_context;
        }
        PELLUCID_TRY(const auto old, from_storage(files_.of((*before)->id)));
        for (storage::ModelFile& file : files) {
            const auto same = std::ranges::find(old, file.path, &storage::ModelFile::path);
            if (same != old.end() && same->bytes == file.bytes && file.sha256.empty()) {
                const auto modified = file.modified_ns;
                file = *same;
                file.modified_ns = modified;
            }
        }
    }
    PELLUCID_TRY(const ModelId id, from_storage(models_.add(record)));
    PELLUCID_CHECK(from_storage(
        models_.set_provenance(id, {model.title, std::string(to_string(model.origin)), model.repository,
                                    model.revision, model.licence, model.licence_accepted})));
    PELLUCID_CHECK(from_storage(files_.set(id, files)));
    if (!model.adapters.empty()) {
        // A person may have added others, and made these weaker.
        PELLUCID_TRY(auto adapters, from_storage(presets_.adapters(id)));
        for (const fs::path& adapter : model.adapters)
            if (std::ranges::find(adapters, adapter.string(), &storage::ModelAdapter::path) == adapters.end())
                adapters.push_back({adapter.string(), 1, true});
        PELLUCID_CHECK(from_storage(presets_.set_adapters(id, adapters)));
    }
    return id;
}

Result<std::vector<storage::ModelRecord>> Library::list() const {
    return from_storage(models_.list());
}

Result<std::vector<storage::ModelFile>> Library::files(ModelId model) {
    PELLUCID_TRY(auto files, from_storage(files_.of(model)));
    if (!files.empty()) return files;
    // A model from before files were kept.
    PELLUCID_TRY(const auto record, from_storage(models_.get(model)));
    PELLUCID_TRY(auto found, files_of(record.path));
    for (const FoundFile& file : found) {
        storage::ModelFile row;
        row.model = model;
        row.path = file.path.string();
        row.bytes = file.bytes;
        if (const auto facts = facts_of(file.path)) row.modified_ns = facts->modified_ns;
        files.push_back(std::move(row));
    }
    PELLUCID_CHECK(from_storage(files_.set(model, files)));
    return from_storage(files_.of(model));
}

bool Library::owns(const fs::path& path) const {
    std::error_code trouble;
    const fs::path folder = fs::weakly_canonical(folder_, trouble);
    if (trouble) return false;
    const fs::path real = fs::weakly_canonical(path.parent_path(), trouble) / path.filename();
    return !trouble && lies_in(real, folder);
}

bool Library::is_own_file(ModelId model) const {
    const auto record = models_.get(model);
    return record && app_name(origin_from(record->source).value_or(Origin::file)).empty();
}

}  // namespace pellucid::library
