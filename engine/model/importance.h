// An importance matrix: how strongly a text makes each column of each weight matrix count.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "engine/base/error.h"
#include "engine/format/gguf_file.h"

namespace pellucid {

/// For each matrix the sums over tokens of its squared inputs. The error of a weight then counts by the mean
/// of what it is multiplied with, squared.
struct ImportanceMatrix {
    struct Sums {
        std::vector<double>
            squares;  ///< [slices, columns]; slices: experts or heads of a stacked tensor, else one
        std::vector<double> counts;  ///< [slices] tokens that met the slice
    };
    std::map<std::string, Sums> tensors;  ///< by name
    std::string text;                     ///< where the tokens came from
    std::int64_t chunk_tokens = 0, chunks = 0;

    /// QuantizeOptions::importance: mean squares by tensor. Columns that no token met count like the average
    /// ones, and of a slice that none met all count alike.
    std::map<std::string, std::vector<float>> means() const;
};

/// As a GGUF file of general.type "imatrix", in the layout of llama.cpp's tools: for each matrix f32 tensors
/// NAME.in_sum2 [slices, columns] and NAME.counts [slices, 1]; imatrix.datasets, imatrix.chunk_count,
/// imatrix.chunk_size. Errors of FileWriter.
Result<void> save_importance(const ImportanceMatrix& matrix, const std::string& path);
/// corrupt or unsupported names file and field.
Result<ImportanceMatrix> load_importance(const std::string& path);
/// The same of a file that is open; `path` names it in errors.
Result<ImportanceMatrix> read_importance(const GgufFile& file, const std::string& path);

}  // namespace pellucid
