// Which models are known: kept in storage, or in memory. Reads come once at start; writes return at once.
#pragma once

#include <QObject>
#include <functional>

#include "app/models/model_list_model.h"

namespace pellucid::app {

class ModelLibrary {
public:
    virtual ~ModelLibrary() = default;
    virtual void list(QObject* context, std::function<void(std::vector<LocalModel>)> then) = 0;
    virtual void add(const LocalModel& model) = 0;
    virtual void remove(const QString& path) = 0;
    virtual void markUsed(const QString& path) = 0;
    /// What was read from the file of a model that is in the library, for the next start.
    virtual void keepFacts(const LocalModel&) {}
    /// A reply of so many tokens came from it.
    virtual void addTokens(const QString&, int) {}
};

/// Forgets everything at the end.
class MemoryModelLibrary final : public ModelLibrary {
public:
    void list(QObject* context, std::function<void(std::vector<LocalModel>)> then) override;
    void add(const LocalModel& model) override;
    void remove(const QString& path) override;
    void markUsed(const QString&) override {}

private:
    std::vector<LocalModel> models_;
};

}  // namespace pellucid::app
