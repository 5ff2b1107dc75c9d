// The sections of a Hugging Face tokenizer.json that say what happens to text before and after the model
// proper.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/error.h"
#include "engine/text/bpe_tokenizer.h"

namespace pellucid::tokenizer_json {

using Json = nlohmann::json;

/// corrupt: "tokenizer.json: …".
Failure broken(const std::string& what);
/// unsupported: a component of tokenizer.json by its name.
Failure unsupported(const std::string& section, const std::string& name);

/// Typed reading of a member: corrupt if it is there with another type, `fallback` if it is missing or null.
Result<std::string> string_or(const Json& object, const char* key, std::string fallback);
Result<bool> boolean_or(const Json& object, const char* key, bool fallback);
/// The member, or a null for none.
const Json& member(const Json& object, const char* key);
/// The "type" of a component. PRECONDITION: none; corrupt if it is not an object with a type.
Result<std::string> type_of(const Json& component, const char* section);

/// "normalizer": the steps of `parts.normalizer`.
Result<void> read_normalizer(const Json& component, std::vector<RewriteStep>& steps);
/// "pre_tokenizer": `parts.pre_tokenizer`, `word_rewriter` and `byte_level`.
Result<void> read_pre_tokenizer(const Json& component, BpeParts& parts);
/// "decoder": `parts.piece_replacements` and `strip_leading_spaces`.
Result<void> read_decoder(const Json& component, BpeParts& parts);
/// "post_processor": `parts.prefix` and `suffix`. PRECONDITION: parts.vocabulary is there.
Result<void> read_post_processor(const Json& component, BpeParts& parts);

}  // namespace pellucid::tokenizer_json
