#include "app/documents/vector_index.h"

#include <algorithm>
#include <array>
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

/// Whether a chunk is among some, asked of every row: a bit says no to nearly all.
class ChunkSet {
public:
    explicit ChunkSet(std::span<const ChunkId> chunks) : sorted_(chunks.begin(), chunks.end()) {
        std::sort(sorted_.begin(), sorted_.end());
        for (const ChunkId chunk : sorted_) bits_[place(chunk) / 64] |= std::uint64_t{1} << place(chunk) % 64;
    }
    bool has(ChunkId chunk) const {
        return (bits_[place(chunk) / 64] >> place(chunk) % 64 & 1) != 0 &&
               std::binary_search(sorted_.begin(), sorted_.end(), chunk);
    }

private:
    static constexpr std::size_t kBits = 1 << 15;
    static std::size_t place(ChunkId chunk) { return static_cast<std::size_t>(chunk) % kBits; }
    std::vector<ChunkId> sorted_;
    std::array<std::uint64_t, kBits / 64> bits_ = {};
};

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
          inverses(kBlockRows),
          languages(kBlockRows),
          chunks(kBlockRows),
          contents(kBlockRows) {}
    std::unique_ptr<std::uint8_t[], Free> values;  // [kBlockRows, stride] u8: value + 128
    std::vector<float> scales;                     // [kBlockRows]
    std::vector<float> inverses;                   // [kBlockRows] of the length without the centre
    std::vector<std::uint8_t> languages;           // [kBlockRows] index of the centre
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
    return blocks_.size() * kBlockRows *
           (stride_ + 2 * sizeof(float) + 1 + sizeof(ChunkId) + sizeof(ContentId));
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
    measure(*slot.block, slot.row);
}

/// Language and length of a row, by the centres in use.
void VectorIndex::measure(Block& block, std::size_t row) {
    block.languages[row] = 0;
    block.inverses[row] = 1;
    if (centres_.empty()) return;
    if (block.scales[row] == 0) {  // says nothing: near to nothing
        block.inverses[row] = 0;
        return;
    }
    const std::uint8_t* values = block.values.get() + row * stride_;
    const float scale = block.scales[row];
    const auto distance = [&](const std::vector<float>& centre) {
        float sum = 0;
        for (std::size_t k = 0; k < centre.size(); ++k) {
            const float left = static_cast<float>(int(values[k]) - 128) * scale - centre[k];
            sum += left * left;
        }
        return sum;
    };
    float nearest = 0;
    for (std::size_t i = 0; i < centres_.size(); ++i) {
        const float own = distance(centres_[i].passage);
        if (i > 0 && own >= nearest) continue;
        nearest = own;
        block.languages[row] = static_cast<std::uint8_t>(i);
    }
    const float length = std::sqrt(distance(settled_[block.languages[row]]));
    block.inverses[row] = length > 1e-6f ? 1 / length : 0;
}

void VectorIndex::set_centres(std::vector<LanguageCentre> centres) {
    const std::unique_lock lock(mutex_);
    centres_ = std::move(centres);
    settled_.clear();
    for (const LanguageCentre& centre : centres_) settled_.push_back(centre.passage);
    settle();
}

bool VectorIndex::has_centres() const {
    const std::shared_lock lock(mutex_);
    return !centres_.empty();
}

void VectorIndex::settle() {
    const auto size = static_cast<std::size_t>(dimensions_);
    std::vector<std::vector<double>> sums(centres_.size(), std::vector<double>(size));
    std::vector<double> counts(centres_.size());
    for (const auto& block : blocks_)
        for (std::size_t row = 0; row < block->rows; ++row) {
            measure(*block, row);
            if (block->chunks[row] == 0 || centres_.empty()) continue;
            const std::uint8_t* values = block->values.get() + row * stride_;
            auto& sum = sums[block->languages[row]];
            for (std::size_t k = 0; k < size; ++k)
                sum[k] += double(int(values[k]) - 128) * double(block->scales[row]);
            ++counts[block->languages[row]];
        }
    // So many passages count as much as the plain texts did; few tell of their subject.
    constexpr double kFew = 500;
    for (std::size_t i = 0; i < centres_.size(); ++i) {
        const double share = 0.5 * counts[i] / (counts[i] + kFew);
        for (std::size_t k = 0; k < size && counts[i] > 0; ++k)
            settled_[i][k] = static_cast<float>((1 - share) * double(centres_[i].passage[k]) +
                                                share * sums[i][k] / counts[i]);
    }
    for (const auto& block : blocks_)
        for (std::size_t row = 0; row < block->rows; ++row) measure(*block, row);
}

/// A query as rows meet it: what is subtracted from its products with rows of each language.
struct VectorIndex::Asked {
    std::vector<float> values;    // [dimensions]
    std::vector<float> products;  // [languages] with the centre of the passages
};

VectorIndex::Asked VectorIndex::asked_of(std::span<const float> query) const {
    Asked asked{{query.begin(), query.end()}, {0}};
    if (centres_.empty()) return asked;
    const std::vector<float>* own = nullptr;
    float nearest = 0;
    for (const LanguageCentre& centre : centres_) {
        float distance = 0;
        for (std::size_t k = 0; k < query.size(); ++k)
            distance += (query[k] - centre.query[k]) * (query[k] - centre.query[k]);
        if (own != nullptr && distance >= nearest) continue;
        nearest = distance;
        own = &centre.query;
    }
    const float inverse = nearest > 1e-12f ? 1 / std::sqrt(nearest) : 0;
    for (std::size_t k = 0; k < query.size(); ++k) asked.values[k] = (query[k] - (*own)[k]) * inverse;
    asked.products.clear();
    for (const auto& centre : settled_) {
        float product = 0;
        for (std::size_t k = 0; k < query.size(); ++k) product += asked.values[k] * centre[k];
        asked.products.push_back(product);
    }
    return asked;
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
                to.inverses[to_row] = block->inverses[row];
                to.languages[to_row] = block->languages[row];
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
                                         const std::function<bool(ContentId)>& accepts,
                                         std::span<const ChunkId> also) const {
    std::vector<VectorHit> hits;
    if (query.size() != static_cast<std::size_t>(dimensions_) || limit == 0) return hits;
    const std::vector<float> nothing(query.size());
    if (std::any_of(query.begin(), query.end(), [](float value) { return !std::isfinite(value); }))
        query = nothing;
    const ChunkSet wanted(also);

    const std::shared_lock lock(mutex_);
    const Asked question = asked_of(query);
    const auto small = quantised(0, 0, question.values);
    std::vector<std::int8_t> padded(stride_);
    std::copy(small.values.begin(), small.values.end(), padded.begin());
    // A few more than asked for: the query's own eight bits may put neighbours in the wrong order.
    const std::size_t kept = limit + limit / 2 + 16;
    struct Found {
        std::vector<Candidate> heap, wanted;
    };
    std::vector<Found> found(static_cast<std::size_t>(pool_ != nullptr ? pool_->size() : 1));
    const auto look = [&](std::int64_t first, std::int64_t last, int worker) {
        auto& heap = found[static_cast<std::size_t>(worker)].heap;
        auto& others = found[static_cast<std::size_t>(worker)].wanted;
        alignas(64) std::int32_t sums[kTile];
        ContentId asked = 0;
        bool taken = true;
        for (std::int64_t b = first; b < last; ++b) {
            const Block& block = *blocks_[static_cast<std::size_t>(b)];
            for (std::size_t at = 0; at < block.rows; at += kTile) {
                const std::size_t rows = std::min(kTile, block.rows - at);
                scan_.scan(block.values.get() + at * stride_, rows, stride_, padded.data(), sums);
                for (std::size_t i = 0; i < rows; ++i) {
                    const std::size_t row = at + i;
                    const float product = static_cast<float>(sums[i]) * block.scales[row] * small.scale;
                    const Candidate one{
                        (product - question.products[block.languages[row]]) * block.inverses[row],
                        static_cast<std::uint32_t>(b), static_cast<std::uint32_t>(row)};
                    const bool named = wanted.has(block.chunks[row]);
                    const bool near = heap.size() < kept || better(one, heap.front());
                    if ((!near && !named) || block.chunks[row] == 0) continue;
                    if (accepts) {
                        // Chunks of a content lie together: one question for all of them.
                        if (block.contents[row] != asked) {
                            asked = block.contents[row];
                            taken = accepts(asked);
                        }
                        if (!taken) continue;
                    }
                    if (named) others.push_back(one);
                    if (!near) continue;
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
    for (const Found& one : found) {
        all.insert(all.end(), one.heap.begin(), one.heap.end());
        all.insert(all.end(), one.wanted.begin(), one.wanted.end());
    }
    const auto product = [&](const Candidate& one, std::span<const float> values) {
        const Block& block = *blocks_[one.block];
        const std::uint8_t* row = block.values.get() + one.row * stride_;
        double sum = 0;
        for (std::size_t k = 0; k < values.size(); ++k) sum += double(int(row[k]) - 128) * double(values[k]);
        return static_cast<float>(sum * double(block.scales[one.row]));
    };
    for (Candidate& one : all) {
        const Block& block = *blocks_[one.block];
        one.score = (product(one, question.values) - question.products[block.languages[one.row]]) *
                    block.inverses[one.row];
    }
    std::sort(all.begin(), all.end(), better);
    for (std::size_t i = 0, nearest = 0; i < all.size(); ++i) {
        const Candidate& one = all[i];
        if (i > 0 && one.block == all[i - 1].block && one.row == all[i - 1].row) continue;
        const Block& block = *blocks_[one.block];
        if (nearest++ >= limit && !wanted.has(block.chunks[one.row])) continue;
        hits.push_back({block.chunks[one.row], block.contents[one.row], one.score, product(one, query)});
    }
    return hits;
}

}  // namespace pellucid::documents
