#include "engine/model/folder/quantized_matrix.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <memory>

#include "engine/base/half.h"

namespace pellucid {
namespace {

constexpr const char* kDamaged = "the weights are damaged or of another packing; download the folder again";
constexpr float kMostHalf = 65504;

Failure corrupt(const std::string& module, const std::string& why) {
    return fail(ErrorCode::corrupt, module + why, kDamaged);
}

const FileTensor* part(const ModuleParts& parts, std::string_view name) {
    const auto found = parts.find(name);
    return found == parts.end() ? nullptr : found->second;
}

template <typename T>
T number_at(std::span<const std::byte> bytes, std::int64_t index) {
    T value;
    std::memcpy(&value, bytes.data() + static_cast<std::size_t>(index) * sizeof(T), sizeof(T));
    return value;
}

template <typename T>
void put(std::byte* at, T value) {
    std::memcpy(at, &value, sizeof value);
}

/// Scales of any plain number format as f32. corrupt: others, or values that are not finite.
Result<std::vector<float>> scale_values(const std::string& module, const FileTensor& tensor) {
    std::int64_t count = 1;
    for (const std::int64_t extent : tensor.shape) count *= extent;
    std::vector<float> values(static_cast<std::size_t>(count));
    for (std::int64_t i = 0; i < count; ++i) {
        float& value = values[static_cast<std::size_t>(i)];
        if (tensor.type == TensorType::f32)
            value = number_at<float>(tensor.bytes, i);
        else if (tensor.type == TensorType::f16)
            value = half_to_float(number_at<Half>(tensor.bytes, i));
        else if (tensor.type == TensorType::bf16)
            value = bfloat16_to_float(number_at<Bfloat16>(tensor.bytes, i));
        else
            return corrupt(module, ": its scales have the number format " + std::string(tensor.dtype));
        if (!std::isfinite(value)) return corrupt(module, ": a scale is not a finite number");
    }
    return values;
}

/// w[o][i] = scale[group(i)][o] * (code(i, o) - zero[group(i)][o]), codes of `bits` bits in 32-bit words.
struct CodeMatrix {
    std::int64_t out = 0, in = 0, groups = 0;
    int bits = 4;
    bool across_out = false;  ///< AWQ packs along the outputs, in an order of its own; GPTQ along the inputs
    std::span<const std::byte> codes;
    std::vector<std::int32_t> group;  ///< [in]
    std::vector<std::int16_t> zeros;  ///< [groups, out]
    std::vector<float> scales;        ///< [groups, out]
    bool contiguous = false;          ///< groups are runs of whole blocks of 32

    int code(std::int64_t i, std::int64_t o) const {
        if (across_out) return awq_nibble(codes, i, o, out);
        const int per_word = 32 / bits;
        const auto word = number_at<std::uint32_t>(codes, i / per_word * out + o);
        return static_cast<int>((word >> (bits * (i % per_word))) & ((1u << bits) - 1));
    }
    std::size_t place(std::int64_t i, std::int64_t o) const {
        return static_cast<std::size_t>(group[static_cast<std::size_t>(i)]) * static_cast<std::size_t>(out) +
               static_cast<std::size_t>(o);
    }
    /// Column o of row r: eight outputs a word, in the order 0 2 4 6 1 3 5 7.
    static int awq_nibble(std::span<const std::byte> words, std::int64_t r, std::int64_t o,
                          std::int64_t out) {
        static constexpr int places[] = {0, 4, 1, 5, 2, 6, 3, 7};
        const auto word = number_at<std::uint32_t>(words, r * (out / 8) + o / 8);
        return static_cast<int>((word >> (4 * places[o % 8])) & 15u);
    }
};

void write_blocks(const CodeMatrix& m, TensorType type, std::byte* to) {
    const TensorTypeInfo info = *tensor_type_info(type);
    const std::int64_t blocks = m.in / 32;
    // Input by input, as the words lie; the rows of the result are far apart either way.
    for (std::int64_t b = 0; b < blocks; ++b)
        for (std::int64_t o = 0; o < m.out; ++o) {
            std::byte* const block = to + (o * blocks + b) * info.block_bytes;
            const std::size_t at = m.place(b * 32, o);
            const float scale = m.scales[at];
            const int zero = m.zeros[at];
            put(block, float_to_half(scale));
            if (type == TensorType::q8_0) {
                for (std::int64_t j = 0; j < 32; ++j)
                    put(block + 2 + j, static_cast<std::int8_t>(m.code(b * 32 + j, o) - zero));
                continue;
            }
            std::byte* nibbles = block + 2;
            if (type == TensorType::q4_1) {
                put(nibbles, float_to_half(-scale * static_cast<float>(zero)));
                nibbles += 2;
            }
            for (std::int64_t j = 0; j < 16; ++j)
                put(nibbles + j,
                    static_cast<std::uint8_t>(m.code(b * 32 + j, o) | (m.code(b * 32 + 16 + j, o) << 4)));
        }
}

void write_values(const CodeMatrix& m, TensorType type, std::byte* to) {
    for (std::int64_t i = 0; i < m.in; ++i)
        for (std::int64_t o = 0; o < m.out; ++o) {
            const std::size_t at = m.place(i, o);
            const float value = m.scales[at] * static_cast<float>(m.code(i, o) - m.zeros[at]);
            if (type == TensorType::f16)
                put(to + (o * m.in + i) * 2, float_to_half(value));
            else
                put(to + (o * m.in + i) * 4, value);
        }
}

StoredTensor stored_codes(CodeMatrix m) {
    float largest = 0;
    bool halves = true;
    for (const float scale : m.scales) {
        largest = std::max(largest, std::abs(scale));
        halves = halves && half_to_float(float_to_half(scale)) == scale;
    }
    const auto all_zeros = [&](int value) {
        return std::all_of(m.zeros.begin(), m.zeros.end(), [=](int zero) { return zero == value; });
    };
    const bool in_range = largest * static_cast<float>(1 << m.bits) <= kMostHalf;
    StoredTensor stored;
    stored.fine = true;
    stored.shape = {m.out, m.in};
    if (m.contiguous && halves && m.bits == 4 && all_zeros(8))
        stored.type = TensorType::q4_0;
    else if (m.contiguous && halves && m.bits == 4 && in_range)
        stored.type = TensorType::q4_1;
    else if (m.contiguous && halves && m.bits == 8 && all_zeros(128))
        stored.type = TensorType::q8_0;
    else
        stored.type = in_range ? TensorType::f16 : TensorType::f32;
    const auto shared = std::make_shared<const CodeMatrix>(std::move(m));
    stored.make = [shared, type = stored.type](std::span<std::byte> out) -> Result<void> {
        if (tensor_type_info(type)->block_values > 1)
            write_blocks(*shared, type, out.data());
        else
            write_values(*shared, type, out.data());
        return {};
    };
    return stored;
}

bool is_words(const FileTensor* tensor, std::size_t dimensions) {
    return tensor && tensor->type == TensorType::i32 && tensor->shape.size() == dimensions;
}

bool has_shape(const FileTensor& tensor, std::int64_t rows, std::int64_t columns) {
    return tensor.shape == std::vector<std::int64_t>{rows, columns};
}

Result<StoredTensor> gptq_matrix(const std::string& module, const ModuleParts& parts,
                                 const FolderQuantization& how) {
    const FileTensor *codes = part(parts, "qweight"), *zeros = part(parts, "qzeros"),
                     *scales = part(parts, "scales"), *order = part(parts, "g_idx");
    if (!is_words(codes, 2) || !is_words(zeros, 2) || !scales || scales->shape.size() != 2)
        return corrupt(module, ": qweight, qzeros or scales are missing or of another form");
    const int per_word = 32 / how.bits;
    CodeMatrix m;
    m.bits = how.bits;
    m.codes = codes->bytes;
    m.out = codes->shape[1];
    m.in = codes->shape[0] * per_word;
    m.groups = scales->shape[0];
    if (m.out < 1 || m.in < 1 || m.groups < 1 || m.out % per_word != 0 || m.in % 32 != 0 ||
        !has_shape(*scales, m.groups, m.out) || !has_shape(*zeros, m.groups, m.out / per_word))
        return corrupt(module, ": qweight " + shape_text(codes->shape) + ", qzeros " +
                                   shape_text(zeros->shape) + " and scales " + shape_text(scales->shape) +
                                   " do not belong together");
    PELLUCID_TRY(m.scales, scale_values(module, *scales));
    const int mask = (1 << how.bits) - 1;
    m.zeros.resize(m.scales.size());
    for (std::int64_t g = 0; g < m.groups; ++g)
        for (std::int64_t o = 0; o < m.out; ++o) {
            const auto word = number_at<std::uint32_t>(zeros->bytes, g * (m.out / per_word) + o / per_word);
            const int stored = static_cast<int>(word >> (how.bits * (o % per_word))) & mask;
            m.zeros[static_cast<std::size_t>(g * m.out + o)] =
                static_cast<std::int16_t>(how.zero_plus_one ? (stored + 1) & mask : stored);
        }
    const std::int64_t run = how.group_size > 0 ? how.group_size : m.in;
    m.contiguous = run % 32 == 0;
    m.group.resize(static_cast<std::size_t>(m.in));
    if (order && (!is_words(order, 1) || order->shape[0] != m.in))
        return corrupt(module, ": g_idx has shape " + shape_text(order->shape) + " for " +
                                   std::to_string(m.in) + " inputs");
    for (std::int64_t i = 0; i < m.in; ++i) {
        const std::int64_t group = order ? number_at<std::int32_t>(order->bytes, i) : i / run;
        if (group < 0 || group >= m.groups)
            return corrupt(module, ": input " + std::to_string(i) + " is in group " + std::to_string(group) +
                                       " of " + std::to_string(m.groups));
        m.contiguous = m.contiguous && group == i / run;
        m.group[static_cast<std::size_t>(i)] = static_cast<std::int32_t>(group);
    }
    return stored_codes(std::move(m));
}

Result<StoredTensor> awq_matrix(const std::string& module, const ModuleParts& parts,
                                const FolderQuantization& how) {
    const FileTensor *codes = part(parts, "qweight"), *zeros = part(parts, "qzeros"),
                     *scales = part(parts, "scales");
    if (!is_words(codes, 2) || !is_words(zeros, 2) || !scales || scales->shape.size() != 2)
        return corrupt(module, ": qweight, qzeros or scales are missing or of another form");
    CodeMatrix m;
    m.across_out = true;
    m.codes = codes->bytes;
    m.in = codes->shape[0];
    m.out = codes->shape[1] * 8;
    m.groups = scales->shape[0];
    const std::int64_t run = how.group_size > 0 ? how.group_size : m.in;
    if (m.out < 1 || m.in < 1 || m.in % 32 != 0 || m.groups != (m.in + run - 1) / run ||
        !has_shape(*scales, m.groups, m.out) || !has_shape(*zeros, m.groups, m.out / 8))
        return corrupt(module, ": qweight " + shape_text(codes->shape) + ", qzeros " +
                                   shape_text(zeros->shape) + " and scales " + shape_text(scales->shape) +
                                   " do not belong together in groups of " + std::to_string(run));
    PELLUCID_TRY(m.scales, scale_values(module, *scales));
    m.zeros.resize(m.scales.size());
    for (std::int64_t g = 0; g < m.groups; ++g)
        for (std::int64_t o = 0; o < m.out; ++o)
            m.zeros[static_cast<std::size_t>(g * m.out + o)] =
                static_cast<std::int16_t>(CodeMatrix::awq_nibble(zeros->bytes, g, o, m.out));
    m.contiguous = run % 32 == 0;
    m.group.resize(static_cast<std::size_t>(m.in));
    for (std::int64_t i = 0; i < m.in; ++i)
        m.group[static_cast<std::size_t>(i)] = static_cast<std::int32_t>(i / run);
    return stored_codes(std::move(m));
}

Result<StoredTensor> fp8_matrix(const std::string& module, const FileTensor& codes, const FileTensor& scales,
                                const FolderQuantization& how) {
    if (codes.dtype != "F8_E4M3")
        return fail(ErrorCode::unsupported,
                    module + ": its weight has the number format " + std::string(codes.dtype),
                    "choose the model in BF16, F16, FP8 (E4M3), GPTQ or AWQ, or as a GGUF file");
    if (codes.shape.size() != 2) return corrupt(module, ": its weight is no matrix");
    const std::int64_t rows = codes.shape[0], columns = codes.shape[1];
    PELLUCID_TRY(auto factors, scale_values(module, scales));
    const bool single = factors.size() == 1;
    const std::int64_t across = single ? 1 : (columns + how.block_columns - 1) / how.block_columns,
                       down = single ? 1 : (rows + how.block_rows - 1) / how.block_rows;
    if (!single && !has_shape(scales, down, across))
        return corrupt(module, ": its scales have shape " + shape_text(scales.shape) + " for a weight of " +
                                   shape_text(codes.shape) + " in blocks of " +
                                   std::to_string(how.block_rows) + " x " +
                                   std::to_string(how.block_columns));
    float largest = 0;
    for (const float factor : factors) largest = std::max(largest, std::abs(factor));
    StoredTensor stored;
    stored.type = largest * 448 <= kMostHalf ? TensorType::f16 : TensorType::bf16;
    stored.shape = codes.shape;
    stored.make = [=, bytes = codes.bytes, factors = std::move(factors), type = stored.type,
                   block_rows = how.block_rows,
                   block_columns = how.block_columns](std::span<std::byte> out) -> Result<void> {
        float values[256];
        for (int code = 0; code < 256; ++code)
            values[code] = f8_e4m3_to_float(static_cast<std::uint8_t>(code));
        for (std::int64_t r = 0; r < rows; ++r)
            for (std::int64_t c = 0; c < columns; ++c) {
                const auto code = static_cast<std::size_t>(bytes[static_cast<std::size_t>(r * columns + c)]);
                if ((code & 0x7f) == 0x7f)
                    return corrupt(module, ": its weight holds a value that is no number");
                const std::int64_t at = single ? 0 : r / block_rows * across + c / block_columns;
                const float value = values[code] * factors[static_cast<std::size_t>(at)];
                put(out.data() + (r * columns + c) * 2,
                    type == TensorType::f16 ? float_to_half(value) : float_to_bfloat16(value));
            }
        return {};
    };
    return stored;
}

}  // namespace

float f8_e4m3_to_float(std::uint8_t code) {
    const int exponent = (code >> 3) & 15, mantissa = code & 7;
    if (exponent == 15 && mantissa == 7) return std::numeric_limits<float>::quiet_NaN();
    const float magnitude = exponent == 0 ? std::ldexp(static_cast<float>(mantissa), -9)
                                          : std::ldexp(static_cast<float>(8 + mantissa), exponent - 10);
    return code & 0x80 ? -magnitude : magnitude;
}

bool is_quantized(const ModuleParts& parts) {
    const FileTensor* weight = part(parts, "weight");
    return part(parts, "qweight") || part(parts, "weight_scale_inv") ||
           (weight && weight->dtype.starts_with("F8"));
}

Result<StoredTensor> quantized_matrix(const std::string& module, const ModuleParts& parts,
                                      const FolderQuantization& how) {
    using Kind = FolderQuantization::Kind;
    if (part(parts, "qweight")) {
        if (how.kind == Kind::gptq) return gptq_matrix(module, parts, how);
        if (how.kind == Kind::awq) return awq_matrix(module, parts, how);
        return corrupt(module, ": its weight is packed, but config.json has no quantization_config for it");
    }
    const FileTensor *weight = part(parts, "weight"), *scales = part(parts, "weight_scale_inv");
    if (!weight || !scales) return corrupt(module, ": its weight or the scales weight_scale_inv are missing");
    return fp8_matrix(module, *weight, *scales, how);
}

Result<StoredTensor> mxfp4_experts(const std::string& module, const FileTensor& blocks,
                                   const FileTensor& scales) {
    if (blocks.dtype != "U8" || scales.dtype != "U8" || blocks.shape.size() != 4 || blocks.shape[3] != 16 ||
        scales.shape != std::vector<std::int64_t>(blocks.shape.begin(), blocks.shape.end() - 1))
        return corrupt(module, ": blocks " + shape_text(blocks.shape) + " and scales " +
                                   shape_text(scales.shape) + " are not MXFP4");
    StoredTensor stored;
    stored.type = TensorType::mxfp4;
    stored.shape = {blocks.shape[0], blocks.shape[1], blocks.shape[2] * 32};
    stored.make = [from = blocks.bytes, exponents = scales.bytes](std::span<std::byte> out) -> Result<void> {
        // There byte j holds values 2j and 2j + 1, here j and j + 16.
        for (std::size_t b = 0; b < exponents.size(); ++b) {
            std::byte* const to = out.data() + b * 17;
            to[0] = exponents[b];
            const auto nibble = [&](std::size_t i) {
                return (static_cast<unsigned>(from[b * 16 + i / 2]) >> (i % 2 * 4)) & 15u;
            };
            for (std::size_t j = 0; j < 16; ++j)
                to[1 + j] = static_cast<std::byte>(nibble(j) | (nibble(j + 16) << 4));
        }
        return {};
    };
    return stored;
}

}  // namespace pellucid
