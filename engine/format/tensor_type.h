// Weight and cache number formats: the GGUF type codes, their blocks and sizes.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace pellucid {

/// Values are the codes of the GGUF file format (docs/gguf.md of the ggml project).
enum class TensorType : std::uint32_t {
    f32 = 0, f16 = 1, q4_0 = 2, q4_1 = 3, q5_0 = 6, q5_1 = 7, q8_0 = 8, q8_1 = 9,
    q2_k = 10, q3_k = 11, q4_k = 12, q5_k = 13, q6_k = 14, q8_k = 15,
    iq2_xxs = 16, iq2_xs = 17, iq3_xxs = 18, iq1_s = 19, iq4_nl = 20, iq3_s = 21, iq2_s = 22, iq4_xs = 23,
    i8 = 24, i16 = 25, i32 = 26, i64 = 27, f64 = 28, iq1_m = 29, bf16 = 30, tq1_0 = 34, tq2_0 = 35, mxfp4 = 39,
};

struct TensorTypeInfo {
    TensorType type;
    std::string_view name;    ///< "Q4_K"
    int block_values;         ///< weights in a block
    int block_bytes;
};

/// nullopt: a code this version does not know.
std::optional<TensorTypeInfo> tensor_type_info(TensorType type);
std::string_view to_string(TensorType type);
std::optional<TensorType> tensor_type_from_name(std::string_view name);

}  // namespace pellucid
