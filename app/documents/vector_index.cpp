#include "app/documents/vector_index.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <new>
#include <unordered_set>

namespace pellucid::documents {

namespace {

/// Rows of a block: a piece of work for one thread, some megabytes.
constexpr std::size_t kBlockRows = 8192;
/// Rows whose sums are kept at once, on the stack.
constexpr std::size_t kTile = 256;

struct Candidate {
    float score = 0;
    std::uint32_t block = 0, row = 0;
};
/// For a heap with the worst on top; equal scores in the order of the rows.
bool better(const Candidate& a, const Candidate& b) {
    if (a.score != b.score) return a.score > b.score;
    return a.block != b.block ? a.block < b.block : a.row < b.row;
}

}  // namespace

storage::ChunkVector quantised(ChunkId chunk, ContentId content, std::span<const float> values) {
    storage::ChunkVector vector;
    vector.chunk = chunk;
    vector.content = content;
    vector.values.resize(values.size());
    float largest = 0;
    for (const float value : values) {
        if (!std::isfinite(value)) return vector;
        largest = std::max(largest, std::abs(value));
    }
    if (largest == 0) return vector;
    vector.scale = largest / 127;
    for (std::size_t i = 0; i < values.size(); ++i)
        vector.values[i] = static_cast<std::int8_t>(std::lround(values[i] / vector.scale));
    return vector;
}

struct VectorIndex::Block {
    struct Free {
        void operator()(std::uint8_t* bytes) const { ::operator delete[](bytes, std::align_val_t{64}); }
    };
    explicit Block(std::size_t stride)
        : values(static_cast<std::uint8_t*>(::operator new[](kBlockRows* stride, std::align_val_t{64}))),
          scales(kBlockRows),
          chunks(kBlockRows),
          contents(kBlockRows) {}
    std::unique_ptr<std::uint8_t[], Free> values;  // [kBlockRows, stride] u8: value + 128
    std::vector<float> scales;                     // [kBlockRows]
    std::vector<ChunkId> chunks;                   // [kBlockRows] 0: empty
    std::vector<ContentId> contents;               // [kBlockRows]
    std::size_t rows = 0;
};

VectorIndex::VectorIndex(int dimensions, ThreadPool* pool)
    : dimensions_(dimensions),
      stride_((static_cast<std::size_t>(std::max(1, dimensions)) + kRowStep - 1) / kRowStep * kRowStep),
      pool_(pool),
      scan_(choose_int8_scan()) {}
VectorIndex::~VectorIndex() = default;

std::size_t VectorIndex::size() const {
    const std::shared_lock lock(mutex_);
    return rows_ - empty_;
}

std::size_t VectorIndex::memory_bytes() const {
    const std::shared_lock lock(mutex_);
    return blocks_.size() * kBlockRows * (stride_ + sizeof(float) + sizeof(ChunkId) + sizeof(ContentId));
}

VectorIndex::Slot VectorIndex::next_slot() {
    if (blocks_.empty() || blocks_.back()->rows == kBlockRows)
        blocks_.push_back(std::make_unique<Block>(stride_));
    Block* block = blocks_.back().get();
    ++rows_;
    return {block, block->rows++};
}

void VectorIndex::put(const storage::ChunkVector& vector) {
    const Slot slot = next_slot();
    std::uint8_t* row = slot.block->values.get() + slot.row * stride_;
    std::memset(row, 128, stride_);
    const std::size_t size = std::min(vector.values.size(), static_cast<std::size_t>(dimensions_));
    for (std::size_t k = 0; k < size; ++k) row[k] = static_cast<std::uint8_t>(int(vector.values[k]) + 128);
    slot.block->scales[slot.row] = vector.scale;
    slot.block->chunks[slot.row] = vector.chunk;
    slot.block->contents[slot.row] = vector.content;
}

void VectorIndex::add(const storage::ChunkVector& vector) {
    const std::unique_lock lock(mutex_);
    put(vector);
}

void VectorIndex::remove(std::span<const ContentId> contents) {
    const std::unordered_set<ContentId> gone(contents.begin(), contents.end());
    const std::unique_lock lock(mutex_);
    for (const auto& block : blocks_)
        for (std::size_t row = 0; row < block->rows; ++row) {
            if (block->chunks[row] == 0 || !gone.contains(block->contents[row])) continue;
            block->chunks[row] = 0;
            block->contents[row] = 0;
            ++empty_;
        }
    if (empty_ * 4 > rows_) compact();
}

void VectorIndex::clear() {
    const std::unique_lock lock(mutex_);
    blocks_.clear();
    rows_ = empty_ = 0;
}

void VectorIndex::compact() {
    std::size_t to_block = 0, to_row = 0;
    for (const auto& block : blocks_)
        for (std::size_t row = 0; row < block->rows; ++row) {
            if (block->chunks[row] == 0) continue;
            Block& to = *blocks_[to_block];
            if (&to != block.get() || to_row != row) {
                std::memcpy(to.values.get() + to_row * stride_, block->values.get() + row * stride_, stride_);
                to.scales[to_row] = block->scales[row];
                to.chunks[to_row] = block->chunks[row];
                to.contents[to_row] = block->contents[row];
            }
            if (++to_row == kBlockRows) {
                to_row = 0;
                ++to_block;
            }
        }
    rows_ -= empty_;
    empty_ = 0;
    blocks_.resize(to_block + (to_row > 0 ? 1 : 0));
    for (std::size_t i = 0; i < blocks_.size(); ++i) blocks_[i]->rows = i == to_block ? to_row : kBlockRows;
}

std::vector<VectorHit> VectorIndex::find(std::span<const float> query, std::size_t limit,
                                         const std::function<bool(ContentId)>& accepts) const {
    std::vector<VectorHit> hits;
    if (query.size() != static_cast<std::size_t>(dimensions_) || limit == 0) return hits;
    const auto small = quantised(0, 0, query);
    std::vector<std::int8_t> padded(stride_);
    std::copy(small.values.begin(), small.values.end(), padded.begin());

    const std::shared_lock lock(mutex_);
    // A few more than asked for: the query's own eight bits may put neighbours in the wrong order.
    const std::size_t kept = limit + limit / 2 + 16;
    std::vector<std::vector<Candidate>> found(static_cast<std::size_t>(pool_ != nullptr ? pool_->size() : 1));
    const auto look = [&](std::int64_t first, std::int64_t last, int worker) {
        auto& heap = found[static_cast<std::size_t>(worker)];
        alignas(64) std::int32_t sums[kTile];
        ContentId asked = 0;
        bool taken = true;
        for (std::int64_t b = first; b < last; ++b) {
            const Block& block = *blocks_[static_cast<std::size_t>(b)];
            for (std::size_t at = 0; at < block.rows; at += kTile) {
                const std::size_t rows = std::min(kTile, block.rows - at);
                scan_.scan(block.values.get() + at * stride_, rows, stride_, padded.data(), sums);
                for (std::size_t i = 0; i < rows; ++i) {
                    const Candidate one{static_cast<float>(sums[i]) * block.scales[at + i],
                                        static_cast<std::uint32_t>(b), static_cast<std::uint32_t>(at + i)};
                    if (heap.size() == kept && !better(one, heap.front())) continue;
                    if (block.chunks[at + i] == 0) continue;
                    if (accepts) {
                        // Chunks of a content lie together: one question for all of them.
                        if (block.contents[at + i] != asked) {
                            asked = block.contents[at + i];
                            taken = accepts(asked);
                        }
                        if (!taken) continue;
                    }
                    if (heap.size() == kept) {
                        std::pop_heap(heap.begin(), heap.end(), better);
                        heap.pop_back();
                    }
                    heap.push_back(one);
                    std::push_heap(heap.begin(), heap.end(), better);
                }
            }
        }
    };
    const auto blocks = static_cast<std::int64_t>(blocks_.size());
    if (pool_ != nullptr)
        pool_->parallel_for(blocks, 1, look);
    else
        look(0, blocks, 0);

    std::vector<Candidate> all;
    for (const auto& heap : found) all.insert(all.end(), heap.begin(), heap.end());
    for (Candidate& one : all) {
        const Block& block = *blocks_[one.block];
        const std::uint8_t* row = block.values.get() + one.row * stride_;
        double sum = 0;
        for (std::size_t k = 0; k < query.size(); ++k) sum += double(int(row[k]) - 128) * double(query[k]);
        one.score = static_cast<float>(sum * block.scales[one.row]);
    }
    std::sort(all.begin(), all.end(), better);
    if (all.size() > limit) all.resize(limit);
    for (const Candidate& one : all) {
        const Block& block = *blocks_[one.block];
        hits.push_back({block.chunks[one.row], block.contents[one.row], one.score});
    }
    return hits;
}

}  // namespace pellucid::documents
