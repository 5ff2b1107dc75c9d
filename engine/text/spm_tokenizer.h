// The tokenizer of SentencePiece BPE vocabularies as GGUF stores them ("llama": Llama 1 and 2, Mistral,
// Phi-3, Gemma). The model is rebuilt and run by the SentencePiece library; control and user-defined tokens
// are found around it.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "engine/text/added_tokens.h"
#include "engine/text/tokenizer.h"
#include "engine/text/vocabulary.h"

namespace pellucid {

struct SpmParts {
    Vocabulary vocabulary;
    std::vector<float> scores;  // [vocabulary] f32; the greater merges first
    bool remove_extra_whitespaces = false;
    bool strip_after_special = false;  ///< control tokens take the white space after them (Phi-3)
    std::string precompiled_charsmap;
    SpecialTokens special;
};

/// unsupported or corrupt, with the library's own words, if it refuses the vocabulary.
Result<std::shared_ptr<const Tokenizer>> make_spm_tokenizer(SpmParts parts);

}  // namespace pellucid
