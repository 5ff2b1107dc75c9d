// A weight as the reference reads it: rows of float32, decoded exactly, once or on every use.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "engine/base/error.h"
#include "engine/model/weights.h"

namespace pellucid {

/// [rows, columns]. Thread safe.
class WeightMatrix {
public:
    WeightMatrix() = default;
    /// keep: decode all rows now (4 bytes a weight), else row() decodes from the file's bytes.
    /// unsupported: a type without a decoder. The view's bytes must outlive the matrix, or belong to `owner`.
    static Result<WeightMatrix> make(const TensorView& tensor, bool keep,
                                     std::shared_ptr<const void> owner = nullptr);

    std::int64_t rows() const { return view_.rows(); }
    std::int64_t columns() const { return view_.columns(); }
    /// Row r, [columns] f32; valid until `scratch` changes.
    std::span<const float> row(std::int64_t r, std::vector<float>& scratch) const;
    std::uint64_t bytes() const { return values_.size() * sizeof(float); }  ///< held beside the file

private:
    TensorView view_;
    std::shared_ptr<const void> owner_;
    std::vector<float> values_;  // [rows, columns], or empty
};

}  // namespace pellucid
