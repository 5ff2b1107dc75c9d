#include "engine/quant/encode.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <string>
#include <vector>

#include "engine/quant/encode_block.h"

namespace pellucid {

namespace {

bool all_finite(std::span<const float> values) {
    return std::all_of(values.begin(), values.end(), [](float v) { return std::isfinite(v); });
}

template <typename Block>
void encode_blocks(std::size_t block_values, std::span<const float> values, std::span<const float> importance,
                   std::span<std::byte> bytes) {
    const std::vector<float> ones(block_values, 1.0f);
    for (std::size_t at = 0, b = 0; at < values.size(); at += block_values, ++b) {
        std::span<const float> weights = ones;
        if (!importance.empty()) {
            // A group that nothing looked at is kept as if everything did.
            const auto own = importance.subspan(at, block_values);
            if (std::any_of(own.begin(), own.end(), [](float w) { return w > 0; })) weights = own;
        }
        Block block{};
        encode_block(values.subspan(at, block_values), weights, block);
        std::memcpy(bytes.data() + b * sizeof block, &block, sizeof block);
    }
}

template <typename Stored, typename Convert>
void store_each(std::span<const float> values, std::span<std::byte> bytes, Convert&& convert) {
    for (std::size_t i = 0; i < values.size(); ++i) {
        const Stored stored = convert(values[i]);
        std::memcpy(bytes.data() + i * sizeof stored, &stored, sizeof stored);
    }
}

}  // namespace

bool can_encode(TensorType type) {
    switch (type) {
        case TensorType::f32:
        case TensorType::f16:
        case TensorType::bf16:
        case TensorType::q4_0:
        case TensorType::q5_0:
        case TensorType::q8_0:
        case TensorType::q2_k:
        case TensorType::q3_k:
        case TensorType::q4_k:
        case TensorType::q5_k:
        case TensorType::q6_k:
        case TensorType::iq4_nl:
        case TensorType::iq4_xs:
        case TensorType::mxfp4:
            return true;
        default:
            return false;
    }
}

Result<void> encode(TensorType type, std::span<const float> values, std::span<const float> importance,
                    std::span<std::byte> bytes) {
    if (!can_encode(type))
        return fail(ErrorCode::unsupported, "weights cannot be written in " + std::string(to_string(type)),
                    "choose another type, such as Q4_K");
    const auto info = tensor_type_info(type);
    const auto block = static_cast<std::size_t>(info->block_values);
    if (values.size() % block != 0 ||
        bytes.size() != values.size() / block * static_cast<std::size_t>(info->block_bytes) ||
        (!importance.empty() && importance.size() != values.size()))
        return fail(ErrorCode::invalid_argument, std::to_string(values.size()) + " values with " +
                                                     std::to_string(importance.size()) +
                                                     " weights do not fill " + std::to_string(bytes.size()) +
                                                     " bytes of " + std::string(info->name));
    if (!all_finite(values) || !all_finite(importance) ||
        std::any_of(importance.begin(), importance.end(), [](float w) { return w < 0; }))
        return fail(
            ErrorCode::invalid_argument, "a value or its importance is not a finite number",
            "the source file is damaged, or the text for the importance matrix gave no finite activations");
    switch (type) {
        case TensorType::f32:
            store_each<float>(values, bytes, [](float v) { return v; });
            break;
        case TensorType::f16:
            store_each<Half>(values, bytes, float_to_half);
            break;
        case TensorType::bf16:
            store_each<Bfloat16>(values, bytes, float_to_bfloat16);
            break;
        case TensorType::q4_0:
            encode_blocks<BlockQ4_0>(block, values, importance, bytes);
            break;
        case TensorType::q5_0:
            encode_blocks<BlockQ5_0>(block, values, importance, bytes);
            break;
        case TensorType::q8_0:
            encode_blocks<BlockQ8_0>(block, values, importance, bytes);
            break;
        case TensorType::q2_k:
            encode_blocks<BlockQ2_K>(block, values, importance, bytes);
            break;
        case TensorType::q3_k:
            encode_blocks<BlockQ3_K>(block, values, importance, bytes);
            break;
        case TensorType::q4_k:
            encode_blocks<BlockQ4_K>(block, values, importance, bytes);
            break;
        case TensorType::q5_k:
            encode_blocks<BlockQ5_K>(block, values, importance, bytes);
            break;
        case TensorType::q6_k:
            encode_blocks<BlockQ6_K>(block, values, importance, bytes);
            break;
        case TensorType::iq4_nl:
            encode_blocks<BlockIQ4_NL>(block, values, importance, bytes);
            break;
        case TensorType::iq4_xs:
            encode_blocks<BlockIQ4_XS>(block, values, importance, bytes);
            break;
        default:
            encode_blocks<BlockMXFP4>(block, values, importance, bytes);
            break;
    }
    return {};
}

Result<void> encode_q8_0(std::span<const float> values, std::span<BlockQ8_0> blocks) {
    if (values.size() != blocks.size() * kBlockValues)
        return fail(ErrorCode::invalid_argument, std::to_string(values.size()) + " values do not fill " +
                                                     std::to_string(blocks.size()) + " blocks of 32");
    for (std::size_t b = 0; b < blocks.size(); ++b)
        encode_block(values.subspan(b * kBlockValues, kBlockValues), {}, blocks[b]);
    return {};
}

}  // namespace pellucid
