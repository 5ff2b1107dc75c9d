#include "engine/ops/activation/reference.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numbers>

namespace pellucid {

double activate_reference(Activation activation, double x) {
    switch (activation) {
        case Activation::silu:
            return x / (1 + std::exp(-x));
        case Activation::gelu:
            return 0.5 * x * (1 + std::erf(x / std::numbers::sqrt2));
        case Activation::gelu_tanh:
            return 0.5 * x * (1 + std::tanh(std::sqrt(2 / std::numbers::pi) * (x + 0.044715 * x * x * x)));
        case Activation::clamped_swish: {
            const double m = std::min(x, 7.0);
            return m / (1 + std::exp(-1.702 * m));
        }
    }
    return x;
}

void gated_activation_reference(Activation activation, std::span<const float> gate, std::span<const float> up,
                                std::span<float> y) {
    const auto factor = [&](std::size_t i) -> double {
        if (up.empty()) return 1;
        return activation == Activation::clamped_swish ? std::clamp<double>(up[i], -7, 7) + 1 : up[i];
    };
    for (std::size_t i = 0; i < gate.size(); ++i)
        y[i] = static_cast<float>(activate_reference(activation, gate[i]) * factor(i));
}

double soft_cap_reference(double x, double cap) {
    return cap > 0 ? cap * std::tanh(x / cap) : x;
}

}  // namespace pellucid
