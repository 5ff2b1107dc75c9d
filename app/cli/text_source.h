// Where tokenize and template find a tokenizer and a chat template: a GGUF file, or a Hugging Face folder.
#pragma once

#include <memory>
#include <string>

#include "engine/text/chat_template.h"
#include "engine/text/tokenizer.h"

namespace pellucid::cli {

struct TextSource {
    std::shared_ptr<const Tokenizer> tokenizer;
    std::string template_source;  ///< empty: none
    std::string bos_token, eos_token;
};

/// `need_tokenizer`: an error of the tokenizer is an error here. A folder holds tokenizer.json and, for
/// templates, tokenizer_config.json (or chat_template.jinja).
Result<TextSource> open_text_source(const std::string& model, bool need_tokenizer);

}  // namespace pellucid::cli
