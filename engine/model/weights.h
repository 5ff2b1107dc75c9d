// Where a backend gets its weights from: tensors by name, as they lie in the file.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/error.h"
#include "engine/format/tensor_type.h"

namespace pellucid {

/// A tensor's bytes where the file mapping holds them. shape is in the field's order, contiguous dimension
/// LAST (a GGUF file lists dimensions the other way round): a linear layer's weight is [out, in].
struct TensorView {
    std::string_view name;
    TensorType type = TensorType::f32;
    std::vector<std::int64_t> shape;
    std::span<const std::byte> bytes;
    /// The format is for activations of 16 bits (GPTQ, AWQ): a backend does not round them to 8.
    bool fine = false;

    std::int64_t rows() const;     ///< product of all but the last dimension
    std::int64_t columns() const;  ///< last dimension
    std::size_t row_bytes() const;
};

/// Bytes the tensor takes in its file, from shape and type alone. 0 for a type this version does not know.
std::uint64_t stored_bytes(const TensorView& tensor);

/// "[320, 64]", for messages.
std::string shape_text(const std::vector<std::int64_t>& shape);

/// A tensor with its bytes, which lie in the source, or in `made` where it stores them in another form.
struct LoadedTensor {
    TensorView view;
    std::shared_ptr<const void> made;
};

/// Tensors by name. Views stay valid while the source lives. Thread safe.
class WeightSource {
public:
    virtual ~WeightSource() = default;
    /// Name, type and shape; the bytes only where they lie in the file as the view says. Read them by load().
    virtual const TensorView* find(std::string_view name) const = 0;
    virtual std::vector<std::string_view> names() const = 0;  ///< in the order of the file
    /// A tensor that find() gave, with its bytes. corrupt: what the file stores cannot become this tensor.
    virtual Result<LoadedTensor> load(const TensorView& tensor) const {
        return LoadedTensor{tensor, nullptr};
    }
    /// A hint: the tensor was copied and will not be read soon. Its view stays valid.
    virtual void release(const TensorView& tensor) const { (void)tensor; }
    /// Bytes of the mapped files that are in physical memory now.
    virtual std::uint64_t resident_bytes() const { return 0; }
};

}  // namespace pellucid
