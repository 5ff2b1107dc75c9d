// What runs an encoder: all layers over whole texts at once. Interfaces only.
#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "engine/base/cancel.h"
#include "engine/base/error.h"
#include "engine/base/token.h"
#include "engine/model/encoder_spec.h"

namespace pellucid {

/// Texts one behind the other, without padding. Text s is ids[begins[s]] … ids[begins[s + 1] - 1].
struct EncoderBatch {
    std::span<const TokenId> ids;          ///< [tokens]
    std::span<const std::int32_t> begins;  ///< [texts + 1], rising, from 0 to tokens
    int texts() const { return static_cast<int>(begins.size()) - 1; }
    int tokens() const { return static_cast<int>(ids.size()); }
};

/// One thread runs at a time.
class Encoder {
public:
    virtual ~Encoder() = default;
    virtual const EncoderSpec& spec() const = 0;
    /// The path chosen, for the log and the user: "cpu: AVX-512 VNNI, 2 threads".
    virtual std::string description() const = 0;
    /// The last layer's vectors of all tokens into hidden [tokens, n_embd] f32. Every Encoder gives the
    /// reference's answer. invalid_argument: an id outside the vocabulary, an empty text or one longer than
    /// spec().positions; cancelled, asked between layers; out_of_memory.
    virtual Result<void> run(const EncoderBatch& batch, std::span<float> hidden, CancelToken cancel = {}) = 0;
};

/// The checks of run().
Result<void> check_batch(const EncoderSpec& spec, const EncoderBatch& batch, std::span<const float> hidden);

}  // namespace pellucid
