// The pre-tokenizers that GGUF files name in `tokenizer.ggml.pre`, with the patterns of the models' own
// tokenizer.json.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

namespace pellucid {

/// What a name stands for. Patterns are applied one after another, each cutting the words of the one before
/// ("isolated").
struct NamedPreTokenizer {
    std::vector<std::string_view> patterns;
    bool nfc = false;            ///< the family's tokenizer.json normalizes to NFC
    bool ignore_merges = false;  ///< a word that is a token is that token
    bool add_bos = false;        ///< bos goes first where the file does not say
};

/// Nothing for a name that is not known.
std::optional<NamedPreTokenizer> named_pre_tokenizer(std::string_view name);

/// All known names, for messages and tests.
std::vector<std::string_view> pre_tokenizer_names();

}  // namespace pellucid
