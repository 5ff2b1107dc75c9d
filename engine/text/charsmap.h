// SentencePiece's precompiled character map: which short texts a model's normalization replaces by which.
// Format: precompiled_charsmap of sentencepiece_model.proto: the length of a double-array trie (Darts-clone),
// the trie, then the replacements, each ended by a zero byte.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/error.h"
#include "engine/text/regex.h"

namespace pellucid {

/// Immutable and thread safe.
class Charsmap {
public:
    /// corrupt: lengths that do not fit. Places in the trie are checked when they are met.
    static Result<Charsmap> parse(std::string_view bytes);

    /// As the `tokenizers` library does it: each grapheme cluster of up to five bytes as a whole where the
    /// map knows a beginning of it, else character by character. True, and `out` filled, if the text changes.
    /// PRECONDITION: well-formed UTF-8.
    bool rewrite(std::string_view text, std::string& out) const;

private:
    explicit Charsmap(Regex cluster) : cluster_(std::move(cluster)) {}
    /// What the shortest known beginning of `text` becomes.
    std::optional<std::string_view> find(std::string_view text) const;

    Regex cluster_;  // \X
    std::vector<std::uint32_t> units_;
    std::string replacements_;
};

/// The bytes of a base64 text (RFC 4648, with or without padding); nothing if it is none.
std::optional<std::string> decode_base64(std::string_view text);

}  // namespace pellucid
