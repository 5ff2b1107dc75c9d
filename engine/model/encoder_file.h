// Opens encoders for embeddings: a GGUF file of architecture "bert", or a Hugging Face folder of a BERT or
// XLM-RoBERTa model (config.json, model.safetensors, tokenizer.json, and what sentence-transformers puts
// beside them: modules.json, sentence_bert_config.json, the pooling module's config.json).
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "engine/base/error.h"
#include "engine/format/gguf_file.h"
#include "engine/model/encoder_spec.h"
#include "engine/model/weights.h"
#include "engine/text/tokenizer.h"

namespace pellucid {

struct EncoderFile {
    std::string path;
    std::shared_ptr<const EncoderSpec> spec;
    std::shared_ptr<const WeightSource> weights;
    std::shared_ptr<const Tokenizer> tokenizer;
    std::vector<std::string> notices;  ///< for a person: what the files do not say and was taken for granted
};

/// Errors: those of the files' readers; not_found for a file or key that is missing; unsupported for another
/// architecture, activation, kind of positions or pooling; corrupt where numbers, shapes or vocabulary
/// contradict each other.
Result<EncoderFile> open_encoder_file(const std::string& path);
/// The same over a GGUF file that is open.
Result<EncoderFile> read_encoder_file(std::shared_ptr<const GgufFile> file);

/// Whether a person may mean an encoder by `path`: a GGUF file or folder whose architecture is one.
bool is_encoder_architecture(std::string_view architecture);

}  // namespace pellucid
