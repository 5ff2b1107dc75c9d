#include "engine/ops/activation/reference.h"

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
    }
    return x;
}

void gated_activation_reference(Activation activation, std::span<const float> gate, std::span<const float> up,
                                std::span<float> y) {
    for (std::size_t i = 0; i < gate.size(); ++i)
        y[i] = static_cast<float>(activate_reference(activation, gate[i]) * (up.empty() ? 1.0 : up[i]));
}

double soft_cap_reference(double x, double cap) {
    return cap > 0 ? cap * std::tanh(x / cap) : x;
}

}  // namespace pellucid
