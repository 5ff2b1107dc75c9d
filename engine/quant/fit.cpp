#include "engine/quant/fit.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

namespace pellucid {

namespace {

/// To nearest, ties to even; |x| < 2^22. An addition, so that loops over it become vector code.
float rounded(float x) {
    constexpr float shift = 12582912.0f;  // 1.5 * 2^23
    return x + shift - shift;
}

float rounded_clamped(float x, float least, float most) {
    return rounded(std::min(std::max(x, least), most));
}

/// What of sum w x^2 a scale explains, at best: (sum w x q)^2 / sum w q^2.
struct Gain {
    float xq = 0, qq = 0;
    float value() const { return qq > 0 ? xq * xq / qq : 0; }
    float scale() const { return qq > 0 ? xq / qq : 0; }
};

Gain signed_gain(std::span<const float> x, std::span<const float> w, float inverse, float least, float most) {
    Gain gain;
    for (std::size_t i = 0; i < x.size(); ++i) {
        const float q = rounded_clamped(x[i] * inverse, least, most);
        gain.xq += w[i] * x[i] * q;
        gain.qq += w[i] * q * q;
    }
    return gain;
}

float extreme_of(std::span<const float> x) {
    float extreme = 0;
    for (const float v : x)
        if (std::fabs(v) > std::fabs(extreme)) extreme = v;
    return extreme;
}

/// Where a group is all zero, or so small that a scale's inverse leaves the range.
bool vanishes(float extreme) {
    return !(std::fabs(extreme) > 1e-30f);
}

struct AffineSums {
    float w = 0, x = 0, q = 0, qq = 0, xq = 0, xx = 0;
};

/// Least squares of x ~ scale q - minimum with minimum >= 0, and its error.
AffineFit solve(const AffineSums& s, float& error) {
    AffineFit fit;
    const float determinant = s.w * s.qq - s.q * s.q;
    const bool one_code = determinant <= 1e-7f * s.w * s.qq;
    if (!one_code) {
        fit.scale = (s.w * s.xq - s.x * s.q) / determinant;
        fit.minimum = (s.q * s.xq - s.qq * s.x) / determinant;
    }
    if (one_code && s.x < 0) {  // only a minimum is negative
        fit.scale = 0;
        fit.minimum = -s.x / s.w;
    } else if (one_code || fit.minimum < 0) {
        fit.minimum = 0;
        fit.scale = s.qq > 0 ? s.xq / s.qq : 0;
    }
    if (fit.scale < 0) fit.scale = 0;
    error = s.xx - 2 * fit.scale * s.xq + 2 * fit.minimum * s.x + fit.scale * fit.scale * s.qq -
            2 * fit.scale * fit.minimum * s.q + fit.minimum * fit.minimum * s.w;
    return fit;
}

AffineSums affine_sums(std::span<const float> x, std::span<const float> w, float inverse, float offset,
                       float most) {
    AffineSums s;
    for (std::size_t i = 0; i < x.size(); ++i) {
        const float q = rounded_clamped((x[i] + offset) * inverse, 0, most);
        s.w += w[i];
        s.x += w[i] * x[i];
        s.q += w[i] * q;
        s.qq += w[i] * q * q;
        s.xq += w[i] * x[i] * q;
        s.xx += w[i] * x[i] * x[i];
    }
    return s;
}

}  // namespace

int round_clamped(float x, int least, int most) {
    return static_cast<int>(rounded_clamped(x, static_cast<float>(least), static_cast<float>(most)));
}

int nearest_level(std::span<const std::int8_t> levels, float x) {
    int below = 0, above = static_cast<int>(levels.size()) - 1;
    if (x <= static_cast<float>(levels.front())) return below;
    if (x >= static_cast<float>(levels.back())) return above;
    while (above - below > 1) {
        const int middle = (below + above) / 2;
        (x < static_cast<float>(levels[static_cast<std::size_t>(middle)]) ? above : below) = middle;
    }
    const float down = x - static_cast<float>(levels[static_cast<std::size_t>(below)]);
    const float up = static_cast<float>(levels[static_cast<std::size_t>(above)]) - x;
    return down <= up ? below : above;
}

SignedFit fit_signed(std::span<const float> x, std::span<const float> weights, int least, int most) {
    SignedFit fit;
    const float extreme = extreme_of(x);
    if (vanishes(extreme)) return fit;
    const float low = static_cast<float>(least), high = static_cast<float>(most);
    float best = 0, inverse = low / extreme;
    // The largest value meets either end of the codes, or lies a little beyond or short of it.
    for (const float end : {low, high})
        for (int step = -10; step <= 10; ++step) {
            const float candidate = end * (1 + 0.02f * static_cast<float>(step)) / extreme;
            const Gain gain = signed_gain(x, weights, candidate, low, high);
            if (gain.value() > best) {
                best = gain.value();
                inverse = candidate;
            }
        }
    Gain gain = signed_gain(x, weights, inverse, low, high);
    for (int round = 0; round < 4 && gain.scale() != 0; ++round) {
        const float next = 1 / gain.scale();
        if (!std::isfinite(next)) break;
        const Gain polished = signed_gain(x, weights, next, low, high);
        if (!(polished.value() > gain.value())) break;
        gain = polished;
        inverse = next;
    }
    fit.scale = gain.scale();
    for (std::size_t i = 0; i < x.size(); ++i)
        fit.codes[i] = static_cast<std::int8_t>(round_clamped(x[i] * inverse, least, most));
    return fit;
}

AffineFit fit_affine(std::span<const float> x, std::span<const float> weights, int most) {
    const auto [lowest, highest] = std::minmax_element(x.begin(), x.end());
    const float low = std::min(*lowest, 0.0f), high = std::max(*highest, 0.0f), range = high - low;
    AffineFit best;
    if (vanishes(range)) return best;
    float least_error = std::numeric_limits<float>::infinity();
    const float top = static_cast<float>(most);
    for (int step = -8; step <= 8; ++step) {
        float inverse = (top + 0.1f * static_cast<float>(step)) / range, offset = -low;
        for (int round = 0; round < 3; ++round) {
            float error = 0;
            const AffineFit fit = solve(affine_sums(x, weights, inverse, offset, top), error);
            if (!(error < least_error)) break;
            least_error = error;
            best = fit;
            if (vanishes(fit.scale)) break;
            inverse = 1 / fit.scale;
            offset = fit.minimum;
        }
    }
    return best;
}

float fit_levels(std::span<const float> x, std::span<const float> weights,
                 std::span<const std::int8_t> levels) {
    const float extreme = extreme_of(x);
    if (vanishes(extreme)) return 0;
    const auto gain_of = [&](float inverse) {
        Gain gain;
        for (std::size_t i = 0; i < x.size(); ++i) {
            const auto q =
                static_cast<float>(levels[static_cast<std::size_t>(nearest_level(levels, x[i] * inverse))]);
            gain.xq += weights[i] * x[i] * q;
            gain.qq += weights[i] * q * q;
        }
        return gain;
    };
    Gain best;
    for (const float end : {static_cast<float>(levels.front()), static_cast<float>(levels.back())})
        for (int step = -7; step <= 7; ++step) {
            const Gain gain = gain_of(end * (1 + 0.04f * static_cast<float>(step)) / extreme);
            if (gain.value() > best.value()) best = gain;
        }
    for (int round = 0; round < 3 && !vanishes(best.scale()); ++round) {
        const Gain polished = gain_of(1 / best.scale());
        if (!(polished.value() > best.value())) break;
        best = polished;
    }
    return best.scale();
}

}  // namespace pellucid
