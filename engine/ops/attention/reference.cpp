#include "engine/ops/attention/reference.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

#include "engine/ops/activation/reference.h"
#include "engine/ops/linear/reference.h"

namespace pellucid {

void attention_reference(std::span<const float> query, const HeadAt& key, const HeadAt& value, int first,
                         int last, float scale, float soft_cap, std::span<float> output,
                         std::optional<float> sink) {
    std::vector<double> weights(static_cast<std::size_t>(last - first + 1));
    for (int p = first; p <= last; ++p)
        weights[static_cast<std::size_t>(p - first)] =
            soft_cap_reference(dot_reference(query, key(p)) * static_cast<double>(scale), soft_cap);
    double highest = *std::max_element(weights.begin(), weights.end());
    if (sink) highest = std::max(highest, static_cast<double>(*sink));
    double total = sink ? std::exp(*sink - highest) : 0;
    for (double& weight : weights) total += weight = std::exp(weight - highest);
    std::vector<double> sum(output.size(), 0.0);
    for (int p = first; p <= last; ++p) {
        const std::span<const float> values = value(p);
        const double share = weights[static_cast<std::size_t>(p - first)] / total;
        for (std::size_t i = 0; i < sum.size(); ++i) sum[i] += share * values[i];
    }
    std::transform(sum.begin(), sum.end(), output.begin(), [](double v) { return static_cast<float>(v); });
}

}  // namespace pellucid
