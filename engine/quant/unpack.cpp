#include "engine/quant/unpack.h"

#include <algorithm>
#include <cassert>
#include <cstring>

#include "engine/base/half.h"
#include "engine/quant/blocks.h"
#include "engine/quant/unpack_codebook.h"

namespace pellucid {

namespace {

template <typename Block>
Block load(const std::byte* bytes) {
    Block block;
    std::memcpy(&block, bytes, sizeof block);
    return block;
}

/// Low nibbles of n bytes, then their high nibbles.
void nibbles(const std::uint8_t* bytes, int n, std::uint8_t* codes) {
    for (int i = 0; i < n; ++i) {
        codes[i] = bytes[i] & 15;
        codes[n + i] = bytes[i] >> 4;
    }
}

void shape(UnpackedBlock& out, int values, int group, int offset) {
    out.values = values;
    out.group = group;
    out.offset = offset;
    out.levels = nullptr;
    out.unit = 1;
}

/// A block of 32 with one scale and, where has_minimum, a minimum that is added.
void set_scale(UnpackedBlock& out, Half d, bool has_minimum = false, Half m = 0) {
    out.d = d;
    out.dmin = has_minimum ? static_cast<Half>(m ^ 0x8000) : Half{0};
    out.sub_scales[0] = 1;
    out.sub_minimums[0] = has_minimum ? 1 : 0;
    out.scales[0] = half_to_float(d);
    out.minimums[0] = half_to_float(out.dmin);
}

/// After sub_scales and sub_minimums are filled in.
void set_super_scales(UnpackedBlock& out, Half d, Half dmin) {
    out.d = d;
    out.dmin = dmin;
    const float scale = half_to_float(d), minimum = half_to_float(dmin);
    for (int g = 0; g < out.values / out.group; ++g) {
        out.scales[g] = scale * static_cast<float>(out.sub_scales[g]);
        out.minimums[g] = minimum * static_cast<float>(out.sub_minimums[g]);
    }
}

void add_fifth_bits(std::uint32_t high, UnpackedBlock& out) {
    for (int i = 0; i < kBlockValues; ++i) out.codes[i] |= static_cast<std::uint8_t>(((high >> i) & 1) << 4);
}

/// The 12 bytes of Q4_K and Q5_K: eight 6-bit scales and eight 6-bit minima.
void k_scales(const std::uint8_t* packed, Half d, Half dmin, UnpackedBlock& out) {
    for (int g = 0; g < 8; ++g) {
        const int low = g % 4;
        const int s = g < 4 ? packed[low] & 63 : (packed[8 + low] & 15) | ((packed[low] >> 2) & 0x30);
        const int m = g < 4 ? packed[4 + low] & 63 : (packed[8 + low] >> 4) | ((packed[4 + low] >> 2) & 0x30);
        out.sub_scales[g] = static_cast<std::int8_t>(s);
        out.sub_minimums[g] = static_cast<std::uint8_t>(m);
    }
    set_super_scales(out, d, dmin);
}

/// Formats without minima.
void no_minimums(UnpackedBlock& out) {
    std::fill_n(out.sub_minimums, out.values / out.group, std::uint8_t{0});
}

/// 2-bit codes of Q2_K and Q3_K.
void crumbs(const std::uint8_t* qs, std::uint8_t* codes) {
    for (int i = 0; i < kSuperblockValues; ++i) {
        const int half = i / 128, shift = (i % 128) / 32 * 2;
        codes[i] = (qs[32 * half + i % 32] >> shift) & 3;
    }
}

void unpack(const BlockQ4_0& b, UnpackedBlock& out) {
    shape(out, 32, 32, 8);
    nibbles(b.qs, 16, out.codes);
    set_scale(out, b.d);
}

void unpack(const BlockQ4_1& b, UnpackedBlock& out) {
    shape(out, 32, 32, 0);
    nibbles(b.qs, 16, out.codes);
    set_scale(out, b.d, true, b.m);
}

void unpack(const BlockQ5_0& b, UnpackedBlock& out) {
    shape(out, 32, 32, 16);
    nibbles(b.qs, 16, out.codes);
    add_fifth_bits(b.qh, out);
    set_scale(out, b.d);
}

void unpack(const BlockQ5_1& b, UnpackedBlock& out) {
    shape(out, 32, 32, 0);
    nibbles(b.qs, 16, out.codes);
    add_fifth_bits(b.qh, out);
    set_scale(out, b.d, true, b.m);
}

void unpack(const BlockQ8_0& b, UnpackedBlock& out) {
    shape(out, 32, 32, 128);
    for (int i = 0; i < 32; ++i) out.codes[i] = static_cast<std::uint8_t>(b.qs[i] + 128);
    set_scale(out, b.d);
}

void unpack(const BlockQ2_K& b, UnpackedBlock& out) {
    shape(out, 256, 16, 0);
    crumbs(b.qs, out.codes);
    for (int g = 0; g < 16; ++g) {
        out.sub_scales[g] = static_cast<std::int8_t>(b.scales[g] & 15);
        out.sub_minimums[g] = b.scales[g] >> 4;
    }
    set_super_scales(out, b.d, b.dmin);
}

void unpack(const BlockQ3_K& b, UnpackedBlock& out) {
    shape(out, 256, 16, 4);
    crumbs(b.qs, out.codes);
    for (int i = 0; i < 256; ++i)
        out.codes[i] |= static_cast<std::uint8_t>(((b.hmask[i % 32] >> (i / 32)) & 1) << 2);
    no_minimums(out);
    for (int g = 0; g < 16; ++g) {
        const int low = (b.scales[g % 8] >> (g / 8 * 4)) & 15;
        const int high = (b.scales[8 + g % 4] >> (g / 4 * 2)) & 3;
        out.sub_scales[g] = static_cast<std::int8_t>((low | (high << 4)) - 32);
    }
    set_super_scales(out, b.d, 0);
}

void unpack(const BlockQ4_K& b, UnpackedBlock& out) {
    shape(out, 256, 32, 0);
    for (int part = 0; part < 4; ++part) nibbles(b.qs + 32 * part, 32, out.codes + 64 * part);
    k_scales(b.scales, b.d, b.dmin, out);
}

void unpack(const BlockQ5_K& b, UnpackedBlock& out) {
    shape(out, 256, 32, 0);
    for (int part = 0; part < 4; ++part) nibbles(b.qs + 32 * part, 32, out.codes + 64 * part);
    for (int i = 0; i < 256; ++i)
        out.codes[i] |= static_cast<std::uint8_t>(((b.qh[i % 32] >> (i / 32)) & 1) << 4);
    k_scales(b.scales, b.d, b.dmin, out);
}

void unpack(const BlockQ6_K& b, UnpackedBlock& out) {
    shape(out, 256, 16, 32);
    for (int half = 0; half < 2; ++half) nibbles(b.ql + 64 * half, 64, out.codes + 128 * half);
    for (int i = 0; i < 256; ++i) {
        const int shift = (i % 128) / 32 * 2;
        out.codes[i] |= static_cast<std::uint8_t>(((b.qh[i / 128 * 32 + i % 32] >> shift) & 3) << 4);
    }
    no_minimums(out);
    std::copy_n(b.scales, 16, out.sub_scales);
    set_super_scales(out, b.d, 0);
}

void unpack(const BlockQ8_K& b, UnpackedBlock& out) {
    shape(out, 256, 32, 128);
    for (int i = 0; i < 256; ++i) out.codes[i] = static_cast<std::uint8_t>(b.qs[i] + 128);
    no_minimums(out);
    std::fill_n(out.sub_scales, 8, std::int8_t{1});
    set_super_scales(out, 0, 0);
    std::fill_n(out.scales, 8, b.d);
}

}  // namespace

bool is_block_quantised(TensorType type) {
    if (is_codebook(type)) return true;
    switch (type) {
        case TensorType::q4_0:
        case TensorType::q4_1:
        case TensorType::q5_0:
        case TensorType::q5_1:
        case TensorType::q8_0:
        case TensorType::q2_k:
        case TensorType::q3_k:
        case TensorType::q4_k:
        case TensorType::q5_k:
        case TensorType::q6_k:
        case TensorType::q8_k:
            return true;
        default:
            return false;
    }
}

void unpack_block(TensorType type, const std::byte* block, UnpackedBlock& out) {
    assert(is_block_quantised(type));
    switch (type) {
        case TensorType::q4_0:
            return unpack(load<BlockQ4_0>(block), out);
        case TensorType::q4_1:
            return unpack(load<BlockQ4_1>(block), out);
        case TensorType::q5_0:
            return unpack(load<BlockQ5_0>(block), out);
        case TensorType::q5_1:
            return unpack(load<BlockQ5_1>(block), out);
        case TensorType::q8_0:
            return unpack(load<BlockQ8_0>(block), out);
        case TensorType::q2_k:
            return unpack(load<BlockQ2_K>(block), out);
        case TensorType::q3_k:
            return unpack(load<BlockQ3_K>(block), out);
        case TensorType::q4_k:
            return unpack(load<BlockQ4_K>(block), out);
        case TensorType::q5_k:
            return unpack(load<BlockQ5_K>(block), out);
        case TensorType::q6_k:
            return unpack(load<BlockQ6_K>(block), out);
        case TensorType::q8_k:
            return unpack(load<BlockQ8_K>(block), out);
        default:
            return unpack_codebook(type, block, out);
    }
}

}  // namespace pellucid
