#include "engine/quant/unpack_codebook.h"

#include <algorithm>
#include <bit>
#include <cassert>
#include <cstring>

#include "engine/base/half.h"
#include "engine/quant/blocks.h"
#include "engine/quant/codebooks.h"

namespace pellucid {

namespace {

constexpr int negative = 8;  // added to a code where the format stores signs apart

template <typename Block>
Block load(const std::byte* bytes) {
    Block block;
    std::memcpy(&block, bytes, sizeof block);
    return block;
}

void shape(UnpackedBlock& out, int values, int group, const std::int8_t* levels, float unit) {
    out.values = values;
    out.group = group;
    out.offset = 0;
    out.levels = levels;
    out.unit = unit;
    out.dmin = 0;
    std::fill_n(out.sub_minimums, values / group, std::uint8_t{0});
    std::fill_n(out.minimums, values / group, 0.0f);
}

/// After sub_scales are filled in.
void set_scales(UnpackedBlock& out, Half d) {
    out.d = d;
    const float scale = out.unit * half_to_float(d);
    for (int g = 0; g < out.values / out.group; ++g)
        out.scales[g] = scale * static_cast<float>(out.sub_scales[g]);
}

std::int8_t odd(unsigned s) {
    return static_cast<std::int8_t>(2 * (s & 15) + 1);
}

/// Nibble g of an array.
unsigned nibble(const std::uint8_t* bytes, int g) {
    return (bytes[g / 2] >> (4 * (g % 2))) & 15u;
}

/// Seven stored signs; the eighth makes their number even.
unsigned eight_signs(unsigned seven) {
    return seven | (static_cast<unsigned>(std::popcount(seven)) & 1u) << 7;
}

/// A vector of `n` places of `bits` bits; place i is a code, negated where bit i of signs says so.
void put_vector(std::uint16_t vector, int n, int bits, unsigned signs, std::uint8_t* codes) {
    for (int i = 0; i < n; ++i) {
        const unsigned place = (static_cast<unsigned>(vector) >> (bits * i)) & ((1u << bits) - 1);
        codes[i] = static_cast<std::uint8_t>(place + ((signs >> i) & 1u) * negative);
    }
}

/// Places of IQ1's -1, 0, 1 among levels_iq1: each twice, moved down or up.
void put_ternary_vector(std::uint16_t vector, bool down, std::uint8_t* codes) {
    for (int i = 0; i < 8; ++i)
        codes[i] = static_cast<std::uint8_t>(2 * ((vector >> (2 * i)) & 3) + (down ? 0 : 1));
}

void put_nibbles(const std::uint8_t* bytes, std::uint8_t* codes) {
    for (int i = 0; i < 16; ++i) {
        codes[i] = bytes[i] & 15;
        codes[16 + i] = bytes[i] >> 4;
    }
}

void unpack(const BlockIQ4_NL& b, UnpackedBlock& out) {
    shape(out, 32, 32, levels_iq4, 1);
    put_nibbles(b.qs, out.codes);
    out.sub_scales[0] = 1;
    set_scales(out, b.d);
}

void unpack(const BlockIQ4_XS& b, UnpackedBlock& out) {
    shape(out, 256, 32, levels_iq4, 1);
    for (int g = 0; g < 8; ++g) {
        put_nibbles(b.qs + 16 * g, out.codes + 32 * g);
        const unsigned scale = nibble(b.scales_l, g) | ((b.scales_h >> (2 * g)) & 3u) << 4;
        out.sub_scales[g] = static_cast<std::int8_t>(static_cast<int>(scale) - 32);
    }
    set_scales(out, b.d);
}

void unpack(const BlockIQ2_XXS& b, UnpackedBlock& out) {
    shape(out, 256, 32, levels_iq2, 0.125f);
    for (int g = 0; g < 8; ++g) {
        const std::uint32_t indices = b.groups[g][0], rest = b.groups[g][1];
        for (int j = 0; j < 4; ++j)
            put_vector(iq2_xxs_vectors[(indices >> (8 * j)) & 255], 8, 2,
                       eight_signs((rest >> (7 * j)) & 127), out.codes + 32 * g + 8 * j);
        out.sub_scales[g] = odd(rest >> 28);
    }
    set_scales(out, b.d);
}

void unpack(const BlockIQ2_XS& b, UnpackedBlock& out) {
    shape(out, 256, 16, levels_iq2, 0.125f);
    for (int j = 0; j < 32; ++j)
        put_vector(iq2_xs_vectors[b.qs[j] & 511], 8, 2, eight_signs(b.qs[j] >> 9), out.codes + 8 * j);
    for (int g = 0; g < 16; ++g) out.sub_scales[g] = odd(nibble(b.scales, g));
    set_scales(out, b.d);
}

void unpack(const BlockIQ2_S& b, UnpackedBlock& out) {
    shape(out, 256, 16, levels_iq2, 0.125f);
    for (int j = 0; j < 32; ++j) {
        const unsigned index = b.qs[j] | ((b.qh[j / 4] >> (2 * (j % 4))) & 3u) << 8;
        put_vector(iq2_s_vectors[index], 8, 2, b.signs[j], out.codes + 8 * j);
    }
    for (int g = 0; g < 16; ++g) out.sub_scales[g] = odd(nibble(b.scales, g));
    set_scales(out, b.d);
}

void unpack(const BlockIQ3_XXS& b, UnpackedBlock& out) {
    shape(out, 256, 32, levels_iq3_xxs, 0.25f);
    for (int j = 0; j < 64; ++j) {
        const unsigned signs = eight_signs((b.groups[j / 8] >> (7 * (j % 8 / 2))) & 127);
        put_vector(iq3_xxs_vectors[b.qs[j]], 4, 3, signs >> (4 * (j % 2)), out.codes + 4 * j);
    }
    for (int g = 0; g < 8; ++g) out.sub_scales[g] = odd(b.groups[g] >> 28);
    set_scales(out, b.d);
}

void unpack(const BlockIQ3_S& b, UnpackedBlock& out) {
    shape(out, 256, 32, levels_iq3_s, 1);
    for (int j = 0; j < 64; ++j) {
        const unsigned index = b.qs[j] | ((b.qh[j / 8] >> (j % 8)) & 1u) << 8;
        put_vector(iq3_s_vectors[index], 4, 3, static_cast<unsigned>(b.signs[j / 2]) >> (4 * (j % 2)),
                   out.codes + 4 * j);
    }
    for (int g = 0; g < 8; ++g) out.sub_scales[g] = odd(nibble(b.scales, g));
    set_scales(out, b.d);
}

void unpack(const BlockIQ1_S& b, UnpackedBlock& out) {
    shape(out, 256, 32, levels_iq1, 0.125f);
    for (int g = 0; g < 8; ++g) {
        const unsigned high = b.qh[g];
        for (int j = 0; j < 4; ++j)
            put_ternary_vector(iq1_vectors[b.qs[4 * g + j] | ((high >> (3 * j)) & 7u) << 8],
                               (high & 0x8000) != 0, out.codes + 32 * g + 8 * j);
        out.sub_scales[g] = odd((high >> 12) & 7u);
    }
    set_scales(out, b.d);
}

void unpack(const BlockIQ1_M& b, UnpackedBlock& out) {
    shape(out, 256, 16, levels_iq1, 0.125f);
    for (int j = 0; j < 32; ++j) {
        const unsigned high = nibble(b.qh, j);
        put_ternary_vector(iq1_vectors[b.qs[j] | (high & 7u) << 8], (high & 8u) != 0, out.codes + 8 * j);
    }
    unsigned d = 0;
    for (int word = 0; word < 4; ++word) d |= static_cast<unsigned>(b.scales[word] >> 12) << (4 * word);
    for (int g = 0; g < 16; ++g) out.sub_scales[g] = odd((b.scales[g / 4] >> (3 * (g % 4))) & 7u);
    set_scales(out, static_cast<Half>(d));
}

void unpack(const BlockTQ1_0& b, UnpackedBlock& out) {
    shape(out, 256, 32, nullptr, 1);
    out.offset = 1;
    const auto digits = [](const std::uint8_t* bytes, int n, int count, std::uint8_t* codes) {
        unsigned power = 1;
        for (int digit = 0; digit < count; ++digit, power *= 3)
            for (int i = 0; i < n; ++i)
                codes[n * digit + i] = static_cast<std::uint8_t>(((bytes[i] * power & 255u) * 3) >> 8);
    };
    digits(b.qs, 32, 5, out.codes);
    digits(b.qs + 32, 16, 5, out.codes + 160);
    digits(b.qh, 4, 4, out.codes + 240);
    std::fill_n(out.sub_scales, 8, std::int8_t{1});
    set_scales(out, b.d);
}

void unpack(const BlockTQ2_0& b, UnpackedBlock& out) {
    shape(out, 256, 32, nullptr, 1);
    out.offset = 1;
    for (int i = 0; i < 256; ++i) out.codes[i] = (b.qs[i / 128 * 32 + i % 32] >> (i % 128 / 32 * 2)) & 3;
    std::fill_n(out.sub_scales, 8, std::int8_t{1});
    set_scales(out, b.d);
}

void unpack(const BlockMXFP4& b, UnpackedBlock& out) {
    shape(out, 32, 32, levels_mxfp4, 1);
    put_nibbles(b.qs, out.codes);
    // 2^(e - 128); the two smallest are subnormal.
    out.d = static_cast<Bfloat16>(b.e < 2 ? 0x20 << b.e : (b.e - 1) << 7);
    out.sub_scales[0] = 1;
    out.scales[0] = bfloat16_to_float(out.d);
}

}  // namespace

bool is_codebook(TensorType type) {
    switch (type) {
        case TensorType::iq1_s:
        case TensorType::iq1_m:
        case TensorType::iq2_xxs:
        case TensorType::iq2_xs:
        case TensorType::iq2_s:
        case TensorType::iq3_xxs:
        case TensorType::iq3_s:
        case TensorType::iq4_nl:
        case TensorType::iq4_xs:
        case TensorType::tq1_0:
        case TensorType::tq2_0:
        case TensorType::mxfp4:
            return true;
        default:
            return false;
    }
}

void unpack_codebook(TensorType type, const std::byte* block, UnpackedBlock& out) {
    assert(is_codebook(type));
    switch (type) {
        case TensorType::iq1_s:
            return unpack(load<BlockIQ1_S>(block), out);
        case TensorType::iq1_m:
            return unpack(load<BlockIQ1_M>(block), out);
        case TensorType::iq2_xxs:
            return unpack(load<BlockIQ2_XXS>(block), out);
        case TensorType::iq2_xs:
            return unpack(load<BlockIQ2_XS>(block), out);
        case TensorType::iq2_s:
            return unpack(load<BlockIQ2_S>(block), out);
        case TensorType::iq3_xxs:
            return unpack(load<BlockIQ3_XXS>(block), out);
        case TensorType::iq3_s:
            return unpack(load<BlockIQ3_S>(block), out);
        case TensorType::iq4_nl:
            return unpack(load<BlockIQ4_NL>(block), out);
        case TensorType::iq4_xs:
            return unpack(load<BlockIQ4_XS>(block), out);
        case TensorType::tq1_0:
            return unpack(load<BlockTQ1_0>(block), out);
        case TensorType::tq2_0:
            return unpack(load<BlockTQ2_0>(block), out);
        case TensorType::mxfp4:
            return unpack(load<BlockMXFP4>(block), out);
        default:
            return;
    }
}

}  // namespace pellucid
