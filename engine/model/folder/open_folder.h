// A Hugging Face folder as a model: config.json, safetensors, tokenizer and chat template.
#pragma once

#include <string>

#include "engine/base/error.h"
#include "engine/model/model_file.h"

namespace pellucid {

/// Whether `path` stands for a folder: one itself, or config.json, a safetensors file or its index in one.
/// The folder, else empty.
std::string folder_of(const std::string& path);

/// Metadata in GGUF's keys; the tokenizer as tokenizer.huggingface.json (docs/gguf.md) and
/// tokenizer.huggingface.config, the template as tokenizer.chat_template. Errors: those of read_config,
/// FolderWeights::open and FolderSource::make; not_found without config.json.
Result<ModelSource> open_folder(const std::string& folder);

}  // namespace pellucid
