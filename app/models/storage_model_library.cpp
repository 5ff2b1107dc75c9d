#include "app/models/storage_model_library.h"

#include <sys/stat.h>

#include <nlohmann/json.hpp>

#include "app/threads/work_thread.h"

namespace pellucid::app {

namespace {

/// Tells whether a file is the one that was read: its length and time, in the units of the system.
std::string stampOf(const std::string& path) {
    struct stat status {};
    if (stat(path.c_str(), &status) != 0) return {};
    return std::to_string(status.st_size) + ':' + std::to_string(status.st_mtim.tv_sec) + ':' +
           std::to_string(status.st_mtim.tv_nsec);
}

std::string factsOf(const ModelInfo& info) {
    return nlohmann::json{{"active", info.active_parameters},
                          {"layers", info.layers},
                          {"vocabulary", info.vocabulary},
                          {"digest", info.digest}}
        .dump();
}

/// Written by this program, and still from outside: what does not fit is as good as not there.
void takeFacts(const std::string& text, ModelInfo& info) {
    const auto facts = nlohmann::json::parse(text, nullptr, false);
    if (!facts.is_object()) return;
    const auto number = [&](const char* key, auto& value) {
        const auto found = facts.find(key);
        if (found != facts.end() && found->is_number_unsigned())
            value = found->get<std::remove_reference_t<decltype(value)>>();
    };
    number("active", info.active_parameters);
    number("layers", info.layers);
    number("vocabulary", info.vocabulary);
    if (const auto digest = facts.find("digest"); digest != facts.end() && digest->is_string())
        info.digest = digest->get<std::string>();
}

}  // namespace

void StorageModelLibrary::list(QObject* context, std::function<void(std::vector<LocalModel>)> then) {
    store_.thread().post([this, context = GuiContext(context), then = std::move(then)] {
        std::vector<LocalModel> models;
        if (const auto rows = store_.models().list()) {
            models.reserve(rows->size());
            for (const storage::ModelRecord& row : *rows) {
                LocalModel model;
                model.path = QString::fromStdString(row.path);
                model.id = model.path;
                model.title = QString::fromStdString(row.title);
                model.keepAliveSeconds = row.keep_alive_seconds;
                model.info.path = row.path;
                model.info.name = row.name;
                model.info.architecture = row.architecture;
                model.info.quantization = row.quantization;
                model.info.file_bytes = row.file_bytes;
                model.info.parameters = row.parameters;
                model.info.trained_context = row.trained_context;
                // The file may have become another one since.
                if (!row.facts_stamp.empty() && row.facts_stamp == stampOf(row.path))
                    takeFacts(row.facts_json, model.info);
                models.push_back(std::move(model));
            }
        }
        context.post([then, models = std::move(models)]() mutable { then(std::move(models)); });
    });
}

void StorageModelLibrary::keepFacts(const LocalModel& model) {
    store_.thread().post([this, path = model.path.toStdString(), info = model.info] {
        const auto found = store_.models().find_by_path(path);
        if (!found || !*found) return;
        const std::string facts = factsOf(info), stamp = stampOf(path);
        if ((*found)->facts_json == facts && (*found)->facts_stamp == stamp) return;
        storage::ModelRecord record = **found;
        record.name = info.name;
        record.architecture = info.architecture;
        record.quantization = info.quantization;
        record.file_bytes = info.file_bytes;
        record.parameters = info.parameters;
        record.trained_context = info.trained_context;
        (void)store_.models().add(record);
        (void)store_.models().set_facts((*found)->id, facts, stamp);
    });
}

void StorageModelLibrary::addTokens(const QString& path, int count) {
    store_.thread().post([this, path = path.toStdString(), count] {
        const auto found = store_.models().find_by_path(path);
        if (found && *found)
            (void)store_.models().add_tokens((*found)->id, static_cast<std::uint64_t>(count));
    });
}

void StorageModelLibrary::add(const LocalModel& model) {
    store_.thread().post([this, model] {
        storage::ModelRecord record;
        record.path = model.path.toStdString();
        record.name = model.info.name;
        record.architecture = model.info.architecture;
        record.quantization = model.info.quantization;
        record.file_bytes = model.info.file_bytes;
        record.parameters = model.info.parameters;
        record.trained_context = model.info.trained_context;
        auto removed = removed_.find(record.path);
        // A download of the same name that was entered meanwhile is another file.
        if (const auto known = store_.models().find_by_path(record.path);
            known && *known && removed != removed_.end()) {
            removed_.erase(removed);
            removed = removed_.end();
        }
        if (removed != removed_.end()) record.settings_json = removed->second.record.settings_json;
        const auto id = store_.models().add(record);
        if (removed == removed_.end()) return;
        if (id) bringBack(*id, removed->second);
        removed_.erase(removed);
    });
}

void StorageModelLibrary::bringBack(storage::ModelId id, const Removed& removed) {
    const storage::ModelRecord& was = removed.record;
    (void)store_.models().set_provenance(
        id, {was.title, was.source, was.repository, was.revision, was.licence, was.licence_accepted_at > 0});
    (void)store_.models().set_favourite(id, was.favourite);
    (void)store_.models().set_keep_alive(id, was.keep_alive_seconds);
    if (was.tokens_generated > 0) (void)store_.models().add_tokens(id, was.tokens_generated);
    if (was.last_used_at > 0) (void)store_.models().mark_used(id);
    (void)store_.model_files().set(id, removed.files);
    for (const storage::ModelPreset& preset : removed.presets)
        (void)store_.model_presets().save(id, preset.name, preset.settings_json);
    (void)store_.model_presets().set_adapters(id, removed.adapters);
}

void StorageModelLibrary::remove(const QString& path) {
    store_.thread().post([this, path = path.toStdString()] {
        const auto found = store_.models().find_by_path(path);
        if (!found || !*found) return;
        const storage::ModelId id = (*found)->id;
        Removed removed{**found, {}, {}, {}};
        if (auto files = store_.model_files().of(id)) removed.files = *std::move(files);
        if (auto presets = store_.model_presets().list(id)) removed.presets = *std::move(presets);
        if (auto adapters = store_.model_presets().adapters(id)) removed.adapters = *std::move(adapters);
        if (store_.models().remove(id)) removed_[path] = std::move(removed);
    });
}

void StorageModelLibrary::markUsed(const QString& path) {
    store_.thread().post([this, path = path.toStdString()] {
        const auto found = store_.models().find_by_path(path);
        if (found && *found) (void)store_.models().mark_used((*found)->id);
    });
}

}  // namespace pellucid::app
