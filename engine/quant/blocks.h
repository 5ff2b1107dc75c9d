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

#pragma pack(pop)

static_assert(sizeof(BlockQ4_0) == 18 && sizeof(BlockQ4_1) == 20 && sizeof(BlockQ5_0) == 22 &&
              sizeof(BlockQ5_1) == 24);
static_assert(sizeof(BlockQ8_0) == 34 && sizeof(BlockQ2_K) == 84 && sizeof(BlockQ3_K) == 110);
static_assert(sizeof(BlockQ4_K) == 144 && sizeof(BlockQ5_K) == 176 && sizeof(BlockQ6_K) == 210);

}  // namespace pellucid
