// The number formats that keys and values are kept in, and what each takes.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace pellucid {

/// Beyond f16 and f32 a vector (one head's key or value) is codes and the scales of its blocks:
/// q8   signed bytes, blocks of 32 with an f16 scale: 8.5 bits a value
/// fp8  E4M3, blocks of 32 with an 8-bit scale: 8.25 bits
/// q4   16 levels, blocks of 32 with an f16 scale: 4.5 bits, rotated
/// q3   8 levels, blocks of 64 with an 8-bit scale: 3.125 bits, rotated
/// 16 and 8 levels of attention keys fall short where a few directions carry most of a score: with a KvBasis
/// (kv_basis.h) a key of the same size spends more bits on those and fewer on the rest.
/// Rotated: a random-sign Hadamard transform of the whole vector goes first, so that channels that stand out
/// (keys have some: KIVI, arXiv 2402.02750) are spread over all (QuaRot, arXiv 2404.00456) and the values are
/// close to Gaussian, for which the levels are the ones of least squared error (Max, 1960; TurboQuant, arXiv
/// 2504.19874).
enum class KvFormat { f16, f32, q8, fp8, q4, q3 };

inline constexpr std::array kKvFormats = {KvFormat::f32, KvFormat::f16, KvFormat::q8,
                                          KvFormat::fp8, KvFormat::q4,  KvFormat::q3};

/// How numbers of a block become codes.
enum class KvCode { none, bytes, float8, levels16, levels8, levels4 };

struct KvLayout {
    int bits = 0;   ///< of a code
    int block = 0;  ///< values that share a scale; 0: none do
    int scale_bytes =
        0;  ///< of a block's scale: 2 an f16, 1 an unsigned float with 5 exponent bits, see kv_scale()
    bool rotated = false;
    KvCode code = KvCode::none;
};
KvLayout kv_layout(KvFormat format);
inline bool has_scales(KvFormat format) {
    return kv_layout(format).block > 0;
}

std::string_view to_string(KvFormat format);
std::optional<KvFormat> find_kv_format(std::string_view name);

/// Of a vector of n values: bytes of its codes (whole groups of eight values), scales, and both together.
int kv_code_bytes(KvFormat format, int n);
int kv_scales(KvFormat format, int n);
std::uint64_t kv_vector_bytes(KvFormat format, int n);

/// A key in four parts, most bits first: blocks of 32 with an f16 scale (8 and 4 bits), then of 64 with an
/// 8-bit one (3 and 2 bits). Codes of all parts come first, in the parts' order, then f16 scales, then 8-bit
/// ones.
struct KvTiers {
    static constexpr int kParts = 4;
    static constexpr std::array<KvLayout, kParts> kLayouts = {
        KvLayout{8, 32, 2, false, KvCode::bytes}, KvLayout{4, 32, 2, false, KvCode::levels16},
        KvLayout{3, 64, 1, false, KvCode::levels8}, KvLayout{2, 64, 1, false, KvCode::levels4}};
    std::array<int, kParts> counts = {};  ///< values of each, multiples of 8; all 0: no tiers

    bool present() const { return width() > 0; }
    int width() const { return counts[0] + counts[1] + counts[2] + counts[3]; }
    int blocks(int part) const;
    int code_bytes() const;
    int half_scales() const { return blocks(0) + blocks(1); }
    int byte_scales() const { return blocks(2) + blocks(3); }
    int bytes() const { return code_bytes() + 2 * half_scales() + byte_scales(); }
};

}  // namespace pellucid
