// Writes the few protocol-buffer fields of a SentencePiece ModelProto that a GGUF vocabulary determines.
// Source: sentencepiece_model.proto of SentencePiece 0.1.97.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace pellucid {

/// SentencePiece.Type of the proto.
enum class PieceType : std::uint32_t {
    normal = 1,
    unknown = 2,
    control = 3,
    user_defined = 4,
    unused = 5,
    byte = 6
};

/// Builds a serialized BPE ModelProto; pieces get ids in the order of add().
class SentencePieceProto {
public:
    void add(std::string_view piece, float score, PieceType type);

    struct Settings {
        bool byte_fallback = false;
        bool add_dummy_prefix = true;
        bool remove_extra_whitespaces = false;
        std::string_view precompiled_charsmap;  ///< empty: no Unicode normalization
    };
    /// The bytes that SentencePieceProcessor::LoadFromSerializedProto reads.
    std::string finish(const Settings& settings);

private:
    std::string bytes_;
};

}  // namespace pellucid
