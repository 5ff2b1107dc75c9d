// Text to token ids and back. One interface; byte-level BPE and SentencePiece stand behind it.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/error.h"
#include "engine/base/token.h"
#include "engine/format/metadata.h"

namespace pellucid {

enum class TokenType { normal, unknown, control, user_defined, unused, byte };

struct SpecialTokens {
    std::optional<TokenId> bos, eos, eot, eom, unk, pad;
    bool add_bos = false;
    bool add_eos = false;
    bool add_space_prefix = false;
    /// Every id that ends a reply (eos, eot, eom and the family's own end markers). Sorted.
    std::vector<TokenId> end_of_generation;
};

struct EncodeOptions {
    bool parse_special = true;   ///< text of control tokens becomes their id; false reads it literally
    bool add_special = false;    ///< add bos/eos as the tokenizer's settings say
};

/// Immutable and thread safe after construction.
class Tokenizer {
public:
    virtual ~Tokenizer() = default;

    /// Token ids of `text`. Invalid UTF-8 is replaced by U+FFFD per maximal ill-formed part, never refused.
    virtual std::vector<TokenId> encode(std::string_view text, const EncodeOptions& options = {}) const = 0;

    /// The bytes that a token adds to the text. May be part of a character: feed it to a Utf8Stream.
    /// Control tokens give their text only when `render_special`. Out-of-range ids give nothing.
    virtual std::string bytes_of(TokenId id, bool render_special = false) const = 0;

    /// Text of a whole sequence, with the tokenizer's own clean-up of leading space.
    virtual std::string decode(std::span<const TokenId> ids, bool render_special = false) const = 0;

    virtual std::size_t vocabulary_size() const = 0;
    virtual TokenType type_of(TokenId id) const = 0;
    /// The vocabulary's own spelling of a token (e.g. "Ġthe", "▁the").
    virtual std::string_view piece_of(TokenId id) const = 0;
    /// The id whose piece or special text is exactly `text`.
    virtual std::optional<TokenId> find(std::string_view text) const = 0;
    virtual const SpecialTokens& special() const = 0;
    /// What was built, for the log and `inspect`: "byte-level BPE, pre-tokenizer qwen2, 151936 tokens".
    virtual std::string description() const = 0;
};

/// From GGUF metadata: `tokenizer.ggml.*`, else the tokenizer.json that `tokenizer.huggingface.json` holds (with
/// `.config` and `.eos_token_ids` from the files beside it). unsupported: a tokenizer.ggml.model or .pre we do not
/// know, by name.
Result<std::shared_ptr<const Tokenizer>> make_tokenizer(const Metadata& metadata);

/// From the text of a Hugging Face tokenizer.json (and tokenizer_config.json, may be empty).
/// `end_ids`: further ids that end a reply, as generation_config.json lists them; those outside are dropped.
Result<std::shared_ptr<const Tokenizer>> make_tokenizer_from_json(std::string_view tokenizer_json,
                                                                  std::string_view tokenizer_config_json,
                                                                  std::span<const std::int64_t> end_ids = {});

}  // namespace pellucid
