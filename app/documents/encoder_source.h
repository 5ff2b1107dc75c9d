// An encoder of the engine as an EmbeddingSource: multilingual-e5-small, all-MiniLM and others of the BERT
// family.
#pragma once

#include "app/documents/embedding_source.h"
#include "engine/runtime/embedder.h"

namespace pellucid::documents {

/// What goes before texts, by the family that a model's name tells; what its authors trained it with.
struct EmbeddingPrefixes {
    std::string query, passage;
};
EmbeddingPrefixes prefixes_of(std::string_view model_name);

class EncoderSource final : public EmbeddingSource {
public:
    /// `path`: a GGUF file or a folder. Reads all of it once, for its digest. Errors: those of
    /// Embedder::open.
    static Result<std::shared_ptr<EncoderSource>> open(const std::string& path,
                                                       const EmbedderOptions& options = {});

    std::string name() const override { return name_; }
    std::string digest() const override { return digest_; }
    int dimensions() const override { return embedder_->dimensions(); }
    int count_tokens(std::string_view text) const override;
    Result<std::vector<std::vector<float>>> embed(std::span<const std::string> texts, EmbeddingRole role,
                                                  CancelToken cancel = {}) override;
    std::string device() const { return embedder_->device(); }

private:
    EncoderSource(std::shared_ptr<Embedder> embedder, std::string name, std::string digest);

    std::shared_ptr<Embedder> embedder_;
    std::string name_, digest_;
    EmbeddingPrefixes prefixes_;
};

}  // namespace pellucid::documents
