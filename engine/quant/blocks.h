// The quantised block formats of GGUF as they lie in a file, byte for byte.
// In every comment, q is a stored code and the decoded value is what stands after "=".
#pragma once

#include <cstdint>

#include "engine/base/half.h"

namespace pellucid {

inline constexpr int kBlockValues = 32;        ///< of Q4_0 … Q8_0
inline constexpr int kSuperblockValues = 256;  ///< of the K formats

#pragma pack(push, 1)

/// d * (q - 8). Code i of 0–15 is the low nibble of qs[i], code 16 + i its high nibble.
struct BlockQ4_0 {
    Half d;
    std::uint8_t qs[16];
};
/// d * q + m. Nibbles as in Q4_0.
struct BlockQ4_1 {
    Half d, m;
    std::uint8_t qs[16];
};
/// d * (q - 16). Nibbles as in Q4_0; the fifth bit of code i is bit i of qh.
struct BlockQ5_0 {
    Half d;
    std::uint32_t qh;
    std::uint8_t qs[16];
};
/// d * q + m. Codes as in Q5_0.
struct BlockQ5_1 {
    Half d, m;
    std::uint32_t qh;
    std::uint8_t qs[16];
};
/// d * q.
struct BlockQ8_0 {
    Half d;
    std::int8_t qs[32];
};
/// 16 groups of 16: d * (scales & 15) * q - dmin * (scales >> 4). Per half superblock (128 values, 32 bytes),
/// value 32 s + i is bits 2s … 2s+1 of byte i.
struct BlockQ2_K {
    std::uint8_t scales[16];
    std::uint8_t qs[64];
    Half d, dmin;
};
/// 16 groups of 16: d * (scale - 32) * (q - 4), where q's third bit comes from hmask: bit (value / 32) of
/// byte (value % 32). Low bits as in Q2_K. Scales: 6 bits, low nibbles in bytes 0–7, high pairs in bytes
/// 8–11.
struct BlockQ3_K {
    std::uint8_t hmask[32];
    std::uint8_t qs[64];
    std::uint8_t scales[12];
    Half d;
};
/// 8 groups of 32: d * scale * q - dmin * min; scales and minima of 6 bits in 12 bytes. Per 64 values, value
/// i < 32 is the low nibble of byte i, value 32 + i its high nibble.
struct BlockQ4_K {
    Half d, dmin;
    std::uint8_t scales[12];
    std::uint8_t qs[128];
};
/// As Q4_K; the fifth bit of value (32 s + i) is bit s of qh[i].
struct BlockQ5_K {
    Half d, dmin;
    std::uint8_t scales[12];
    std::uint8_t qh[32];
    std::uint8_t qs[128];
};
/// 16 groups of 16: d * scale * (q - 32). Per 128 values: nibbles of 64 bytes ql (low, then high), and bits
/// 2s … 2s+1 of qh[i] for value 32 s + i.
struct BlockQ6_K {
    std::uint8_t ql[128];
    std::uint8_t qh[64];
    std::int8_t scales[16];
    Half d;
};

/// d * q: what the K formats' authors multiply by; some files keep embeddings so. bsums are sums of 16 codes.
struct BlockQ8_K {
    float d;
    std::int8_t qs[256];
    std::int16_t bsums[16];
};
/// d * level(q), levels_iq4; nibbles as in Q4_0.
struct BlockIQ4_NL {
    Half d;
    std::uint8_t qs[16];
};
/// 8 groups of 32: d * (scale - 32) * level(q). Scales of 6 bits: nibbles in scales_l, pairs of bits in
/// scales_h; per group, nibbles of 16 bytes as in Q4_0.
struct BlockIQ4_XS {
    Half d;
    std::uint16_t scales_h;
    std::uint8_t scales_l[4];
    std::uint8_t qs[128];
};
/// 8 groups of 32: d * (2 s + 1) / 8 * vector. Per group a word of four vector indices and a word of four
/// 7-bit signs (the eighth makes their number even), s in its top four bits.
struct BlockIQ2_XXS {
    Half d;
    std::uint32_t groups[8][2];
};
/// 16 groups of 16: as IQ2_XXS; a vector index of 9 bits, then 7 signs; s in a nibble.
struct BlockIQ2_XS {
    Half d;
    std::uint16_t qs[32];
    std::uint8_t scales[8];
};
/// 16 groups of 16: as IQ2_XS, indices of 8 bits and two more in qh, eight signs each.
struct BlockIQ2_S {
    Half d;
    std::uint8_t qs[32];
    std::uint8_t signs[32];
    std::uint8_t qh[8];
    std::uint8_t scales[8];
};
/// 8 groups of 32: d * (2 s + 1) / 4 * vector of 4; signs and s as in IQ2_XXS.
struct BlockIQ3_XXS {
    Half d;
    std::uint8_t qs[64];
    std::uint32_t groups[8];
};
/// 8 groups of 32: d * (2 s + 1) * vector of 4; the index's ninth bit in qh.
struct BlockIQ3_S {
    Half d;
    std::uint8_t qs[64];
    std::uint8_t qh[8];
    std::uint8_t signs[32];
    std::uint8_t scales[4];
};
/// 8 groups of 32: d * (2 s + 1) * (vector + delta), delta = 1/8, negative with the top bit of qh; below it s
/// in three bits, then the upper three bits of each of four indices.
struct BlockIQ1_S {
    Half d;
    std::uint8_t qs[32];
    std::uint16_t qh[8];
};
/// 16 groups of 16: as IQ1_S, a delta for each vector: nibbles of qh are its sign and three bits of the
/// index. Four words of four 3-bit s; their top nibbles together are d.
struct BlockIQ1_M {
    std::uint8_t qs[32];
    std::uint8_t qh[16];
    std::uint16_t scales[4];
};
/// d * (q - 1), five ternary digits a byte: digit n is the top one of byte * 3^n (mod 256), times 3. Value 32
/// n
/// + i is digit n of qs[i], i < 32; value 160 + 16 n + i of qs[32 + i]; value 240 + 4 n + i of qh[i].
struct BlockTQ1_0 {
    std::uint8_t qs[48];
    std::uint8_t qh[4];
    Half d;
};
/// d * (q - 1). 2-bit codes as in Q2_K.
struct BlockTQ2_0 {
    std::uint8_t qs[64];
    Half d;
};
/// 2^(e - 128) * level(q), levels_mxfp4; nibbles as in Q4_0.
struct BlockMXFP4 {
    std::uint8_t e;
    std::uint8_t qs[16];
};

#pragma pack(pop)

static_assert(sizeof(BlockQ4_0) == 18 && sizeof(BlockQ4_1) == 20 && sizeof(BlockQ5_0) == 22 &&
              sizeof(BlockQ5_1) == 24);
static_assert(sizeof(BlockQ8_0) == 34 && sizeof(BlockQ2_K) == 84 && sizeof(BlockQ3_K) == 110);
static_assert(sizeof(BlockQ8_K) == 292 && sizeof(BlockIQ4_NL) == 18 && sizeof(BlockIQ4_XS) == 136);
static_assert(sizeof(BlockIQ2_XXS) == 66 && sizeof(BlockIQ2_XS) == 74 && sizeof(BlockIQ2_S) == 82);
static_assert(sizeof(BlockIQ3_XXS) == 98 && sizeof(BlockIQ3_S) == 110 && sizeof(BlockIQ1_S) == 50);
static_assert(sizeof(BlockIQ1_M) == 56 && sizeof(BlockTQ1_0) == 54 && sizeof(BlockTQ2_0) == 66 &&
              sizeof(BlockMXFP4) == 17);
static_assert(sizeof(BlockQ4_K) == 144 && sizeof(BlockQ5_K) == 176 && sizeof(BlockQ6_K) == 210);

}  // namespace pellucid
