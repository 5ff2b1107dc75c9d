#include "storage/chunk_vectors.h"

#include <cmath>
#include <cstring>

#include "storage/connection.h"

namespace pellucid::storage {

Result<EmbeddingModelId> ChunkVectors::model(const std::string& digest, const std::string& name,
                                             int dimensions) {
    return writing(database_, [&](Connection& connection) -> EmbeddingModelId {
        if (digest.empty() || dimensions < 1)
            refuse(ErrorCode::invalid_argument, "An embedding model without vectors cannot be used.",
                   "Choose another embedding model.");
        {
            auto known = connection.query("SELECT id, dimensions FROM embedding_models WHERE digest = ?1");
            known.bind(digest);
            if (known.step()) {
                if (known.integer(1) != dimensions)
                    refuse(ErrorCode::invalid_argument,
                           "The embedding model " + name + " gives vectors of another length than before.",
                           "Choose the embedding model again; the documents are then embedded anew.");
                return known.integer(0);
            }
        }
        connection.query("INSERT INTO embedding_models (digest, name, dimensions) VALUES (?1, ?2, ?3)")
            .bind(digest, name, dimensions)
            .run();
        return connection.last_insert_id();
    });
}

Result<std::vector<EmbeddingModelRow>> ChunkVectors::models() const {
    return reading(database_, [&](Connection& connection) {
        std::vector<EmbeddingModelRow> all;
        auto row = connection.query(
            "SELECT m.id, m.digest, m.name, m.dimensions, (SELECT count(*) FROM chunk_vectors v WHERE "
            "v.model_id = m.id) FROM embedding_models m ORDER BY m.id");
        while (row.step())
            all.push_back({row.integer(0), row.text(1), row.text(2), row.small(3), row.integer(4)});
        return all;
    });
}

Result<std::string> ChunkVectors::chosen_path() const {
    return reading(database_, [&](Connection& connection) {
        auto row = connection.query("SELECT value FROM meta WHERE key = 'embedding_model'");
        return row.step() ? row.text(0) : std::string();
    });
}

Result<void> ChunkVectors::set_chosen_path(const std::string& path) {
    return writing(database_, [&](Connection& connection) {
        connection
            .query(
                "INSERT INTO meta (key, value) VALUES ('embedding_model', ?1) ON CONFLICT (key) DO UPDATE "
                "SET "
                "value = excluded.value")
            .bind(path)
            .run();
    });
}

Result<std::vector<ChunkRow>> ChunkVectors::pending(EmbeddingModelId model, ChunkId after, int limit) const {
    STORAGE_TRY(const auto ids, reading(database_, [&](Connection& connection) {
                    std::vector<ChunkId> found;
                    auto row = connection.query(
                        "SELECT c.id FROM chunks c LEFT JOIN chunk_vectors v ON v.chunk_id = c.id AND "
                        "v.model_id = ?1 WHERE c.id > ?2 AND v.chunk_id IS NULL ORDER BY c.id LIMIT ?3");
                    row.bind(model, after, limit);
                    while (row.step()) found.push_back(row.integer(0));
                    return found;
                }));
    return Contents(database_).chunks(ids);
}

Result<std::int64_t> ChunkVectors::pending_count(EmbeddingModelId model) const {
    return reading(database_, [&](Connection& connection) {
        const auto chunks = connection.query("SELECT count(*) FROM chunks").first();
        auto row = connection.query("SELECT count(*) FROM chunk_vectors WHERE model_id = ?1");
        return chunks - row.bind(model).first();
    });
}

Result<std::vector<std::pair<ChunkId, ContentId>>> ChunkVectors::put(EmbeddingModelId model,
                                                                     std::span<const ChunkVector> vectors) {
    return writing(database_, [&](Connection& connection) {
        std::vector<std::pair<ChunkId, ContentId>> kept;
        std::int64_t dimensions = 0;
        {
            auto row = connection.query("SELECT dimensions FROM embedding_models WHERE id = ?1");
            dimensions = row.bind(model).first();
        }
        for (const ChunkVector& vector : vectors) {
            if (static_cast<std::int64_t>(vector.values.size()) != dimensions || !std::isfinite(vector.scale))
                refuse(ErrorCode::invalid_argument,
                       "A vector of a passage has another length than its model's.", "Please report this.");
            ContentId content = 0;
            {
                auto row = connection.query("SELECT content_id FROM chunks WHERE id = ?1");
                content = row.bind(vector.chunk).first();
            }
            if (content == 0) continue;
            connection
                .query(
                    "INSERT INTO chunk_vectors (chunk_id, model_id, scale, vector) VALUES (?1, ?2, ?3, ?4) "
                    "ON "
                    "CONFLICT (chunk_id) DO UPDATE SET model_id = excluded.model_id, scale = excluded.scale, "
                    "vector = excluded.vector")
                .bind(vector.chunk, model, double(vector.scale),
                      Blob{{reinterpret_cast<const char*>(vector.values.data()), vector.values.size()}})
                .run();
            kept.emplace_back(vector.chunk, content);
        }
        return kept;
    });
}

Result<void> ChunkVectors::each(EmbeddingModelId model,
                                const std::function<void(const ChunkVector&)>& visit) const {
    return reading(database_, [&](Connection& connection) {
        std::int64_t dimensions = 0;
        {
            auto row = connection.query("SELECT dimensions FROM embedding_models WHERE id = ?1");
            dimensions = row.bind(model).first();
        }
        ChunkVector vector;
        vector.values.resize(static_cast<std::size_t>(dimensions));
        // The cross join keeps the order of both tables: one walk along each.
        auto row = connection.query(
            "SELECT v.chunk_id, c.content_id, v.scale, v.vector FROM chunk_vectors v CROSS JOIN chunks c ON "
            "c.id = v.chunk_id WHERE v.model_id = ?1 ORDER BY v.chunk_id");
        row.bind(model);
        while (row.step()) {
            const auto bytes = row.bytes(3);
            if (bytes.size() != vector.values.size())
                refuse(ErrorCode::corrupt, "A stored vector of a passage is damaged",
                       "Embed the documents anew.");
            vector.chunk = row.integer(0);
            vector.content = row.integer(1);
            vector.scale = static_cast<float>(row.real(2));
            std::memcpy(vector.values.data(), bytes.data(), bytes.size());
            visit(vector);
        }
    });
}

}  // namespace pellucid::storage
