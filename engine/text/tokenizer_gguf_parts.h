// What the readers of GGUF's tokenizer keys share.
#pragma once

#include <memory>

#include "engine/base/error.h"
#include "engine/format/metadata.h"
#include "engine/text/tokenizer.h"
#include "engine/text/vocabulary.h"

namespace pellucid::tokenizer_gguf {

inline constexpr const char* kDownloadAgain =
    "download the model file again, or use another conversion of this model";

/// tokenizer.ggml.tokens and token_type.
Result<Vocabulary> read_vocabulary(const Metadata& metadata);
/// The ids that the file names. corrupt: outside the vocabulary.
Result<SpecialTokens> read_special(const Metadata& metadata, std::size_t size);
/// The one id, if the file names it.
Result<std::optional<TokenId>> read_id(const Metadata& metadata, const char* key, std::size_t size);
/// tokenizer.ggml.scores. corrupt: a score that is no number.
Result<std::vector<double>> read_scores(const Metadata& metadata);

/// tokenizer.ggml.model "bert": WordPiece.
Result<std::shared_ptr<const Tokenizer>> make_wordpiece(const Metadata& metadata);
/// tokenizer.ggml.model "t5": SentencePiece's unigram model.
Result<std::shared_ptr<const Tokenizer>> make_unigram(const Metadata& metadata);

}  // namespace pellucid::tokenizer_gguf
