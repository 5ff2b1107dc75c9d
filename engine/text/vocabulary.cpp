#include "engine/text/vocabulary.h"

#include <bit>
#include <cstring>
#include <limits>

namespace pellucid {

namespace {
constexpr std::size_t kMostTokens = 1u << 24;
}

std::uint64_t hash_bytes(std::string_view bytes) {
    std::uint64_t hash = 0x9E3779B97F4A7C15ull ^ bytes.size();
    const auto mix = [&](std::uint64_t value) {
        hash ^= value;
        hash *= 0xD6E8FEB86659FD93ull;
        hash ^= hash >> 32;
    };
    while (bytes.size() >= 8) {
        std::uint64_t value;
        std::memcpy(&value, bytes.data(), 8);
        mix(value);
        bytes.remove_prefix(8);
    }
    std::uint64_t rest = 0;
    if (!bytes.empty()) std::memcpy(&rest, bytes.data(), bytes.size());
    mix(rest);
    hash *= 0xD6E8FEB86659FD93ull;
    return hash ^ hash >> 32;
}

Result<Vocabulary> Vocabulary::make(const std::vector<std::string>& pieces, std::vector<TokenType> types) {
    if (pieces.empty())
        return fail(ErrorCode::corrupt, "the vocabulary has no tokens", "download the model file again");
    if (pieces.size() > kMostTokens)
        return fail(ErrorCode::corrupt, "the vocabulary claims " + std::to_string(pieces.size()) + " tokens",
                    "download the model file again");
    if (types.empty()) types.assign(pieces.size(), TokenType::normal);
    if (types.size() < pieces.size())
        return fail(ErrorCode::corrupt,
                    "the vocabulary has " + std::to_string(pieces.size()) + " tokens but " +
                        std::to_string(types.size()) + " token types",
                    "download the model file again");
    Vocabulary made;
    std::size_t bytes = 0;
    for (const auto& piece : pieces) bytes += piece.size();
    if (bytes > std::numeric_limits<std::uint32_t>::max())
        return fail(ErrorCode::corrupt, "the vocabulary's tokens are over 4 GiB long",
                    "download the model file again");
    made.text_.reserve(bytes);
    made.begins_.reserve(pieces.size() + 1);
    for (const auto& piece : pieces) {
        made.begins_.push_back(static_cast<std::uint32_t>(made.text_.size()));
        made.text_ += piece;
    }
    made.begins_.push_back(static_cast<std::uint32_t>(made.text_.size()));
    types.resize(pieces.size());
    made.types_ = std::move(types);
    made.slots_.assign(std::bit_ceil(pieces.size() * 2), -1);
    made.mask_ = made.slots_.size() - 1;
    for (std::size_t id = 0; id < pieces.size(); ++id) {
        if (pieces[id].empty()) continue;
        std::size_t slot = hash_bytes(pieces[id]) & made.mask_;
        bool known = false;
        while (made.slots_[slot] >= 0 && !known) {
            known = made.piece(made.slots_[slot]) == pieces[id];
            slot = (slot + 1) & made.mask_;
        }
        if (!known) made.slots_[slot] = static_cast<TokenId>(id);
    }
    return made;
}

TokenId Vocabulary::find(std::string_view piece) const {
    if (slots_.empty() || piece.empty()) return -1;
    for (std::size_t slot = hash_bytes(piece) & mask_; slots_[slot] >= 0; slot = (slot + 1) & mask_)
        if (this->piece(slots_[slot]) == piece) return slots_[slot];
    return -1;
}

}  // namespace pellucid
