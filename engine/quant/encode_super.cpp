// Formats of 256 values whose groups' scales are themselves small integers: groups are fitted alone, their
// scales rounded together, then integers, codes and the common scales are improved in turns.
#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <limits>

#include "engine/base/half.h"
#include "engine/quant/codebooks.h"
#include "engine/quant/encode_block.h"
#include "engine/quant/fit.h"

namespace pellucid {

namespace {

constexpr int kRounds = 3;
float inverse_of(float d) {
    return std::fabs(d) > 1e-30f ? 1 / d : 0;
}

/// x[i] ~ d * scales[g] * step(code[i])
struct SignedSuper {
    Half d = 0;
    int scales[16] = {};
    std::uint8_t codes[256] = {};  ///< from 0
};

/// How codes stand for steps: numbers from `least` to `most`, or levels.
struct Steps {
    int least = 0, most = 0;
    std::span<const std::int8_t> levels = {};

    int code(float x) const {
        return levels.empty() ? round_clamped(x, least, most) - least : nearest_level(levels, x);
    }
    float step(int code) const {
        return static_cast<float>(levels.empty() ? code + least : levels[static_cast<std::size_t>(code)]);
    }
    float fit(Values x, Values weights) const {
        return levels.empty() ? fit_signed(x, weights, least, most).scale : fit_levels(x, weights, levels);
    }
};

float signed_error(Values x, Values w, const Steps& steps, float scale) {
    const float inverse = inverse_of(scale);
    float error = 0;
    for (std::size_t i = 0; i < x.size(); ++i) {
        const float miss = x[i] - scale * steps.step(steps.code(x[i] * inverse));
        error += w[i] * miss * miss;
    }
    return error;
}

/// Group scales in [-half_range, half_range - 1].
SignedSuper encode_signed(Values x, Values weights, int group, int half_range, const Steps& steps) {
    const int groups = 256 / group;
    const auto part = [&](Values all, int g) {
        return all.subspan(static_cast<std::size_t>(g * group), static_cast<std::size_t>(group));
    };
    std::array<float, 16> scales{};
    float extreme = 0;
    for (int g = 0; g < groups; ++g) {
        scales[static_cast<std::size_t>(g)] = steps.fit(part(x, g), part(weights, g));
        if (std::fabs(scales[static_cast<std::size_t>(g)]) > std::fabs(extreme))
            extreme = scales[static_cast<std::size_t>(g)];
    }
    SignedSuper result;
    float d = half_to_float(finite_half(extreme / static_cast<float>(-half_range)));
    if (d == 0) {
        std::fill_n(result.codes, 256, static_cast<std::uint8_t>(steps.code(0)));
        return result;
    }
    for (int round = 0; round < kRounds; ++round) {
        float xq = 0, qq = 0;
        for (int g = 0; g < groups; ++g) {
            const Values own = part(x, g), w = part(weights, g);
            // Next to the rounded scale there may be one whose codes fit better.
            const int middle = round == 0 ? round_clamped(scales[static_cast<std::size_t>(g)] * inverse_of(d),
                                                          -half_range, half_range - 1)
                                          : result.scales[g];
            float least = std::numeric_limits<float>::infinity();
            for (int s = std::max(-half_range, middle - 1); s <= std::min(half_range - 1, middle + 1); ++s) {
                const float error = signed_error(own, w, steps, d * static_cast<float>(s));
                if (error >= least) continue;
                least = error;
                result.scales[g] = s;
            }
            const float scale = d * static_cast<float>(result.scales[g]), inverse = inverse_of(scale);
            for (std::size_t i = 0; i < own.size(); ++i) {
                const int code = steps.code(own[i] * inverse);
                result.codes[static_cast<std::size_t>(g * group) + i] = static_cast<std::uint8_t>(code);
                const float q = static_cast<float>(result.scales[g]) * steps.step(code);
                xq += w[i] * own[i] * q;
                qq += w[i] * q * q;
            }
        }
        result.d = float_to_half(d);
        if (round + 1 == kRounds || qq <= 0) break;
        const float next = half_to_float(finite_half(xq / qq));
        if (next == 0 || next == d) break;
        d = next;
    }
    return result;
}

/// x[i] ~ d * scales[g] * code[i] - dmin * minimums[g]
struct AffineSuper {
    Half d = 0, dmin = 0;
    int scales[16] = {}, minimums[16] = {};
    std::uint8_t codes[256] = {};
};

float affine_error(Values x, Values w, float scale, float minimum, float most) {
    const float inverse = inverse_of(scale);
    float error = 0;
    for (std::size_t i = 0; i < x.size(); ++i) {
        constexpr float shift = 12582912.0f;  // rounds to nearest even
        const float q = std::min(std::max((x[i] + minimum) * inverse, 0.0f), most) + shift - shift;
        const float miss = x[i] + minimum - scale * q;
        error += w[i] * miss * miss;
    }
    return error;
}

/// Codes in [0, most]; group scales and minima in [0, most_sub].
AffineSuper encode_affine(Values x, Values weights, int group, int most, int most_sub) {
    const int groups = 256 / group;
    const auto part = [&](Values all, int g) {
        return all.subspan(static_cast<std::size_t>(g * group), static_cast<std::size_t>(group));
    };
    std::array<AffineFit, 16> fits{};
    float largest_scale = 0, largest_minimum = 0;
    for (int g = 0; g < groups; ++g) {
        fits[static_cast<std::size_t>(g)] = fit_affine(part(x, g), part(weights, g), most);
        largest_scale = std::max(largest_scale, fits[static_cast<std::size_t>(g)].scale);
        largest_minimum = std::max(largest_minimum, fits[static_cast<std::size_t>(g)].minimum);
    }
    AffineSuper result;
    float d = half_to_float(finite_half(largest_scale / static_cast<float>(most_sub)));
    float dmin = half_to_float(finite_half(largest_minimum / static_cast<float>(most_sub)));
    for (int round = 0; round < kRounds; ++round) {
        // Of the normal equations in d and dmin: q = scale * code, m = minimum.
        double qq = 0, qm = 0, mm = 0, xq = 0, xm = 0;
        for (int g = 0; g < groups; ++g) {
            const Values own = part(x, g), w = part(weights, g);
            int &scale = result.scales[g], &minimum = result.minimums[g];
            const AffineFit& fit = fits[static_cast<std::size_t>(g)];
            const int s0 = round == 0 ? round_clamped(fit.scale * inverse_of(d), 0, most_sub) : scale;
            const int m0 = round == 0 ? round_clamped(fit.minimum * inverse_of(dmin), 0, most_sub) : minimum;
            float least = std::numeric_limits<float>::infinity();
            for (int s = std::max(0, s0 - 1); s <= std::min(most_sub, s0 + 1); ++s)
                for (int m = std::max(0, m0 - 1); m <= std::min(most_sub, m0 + 1); ++m) {
                    const float error = affine_error(own, w, d * static_cast<float>(s),
                                                     dmin * static_cast<float>(m), static_cast<float>(most));
                    if (error >= least) continue;
                    least = error;
                    scale = s;
                    minimum = m;
                }
            const float step = d * static_cast<float>(scale), offset = dmin * static_cast<float>(minimum);
            const float inverse = inverse_of(step);
            for (std::size_t i = 0; i < own.size(); ++i) {
                const int code = round_clamped((own[i] + offset) * inverse, 0, most);
                result.codes[static_cast<std::size_t>(g * group) + i] = static_cast<std::uint8_t>(code);
                const double q = scale * code, m = minimum, wi = w[i];
                qq += wi * q * q;
                qm += wi * q * m;
                mm += wi * m * m;
                xq += wi * own[i] * q;
                xm += wi * own[i] * m;
            }
        }
        result.d = float_to_half(d);
        result.dmin = float_to_half(dmin);
        if (round + 1 == kRounds) break;
        // min |x - d q + dmin m|^2:  qq d - qm dmin = xq,  qm d - mm dmin = xm
        const double determinant = qq * mm - qm * qm;
        double best_d = d, best_dmin = dmin;
        if (determinant > 1e-9 * qq * mm) {
            best_d = (mm * xq - qm * xm) / determinant;
            best_dmin = (qm * xq - qq * xm) / determinant;
        } else if (qq > 0) {
            best_d = (xq + qm * dmin) / qq;
        }
        if (!(best_d > 0) || !(best_dmin >= 0)) break;
        const float next = half_to_float(finite_half(static_cast<float>(best_d)));
        const float next_min = half_to_float(finite_half(static_cast<float>(best_dmin)));
        if (next == d && next_min == dmin) break;
        d = next;
        dmin = next_min;
    }
    return result;
}

/// Bits [0, 2) of codes as Q2_K and Q3_K keep them.
void put_crumbs(const std::uint8_t codes[256], std::uint8_t qs[64]) {
    std::fill_n(qs, 64, std::uint8_t{0});
    for (int i = 0; i < 256; ++i)
        qs[i / 128 * 32 + i % 32] |= static_cast<std::uint8_t>((codes[i] & 3) << (i % 128 / 32 * 2));
}

/// Low nibbles as Q4_K and Q5_K keep them.
void put_nibbles(const std::uint8_t codes[256], std::uint8_t qs[128]) {
    for (int part = 0; part < 4; ++part)
        for (int i = 0; i < 32; ++i)
            qs[32 * part + i] = static_cast<std::uint8_t>((codes[64 * part + i] & 15) |
                                                          (codes[64 * part + 32 + i] & 15) << 4);
}

/// Eight 6-bit scales and eight 6-bit minima in 12 bytes.
void put_k_scales(const AffineSuper& fit, std::uint8_t packed[12]) {
    for (int g = 0; g < 4; ++g) {
        const int s = fit.scales[g], m = fit.minimums[g], high_s = fit.scales[4 + g],
                  high_m = fit.minimums[4 + g];
        packed[g] = static_cast<std::uint8_t>(s | (high_s >> 4) << 6);
        packed[4 + g] = static_cast<std::uint8_t>(m | (high_m >> 4) << 6);
        packed[8 + g] = static_cast<std::uint8_t>((high_s & 15) | (high_m & 15) << 4);
    }
}

}  // namespace

void encode_block(Values x, Values weights, BlockQ2_K& block) {
    const AffineSuper fit = encode_affine(x, weights, 16, 3, 15);
    block.d = fit.d;
    block.dmin = fit.dmin;
    for (int g = 0; g < 16; ++g)
        block.scales[g] = static_cast<std::uint8_t>(fit.scales[g] | fit.minimums[g] << 4);
    put_crumbs(fit.codes, block.qs);
}

void encode_block(Values x, Values weights, BlockQ4_K& block) {
    const AffineSuper fit = encode_affine(x, weights, 32, 15, 63);
    block.d = fit.d;
    block.dmin = fit.dmin;
    put_k_scales(fit, block.scales);
    put_nibbles(fit.codes, block.qs);
}

void encode_block(Values x, Values weights, BlockQ5_K& block) {
    const AffineSuper fit = encode_affine(x, weights, 32, 31, 63);
    block.d = fit.d;
    block.dmin = fit.dmin;
    put_k_scales(fit, block.scales);
    put_nibbles(fit.codes, block.qs);
    std::fill_n(block.qh, 32, std::uint8_t{0});
    for (int i = 0; i < 256; ++i)
        block.qh[i % 32] |= static_cast<std::uint8_t>((fit.codes[i] >> 4) << (i / 32));
}

void encode_block(Values x, Values weights, BlockQ3_K& block) {
    const SignedSuper fit = encode_signed(x, weights, 16, 32, {-4, 3});
    block.d = fit.d;
    std::fill_n(block.scales, 12, std::uint8_t{0});
    for (int g = 0; g < 16; ++g) {
        const int s = fit.scales[g] + 32;
        block.scales[g % 8] |= static_cast<std::uint8_t>((s & 15) << (g / 8 * 4));
        block.scales[8 + g % 4] |= static_cast<std::uint8_t>((s >> 4) << (g / 4 * 2));
    }
    put_crumbs(fit.codes, block.qs);
    std::fill_n(block.hmask, 32, std::uint8_t{0});
    for (int i = 0; i < 256; ++i)
        block.hmask[i % 32] |= static_cast<std::uint8_t>((fit.codes[i] >> 2) << (i / 32));
}

void encode_block(Values x, Values weights, BlockQ6_K& block) {
    const SignedSuper fit = encode_signed(x, weights, 16, 128, {-32, 31});
    block.d = fit.d;
    for (int g = 0; g < 16; ++g) block.scales[g] = static_cast<std::int8_t>(fit.scales[g]);
    std::fill_n(block.qh, 64, std::uint8_t{0});
    for (int half = 0; half < 2; ++half)
        for (int i = 0; i < 64; ++i)
            block.ql[64 * half + i] = static_cast<std::uint8_t>((fit.codes[128 * half + i] & 15) |
                                                                (fit.codes[128 * half + 64 + i] & 15) << 4);
    for (int i = 0; i < 256; ++i)
        block.qh[i / 128 * 32 + i % 32] |=
            static_cast<std::uint8_t>((fit.codes[i] >> 4) << (i % 128 / 32 * 2));
}

void encode_block(Values x, Values weights, BlockIQ4_XS& block) {
    const SignedSuper fit = encode_signed(x, weights, 32, 32, {0, 0, levels_iq4});
    block.d = fit.d;
    block.scales_h = 0;
    std::fill_n(block.scales_l, 4, std::uint8_t{0});
    for (int g = 0; g < 8; ++g) {
        const int s = fit.scales[g] + 32;
        block.scales_l[g / 2] |= static_cast<std::uint8_t>((s & 15) << (4 * (g % 2)));
        block.scales_h = static_cast<std::uint16_t>(block.scales_h | (s >> 4) << (2 * g));
        for (int i = 0; i < 16; ++i)
            block.qs[16 * g + i] =
                static_cast<std::uint8_t>(fit.codes[32 * g + i] | fit.codes[32 * g + 16 + i] << 4);
    }
}

}  // namespace pellucid
