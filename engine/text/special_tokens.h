// Which tokens end a reply: from the ids a file names, and from the texts that model families use.
#pragma once

#include "engine/text/tokenizer.h"
#include "engine/text/vocabulary.h"

namespace pellucid {

/// Fills what is missing of `special`: eot and eom by their well-known texts, and end_of_generation from eos,
/// eot, eom and every control token whose text is a known end marker. Ids outside the vocabulary are dropped.
void complete_special_tokens(const Vocabulary& vocabulary, SpecialTokens& special);

}  // namespace pellucid
