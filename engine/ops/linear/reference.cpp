#include "engine/ops/linear/reference.h"

#include <cassert>
#include <cstddef>

namespace pellucid {

double dot_reference(std::span<const float> a, std::span<const float> b) {
    assert(a.size() == b.size());
    // Four sums: a single chain of additions would wait for itself at every step.
    double sum[4] = {0, 0, 0, 0};
    std::size_t i = 0;
    for (; i + 4 <= a.size(); i += 4)
        for (std::size_t lane = 0; lane < 4; ++lane)
            sum[lane] += static_cast<double>(a[i + lane]) * b[i + lane];
    for (; i < a.size(); ++i) sum[0] += static_cast<double>(a[i]) * b[i];
    return (sum[0] + sum[1]) + (sum[2] + sum[3]);
}

void linear_reference(std::span<const float> weight, std::span<const float> bias, std::span<const float> x,
                      std::span<float> y, int tokens, int out, int in) {
    const auto n_in = static_cast<std::size_t>(in), n_out = static_cast<std::size_t>(out);
    for (std::size_t o = 0; o < n_out; ++o)
        for (std::size_t t = 0; t < static_cast<std::size_t>(tokens); ++t)
            y[t * n_out + o] =
                static_cast<float>(dot_reference(weight.subspan(o * n_in, n_in), x.subspan(t * n_in, n_in)) +
                                   (bias.empty() ? 0.0 : bias[o]));
}

}  // namespace pellucid
