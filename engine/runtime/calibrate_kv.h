// Chooses the directions that keys are quantised in, from what a model's queries and keys look like on a
// short text that comes with the program.
#pragma once

#include <memory>
#include <span>
#include <vector>

#include "engine/backend/backend.h"
#include "engine/base/cancel.h"
#include "engine/quant/kv_basis.h"
#include "engine/text/tokenizer.h"

namespace pellucid {

/// Tokens of the built-in text, at most two windows of 512, each begun with BOS where the tokenizer adds one.
/// Without a tokenizer: ids drawn from the vocabulary, always the same.
std::vector<std::vector<TokenId>> calibration_windows(const ModelSpec& spec, const Tokenizer* tokenizer);

/// Runs the windows on a runner of its own (f16 KV, freed before this returns) and makes a basis for every KV
/// head that takes one; null where none does. Positions up to `context` count: queries and keys turn with
/// them. The same model, windows and device give the same bases. cancelled; errors of make_runner() and the
/// steps.
Result<std::shared_ptr<const KvBases>> calibrate_kv(const ModelSpec& spec, PreparedWeights& weights,
                                                    KvFormat format, int context,
                                                    std::span<const std::vector<TokenId>> windows,
                                                    const CancelToken& cancel = {});

}  // namespace pellucid
