// One view of every quantised block: small integers, and a scale and a minimum for each group of them.
#pragma once

#include <cstddef>
#include <cstdint>

#include "engine/base/half.h"
#include "engine/format/tensor_type.h"

namespace pellucid {

/// Value i of a block is  scale[i / group] * step - minimum[i / group]  in single precision, each operation
/// rounded: exactly the file format's own definition. step is levels[code[i]] where the format has levels,
/// else code[i] - offset.
struct UnpackedBlock {
    std::uint8_t codes[256];
    float scales[16];
    float minimums[16];
    int values = 0;  ///< 32 or 256
    int group = 0;   ///< values that share a scale: 16 or 32
    int offset = 0;  ///< 0 where codes are unsigned, else the code that means zero (128 for Q8_0)
    const std::int8_t* levels = nullptr;  ///< [16], of 4-bit codes (codebooks.h), or null

    /// The same scales as they are stored, for repacking without loss: scales[g] = unit * d * sub_scales[g]
    /// and minimums[g] = dmin * sub_minimums[g]. Formats of 32 values have sub-scales of 1; dmin is -m of
    /// Q4_1 and Q5_1. unit is a power of two, the same for every block of a type. d of MXFP4 is a Bfloat16;
    /// Q8_K, whose scale is in single precision, has none.
    Half d = 0, dmin = 0;
    float unit = 1;
    std::int8_t sub_scales[16];
    std::uint8_t sub_minimums[16];
};

/// Whether unpack() reads the type: every type of blocks.h.
bool is_block_quantised(TensorType type);

/// PRECONDITION: is_block_quantised(type), and a whole block at `block`.
void unpack_block(TensorType type, const std::byte* block, UnpackedBlock& out);

}  // namespace pellucid
