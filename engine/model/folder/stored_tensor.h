// A tensor as a model needs it and how it comes out of what a folder stores: where it lies, or made row by
// row.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "engine/base/error.h"
#include "engine/format/file_tensor.h"
#include "engine/model/weights.h"

namespace pellucid {

struct StoredTensor {
    TensorType type = TensorType::f32;
    std::vector<std::int64_t> shape;   ///< contiguous dimension last
    std::span<const std::byte> bytes;  ///< in the file; empty where made
    /// Writes the size() bytes. corrupt: values that no model holds.
    std::function<Result<void>(std::span<std::byte>)> make;
    bool fine = false;  ///< as in TensorView

    std::int64_t rows() const;  ///< product of all but the last dimension
    std::int64_t columns() const;
    std::size_t size() const;
    std::size_t row_bytes() const;
    /// The bytes, from the file or made, into `out` of size().
    Result<void> write(std::span<std::byte> out) const;
};

/// F32, F16 and BF16 as they lie, F64 as f32. unsupported: other number formats, by name.
Result<StoredTensor> plain_tensor(const FileTensor& tensor);
StoredTensor constant_tensor(std::vector<float> values);

/// Rows r of the result are rows from(r) of `tensor`. PRECONDITION: from(r) in range.
StoredTensor rows_of(StoredTensor tensor, std::int64_t rows, std::function<std::int64_t(std::int64_t)> from);
/// Rows as GGUF's adjacent-pair rope wants them: row (head, pair, half) from row (head, half, pair). A bias
/// is a tensor of one number a row. corrupt: rows that do not divide into heads of even width.
Result<StoredTensor> paired_rows(StoredTensor tensor, std::int64_t heads, const std::string& name);
/// The same numbers under another shape. PRECONDITION: the same size; whole blocks in a row.
StoredTensor reshaped(StoredTensor tensor, std::vector<std::int64_t> shape);
/// f32: each value plus `add`.
StoredTensor plus(StoredTensor tensor, float add);
/// f16, bf16 or f32: block types become f16.
StoredTensor dense(StoredTensor tensor);
/// [matrices, rows, columns] to [matrices, columns, rows]. PRECONDITION: dense, three dimensions.
StoredTensor transposed(StoredTensor tensor);
/// [parts, ...]. Parts of different types become f16. corrupt: parts of different shapes.
Result<StoredTensor> stacked(std::vector<StoredTensor> parts, const std::string& name);

}  // namespace pellucid
