// The embedding model in use, and the vectors that it made, in memory: what the importer fills and the
// retriever asks.
#pragma once

#include <memory>
#include <mutex>
#include <span>
#include <vector>

#include "app/documents/embedding_source.h"
#include "app/documents/vector_index.h"
#include "storage/chunk_vectors.h"

namespace pellucid::documents {

/// A model with its vectors. They go together: a search by one model's query never meets another's vectors.
struct ActiveEmbedding {
    std::shared_ptr<EmbeddingSource> source;
    storage::EmbeddingModelId model = 0;
    std::shared_ptr<VectorIndex> vectors;
};

/// Thread safe.
class EmbeddingIndex {
public:
    /// `database` must outlive it, `pool` too where there is one.
    explicit EmbeddingIndex(storage::Database& database, ThreadPool* pool = nullptr);

    /// From now on this model; null: none. Reads the vectors that it has made. On an error the model before
    /// stays.
    Result<void> use(std::shared_ptr<EmbeddingSource> source);
    /// None: no model is in use.
    std::shared_ptr<const ActiveEmbedding> active() const;

    /// Before the first search by a model: its language centres, a hundred short texts to embed. Nothing
    /// where they are known. Errors: those of the model; the next call tries again.
    Result<void> prepare(const ActiveEmbedding& active, CancelToken cancel = {});

    /// Stores vectors of the active model and makes them found. Texts that are gone are passed over.
    Result<void> keep(const ActiveEmbedding& active, std::span<const storage::ChunkVector> vectors);
    void forget(std::span<const ContentId> contents);

private:
    storage::Database& database_;
    ThreadPool* pool_;
    mutable std::mutex mutex_;
    std::mutex preparing_;
    std::shared_ptr<const ActiveEmbedding> active_;
};

}  // namespace pellucid::documents
