// What the codes of the codebook formats mean: the levels of each format, and the vectors that IQ1, IQ2 and
// IQ3 index. Part of the GGUF format.
#pragma once

#include <cstdint>

namespace pellucid {

/// Levels of 4-bit codes, in units of a block's scale. Where a format stores signs apart, code 8 + i is the
/// negative of code i.
inline constexpr std::int8_t levels_iq1[16] = {-9, -7, -1, 1, 7, 9};  ///< 8 (-1, 0, 1) - 1 and + 1
inline constexpr std::int8_t levels_iq2[16] = {8, 25, 43, 0, 0, 0, 0, 0, -8, -25, -43};
inline constexpr std::int8_t levels_iq3_xxs[16] = {4,  12,  20,  28,  36,  44,  52,  62,
                                                   -4, -12, -20, -28, -36, -44, -52, -62};
inline constexpr std::int8_t levels_iq3_s[16] = {1,  3,  5,  7,  9,  11,  13,  15,
                                                 -1, -3, -5, -7, -9, -11, -13, -15};
inline constexpr std::int8_t levels_iq4[16] = {-127, -104, -83, -65, -49, -35, -22, -10,
                                               1,    13,   25,  38,  53,  69,  89,  113};
/// Twice the values of E2M1 (OCP Microscaling Formats 1.0, section 5.3.3).
inline constexpr std::int8_t levels_mxfp4[16] = {0, 1, 2, 3, 4, 6, 8, 12, 0, -1, -2, -3, -4, -6, -8, -12};

extern const std::uint16_t iq1_vectors[2048];
extern const std::uint16_t iq2_xxs_vectors[256];
extern const std::uint16_t iq2_xs_vectors[512];
extern const std::uint16_t iq2_s_vectors[1024];
extern const std::uint16_t iq3_xxs_vectors[256];
extern const std::uint16_t iq3_s_vectors[512];

}  // namespace pellucid
