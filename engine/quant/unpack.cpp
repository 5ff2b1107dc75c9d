#include "engine/quant/unpack.h"

#include <algorithm>
#include <cassert>
#include <cstring>

#include "engine/base/half.h"
#include "engine/quant/blocks.h"

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

void fill(UnpackedBlock& out, int values, int group, int offset) {
    out.values = values;
    out.group = group;
    out.offset = offset;
    std::fill_n(out.minimums, values / group, 0.0f);
}

void add_fifth_bits(std::uint32_t high, UnpackedBlock& out) {
    for (int i = 0; i < kBlockValues; ++i) out.codes[i] |= static_cast<std::uint8_t>(((high >> i) & 1) << 4);
}

/// The 12 bytes of Q4_K and Q5_K: eight 6-bit scales and eight 6-bit minima.
void k_scales(const std::uint8_t* packed, Half d, Half dmin, UnpackedBlock& out) {
    const float scale = half_to_float(d), minimum = half_to_float(dmin);
    for (int g = 0; g < 8; ++g) {
        const int low = g % 4;
        const int s = g < 4 ? packed[low] & 63 : (packed[8 + low] & 15) | ((packed[low] >> 2) & 0x30);
        const int m = g < 4 ? packed[4 + low] & 63 : (packed[8 + low] >> 4) | ((packed[4 + low] >> 2) & 0x30);
        out.scales[g] = scale * static_cast<float>(s);
        out.minimums[g] = minimum * static_cast<float>(m);
    }
}

/// 2-bit codes of Q2_K and Q3_K.
void crumbs(const std::uint8_t* qs, std::uint8_t* codes) {
    for (int i = 0; i < kSuperblockValues; ++i) {
        const int half = i / 128, shift = (i % 128) / 32 * 2;
        codes[i] = (qs[32 * half + i % 32] >> shift) & 3;
    }
}

void unpack(const BlockQ4_0& b, UnpackedBlock& out) {
    fill(out, 32, 32, 8);
    nibbles(b.qs, 16, out.codes);
    out.scales[0] = half_to_float(b.d);
}

void unpack(const BlockQ4_1& b, UnpackedBlock& out) {
    fill(out, 32, 32, 0);
    nibbles(b.qs, 16, out.codes);
    out.scales[0] = half_to_float(b.d);
    out.minimums[0] = -half_to_float(b.m);
}

void unpack(const BlockQ5_0& b, UnpackedBlock& out) {
    fill(out, 32, 32, 16);
    nibbles(b.qs, 16, out.codes);
    add_fifth_bits(b.qh, out);
    out.scales[0] = half_to_float(b.d);
}

void unpack(const BlockQ5_1& b, UnpackedBlock& out) {
    fill(out, 32, 32, 0);
    nibbles(b.qs, 16, out.codes);
    add_fifth_bits(b.qh, out);
    out.scales[0] = half_to_float(b.d);
    out.minimums[0] = -half_to_float(b.m);
}

void unpack(const BlockQ8_0& b, UnpackedBlock& out) {
    fill(out, 32, 32, 128);
    for (int i = 0; i < 32; ++i) out.codes[i] = static_cast<std::uint8_t>(b.qs[i] + 128);
    out.scales[0] = half_to_float(b.d);
}

void unpack(const BlockQ2_K& b, UnpackedBlock& out) {
    fill(out, 256, 16, 0);
    crumbs(b.qs, out.codes);
    const float d = half_to_float(b.d), dmin = half_to_float(b.dmin);
    for (int g = 0; g < 16; ++g) {
        out.scales[g] = d * static_cast<float>(b.scales[g] & 15);
        out.minimums[g] = dmin * static_cast<float>(b.scales[g] >> 4);
    }
}

void unpack(const BlockQ3_K& b, UnpackedBlock& out) {
    fill(out, 256, 16, 4);
    crumbs(b.qs, out.codes);
    for (int i = 0; i < 256; ++i)
        out.codes[i] |= static_cast<std::uint8_t>(((b.hmask[i % 32] >> (i / 32)) & 1) << 2);
    const float d = half_to_float(b.d);
    for (int g = 0; g < 16; ++g) {
        const int low = (b.scales[g % 8] >> (g / 8 * 4)) & 15;
        const int high = (b.scales[8 + g % 4] >> (g / 4 * 2)) & 3;
        out.scales[g] = d * static_cast<float>((low | (high << 4)) - 32);
    }
}

void unpack(const BlockQ4_K& b, UnpackedBlock& out) {
    fill(out, 256, 32, 0);
    for (int part = 0; part < 4; ++part) nibbles(b.qs + 32 * part, 32, out.codes + 64 * part);
    k_scales(b.scales, b.d, b.dmin, out);
}

void unpack(const BlockQ5_K& b, UnpackedBlock& out) {
    fill(out, 256, 32, 0);
    for (int part = 0; part < 4; ++part) nibbles(b.qs + 32 * part, 32, out.codes + 64 * part);
    for (int i = 0; i < 256; ++i)
        out.codes[i] |= static_cast<std::uint8_t>(((b.qh[i % 32] >> (i / 32)) & 1) << 4);
    k_scales(b.scales, b.d, b.dmin, out);
}

void unpack(const BlockQ6_K& b, UnpackedBlock& out) {
    fill(out, 256, 16, 32);
    for (int half = 0; half < 2; ++half) nibbles(b.ql + 64 * half, 64, out.codes + 128 * half);
    for (int i = 0; i < 256; ++i) {
        const int shift = (i % 128) / 32 * 2;
        out.codes[i] |= static_cast<std::uint8_t>(((b.qh[i / 128 * 32 + i % 32] >> shift) & 3) << 4);
    }
    const float d = half_to_float(b.d);
    for (int g = 0; g < 16; ++g) out.scales[g] = d * static_cast<float>(b.scales[g]);
}

}  // namespace

bool is_block_quantised(TensorType type) {
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
        default:
            return;
    }
}

}  // namespace pellucid
