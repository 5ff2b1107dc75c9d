// A model file opened as far as every device needs it: spec, weights, and the facts a person is told.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "engine/base/error.h"
#include "engine/format/gguf_file.h"
#include "engine/model/spec.h"
#include "engine/model/weights.h"

namespace pellucid {

struct ModelFacts {
    std::string name;  ///< general.name, or the file's name without folder and ending
    std::string architecture;
    std::string quantization;  ///< "Q4_K_M" from general.file_type, else the type that holds most weights
    std::string digest;        ///< of header and tensor directory and file size, 32 hex digits
    std::int64_t parameters = 0;
    std::uint64_t file_bytes = 0, weight_bytes = 0;  ///< weight_bytes: tensors the spec names, as stored
};

struct ModelFile {
    std::shared_ptr<const GgufFile> file;
    std::shared_ptr<const WeightSource> weights;
    std::shared_ptr<const ModelSpec> spec;
    ModelFacts facts;
};

/// Errors: those of GgufFile::open and read_model_spec; unsupported for one part of a split model; corrupt
/// for a tokenizer with more tokens than the embedding has rows.
Result<ModelFile> open_model_file(const std::string& path, GgufRead read = GgufRead::whole);
/// The same over a file that is open.
Result<ModelFile> read_model_file(std::shared_ptr<const GgufFile> file);

}  // namespace pellucid
