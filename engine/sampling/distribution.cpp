#include "engine/sampling/distribution.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>

namespace pellucid {

namespace {

// Inner loops run over a fixed small block, which the compiler turns into vector code at -O2.
constexpr std::size_t kBlock = 16;

/// exp(x) for x in [-87, 0], relative error below 3e-7: 2^(x log2 e) = 2^n times a polynomial of the rest.
inline float exp_below_zero(float x) {
    const float scaled = x * 1.44269504f;
    const float rounded = (scaled + 12582912.0f) - 12582912.0f;  // to the nearest integer
    const float rest = (x - rounded * 0.693359375f) + rounded * 2.12194440e-4f;
    float p = 1.9875691500e-4f;
    p = p * rest + 1.3981999507e-3f;
    p = p * rest + 8.3334519073e-3f;
    p = p * rest + 4.1665795894e-2f;
    p = p * rest + 1.6666665459e-1f;
    p = p * rest + 5.0000001201e-1f;
    p = p * rest * rest + rest + 1.0f;
    return p * std::bit_cast<float>((static_cast<std::int32_t>(rounded) + 127) << 23);
}

}  // namespace

Result<Distribution> measure(std::span<const float> logits) {
    constexpr float kInfinity = std::numeric_limits<float>::infinity();
    const std::size_t blocks = logits.size() / kBlock, whole = blocks * kBlock;
    float lanes[kBlock];
    std::int32_t bad[kBlock] = {};
    std::fill(std::begin(lanes), std::end(lanes), -kInfinity);
    for (std::size_t b = 0; b < whole; b += kBlock)
        for (std::size_t j = 0; j < kBlock; ++j) {
            const float x = logits[b + j];
            bad[j] |= !(x < kInfinity);  // NaN compares false
            lanes[j] = x > lanes[j] ? x : lanes[j];
        }
    bool broken = std::any_of(std::begin(bad), std::end(bad), [](std::int32_t flag) { return flag != 0; });
    float largest = *std::max_element(std::begin(lanes), std::end(lanes));
    for (std::size_t i = whole; i < logits.size(); ++i) {
        broken = broken || !(logits[i] < kInfinity);
        largest = std::max(largest, logits[i]);
    }
    if (broken) {
        const auto at = std::find_if(logits.begin(), logits.end(), [&](float x) { return !(x < kInfinity); });
        return fail(ErrorCode::internal,
                    std::string("the model's output for token ") + std::to_string(at - logits.begin()) +
                        (std::isnan(*at) ? " is not a number" : " is infinite"),
                    "the file or the device is faulty: verify the model file, or try --device reference");
    }
    if (largest == -kInfinity)
        return fail(ErrorCode::internal, "the model's output leaves no token possible",
                    "verify the model file");

    double sum = 0, weighted = 0;  // of exp(x), and of x exp(x), x = logit - largest
    for (std::size_t b = 0; b < whole; b += kBlock) {
        float exps[kBlock], products[kBlock];
        for (std::size_t j = 0; j < kBlock; ++j) {
            float x = logits[b + j] - largest;
            x = x < -87.0f ? -87.0f : x;
            exps[j] = exp_below_zero(x);
            products[j] = exps[j] * x;
        }
        float block_sum = 0, block_weighted = 0;
        for (std::size_t j = 0; j < kBlock; ++j) block_sum += exps[j], block_weighted += products[j];
        sum += block_sum;
        weighted += block_weighted;
    }
    for (std::size_t i = whole; i < logits.size(); ++i) {
        const float x = std::max(logits[i] - largest, -87.0f);
        sum += exp_below_zero(x);
        weighted += exp_below_zero(x) * x;
    }
    Distribution distribution;
    distribution.largest = largest;
    distribution.log_sum = static_cast<float>(largest + std::log(sum));
    distribution.entropy = static_cast<float>(std::max(0.0, std::log(sum) - weighted / sum));
    return distribution;
}

}  // namespace pellucid
