// The causal convolution of one position, each channel by itself, scalar.
#pragma once

#include <functional>
#include <span>

namespace pellucid {

/// What went into the convolution at a position: [width] f32.
using InputAt = std::function<std::span<const float>(int position)>;

/// output[c] = sum_j kernel[c, j] * input(position - (length - 1) + j)[c]; positions before 0 count as zero.
/// kernel(c): [length] f32, the last element multiplies `position`.
void convolution_reference(const std::function<std::span<const float>(int channel)>& kernel,
                           const InputAt& input, int position, int length, std::span<float> output);

}  // namespace pellucid
