// The vectors of chunks, and the models that made them.
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "storage/contents.h"

namespace pellucid::storage {

using EmbeddingModelId = std::int64_t;

struct EmbeddingModelRow {
    EmbeddingModelId id = 0;
    std::string digest;  ///< of the model's file and of how it is asked
    std::string name;
    int dimensions = 0;
    std::int64_t vectors = 0;
};

struct ChunkVector {
    ChunkId chunk = 0;
    ContentId content = 0;  ///< not written
    float scale = 0;
    std::vector<std::int8_t> values;  ///< [dimensions] times scale
};

/// Thread safe. Errors: invalid_argument, corrupt (a vector of another length than its model's) and those of
/// Database.
class ChunkVectors {
public:
    explicit ChunkVectors(Database& database) : database_(database) {}

    /// The model of that digest, entered where it was not. invalid_argument: it is known with other
    /// dimensions.
    Result<EmbeddingModelId> model(const std::string& digest, const std::string& name, int dimensions);
    Result<std::vector<EmbeddingModelRow>> models() const;
    /// Where the model in use lies, as it was last set; empty: none was.
    Result<std::string> chosen_path() const;
    Result<void> set_chosen_path(const std::string& path);
    /// Chunks without a vector of this model, from `after` on, in order.
    Result<std::vector<ChunkRow>> pending(EmbeddingModelId model, ChunkId after, int limit) const;
    Result<std::int64_t> pending_count(EmbeddingModelId model) const;
    /// In one transaction; takes the place of what another model made. Chunks that are gone are passed over.
    /// Returns what was kept, with its content.
    Result<std::vector<std::pair<ChunkId, ContentId>>> put(EmbeddingModelId model,
                                                           std::span<const ChunkVector> vectors);
    /// Every vector of the model, by chunk. The argument is reused from call to call.
    Result<void> each(EmbeddingModelId model, const std::function<void(const ChunkVector&)>& visit) const;

private:
    Database& database_;
};

}  // namespace pellucid::storage
