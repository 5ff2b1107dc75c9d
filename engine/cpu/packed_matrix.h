// A quantised weight matrix in the tiles of packed_format.h.
#pragma once

#include <cstdint>
#include <functional>
#include <span>

#include "engine/base/aligned_buffer.h"
#include "engine/base/error.h"
#include "engine/base/thread_pool.h"
#include "engine/cpu/packed_format.h"
#include "engine/model/weights.h"

namespace pellucid::cpu {

/// Where packing puts its result, and whom it tells what it has read.
struct PackOptions {
    /// Zeroed, 64-byte aligned memory of PackedMatrix::bytes_needed() bytes that outlives the matrix; null:
    /// its own. One arena for a whole model gets huge pages where many small matrices would not.
    std::byte* memory = nullptr;
    /// Told of file bytes that will not be read again, from any worker. May be empty.
    std::function<void(std::span<const std::byte>)> done;
};

/// Immutable after pack(). Rows beyond the last are padded with weights of zero to a whole tile.
class PackedMatrix {
public:
    /// PRECONDITION: packed_index(view.type) >= 0; view is a matrix [rows, columns].
    /// out_of_memory; corrupt where the bytes do not fit the shape.
    static Result<PackedMatrix> pack(const TensorView& view, ThreadPool& pool,
                                     const PackOptions& options = {});
    static std::uint64_t bytes_needed(const TensorView& view);

    TensorType type() const { return type_; }
    std::int64_t rows() const { return rows_; }
    std::int64_t columns() const { return columns_; }
    std::int64_t tiles() const { return (rows_ + kTileRows - 1) / kTileRows; }
    std::int64_t tile_bytes() const { return tile_bytes_; }
    const std::uint8_t* tile(std::int64_t index) const { return data_ + index * tile_bytes_; }
    std::uint64_t bytes() const { return static_cast<std::uint64_t>(tiles() * tile_bytes_); }

    /// One row in single precision [columns]: the same numbers as quant's decode of the file.
    void decode_row(std::int64_t row, float* out) const;

private:
    PackedMatrix() = default;
    void pack_tile(const TensorView& view, std::int64_t tile);

    TensorType type_ = TensorType::q4_0;
    std::int64_t rows_ = 0, columns_ = 0, tile_bytes_ = 0;
    AlignedBuffer own_;
    std::uint8_t* data_ = nullptr;
};

}  // namespace pellucid::cpu
