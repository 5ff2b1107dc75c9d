// The model library in the database.
#pragma once

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
    storage::Store& store_;
};

}  // namespace pellucid::app
