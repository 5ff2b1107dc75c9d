// A weight matrix as it lies on the device: aligned planes instead of the file's blocks, same values bit for
// bit.
#pragma once

#include <cstdint>

namespace pellucid::cuda {

/// How the codes and scales of a matrix are laid out. "Group": 32 consecutive values of a row, "super": 256.
///
/// codes: 16 bytes a group, byte i holds value i low and value 16 + i high (eight_pair: 32 signed bytes).
/// high:  five-bit forms: 4 bytes a group, bit w of byte b belongs to value 4 w + b, bit 4 + w to 16 + 4 w +
/// b.
///        six-bit form: 8 bytes a group, bits 2w … 2w+1 of byte b belong to value 4 w + b; then the same of
///        16 + ….
/// scales, by form:
///   *_pair    half d, half minimum a group:        d * (q - offset) - minimum
///   *_super   16 bytes a super: half d, half dmin, 8 x (6-bit scale | 6-bit minimum << 6):  d s q - dmin m
///   *_signed  two signed bytes a group (16 values each), and half d a super in `supers`:    d s (q - offset)
///   four_two  two scale bytes and two minimum bytes a group, half d and half dmin a super:  d s q - dmin m
///   four_iq4, four_mxfp4  one float a group:     s level[q], the levels those of the file format
///   eight_halves  two floats a group, of 16 values each, over 32 signed bytes:              s q
/// The last three hold every codebook format and Q8_K; no kernel is tuned for them.
enum class Form : int {
    f32,
    f16,
    bf16,
    four_pair,     // Q4_0, Q4_1
    five_pair,     // Q5_0, Q5_1
    eight_pair,    // Q8_0
    four_super,    // Q4_K
    five_super,    // Q5_K
    six_signed,    // Q6_K
    four_signed,   // Q3_K
    four_two,      // Q2_K
    four_iq4,      // IQ4_NL, IQ4_XS
    four_mxfp4,    // MXFP4
    eight_halves,  // IQ1_*, IQ2_*, IQ3_*, TQ1_0, TQ2_0, Q8_K
};

inline constexpr int kGroup = 32, kSuper = 256;

struct MatrixView {
    Form form = Form::f32;
    int rows = 0, columns = 0;
    int offset = 0;     ///< the code that means zero
    bool adds = false;  ///< its product is added to the residual sum
    bool fine = false;  ///< multiplied with activations of 16 bits, not 8 (TensorView::fine)
    const void* codes = nullptr;
    const void* high = nullptr;
    const void* scales = nullptr;
    const void* supers = nullptr;

    bool quantised() const { return form >= Form::four_pair; }
    /// In one of the forms that the streams and the batched products know.
    bool common() const { return quantised() && form <= Form::four_two; }
    bool present() const { return codes != nullptr; }
};

/// Activations of `columns` columns rounded to 8 bits in groups of 32. Plane `low` holds values 0 … 15 of
/// each group, `high` values 16 … 31, so that neighbouring lanes read neighbouring 16 bytes.
struct Q8View {
    std::int8_t* low = nullptr;   ///< [rows, groups, 16]
    std::int8_t* high = nullptr;  ///< [rows, groups, 16]
    int* meta = nullptr;          ///< [rows, groups, 2]: float scale (bits), then the two halves' sums as s16
    int groups = 0;               ///< a row
};

}  // namespace pellucid::cuda
