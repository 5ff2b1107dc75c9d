// Values to quantised blocks.
#pragma once

#include <cstddef>
#include <span>

#include "engine/base/error.h"
#include "engine/quant/blocks.h"

namespace pellucid {

/// Blocks of 32: d = max |x| / 127, codes x / d rounded half away from zero, d stored as half. The same bytes
/// as gguf.quants.quantize of PyPI's gguf for finite input. invalid_argument: values.size() is not 32 times
/// blocks.size().
Result<void> encode_q8_0(std::span<const float> values, std::span<BlockQ8_0> blocks);

}  // namespace pellucid
