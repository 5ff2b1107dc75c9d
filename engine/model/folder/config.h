// A Hugging Face config.json as GGUF metadata, and how the tensors of its family are named and ordered.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/error.h"
#include "engine/format/metadata.h"
#include "engine/model/folder/quantized_matrix.h"

namespace pellucid {

/// Where a family departs from the common names and orders of its tensors.
struct TensorRules {
    /// Rope of the file turns halves, that of the architecture adjacent pairs: query and key rows change
    /// places.
    bool pair_rows = false;
    bool unit_norms = false;  ///< Gemma: norms are stored less one
    bool norm_after_attention =
        false;                     ///< post_attention_layernorm is what it says, not the norm before the rest
    bool head_norm_first = false;  ///< LFM2: the head's norm goes by token_embd_norm
    std::int64_t heads = 0, kv_heads = 0;
    std::int64_t latent_content = 0, latent_value = 0;  ///< DeepSeek: widths of a head in kv_b_proj
    std::int64_t layers = 0;
    bool tied = false;                               ///< the head is the embedding, whatever else is stored
    bool untied = false;                             ///< config.json says that there is a head of its own
    std::vector<float> rope_factors;                 ///< rope_freqs.weight
    std::vector<float> short_factors, long_factors;  ///< longrope
};

struct FolderConfig {
    Metadata metadata;  ///< without a tokenizer
    TensorRules rules;
    FolderQuantization quantization;
};

/// `file` is named in errors. unsupported: a model_type, activation, rope scaling, quantisation or option
/// that this version does not run; not_found and corrupt: keys missing or of another kind.
Result<FolderConfig> read_config(const nlohmann::json& config, const std::string& file);

/// The model_type values that are known, sorted.
std::vector<std::string_view> known_model_types();

}  // namespace pellucid
