#include "engine/ops/norm/reference.h"

#include <cmath>
#include <cstddef>

namespace pellucid {

void rms_norm_reference(std::span<const float> x, std::span<const float> weight, float eps,
                        std::span<float> y) {
    double squares = 0;
    for (float value : x) squares += static_cast<double>(value) * value;
    const double scale = 1 / std::sqrt(squares / static_cast<double>(x.size()) + static_cast<double>(eps));
    for (std::size_t i = 0; i < x.size(); ++i) y[i] = static_cast<float>(x[i] * scale * weight[i]);
}

void layer_norm_reference(std::span<const float> x, std::span<const float> weight,
                          std::span<const float> bias, float eps, std::span<float> y) {
    const double n = static_cast<double>(x.size());
    double sum = 0, squares = 0;
    for (float value : x) sum += value;
    const double mean = sum / n;
    for (float value : x) squares += (value - mean) * (value - mean);
    const double scale = 1 / std::sqrt(squares / n + static_cast<double>(eps));
    for (std::size_t i = 0; i < x.size(); ++i)
        y[i] = static_cast<float>((x[i] - mean) * scale * weight[i] + (bias.empty() ? 0.0 : bias[i]));
}

}  // namespace pellucid
