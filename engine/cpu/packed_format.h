// How quantised weights lie in memory once repacked: tiles of 16 rows whose codes are interleaved, so that
// one 64-byte load holds four columns of all 16 rows and multiplies against one broadcast 32-bit piece of the
// activations.
//
// A tile is a codes plane, then a scales plane; both run along the columns in blocks of 32.
//   codes of a block: eight vectors v[k] of 64 bytes, byte 4 r + i of v[k] being the code of row r, column 4
//   k + i.
//     8 bits: v[0] … v[7] as they are (512 bytes);
//     4 bits: 256 bytes, vector k % 4, low nibble for k < 4, else high;
//     2 bits: 128 bytes, vector k % 2, bits 2 (k / 2) …;   1 bit: 64 bytes, bit k;
//     5 = 4 + 1, 6 = 4 + 2, 3 = 2 + 1: the wider plane first, the rest above it.
//     Codes of a codebook format are 4 bits, places in its levels.
//   scales of a block, formats of 32: f16 (MXFP4: bf16) d[16], then f16 dmin[16] if the format has minima.
//   scales of eight blocks, K formats: f16 d[16], f16 dmin[16] (if any), then for each block and each of its
//   groups
//     i8 scale[16], and for each of its groups u8 minimum[16] (if any).
// Nothing is rounded: the weights are exactly the file's.
#pragma once

#include <array>
#include <cstdint>
#include <iterator>
#include <utility>

#include "engine/format/tensor_type.h"
#include "engine/quant/codebooks.h"

namespace pellucid::cpu {

inline constexpr int kTileRows = 16;
inline constexpr int kBlockColumns = 32;

/// [16]: what the codes of a codebook format stand for. Its own flag, because a comparison of the pointer
/// with null is no constant expression under UBSan (GCC bug 71962).
struct Levels {
    const std::int8_t* at = nullptr;
    bool any = false;

    constexpr Levels() = default;
    constexpr Levels(const std::int8_t (&values)[16]) : at(values), any(true) {}
};

/// What a kernel must know of a type, at compile time.
struct PackedTraits {
    int bits;    // of a code
    bool super;  // K format: d per 256 columns, sub-scales per group
    int groups;  // scales in 32 columns: 1 or 2
    bool has_minimum;
    int offset;                // the code that means zero, where codes are numbers
    Levels levels = {};        // what codes stand for, where they are places
    float unit = 1;            // d is in units of this
    bool brain_scale = false;  // d is a bf16

    constexpr int largest_level() const {
        int largest = 0;
        for (int i = 0; i < 16; ++i) {
            const int size = levels.at[i] < 0 ? -levels.at[i] : levels.at[i];
            largest = size > largest ? size : largest;
        }
        return largest;
    }
    constexpr int code_bytes() const { return bits * 64; }  // of a block
    /// Of one block (formats of 32) or eight (K formats).
    constexpr int scale_bytes() const {
        const int halves = has_minimum ? 64 : 32;
        return super ? halves + 8 * groups * (has_minimum ? 32 : 16) : halves;
    }
    constexpr std::int64_t tile_bytes(std::int64_t columns) const {
        const std::int64_t scales = super ? columns / 256 * scale_bytes() : columns / 32 * scale_bytes();
        return (columns / 32 * code_bytes() + scales + 63) / 64 * 64;
    }
};

inline constexpr PackedTraits kQ4_0{4, false, 1, false, 8}, kQ4_1{4, false, 1, true, 0},
    kQ5_0{5, false, 1, false, 16}, kQ5_1{5, false, 1, true, 0}, kQ8_0{8, false, 1, false, 128},
    kQ2_K{2, true, 2, true, 0}, kQ3_K{3, true, 2, false, 4}, kQ4_K{4, true, 1, true, 0},
    kQ5_K{5, true, 1, true, 0}, kQ6_K{6, true, 2, false, 32},
    kIQ1_S{4, true, 1, false, 0, levels_iq1, 0.125f}, kIQ1_M{4, true, 2, false, 0, levels_iq1, 0.125f},
    kIQ2_XXS{4, true, 1, false, 0, levels_iq2, 0.125f}, kIQ2_XS{4, true, 2, false, 0, levels_iq2, 0.125f},
    kIQ3_XXS{4, true, 1, false, 0, levels_iq3_xxs, 0.25f}, kIQ3_S{4, true, 1, false, 0, levels_iq3_s},
    kIQ4_NL{4, false, 1, false, 0, levels_iq4}, kIQ4_XS{4, true, 1, false, 0, levels_iq4},
    kTQ{2, true, 1, false, 1}, kMXFP4{4, false, 1, false, 0, levels_mxfp4, 1, true};

/// Order of the kernel tables.
inline constexpr TensorType kPackedTypes[] = {
    TensorType::q4_0,    TensorType::q4_1,  TensorType::q5_0,    TensorType::q5_1,   TensorType::q8_0,
    TensorType::q2_k,    TensorType::q3_k,  TensorType::q4_k,    TensorType::q5_k,   TensorType::q6_k,
    TensorType::iq1_s,   TensorType::iq1_m, TensorType::iq2_xxs, TensorType::iq2_xs, TensorType::iq2_s,
    TensorType::iq3_xxs, TensorType::iq3_s, TensorType::iq4_nl,  TensorType::iq4_xs, TensorType::tq1_0,
    TensorType::tq2_0,   TensorType::mxfp4};
inline constexpr PackedTraits kPackedTraits[] = {
    kQ4_0,  kQ4_1,    kQ5_0,   kQ5_1,   kQ8_0,    kQ2_K,  kQ3_K,   kQ4_K,   kQ5_K, kQ6_K, kIQ1_S,
    kIQ1_M, kIQ2_XXS, kIQ2_XS, kIQ2_XS, kIQ3_XXS, kIQ3_S, kIQ4_NL, kIQ4_XS, kTQ,   kTQ,   kMXFP4};
inline constexpr int kPackedTypeCount = 22;
static_assert(std::size(kPackedTypes) == kPackedTypeCount && std::size(kPackedTraits) == kPackedTypeCount);

/// One entry for each packed type: Kernel<traits>::tile in the order of kPackedTypes.
template <template <PackedTraits> class Kernel, typename Fn>
struct PackedTable {
    template <std::size_t... I>
    static constexpr std::array<Fn, kPackedTypeCount> make(std::index_sequence<I...>) {
        return {Kernel<kPackedTraits[I]>::tile...};
    }
    static constexpr std::array<Fn, kPackedTypeCount> value =
        make(std::make_index_sequence<kPackedTypeCount>{});
};

/// -1: not a packed type.
constexpr int packed_index(TensorType type) {
    for (int i = 0; i < kPackedTypeCount; ++i)
        if (kPackedTypes[i] == type) return i;
    return -1;
}

/// 32 activations in 8 bits: x[i] ~ d * q[i]. The sums save the kernels from adding up what minima and
/// offsets multiply.
struct alignas(16) Q8Block {
    std::int8_t q[32];
    float d;
    float sum;             // d * (q[0] + … + q[31])
    float sum_of_half[2];  // of the first and the last 16
};
static_assert(sizeof(Q8Block) == 48);

}  // namespace pellucid::cpu
