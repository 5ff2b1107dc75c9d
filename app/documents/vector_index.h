// Passages by the nearness of their vectors: every vector is looked at, eight bits a number, so that nothing
// near is missed.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <shared_mutex>
#include <span>
#include <string_view>
#include <vector>

#include "app/documents/int8_scan.h"
#include "app/documents/language_centres.h"
#include "engine/base/thread_pool.h"
#include "storage/chunk_vectors.h"

namespace pellucid::documents {

using storage::ChunkId;
using storage::ContentId;

struct VectorHit {
    ChunkId chunk = 0;
    ContentId content = 0;
    /// The cosine of the angle between both, each without its language's centre; without centres the inner
    /// product as it is.
    float score = 0;
    float product = 0;  ///< the inner product of the vectors as they are
};

/// A vector of floats as storage keeps it: the largest number becomes 127. All 0 where a number is not
/// finite.
storage::ChunkVector quantised(ChunkId chunk, ContentId content, std::span<const float> values);

/// Thread safe: searches run beside each other and wait for changes.
class VectorIndex {
public:
    /// `pool` must outlive it; null: the calling thread alone.
    explicit VectorIndex(int dimensions, ThreadPool* pool = nullptr);
    ~VectorIndex();

    int dimensions() const { return dimensions_; }
    std::size_t size() const;
    std::size_t memory_bytes() const;
    std::string_view path() const { return scan_.name; }  ///< the instruction set in use

    /// From now on vectors meet without what their languages have in common. The centres given come half way
    /// to the means of the passages in the index, once those are many. Empty: as they are. PRECONDITION:
    /// centres of `dimensions` numbers, at most 255.
    void set_centres(std::vector<LanguageCentre> centres);
    bool has_centres() const;

    /// PRECONDITION: values has `dimensions` numbers, the chunk is not in the index.
    void add(const storage::ChunkVector& vector);
    /// All chunks of these contents. Their space is used again when a quarter of all is empty.
    void remove(std::span<const ContentId> contents);
    void clear();

    /// The `limit` nearest of those whose content is accepted (empty: all), nearest first. The scan's choice
    /// is exact for the numbers as stored; the query is 8-bit in the scan and whole in the scores. `query`
    /// [dimensions]; another length finds nothing. `also`: chunks that are found wherever they rank, those
    /// that are not among the nearest behind them.
    std::vector<VectorHit> find(std::span<const float> query, std::size_t limit,
                                const std::function<bool(ContentId)>& accepts = {},
                                std::span<const ChunkId> also = {}) const;

    /// For tests and benchmarks.
    void use_scan(ChosenScan scan) { scan_ = scan; }

private:
    struct Block;
    struct Slot {
        Block* block = nullptr;
        std::size_t row = 0;
    };
    Slot next_slot();
    void put(const storage::ChunkVector& vector);
    void compact();
    void measure(Block& block, std::size_t row);
    void settle();
    struct Asked;
    Asked asked_of(std::span<const float> query) const;

    int dimensions_;
    std::size_t stride_;
    ThreadPool* pool_;
    ChosenScan scan_;
    mutable std::shared_mutex mutex_;
    std::vector<std::unique_ptr<Block>> blocks_;
    std::size_t rows_ = 0, empty_ = 0;
    std::vector<LanguageCentre> centres_;
    std::vector<std::vector<float>> settled_;  // [centres][dimensions] what is taken from passages
};

}  // namespace pellucid::documents
