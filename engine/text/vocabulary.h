// The tokens of a vocabulary: spelling, type, and the way back from a spelling to its id.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/error.h"
#include "engine/base/token.h"
#include "engine/text/tokenizer.h"

namespace pellucid {

/// Immutable after construction. Pieces lie in one block of memory; the index is an open-addressing table of
/// ids.
class Vocabulary {
public:
    Vocabulary() = default;
    /// `types` may be empty (all normal). Where a spelling occurs twice, find() gives the first.
    /// corrupt: no token at all, more than 2^24, or fewer types than tokens.
    static Result<Vocabulary> make(const std::vector<std::string>& pieces, std::vector<TokenType> types);

    std::size_t size() const { return begins_.empty() ? 0 : begins_.size() - 1; }
    bool contains(TokenId id) const { return id >= 0 && static_cast<std::size_t>(id) < size(); }
    /// PRECONDITION of piece() and type(): contains(id).
    std::string_view piece(TokenId id) const {
        const auto at = static_cast<std::size_t>(id);
        return std::string_view(text_).substr(begins_[at], begins_[at + 1] - begins_[at]);
    }
    TokenType type(TokenId id) const { return types_[static_cast<std::size_t>(id)]; }
    /// The id of this spelling, or -1.
    TokenId find(std::string_view piece) const;

private:
    std::string text_;
    std::vector<std::uint32_t> begins_;  // [size + 1]
    std::vector<TokenType> types_;       // [size]
    std::vector<TokenId> slots_;         // [power of two], -1: free
    std::size_t mask_ = 0;
};

/// A good 64-bit hash of short byte strings, the same on every machine.
std::uint64_t hash_bytes(std::string_view bytes);

}  // namespace pellucid
