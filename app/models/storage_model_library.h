// The model library in the database.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "app/models/model_library.h"
#include "storage/store.h"

namespace pellucid::app {

class StorageModelLibrary final : public ModelLibrary {
public:
    /// `store` must outlive this object.
    explicit StorageModelLibrary(storage::Store& store) : store_(store) {}

    void list(QObject* context, std::function<void(std::vector<LocalModel>)> then) override;
    void add(const LocalModel& model) override;
    void remove(const QString& path) override;
    void markUsed(const QString& path) override;
    void keepFacts(const LocalModel& model) override;
    void addTokens(const QString& path, int count) override;

private:
    /// What goes with a model's row, so that an undone removal loses nothing.
    struct Removed {
        storage::ModelRecord record;
        std::vector<storage::ModelFile> files;
        std::vector<storage::ModelPreset> presets;
        std::vector<storage::ModelAdapter> adapters;
    };
    void bringBack(storage::ModelId id, const Removed& removed);

    storage::Store& store_;
    std::map<std::string, Removed> removed_;  // by path; of the storage thread
};

}  // namespace pellucid::app
