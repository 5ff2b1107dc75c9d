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

}  // namespace pellucid
