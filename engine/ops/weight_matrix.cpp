#include "engine/ops/weight_matrix.h"

#include "engine/quant/decode.h"

namespace pellucid {

Result<WeightMatrix> WeightMatrix::make(const TensorView& tensor, bool keep,
                                        std::shared_ptr<const void> owner) {
    const auto info = tensor_type_info(tensor.type);
    if (!info || !can_decode(tensor.type))
        return fail(ErrorCode::unsupported,
                    "tensor " + std::string(tensor.name) + " has type " +
                        std::string(to_string(tensor.type)) + ", which the reference device cannot decode",
                    "choose a file quantised as Q4_K_M, Q8_0 or F16");
    const std::int64_t values = tensor.rows() * tensor.columns();
    const auto expected = static_cast<std::uint64_t>(values / info->block_values * info->block_bytes);
    if (tensor.columns() % info->block_values != 0 || tensor.bytes.size() != expected)
        return fail(ErrorCode::corrupt,
                    "tensor " + std::string(tensor.name) + " holds " + std::to_string(tensor.bytes.size()) +
                        " bytes, its shape needs " + std::to_string(expected),
                    "the model file is incomplete; download it again");
    WeightMatrix matrix;
    matrix.view_ = tensor;
    if (keep) {
        matrix.values_.resize(static_cast<std::size_t>(values));
        decode_unchecked(tensor.type, tensor.bytes.data(), matrix.values_.data(), matrix.values_.size());
    } else {
        matrix.owner_ = std::move(owner);
    }
    return matrix;
}

std::span<const float> WeightMatrix::row(std::int64_t r, std::vector<float>& scratch) const {
    const auto width = static_cast<std::size_t>(columns());
    if (!values_.empty()) return std::span(values_).subspan(static_cast<std::size_t>(r) * width, width);
    scratch.resize(width);
    decode_unchecked(view_.type, view_.bytes.data() + static_cast<std::size_t>(r) * view_.row_bytes(),
                     scratch.data(), width);
    return scratch;
}

}  // namespace pellucid
