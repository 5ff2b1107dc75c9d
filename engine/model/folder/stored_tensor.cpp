#include "engine/model/folder/stored_tensor.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "engine/base/half.h"
#include "engine/quant/decode.h"

namespace pellucid {
namespace {

constexpr const char* kAnother = "choose the model in BF16, F16, FP8, GPTQ or AWQ, or as a GGUF file";

bool is_dense(TensorType type) {
    return type == TensorType::f32 || type == TensorType::f16 || type == TensorType::bf16;
}

std::size_t bytes_of(TensorType type, std::int64_t columns) {
    const TensorTypeInfo info = *tensor_type_info(type);
    return static_cast<std::size_t>(columns / info.block_values * info.block_bytes);
}

/// The whole tensor in memory.
Result<std::vector<std::byte>> bytes_of(const StoredTensor& tensor) {
    std::vector<std::byte> bytes(tensor.size());
    PELLUCID_CHECK(tensor.write(bytes));
    return bytes;
}

}  // namespace

std::int64_t StoredTensor::rows() const {
    std::int64_t rows = 1;
    for (std::size_t i = 0; i + 1 < shape.size(); ++i) rows *= shape[i];
    return rows;
}
std::int64_t StoredTensor::columns() const {
    return shape.empty() ? 1 : shape.back();
}
std::size_t StoredTensor::row_bytes() const {
    return bytes_of(type, columns());
}
std::size_t StoredTensor::size() const {
    return static_cast<std::size_t>(rows()) * row_bytes();
}

Result<void> StoredTensor::write(std::span<std::byte> out) const {
    if (make) return make(out);
    std::memcpy(out.data(), bytes.data(), std::min(out.size(), bytes.size()));
    return {};
}

Result<StoredTensor> plain_tensor(const FileTensor& tensor) {
    StoredTensor stored;
    stored.type = tensor.type;
    stored.shape = tensor.shape.empty() ? std::vector<std::int64_t>{1} : tensor.shape;
    if (is_dense(tensor.type)) {
        stored.bytes = tensor.bytes;
        // Kernels read numbers, not bytes: those that do not lie on their own width are copied.
        const auto width = static_cast<std::uintptr_t>(tensor_type_info(tensor.type)->block_bytes);
        if (reinterpret_cast<std::uintptr_t>(tensor.bytes.data()) % width != 0) {
            stored.make = [from = tensor.bytes](std::span<std::byte> out) -> Result<void> {
                std::memcpy(out.data(), from.data(), std::min(out.size(), from.size()));
                return {};
            };
            stored.bytes = {};
        }
        return stored;
    }
    if (tensor.type == TensorType::f64) {
        stored.type = TensorType::f32;
        stored.make = [from = tensor.bytes](std::span<std::byte> out) -> Result<void> {
            for (std::size_t i = 0; i * sizeof(double) < from.size(); ++i) {
                double wide = 0;
                std::memcpy(&wide, from.data() + i * sizeof wide, sizeof wide);
                const auto value = static_cast<float>(wide);
                std::memcpy(out.data() + i * sizeof value, &value, sizeof value);
            }
            return {};
        };
        return stored;
    }
    return fail(ErrorCode::unsupported,
                "tensor " + tensor.name.substr(0, 200) + " has the number format " +
                    std::string(tensor.dtype) + ", which no weight of this model can have",
                kAnother);
}

StoredTensor constant_tensor(std::vector<float> values) {
    StoredTensor stored;
    stored.shape = {static_cast<std::int64_t>(values.size())};
    stored.make = [values = std::move(values)](std::span<std::byte> out) -> Result<void> {
        std::memcpy(out.data(), values.data(), out.size());
        return {};
    };
    return stored;
}

StoredTensor rows_of(StoredTensor tensor, std::int64_t rows, std::function<std::int64_t(std::int64_t)> from) {
    StoredTensor result;
    result.type = tensor.type;
    result.fine = tensor.fine;
    result.shape = {rows, tensor.columns()};
    result.make = [tensor = std::move(tensor), rows,
                   from = std::move(from)](std::span<std::byte> out) -> Result<void> {
        std::vector<std::byte> made;
        std::span<const std::byte> source = tensor.bytes;
        if (tensor.make) {
            PELLUCID_TRY(made, bytes_of(tensor));
            source = made;
        }
        const std::size_t width = tensor.row_bytes();
        for (std::int64_t row = 0; row < rows; ++row)
            std::memcpy(out.data() + static_cast<std::size_t>(row) * width,
                        source.data() + static_cast<std::size_t>(from(row)) * width, width);
        return {};
    };
    return result;
}

Result<StoredTensor> paired_rows(StoredTensor tensor, std::int64_t heads, const std::string& name) {
    const bool bias = tensor.shape.size() == 1;
    const std::vector<std::int64_t> shape = tensor.shape;
    if (bias) tensor = reshaped(std::move(tensor), {shape[0], 1});
    const std::int64_t rows = tensor.rows();
    if (heads < 1 || rows % (2 * heads) != 0)
        return fail(ErrorCode::corrupt,
                    "tensor " + name + " has " + std::to_string(rows) + " rows, which " +
                        std::to_string(heads) + " heads do not divide into pairs",
                    "config.json and the weights are of different models; download both again");
    const std::int64_t width = rows / heads;
    return reshaped(rows_of(std::move(tensor), rows,
                            [width](std::int64_t row) {
                                const std::int64_t in_head = row % width;
                                return row - in_head + in_head % 2 * (width / 2) + in_head / 2;
                            }),
                    shape);
}

StoredTensor reshaped(StoredTensor tensor, std::vector<std::int64_t> shape) {
    tensor.shape = std::move(shape);
    return tensor;
}

StoredTensor plus(StoredTensor tensor, float add) {
    StoredTensor result;
    result.type = TensorType::f32;
    result.shape = tensor.shape;
    result.make = [tensor = std::move(tensor), add](std::span<std::byte> out) -> Result<void> {
        PELLUCID_TRY(const auto bytes, bytes_of(tensor));
        std::vector<float> values(out.size() / sizeof(float));
        PELLUCID_CHECK(decode(tensor.type, bytes, values));
        for (float& value : values) value += add;
        std::memcpy(out.data(), values.data(), out.size());
        return {};
    };
    return result;
}

StoredTensor dense(StoredTensor tensor) {
    if (is_dense(tensor.type)) return tensor;
    StoredTensor result;
    result.type = TensorType::f16;
    result.shape = tensor.shape;
    result.make = [tensor = std::move(tensor)](std::span<std::byte> out) -> Result<void> {
        PELLUCID_TRY(const auto bytes, bytes_of(tensor));
        std::vector<float> row(static_cast<std::size_t>(tensor.columns()));
        const std::size_t width = tensor.row_bytes();
        for (std::size_t r = 0; r < static_cast<std::size_t>(tensor.rows()); ++r) {
            PELLUCID_CHECK(decode(tensor.type, std::span(bytes).subspan(r * width, width), row));
            for (std::size_t i = 0; i < row.size(); ++i) {
                const Half half = float_to_half(row[i]);
                std::memcpy(out.data() + (r * row.size() + i) * sizeof half, &half, sizeof half);
            }
        }
        return {};
    };
    return result;
}

StoredTensor transposed(StoredTensor tensor) {
    StoredTensor result;
    result.type = tensor.type;
    const auto count = static_cast<std::size_t>(tensor.shape[0]),
               rows = static_cast<std::size_t>(tensor.shape[1]),
               columns = static_cast<std::size_t>(tensor.shape[2]);
    result.shape = {tensor.shape[0], tensor.shape[2], tensor.shape[1]};
    result.make = [tensor = std::move(tensor), count, rows,
                   columns](std::span<std::byte> out) -> Result<void> {
        PELLUCID_TRY(const auto bytes, bytes_of(tensor));
        const auto width = static_cast<std::size_t>(tensor_type_info(tensor.type)->block_bytes);
        for (std::size_t m = 0; m < count; ++m)
            for (std::size_t r = 0; r < rows; ++r)
                for (std::size_t c = 0; c < columns; ++c)
                    std::memcpy(out.data() + ((m * columns + c) * rows + r) * width,
                                bytes.data() + ((m * rows + r) * columns + c) * width, width);
        return {};
    };
    return result;
}

Result<StoredTensor> stacked(std::vector<StoredTensor> parts, const std::string& name) {
    StoredTensor result;
    result.type = parts.front().type;
    const std::vector<std::int64_t> shape = parts.front().shape;
    bool mixed = false;
    for (const StoredTensor& part : parts) {
        mixed = mixed || part.type != result.type;
        if (part.shape != shape)
            return fail(ErrorCode::corrupt,
                        "the experts of " + name + " have shapes " + shape_text(shape) + " and " +
                            shape_text(part.shape),
                        "the weights are damaged; download the folder again");
    }
    if (mixed)
        for (StoredTensor& part : parts) {
            part = dense(std::move(part));
            if (part.type == TensorType::f16) continue;
            // bf16 among f16: f32 holds both, but experts of one layer never come so.
            return fail(ErrorCode::unsupported, "the experts of " + name + " have different number formats",
                        kAnother);
        }
    result.type = parts.front().type;
    result.fine = std::any_of(parts.begin(), parts.end(), [](const StoredTensor& part) { return part.fine; });
    result.shape = shape;
    result.shape.insert(result.shape.begin(), static_cast<std::int64_t>(parts.size()));
    result.make = [parts = std::move(parts)](std::span<std::byte> out) -> Result<void> {
        std::size_t at = 0;
        for (const StoredTensor& part : parts) {
            PELLUCID_CHECK(part.write(out.subspan(at, part.size())));
            at += part.size();
        }
        return {};
    };
    return result;
}

}  // namespace pellucid
