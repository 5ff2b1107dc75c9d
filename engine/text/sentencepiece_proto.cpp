#include "engine/text/sentencepiece_proto.h"

#include <bit>

namespace pellucid {

namespace {

// Field numbers of sentencepiece_model.proto.
constexpr unsigned kModelPieces = 1, kModelTrainer = 2, kModelNormalizer = 3;
constexpr unsigned kPieceText = 1, kPieceScore = 2, kPieceType = 3;
constexpr unsigned kTrainerModelType = 3, kTrainerByteFallback = 35;
constexpr unsigned kNormalizerName = 1, kNormalizerCharsmap = 2, kNormalizerDummyPrefix = 3,
                   kNormalizerRemoveWhitespaces = 4, kNormalizerEscapeWhitespaces = 5;
constexpr std::uint64_t kModelTypeBpe = 2;

void varint(std::string& out, std::uint64_t value) {
    for (; value >= 0x80; value >>= 7) out.push_back(static_cast<char>(value | 0x80));
    out.push_back(static_cast<char>(value));
}

void number(std::string& out, unsigned field, std::uint64_t value) {
    varint(out, field << 3);
    varint(out, value);
}

void bytes(std::string& out, unsigned field, std::string_view value) {
    varint(out, field << 3 | 2);
    varint(out, value.size());
    out.append(value);
}

}  // namespace

void SentencePieceProto::add(std::string_view piece, float score, PieceType type) {
    std::string message;
    bytes(message, kPieceText, piece);
    varint(message, kPieceScore << 3 | 5);
    const auto bits = std::bit_cast<std::uint32_t>(score);
    for (unsigned shift = 0; shift < 32; shift += 8) message.push_back(static_cast<char>(bits >> shift));
    number(message, kPieceType, static_cast<std::uint32_t>(type));
    bytes(bytes_, kModelPieces, message);
}

std::string SentencePieceProto::finish(const Settings& settings) {
    std::string trainer;
    number(trainer, kTrainerModelType, kModelTypeBpe);
    number(trainer, kTrainerByteFallback, settings.byte_fallback);
    bytes(bytes_, kModelTrainer, trainer);
    std::string normalizer;
    bytes(normalizer, kNormalizerName, "identity");
    bytes(normalizer, kNormalizerCharsmap, settings.precompiled_charsmap);
    number(normalizer, kNormalizerDummyPrefix, settings.add_dummy_prefix);
    number(normalizer, kNormalizerRemoveWhitespaces, settings.remove_extra_whitespaces);
    number(normalizer, kNormalizerEscapeWhitespaces, true);
    bytes(bytes_, kModelNormalizer, normalizer);
    return std::move(bytes_);
}

}  // namespace pellucid
