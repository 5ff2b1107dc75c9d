#include "engine/model/quantizer.h"

#include <atomic>
#include <cmath>
#include <deque>
#include <mutex>
#include <optional>

#include "engine/format/gguf_writer.h"
#include "engine/quant/decode.h"
#include "engine/quant/encode.h"

namespace pellucid {
namespace {

struct Sums {
    double error = 0, size = 0;
};

/// Rows [begin, end) of a tensor.
Result<Sums> encode_rows(const TensorView& tensor, TensorType to, std::span<const float> importance,
                         std::int64_t rows_of_matrix, std::int64_t begin, std::int64_t end,
                         std::vector<std::byte>& bytes) {
    const auto columns = static_cast<std::size_t>(tensor.shape.back());
    const auto row_bytes = [&](TensorType type) {
        const auto info = *tensor_type_info(type);
        return columns / static_cast<std::size_t>(info.block_values) *
               static_cast<std::size_t>(info.block_bytes);
    };
    std::vector<float> values(columns), back(columns);
    Sums sums;
    for (auto row = static_cast<std::size_t>(begin); row < static_cast<std::size_t>(end); ++row) {
        PELLUCID_CHECK(decode(
            tensor.type, tensor.bytes.subspan(row * row_bytes(tensor.type), row_bytes(tensor.type)), values));
        const std::span<std::byte> to_bytes(bytes.data() + row * row_bytes(to), row_bytes(to));
        std::span<const float> own;
        if (!importance.empty()) {
            const bool by_expert = importance.size() > columns;
            own = importance.subspan(by_expert ? row / static_cast<std::size_t>(rows_of_matrix) * columns : 0,
                                     columns);
        }
        if (auto done = encode(to, values, own, to_bytes); !done)
            return fail(
                done.error().code == ErrorCode::invalid_argument ? ErrorCode::corrupt : done.error().code,
                "tensor " + std::string(tensor.name) + ", row " + std::to_string(row) + ": " +
                    done.error().what,
                done.error().hint);
        PELLUCID_CHECK(decode(to, to_bytes, back));
        for (std::size_t i = 0; i < columns; ++i) {
            const double miss = static_cast<double>(back[i]) - static_cast<double>(values[i]);
            sums.error += miss * miss;
            sums.size += static_cast<double>(values[i]) * static_cast<double>(values[i]);
        }
    }
    return sums;
}

Result<QuantizedTensor> quantize_tensor(const TensorView& tensor, TensorType to, ThreadPool& pool,
                                        const QuantizeOptions& options, std::vector<std::byte>& bytes) {
    const std::int64_t columns = tensor.shape.back();
    std::int64_t rows = 1;
    for (std::size_t i = 0; i + 1 < tensor.shape.size(); ++i) rows *= tensor.shape[i];
    const std::int64_t matrices = tensor.shape.size() == 3 ? tensor.shape[0] : 1;
    const auto info = *tensor_type_info(to);
    bytes.resize(static_cast<std::size_t>(rows * (columns / info.block_values) * info.block_bytes));
    std::span<const float> importance;
    if (const auto found = options.importance.find(std::string(tensor.name));
        found != options.importance.end()) {
        importance = found->second;
        if (importance.size() != static_cast<std::size_t>(columns) &&
            importance.size() != static_cast<std::size_t>(columns * matrices))
            return fail(ErrorCode::invalid_argument,
                        "the importance of " + std::string(tensor.name) + " has " +
                            std::to_string(importance.size()) + " columns, the tensor " +
                            std::to_string(columns),
                        "compute the importance matrix with this model");
    }
    std::mutex mutex;
    Sums sums;
    std::optional<Error> error;
    pool.parallel_for(rows, 16, [&](std::int64_t begin, std::int64_t end, int) {
        if (options.cancel.cancelled()) return;
        const auto part = encode_rows(tensor, to, importance, rows / matrices, begin, end, bytes);
        const std::lock_guard lock(mutex);
        if (!part) {
            if (!error) error = part.error();
            return;
        }
        sums.error += part->error;
        sums.size += part->size;
    });
    if (options.cancel.cancelled()) return fail(ErrorCode::cancelled, "quantising was stopped");
    if (error) return fail(*error);
    return QuantizedTensor{std::string(tensor.name), tensor.type, to, bytes.size(),
                           sums.size > 0 ? std::sqrt(sums.error / sums.size) : 0};
}

}  // namespace

Result<std::vector<QuantizedTensor>> quantize_model(const ModelFile& model, const std::string& out,
                                                    ThreadPool& pool, const QuantizeOptions& options) {
    GgufWriter writer;
    for (const auto& [key, value] : model.metadata->all())
        if (!key.starts_with("split.")) writer.metadata().set(key, value);  // one file comes out
    // Unsigned: other programs read no signed number there.
    writer.metadata().set("general.file_type", MetaValue{static_cast<std::uint64_t>(options.recipe.file_type)});
    writer.metadata().set("general.quantization_version", MetaValue{std::uint64_t{2}});
    std::vector<QuantizedTensor> report;
    std::deque<std::vector<std::byte>> kept;  // the writer borrows them, and what is in `loaded`
    std::vector<LoadedTensor> loaded;
    const auto names = model.weights->names();
    for (const std::string_view name : names) {
        const TensorView& tensor = *model.weights->find(name);
        if (options.progress)
            options.progress(name, static_cast<double>(report.size()) / static_cast<double>(names.size()));
        const TensorType to = recipe_type(options.recipe, {name, tensor.shape, tensor.type},
                                          model.spec->n_layers(), model.spec->head.tied);
        PELLUCID_TRY(LoadedTensor from, model.weights->load(tensor));
        if (to == tensor.type) {
            report.push_back({std::string(name), tensor.type, to, from.view.bytes.size(), 0});
            PELLUCID_CHECK(writer.add_tensor(std::string(name), to, tensor.shape, from.view.bytes));
            loaded.push_back(std::move(from));
            continue;
        }
        PELLUCID_TRY(QuantizedTensor done,
                     quantize_tensor(from.view, to, pool, options, kept.emplace_back()));
        model.weights->release(from.view);
        report.push_back(std::move(done));
        PELLUCID_CHECK(writer.add_tensor(std::string(name), to, tensor.shape, kept.back()));
    }
    PELLUCID_CHECK(writer.write(out));
    if (options.progress) options.progress({}, 1);
    return report;
}

}  // namespace pellucid
