// The model library: which files there are, what is in them, and the settings kept for each.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "storage/message.h"

namespace pellucid::storage {

struct ModelRecord {
    ModelId id = 0;
    std::string path;    ///< absolute; unique
    std::string digest;  ///< SHA-256 of the file in hex; empty: not computed yet
    std::string name, architecture, quantization;
    std::uint64_t file_bytes = 0, parameters = 0;
    int trained_context = 0;
    bool favourite = false;
    std::string
        settings_json;  ///< sampling, system prompt, context length, threads, device as the app writes them
    Millis added_at = 0, last_used_at = 0;  ///< last_used_at 0: never
};

/// Thread safe, as Conversations is.
class Models {
public:
    explicit Models(Database& database);

    /// Adds a model, or refreshes what is known about the one at the same path (its settings, favourite and
    /// times stay). `id`, `added_at` and `last_used_at` of the argument are not read.
    Result<ModelId> add(const ModelRecord& model);
    /// Favourites first, then last used first, then by name.
    Result<std::vector<ModelRecord>> list() const;
    Result<ModelRecord> get(ModelId id) const;
    Result<std::optional<ModelRecord>> find_by_path(const std::string& path) const;
    Result<std::optional<ModelRecord>> find_by_digest(const std::string& digest) const;
    Result<void> set_path(ModelId id, const std::string& path);
    Result<void> set_digest(ModelId id, const std::string& digest);
    Result<void> set_favourite(ModelId id, bool favourite);
    Result<void> set_settings(ModelId id, const std::string& settings_json);
    Result<void> mark_used(ModelId id);
    /// Forgets the row and its settings; the file stays. Conversations keep their receipts.
    Result<void> remove(ModelId id);

private:
    Database& database_;
};

}  // namespace pellucid::storage
