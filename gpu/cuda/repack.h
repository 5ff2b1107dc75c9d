// From the file's blocks to the device's planes, on the host, without changing a value.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "engine/base/thread_pool.h"
#include "engine/model/weights.h"
#include "gpu/cuda/matrix.h"

namespace pellucid::cuda {

/// nullopt: a type this backend has no form for.
std::optional<Form> form_of(TensorType type);

/// Where each plane starts in a matrix's memory, 256-byte aligned, and how long all are.
struct PlaneLayout {
    std::uint64_t codes = 0, high = 0, scales = 0, supers = 0, bytes = 0;
};
/// What the planes of so many rows hold, without padding.
struct PlaneBytes {
    std::uint64_t codes = 0, high = 0, scales = 0, supers = 0;
};
PlaneBytes plane_bytes(Form form, std::int64_t rows, std::int64_t columns);
PlaneLayout plane_layout(Form form, std::int64_t rows, std::int64_t columns);

/// Fills rows [first, first + count) of a staging area laid out by plane_layout(form, count, columns).
/// PRECONDITION: form_of(tensor.type) is a form; columns divide into the type's blocks.
void repack_rows(const TensorView& tensor, std::int64_t first, std::int64_t count, std::byte* to,
                 ThreadPool& pool);

/// A view of planes at `base`; zero rows' worth of planes are null.
MatrixView view_of(TensorType type, std::int64_t rows, std::int64_t columns, const std::byte* base);

}  // namespace pellucid::cuda
