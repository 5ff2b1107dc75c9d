// Root-mean-square norm (arXiv 1910.07467) and layer norm (arXiv 1607.06450), scalar, sums in double.
#pragma once

#include <span>

namespace pellucid {

/// y[i] = x[i] / sqrt(mean(x^2) + eps) * weight[i]. x, weight, y: [width] f32; y may be x.
void rms_norm_reference(std::span<const float> x, std::span<const float> weight, float eps,
                        std::span<float> y);

/// y[i] = (x[i] - mean) / sqrt(variance + eps) * weight[i] + bias[i]. bias may be empty; y may be x.
void layer_norm_reference(std::span<const float> x, std::span<const float> weight,
                          std::span<const float> bias, float eps, std::span<float> y);

}  // namespace pellucid
