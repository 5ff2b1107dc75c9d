// Committed tokenizers and the corpus, unpacked for tests.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "engine/text/tokenizer.h"

namespace pellucid::test {

/// The bytes of a file; of an .xz file, unpacked. Throws std::runtime_error, which fails the test.
std::string read_fixture(const std::string& path);

/// tests/fixtures/tokenizers/NAME: a tokenizer.json.xz with its config, or a vocab.gguf.xz.
Result<std::shared_ptr<const Tokenizer>> open_fixture(const std::string& name);

/// llama2's vocabulary as GGUF holds SentencePiece models: a score for each piece instead of ranked merges.
Metadata llama2_as_gguf();

/// The lines of corpus.jsonl.xz.
std::vector<std::string> read_corpus();

/// FNV-1a over the ids as 32-bit little-endian numbers, as make_witness.py computes it.
std::uint32_t hash_ids(const std::vector<TokenId>& ids);

}  // namespace pellucid::test
