// Random weight matrices in any type, whose blocks are well formed: finite scales of ordinary size.
#pragma once

#include <cstddef>
#include <cstring>
#include <random>
#include <span>
#include <vector>

#include "engine/base/half.h"
#include "engine/model/weights.h"
#include "engine/quant/blocks.h"
#include "engine/quant/decode.h"

namespace pellucid::test {

class RandomWeights {
public:
    RandomWeights(TensorType type, std::int64_t rows, std::int64_t columns, unsigned seed) {
        const auto info = *tensor_type_info(type);
        std::mt19937 random(seed);
        bytes_.resize(static_cast<std::size_t>(rows * (columns / info.block_values) * info.block_bytes));
        for (auto& byte : bytes_) byte = static_cast<std::byte>(random());
        std::uniform_real_distribution<float> scale(0.002f, 0.02f);
        std::normal_distribution<float> weight(0, 0.05f);
        for (std::size_t at = 0; at < bytes_.size(); at += static_cast<std::size_t>(info.block_bytes)) {
            std::byte* block = bytes_.data() + at;
            const auto put = [&](std::size_t offset, auto value) {
                std::memcpy(block + offset, &value, sizeof value);
            };
            const float d = scale(random) * (random() % 2 ? 1.0f : -1.0f);
            switch (type) {
                case TensorType::f32:
                    put(0, weight(random));
                    break;
                case TensorType::f16:
                    put(0, float_to_half(weight(random)));
                    break;
                case TensorType::bf16:
                    put(0, float_to_bfloat16(weight(random)));
                    break;
                case TensorType::q4_1:
                case TensorType::q5_1:
                    put(2, float_to_half(-8 * d));
                    [[fallthrough]];
                case TensorType::q4_0:
                case TensorType::q5_0:
                    put(0, float_to_half(d));
                    break;
                case TensorType::q8_0:
                    put(0, float_to_half(d / 8));
                    break;
                case TensorType::q2_k:
                    put(80, float_to_half(d / 4));
                    put(82, float_to_half(d / 3));
                    break;
                case TensorType::q3_k:
                    put(108, float_to_half(d / 8));
                    break;
                case TensorType::q4_k:
                case TensorType::q5_k:
                    put(0, float_to_half(d / 32));
                    put(2, float_to_half(d / 8));
                    break;
                case TensorType::q6_k:
                    put(208, float_to_half(d / 256));
                    break;
                case TensorType::iq1_s:
                case TensorType::iq2_xxs:
                case TensorType::iq2_xs:
                case TensorType::iq2_s:
                case TensorType::iq3_xxs:
                case TensorType::iq3_s:
                    put(0, float_to_half(d / 8));
                    break;
                case TensorType::iq4_nl:
                    put(0, float_to_half(d / 16));
                    break;
                case TensorType::iq4_xs:
                    put(0, float_to_half(d / 256));
                    break;
                case TensorType::iq1_m: {
                    const Half half = float_to_half(d);
                    for (std::size_t word = 0; word < 4; ++word) {
                        std::uint16_t scales = 0;
                        std::memcpy(&scales, block + 48 + 2 * word, 2);
                        put(48 + 2 * word,
                            static_cast<std::uint16_t>((scales & 0xfff) | (half >> (4 * word) & 15) << 12));
                    }
                    break;
                }
                case TensorType::tq1_0:
                    put(52, float_to_half(8 * d));
                    break;
                case TensorType::tq2_0:
                    put(64, float_to_half(8 * d));
                    break;
                case TensorType::mxfp4:
                    put(0, static_cast<std::uint8_t>(118 + random() % 4));
                    break;
                default:
                    break;
            }
        }
        view_ = {"random", type, {rows, columns}, bytes_};
        values_.resize(static_cast<std::size_t>(rows * columns));
        decode_unchecked(type, bytes_.data(), values_.data(), values_.size());
    }
    RandomWeights(const RandomWeights&) = delete;

    const TensorView& view() const { return view_; }
    const std::vector<float>& values() const { return values_; }  ///< [rows, columns]
    std::span<const float> row(std::int64_t r) const {
        const auto columns = static_cast<std::size_t>(view_.columns());
        return std::span(values_).subspan(static_cast<std::size_t>(r) * columns, columns);
    }

private:
    std::vector<std::byte> bytes_;
    TensorView view_;
    std::vector<float> values_;
};

inline std::vector<float> random_floats(std::size_t n, unsigned seed, float deviation = 1) {
    std::mt19937 random(seed);
    std::normal_distribution<float> normal(0, deviation);
    std::vector<float> values(n);
    for (float& v : values) v = normal(random);
    return values;
}

}  // namespace pellucid::test
