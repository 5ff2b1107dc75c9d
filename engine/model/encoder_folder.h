// A Hugging Face folder as an encoder.
#pragma once

#include <string>

#include "engine/base/error.h"
#include "engine/model/encoder_file.h"

namespace pellucid {

/// Errors: those of open_encoder_file.
Result<EncoderFile> open_encoder_folder(const std::string& folder);

/// A tokenizer's error, with the file or folder that it came from.
Failure tokenizer_failed(const std::string& path, const Error& error);

/// corrupt: the tokenizer has more tokens than the embedding has rows.
Result<void> check_vocabulary(const EncoderFile& file);

}  // namespace pellucid
