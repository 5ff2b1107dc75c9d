#include "engine/ops/convolution/reference.h"

#include <algorithm>
#include <cstddef>
#include <vector>

namespace pellucid {

void convolution_reference(const std::function<std::span<const float>(int channel)>& kernel,
                           const InputAt& input, int position, int length, std::span<float> output) {
    std::vector<double> sum(output.size(), 0.0);
    for (int j = std::max(0, length - 1 - position); j < length; ++j) {
        const std::span<const float> values = input(position - (length - 1) + j);
        for (std::size_t c = 0; c < sum.size(); ++c)
            sum[c] +=
                static_cast<double>(kernel(static_cast<int>(c))[static_cast<std::size_t>(j)]) * values[c];
    }
    std::transform(sum.begin(), sum.end(), output.begin(), [](double v) { return static_cast<float>(v); });
}

}  // namespace pellucid
