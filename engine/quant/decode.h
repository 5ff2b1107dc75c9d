// Weights to single precision, exactly as the file format defines them: the oracle of every faster path.
#pragma once

#include <cstddef>
#include <span>

#include "engine/base/error.h"
#include "engine/format/tensor_type.h"

namespace pellucid {

/// Types that decode() reads: F32 F16 BF16 and every type of blocks.h.
bool can_decode(TensorType type);

/// Decodes a row, or any whole number of blocks: values.size() values from exactly the bytes that hold them.
/// Bit-exact with gguf.quants.dequantize of PyPI's gguf. unsupported: a type without a decoder;
/// invalid_argument: sizes that do not belong together.
Result<void> decode(TensorType type, std::span<const std::byte> bytes, std::span<float> values);

/// The same without the checks. PRECONDITION: can_decode(type); n is a multiple of the type's block.
void decode_unchecked(TensorType type, const std::byte* bytes, float* values, std::size_t n);

}  // namespace pellucid
