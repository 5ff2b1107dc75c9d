// DeepSeek files from before the absorbed form of latent attention keep key_up and value_up of a layer in one
// tensor, attn_kv_b: this shows them as the two that ModelSpec names.
#pragma once

#include <memory>
#include <string>

#include "engine/base/error.h"
#include "engine/format/metadata.h"
#include "engine/model/weights.h"

namespace pellucid {

/// The same source where no tensor blk.N.attn_kv_b.weight [heads * (content + value), rank] is in it; else
/// one that has attn_k_b [heads, rank, content] and attn_v_b [heads, value, rank] in its place. Values keep
/// their stored bits, keys are turned around: as f16, or f32 where the file has f32 or bf16. corrupt names a
/// tensor whose shape is not that of the model's head widths; `file` names the model.
Result<std::shared_ptr<const WeightSource>> split_latent_weights(const Metadata& metadata,
                                                                 std::shared_ptr<const WeightSource> source,
                                                                 const std::string& file);

}  // namespace pellucid
