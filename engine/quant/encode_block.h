// One block of each format; weights are as many as the values, not negative, not all zero.
#pragma once

#include <algorithm>
#include <span>

#include "engine/base/half.h"
#include "engine/quant/blocks.h"

namespace pellucid {

using Values = std::span<const float>;

/// The nearest half within the finite range, so that what was encoded decodes to finite values.
inline Half finite_half(float x) {
    constexpr float largest = 65504;
    return float_to_half(std::clamp(x, -largest, largest));
}

void encode_block(Values x, Values weights, BlockQ4_0& block);
void encode_block(Values x, Values weights, BlockQ5_0& block);
void encode_block(Values x, Values weights, BlockQ8_0& block);  ///< weights are not used
void encode_block(Values x, Values weights, BlockIQ4_NL& block);
void encode_block(Values x, Values weights, BlockMXFP4& block);
void encode_block(Values x, Values weights, BlockQ2_K& block);
void encode_block(Values x, Values weights, BlockQ3_K& block);
void encode_block(Values x, Values weights, BlockQ4_K& block);
void encode_block(Values x, Values weights, BlockQ5_K& block);
void encode_block(Values x, Values weights, BlockQ6_K& block);
void encode_block(Values x, Values weights, BlockIQ4_XS& block);

}  // namespace pellucid
