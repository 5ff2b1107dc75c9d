#include "engine/ops/weight_matrix.h"

#include <cstring>

#include "engine/base/half.h"

namespace pellucid {
namespace {
bool decode_row(TensorType type, const std::byte* bytes, std::span<float> out) {
    for (std::size_t i = 0; i < out.size(); ++i) {
        if (type == TensorType::f32) {
            std::memcpy(&out[i], bytes + 4 * i, 4);
        } else {
            std::uint16_t h;
            std::memcpy(&h, bytes + 2 * i, 2);
            out[i] = type == TensorType::f16 ? half_to_float(h) : bfloat16_to_float(h);
        }
    }
    return true;
}
}  // namespace

Result<WeightMatrix> WeightMatrix::make(const TensorView& tensor, bool keep) {
    WeightMatrix matrix;
    matrix.view_ = tensor;
    if (keep) {
        std::vector<float> values(static_cast<std::size_t>(tensor.rows() * tensor.columns()));
        std::vector<float> scratch;
        for (std::int64_t r = 0; r < tensor.rows(); ++r) {
            const auto row = matrix.row(r, scratch);
            std::copy(row.begin(), row.end(),
                      values.begin() + static_cast<std::ptrdiff_t>(r * tensor.columns()));
        }
        matrix.values_ = std::move(values);
    }
    return matrix;
}

std::span<const float> WeightMatrix::row(std::int64_t r, std::vector<float>& scratch) const {
    const auto width = static_cast<std::size_t>(columns());
    if (!values_.empty()) return std::span(values_).subspan(static_cast<std::size_t>(r) * width, width);
    scratch.resize(width);
    decode_row(view_.type, view_.bytes.data() + static_cast<std::size_t>(r) * view_.row_bytes(), scratch);
    return scratch;
}

}  // namespace pellucid
