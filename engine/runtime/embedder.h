// Texts to vectors: an encoder, its tokenizer and its pooling behind one call.
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "engine/backend/encoder.h"
#include "engine/base/cancel.h"
#include "engine/base/error.h"
#include "engine/model/encoder_file.h"

namespace pellucid {

struct EmbedderOptions {
    std::string device = "cpu";      ///< or "reference"
    int threads = 0;                 ///< 0: chosen from the machine
    std::optional<Pooling> pooling;  ///< else the model's own
    std::optional<bool> normalise;   ///< else the model's own
    int max_tokens = 0;              ///< 0: the model's own; longer texts are cut
};

struct Embedding {
    std::vector<float> values;  ///< [dimensions]
    int tokens = 0;             ///< that the model read, special ones too
    bool truncated = false;     ///< the text's end was cut off
};

/// Thread safe; calls take turns. Prefixes that a model wants before its texts ("query: ", "passage: " for
/// E5) are the caller's.
class Embedder {
public:
    /// Errors: those of open_encoder_file and of the encoders; unsupported for another device;
    /// invalid_argument for max_tokens beyond the model's positions or too few for its special tokens.
    static Result<std::shared_ptr<Embedder>> open(const std::string& path,
                                                  const EmbedderOptions& options = {});
    static Result<std::shared_ptr<Embedder>> make(EncoderFile file, const EmbedderOptions& options = {});

    int dimensions() const { return file_.spec->n_embd; }
    const EncoderSpec& spec() const { return *file_.spec; }
    const Tokenizer& tokenizer() const { return *file_.tokenizer; }
    /// As in force: pooling, normalise and max_tokens are set.
    const EmbedderOptions& options() const { return options_; }
    std::string device() const { return encoder_->description(); }
    const std::vector<std::string>& notices() const { return file_.notices; }

    /// One vector a text, in order. Texts of any length go together, without padding. cancelled is asked
    /// between layers of a batch of about a thousand tokens; progress(texts done) is called between batches.
    Result<std::vector<Embedding>> embed(std::span<const std::string> texts, CancelToken cancel = {},
                                         const std::function<void(std::size_t done)>& progress = {});

private:
    Embedder(EncoderFile file, EmbedderOptions options, std::unique_ptr<Encoder> encoder);
    /// The ids of a text with the special tokens, cut to max_tokens.
    std::vector<TokenId> ids_of(const std::string& text, bool& truncated) const;
    std::vector<float> pooled(std::span<const float> hidden) const;

    EncoderFile file_;
    EmbedderOptions options_;
    std::vector<TokenId> before_, after_;  // special tokens around a text
    std::mutex turn_;
    std::unique_ptr<Encoder> encoder_;
};

}  // namespace pellucid
