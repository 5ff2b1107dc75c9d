#include "engine/model/importance.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <deque>
#include <span>

#include "engine/format/gguf_writer.h"

namespace pellucid {
namespace {

constexpr const char* kSquares = ".in_sum2";
constexpr const char* kCounts = ".counts";

std::span<const std::byte> bytes_of(const std::vector<float>& values) {
    return std::as_bytes(std::span(values));
}

Result<std::vector<double>> values_of(const FileTensor& tensor, const std::string& path) {
    const auto wrong = [&](const char* what) {
        return fail(ErrorCode::corrupt, path + ": " + tensor.name + " " + what,
                    "compute the importance matrix again");
    };
    if (tensor.type != TensorType::f32 || tensor.shape.size() > 2) return wrong("is not a matrix of f32");
    std::vector<float> values(tensor.bytes.size() / sizeof(float));
    std::memcpy(values.data(), tensor.bytes.data(), values.size() * sizeof(float));
    for (const float value : values)
        if (!(value >= 0) || !std::isfinite(value)) return wrong("holds a value that is no sum of squares");
    return std::vector<double>(values.begin(), values.end());
}

}  // namespace

std::map<std::string, std::vector<float>> ImportanceMatrix::means() const {
    std::map<std::string, std::vector<float>> all;
    for (const auto& [name, sums] : tensors) {
        std::vector<float>& out = all[name];
        out.resize(sums.squares.size());
        const std::size_t slices = sums.counts.size(), columns = sums.squares.size() / slices;
        for (std::size_t slice = 0; slice < slices; ++slice) {
            const double* squares = sums.squares.data() + slice * columns;
            double total = 0;
            std::size_t met = 0;
            for (std::size_t i = 0; i < columns; ++i) {
                total += squares[i];
                met += squares[i] > 0 ? 1 : 0;
            }
            const double average = met > 0 ? total / static_cast<double>(met) : 1;
            const double count = met > 0 ? sums.counts[slice] : 1;
            for (std::size_t i = 0; i < columns; ++i)
                out[slice * columns + i] =
                    static_cast<float>((squares[i] > 0 ? squares[i] : average) / count);
        }
    }
    return all;
}

Result<void> save_importance(const ImportanceMatrix& matrix, const std::string& path) {
    GgufWriter writer;
    writer.metadata().set("general.type", MetaValue{std::string("imatrix")});
    writer.metadata().set("imatrix.datasets", MetaValue{std::vector<std::string>{matrix.text}});
    writer.metadata().set("imatrix.chunk_count", MetaValue{matrix.chunks});
    writer.metadata().set("imatrix.chunk_size", MetaValue{matrix.chunk_tokens});
    std::deque<std::vector<float>> kept;  // the writer borrows them
    for (const auto& [name, sums] : matrix.tensors) {
        const auto slices = static_cast<std::int64_t>(sums.counts.size());
        const auto columns = static_cast<std::int64_t>(sums.squares.size()) / slices;
        const auto& squares = kept.emplace_back(sums.squares.begin(), sums.squares.end());
        PELLUCID_CHECK(
            writer.add_tensor(name + kSquares, TensorType::f32, {slices, columns}, bytes_of(squares)));
        const auto& counts = kept.emplace_back(sums.counts.begin(), sums.counts.end());
        PELLUCID_CHECK(writer.add_tensor(name + kCounts, TensorType::f32, {slices, 1}, bytes_of(counts)));
    }
    return writer.write(path);
}

Result<ImportanceMatrix> load_importance(const std::string& path) {
    PELLUCID_TRY(const auto file, GgufFile::open(path));
    return read_importance(*file, path);
}

Result<ImportanceMatrix> read_importance(const GgufFile& file, const std::string& path) {
    const Metadata& metadata = file.metadata();
    PELLUCID_TRY(const std::string type, metadata.string_or("general.type", ""));
    if (type != "imatrix")
        return fail(ErrorCode::unsupported, path + ": general.type is \"" + type + "\", not \"imatrix\"",
                    "give a file that quantize --imatrix-save wrote");
    ImportanceMatrix matrix;
    PELLUCID_TRY(matrix.chunks, metadata.integer_or("imatrix.chunk_count", 0));
    PELLUCID_TRY(matrix.chunk_tokens, metadata.integer_or("imatrix.chunk_size", 0));
    if (metadata.contains("imatrix.datasets")) {
        PELLUCID_TRY(const auto* names, metadata.strings("imatrix.datasets"));
        if (!names->empty()) matrix.text = names->front();
    }
    for (const FileTensor& tensor : file.tensors()) {
        if (!tensor.name.ends_with(kSquares)) continue;
        const std::string name(tensor.name.substr(0, tensor.name.size() - std::strlen(kSquares)));
        const FileTensor* counts = file.find(name + kCounts);
        if (!counts)
            return fail(ErrorCode::corrupt, path + ": " + name + kCounts + " is missing",
                        "compute the importance matrix again");
        ImportanceMatrix::Sums sums;
        PELLUCID_TRY(sums.squares, values_of(tensor, path));
        PELLUCID_TRY(sums.counts, values_of(*counts, path));
        const std::size_t slices = tensor.shape.size() == 2 ? static_cast<std::size_t>(tensor.shape[0]) : 1;
        if (sums.counts.size() != slices)
            return fail(ErrorCode::corrupt,
                        path + ": " + name + kCounts + " has " + std::to_string(sums.counts.size()) +
                            " values for " + std::to_string(slices) + " matrices",
                        "compute the importance matrix again");
        // Tokens are counted whole: a mean is then never larger than what it is the mean of.
        if (std::any_of(sums.counts.begin(), sums.counts.end(), [](double n) { return n != 0 && n < 1; }))
            return fail(ErrorCode::corrupt, path + ": " + name + kCounts + " holds a value that is no count",
                        "compute the importance matrix again");
        for (std::size_t slice = 0; slice < slices; ++slice)
            if (sums.counts[slice] == 0)
                for (std::size_t i = 0; i < sums.squares.size() / slices; ++i)
                    sums.squares[slice * (sums.squares.size() / slices) + i] = 0;
        matrix.tensors.emplace(name, std::move(sums));
    }
    if (matrix.tensors.empty())
        return fail(ErrorCode::corrupt, path + ": holds no importance of any tensor",
                    "compute the importance matrix again");
    return matrix;
}

}  // namespace pellucid
