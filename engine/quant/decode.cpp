#include "engine/quant/decode.h"

#include <cstring>
#include <string>

#include "engine/base/half.h"
#include "engine/quant/unpack.h"

namespace pellucid {

bool can_decode(TensorType type) {
    return type == TensorType::f32 || type == TensorType::f16 || type == TensorType::bf16 ||
           is_block_quantised(type);
}

Result<void> decode(TensorType type, std::span<const std::byte> bytes, std::span<float> values) {
    if (!can_decode(type))
        return fail(ErrorCode::unsupported,
                    "weights in " + std::string(to_string(type)) + " cannot be decoded",
                    "choose another quantisation of the model");
    const auto info = tensor_type_info(type);
    const auto block = static_cast<std::size_t>(info->block_values);
    if (values.size() % block != 0 ||
        bytes.size() != values.size() / block * static_cast<std::size_t>(info->block_bytes))
        return fail(ErrorCode::invalid_argument, std::to_string(bytes.size()) + " bytes do not hold " +
                                                     std::to_string(values.size()) + " values of " +
                                                     std::string(info->name));
    decode_unchecked(type, bytes.data(), values.data(), values.size());
    return {};
}

void decode_unchecked(TensorType type, const std::byte* bytes, float* values, std::size_t n) {
    if (type == TensorType::f32) {
        if (n > 0) std::memcpy(values, bytes, n * sizeof(float));
        return;
    }
    if (type == TensorType::f16 || type == TensorType::bf16) {
        for (std::size_t i = 0; i < n; ++i) {
            std::uint16_t stored = 0;
            std::memcpy(&stored, bytes + 2 * i, 2);
            values[i] = type == TensorType::f16 ? half_to_float(stored) : bfloat16_to_float(stored);
        }
        return;
    }
    const auto info = tensor_type_info(type);
    UnpackedBlock block;
    for (std::size_t done = 0; done < n; done += static_cast<std::size_t>(block.values)) {
        unpack_block(type, bytes, block);
        bytes += info->block_bytes;
        for (int i = 0; i < block.values; ++i) {
            const int g = i / block.group;
            const int step = block.levels ? block.levels[block.codes[i]] : block.codes[i] - block.offset;
            values[done + static_cast<std::size_t>(i)] =
                block.scales[g] * static_cast<float>(step) - block.minimums[g];
        }
    }
}

}  // namespace pellucid
