// Values to quantised blocks, with as little weighted squared error as a bounded search finds.
#pragma once

#include <cstddef>
#include <span>

#include "engine/base/error.h"
#include "engine/format/tensor_type.h"
#include "engine/quant/blocks.h"

namespace pellucid {

/// Types that encode() writes: F32 F16 BF16 Q4_0 Q5_0 Q8_0 Q2_K Q3_K Q4_K Q5_K Q6_K IQ4_NL IQ4_XS MXFP4.
bool can_encode(TensorType type);

/// Encodes a row, or any whole number of blocks, into exactly the bytes that hold them. importance: what each
/// value's squared error counts (a mean of the squared activations it meets), as many as values, or empty
/// for 1. Values must be finite. The result decodes without error. invalid_argument: sizes that do not belong
/// together, a value or importance that is not finite; unsupported: a type that is not written.
Result<void> encode(TensorType type, std::span<const float> values, std::span<const float> importance,
                    std::span<std::byte> bytes);

/// Blocks of 32: d = max |x| / 127, codes x / d rounded half away from zero, d stored as half. The same bytes
/// as gguf.quants.quantize of PyPI's gguf for finite input. invalid_argument: values.size() is not 32 times
/// blocks.size().
Result<void> encode_q8_0(std::span<const float> values, std::span<BlockQ8_0> blocks);

}  // namespace pellucid
