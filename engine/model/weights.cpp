#include "engine/model/weights.h"

namespace pellucid {

std::int64_t TensorView::rows() const {
    std::int64_t rows = 1;
    for (std::size_t i = 0; i + 1 < shape.size(); ++i) rows *= shape[i];
    return rows;
}

std::int64_t TensorView::columns() const {
    return shape.empty() ? 1 : shape.back();
}

std::size_t TensorView::row_bytes() const {
    const std::int64_t count = rows();
    return count > 0 ? bytes.size() / static_cast<std::size_t>(count) : 0;
}

std::uint64_t stored_bytes(const TensorView& tensor) {
    const auto info = tensor_type_info(tensor.type);
    if (!info) return 0;
    const auto blocks = static_cast<std::uint64_t>(tensor.rows() * tensor.columns()) /
                        static_cast<std::uint64_t>(info->block_values);
    return blocks * static_cast<std::uint64_t>(info->block_bytes);
}

std::string shape_text(const std::vector<std::int64_t>& shape) {
    std::string text = "[";
    for (std::size_t i = 0; i < shape.size(); ++i) text += (i ? ", " : "") + std::to_string(shape[i]);
    return text + "]";
}

}  // namespace pellucid
