// A model opened as far as every device needs it: spec, weights, and the facts a person is told. It may lie
// in one GGUF file or several, or in a Hugging Face folder; what is above this line sees no difference.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "engine/base/error.h"
#include "engine/format/gguf_file.h"
#include "engine/model/spec.h"
#include "engine/model/weights.h"

namespace pellucid {

struct ModelFacts {
    std::string name;  ///< general.name, or the name of file or folder without ending
    std::string architecture;
    std::string quantization;  ///< "Q4_K_M" from general.file_type, else the type that holds most weights
    std::string digest;        ///< of header and tensor directory and file size, 32 hex digits
    std::int64_t parameters = 0;
    std::uint64_t file_bytes = 0, weight_bytes = 0;  ///< weight_bytes: tensors the spec names, as loaded
};

/// What a model comes in, before anything is made of it.
struct ModelSource {
    std::string path;                          ///< for messages: the first file, or the folder
    std::shared_ptr<const Metadata> metadata;  ///< in GGUF's keys, the tokenizer among them
    std::shared_ptr<const WeightSource> weights;
    std::string quantization, digest;
    std::uint64_t file_bytes = 0;
    std::vector<std::string> notices;
};

struct ModelFile {
    std::string path;
    std::shared_ptr<const Metadata> metadata;
    std::shared_ptr<const WeightSource> weights;
    std::shared_ptr<const ModelSpec> spec;
    ModelFacts facts;
    std::vector<std::string> notices;  ///< for a person: what came with the model and is not used
};

/// `path`: a GGUF file, any part of a model in several, a Hugging Face folder or a file in one.
/// Errors: those of open_gguf_parts, open_folder and read_model.
Result<ModelFile> open_model_file(const std::string& path, GgufRead read = GgufRead::whole);
/// The same over a file that is open. unsupported for one of several parts.
Result<ModelFile> read_model_file(std::shared_ptr<const GgufFile> file);
/// The same over all parts of a model, in their order. Errors also: those of check_gguf_parts.
Result<ModelFile> read_model_parts(std::vector<std::shared_ptr<const GgufFile>> parts);
/// Errors: those of read_model_spec; unsupported for files that only accompany a model (picture projectors,
/// adapters); corrupt for a tokenizer with more tokens than the embedding has rows.
Result<ModelFile> read_model(ModelSource source);

}  // namespace pellucid
