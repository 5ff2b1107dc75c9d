// Reads a text with a model and sums up what each of its weight matrices is multiplied with.
#pragma once

#include <functional>
#include <optional>
#include <span>

#include "engine/backend/backend.h"
#include "engine/base/cancel.h"
#include "engine/base/token.h"
#include "engine/model/importance.h"
#include "engine/model/model_file.h"

namespace pellucid {

struct CollectOptions {
    int window = 512;            ///< tokens that are read together; the rest of the text is left out
    std::optional<TokenId> bos;  ///< replaces the first token of a window
    std::function<void(int window, int windows)> progress;
    CancelToken cancel;
};

/// The head is left out: its product would cost as much as the rest. invalid_argument: fewer tokens than a
/// window; unsupported: a backend that does not tell its products' inputs; cancelled; errors of prepare() and
/// the steps.
Result<ImportanceMatrix> collect_importance(const ModelFile& model, Backend& backend,
                                            std::span<const TokenId> tokens, const CollectOptions& options);

}  // namespace pellucid
