// Where a backend gets its weights from: tensors by name, as they lie in the file.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/format/tensor_type.h"

namespace pellucid {

/// A tensor's bytes where the file mapping holds them. shape is in the field's order, contiguous dimension
/// LAST (a GGUF file lists dimensions the other way round): a linear layer's weight is [out, in].
struct TensorView {
    std::string_view name;
    TensorType type = TensorType::f32;
    std::vector<std::int64_t> shape;
    std::span<const std::byte> bytes;

    std::int64_t rows() const;     ///< product of all but the last dimension
    std::int64_t columns() const;  ///< last dimension
    std::size_t row_bytes() const;
};

/// Bytes the tensor takes in its file, from shape and type alone. 0 for a type this version does not know.
std::uint64_t stored_bytes(const TensorView& tensor);

/// Tensors by name. Views stay valid while the source lives. Thread safe.
class WeightSource {
public:
    virtual ~WeightSource() = default;
    virtual const TensorView* find(std::string_view name) const = 0;
    virtual std::vector<std::string_view> names() const = 0;
    /// A hint: the tensor was copied and will not be read soon. Its view stays valid.
    virtual void release(const TensorView& tensor) const { (void)tensor; }
};

}  // namespace pellucid
