// From a question to passages: by words, by meaning, both fused, and only then judged one by one.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "app/documents/embedding_index.h"
#include "engine/base/cancel.h"
#include "storage/documents.h"
#include "storage/passage_search.h"

namespace pellucid::documents {

/// Which documents are asked. Empty lists: all.
struct DocumentFilter {
    std::vector<storage::CollectionId> collections;
    std::vector<storage::DocumentId> documents;
    std::vector<std::string> folders;                       ///< absolute; with what lies below
    std::vector<std::string> types;                         ///< names' endings: "pdf"
    std::int64_t modified_from_ns = 0, modified_to_ns = 0;  ///< half open; 0: without end

    bool empty() const {
        return collections.empty() && documents.empty() && folders.empty() && types.empty() &&
               modified_from_ns == 0 && modified_to_ns == 0;
    }
    bool accepts(const storage::DocumentRow& document) const;
};

/// Judges passages against a question: a cross-encoder, or the chat model's own yes or no.
class Reranker {
public:
    virtual ~Reranker() = default;
    virtual std::string name() const = 0;
    /// One number a passage, higher is better.
    virtual Result<std::vector<float>> score(const std::string& query, std::span<const std::string> passages,
                                             CancelToken cancel) = 0;
};

struct RetrieveOptions {
    int limit = 10;
    bool words = true, vectors = true;  ///< the channels
    Reranker* reranker = nullptr;       ///< null: none
    int candidates = 200;               ///< of each channel
    int reranked = 16;                  ///< of the fused, at most
    /// A passage's score: words_weight times its BM25 as a share of the best passage's, and vectors_weight
    /// times its nearness (a cosine). Reciprocal rank fusion knows ranks alone, and a passage at the head of
    /// words that hardly fit passes one that is near; tests/bench/RESULTS.md has both.
    double words_weight = 0.12, vectors_weight = 1;
    /// What a reranker's score counts beside that.
    double rerank_weight = 0.15;
    /// Passages of one document come first only up to this many, and of one page or section only the best;
    /// the others wait behind.
    int most_of_one_document = 4;
    DocumentFilter filter;
};

/// A place in one of the channels.
struct ChannelScore {
    int rank = 0;  ///< from 1
    double score = 0;
};

struct FoundPassage {
    storage::ChunkRow chunk;
    storage::ContentFacts content;
    storage::DocumentRow document;  ///< the first that says this; one that is there before one that is away
    std::string headings;           ///< with the document's title
    std::string text;               ///< a table's header, if it has one, and the passage
    std::optional<ChannelScore> words, vectors, rerank;
    double meaning = 0;                ///< cosine of its vector and the question's, as the model gives them
    double score = 0;                  ///< fused
    std::vector<std::string> matched;  ///< words of the question that occur, rarest first
    int same_text = 0;                 ///< other passages with this text, left out

    /// Why it is here, in a line: "words #1 (12.3: moon, tide), meaning #4 (0.83)".
    std::string why() const;
};

struct Retrieval {
    std::vector<FoundPassage> passages;  ///< best first
    /// Something a person should know: "no embedding model: found by words alone".
    std::string note;
    double words_ms = 0, embed_ms = 0, vectors_ms = 0, fuse_ms = 0, rerank_ms = 0;
};

/// Thread safe.
class Retriever {
public:
    /// Both must outlive it.
    Retriever(storage::Database& database, EmbeddingIndex& embeddings);

    /// Errors: those of the database, the embedding model and the reranker; cancelled.
    Result<Retrieval> find(const std::string& query, const RetrieveOptions& options = {},
                           CancelToken cancel = {}) const;

private:
    storage::Database& database_;
    EmbeddingIndex& embeddings_;
};

}  // namespace pellucid::documents
