// Named settings of a model ("Writing", "Code, strict"), and the adapters (LoRA) that belong to it.
#pragma once

#include <string>
#include <vector>

#include "storage/message.h"

namespace pellucid::storage {

struct ModelPreset {
    std::int64_t id = 0;
    ModelId model = 0;
    std::string name;           ///< unique within the model
    std::string settings_json;  ///< as the app writes a model's settings
};

struct ModelAdapter {
    std::string path;
    double strength = 1;
    bool enabled = true;
    bool operator==(const ModelAdapter&) const = default;
};

/// Thread safe, as Conversations is. Presets and adapters go with their model.
class ModelPresets {
public:
    explicit ModelPresets(Database& database);

    /// By name.
    Result<std::vector<ModelPreset>> list(ModelId model) const;
    /// Adds, or replaces the one of the same name. invalid_argument: no name. not_found: no such model.
    Result<std::int64_t> save(ModelId model, const std::string& name, const std::string& settings_json);
    /// invalid_argument: another has that name. not_found.
    Result<void> rename(std::int64_t id, const std::string& name);
    Result<void> remove(std::int64_t id);

    Result<std::vector<ModelAdapter>> adapters(ModelId model) const;
    /// These, in this order. invalid_argument: one path twice.
    Result<void> set_adapters(ModelId model, const std::vector<ModelAdapter>& adapters);

private:
    Database& database_;
};

}  // namespace pellucid::storage
