// Keys and values to codes and back, scalar: how every backend encodes, and what its decoding is tested
// against.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "engine/quant/kv_format.h"

namespace pellucid {

/// The levels of a code, in units of its block's scale; the first half are the positive ones, the second half
/// the same negated (code + half).
extern const float kKvLevels4[16];
extern const float kKvLevels3[8];
extern const float kKvLevels2[4];
extern const float kKvLevels2Twice[8];  ///< for tables of eight

/// x [n] f32 (already rotated, where the format is) to kv_code_bytes() codes and kv_scales() scales. Codes of
/// eight values take `bits` bytes, the first value in the lowest bits; a short last group is filled with
/// zeros. Values must be finite. PRECONDITION: has_scales(format).
void kv_encode(KvFormat format, std::span<const float> x, std::uint8_t* codes, std::byte* scales);
void kv_decode(KvFormat format, const std::uint8_t* codes, const std::byte* scales, std::span<float> x);

/// The same in tiers: y [tiers.width()] f32, codes [tiers.code_bytes()], scales behind each other as KvTiers
/// says.
void kv_encode_tiers(const KvTiers& tiers, std::span<const float> y, std::uint8_t* codes, std::byte* scales);
void kv_decode_tiers(const KvTiers& tiers, const std::uint8_t* codes, const std::byte* scales,
                     std::span<float> y);

/// What a block's levels are multiplied by. scales: as kv_encode() wrote them.
float kv_scale(KvFormat format, const std::byte* scales, int block);

/// An orthogonal transform in place, the same for every vector of this length: signs, then Hadamard
/// transforms of the largest powers of two that the length is made of. Products of two rotated vectors are
/// those of the vectors.
void kv_rotate(std::span<float> x);
void kv_rotate_back(std::span<float> x);

}  // namespace pellucid
