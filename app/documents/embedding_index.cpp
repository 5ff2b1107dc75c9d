#include "app/documents/embedding_index.h"

#include <unordered_map>

#include "app/library/storage_error.h"

namespace pellucid::documents {

using library::from_storage;

EmbeddingIndex::EmbeddingIndex(storage::Database& database, ThreadPool* pool)
    : database_(database), pool_(pool) {}

Result<void> EmbeddingIndex::use(std::shared_ptr<EmbeddingSource> source) {
    std::shared_ptr<ActiveEmbedding> made;
    if (source) {
        made = std::make_shared<ActiveEmbedding>();
        storage::ChunkVectors rows(database_);
        made->source = source;
        if (database_.read_only()) {
            PELLUCID_TRY(const auto models, from_storage(rows.models()));
            for (const auto& model : models)
                if (model.digest == source->digest() && model.dimensions == source->dimensions())
                    made->model = model.id;
        } else {
            PELLUCID_TRY(made->model,
                         from_storage(rows.model(source->digest(), source->name(), source->dimensions())));
        }
        made->vectors = std::make_shared<VectorIndex>(source->dimensions(), pool_);
        PELLUCID_CHECK(from_storage(
            rows.each(made->model, [&](const storage::ChunkVector& vector) { made->vectors->add(vector); })));
    }
    const std::lock_guard lock(mutex_);
    active_ = std::move(made);
    return {};
}

std::shared_ptr<const ActiveEmbedding> EmbeddingIndex::active() const {
    const std::lock_guard lock(mutex_);
    return active_;
}

Result<void> EmbeddingIndex::prepare(const ActiveEmbedding& active, CancelToken cancel) {
    const std::lock_guard turn(preparing_);
    if (active.vectors->has_centres()) return {};
    PELLUCID_TRY(auto centres, language_centres(*active.source, cancel));
    active.vectors->set_centres(std::move(centres));
    return {};
}

Result<void> EmbeddingIndex::keep(const ActiveEmbedding& active,
                                  std::span<const storage::ChunkVector> vectors) {
    PELLUCID_TRY(const auto kept, from_storage(storage::ChunkVectors(database_).put(active.model, vectors)));
    std::unordered_map<ChunkId, ContentId> contents(kept.begin(), kept.end());
    for (storage::ChunkVector vector : vectors) {
        const auto found = contents.find(vector.chunk);
        if (found == contents.end()) continue;
        vector.content = found->second;
        active.vectors->add(vector);
    }
    return {};
}

void EmbeddingIndex::forget(std::span<const ContentId> contents) {
    if (const auto now = active(); now && !contents.empty()) now->vectors->remove(contents);
}

}  // namespace pellucid::documents
