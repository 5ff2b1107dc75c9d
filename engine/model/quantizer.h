// Writes a model again with its weights in other types.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "engine/base/cancel.h"
#include "engine/base/error.h"
#include "engine/base/thread_pool.h"
#include "engine/model/model_file.h"
#include "engine/model/recipe.h"

namespace pellucid {

struct QuantizeOptions {
    Recipe recipe;
    /// By tensor name, what each column's squared error counts: [columns], or [experts, columns] for stacked
    /// experts. Tensors that are not named count every column alike.
    std::map<std::string, std::vector<float>> importance;
    std::function<void(std::string_view tensor, double fraction)> progress;
    CancelToken cancel;
};

struct QuantizedTensor {
    std::string name;
    TensorType from, to;
    std::uint64_t bytes = 0;
    double relative_error = 0;  ///< root of sum (new - old)^2 / sum old^2; 0 where nothing changed
};

/// All tensors in the file's order, in one GGUF file whatever the model came in. Holds the new weights in
/// memory until the file is written; `out` is replaced only once everything is on the disk. Errors:
/// unsupported (a source type without a decoder), corrupt (weights that are not finite: names the tensor),
/// invalid_argument (importance of another size), cancelled, and those of FileWriter.
Result<std::vector<QuantizedTensor>> quantize_model(const ModelFile& model, const std::string& out,
                                                    ThreadPool& pool, const QuantizeOptions& options);

}  // namespace pellucid
